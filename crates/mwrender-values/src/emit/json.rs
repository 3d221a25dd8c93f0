//! Values as JSON.

use super::Sink;
use crate::number;
use crate::value::{Data, Entry, Map, Number, NumberKind, Value};
use mwrender_diagnostic::Pos;
use std::sync::Arc;

/// How JSON is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JsonStyle {
    /// Spaces for each level; 0 writes all in one line without spaces, as Go does.
    pub indent: usize,
    /// Keys in the order of their bytes instead of their own.
    pub sorted: bool,
    /// Escapes as Go's `encoding/json` does: also `<`, `>`, `&`, U+2028 and U+2029.
    pub go_escapes: bool,
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
    Writer { style, sink, depth: 0 }.value(value);
    sink.leave();
}

struct Writer<'s, S> {
    style: JsonStyle,
    sink: &'s mut S,
    depth: usize,
}

impl<S: Sink> Writer<'_, S> {
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
        let mut starts = lines.unwrap_or_default().iter();
        starts.next().into_iter().for_each(|origin| self.sink.line(*origin));
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
                b'<' if self.style.go_escapes => "\\u003c",
                b'>' if self.style.go_escapes => "\\u003e",
                b'&' if self.style.go_escapes => "\\u0026",
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
            if byte == b'\n' {
                starts.next().into_iter().for_each(|origin| self.sink.line(*origin));
            }
        }
        self.sink.text(&text[plain..]);
        self.sink.text("\"");
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
