//! Which parts of a text each value was read from.

use mwrender_gotemplate::{Context, How, Origin, Value};

/// Gives values the origins of the lines that they were read from.
pub(in crate::functions) struct Origins<'c, 'a> {
    context: &'c Context<'a>,
    text: &'c Value,
    bytes: &'c [u8],
    /// Where values and keys begin, ascending.
    starts: Vec<usize>,
}

impl<'c, 'a> Origins<'c, 'a> {
    /// For values of a text that begin at these offsets.
    pub(in crate::functions) fn new(
        context: &'c Context<'a>,
        text: &'c Value,
        mut starts: Vec<usize>,
    ) -> Origins<'c, 'a> {
        starts.sort_unstable();
        Origins { context, text, bytes: text.as_bytes().unwrap_or_default(), starts }
    }

    /// The origin of what begins at an offset: its lines up to where the next value begins.
    pub(in crate::functions) fn leaf(&self, start: usize) -> Origin {
        let next = self.starts.partition_point(|other| *other <= start);
        let next = self.starts.get(next).copied().unwrap_or(self.bytes.len());
        self.lines(start, next)
    }

    /// The origin of a list or map, which is all its lines.
    pub(in crate::functions) fn container(&self, start: usize, end: usize) -> Origin {
        self.lines(start, end)
    }

    /// The origin of a key and its value.
    pub(in crate::functions) fn both(&self, key: Origin, value: Origin) -> Origin {
        self.context.join(How::Direct, [value, key])
    }

    fn lines(&self, start: usize, end: usize) -> Origin {
        let line = self.bytes[..start].iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
        // the line of what comes next is its own, up to which there may be blank lines and comments
        let end = match self.bytes[start..end.max(start)].iter().rposition(|b| *b == b'\n') {
            Some(at) => start + at + 1,
            None => end,
        };
        self.context.origin_of_part(self.text, line..end.max(line))
    }
}
