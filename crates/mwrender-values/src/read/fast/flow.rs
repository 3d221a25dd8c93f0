//! Lists and maps in brackets, in one line and with plain words in them.

use super::{Event, Reader, Result, Stop, Style};
use mwrender_diagnostic::Diagnostic;
use std::borrow::Cow;
use std::ops::Range;

impl<'t, F> Reader<'t, F>
where
    F: FnMut(Event<'t>, Range<usize>) -> std::result::Result<(), Box<Diagnostic>>,
{
    /// Reads the list or map whose bracket is at `at`, and gives the byte after it.
    pub(super) fn flow(&mut self, at: usize) -> Result<usize> {
        self.nest()?;
        let is_map = self.byte(at) == Some(b'{');
        let close = Some(if is_map { b'}' } else { b']' });
        let start = if is_map {
            Event::MapStart { anchor: 0, block: false }
        } else {
            Event::ListStart { anchor: 0, block: false }
        };
        self.emit(start, at..at + 1)?;
        let mut at = at + 1 + self.spaces(at + 1);
        let mut is_first = true;
        while !(is_first && self.byte(at) == close) {
            is_first = false;
            if is_map {
                let key = self.flow_scalar(at)?;
                if self.byte(key) != Some(b':') || self.byte(key + 1) != Some(b' ') {
                    return Err(Stop::GiveUp);
                }
                at = key + 1 + self.spaces(key + 1);
            }
            at = match self.byte(at) {
                Some(b'[' | b'{') => self.flow(at)?,
                _ => self.flow_scalar(at)?,
            };
            at += self.spaces(at);
            match self.byte(at) {
                Some(b',') => at += 1 + self.spaces(at + 1),
                end if end == close => break,
                _ => return Err(Stop::GiveUp),
            }
        }
        self.depth -= 1;
        self.emit(if is_map { Event::MapEnd } else { Event::ListEnd }, at..at + 1)?;
        Ok(at + 1)
    }

    /// Reads a scalar between brackets and gives the byte after it.
    fn flow_scalar(&mut self, at: usize) -> Result<usize> {
        let rest = &self.bytes[at..];
        let (style, inner, end) = match rest.first() {
            Some(quote @ (b'"' | b'\'')) => {
                let special = |b: &u8| matches!(b, b'"' | b'\'' | b'\\' | b'\n');
                let length = rest[1..].iter().position(special).ok_or(Stop::GiveUp)?;
                let end = at + length + 2;
                // quotes within quotes and whatever needs decoding is left to the other parser
                if rest[length + 1] != *quote || matches!(self.byte(end), Some(b'"' | b'\'')) {
                    return Err(Stop::GiveUp);
                }
                let style = if *quote == b'"' { Style::Double } else { Style::Single };
                (style, at + 1..end - 1, end)
            }
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'/' | b'.' | 0x80..) => {
                let mut end = at;
                let mut next = at;
                while let Some(byte) = self.byte(next) {
                    match byte {
                        b'a'..=b'z'
                        | b'A'..=b'Z'
                        | b'0'..=b'9'
                        | b'_'
                        | b'/'
                        | b'.'
                        | b'-'
                        | b'+'
                        | 0x80.. => {
                            end = next + 1;
                        }
                        b' ' => {}
                        b':' if self
                            .byte(next + 1)
                            .is_some_and(|b| b.is_ascii_alphanumeric() || b == b'/') => {}
                        b':' | b',' | b']' | b'}' => break,
                        _ => return Err(Stop::GiveUp),
                    }
                    next += 1;
                }
                (Style::Plain, at..end, end)
            }
            _ => return Err(Stop::GiveUp),
        };
        let text = Cow::Borrowed(&self.text[inner]);
        self.emit(Event::Scalar { text, style, tag: None, anchor: 0 }, at..end)?;
        Ok(end)
    }
}
