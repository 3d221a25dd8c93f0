//! Texts, and the numbers of their bytes.

use std::sync::{Arc, OnceLock};

/// A byte of a text in a [`SourceMap`]: four bytes that are cheap to copy with every value.
///
/// [`Pos::NONE`] is no place at all: the position of what was computed, not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pos(u32);

impl Pos {
    /// The position of what was not read from any text.
    pub const NONE: Pos = Pos(0);

    /// The position with this number; 0 is [`Pos::NONE`].
    pub const fn from_raw(raw: u32) -> Pos {
        Pos(raw)
    }

    /// The number of this position.
    pub const fn raw(self) -> u32 {
        self.0
    }

    /// Whether this is a place in a text.
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }

    /// A byte of a text that is in no source map, such as a rendered manifest: its offset is all there is.
    pub const fn local(offset: u32) -> Pos {
        Pos(LOCAL | offset)
    }

    /// The offset of a [`Pos::local`].
    pub const fn local_offset(self) -> Option<u32> {
        if self.0 >= LOCAL { Some(self.0 & !LOCAL) } else { None }
    }

    /// The position `bytes` further on; [`Pos::NONE`] stays what it is.
    #[must_use]
    pub const fn offset(self, bytes: u32) -> Pos {
        if self.0 == 0 { self } else { Pos(self.0 + bytes) }
    }
}

/// Positions from here on are local. A source map never hands them out.
const LOCAL: u32 = 1 << 31;

/// A run of bytes of one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: Pos,
    /// The length in bytes.
    pub len: u32,
}

impl Span {
    /// The run of `len` bytes at `start`.
    pub const fn new(start: Pos, len: u32) -> Span {
        Span { start, len }
    }
}

/// One text of a [`SourceMap`], by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u32);

impl SourceId {
    /// The number of this text, from 0 in the order in which texts were added.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A text with its name: the path as deployed, or a name such as `--set`.
#[derive(Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    base: u32,
    private: bool,
    line_starts: OnceLock<Vec<u32>>,
}

impl Source {
    /// The name that messages give it.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The position of its first byte.
    pub fn start(&self) -> Pos {
        Pos(self.base)
    }

    /// Whether values from it are secret and masked in everything that is not applied.
    pub fn is_private(&self) -> bool {
        self.private
    }

    /// The byte offsets at which its lines start.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            std::iter::once(0).chain(breaks.map(|(i, _)| i as u32 + 1)).collect()
        })
    }

    /// The text of a line (from 1), without its line break.
    pub fn line(&self, line: u32) -> Option<&str> {
        let starts = self.line_starts();
        let start = *starts.get(line.checked_sub(1)? as usize)? as usize;
        let end = starts.get(line as usize).map_or(self.text.len(), |e| *e as usize - 1);
        Some(self.text[start..end].trim_end_matches('\r'))
    }
}

/// A place as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The name of the text.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// All texts that were read. Appending never moves what is there.
#[derive(Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

impl SourceMap {
    /// Adds a text under a name.
    ///
    /// # Panics
    /// When all texts together exceed 2 GiB; readers refuse large files long before.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> SourceId {
        self.push(name.into(), text.into(), false)
    }

    /// Adds a text whose values are secret.
    pub fn add_private(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> SourceId {
        self.push(name.into(), text.into(), true)
    }

    fn push(&mut self, name: Arc<str>, text: Arc<str>, private: bool) -> SourceId {
        // position 0 is NONE, and one past the end of a text is still a position of that text
        let base = self.sources.last().map_or(1, |s| u64::from(s.base) + s.text.len() as u64 + 1);
        let end = base + text.len() as u64;
        assert!(u32::try_from(end).is_ok_and(|e| e < LOCAL), "the texts exceed 2 GiB");
        let id = SourceId(self.sources.len() as u32);
        self.sources.push(Source { name, text, base: base as u32, private, line_starts: OnceLock::new() });
        id
    }

    /// The text with this number.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.index()]
    }

    /// All texts in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.sources.iter().enumerate().map(|(i, s)| (SourceId(i as u32), s))
    }

    /// The position of a byte of a text.
    pub fn pos(&self, id: SourceId, offset: u32) -> Pos {
        Pos(self.get(id).base + offset)
    }

    /// The text that a position lies in.
    pub fn find(&self, pos: Pos) -> Option<SourceId> {
        if !pos.is_some() {
            return None;
        }
        let after = self.sources.partition_point(|s| s.base <= pos.0);
        let source = self.sources.get(after.checked_sub(1)?)?;
        (pos.0 <= source.base + source.text.len() as u32).then_some(SourceId(after as u32 - 1))
    }

    /// File, line and column of a position.
    pub fn location(&self, pos: Pos) -> Option<Location> {
        let source = self.get(self.find(pos)?);
        let offset = pos.0 - source.base;
        let starts = source.line_starts();
        let line = starts.partition_point(|s| *s <= offset);
        let start = starts[line - 1] as usize;
        let column = source.text.get(start..offset as usize).map_or(0, |t| t.chars().count()) as u32 + 1;
        Some(Location { file: source.name.clone(), line: line as u32, column })
    }

    /// Whether a position lies in a text whose values are secret.
    pub fn is_private(&self, pos: Pos) -> bool {
        self.find(pos).is_some_and(|id| self.get(id).private)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_several_texts() {
        let mut map = SourceMap::default();
        let a = map.add("a", "x\nyé z\n");
        let b = map.add_private("b", "");
        let c = map.add("c", "q");
        let at =
            |id, offset| map.location(map.pos(id, offset)).map(|l| (l.file.to_string(), l.line, l.column));
        assert_eq!(at(a, 0), Some(("a".into(), 1, 1)));
        assert_eq!(at(a, 6), Some(("a".into(), 2, 4)));
        assert_eq!(at(b, 0), Some(("b".into(), 1, 1)));
        assert_eq!(at(c, 1), Some(("c".into(), 1, 2)));
        assert_eq!(map.location(Pos::NONE), None);
        assert_eq!(map.location(map.pos(c, 0).offset(9)), None);
        assert!(map.is_private(map.pos(b, 0)) && !map.is_private(map.pos(c, 0)));
        assert_eq!(map.get(a).line(2), Some("yé z"));
        assert_eq!(map.get(a).line(9), None);
    }
}
