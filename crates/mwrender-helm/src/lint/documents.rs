//! The documents of a rendered file, as `helm lint` takes them: with a decoder of Kubernetes' that reads a stream of
//! JSON or YAML.
//!
//! A stream that begins with `{` is JSON, value behind value. What is no JSON, or not the object that is asked for, may
//! be YAML as long as at most one value of JSON came before it, and then YAML follows up to the end. In YAML, lines that
//! begin with `---` separate documents, and belong to a document that has nothing before them.

use crate::decode;
use crate::functions::decode::json;
use crate::manifests::trimmed;
use mwrender_diagnostic::{Diagnostic, Pos};
use mwrender_values::{Value, convert, read};
use std::ops::Range;

/// A document, with the bytes of the file that it is.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) range: Range<usize>,
    pub(super) value: Value,
    /// Keys count in the order in which they are written, and not in that of their bytes.
    pub(super) is_json: bool,
}

/// Why there is no document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    /// Where in the file.
    pub(super) offset: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// It is no YAML, for this reason.
    Syntax(String),
    /// This stands behind a separator.
    Separator(String),
}

/// The documents of a text, up to the first that is none.
pub(super) struct Documents<'t> {
    text: &'t [u8],
    at: usize,
    mode: Mode,
    /// Whether a value of JSON is what its reader asks for.
    fits: fn(&Value) -> bool,
}

enum Mode {
    /// So many values were read.
    Json(usize),
    Yaml,
    End,
}

/// So many bytes tell whether a stream is JSON.
const PEEKED: usize = 4096;

/// So many values of JSON may come before YAML.
const BEFORE_YAML: usize = 1;

impl<'t> Documents<'t> {
    pub(super) fn new(text: &'t [u8], fits: fn(&Value) -> bool) -> Documents<'t> {
        let first = &text[..text.len().min(PEEKED)];
        let is_json = first[trimmed(first)].starts_with(b"{");
        Documents { text, at: 0, mode: if is_json { Mode::Json(0) } else { Mode::Yaml }, fits }
    }

    fn json(&mut self, before: usize) -> Option<Result<Document, Fault>> {
        let rest = &self.text[self.at..];
        let fault = match json::first(rest) {
            Ok((json, length)) => {
                let blanks = rest.len() - rest.trim_ascii_start().len();
                let range = self.at + blanks..self.at + length;
                let value = json_value(&self.text[range.clone()], &json);
                if (self.fits)(&value) {
                    self.at = range.end;
                    self.mode = Mode::Json(before + 1);
                    return Some(Ok(Document { range, value, is_json: true }));
                }
                "it is no object of Kubernetes".to_owned()
            }
            Err(words) if words == "EOF" => return None,
            Err(words) => words,
        };
        if before > BEFORE_YAML {
            let kind = FaultKind::Syntax(fault);
            return Some(Err(Fault { kind, offset: self.at }));
        }
        // space up to the end of the line is left out, so that what is left of a line indents nothing
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let kept = trimmed(&rest[..end]);
        self.at += if kept.is_empty() { (end + 1).min(rest.len()) } else { kept.start };
        self.mode = Mode::Yaml;
        self.yaml()
    }

    fn yaml(&mut self) -> Option<Result<Document, Fault>> {
        let start = self.at;
        let mut at = start;
        for line in self.text[start..].split_inclusive(|byte| *byte == b'\n') {
            if let Some(behind) = line.strip_prefix(b"---") {
                let behind = &behind[trimmed(behind)];
                let is_wrong = !behind.is_empty() && !behind.starts_with(b"#");
                if start < at {
                    // a wrong one is found once what is before it is done
                    self.at = if is_wrong { at } else { at + line.len() };
                    return Some(self.document(start..at));
                }
                if is_wrong {
                    let kind = FaultKind::Separator(String::from_utf8_lossy(behind).into_owned());
                    return Some(Err(Fault { kind, offset: at }));
                }
            }
            at += line.len();
        }
        self.at = at;
        (start < at).then(|| self.document(start..at))
    }

    fn document(&self, range: Range<usize>) -> Result<Document, Fault> {
        let syntax = |words: String, offset| Fault { kind: FaultKind::Syntax(words), offset };
        let text = read::text_as_go(&self.text[range.clone()]).map_err(|words| syntax(words, range.start))?;
        let value = decode::yaml(&text, Pos::local(0)).map_err(|error| {
            let diagnostic = error.diagnostics.first();
            let place = diagnostic.and_then(Diagnostic::primary_span);
            let offset = place.and_then(|span| span.start.local_offset()).unwrap_or_default() as usize;
            syntax(diagnostic.map_or(error.text.clone(), |d| d.headline.clone()), range.start + offset)
        })?;
        Ok(Document { range, value, is_json: false })
    }
}

/// A value of JSON, with places if the reader of YAML takes it, too.
fn json_value(text: &[u8], json: &serde_json::Value) -> Value {
    let placed = read::text_as_go(text).ok().and_then(|text| read::read_as_go(&text, Pos::local(0)).ok());
    placed.unwrap_or_else(|| convert::from_json(json, Pos::local(0)))
}

impl Iterator for Documents<'_> {
    type Item = Result<Document, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = match self.mode {
            Mode::Json(before) => self.json(before),
            Mode::Yaml => self.yaml(),
            Mode::End => None,
        };
        if !matches!(next, Some(Ok(_))) {
            self.mode = Mode::End;
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Result<&str, Fault>> {
        let documents =
            Documents::new(text.as_bytes(), |value| value.get("a").is_none_or(|a| a.as_str().is_some()));
        documents.map(|document| document.map(|document| &text[document.range])).collect()
    }

    #[test]
    fn json_is_a_stream_and_ends_in_yaml() {
        assert_eq!(found("{} \n{}{}\n"), [Ok("{}"), Ok("{}"), Ok("{}")]);
        assert_eq!(found("{}\n---\n{}\n---\n{}{}\n"), [Ok("{}"), Ok("---\n{}\n"), Ok("{}{}\n")]);
        assert_eq!(found("{}  \n  b: c\n"), [Ok("{}"), Ok("  b: c\n")]);
        assert_eq!(found("\t{b: c}\n---\n{}\n"), [Ok("{b: c}\n"), Ok("{}\n")]);
        assert_eq!(found("{\"a\": 1}\n---\n{}\n"), [Ok("{\"a\": 1}\n"), Ok("{}\n")]);
        let last = found("{}{}\nb: c\n").pop();
        assert!(matches!(last, Some(Err(Fault { kind: FaultKind::Syntax(_), offset: 4 }))), "{last:?}");
    }

    #[test]
    fn separators() {
        assert_eq!(found("---\n---\na: b\n--- # c\nd: e"), [Ok("---\n"), Ok("a: b\n"), Ok("d: e")]);
        let kind = FaultKind::Separator("b".to_owned());
        assert_eq!(found("a: b\n---b\n"), [Ok("a: b\n"), Err(Fault { kind, offset: 5 })]);
    }
}
