//! Where output comes from: origins, pieces, and the causes that join them.

use std::collections::HashSet;
use std::ops::Range;

use crate::source::Source;

/// The place where a value was set: a number of the embedding program below 2^31, or one that stands for
/// several in a [`Trace`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(u32);

const JOINED: u32 = 1 << 31;

impl Origin {
    /// No known place.
    pub const NONE: Origin = Origin(0);

    /// The origin with this number; 0 is [`Origin::NONE`], and numbers from 2^31 on are taken as it.
    pub const fn new(number: u32) -> Origin {
        if number < JOINED { Origin(number) } else { Origin::NONE }
    }

    /// The number given to [`Origin::new`]; `None` for no known place and for what stands for several.
    pub fn number(self) -> Option<u32> {
        (self.0 != 0 && self.0 < JOINED).then_some(self.0)
    }

    /// Whether nothing is known.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// How a value took part in a piece of output. The later ones say less about the text of the piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// The piece is the value.
    Direct,
    /// The piece was computed from the value.
    Operand,
    /// The value decided that the piece is there.
    Conditional,
    /// The piece is a hash over the value.
    Hash,
}

/// Bytes of a text with their cause. An empty piece stands where a condition or an empty value left nothing.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) site: u32,
    /// The values in it.
    pub(crate) what: Origin,
    /// The conditions that govern it.
    pub(crate) when: Origin,
}

impl Piece {
    /// The bytes of the text that it covers.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The same piece of a text that was cut or put together otherwise.
    #[must_use]
    pub fn at(&self, range: Range<usize>) -> Piece {
        Piece { start: range.start as u32, end: range.end as u32, ..*self }
    }
}

/// Several origins under one number.
#[derive(Debug)]
struct Joined {
    how: How,
    /// The range in the trace's `parts`.
    start: u32,
    end: u32,
}

/// So many parts of an origin are compared with each other, so that none stands there twice.
const COMPARED: usize = 16;

#[derive(Clone, Copy, Debug)]
struct Site {
    source: u32,
    offset: u32,
    caller: u32,
}

/// A place in a template that made a piece.
#[derive(Clone, Debug)]
pub struct Place<'t> {
    /// The template's text.
    pub source: &'t Source,
    /// The byte offset of the action or text.
    pub offset: u32,
}

/// What the pieces of an execution refer to.
#[derive(Debug, Default)]
pub struct Trace {
    joined: Vec<Joined>,
    parts: Vec<Origin>,
    sites: Vec<Site>,
    sources: Vec<Source>,
}

/// No caller.
pub(crate) const OUTERMOST: u32 = u32::MAX;

impl Trace {
    /// One origin for several that took part in this way. Unknown ones are left out.
    pub(crate) fn join(&mut self, how: How, parts: impl IntoIterator<Item = Origin>) -> Origin {
        let start = self.begin();
        for part in parts {
            self.add(start, part);
        }
        self.finish(how, start)
    }

    /// Begins a join; only [`Trace::add`] may come before its [`Trace::finish`].
    pub(crate) fn begin(&self) -> usize {
        self.parts.len()
    }

    /// Adds an origin to the join that began at `start`.
    pub(crate) fn add(&mut self, start: usize, part: Origin) {
        let so_far = &self.parts[start..];
        if !part.is_none() && (so_far.len() > COMPARED || !so_far.contains(&part)) {
            self.parts.push(part);
        }
    }

    /// The origin that stands for what was added.
    pub(crate) fn finish(&mut self, how: How, start: usize) -> Origin {
        let first = match self.parts[start..] {
            [] => return Origin::NONE,
            [only] if how == How::Direct => {
                self.parts.truncate(start);
                return only;
            }
            [first, ..] => first,
        };
        let index = u32::try_from(self.joined.len()).ok().filter(|i| *i < JOINED);
        let (Some(index), Ok(end)) = (index, u32::try_from(self.parts.len())) else {
            self.parts.truncate(start);
            return first;
        };
        self.joined.push(Joined { how, start: start as u32, end });
        Origin(JOINED | index)
    }

    pub(crate) fn site(&mut self, source: &Source, offset: u32, caller: u32) -> u32 {
        // templates call each other in few files: the last ones are the likely ones
        let known = self.sources.iter().rposition(|s| s.is(source));
        let index = known.unwrap_or_else(|| {
            self.sources.push(source.clone());
            self.sources.len() - 1
        });
        self.sites.push(Site { source: index as u32, offset, caller });
        (self.sites.len() - 1) as u32
    }

    /// The places that made the piece: the innermost first, then what included it, and so on outwards.
    pub fn places(&self, piece: &Piece) -> impl Iterator<Item = Place<'_>> {
        let mut next = piece.site;
        std::iter::from_fn(move || {
            let site = self.sites.get(next as usize)?;
            next = site.caller;
            Some(Place { source: &self.sources[site.source as usize], offset: site.offset })
        })
    }

    /// All origins that took part in a piece, each in the closest way, in the order of their numbers.
    pub fn causes(&self, piece: &Piece) -> Vec<(Origin, How)> {
        let mut causes = Vec::new();
        self.collect(piece.what, How::Direct, &mut causes);
        self.collect(piece.when, How::Conditional, &mut causes);
        causes.sort_unstable();
        causes.dedup_by_key(|(origin, _)| *origin);
        causes
    }

    /// The origins behind one, with the way in which each took part.
    pub fn origins(&self, origin: Origin) -> Vec<(Origin, How)> {
        let mut causes = Vec::new();
        self.collect(origin, How::Direct, &mut causes);
        causes.sort_unstable();
        causes.dedup_by_key(|(origin, _)| *origin);
        causes
    }

    fn collect(&self, origin: Origin, how: How, causes: &mut Vec<(Origin, How)>) {
        let mut seen = HashSet::new();
        let mut open = vec![(origin, how)];
        while let Some((origin, how)) = open.pop() {
            if origin.is_none() || !seen.insert((origin, how)) {
                continue;
            }
            if origin.0 & JOINED == 0 {
                causes.push((origin, how));
            } else if let Some(joined) = self.joined.get((origin.0 & !JOINED) as usize) {
                let parts = &self.parts[joined.start as usize..joined.end as usize];
                open.extend(parts.iter().map(|part| (*part, how.max(joined.how))));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_way_counts() {
        let mut trace = Trace::default();
        let (a, b) = (Origin::new(1), Origin::new(2));
        let operand = trace.join(How::Operand, [a, b]);
        let hash = trace.join(How::Hash, [operand]);
        let both = trace.join(How::Direct, [hash, b]);
        assert_eq!(trace.origins(both), [(a, How::Hash), (b, How::Direct)]);
        assert_eq!(trace.join(How::Direct, [Origin::NONE, a]), a);
    }
}
