//! Streams of documents.

use crate::object::Object;
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use mwrender_values::read::read;
use std::ops::Range;

/// The objects of a text.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// The objects, in the text's order. `List` objects are taken apart.
    pub objects: Vec<Object>,
    /// What is worth saying; positions are [`Pos::local`] in the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// The byte ranges of a text's documents: what stands between lines that begin with `---`.
///
/// Documents of blanks and comments are left out.
pub fn documents(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut push = |range: Range<usize>| {
        let visible = |line: &str| !line.trim_start().is_empty() && !line.trim_start().starts_with('#');
        if text[range.clone()].lines().any(visible) {
            found.push(range);
        }
    };
    let mut at = 0;
    while let Some(n) = separator(&text[at..]) {
        let line = at + n;
        let end = text[line..].find('\n').map_or(text.len(), |e| line + e + 1);
        push(start..line);
        // a document may begin on the line of its separator
        let rest = text[line + 3..end].trim_start();
        start = if rest.is_empty() || rest.starts_with('#') { end } else { line + 3 };
        at = end;
    }
    push(start..text.len());
    found
}

/// The byte at which the next line of `---` starts.
fn separator(text: &str) -> Option<usize> {
    let is = |at: usize| {
        let rest = &text.as_bytes()[at..];
        rest.starts_with(b"---") && rest.get(3).is_none_or(u8::is_ascii_whitespace)
    };
    if is(0) {
        return Some(0);
    }
    let mut from = 0;
    while let Some(n) = text[from..].find("\n---") {
        let at = from + n + 1;
        if is(at) {
            return Some(at);
        }
        from = at;
    }
    None
}

/// Reads a stream of manifests.
///
/// # Errors
/// A document is not YAML, or not an object of Kubernetes'; positions are [`Pos::local`] in the text.
pub fn read_stream(text: &str) -> Result<Stream, Box<Diagnostic>> {
    let mut stream = Stream::default();
    for range in documents(text) {
        let base = Pos::local(range.start as u32);
        let read = read(&text[range.clone()], base)?;
        stream.diagnostics.extend(read.diagnostics);
        for document in read.documents {
            if document.value.is_null() {
                continue;
            }
            let items = document.value.get("items").and_then(|v| v.as_list());
            let list =
                document.value.get("kind").and_then(|k| k.as_str()).is_some_and(|k| k.ends_with("List"));
            let values = match items {
                Some(items) if list => items.to_vec(),
                _ => vec![document.value],
            };
            for value in values {
                let at = if value.origin.is_some() { value.origin } else { base };
                let kind = value.kind_name();
                match Object::new(value, range.clone()) {
                    Some(object) => stream.objects.push(object),
                    None => {
                        let what = if kind == "a map" {
                            "a document has no `apiVersion`, `kind` and `metadata.name`".to_string()
                        } else {
                            format!("a document is {kind}, not an object")
                        };
                        return Err(Box::new(
                            Diagnostic::error("not-an-object", what).primary(Span::new(at, 1), ""),
                        ));
                    }
                }
            }
        }
    }
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators() {
        let parts = |text: &str| documents(text).into_iter().map(|r| text[r].to_string()).collect::<Vec<_>>();
        assert_eq!(
            parts("---\na: 1\n--- # next\nb: |\n  ---\n----\n---\n# only a comment\n"),
            ["a: 1\n", "b: |\n  ---\n----\n"]
        );
        assert!(parts("").is_empty());
    }
}
