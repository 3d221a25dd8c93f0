//! Plain, quoted and block scalars.

use super::input::Mark;
use super::scanner::{Kind, Scanner};
use super::{Fault, Result};
use crate::read::events::Style;
use std::borrow::Cow;

/// The line breaks between two lines of a scalar.
#[derive(Default)]
struct Breaks {
    first: String,
    further: String,
}

impl Breaks {
    /// One is a space, more are one less.
    fn fold(&mut self, text: &mut String) {
        if !self.first.starts_with('\n') {
            text.push_str(&self.first);
            text.push_str(&self.further);
        } else if self.further.is_empty() {
            text.push(' ');
        } else {
            text.push_str(&self.further);
        }
        self.first.clear();
        self.further.clear();
    }
}

impl<'t> Scanner<'t> {
    /// Takes the blanks and line breaks after a line of a scalar; true if there was a line break.
    fn spaces(
        &mut self,
        blanks: &mut String,
        breaks: &mut Breaks,
        mut at_start: bool,
        check: impl Fn(&Self, bool) -> Result<()>,
    ) -> Result<bool> {
        while self.is_blank(0) || self.is_break() {
            if self.is_blank(0) {
                check(self, at_start)?;
                if at_start {
                    self.skip();
                } else {
                    self.read(blanks);
                }
            } else {
                self.need(2)?;
                if at_start {
                    self.read_line(&mut breaks.further);
                } else {
                    blanks.clear();
                    self.read_line(&mut breaks.first);
                    at_start = true;
                }
            }
            self.need(1)?;
        }
        Ok(at_start)
    }

    /// A scalar without quotes, and where it ends.
    pub(super) fn plain(&mut self) -> Result<(Kind<'t>, Mark)> {
        let start = self.mark;
        let mut end = self.mark;
        let indent = self.indent + 1;
        let (mut text, mut blanks, mut breaks) = (String::new(), String::new(), Breaks::default());
        let mut at_start = false;
        loop {
            self.need(4)?;
            if self.document_marker().is_some() || self.byte(0) == Some(b'#') {
                break;
            }
            while !self.is_space_or_end(0) {
                let ends = match self.byte(0) {
                    Some(b':') => self.is_space_or_end(1),
                    Some(b',' | b'?' | b'[' | b']' | b'{' | b'}') => self.flow_level > 0,
                    _ => false,
                };
                if ends {
                    break;
                }
                if at_start {
                    breaks.fold(&mut text);
                    at_start = false;
                } else if !blanks.is_empty() {
                    text.push_str(&blanks);
                }
                blanks.clear();
                self.read(&mut text);
                end = self.mark;
                self.need(2)?;
            }
            if !self.is_blank(0) && !self.is_break() {
                break;
            }
            self.need(1)?;
            at_start = self.spaces(&mut blanks, &mut breaks, at_start, |scanner, at_start| {
                let is_tab = scanner.byte(0) == Some(b'\t');
                if at_start && is_tab && scanner.mark.column.cast_signed() < indent {
                    return Err(scanner.fault(start, "found a tab character that violates indentation"));
                }
                Ok(())
            })?;
            if self.flow_level == 0 && self.mark.column.cast_signed() < indent {
                break;
            }
        }
        if at_start {
            self.key_allowed = true;
        }
        Ok((Kind::Scalar { text: Cow::Owned(text), style: Style::Plain, content: start.at }, end))
    }

    /// A scalar in quotes.
    pub(super) fn quoted(&mut self, is_single: bool) -> Result<Kind<'t>> {
        let start = self.mark;
        let quote = if is_single { b'\'' } else { b'"' };
        self.skip();
        let (mut text, mut blanks, mut breaks) = (String::new(), String::new(), Breaks::default());
        loop {
            self.need(4)?;
            if self.document_marker().is_some() {
                return Err(self.fault(start, "found unexpected document indicator"));
            }
            if self.byte(0).is_none() {
                return Err(self.fault(start, "found unexpected end of stream"));
            }
            let mut at_start = false;
            while !self.is_space_or_end(0) {
                match self.byte(0) {
                    Some(b'\'') if is_single && self.byte(1) == Some(b'\'') => {
                        text.push('\'');
                        self.skip();
                        self.skip();
                    }
                    Some(byte) if byte == quote => break,
                    Some(b'\\') if !is_single && self.line_break(1) > 0 => {
                        self.need(3)?;
                        self.skip();
                        self.skip_line();
                        at_start = true;
                        break;
                    }
                    Some(b'\\') if !is_single => self.escape(start, &mut text)?,
                    _ => self.read(&mut text),
                }
                self.need(2)?;
            }
            self.need(1)?;
            if self.byte(0) == Some(quote) {
                break;
            }
            if self.spaces(&mut blanks, &mut breaks, at_start, |_, _| Ok(()))? {
                breaks.fold(&mut text);
            } else {
                text.push_str(&blanks);
            }
            blanks.clear();
        }
        self.skip();
        let style = if is_single { Style::Single } else { Style::Double };
        Ok(Kind::Scalar { text: Cow::Owned(text), style, content: start.at })
    }

    fn escape(&mut self, start: Mark, text: &mut String) -> Result<()> {
        let (c, digits) = match self.byte(1) {
            Some(b'0') => ('\0', 0),
            Some(b'a') => ('\u{7}', 0),
            Some(b'b') => ('\u{8}', 0),
            Some(b't' | b'\t') => ('\t', 0),
            Some(b'n') => ('\n', 0),
            Some(b'v') => ('\u{B}', 0),
            Some(b'f') => ('\u{C}', 0),
            Some(b'r') => ('\r', 0),
            Some(b'e') => ('\u{1B}', 0),
            Some(byte @ (b' ' | b'"' | b'\'' | b'\\')) => (char::from(byte), 0),
            Some(b'N') => ('\u{85}', 0),
            Some(b'_') => ('\u{A0}', 0),
            Some(b'L') => ('\u{2028}', 0),
            Some(b'P') => ('\u{2029}', 0),
            Some(b'x') => ('\0', 2),
            Some(b'u') => ('\0', 4),
            Some(b'U') => ('\0', 8),
            _ => return Err(self.fault(start, "found unknown escape character")),
        };
        self.skip();
        self.skip();
        if digits == 0 {
            text.push(c);
            return Ok(());
        }
        self.need(digits)?;
        let mut code = 0u32;
        for ahead in 0..digits {
            let digit = self.byte(ahead).and_then(|byte| char::from(byte).to_digit(16));
            let digit = digit.ok_or_else(|| self.fault(start, "did not find expected hexdecimal number"))?;
            code = code << 4 | digit;
        }
        let c = char::from_u32(code);
        text.push(c.ok_or_else(|| self.fault(start, "found invalid Unicode character escape code"))?);
        (0..digits).for_each(|_| self.skip());
        Ok(())
    }

    /// A scalar after `|` or `>`, and where it ends.
    pub(super) fn block_scalar(&mut self, is_literal: bool) -> Result<(Kind<'t>, Mark)> {
        let start = self.mark;
        let (keep, increment) = self.block_header(start)?;
        let mut end = self.mark;
        let mut indent = match increment {
            0 => 0,
            n if self.indent >= 0 => self.indent.cast_unsigned() + n,
            n => n,
        };
        let (mut text, mut breaks) = (String::new(), Breaks::default());
        self.block_breaks(start, &mut indent, &mut breaks.further, &mut end)?;
        self.need(1)?;
        let mut content = None;
        let mut was_blank = false;
        while self.mark.column == indent && self.byte(0).is_some() {
            content.get_or_insert(self.mark.at);
            let is_blank = self.is_blank(0);
            if !is_literal && breaks.first.starts_with('\n') && !was_blank && !is_blank {
                breaks.fold(&mut text);
            } else {
                text.push_str(&breaks.first);
                text.push_str(&breaks.further);
                breaks.first.clear();
                breaks.further.clear();
            }
            was_blank = is_blank;
            while !self.is_break_or_end() {
                self.read(&mut text);
                self.need(1)?;
            }
            self.need(2)?;
            self.read_line(&mut breaks.first);
            self.block_breaks(start, &mut indent, &mut breaks.further, &mut end)?;
        }
        if keep != Some(false) {
            text.push_str(&breaks.first);
        }
        if keep == Some(true) {
            text.push_str(&breaks.further);
        }
        let style = if is_literal { Style::Literal } else { Style::Folded };
        let content = content.unwrap_or(start.at);
        Ok((Kind::Scalar { text: Cow::Owned(text), style, content }, end))
    }

    /// What follows `|` or `>`: whether the last line breaks are kept, and how much deeper the content is.
    fn block_header(&mut self, start: Mark) -> Result<(Option<bool>, usize)> {
        self.skip();
        self.need(1)?;
        let mut keep = self.chomping();
        if keep.is_some() {
            self.need(1)?;
        }
        let mut increment = 0;
        if let Some(digit @ b'0'..=b'9') = self.byte(0) {
            if digit == b'0' {
                return Err(self.fault(start, "found an indentation indicator equal to 0"));
            }
            increment = usize::from(digit - b'0');
            self.skip();
            if keep.is_none() {
                self.need(1)?;
                keep = self.chomping();
            }
        }
        self.rest_of_line(start)?;
        Ok((keep, increment))
    }

    fn chomping(&mut self) -> Option<bool> {
        let keep = match self.byte(0) {
            Some(b'+') => true,
            Some(b'-') => false,
            _ => return None,
        };
        self.skip();
        Some(keep)
    }

    /// Takes indentation and empty lines, and learns the indentation if it is not known.
    fn block_breaks(
        &mut self,
        start: Mark,
        indent: &mut usize,
        breaks: &mut String,
        end: &mut Mark,
    ) -> Result<()> {
        *end = self.mark;
        let mut deepest = 0;
        loop {
            self.need(1)?;
            let within = |scanner: &Self, indent: usize| indent == 0 || scanner.mark.column < indent;
            while within(self, *indent) && self.byte(0) == Some(b' ') {
                self.skip();
                self.need(1)?;
            }
            deepest = deepest.max(self.mark.column);
            if within(self, *indent) && self.byte(0) == Some(b'\t') {
                let words = "found a tab character where an indentation space is expected";
                return Err(self.fault(start, words));
            }
            if !self.is_break() {
                break;
            }
            self.need(2)?;
            self.read_line(breaks);
            *end = self.mark;
        }
        if *indent == 0 {
            *indent = deepest.max((self.indent + 1).max(1).cast_unsigned());
        }
        Ok(())
    }
}

impl Fault {
    /// A fault found at a mark, in something that began at another.
    pub(super) fn of_scanner(from: Mark, at: Mark, words: &'static str) -> Fault {
        // the scanner's lines are those of people, but the first is not named
        let line = if at.line > 0 { at.line + 1 } else { from.line };
        Fault::at_line(line, words)
    }
}
