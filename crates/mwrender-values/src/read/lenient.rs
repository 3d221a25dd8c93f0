//! Quoted texts whose further lines are indented less than YAML asks for, which go-yaml reads all the same.
//!
//! ```yaml
//! a: "one
//! two"
//! ```
//!
//! Space at the start of such a line is no part of the text. So it is put there, the text is read, and the positions
//! are told as they were.

use super::{Read, tree};
use crate::value::{Data, Entry, Map, Text, Value};
use mwrender_diagnostic::{Diagnostic, Pos};
use std::sync::Arc;

/// After so many attempts it is given up: each reads the whole text.
const MAX_ATTEMPTS: usize = 200;

/// Where space was put, in the order of the text: byte offset and count.
type Insertions = Vec<(usize, usize)>;

/// Reads a text with further lines of quoted texts indented as they should be.
///
/// Gives nothing if that does not make the text readable.
pub(super) fn read(text: &str, base: Pos, fault: &Diagnostic) -> Option<Read> {
    let indent =
        text.lines().map(|line| line.len() - line.trim_start_matches([' ', '-', '?']).len()).max()? + 1;
    let mut insertions = Insertions::new();
    let mut fault_at = offset(fault, base)?;
    for _ in 0..MAX_ATTEMPTS {
        if !insert(text, fault_at, indent, &mut insertions) {
            return None;
        }
        let patched = patch(text, &insertions);
        match tree::Builder::read(&patched, base) {
            Ok(read) => return Some(told(read, base, &insertions)),
            Err(fault) => fault_at = before(&insertions, offset(&fault, base)?),
        }
    }
    None
}

/// The byte that a fault of syntax is at.
fn offset(fault: &Diagnostic, base: Pos) -> Option<usize> {
    let span = fault.primary_span().filter(|_| fault.id == "yaml-syntax")?;
    Some(span.start.raw().checked_sub(base.raw())? as usize)
}

/// Notes space for the line of a place, and for those below as long as the quoted text cannot have ended.
fn insert(text: &str, at: usize, indent: usize, insertions: &mut Insertions) -> bool {
    let mut start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |n| n + 1);
    if start == 0 || insertions.last().is_some_and(|(last, _)| *last >= start) {
        return false;
    }
    let known = insertions.len();
    for line in text[start..].split_inclusive('\n') {
        insertions.push((start, indent));
        start += line.len();
        if line.contains(['"', '\'']) {
            return true;
        }
    }
    // no quoted text ends here
    insertions.truncate(known);
    false
}

fn patch(text: &str, insertions: &Insertions) -> String {
    let mut patched = String::with_capacity(text.len() + insertions.iter().map(|(_, n)| n).sum::<usize>());
    let mut done = 0;
    for (at, count) in insertions {
        patched.push_str(&text[done..*at]);
        patched.extend(std::iter::repeat_n(' ', *count));
        done = *at;
    }
    patched.push_str(&text[done..]);
    patched
}

/// The offset in the text of one in the patched text.
fn before(insertions: &Insertions, patched: usize) -> usize {
    let mut shift = 0;
    for (at, count) in insertions {
        if patched <= at + shift {
            break;
        }
        if patched < at + shift + count {
            return *at;
        }
        shift += count;
    }
    patched - shift
}

/// What was read, with the positions of the text as it is.
fn told(read: Read, base: Pos, insertions: &Insertions) -> Read {
    let place = |at: Pos| match at.raw().checked_sub(base.raw()) {
        Some(patched) if at.is_some() => base.offset(before(insertions, patched as usize) as u32),
        _ => at,
    };
    let documents =
        read.documents.into_iter().map(|document| super::Document { value: moved(&document.value, &place) });
    // warnings would be at the wrong places; no one waits for them here
    Read { documents: documents.collect(), diagnostics: Vec::new() }
}

fn moved(value: &Value, place: &impl Fn(Pos) -> Pos) -> Value {
    let data = match &value.data {
        Data::List(items) => Data::List(Arc::new(items.iter().map(|item| moved(item, place)).collect())),
        Data::Map(map) => {
            let entry = |(key, entry): (&Arc<str>, &Entry)| {
                let value = moved(&entry.value, place);
                (Arc::clone(key), Entry { key_origin: place(entry.key_origin), value })
            };
            Data::Map(Arc::new(map.iter().map(entry).collect::<Map>()))
        }
        Data::String(text) => {
            let lines = text.lines.as_ref().map(|lines| lines.iter().map(|line| place(*line)).collect());
            Data::String(Text { text: Arc::clone(&text.text), lines })
        }
        other => other.clone(),
    };
    Value::new(data, place(value.origin))
}

#[cfg(test)]
mod tests {
    use crate::read::read_as_go;
    use mwrender_diagnostic::Pos;

    #[test]
    fn lines_may_be_indented_less() {
        let text = "a: \"one\ntwo 'x\n\n three\"\nb:\n- 'four\nfive'\n- six: \"\nseven\"\nc: 1\n";
        let value = read_as_go(text, Pos::from_raw(1)).expect("a map");
        assert_eq!(value.get("a").and_then(|v| v.as_str()), Some("one two 'x\nthree"));
        let items = value.get("b").expect("a list");
        assert_eq!(items.at(0).and_then(|v| v.as_str()), Some("four five"));
        assert_eq!(items.at(1).and_then(|v| v.get("six")).and_then(|v| v.as_str()), Some(" seven"));
        let last = value.get("c").expect("a number").origin;
        assert_eq!(last.raw() as usize, text.find("c: 1").expect("it is there") + 4);
    }

    #[test]
    fn documents_end_in_quotes_all_the_same() {
        let error = read_as_go("a: \"one\n---\ntwo\"\n", Pos::from_raw(1)).unwrap_err();
        assert_eq!(error, "yaml: line 2: found unexpected document indicator");
    }
}
