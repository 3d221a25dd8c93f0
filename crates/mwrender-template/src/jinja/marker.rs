//! Markers in the text of a tracked render.
//!
//! Unicode's noncharacters U+FDD0 to U+FDEF never occur in text that is meant for interchange, and every reader
//! of mwrender refuses them. In a tracked render they surround what an expression printed, say which template
//! line a piece of text stands on, and where an `if`, a `for` or an `include` begins and ends.

/// What is being marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// An expression's output begins; the number is that of an emission.
    Emit(u32),
    /// It ends.
    EmitEnd,
    /// Text of the template follows; the number is that of a site.
    Raw(u32),
    /// A region begins; the number is that of a context.
    Context(u32),
    /// It ends.
    ContextEnd,
}

const EMIT: char = '\u{FDD0}';
const EMIT_END: char = '\u{FDD1}';
const RAW: char = '\u{FDD2}';
const CONTEXT: char = '\u{FDD3}';
const CONTEXT_END: char = '\u{FDD4}';
const NUMBER_END: char = '\u{FDD5}';
const DIGITS: u32 = 0xFDE0;
/// All of them take three bytes in UTF-8.
const WIDTH: usize = 3;

/// Whether a character is one of ours.
pub(crate) fn is_marker(c: char) -> bool {
    ('\u{FDD0}'..='\u{FDEF}').contains(&c)
}

/// Whether a text has markers.
pub(crate) fn has_markers(text: &str) -> bool {
    find(text.as_bytes()).is_some()
}

/// The byte at which the next marker starts: EF B7 with a third byte from 90 to AF.
fn find(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(n) = bytes[from..].iter().position(|b| *b == 0xEF) {
        let at = from + n;
        if bytes.get(at + 1) == Some(&0xB7) && bytes.get(at + 2).is_some_and(|b| (0x90..=0xAF).contains(b)) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// Appends a marker.
pub(crate) fn push(out: &mut String, mark: Mark) {
    let (c, number) = match mark {
        Mark::Emit(n) => (EMIT, n),
        Mark::EmitEnd => return out.push(EMIT_END),
        Mark::Raw(n) => (RAW, n),
        Mark::Context(n) => (CONTEXT, n),
        Mark::ContextEnd => return out.push(CONTEXT_END),
    };
    out.push(c);
    let digits = (32 - number.leading_zeros()).div_ceil(4).max(1);
    for i in (0..digits).rev() {
        out.push(char::from_u32(DIGITS + (number >> (4 * i) & 15)).unwrap_or(NUMBER_END));
    }
    out.push(NUMBER_END);
}

/// A piece of a marked text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// Visible text.
    Text(&'a str),
    /// A marker.
    Mark(Mark),
}

/// The texts and markers of a marked text, in order.
pub(crate) fn tokens(marked: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = marked;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let n = find(rest.as_bytes()).unwrap_or(rest.len());
        if n > 0 {
            let (text, tail) = rest.split_at(n);
            rest = tail;
            return Some(Token::Text(text));
        }
        let c = rest.chars().next()?;
        rest = &rest[WIDTH..];
        let mut number = || {
            let mut value = 0u32;
            while let Some(c) = rest.chars().next().filter(|c| is_marker(*c)) {
                rest = &rest[WIDTH..];
                if c == NUMBER_END {
                    break;
                }
                value = value << 4 | (c as u32).saturating_sub(DIGITS) & 15;
            }
            value
        };
        Some(Token::Mark(match c {
            EMIT => Mark::Emit(number()),
            RAW => Mark::Raw(number()),
            CONTEXT => Mark::Context(number()),
            CONTEXT_END => Mark::ContextEnd,
            _ => Mark::EmitEnd,
        }))
    })
}

/// The text without its markers.
pub(crate) fn strip(marked: &str) -> String {
    tokens(marked)
        .filter_map(|t| match t {
            Token::Text(text) => Some(text),
            Token::Mark(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_round_trip() {
        let marks =
            [Mark::Emit(0), Mark::EmitEnd, Mark::Raw(15), Mark::Context(0x1234_5678), Mark::ContextEnd];
        let mut text = String::from("a");
        for mark in marks {
            push(&mut text, mark);
            text.push('é');
        }
        let read: Vec<_> =
            tokens(&text).filter_map(|t| if let Token::Mark(m) = t { Some(m) } else { None }).collect();
        assert_eq!(read, marks);
        assert_eq!(strip(&text), "aééééé");
        assert!(has_markers(&text) && !has_markers("a\u{FDF0}\u{FDCF}é"));
    }
}
