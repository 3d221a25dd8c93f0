//! Plain and quoted scalars, of one line or several.

use super::super::events::Style;
use super::super::lines;
use super::super::resolve::{Resolved, resolve};
use super::{GiveUp, Reader, Result};
use crate::value::{Data, Number, NumberKind, Text, Value};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

impl<'t> Reader<'t> {
    /// Reads the value at `at` in a map or list that is indented by `column`, and goes to the next line.
    pub(super) fn value(&mut self, at: usize, column: usize) -> Result<Value> {
        match self.byte(at) {
            Some(quote @ (b'"' | b'\'')) => self.quoted(at, column, quote),
            Some(b'|') => self.literal(at, column),
            Some(b'[' | b'{') => {
                let (value, end) = self.flow(at)?;
                self.end_value(end)?;
                self.not_deeper(column)?;
                Ok(value)
            }
            Some(b'#' | b',' | b']' | b'}' | b'&' | b'*' | b'!' | b'>' | b'%' | b'@' | b'`' | b'\t') => {
                Err(GiveUp)
            }
            Some(b'-' | b'?' | b':') if matches!(self.byte(at + 1), None | Some(b'\n' | b' ' | b'\t')) => {
                Err(GiveUp)
            }
            _ => self.plain(at, column),
        }
    }

    /// The value of a plain scalar in one line.
    pub(super) fn plain_value(&self, span: Range<usize>) -> Result<Value> {
        let text = &self.text[span.clone()];
        let data = match resolve(text) {
            Resolved::Number(NumberKind::Float(f)) if !f.is_finite() => return Err(GiveUp),
            Resolved::Null => Data::Null,
            _ if self.skims => Data::Null,
            Resolved::Bool(b) => Data::Bool(b),
            Resolved::Number(kind) => Data::Number(Number { kind, spelling: Arc::from(text), int64: false }),
            Resolved::String => Data::String(Text { text: Arc::from(text), lines: None }),
        };
        Ok(Value::new(data, self.pos(span.start)))
    }

    /// The value of a text that may have several lines.
    pub(super) fn text_value(&self, text: &str, style: Style, span: &Range<usize>) -> Value {
        if self.skims {
            return self.nothing(span.start);
        }
        let lines = lines::line_starts(self.text, self.base, span, style, text);
        Value::new(Data::String(Text { text: Arc::from(text), lines }), self.pos(span.start))
    }

    /// Where the part of a plain scalar that is in one line ends, and whether a comment follows.
    fn plain_part(&self, at: usize) -> Result<(usize, bool)> {
        let mut end = at;
        for (n, byte) in self.bytes[at..].iter().enumerate() {
            match byte {
                b'\n' => break,
                b'\t' => return Err(GiveUp),
                b':' if matches!(self.byte(at + n + 1), None | Some(b'\n' | b' ' | b'\t')) => {
                    return Err(GiveUp);
                }
                b'#' if self.byte(at + n - 1) == Some(b' ') => return Ok((end, true)),
                b' ' => {}
                _ => end = at + n + 1,
            }
        }
        Ok((end, false))
    }

    fn plain(&mut self, at: usize, column: usize) -> Result<Value> {
        let (end, comment) = self.plain_part(at)?;
        let value = self.plain_value(at..end)?;
        if comment {
            self.end_value(end)?;
            self.not_deeper(column)?;
            return Ok(value);
        }
        let line = (self.line_end(end) + 1).min(self.bytes.len());
        let indent = self.spaces(line);
        match self.byte(line + indent) {
            Some(b'\n' | b'#' | b'\t') => self.plain_lines(at, end, column, value),
            Some(_) if indent > column => self.plain_lines(at, end, column, value),
            Some(_) => {
                self.go_to(line, indent);
                Ok(value)
            }
            None => {
                self.next_content(line)?;
                Ok(value)
            }
        }
    }

    /// Goes on with a plain scalar in the lines below, if it does; `value` is what it is if not.
    fn plain_lines(&mut self, at: usize, mut end: usize, column: usize, value: Value) -> Result<Value> {
        let mut text: Cow<'t, str> = Cow::Borrowed(&self.text[at..end]);
        loop {
            // the next line that is not empty goes on with it if it is deeper
            let mut line = (self.line_end(end) + 1).min(self.bytes.len());
            let mut breaks = 0;
            let indent = loop {
                let indent = self.spaces(line);
                if self.byte(line + indent) != Some(b'\n') {
                    break indent;
                }
                line += indent + 1;
                breaks += 1;
            };
            let next = line + indent;
            if next == self.bytes.len() || indent <= column {
                self.next_content(line)?;
                self.not_deeper(column)?;
                return match text {
                    Cow::Borrowed(_) => Ok(value),
                    Cow::Owned(text) => Ok(self.text_value(&text, Style::Plain, &(at..end))),
                };
            }
            if matches!(self.byte(next), Some(b'#' | b'\t')) {
                return Err(GiveUp);
            }
            let (part_end, comment) = self.plain_part(next)?;
            if comment {
                return Err(GiveUp);
            }
            let text = text.to_mut();
            push_fold(text, breaks);
            text.push_str(&self.text[next..part_end]);
            end = part_end;
        }
    }

    fn quoted(&mut self, at: usize, column: usize, quote: u8) -> Result<Value> {
        let style = if quote == b'"' { Style::Double } else { Style::Single };
        let mut text: Cow<'t, str> = Cow::Borrowed("");
        let mut from = at + 1;
        loop {
            let rest = &self.bytes[from..];
            let stop = rest.iter().position(|b| matches!(b, b'\n' | b'\\') || *b == quote);
            let stop = from + stop.ok_or(GiveUp)?;
            let piece = &self.text[from..stop];
            match self.bytes[stop] {
                b'\\' if quote == b'"' => {
                    let text = text.to_mut();
                    text.push_str(piece);
                    from = self.escape(stop + 1, column, text).ok_or(GiveUp)?;
                }
                b'\\' => {
                    text.to_mut().push_str(&self.text[from..=stop]);
                    from = stop + 1;
                }
                b'\n' => {
                    // what blanks before an escape or a line break mean depends on more than this line
                    let trimmed = piece.trim_end_matches([' ', '\t']);
                    let certain = piece.len() == stop - at - 1 || !trimmed.is_empty() || piece.is_empty();
                    if !certain {
                        return Err(GiveUp);
                    }
                    let text = text.to_mut();
                    text.push_str(trimmed);
                    from = self.next_part(stop, column, text)?;
                }
                _ if quote == b'\'' && self.byte(stop + 1) == Some(b'\'') => {
                    text.to_mut().push_str(&self.text[from..=stop]);
                    from = stop + 2;
                }
                _ => {
                    if from == at + 1 {
                        text = Cow::Borrowed(piece);
                    } else {
                        text.to_mut().push_str(piece);
                    }
                    self.end_value(stop + 1)?;
                    self.not_deeper(column)?;
                    return Ok(self.text_value(&text, style, &(at..stop + 1)));
                }
            }
        }
    }

    /// Folds the line break at `at` and gives the start of the next part of a quoted scalar.
    fn next_part(&self, at: usize, column: usize, text: &mut String) -> Result<usize> {
        let mut line = at + 1;
        let mut breaks = 0;
        loop {
            let indent = self.spaces(line);
            match self.byte(line + indent) {
                Some(b'\n') => {
                    line += indent + 1;
                    breaks += 1;
                }
                None | Some(b'\t') => return Err(GiveUp),
                Some(_) if indent <= column => return Err(GiveUp),
                Some(_) => {
                    push_fold(text, breaks);
                    return Ok(line + indent);
                }
            }
        }
    }

    /// Decodes an escape, whose letter is at `at`, and gives the byte after it.
    fn escape(&self, at: usize, column: usize, text: &mut String) -> Option<usize> {
        let (c, next) = match self.byte(at)? {
            b'n' => ('\n', at + 1),
            b't' => ('\t', at + 1),
            b'r' => ('\r', at + 1),
            b'e' => ('\x1B', at + 1),
            c @ (b'"' | b'\\' | b' ') => (char::from(c), at + 1),
            b'\n' => {
                // an escaped line break: nothing, and the next line goes on after its indentation
                let next = at + 1 + self.spaces(at + 1);
                let goes_on = !matches!(self.byte(next), None | Some(b'\n' | b'\t'));
                return (goes_on && next > at + 1 + column).then_some(next);
            }
            b'x' => (self.code(at + 1, 2)?, at + 3),
            b'u' => (self.code(at + 1, 4)?, at + 5),
            b'U' => (self.code(at + 1, 8)?, at + 9),
            _ => return None,
        };
        text.push(c);
        Some(next)
    }

    /// The character with a hexadecimal number; halves of surrogate pairs are left to the
    /// other parser.
    fn code(&self, at: usize, digits: usize) -> Option<char> {
        let code = self.text.get(at..at + digits)?;
        let all = code.bytes().all(|b| b.is_ascii_hexdigit());
        char::from_u32(u32::from_str_radix(code, 16).ok().filter(|_| all)?)
    }
}

/// One line break is a space, more are one less.
fn push_fold(text: &mut String, blank_lines: usize) {
    if blank_lines == 0 {
        text.push(' ');
    } else {
        text.extend(std::iter::repeat_n('\n', blank_lines));
    }
}
