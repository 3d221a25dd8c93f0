//! Texts that were put together, with the origin of each piece.

use super::causes::{Causes, Chain, Set};

/// A text in which each byte belongs to a piece.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) text: String,
    /// In order; each reaches to the next. Several may begin at the same byte: all but the last are notes.
    pub(super) pieces: Vec<Piece>,
}

/// A run of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) start: u32,
    pub(super) chain: Chain,
    pub(super) causes: Set,
    pub(super) kind: Kind,
}

/// What a piece says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// The bytes from here on are from there.
    Bytes,
    /// These values decided what is here in the line: perhaps nothing.
    Line,
    /// These values decided whether there are lines here.
    Region,
}

impl Text {
    /// A text of one piece.
    pub(super) fn of(text: impl Into<String>, chain: Chain, causes: Set) -> Text {
        Text { text: text.into(), pieces: vec![Piece { start: 0, chain, causes, kind: Kind::Bytes }] }
    }

    /// The length in bytes.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether the next byte begins a line.
    pub(super) fn at_line_start(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('\n')
    }

    /// Appends bytes of one origin.
    pub(super) fn push(&mut self, text: &str, chain: Chain, causes: Set) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len() as u32;
        match self.pieces.last() {
            Some(last) if last.kind == Kind::Bytes && last.chain == chain && last.causes == causes => {}
            _ => self.pieces.push(Piece { start, chain, causes, kind: Kind::Bytes }),
        }
        self.text.push_str(text);
    }

    /// Notes what decided about the text here.
    pub(super) fn note(&mut self, causes: Set, kind: Kind) {
        if causes.is_empty() {
            return;
        }
        let note = Piece { start: self.text.len() as u32, chain: Chain::default(), causes, kind };
        if self.pieces.last() == Some(&note) {
            return;
        }
        self.pieces.push(note);
    }

    /// Appends a text. Its pieces get the chain `chain` if they have none, and what `more` makes of their causes.
    pub(super) fn append(&mut self, other: &Text, chain: Chain, mut more: impl FnMut(Set) -> Set) {
        let shift = self.text.len() as u32;
        self.text.push_str(&other.text);
        let mut last = (Set::EMPTY, more(Set::EMPTY));
        self.pieces.reserve(other.pieces.len());
        for piece in &other.pieces {
            if piece.causes != last.0 {
                last = (piece.causes, more(piece.causes));
            }
            let chain = if piece.chain == Chain::default() && piece.kind == Kind::Bytes {
                chain
            } else {
                piece.chain
            };
            self.pieces.push(Piece { start: piece.start + shift, chain, causes: last.1, ..*piece });
        }
    }

    /// The pieces of a range of bytes, each with its bytes in it; notes at both its ends belong to it.
    pub(super) fn pieces_in(
        &self,
        range: std::ops::Range<usize>,
    ) -> impl Iterator<Item = (std::ops::Range<usize>, &Piece)> {
        let first = self.pieces.partition_point(|p| (p.start as usize) < range.start);
        // the piece that reaches into the range
        let before = self.pieces[..first].iter().rposition(|p| p.kind == Kind::Bytes);
        let before = before.map(|i| (i, &self.pieces[i]));
        let within = self.pieces.iter().enumerate().skip(first);
        let end = range.end;
        let within = within.take_while(move |(_, p)| {
            (p.start as usize) < end || p.kind != Kind::Bytes && p.start as usize <= end
        });
        before.into_iter().chain(within).filter_map(move |(i, piece)| {
            if piece.kind != Kind::Bytes {
                return Some((piece.start as usize..piece.start as usize, piece));
            }
            let next = self.pieces[i + 1..].iter().find(|p| p.kind == Kind::Bytes);
            let stop = next.map_or(self.text.len(), |p| p.start as usize).min(range.end);
            let start = (piece.start as usize).max(range.start);
            (start < stop).then_some((start..stop, piece))
        })
    }

    /// A part of it.
    pub(super) fn slice(&self, range: std::ops::Range<usize>) -> Text {
        let mut part = Text { text: self.text[range.clone()].to_string(), pieces: Vec::new() };
        for (bytes, piece) in self.pieces_in(range.clone()) {
            part.pieces.push(Piece { start: (bytes.start - range.start) as u32, ..*piece });
        }
        part
    }

    /// The text without white space at its ends.
    pub(super) fn trim(&self) -> Text {
        let left = self.text.len() - self.text.trim_start().len();
        let right = left + self.text.trim().len();
        let mut part = self.slice(left..right);
        // what decided about the ends still does: at the front, and where nothing is left, it is within a line
        let notes = |p: &&Piece| p.kind != Kind::Bytes;
        let front = self.pieces.iter().filter(notes).filter(|p| (p.start as usize) < left);
        let mut pieces: Vec<Piece> = front.map(|p| Piece { start: 0, kind: Kind::Line, ..*p }).collect();
        for piece in &mut part.pieces {
            if piece.start == 0 && piece.kind == Kind::Region || part.text.is_empty() {
                piece.kind = Kind::Line;
            }
        }
        pieces.append(&mut part.pieces);
        let back = self.pieces.iter().filter(notes).filter(|p| p.start as usize > right);
        let kind = |p: &Piece| if part.text.is_empty() { Kind::Line } else { p.kind };
        let end = part.text.len() as u32;
        pieces.extend(back.map(|p| Piece { start: end, kind: kind(p), ..*p }));
        part.pieces = pieces;
        part
    }

    /// The text with its lines indented as the filters `indent` and `nindent` do: lines that are empty stay so.
    pub(super) fn indent(&self, width: usize, first: bool) -> Text {
        let margin = " ".repeat(width);
        let mut out = Text {
            text: String::with_capacity(self.text.len() + self.text.len() / 8 + width + 1),
            pieces: Vec::with_capacity(self.pieces.len() + 1),
        };
        if first {
            out.text.push('\n');
            out.pieces.push(Piece {
                start: 0,
                chain: Chain::default(),
                causes: Set::EMPTY,
                kind: Kind::Bytes,
            });
        }
        let mut pieces = self.pieces.iter().peekable();
        let mut at = 0;
        for (i, line) in self.text.split('\n').enumerate() {
            if i > 0 {
                out.text.push('\n');
            }
            let start = out.text.len();
            let indented = (first || i > 0) && !line.is_empty();
            if indented {
                out.text.push_str(&margin);
            }
            let end = at + line.len() + 1;
            while let Some(piece) = pieces.next_if(|p| (p.start as usize) < end) {
                let column = piece.start as usize - at;
                // the margin belongs to what begins the line
                let moved =
                    if column == 0 { start } else { start + column + if indented { width } else { 0 } };
                out.pieces.push(Piece { start: moved as u32, ..*piece });
            }
            out.text.push_str(line);
            at = end;
        }
        out.pieces.extend(pieces.map(|p| Piece { start: out.text.len() as u32, ..*p }));
        out
    }

    /// All values that it depends on.
    pub(super) fn whole(&self, causes: &mut Causes) -> Set {
        causes.union_all(self.pieces.iter().map(|p| p.causes))
    }

    /// What it depends on as a value: the same, but if it is made of several none of them is it.
    pub(super) fn causes(&self, causes: &mut Causes) -> Set {
        let whole = self.whole(causes);
        let mut bytes = self.pieces.iter().filter(|p| p.kind == Kind::Bytes);
        let literal = bytes.clone().any(|p| p.causes.is_empty());
        let first = bytes.next().map(|p| p.causes);
        if !literal && bytes.all(|p| Some(p.causes) == first) {
            return causes.joined(whole);
        }
        causes.raise(whole, crate::engine::How::Operand)
    }
}
