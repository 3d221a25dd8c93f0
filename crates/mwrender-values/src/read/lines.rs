//! Where each line of a text of several lines starts in its source.
//!
//! Puppet writes a 30 kB Apache configuration as one folded double-quoted scalar, whose own lines begin in the
//! middle of source lines. The parser gives the decoded text only, so the source is walked again here, and
//! every line break that the decoded text gets is matched with the byte at which the next line begins.

use super::events::Style;
use mwrender_diagnostic::Pos;
use std::ops::Range;
use std::sync::Arc;

/// The start of each line of `text`, which was read from `source[span]`; `None` for a text of one line that
/// also is one line of the source.
///
/// An empty rest after a final line break is not a line.
pub(super) fn line_starts(
    source: &str,
    base: Pos,
    span: &Range<usize>,
    style: Style,
    text: &str,
) -> Option<Arc<[Pos]>> {
    let block = matches!(style, Style::Literal | Style::Folded);
    if text.is_empty() || !block && !text.contains('\n') && !source.get(span.clone())?.contains(['\n', '\r'])
    {
        return None;
    }
    let count = text.lines_count();
    let starts = match style {
        Style::Literal => literal(source, span.start, text, count),
        Style::Folded => folded(source, span.start, text, count),
        Style::Plain => Flow::new(source, span.clone(), count).walk(None),
        Style::Single => Flow::new(source, span.start + 1..span.end, count).walk(Some(b'\'')),
        Style::Double => Flow::new(source, span.start + 1..span.end, count).walk(Some(b'"')),
    };
    // the walk agrees with the parser on every input seen; should it not, the last known line stands for the rest
    let last = starts.last().copied().unwrap_or(span.start);
    let at = |k: usize| base.offset(starts.get(k).copied().unwrap_or(last) as u32);
    Some((0..count).map(at).collect())
}

/// Counting lines as this module does.
trait Lines {
    fn lines_count(&self) -> usize;
}

impl Lines for str {
    fn lines_count(&self) -> usize {
        let breaks = self.bytes().filter(|b| *b == b'\n').count();
        breaks + usize::from(!self.ends_with('\n'))
    }
}

/// The start of the line that `at` is in.
fn line_start(source: &str, at: usize) -> usize {
    source[..at].rfind(['\n', '\r']).map_or(0, |n| n + 1)
}

/// The byte after the line break at `at`, if there is one.
fn after_break(bytes: &[u8], at: usize) -> Option<usize> {
    match (bytes.get(at)?, bytes.get(at + 1)) {
        (b'\r', Some(b'\n')) => Some(at + 2),
        (b'\n' | b'\r', _) => Some(at + 1),
        _ => None,
    }
}

/// The starts of the blank lines right before the line that starts at `at`, up to `most`, in order.
fn blank_lines_before(source: &str, mut at: usize, indent: usize, most: usize) -> Vec<usize> {
    let mut starts = Vec::new();
    while starts.len() < most && at > 0 {
        let end = if source[..at].ends_with("\r\n") { at - 2 } else { at - 1 };
        at = line_start(source, end);
        starts.push((at + indent).min(end));
    }
    starts.reverse();
    starts
}

/// A block of nothing but line breaks: the lines after the header.
fn only_breaks(source: &str, start: usize, count: usize) -> Vec<usize> {
    let bytes = source.as_bytes();
    let mut at = start;
    if matches!(bytes.get(start), Some(b'|' | b'>')) {
        at += source[start..].find(['\n', '\r']).unwrap_or(0);
        at = after_break(bytes, at).unwrap_or(at);
    }
    let mut starts = Vec::new();
    while starts.len() < count {
        starts.push(at);
        let end = at + source[at..].find(['\n', '\r']).unwrap_or(0);
        let Some(next) = after_break(bytes, end) else { break };
        at = next;
    }
    starts
}

/// The byte after the indentation of the line that starts at `at`.
fn indented(bytes: &[u8], at: usize, indent: usize) -> usize {
    at + bytes[at..].iter().take(indent).take_while(|b| **b == b' ').count()
}

/// A literal block: its lines stand in the source as they are, after the indentation.
fn literal(source: &str, start: usize, text: &str, count: usize) -> Vec<usize> {
    let bytes = source.as_bytes();
    let first = line_start(source, start);
    let indent = start - first;
    let leading = text.bytes().take_while(|b| *b == b'\n').count();
    if leading == text.len() {
        return only_breaks(source, start, count);
    }
    let mut starts = blank_lines_before(source, first, indent, leading);
    let mut at = start;
    for line in text[leading..].split('\n') {
        if starts.len() == count {
            break;
        }
        starts.push(at);
        let Some(next) = after_break(bytes, at + line.len()) else { break };
        at = indented(bytes, next, indent);
    }
    starts
}

/// A folded block: line breaks between two lines that do not start with a blank become spaces.
fn folded(source: &str, start: usize, text: &str, count: usize) -> Vec<usize> {
    let bytes = source.as_bytes();
    let first = line_start(source, start);
    let indent = start - first;
    let leading = text.bytes().take_while(|b| *b == b'\n').count();
    if leading == text.len() {
        return only_breaks(source, start, count);
    }
    let mut starts = blank_lines_before(source, first, indent, leading);
    starts.push(start);
    // the blank lines since the last line of content, and whether that began with a blank
    let mut breaks: Vec<usize> = Vec::new();
    let is_blank = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
    let mut previous = is_blank(start);
    let mut at = start;
    while starts.len() < count {
        let end = source[at..].find(['\n', '\r']).map_or(bytes.len(), |n| at + n);
        let Some(next) = after_break(bytes, end) else { break };
        at = indented(bytes, next, indent);
        if matches!(bytes.get(at), None | Some(b'\n' | b'\r')) {
            breaks.push(at);
            continue;
        }
        if at - next < indent {
            break;
        }
        let folds = !previous && !is_blank(at);
        if folds {
            starts.extend(breaks.iter().skip(1));
        } else {
            starts.append(&mut breaks);
        }
        if !folds || !breaks.is_empty() {
            starts.push(at);
        }
        breaks.clear();
        previous = is_blank(at);
    }
    starts.append(&mut breaks);
    starts.truncate(count);
    starts
}

/// A plain or quoted scalar: line breaks fold, and double quotes know escapes.
struct Flow<'s> {
    bytes: &'s [u8],
    at: usize,
    end: usize,
    count: usize,
    starts: Vec<usize>,
    /// A line began, and its first byte is not known yet.
    pending: bool,
}

impl<'s> Flow<'s> {
    fn new(source: &'s str, range: Range<usize>, count: usize) -> Self {
        let (at, end) = (range.start, range.end.min(source.len()));
        Flow { bytes: source.as_bytes(), at, end, count, starts: Vec::new(), pending: true }
    }

    fn walk(mut self, quote: Option<u8>) -> Vec<usize> {
        while self.at < self.end && self.starts.len() < self.count {
            match self.bytes[self.at] {
                b'\n' | b'\r' => self.fold(false),
                b' ' | b'\t' => self.blanks(),
                b'\\' if quote == Some(b'"') => self.escape(),
                q if Some(q) == quote => {
                    if q == b'\'' && self.bytes.get(self.at + 1) == Some(&b'\'') {
                        self.content(2);
                    } else {
                        break;
                    }
                }
                _ => self.content(1),
            }
        }
        if self.pending {
            self.starts.push(self.at);
        }
        self.starts
    }

    /// Something that the text has at `at`, `len` bytes long in the source.
    fn content(&mut self, len: usize) {
        if std::mem::take(&mut self.pending) {
            self.starts.push(self.at);
        }
        self.at += len;
    }

    /// A line break of the text, written at `at`.
    fn line_break(&mut self, at: usize) {
        if self.pending {
            self.starts.push(at);
        }
        self.pending = true;
    }

    /// Blanks, which count unless a line break follows.
    fn blanks(&mut self) {
        let blanks = &self.bytes[self.at..self.end];
        let n = blanks.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        if matches!(self.bytes.get(self.at + n), Some(b'\n' | b'\r')) {
            self.at += n;
        } else {
            self.content(n);
        }
    }

    /// A run of line breaks with the blanks around them: one is a space, n are n - 1 line breaks; after an
    /// escaped one, each counts. A space belongs to the line that goes on after it.
    fn fold(&mut self, escaped: bool) {
        let mut counts = escaped;
        while let Some(next) = after_break(self.bytes, self.at) {
            if next > self.end {
                break;
            }
            if counts {
                self.line_break(self.at);
            }
            counts = true;
            self.at = next;
            let blanks = &self.bytes[self.at..self.end];
            self.at += blanks.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        }
    }

    fn escape(&mut self) {
        let escape = self.bytes.get(self.at + 1).copied().unwrap_or_default();
        let digits = match escape {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            b'\n' | b'\r' => {
                self.at = after_break(self.bytes, self.at + 1).unwrap_or(self.end);
                let blanks = self.bytes.get(self.at..self.end).unwrap_or_default();
                self.at += blanks.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                self.fold(true);
                return;
            }
            _ => 0,
        };
        let code = self.bytes.get(self.at + 2..self.at + 2 + digits).unwrap_or_default();
        let zeros = code.iter().take_while(|b| **b == b'0').count();
        let is_break = escape == b'n' || digits > 0 && matches!(&code[zeros..], [b'a' | b'A']);
        if is_break {
            self.line_break(self.at);
            self.at += 2 + digits;
        } else {
            self.content(2 + digits);
        }
    }
}
