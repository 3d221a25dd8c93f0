//! Marks in a text, and what is wrong with its bytes.

/// Go's reader takes so many bytes at a time, and refuses a whole portion.
const PORTION: usize = 512;

/// A place in a text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    /// The byte.
    pub(super) at: usize,
    /// The number of characters before it.
    pub(super) index: usize,
    /// The number of lines before it.
    pub(super) line: usize,
    /// The number of characters before it in its line.
    pub(super) column: usize,
}

/// What Go's reader would refuse in a text, and when it comes to that.
#[derive(Debug)]
pub(super) struct Input<'t> {
    /// The text up to what is refused.
    pub(super) text: &'t str,
    /// How many characters may be looked at before it is refused.
    pub(super) characters: usize,
    /// Why it is refused.
    pub(super) fault: &'static str,
    /// In so many characters go-yaml takes the first one of each line for a byte order mark: it looks at the first
    /// of what it has read instead, which is one if a text begins with two.
    pub(super) marked: usize,
}

impl<'t> Input<'t> {
    /// Looks through the bytes of a text.
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        let text = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let mark = if bytes.starts_with("\u{FEFF}".as_bytes()) { '\u{FEFF}'.len_utf8() } else { 0 };
        let marked = if text[mark..].starts_with('\u{FEFF}') {
            let portion = text[mark..].char_indices().take_while(|(at, _)| *at < PORTION - mark);
            portion.count()
        } else {
            0
        };
        let control = text[mark..].find(is_refused).map(|n| mark + n);
        let cut_off = "incomplete UTF-8 octet sequence";
        let (at, fault) = match control {
            Some(at) => (at, "control characters are not allowed"),
            None if text.len() < bytes.len() => (text.len(), octets(&bytes[text.len()..])),
            None => return Input { text, characters: usize::MAX, fault: "", marked },
        };
        let text = &text[..at];
        // that a character is cut off shows when there is no more to read
        let characters =
            if fault == cut_off { text[mark..].chars().count() } else { readable(&text[mark..], mark) };
        Input { text, characters, fault, marked }
    }
}

/// Whether Go refuses a character wherever it stands.
fn is_refused(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{84}'
        | '\u{86}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// How many characters of a text are read before the portion that its end is in; `skipped` bytes precede it.
fn readable(text: &str, skipped: usize) -> usize {
    let (mut start, mut room) = (0, PORTION - skipped);
    let mut characters = 0;
    while text.len() - start >= room {
        let end = (start + room).min(text.len());
        let whole = (start..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(start);
        characters += text[start..whole].chars().count();
        // what is left of a character is at the front of the next portion
        room = PORTION;
        start = whole;
    }
    characters
}

/// What is wrong with bytes that are no UTF-8, as go-yaml's reader tells it.
pub(super) fn octets(bytes: &[u8]) -> &'static str {
    let Some(first) = bytes.first() else { return "invalid leading UTF-8 octet" };
    let width = match first {
        0x00..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => return "invalid leading UTF-8 octet",
    };
    let Some(octets) = bytes.get(..width) else { return "incomplete UTF-8 octet sequence" };
    if octets[1..].iter().any(|octet| octet & 0xc0 != 0x80) {
        return "invalid trailing UTF-8 octet";
    }
    let bits = u32::from(first & (0xff >> (width + 1)));
    let code = octets[1..].iter().fold(bits, |code, octet| code << 6 | u32::from(octet & 0x3f));
    match (width, code) {
        (2, 0..0x80) | (3, 0..0x800) | (4, 0..0x1_0000) => "invalid length of a UTF-8 sequence",
        _ => "invalid Unicode character",
    }
}

#[cfg(test)]
mod tests {
    use super::octets;

    #[test]
    fn bytes_are_told_as_go_has_them() {
        assert_eq!(octets(b"\xff"), "invalid leading UTF-8 octet");
        assert_eq!(octets(b"\xf0\x9f"), "incomplete UTF-8 octet sequence");
        assert_eq!(octets(b"\xc3\\x"), "invalid trailing UTF-8 octet");
        assert_eq!(octets(b"\xc0\x80"), "invalid length of a UTF-8 sequence");
        assert_eq!(octets(b"\xed\xa0\x80"), "invalid Unicode character");
    }
}
