//! Values that are printed otherwise than they are written: large numbers, and words that are booleans.
//!
//! Found in what was rendered, so that values that only decide something, or that become integers first, are right.

use super::Subject;
use crate::engine::{Rendered, RenderedFile};
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use mwrender_gotemplate::How;
use mwrender_values::{Data, NumberKind, Value, number};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A value that is not printed as it is written.
struct Odd {
    path: String,
    written: String,
    printed: String,
    is_number: bool,
}

pub(super) fn check(subject: &Subject<'_>, rendered: &Rendered, own: &str) -> Vec<Diagnostic> {
    let mut odd = BTreeMap::new();
    collect(&subject.settled.values, subject, "", &mut odd);
    let mut found = Vec::new();
    if odd.is_empty() {
        return found;
    }
    let mut told = BTreeSet::new();
    let files = rendered.files.iter().filter(|file| !file.is_notes() && file.path.starts_with(own));
    for file in files {
        for piece in &file.pieces {
            let text = &file.text[piece.range()];
            for (at, how) in rendered.causes(piece) {
                let Some(value) = odd.get(&at) else { continue };
                let printed = if value.is_number {
                    matches!(how, How::Direct | How::Operand)
                        && memchr::memmem::find(text, value.printed.as_bytes()).is_some()
                } else {
                    matches!(how, How::Direct | How::Operand) && is_text(file, &piece.range(), &value.printed)
                };
                if printed && told.insert(at) {
                    let line = rendered.places(piece).first().copied();
                    found.push(finding(value, at, line));
                }
            }
        }
    }
    found
}

/// Whether a boolean is printed in quotes, or as part of a longer text: then it is not one of the manifest.
fn is_text(file: &RenderedFile, piece: &Range<usize>, printed: &str) -> bool {
    let text = &file.text[piece.clone()];
    let Some(at) = memchr::memmem::find(text, printed.as_bytes()) else { return false };
    let (start, end) = (piece.start + at, piece.start + at + printed.len());
    let before = start.checked_sub(1).and_then(|at| file.text.get(at));
    let ends = |byte: Option<&u8>| matches!(byte, None | Some(b'\n' | b'\r' | b',' | b'}' | b']' | b' '));
    !ends(file.text.get(end)) || !matches!(before, None | Some(b' ' | b'\n' | b'[' | b'{'))
}

fn finding(value: &Odd, at: Pos, line: Option<Pos>) -> Diagnostic {
    let Odd { path, written, printed, is_number } = value;
    let headline = format!("`{path}` is written {written} and printed {printed}");
    let place = Span::new(at, written.len() as u32);
    let diagnostic = if *is_number {
        Diagnostic::warning("number-form", headline)
            .primary(place, "")
            .note("Helm reads numbers as floats, which Go prints with an exponent from a million on")
            .help("quote it, or write `| int64` where it is printed")
    } else {
        Diagnostic::note_only("boolean-word", headline)
            .primary(place, "")
            .note("YAML 1.1 has `yes`, `no`, `on`, `off`, `y` and `n` as booleans")
            .help("quote it, if a text is meant")
    };
    match line {
        Some(line) => diagnostic.secondary(Span::new(line, 1), "printed here"),
        None => diagnostic,
    }
}

fn collect(value: &Value, subject: &Subject<'_>, path: &str, odd: &mut BTreeMap<Pos, Odd>) {
    match &value.data {
        Data::Map(map) => {
            for (key, entry) in map.iter() {
                let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
                collect(&entry.value, subject, &path, odd);
            }
        }
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, subject, &format!("{path}[{index}]"), odd);
            }
        }
        Data::Number(number) if !number.int64 => {
            #[expect(clippy::cast_precision_loss, reason = "Helm's numbers are floats")]
            let float = match number.kind {
                NumberKind::Int(int) => int as f64,
                NumberKind::Uint(int) => int as f64,
                NumberKind::Float(float) => float,
            };
            let printed = number::go_g(float);
            if printed.contains('e') && *printed != *number.spelling {
                let written = number.spelling.to_string();
                odd.insert(value.origin, Odd { path: path.to_owned(), written, printed, is_number: true });
            }
        }
        Data::Bool(flag) => {
            let Some(id) = subject.sources.find(value.origin) else { return };
            let source = subject.sources.get(id);
            let offset = (value.origin.raw() - source.start().raw()) as usize;
            let rest = source.text().get(offset..).unwrap_or_default();
            let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            let written = &rest[..end];
            let word = ["y", "n", "yes", "no", "on", "off"];
            if word.iter().any(|word| word.eq_ignore_ascii_case(written)) {
                let (written, printed) = (written.to_owned(), flag.to_string());
                odd.insert(value.origin, Odd { path: path.to_owned(), written, printed, is_number: false });
            }
        }
        _ => {}
    }
}
