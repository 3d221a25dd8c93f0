//! Lists and maps in brackets, in one line and with plain words in them.

use super::super::events::Style;
use super::{GiveUp, Reader, Result, name};
use crate::value::Value;
use std::borrow::Cow;
use std::ops::Range;

/// A scalar between brackets.
struct Word {
    style: Style,
    /// Its bytes without the quotes.
    inner: Range<usize>,
    /// Its bytes.
    span: Range<usize>,
}

impl<'t> Reader<'t> {
    /// Reads the list or map whose bracket is at `at`, and gives the byte after it.
    pub(super) fn flow(&mut self, at: usize) -> Result<(Value, usize)> {
        self.nest()?;
        let origin = at;
        let is_map = self.byte(at) == Some(b'{');
        let close = Some(if is_map { b'}' } else { b']' });
        let (first_entry, first_item) = (self.first_entry(), self.items.len());
        let mut at = at + 1 + self.spaces(at + 1);
        let mut is_first = true;
        while !(is_first && self.byte(at) == close) {
            is_first = false;
            let mut key = None;
            if is_map {
                let word = self.word(at)?;
                let end = word.span.end;
                if self.byte(end) != Some(b':') || self.byte(end + 1) != Some(b' ') {
                    return Err(GiveUp);
                }
                let text: &'t str = &self.text[word.inner];
                key = Some((if word.style == Style::Plain { name(text)? } else { Cow::Borrowed(text) }, at));
                at = end + 1 + self.spaces(end + 1);
            }
            let value = if let Some(b'[' | b'{') = self.byte(at) {
                let (value, end) = self.flow(at)?;
                at = end;
                value
            } else {
                let word = self.word(at)?;
                at = word.span.end;
                if word.style == Style::Plain {
                    self.plain_value(word.span)?
                } else {
                    self.text_value(&self.text[word.inner], word.style, &word.span)
                }
            };
            match key {
                Some((name, at)) => self.put_entry(name, at, value),
                None => self.put_item(value),
            }
            at += self.spaces(at);
            match self.byte(at) {
                Some(b',') => at += 1 + self.spaces(at + 1),
                end if end == close => break,
                _ => return Err(GiveUp),
            }
        }
        let value =
            if is_map { self.end_map(first_entry, origin)? } else { self.end_list(first_item, origin) };
        Ok((value, at + 1))
    }

    /// The scalar at `at`.
    fn word(&self, at: usize) -> Result<Word> {
        let rest = self.bytes.get(at..).ok_or(GiveUp)?;
        match rest.first() {
            Some(quote @ (b'"' | b'\'')) => {
                let special = |b: &u8| matches!(b, b'"' | b'\'' | b'\\' | b'\n');
                let length = rest[1..].iter().position(special).ok_or(GiveUp)?;
                let end = at + length + 2;
                // quotes within quotes and whatever needs decoding is left to the other parser
                if rest[length + 1] != *quote || matches!(self.byte(end), Some(b'"' | b'\'')) {
                    return Err(GiveUp);
                }
                let style = if *quote == b'"' { Style::Double } else { Style::Single };
                Ok(Word { style, inner: at + 1..end - 1, span: at..end })
            }
            Some(
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'/' | b'.' | b'-' | b'+' | b'$' | 0x80..,
            ) => {
                if rest[0] == b'-'
                    && !matches!(rest.get(1), Some(b'-' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9'))
                {
                    return Err(GiveUp);
                }
                let mut end = at;
                for (n, byte) in rest.iter().enumerate() {
                    match byte {
                        b' ' => {}
                        b':' if rest.get(n + 1).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'/') => {}
                        b':' | b',' | b']' | b'}' => break,
                        b'\t' | b'\n' | b'#' | b'[' | b'{' | b'?' | b'"' | b'\'' | b'\\' => {
                            return Err(GiveUp);
                        }
                        _ => end = at + n + 1,
                    }
                }
                Ok(Word { style: Style::Plain, inner: at..end, span: at..end })
            }
            _ => Err(GiveUp),
        }
    }
}
