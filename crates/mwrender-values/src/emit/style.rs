//! How a string is written: plain, quoted or as a block, by the rules of go-yaml v2.

use crate::read::resolve::{Resolved, resolve};
use crate::read::timestamp::is_timestamp;

/// A way to write a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// What decides about the styles of a string, from one pass over it.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Analysis {
    /// It holds something that go-yaml takes for a line break, so it cannot be a key before `:`.
    pub(super) broken: bool,
    multiline: bool,
    plain: bool,
    single: bool,
    block: bool,
}

/// The line breaks of Unicode. go-yaml takes them for line breaks and writes them as they are; other readers do
/// not, so only escaped they mean the same to all.
pub(super) fn is_unicode_break(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether go-yaml writes a character as it is; all others need double quotes and an escape.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c,
        '\n' | ' '..='~' | '\u{A0}'..='\u{2027}' | '\u{202A}'..='\u{D7FF}'
        | '\u{E000}'..='\u{FEFE}' | '\u{FF00}'..='\u{FFFD}')
}

impl Analysis {
    pub(super) fn of(text: &str, verbatim: bool, v3: bool) -> Analysis {
        let indicator_at_start = match text.as_bytes() {
            [] => {
                return Analysis { broken: false, multiline: false, plain: true, single: true, block: false };
            }
            [b'-', b'-', b'-', ..]
            | [b'.', b'.', b'.', ..]
            | [
                b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"'
                | b'%' | b'@' | b'`',
                ..,
            ]
            | [b'?' | b':' | b'-']
            | [b'?' | b':' | b'-', b' ' | b'\t', ..] => true,
            _ => false,
        };
        let (mut indicator, mut special) = (indicator_at_start, false);
        let (mut broken, mut multiline, mut tab) = (false, false, false);
        let (mut break_space, mut space_break) = (false, false);
        let mut before = '\n';
        let unicode_break = |c| verbatim && is_unicode_break(c);
        let mut chars = text.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                ' ' => break_space |= before == '\n' && at > 0,
                '\n' => {
                    multiline = true;
                    space_break |= before == ' ';
                }
                ':' if at > 0 => {
                    let next = chars.as_str();
                    indicator |= matches!(next.as_bytes().first(), None | Some(b' ' | b'\t'))
                        || next.starts_with(unicode_break);
                }
                c if unicode_break(c) => {
                    broken = true;
                    space_break |= before == ' ';
                    before = '\n';
                    continue;
                }
                '#' => indicator |= matches!(before, ' ' | '\t' | '\n'),
                '\t' if v3 => tab = true,
                c => {
                    broken |= matches!(c, '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
                    special |= !is_printable(c);
                }
            }
            before = c;
        }
        let at_edge = |c: char| text.starts_with(c) || text.ends_with(c);
        let trailing_space = text.ends_with(' ');
        let unbroken = !verbatim || !broken || !text.contains(is_unicode_break);
        let quotable = !space_break && !special;
        Analysis {
            broken: broken || multiline,
            multiline,
            plain: quotable
                && !tab
                && unbroken
                && !break_space
                && !multiline
                && !indicator
                && !at_edge(' ')
                && !at_edge('\n'),
            single: quotable && !tab && !break_space,
            block: quotable && !trailing_space,
        }
    }

    /// The style for a string; as a key before `:` it has to stay in one line. If it is to be written verbatim,
    /// what others make of it does not count.
    pub(super) fn style(self, text: &str, simple_key: bool, verbatim: bool) -> Style {
        if self.multiline {
            return if self.block && !simple_key { Style::Literal } else { Style::Double };
        }
        if !means_itself(text, verbatim) || !verbatim && simple_key && text == "<<" {
            return Style::Double;
        }
        match self {
            Analysis { plain: true, .. } => Style::Plain,
            Analysis { single: true, .. } => Style::Single,
            _ => Style::Double,
        }
    }
}

/// Whether a plain scalar is read as the string that it is.
///
/// go-yaml also quotes times and numbers to base 60, which other readers take for more than strings. Beyond it,
/// floats that overflow are quoted: they are strings to Go and infinite to readers of YAML 1.2.
fn means_itself(text: &str, verbatim: bool) -> bool {
    let number_like = matches!(text.as_bytes().first(), Some(b'0'..=b'9' | b'+' | b'-' | b'.'));
    resolve(text) == Resolved::String
        && !(number_like && (is_base_60(text) || is_timestamp(text) || !verbatim && overflows(text)))
}

fn overflows(text: &str) -> bool {
    text.bytes().any(|b| matches!(b, b'e' | b'E'))
        && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-' | b'_'))
        && text.replace('_', "").parse().is_ok_and(f64::is_infinite)
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (parts, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut parts = parts.split(':');
    let is_count = |s: &str| {
        s.starts_with(|c: char| c.is_ascii_digit()) && s.bytes().all(|b| b.is_ascii_digit() || b == b'_')
    };
    let is_sixtieth = |s: &str| matches!(s.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    parts.next().is_some_and(is_count)
        && unsigned.contains(':')
        && parts.all(is_sixtieth)
        && fraction.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}
