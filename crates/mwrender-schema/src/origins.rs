//! What a check may ask about the place that a value came from.

use mwrender_diagnostic::{Pos, SourceMap};

/// Knows the texts that values were read from.
///
/// [`SourceMap`] is the usual one. `()` knows nothing: nothing is private, and spans are as long as the value
/// would be without quotes.
pub trait Origins {
    /// Whether a value from there must not be quoted in a message.
    fn is_private(&self, pos: Pos) -> bool;

    /// Whether the place is a `--set`, which makes a string of `0.5`.
    fn is_set(&self, pos: Pos) -> bool;

    /// The text from there on, to the end of its line at least.
    fn text_at(&self, pos: Pos) -> Option<&str>;
}

impl Origins for () {
    fn is_private(&self, _: Pos) -> bool {
        false
    }

    fn is_set(&self, _: Pos) -> bool {
        false
    }

    fn text_at(&self, _: Pos) -> Option<&str> {
        None
    }
}

impl Origins for SourceMap {
    fn is_private(&self, pos: Pos) -> bool {
        SourceMap::is_private(self, pos)
    }

    fn is_set(&self, pos: Pos) -> bool {
        let source = self.find(pos).map(|id| self.get(id));
        // not --set-string, where a string is wanted, nor --set-json
        source.is_some_and(|s| s.name().strip_prefix("--set").is_some_and(|rest| !rest.starts_with('-')))
    }

    fn text_at(&self, pos: Pos) -> Option<&str> {
        let source = self.get(self.find(pos)?);
        source.text().get((pos.raw() - source.start().raw()) as usize..)
    }
}
