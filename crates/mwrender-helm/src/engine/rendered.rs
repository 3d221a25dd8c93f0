//! What a render gives.

use crate::engine::{NO_VALUE, no_values};
use crate::manifests::{Printed, trimmed};
use mwrender_diagnostic::Pos;
use mwrender_gotemplate::{How, Output, Piece, Trace};
use std::collections::HashMap;
use std::sync::Arc;

/// The files of a render.
#[derive(Debug)]
pub struct Rendered {
    /// All files that were executed, in the order of their paths; also those without text, and notes.
    pub files: Vec<RenderedFile>,
    trace: Option<Trace>,
    starts: Arc<HashMap<Box<str>, Pos>>,
}

/// The text of a file.
#[derive(Clone, Debug)]
pub struct RenderedFile {
    /// The path of its template, such as `web/charts/cache/templates/service.yaml`.
    pub path: Arc<str>,
    /// The text. Templates can cut a character in two, so it need not be UTF-8.
    pub text: Vec<u8>,
    /// Its pieces in order, if origins were tracked. An empty one stands where a condition left nothing.
    pub pieces: Vec<Piece>,
}

impl RenderedFile {
    /// Whether Helm takes it for notes to the user.
    pub fn is_notes(&self) -> bool {
        self.path.ends_with("NOTES.txt")
    }

    /// The pieces that overlap a range of bytes, and the empty ones in it.
    pub fn pieces_in(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = &Piece> {
        let first = self.pieces.partition_point(|p| p.range().end < range.start);
        let end = range.end;
        self.pieces[first..].iter().take_while(move |p| p.range().start <= end).filter(move |p| {
            let piece = p.range();
            piece.is_empty() || piece.start < end && piece.end > range.start
        })
    }
}

impl Rendered {
    pub(super) fn new(
        files: Vec<RenderedFile>,
        trace: Option<Trace>,
        starts: Arc<HashMap<Box<str>, Pos>>,
    ) -> Rendered {
        Rendered { files, trace, starts }
    }

    /// All files but notes one behind the other, as Helm shows what is no YAML.
    pub fn as_it_is(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for file in self.files.iter().filter(|f| !f.is_notes() && !trimmed(&f.text).is_empty()) {
            Printed { is_crd: false, is_hook: false, path: &file.path, text: &file.text }.write(&mut out);
        }
        let mut out = out[trimmed(&out)].to_vec();
        out.push(b'\n');
        out
    }

    /// The values that a piece depends on, each once with the closest way in which it took part.
    pub fn causes(&self, piece: &Piece) -> Vec<(Pos, How)> {
        let causes = self.trace.iter().flat_map(|trace| trace.causes(piece));
        causes.filter_map(|(origin, how)| Some((Pos::from_raw(origin.number()?), how))).collect()
    }

    /// The places in templates that made a piece: the innermost first, then the one that included it, and so on.
    /// Texts that `tpl` was given are not among them; what they are made of is among the causes.
    pub fn places(&self, piece: &Piece) -> Vec<Pos> {
        let places = self.trace.iter().flat_map(|trace| trace.places(piece));
        let known =
            places.filter_map(|place| Some(self.starts.get(place.source.name())?.offset(place.offset)));
        known.collect()
    }
}

/// A file without what Go prints for nothing.
pub(super) fn file(path: &str, output: Output) -> RenderedFile {
    let path = Arc::from(path);
    let Output { text, pieces } = output;
    let deleted: Vec<usize> = no_values(&text).collect();
    if deleted.is_empty() {
        return RenderedFile { path, text, pieces };
    }
    let mut left = Vec::with_capacity(text.len());
    let mut from = 0;
    for at in &deleted {
        left.extend_from_slice(&text[from..*at]);
        from = at + NO_VALUE.len();
    }
    left.extend_from_slice(&text[from..]);
    // each byte moves by what was deleted before it
    let moved = |offset: usize| {
        let before = deleted.partition_point(|at| *at < offset);
        let within =
            before.checked_sub(1).map_or(0, |last| (deleted[last] + NO_VALUE.len()).saturating_sub(offset));
        offset - before * NO_VALUE.len() + within
    };
    let pieces = pieces.iter().map(|p| p.at(moved(p.range().start)..moved(p.range().end))).collect();
    RenderedFile { path, text: left, pieces }
}
