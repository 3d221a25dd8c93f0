//! Values as JSON.

use super::Sink;
use crate::number;
use crate::value::{Data, Entry, Map, Number, NumberKind, Value};
use mwrender_diagnostic::Pos;
use std::sync::Arc;

/// How JSON is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct JsonStyle {
    /// Spaces for each level; 0 writes all in one line without spaces, as Go does.
    pub indent: usize,
    /// Keys in the order of their bytes instead of their own.
    pub sorted: bool,
    /// Escapes as Go's `encoding/json` does: also `<`, `>`, `&`, U+2028 and U+2029.
    pub go_escapes: bool,
    /// Of these, not `<`, `>` and `&`.
    pub raw_html: bool,
    /// Numbers as Go's `encoding/json` writes them, instead of as they were written.
    pub canonical_numbers: bool,
}

/// The JSON of a value.
///
/// ```
/// use mwrender_values::emit::json::{JsonStyle, to_string};
/// let value = mwrender_values::read::read("b: 0.10\na: [y, '<']", Default::default()).unwrap().into_value();
/// assert_eq!(to_string(&value, JsonStyle::default()), r#"{"b":0.10,"a":[true,"<"]}"#);
/// ```
pub fn to_string(value: &Value, style: JsonStyle) -> String {
    let mut out = String::new();
    write(value, style, &mut out);
    out
}

/// Writes a value, without a line break at the end.
///
/// Infinities and NaN, which JSON lacks, become `null`.
pub fn write(value: &Value, style: JsonStyle, sink: &mut impl Sink) {
    sink.enter(value, Pos::NONE);
    Tree { style, sink, depth: 0 }.value(value);
    sink.leave();
}

struct Tree<'s, S> {
    style: JsonStyle,
    sink: &'s mut S,
    depth: usize,
}

impl<S: Sink> Tree<'_, S> {
    fn value(&mut self, value: &Value) {
        match &value.data {
            Data::Null => self.sink.text("null"),
            Data::Bool(true) => self.sink.text("true"),
            Data::Bool(false) => self.sink.text("false"),
            Data::Number(n) => self.sink.text(&spell(n, self.style.canonical_numbers)),
            Data::String(t) => self.string(&t.text, t.lines.as_deref()),
            Data::List(items) if items.is_empty() => self.sink.text("[]"),
            Data::Map(map) if map.is_empty() => self.sink.text("{}"),
            Data::List(items) => {
                self.open("[");
                for (k, item) in items.iter().enumerate() {
                    self.sink.enter(item, Pos::NONE);
                    self.indent();
                    self.value(item);
                    self.comma(k + 1 < items.len());
                    self.sink.leave();
                }
                self.close("]");
            }
            Data::Map(map) => {
                self.open("{");
                for (k, (key, entry)) in self.entries(map).into_iter().enumerate() {
                    self.sink.enter(&entry.value, entry.key_origin);
                    self.indent();
                    self.string(key, None);
                    self.sink.text(if self.style.indent == 0 { ":" } else { ": " });
                    self.value(&entry.value);
                    self.comma(k + 1 < map.len());
                    self.sink.leave();
                }
                self.close("}");
            }
        }
    }

    fn entries<'m>(&self, map: &'m Map) -> Vec<(&'m Arc<str>, &'m Entry)> {
        let mut entries: Vec<_> = map.iter().collect();
        if self.style.sorted {
            entries.sort_by(|a, b| a.0.cmp(b.0));
        }
        entries
    }

    fn open(&mut self, bracket: &str) {
        self.sink.text(bracket);
        self.depth += 1;
        if self.style.indent > 0 {
            self.sink.text("\n");
        }
    }

    fn close(&mut self, bracket: &str) {
        self.depth -= 1;
        self.indent();
        self.sink.text(bracket);
    }

    fn comma(&mut self, more: bool) {
        match (more, self.style.indent > 0) {
            (true, true) => self.sink.text(",\n"),
            (true, false) => self.sink.text(","),
            (false, true) => self.sink.text("\n"),
            (false, false) => {}
        }
    }

    fn indent(&mut self) {
        super::spaces(self.sink, self.style.indent * self.depth);
    }

    fn string(&mut self, text: &str, lines: Option<&[Pos]>) {
        self.sink.text("\"");
        Writer::new(self.style, self.sink, lines.unwrap_or_default()).put(text);
        self.sink.text("\"");
    }
}

/// Writes the content of a string, piece by piece.
pub struct Writer<'s, S> {
    style: JsonStyle,
    sink: &'s mut S,
    /// The places of the lines to come.
    lines: std::slice::Iter<'s, Pos>,
}

impl<'s, S: Sink> Writer<'s, S> {
    /// Begins the content; `lines` has the places of its lines, if they are known.
    pub fn new(style: JsonStyle, sink: &'s mut S, lines: &'s [Pos]) -> Self {
        let mut lines = lines.iter();
        lines.next().into_iter().for_each(|origin| sink.line(*origin));
        Writer { style, sink, lines }
    }

    /// Writes what is no text of the string, such as an escape.
    pub fn raw(&mut self, text: &str) {
        self.sink.text(text);
    }

    /// Writes a part of the string.
    pub fn put(&mut self, text: &str) {
        let html = self.style.go_escapes && !self.style.raw_html;
        let mut plain = 0;
        for (at, byte) in text.bytes().enumerate() {
            let escape: &str = match byte {
                b'"' => "\\\"",
                b'\\' => "\\\\",
                b'\n' => "\\n",
                b'\r' => "\\r",
                b'\t' => "\\t",
                0x08 => "\\b",
                0x0C => "\\f",
                0..=0x1F => "",
                b'<' if html => "\\u003c",
                b'>' if html => "\\u003e",
                b'&' if html => "\\u0026",
                // the first byte of U+2028 and U+2029
                0xE2 if self.style.go_escapes => match text.get(at..at + 3) {
                    Some("\u{2028}") => "\\u2028",
                    Some("\u{2029}") => "\\u2029",
                    _ => continue,
                },
                _ => continue,
            };
            self.sink.text(&text[plain..at]);
            if escape.is_empty() {
                self.sink.text(&format!("\\u{byte:04x}"));
            } else {
                self.sink.text(escape);
            }
            plain = at + if byte == 0xE2 { 3 } else { 1 };
            if byte == b'\n'
                && let Some(origin) = self.lines.next()
            {
                self.sink.line(*origin);
            }
        }
        self.sink.text(&text[plain..]);
    }
}

/// A number as JSON: as it was written, if that is JSON, else as Go writes it.
fn spell(number: &Number, canonical: bool) -> String {
    if !canonical && number::is_json(&number.spelling) {
        return number.spelling.to_string();
    }
    match number.kind {
        NumberKind::Int(i) => i.to_string(),
        NumberKind::Uint(u) => u.to_string(),
        NumberKind::Float(f) => number::go_json(f),
    }
}
