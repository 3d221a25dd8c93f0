//! Characters in byte strings, which need not be UTF-8.

use std::cmp::Ordering;

use super::tables::{DIGIT, LETTER, PRINT};

/// The first character and its width in bytes; U+FFFD of width 1 where the bytes are not UTF-8.
///
/// `bytes` must not be empty.
pub(crate) fn decode(bytes: &[u8]) -> (char, usize) {
    let first = bytes[0];
    if first < 0x80 {
        return (char::from(first), 1);
    }
    let width = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return (char::REPLACEMENT_CHARACTER, 1),
    };
    match bytes.get(..width).and_then(|b| std::str::from_utf8(b).ok()).and_then(|s| s.chars().next()) {
        Some(c) => (c, width),
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}

/// The number of characters, a byte that is not UTF-8 counting as one.
pub(crate) fn count(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    let (mut at, mut n) = (0, 0);
    while at < bytes.len() {
        at += decode(&bytes[at..]).1;
        n += 1;
    }
    n
}

/// Appends a character as UTF-8.
pub(crate) fn push(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn within(c: char, ranges: &[(u32, u32)]) -> bool {
    let c = c as u32;
    ranges
        .binary_search_by(|&(low, high)| {
            if high < c {
                Ordering::Less
            } else if low > c {
                Ordering::Greater
            } else {
                Ordering::Equal
            }
        })
        .is_ok()
}

/// Go's `strconv.IsPrint`.
pub(crate) fn is_print(c: char) -> bool {
    if c.is_ascii() { matches!(c, ' '..='~') } else { within(c, &PRINT) }
}

/// Whether the character may stand in a name: `_`, a letter or a digit.
pub(crate) fn is_alphanumeric(c: char) -> bool {
    if c.is_ascii() { c == '_' || c.is_ascii_alphanumeric() } else { within(c, &LETTER) || within(c, &DIGIT) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_bytes_are_one_character_each() {
        assert_eq!(decode(b"\xffa"), ('\u{fffd}', 1));
        assert_eq!(decode("é".as_bytes()), ('é', 2));
        assert_eq!(decode(b"\xed\xa0\x80"), ('\u{fffd}', 1));
        assert_eq!(count(b"a\xc3\xc3\xa9"), 3);
    }

    #[test]
    fn classes_are_those_of_go() {
        assert!(is_print('é') && !is_print('\u{ad}') && !is_print('\u{a0}') && !is_print('\t'));
        assert!(
            is_alphanumeric('ß') && is_alphanumeric('٣') && !is_alphanumeric('“') && !is_alphanumeric('-')
        );
    }
}
