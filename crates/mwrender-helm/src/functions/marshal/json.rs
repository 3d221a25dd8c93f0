//! Values as `encoding/json` writes them.

use std::fmt::Write;

use mwrender_gotemplate::{Context, Kind, Marshal, Value};
use mwrender_values::emit::json::{JsonStyle, Writer as Strings};
use mwrender_values::number;

use super::cycle::{Depth, check_length};
use super::output::Output;
use super::{Unsupported, base64, bytes_of};

/// Writes a value without a line break at the end.
pub(in crate::functions) fn write(
    context: &Context<'_>,
    value: &Value,
    style: JsonStyle,
    out: &mut impl Output,
) -> Result<(), Unsupported> {
    Writer { style, out, level: 0, depth: Depth::new(context) }.value(value)
}

struct Writer<'w, 'c, 'a, O> {
    style: JsonStyle,
    out: &'w mut O,
    level: usize,
    depth: Depth<'c, 'a>,
}

impl<O: Output> Writer<'_, '_, '_, O> {
    /// A value with its origin.
    fn value(&mut self, value: &Value) -> Result<(), Unsupported> {
        let around = self.out.value(value);
        self.content(value)?;
        self.out.back(around);
        Ok(())
    }

    fn content(&mut self, value: &Value) -> Result<(), Unsupported> {
        check_length(self.out.length())?;
        match value.kind() {
            Kind::Nil => self.out.text("null"),
            Kind::Bool(b) => self.out.text(if *b { "true" } else { "false" }),
            Kind::Int(i, _) => self.number(*i),
            Kind::Uint(u, _) => self.number(*u),
            Kind::Float(f) if !f.is_finite() => return Err(Unsupported::float(*f)),
            Kind::Float(f) => match small_integer(*f) {
                Some(i) => self.number(i),
                None => self.out.text(&number::go_json(*f)),
            },
            Kind::String(_) | Kind::Text(_) => {
                let lines = self.out.lines(value);
                self.string(value.as_bytes().unwrap_or_default(), lines.as_deref());
            }
            Kind::List(list) if list.is_nil() => self.out.text("null"),
            Kind::Map(map) if map.is_nil() => self.out.text("null"),
            Kind::List(list) => match bytes_of(list) {
                Some(bytes) => self.string(base64(&bytes).as_bytes(), None),
                None => {
                    let entered = self.depth.enter(value)?;
                    list.with(|items| self.collection('[', ']', items.iter(), Writer::content))?;
                    self.depth.leave(entered);
                }
            },
            Kind::Map(map) => {
                let entered = self.depth.enter(value)?;
                map.with(|entries| {
                    self.collection('{', '}', entries.iter(), |writer, (key, value)| writer.entry(key, value))
                })?;
                self.depth.leave(entered);
            }
            Kind::Object(object) if object.number().is_some() => {
                self.number(object.number().unwrap_or_default());
            }
            Kind::Object(object) => {
                Unsupported::check(&**object)?;
                match object.marshal() {
                    Marshal::Text(text) => self.string(text.as_bytes(), None),
                    Marshal::Fields(fields) => {
                        let entered = self.depth.enter(value)?;
                        self.collection('{', '}', fields.iter(), |writer, (key, value)| {
                            writer.entry(key.as_bytes(), value)
                        })?;
                        self.depth.leave(entered);
                    }
                }
            }
            _ => return Err(Unsupported::ty(value)),
        }
        Ok(())
    }

    fn entry(&mut self, key: &[u8], value: &Value) -> Result<(), Unsupported> {
        self.string(key, None);
        self.out.text(if self.style.indent == 0 { ":" } else { ": " });
        self.content(value)
    }

    /// Items or entries in brackets. Each has its line, from the indentation to the comma.
    fn collection<T: Held>(
        &mut self,
        open: char,
        close: char,
        items: impl ExactSizeIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> Result<(), Unsupported>,
    ) -> Result<(), Unsupported> {
        let mut left = items.len();
        let mut bracket = [0; 4];
        self.out.text(open.encode_utf8(&mut bracket));
        if left > 0 {
            self.level += 1;
            for item in items {
                left -= 1;
                let around = self.out.value(item.held());
                self.line();
                write(self, item)?;
                if left > 0 {
                    self.out.text(",");
                }
                self.out.back(around);
            }
            self.level -= 1;
            self.line();
        }
        self.out.text(close.encode_utf8(&mut bracket));
        Ok(())
    }

    fn line(&mut self) {
        if self.style.indent > 0 {
            self.out.text("\n");
            for _ in 0..self.level * self.style.indent {
                self.out.text(" ");
            }
        }
    }

    fn number(&mut self, number: impl std::fmt::Display) {
        let mut text = String::with_capacity(20);
        let _ = write!(text, "{number}");
        self.out.text(&text);
    }

    /// A string; bytes that are not UTF-8 become escapes of U+FFFD.
    fn string(&mut self, bytes: &[u8], lines: Option<&[mwrender_diagnostic::Pos]>) {
        self.out.text("\"");
        let mut strings = Strings::new(self.style, self.out, lines.unwrap_or_default());
        match std::str::from_utf8(bytes) {
            Ok(text) => strings.put(text),
            Err(_) => {
                for chunk in bytes.utf8_chunks() {
                    strings.put(chunk.valid());
                    for _ in chunk.invalid() {
                        strings.raw("\\ufffd");
                    }
                }
            }
        }
        self.out.text("\"");
    }
}

/// What a collection holds: items, or keys with values.
trait Held: Copy {
    fn held(&self) -> &Value;
}

impl Held for &Value {
    fn held(&self) -> &Value {
        self
    }
}

impl<K> Held for (&K, &Value) {
    fn held(&self) -> &Value {
        self.1
    }
}

impl<K> Held for &(K, Value) {
    fn held(&self) -> &Value {
        &self.1
    }
}

/// A float that is an integer which prints as one, quickly.
pub(super) fn small_integer(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_small = value.fract() == 0.0 && value.abs() < EXACT && (value != 0.0 || value.is_sign_positive());
    #[expect(clippy::cast_possible_truncation, reason = "checked")]
    is_small.then_some(value as i64)
}
