//! Strings that are put together from parts with origins.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use crate::trace::{How, OUTERMOST, Origin, Piece, Trace};
use crate::value::{Kind, Text, Value};

/// Puts a string together from parts of others. Where nobody tracks origins it is a string and nothing else.
pub struct TextBuilder {
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
    trace: Option<Rc<RefCell<Trace>>>,
    site: u32,
}

/// The pieces that share a byte with the range or end at one of its ends.
fn touching<'p>(pieces: &'p [Piece], range: &Range<usize>) -> impl Iterator<Item = &'p Piece> + use<'p> {
    let (start, end) = (range.start, range.end);
    let first = pieces.partition_point(|piece| piece.range().end < start);
    pieces[first..].iter().take_while(move |piece| piece.range().start <= end)
}

/// Adds a piece, unless it is empty and says nothing that is not said already: a text that is handed on and on must
/// not grow by it.
fn add(pieces: &mut Vec<Piece>, piece: Piece) {
    let is_told =
        |last: &Piece| last.range() == piece.range() && last.what == piece.what && last.when == piece.when;
    let says_nothing = piece.what.is_none() && piece.when.is_none();
    if piece.range().is_empty() && (says_nothing || pieces.last().is_some_and(is_told)) {
        return;
    }
    pieces.push(piece);
}

impl TextBuilder {
    pub(super) fn new(trace: Option<Rc<RefCell<Trace>>>, site: u32) -> TextBuilder {
        TextBuilder { bytes: Vec::new(), pieces: Vec::new(), trace, site }
    }

    /// Appends bytes of this origin; [`Origin::NONE`] for what the function itself adds.
    pub fn push(&mut self, bytes: &[u8], origin: Origin) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.add(start, origin, Origin::NONE);
    }

    /// Appends a part of a string, with the pieces in it. The string's own origin is that of all its parts.
    pub fn push_part(&mut self, value: &Value, range: Range<usize>) {
        let Some(bytes) = value.as_bytes() else { return };
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&bytes[range.clone()]);
        let (Some(trace), Kind::Text(text)) = (&self.trace, value.kind()) else {
            return self.add(start, value.origin(), Origin::NONE);
        };
        let mut trace = trace.borrow_mut();
        for piece in touching(text.pieces(), &range) {
            let (from, to) = (piece.range().start.max(range.start), piece.range().end.min(range.end));
            // what only ends here made the part before
            if from == to && !piece.range().is_empty() {
                continue;
            }
            let at = start + from - range.start;
            let what = if value.origin().is_none() {
                piece.what
            } else {
                trace.join(How::Direct, [piece.what, value.origin()])
            };
            let site = if piece.site == OUTERMOST { self.site } else { piece.site };
            let piece = Piece { start: at as u32, end: (at + to - from) as u32, what, site, ..*piece };
            add(&mut self.pieces, piece);
        }
    }

    /// Appends other bytes in the place of a part of a string: all that made the part made them, also what is
    /// empty at its ends.
    pub fn push_instead(&mut self, bytes: &[u8], value: &Value, range: &Range<usize>) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        let Some(trace) = &self.trace else { return };
        let (what, when) = match value.kind() {
            Kind::Text(text) => {
                let mut trace = trace.borrow_mut();
                // where bytes are replaced, what only ends at them did not make them
                let shares = |p: &&Piece| {
                    let piece = p.range();
                    range.is_empty() || piece.is_empty() || piece.end > range.start && piece.start < range.end
                };
                let pieces = || touching(text.pieces(), range).filter(shares);
                let what = trace.join(How::Direct, pieces().map(|p| p.what).chain([value.origin()]));
                (what, trace.join(How::Direct, pieces().map(|p| p.when)))
            }
            _ => (value.origin(), Origin::NONE),
        };
        self.add(start, what, when);
    }

    /// Appends a whole string.
    pub fn push_value(&mut self, value: &Value) {
        if let Some(bytes) = value.as_bytes() {
            self.push_part(value, 0..bytes.len());
        }
    }

    fn add(&mut self, start: usize, what: Origin, when: Origin) {
        if self.trace.is_some() {
            let end = self.bytes.len() as u32;
            add(&mut self.pieces, Piece { start: start as u32, end, site: self.site, what, when });
        }
    }

    /// Whether nothing has been appended.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The string.
    pub fn finish(self) -> Value {
        if self.trace.is_some() {
            Value::from(Text::new(self.bytes, self.pieces))
        } else {
            Value::from(self.bytes)
        }
    }
}
