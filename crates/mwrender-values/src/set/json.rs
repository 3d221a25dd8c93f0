//! JSON with positions: the values of `--set-json`.

use crate::read::MAX_DEPTH;
use crate::value::{Data, Entry, Map, Number, NumberKind, Text, Value};
use mwrender_diagnostic::Pos;
use std::sync::Arc;

/// What is wrong, and at which byte.
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) message: String,
}

/// The JSON value at the start of a text, and where it ends.
pub(super) fn value(text: &str, base: Pos) -> Result<(Value, usize), Fault> {
    let mut reader = Reader { text, at: 0, base, depth: 0 };
    let value = reader.value()?;
    Ok((value, reader.at))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    base: Pos,
    depth: usize,
}

impl Reader<'_> {
    fn fail<T>(&self, message: impl Into<String>) -> Result<T, Fault> {
        Err(Fault { at: self.at, message: message.into() })
    }

    /// What Go says about a character that is not what it was `looking for`.
    fn unexpected<T>(&self, wanted: &str) -> Result<T, Fault> {
        match self.text[self.at..].chars().next() {
            Some(c) => self.fail(format!("invalid character {c:?} {wanted}")),
            None => self.fail("it ends too early"),
        }
    }

    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    fn value(&mut self) -> Result<Value, Fault> {
        let first = self.peek();
        let origin = self.base.offset(self.at as u32);
        let data = match first {
            Some(b'{' | b'[') if self.depth == MAX_DEPTH => return self.fail("exceeded max depth"),
            Some(b'{') => self.map()?,
            Some(b'[') => self.list()?,
            Some(b'"') => Data::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => {
                let words = [("null", Data::Null), ("true", Data::Bool(true)), ("false", Data::Bool(false))];
                let Some((word, data)) =
                    words.into_iter().find(|(word, _)| self.text[self.at..].starts_with(word))
                else {
                    return self.unexpected("looking for beginning of value");
                };
                self.at += word.len();
                data
            }
        };
        Ok(Value::new(data, origin))
    }

    fn list(&mut self) -> Result<Data, Fault> {
        self.at += 1;
        self.depth += 1;
        let mut items = Vec::new();
        if !self.take(b']') {
            loop {
                items.push(self.value()?);
                if self.take(b']') {
                    break;
                }
                if !self.take(b',') {
                    return self.unexpected("after array element");
                }
            }
        }
        self.depth -= 1;
        Ok(Data::List(Arc::new(items)))
    }

    fn map(&mut self) -> Result<Data, Fault> {
        self.at += 1;
        self.depth += 1;
        let mut map = Map::default();
        if !self.take(b'}') {
            loop {
                if self.peek() != Some(b'"') {
                    return self.unexpected("looking for beginning of object key string");
                }
                let key_origin = self.base.offset(self.at as u32);
                let key = self.string()?.text;
                if !self.take(b':') {
                    return self.unexpected("after object key");
                }
                let value = self.value()?;
                map.insert(key, Entry { key_origin, value });
                if self.take(b'}') {
                    break;
                }
                if !self.take(b',') {
                    return self.unexpected("after object key:value pair");
                }
            }
        }
        self.depth -= 1;
        Ok(Data::Map(Arc::new(map)))
    }

    fn number(&mut self) -> Result<Data, Fault> {
        let bytes = self.text.as_bytes();
        let digits = |at: usize| bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let start = self.at;
        self.at += usize::from(bytes[start] == b'-');
        // JSON has no leading zeros: `01` is 0, and then a 1 that nobody expects
        let whole = if bytes.get(self.at) == Some(&b'0') { 1 } else { digits(self.at) };
        self.at += whole;
        if whole == 0 {
            return self.unexpected("in numeric literal");
        }
        if bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            let fraction = digits(self.at);
            self.at += fraction;
            if fraction == 0 {
                return self.unexpected("after decimal point in numeric literal");
            }
        }
        if matches!(bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(bytes.get(self.at), Some(b'+' | b'-')));
            let exponent = digits(self.at);
            self.at += exponent;
            if exponent == 0 {
                return self.unexpected("in exponent of numeric literal");
            }
        }
        let spelling = &self.text[start..self.at];
        let kind = if let Ok(i) = spelling.parse::<i64>() {
            NumberKind::Int(i)
        } else if let Ok(u) = spelling.parse::<u64>() {
            NumberKind::Uint(u)
        } else {
            match spelling.parse::<f64>() {
                Ok(f) if f.is_finite() => NumberKind::Float(f),
                _ => {
                    let message = format!("the number {spelling} is too large");
                    return Err(Fault { at: start, message });
                }
            }
        };
        Ok(Data::Number(Number { kind, spelling: Arc::from(spelling), int64: false }))
    }

    fn string(&mut self) -> Result<Text, Fault> {
        self.at += 1;
        let mut out = String::new();
        let mut lines = vec![self.base.offset(self.at as u32)];
        loop {
            let rest = &self.text[self.at..];
            let stop = rest.find(|c: char| matches!(c, '"' | '\\' | '\0'..='\x1F')).unwrap_or(rest.len());
            out.push_str(&rest[..stop]);
            self.at += stop;
            match rest[stop..].bytes().next() {
                Some(b'"') => break,
                Some(b'\\') => self.escape(&mut out)?,
                _ => return self.unexpected("in string literal"),
            }
            if out.ends_with('\n') && lines.len() <= out.bytes().filter(|b| *b == b'\n').count() {
                lines.push(self.base.offset(self.at as u32));
            }
        }
        self.at += 1;
        if out.ends_with('\n') {
            lines.pop();
        }
        let lines = out.contains('\n').then(|| Arc::from(lines));
        Ok(Text { text: Arc::from(out), lines })
    }

    fn escape(&mut self, out: &mut String) -> Result<(), Fault> {
        self.at += 1;
        let c = match self.text.as_bytes().get(self.at) {
            Some(b'u') => {
                let unit = self.unit()?;
                if (0xD800..0xDC00).contains(&unit) && self.text[self.at..].starts_with("\\u") {
                    let before = self.at;
                    self.at += 1;
                    let low = self.unit()?;
                    if (0xDC00..0xE000).contains(&low) {
                        out.extend(char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)));
                        return Ok(());
                    }
                    self.at = before;
                }
                // half of a surrogate pair is no character
                out.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
                return Ok(());
            }
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\x08',
            Some(b'f') => '\x0C',
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(*c),
            _ => return self.unexpected("in string escape code"),
        };
        out.push(c);
        self.at += 1;
        Ok(())
    }

    /// The four digits after `\u`; stands on the `u`.
    fn unit(&mut self) -> Result<u32, Fault> {
        let digits = self.text.get(self.at + 1..self.at + 5);
        let Some(digits) = digits.filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit())) else {
            return self.fail("invalid character in \\u hexadecimal character escape");
        };
        self.at += 5;
        Ok(u32::from_str_radix(digits, 16).unwrap_or_default())
    }
}
