//! A fast reader for the YAML that machines write and most people too.
//!
//! Block maps and lists, one key per line, plain, quoted and literal scalars, short `[a, b]`, documents: that is nearly all there
//! is, and the general parser takes 500 ns for each scalar of it. Whatever is beyond, and whatever is wrong, this
//! reader leaves to that parser: it gives up without a word, and all is read again. So it only ever has to be
//! right about what it accepts, and a test holds both against each other.

mod flow;

use super::MAX_DEPTH;
use super::events::{Event, Style};
use mwrender_diagnostic::Diagnostic;
use std::borrow::Cow;
use std::ops::Range;

/// Why there are no more events.
pub(super) enum Stop {
    /// The text is not of the simple kind.
    GiveUp,
    /// The one who takes the events does not want more.
    Fault(Box<Diagnostic>),
}

type Result<T> = std::result::Result<T, Stop>;

/// Calls a function with the events of a text, as [`super::events::events`] gives them.
pub(super) fn events<'t>(
    text: &'t str,
    take: impl FnMut(Event<'t>, Range<usize>) -> std::result::Result<(), Box<Diagnostic>>,
) -> Result<()> {
    if !is_simple(text) {
        return Err(Stop::GiveUp);
    }
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, indent: 0, depth: 0, take };
    reader.stream()
}

/// Whether a text has no characters that need thought: control characters but line feed and tab, byte order
/// marks, noncharacters.
fn is_simple(text: &str) -> bool {
    let control = |b: &u8| *b < 0x20 && *b != b'\n' && *b != b'\t' || *b == 0x7F;
    let bytes = text.as_bytes();
    if bytes.chunks(256).any(|chunk| chunk.iter().fold(false, |any, b| any | control(b))) {
        return false;
    }
    text.is_ascii()
        || bytes
            .windows(3)
            .all(|w| !matches!(w, [0xC2, 0x80..=0x9F, _] | [0xEF, 0xBB, 0xBF] | [0xEF, 0xBF, 0xBE | 0xBF]))
            && !text.ends_with(|c: char| ('\u{80}'..'\u{A0}').contains(&c))
}

struct Reader<'t, F> {
    text: &'t str,
    bytes: &'t [u8],
    /// The first byte of content in the current line, after its indentation; or the end of the text.
    at: usize,
    /// The indentation of the current line.
    indent: usize,
    depth: usize,
    take: F,
}

impl<'t, F> Reader<'t, F>
where
    F: FnMut(Event<'t>, Range<usize>) -> std::result::Result<(), Box<Diagnostic>>,
{
    fn emit(&mut self, event: Event<'t>, span: Range<usize>) -> Result<()> {
        (self.take)(event, span).map_err(Stop::Fault)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Whether a line or the text ends here.
    fn is_end(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b'\n'))
    }

    fn is_blank_or_end(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b'\n' | b' '))
    }

    fn line_end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.bytes.len(), |n| at + n)
    }

    fn spaces(&self, at: usize) -> usize {
        self.bytes[at..].iter().take_while(|b| **b == b' ').count()
    }

    /// Goes to the content of the next line that has any; `at` is the start of a line.
    fn next_content(&mut self, mut at: usize) -> Result<()> {
        loop {
            let indent = self.spaces(at);
            match self.byte(at + indent) {
                None => {
                    (self.at, self.indent) = (self.bytes.len(), 0);
                    return Ok(());
                }
                Some(b'\n') => at += indent + 1,
                Some(b'#') => at = (self.line_end(at) + 1).min(self.bytes.len()),
                Some(b'\t') => return Err(Stop::GiveUp),
                Some(_) => {
                    (self.at, self.indent) = (at + indent, indent);
                    return Ok(());
                }
            }
        }
    }

    /// Goes from the end of a value to the next line with content.
    ///
    /// Between the two there may only be blanks and a comment.
    fn end_value(&mut self, at: usize) -> Result<()> {
        let blanks = self.spaces(at);
        let end = match self.byte(at + blanks) {
            None | Some(b'\n') => at + blanks,
            Some(b'#') if blanks > 0 => self.line_end(at),
            _ => return Err(Stop::GiveUp),
        };
        self.next_content((end + 1).min(self.bytes.len()))
    }

    /// Whether the current line is a marker of documents (`---` or `...`).
    fn marker(&self) -> Option<&'t str> {
        let marker = self
            .text
            .get(self.at..self.at + 3)
            .filter(|m| self.indent == 0 && matches!(*m, "---" | "..."))?;
        matches!(self.byte(self.at + 3), None | Some(b'\n' | b' ' | b'\t')).then_some(marker)
    }

    fn at_end(&self) -> bool {
        self.at == self.bytes.len() || self.marker().is_some()
    }

    fn stream(&mut self) -> Result<()> {
        self.next_content(0)?;
        while self.at < self.bytes.len() {
            match self.marker() {
                Some("---") => {
                    let after = self.at + 3;
                    self.end_value(after)?;
                    self.emit(Event::DocumentStart, after..after)?;
                    if self.at_end() {
                        self.null(after)?;
                        continue;
                    }
                }
                // what may follow the end of a document is not worth the lines it takes to check
                Some(_) => {
                    self.end_value(self.at + 3)?;
                    if self.at < self.bytes.len() && self.marker() != Some("---") {
                        return Err(Stop::GiveUp);
                    }
                    continue;
                }
                None if self.byte(self.at) == Some(b'%') => return Err(Stop::GiveUp),
                None => self.emit(Event::DocumentStart, self.at..self.at)?,
            }
            self.block(None)?;
            if !self.at_end() {
                return Err(Stop::GiveUp);
            }
        }
        Ok(())
    }

    /// Emits a value that is not there, for the indicator at `at`.
    fn null(&mut self, at: usize) -> Result<()> {
        self.emit(
            Event::Scalar { text: Cow::Borrowed(""), style: Style::Plain, tag: None, anchor: 0 },
            at..at,
        )
    }

    fn nest(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(Stop::GiveUp) } else { Ok(()) }
    }

    fn is_dash(&self, at: usize) -> bool {
        self.byte(at) == Some(b'-') && self.is_blank_or_end(at + 1)
    }

    /// Reads the list or map that begins in the current line.
    fn block(&mut self, parent: Option<usize>) -> Result<()> {
        let column = self.indent;
        if parent.is_some_and(|parent| column <= parent) {
            return Err(Stop::GiveUp);
        }
        if self.is_dash(self.at) {
            self.list(column)
        } else {
            let key = self.key(self.at)?.ok_or(Stop::GiveUp)?;
            self.map(column, key)
        }
    }

    fn list(&mut self, column: usize) -> Result<()> {
        self.nest()?;
        self.emit(Event::ListStart { anchor: 0, block: true }, self.at..self.at)?;
        while self.indent == column && self.is_dash(self.at) && self.at < self.bytes.len() {
            let content = self.at + 1 + self.spaces(self.at + 1);
            if self.is_end(content) || self.byte(content) == Some(b'#') {
                let after = self.at + 1;
                self.end_value(after)?;
                if self.at_end() || self.indent <= column {
                    self.null(after)?;
                } else {
                    self.block(Some(column))?;
                }
                continue;
            }
            let inner = column + content - self.at;
            if self.is_dash(content) {
                (self.at, self.indent) = (content, inner);
                self.list(inner)?;
            } else if let Some(key) = self.key(content)? {
                (self.at, self.indent) = (content, inner);
                self.map(inner, key)?;
            } else {
                self.scalar(content, column)?;
            }
        }
        self.depth -= 1;
        if !self.at_end() && self.indent > column {
            return Err(Stop::GiveUp);
        }
        self.emit(Event::ListEnd, self.at..self.at)
    }

    /// Reads a map whose first key is known.
    fn map(&mut self, column: usize, first: Key<'t>) -> Result<()> {
        self.nest()?;
        self.emit(Event::MapStart { anchor: 0, block: true }, self.at..self.at)?;
        let mut next = Some(first);
        while let Some(key) = next.take() {
            let after = key.after;
            self.emit(Event::Scalar { text: key.text, style: key.style, tag: None, anchor: 0 }, key.span)?;
            let content = after + self.spaces(after);
            if self.is_end(content) || self.byte(content) == Some(b'#') && content > after {
                self.end_value(after)?;
                if self.at_end() || self.indent < column || self.indent == column && !self.is_dash(self.at) {
                    self.null(after)?;
                } else if self.indent == column {
                    self.list(column)?;
                } else {
                    self.block(Some(column))?;
                }
            } else {
                self.scalar(content, column)?;
            }
            if !self.at_end() && self.indent == column {
                next = Some(self.key(self.at)?.ok_or(Stop::GiveUp)?);
            }
        }
        self.depth -= 1;
        if !self.at_end() && self.indent > column {
            return Err(Stop::GiveUp);
        }
        self.emit(Event::MapEnd, self.at..self.at)
    }

    /// The key that stands here, if one does: something in one line with `:` and a blank after it.
    fn key(&self, at: usize) -> Result<Option<Key<'t>>> {
        if self.is_dash(at) {
            return Err(Stop::GiveUp);
        }
        let line = &self.bytes[at..self.line_end(at).min(at + 1000)];
        let (text, style, end) = match line.first() {
            Some(quote @ (b'"' | b'\'')) => {
                let inner = &line[1..];
                let stop = inner.iter().position(|b| *b == *quote || *b == b'\\' && *quote == b'"');
                let Some(stop) = stop.filter(|n| inner[*n] == *quote) else {
                    // escapes and line breaks: a value can have them, a key that does is rare
                    return Ok(None);
                };
                if inner.get(stop + 1) == Some(quote) {
                    return Ok(None);
                }
                let style = if *quote == b'"' { Style::Double } else { Style::Single };
                let end = at + stop + 2;
                if self.byte(end) != Some(b':') || !self.is_blank_or_end(end + 1) {
                    return Ok(None);
                }
                (&self.text[at + 1..end - 1], style, end)
            }
            Some(
                b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@'
                | b'`' | b'?' | b':',
            ) => return Ok(None),
            _ => {
                let Some(end) =
                    (0..line.len()).find(|n| line[*n] == b':' && self.is_blank_or_end(at + n + 1))
                else {
                    return if line.len() == 1000 { Err(Stop::GiveUp) } else { Ok(None) };
                };
                let key = &line[..end];
                if key.ends_with(b" ") || key.contains(&b'\t') || key.windows(2).any(|w| w == b" #") {
                    return Err(Stop::GiveUp);
                }
                (&self.text[at..at + end], Style::Plain, at + end)
            }
        };
        Ok(Some(Key { text: Cow::Borrowed(text), style, span: at..end, after: end + 1 }))
    }

    /// Reads the scalar at `at` in a map or list that is indented by `column`, and goes to the next line.
    fn scalar(&mut self, at: usize, column: usize) -> Result<()> {
        match self.byte(at) {
            Some(quote @ (b'"' | b'\'')) => self.quoted(at, column, quote),
            Some(b'|') => self.literal(at, column),
            Some(b'[' | b'{') => {
                let end = self.flow(at)?;
                self.end_value(end)?;
                self.not_deeper(column)
            }
            Some(b'#' | b',' | b']' | b'}' | b'&' | b'*' | b'!' | b'>' | b'%' | b'@' | b'`' | b'\t') => {
                Err(Stop::GiveUp)
            }
            Some(b'-' | b'?' | b':') if matches!(self.byte(at + 1), None | Some(b'\n' | b' ' | b'\t')) => {
                Err(Stop::GiveUp)
            }
            _ => self.plain(at, column),
        }
    }

    /// A value has ended, so the next line is not deeper than what it is in.
    fn not_deeper(&self, column: usize) -> Result<()> {
        if !self.at_end() && self.indent > column { Err(Stop::GiveUp) } else { Ok(()) }
    }

    /// Where the part of a plain scalar that is in one line ends, and whether a comment follows.
    fn plain_part(&self, at: usize) -> Result<(usize, bool)> {
        let line = &self.bytes[at..self.line_end(at)];
        let mut end = line.len();
        for (n, byte) in line.iter().enumerate() {
            match byte {
                b'\t' => return Err(Stop::GiveUp),
                b':' if matches!(line.get(n + 1), None | Some(b' ' | b'\t')) => return Err(Stop::GiveUp),
                b'#' if n > 0 && line[n - 1] == b' ' => {
                    end = n;
                    break;
                }
                _ => {}
            }
        }
        let comment = end < line.len();
        let trimmed = line[..end].iter().rposition(|b| *b != b' ').map_or(0, |n| n + 1);
        Ok((at + trimmed, comment))
    }

    fn plain(&mut self, at: usize, column: usize) -> Result<()> {
        let (mut end, comment) = self.plain_part(at)?;
        let mut text = Cow::Borrowed(&self.text[at..end]);
        if comment {
            self.end_value(end)?;
            self.emit(Event::Scalar { text, style: Style::Plain, tag: None, anchor: 0 }, at..end)?;
            return self.not_deeper(column);
        }
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
                let before = line;
                self.emit(Event::Scalar { text, style: Style::Plain, tag: None, anchor: 0 }, at..end)?;
                self.next_content(before)?;
                return self.not_deeper(column);
            }
            if matches!(self.byte(next), Some(b'#' | b'\t')) {
                return Err(Stop::GiveUp);
            }
            let (part_end, comment) = self.plain_part(next)?;
            if comment {
                return Err(Stop::GiveUp);
            }
            let text = text.to_mut();
            push_fold(text, breaks);
            text.push_str(&self.text[next..part_end]);
            end = part_end;
        }
    }

    fn quoted(&mut self, at: usize, column: usize, quote: u8) -> Result<()> {
        let style = if quote == b'"' { Style::Double } else { Style::Single };
        let mut text: Cow<'t, str> = Cow::Borrowed("");
        let mut from = at + 1;
        loop {
            let rest = &self.bytes[from..];
            let stop = rest.iter().position(|b| matches!(b, b'\n' | b'\\') || *b == quote);
            let stop = from + stop.ok_or(Stop::GiveUp)?;
            let piece = &self.text[from..stop];
            match self.bytes[stop] {
                b'\\' if quote == b'"' => {
                    let text = text.to_mut();
                    text.push_str(piece);
                    from = self.escape(stop + 1, column, text).ok_or(Stop::GiveUp)?;
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
                        return Err(Stop::GiveUp);
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
                    if text.is_empty() && from == at + 1 {
                        text = Cow::Borrowed(piece);
                    } else {
                        text.to_mut().push_str(piece);
                    }
                    self.end_value(stop + 1)?;
                    self.emit(Event::Scalar { text, style, tag: None, anchor: 0 }, at..stop + 1)?;
                    return self.not_deeper(column);
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
                None | Some(b'\t') => return Err(Stop::GiveUp),
                Some(_) if indent <= column => return Err(Stop::GiveUp),
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
            c @ (b'"' | b'\\' | b'/' | b' ') => (char::from(c), at + 1),
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

    /// The character with a hexadecimal number; halves of surrogate pairs are left to the other parser.
    fn code(&self, at: usize, digits: usize) -> Option<char> {
        let code = self.text.get(at..at + digits)?;
        let all = code.bytes().all(|b| b.is_ascii_hexdigit());
        char::from_u32(u32::from_str_radix(code, 16).ok().filter(|_| all)?)
    }

    fn literal(&mut self, at: usize, column: usize) -> Result<()> {
        let (keep, strip) = match self.byte(at + 1) {
            Some(b'+') => (true, false),
            Some(b'-') => (false, true),
            _ => (false, false),
        };
        let header = at + 1 + usize::from(keep || strip);
        if self.byte(header) != Some(b'\n') {
            return Err(Stop::GiveUp);
        }
        // the first line with content says how much all are indented
        let mut line = header + 1;
        let (mut leading, mut widest) = (0, 0);
        let indent = loop {
            let indent = self.spaces(line);
            match self.byte(line + indent) {
                None | Some(b'\t') => return Err(Stop::GiveUp),
                Some(b'\n') => {
                    leading += 1;
                    widest = widest.max(indent);
                    line += indent + 1;
                }
                Some(_) => break indent,
            }
        };
        if indent <= column || widest > indent {
            return Err(Stop::GiveUp);
        }
        let start = line + indent;
        let mut text = String::new();
        text.extend(std::iter::repeat_n('\n', leading));
        let mut blank = 0;
        loop {
            let spaces = self.bytes[line..].iter().take(indent).take_while(|b| **b == b' ').count();
            match self.byte(line + spaces) {
                None => break,
                Some(b'\n') => {
                    blank += 1;
                    line += spaces + 1;
                    continue;
                }
                Some(b'\t') if spaces < indent => return Err(Stop::GiveUp),
                Some(_) if spaces < indent => break,
                Some(_) => {}
            }
            let end = self.line_end(line);
            if end == self.bytes.len() {
                return Err(Stop::GiveUp);
            }
            text.extend(std::iter::repeat_n('\n', blank));
            blank = 0;
            text.push_str(&self.text[line + indent..=end]);
            line = end + 1;
        }
        // a last line without a line break has given up above, but for one of blanks alone
        if line < self.bytes.len() && self.byte(line + self.spaces(line)).is_none() {
            return Err(Stop::GiveUp);
        }
        if strip {
            text.pop();
        } else if keep {
            text.extend(std::iter::repeat_n('\n', blank));
        }
        self.next_content(line)?;
        self.emit(
            Event::Scalar { text: Cow::Owned(text), style: Style::Literal, tag: None, anchor: 0 },
            start..line,
        )?;
        self.not_deeper(column)
    }
}

/// A key of a map.
struct Key<'t> {
    text: Cow<'t, str>,
    style: Style,
    span: Range<usize>,
    /// The byte after the colon.
    after: usize,
}

/// One line break is a space, more are one less.
fn push_fold(text: &mut String, blank_lines: usize) {
    if blank_lines == 0 {
        text.push(' ');
    } else {
        text.extend(std::iter::repeat_n('\n', blank_lines));
    }
}
