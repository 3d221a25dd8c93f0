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
}

/// What of a text is in Go's buffer.
///
/// It matters because go-yaml leaves out a byte order mark at the start of a line, but looks for it at the start of
/// the buffer. So where the buffer begins with one, the first character of each line is left out.
#[derive(Debug)]
pub(super) struct Buffer {
    /// The byte that it begins with.
    start: usize,
    /// The number of characters up to its end.
    characters: usize,
    /// The byte after its end.
    end: usize,
    /// How many bytes the next portion may have.
    room: usize,
}

impl Buffer {
    /// The buffer before a text is read from a byte on.
    pub(super) fn new(at: usize) -> Buffer {
        Buffer { start: at, characters: 0, end: at, room: PORTION - at }
    }

    /// Reads until there are so many characters from a mark on; then the buffer begins there.
    pub(super) fn fill(&mut self, text: &str, mark: Mark, characters: usize) {
        let wanted = mark.index.saturating_add(characters);
        if wanted <= self.characters {
            return;
        }
        self.start = mark.at;
        while self.characters < wanted {
            if self.end == text.len() {
                // one for the end, each time that it is read
                self.characters += 1;
                return;
            }
            let end = whole(text, self.end, self.room);
            self.characters += text[self.end..end].chars().count();
            (self.end, self.room) = (end, PORTION);
        }
    }

    /// Whether it begins with a byte order mark.
    pub(super) fn is_marked(&self, text: &str) -> bool {
        text[self.start..].starts_with('\u{FEFF}')
    }
}

/// Where the last character ends that is wholly in a portion.
fn whole(text: &str, start: usize, room: usize) -> usize {
    let end = (start + room).min(text.len());
    (start..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(start)
}

impl<'t> Input<'t> {
    /// Looks through the bytes of a text.
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        let text = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let mark = if bytes.starts_with("\u{FEFF}".as_bytes()) { '\u{FEFF}'.len_utf8() } else { 0 };
        let control = text[mark..].find(is_refused).map(|n| mark + n);
        let cut_off = "incomplete UTF-8 octet sequence";
        let (at, fault) = match control {
            Some(at) => (at, "control characters are not allowed"),
            None if text.len() < bytes.len() => (text.len(), octets(&bytes[text.len()..])),
            None => return Input { text, characters: usize::MAX, fault: "" },
        };
        let text = &text[..at];
        // that a character is cut off shows when there is no more to read
        let characters = if fault == cut_off {
            text[mark..].chars().count()
        } else {
            readable(&text[mark..], mark, width(bytes[at]))
        };
        Input { text, characters, fault }
    }
}

/// Whether Go refuses a character wherever it stands.
fn is_refused(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{84}'
        | '\u{86}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// How many characters of a text are read before the portion in which what is behind it ends, which has so many bytes;
/// `skipped` bytes precede it.
fn readable(text: &str, skipped: usize, behind: usize) -> usize {
    let (mut start, mut room) = (0, PORTION - skipped);
    let mut characters = 0;
    while text.len() + behind - start > room {
        let end = whole(text, start, room);
        characters += text[start..end].chars().count();
        // what is left of a character is at the front of the next portion
        room = PORTION;
        start = end;
    }
    characters
}

/// The text that UTF-16 is, with its byte order mark; `None` if there is no such mark.
///
/// # Errors
/// What go-yaml's reader says of units that are no text.
pub(super) fn utf16(bytes: &[u8]) -> Option<std::result::Result<String, &'static str>> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let mut units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text = String::with_capacity(bytes.len());
    let mut fault = if bytes.len().is_multiple_of(2) { None } else { Some("incomplete UTF-16 character") };
    while let Some(first) = units.next() {
        let low = if (0xD800..0xDC00).contains(&first) { units.next() } else { None };
        match char::decode_utf16(std::iter::once(first).chain(low)).next() {
            Some(Ok(c)) => text.push(c),
            _ => {
                fault = Some(match (first, low) {
                    (0xDC00.., _) => "unexpected low surrogate area",
                    (_, None) => "incomplete UTF-16 surrogate pair",
                    _ => "expected low surrogate area",
                });
                break;
            }
        }
    }
    // what is refused before is told first
    Some(match fault.filter(|_| !text.chars().skip(1).any(is_refused)) {
        Some(fault) => Err(fault),
        None => Ok(text),
    })
}

/// How many bytes a character has that begins with a byte; one, if none does.
fn width(first: u8) -> usize {
    match first {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 1,
    }
}

/// What is wrong with bytes that are no UTF-8, as go-yaml's reader tells it.
pub(super) fn octets(bytes: &[u8]) -> &'static str {
    let Some(first) = bytes.first() else { return "invalid leading UTF-8 octet" };
    let width = width(*first);
    if *first >= 0xf8 || (0x80..0xc0).contains(first) {
        return "invalid leading UTF-8 octet";
    }
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
    use super::{octets, utf16};

    #[test]
    fn utf16_is_told_as_go_has_it() {
        let told = |bytes: &[u8]| utf16(bytes).expect("a mark");
        assert_eq!(told(b"\xff\xfea\0:\0"), Ok("\u{FEFF}a:".to_owned()));
        assert_eq!(told(b"\xfe\xff\0a\xd8\x01\xdc\x01"), Ok("\u{FEFF}a\u{10401}".to_owned()));
        assert_eq!(told(b"\xfe\xff\0a:"), Err("incomplete UTF-16 character"));
        assert_eq!(told(b"\xfe\xff\0a\xd8\x01"), Err("incomplete UTF-16 surrogate pair"));
        assert_eq!(told(b"\xfe\xff\0a\xd8\x01\0b"), Err("expected low surrogate area"));
        assert_eq!(told(b"\xfe\xff\0a\xdc\x01\0b"), Err("unexpected low surrogate area"));
        assert!(utf16(b"a: 1").is_none());
    }

    #[test]
    fn bytes_are_told_as_go_has_them() {
        assert_eq!(octets(b"\xff"), "invalid leading UTF-8 octet");
        assert_eq!(octets(b"\xf0\x9f"), "incomplete UTF-8 octet sequence");
        assert_eq!(octets(b"\xc3\\x"), "invalid trailing UTF-8 octet");
        assert_eq!(octets(b"\xc0\x80"), "invalid length of a UTF-8 sequence");
        assert_eq!(octets(b"\xed\xa0\x80"), "invalid Unicode character");
    }
}
