//! The YAML parser behind a door of its own: nothing else in this crate names `granit_parser`.
//!
//! Few people maintain it, so replacing it must stay a matter of this file.

use granit_parser::{ErrorKind, Event as Raw, Options, Parser, ScalarStyle, StructureStyle};
use std::borrow::Cow;
use std::ops::Range;

/// What a text consists of, in its order.
#[derive(Debug)]
pub(super) enum Event<'t> {
    /// A document begins.
    DocumentStart,
    /// A scalar as it reads after unquoting and unfolding.
    Scalar { text: Cow<'t, str>, style: Style, tag: Option<String>, anchor: usize },
    /// A list begins.
    ListStart { anchor: usize, block: bool },
    /// A list ends.
    ListEnd,
    /// A map begins; keys and values follow in turn.
    MapStart { anchor: usize, block: bool },
    /// A map ends.
    MapEnd,
    /// An alias of the node with this anchor.
    Alias { anchor: usize },
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes.
    Plain,
    /// `'...'`
    Single,
    /// `"..."`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// Why the parser gave up, and at which byte.
#[derive(Debug)]
pub(super) struct Failure {
    /// The byte offset.
    pub(super) at: usize,
    /// In the parser's words.
    pub(super) message: String,
    /// What kind of failure needs its own diagnostic.
    pub(super) kind: FailureKind,
}

/// Failures that get a diagnostic of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureKind {
    /// Anything else.
    Syntax,
    /// A tab where only spaces may indent.
    Tab,
    /// More nested collections than the limit.
    Nesting,
    /// A quoted scalar that goes on where it should not.
    Quote,
    /// An alias without an anchor.
    Anchor,
}

/// The events of a text with the bytes that each comes from.
pub(super) fn events(
    text: &str,
    max_depth: usize,
) -> impl Iterator<Item = Result<(Event<'_>, Range<usize>), Failure>> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.flow_nesting_limit = max_depth;
    options.block_nesting_limit = max_depth;
    Parser::new_from_str_with_options(text, options).filter_map(move |item| match item {
        Ok((raw, span)) => {
            let start = span.start.byte_offset().unwrap_or_default();
            let end = span.end.byte_offset().unwrap_or(start);
            Some(Ok((event(raw)?, start..end.max(start))))
        }
        Err(error) => Some(Err(Failure {
            at: error.marker().byte_offset().unwrap_or(text.len()).min(text.len()),
            message: error.info(),
            kind: match error.kind() {
                ErrorKind::RecursionLimitExceeded => FailureKind::Nesting,
                ErrorKind::TabNotAllowed
                | ErrorKind::TabInBlockIndentation
                | ErrorKind::TabAtBlockScalarStart
                | ErrorKind::TabInIndentation
                | ErrorKind::TabInPlainScalar => FailureKind::Tab,
                ErrorKind::InvalidQuotedScalarIndent | ErrorKind::DocumentIndicatorInQuotedScalar => {
                    FailureKind::Quote
                }
                ErrorKind::UnknownAnchor => FailureKind::Anchor,
                _ => FailureKind::Syntax,
            },
        })),
    })
}

/// Our event for the parser's, if we want to hear of it.
fn event(raw: Raw<'_>) -> Option<Event<'_>> {
    Some(match raw {
        Raw::DocumentStart(..) => Event::DocumentStart,
        Raw::Scalar(text, style, anchor, tag) => Event::Scalar {
            text,
            style: match style {
                ScalarStyle::Plain => Style::Plain,
                ScalarStyle::SingleQuoted => Style::Single,
                ScalarStyle::DoubleQuoted => Style::Double,
                ScalarStyle::Literal => Style::Literal,
                ScalarStyle::Folded => Style::Folded,
            },
            tag: tag.map(|t| format!("{}{}", t.handle(), t.suffix())),
            anchor,
        },
        Raw::SequenceStart(style, anchor, _) => {
            Event::ListStart { anchor, block: style == StructureStyle::Block }
        }
        Raw::SequenceEnd => Event::ListEnd,
        Raw::MappingStart(style, anchor, _) => {
            Event::MapStart { anchor, block: style == StructureStyle::Block }
        }
        Raw::MappingEnd => Event::MapEnd,
        Raw::Alias(anchor) => Event::Alias { anchor },
        _ => return None,
    })
}
