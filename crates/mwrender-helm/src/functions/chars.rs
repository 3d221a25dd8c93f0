//! Characters in byte strings as Go sees them: a byte that is no UTF-8 is U+FFFD, and letters have one upper and
//! one lower case each.

use unicode_general_category::{GeneralCategory, get_general_category};

/// The characters with their offsets and widths in bytes.
pub(crate) fn chars(bytes: &[u8]) -> impl Iterator<Item = (usize, usize, char)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (c, width) = first(bytes.get(at..).filter(|rest| !rest.is_empty())?);
        at += width;
        Some((at - width, width, c))
    })
}

/// The first character and its width; `bytes` must not be empty.
pub(crate) fn first(bytes: &[u8]) -> (char, usize) {
    let width = match bytes[0] {
        0..0x80 => return (char::from(bytes[0]), 1),
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return (char::REPLACEMENT_CHARACTER, 1),
    };
    let c = bytes.get(..width).and_then(|b| std::str::from_utf8(b).ok()).and_then(|s| s.chars().next());
    c.map_or((char::REPLACEMENT_CHARACTER, 1), |c| (c, width))
}

/// The last character and its width; `bytes` must not be empty.
pub(super) fn last(bytes: &[u8]) -> (char, usize) {
    let end = bytes.len();
    for width in 1..=end.min(4) {
        let (c, found) = first(&bytes[end - width..]);
        if found == width && (width > 1 || c != char::REPLACEMENT_CHARACTER) {
            return (c, width);
        }
    }
    (char::REPLACEMENT_CHARACTER, 1)
}

/// Appends a character.
pub(super) fn push(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Each character through a function.
pub(super) fn map(bytes: &[u8], mut f: impl FnMut(char) -> char) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (_, _, c) in chars(bytes) {
        push(&mut out, f(c));
    }
    out
}

fn single(c: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

fn shifted(c: char, by: u32) -> char {
    char::from_u32(c as u32 + by).unwrap_or(c)
}

/// `unicode.ToUpper`.
pub(super) fn upper(c: char) -> char {
    match c {
        // letters with an iota subscript have one upper case besides the one of two letters
        '\u{1F80}'..='\u{1F87}' | '\u{1F90}'..='\u{1F97}' | '\u{1FA0}'..='\u{1FA7}' => shifted(c, 8),
        '\u{1FB3}' | '\u{1FC3}' | '\u{1FF3}' => shifted(c, 9),
        c if newer_than_go(c) => c,
        c => single(c, c.to_uppercase()),
    }
}

/// `unicode.ToLower`.
pub(super) fn lower(c: char) -> char {
    match c {
        'İ' => 'i',
        c if newer_than_go(c) => c,
        c => single(c, c.to_lowercase()),
    }
}

/// `unicode.ToTitle`.
pub(super) fn title(c: char) -> char {
    match c {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        '\u{10D0}'..='\u{10FA}' | '\u{10FD}'..='\u{10FF}' => c,
        c => upper(c),
    }
}

/// Letters whose other case came with Unicode 16 or later; Go 1.24 has Unicode 15.
fn newer_than_go(c: char) -> bool {
    matches!(c, '\u{19B}' | '\u{264}' | '\u{1C89}'..='\u{1C8A}' | '\u{A7CB}'..='\u{A7CF}' | '\u{A7D2}'..='\u{A7D5}'
        | '\u{A7DA}'..='\u{A7DC}' | '\u{10D50}'..='\u{10D85}' | '\u{16EA0}'..='\u{16ED3}')
}

/// `unicode.IsUpper`.
pub(super) fn is_upper(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_uppercase();
    }
    get_general_category(c) == GeneralCategory::UppercaseLetter && !newer_than_go(c)
}

/// `unicode.IsLower`.
pub(super) fn is_lower(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_lowercase();
    }
    get_general_category(c) == GeneralCategory::LowercaseLetter
}

/// `unicode.IsTitle`.
pub(super) fn is_title(c: char) -> bool {
    !c.is_ascii() && get_general_category(c) == GeneralCategory::TitlecaseLetter
}

/// `unicode.IsLetter`.
pub(super) fn is_letter(c: char) -> bool {
    use GeneralCategory::{LowercaseLetter, ModifierLetter, OtherLetter, TitlecaseLetter, UppercaseLetter};
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    let is_letter = matches!(
        get_general_category(c),
        UppercaseLetter | LowercaseLetter | TitlecaseLetter | ModifierLetter | OtherLetter
    );
    is_letter && !is_letter_newer_than_go(c)
}

/// Letters of Unicode 15.1 and later.
fn is_letter_newer_than_go(c: char) -> bool {
    matches!(c, '\u{1C89}'..='\u{1C8A}' | '\u{A7CB}'..='\u{A7CD}' | '\u{A7DA}'..='\u{A7DC}'
        | '\u{105C0}'..='\u{105F3}' | '\u{10D4A}'..='\u{10D65}' | '\u{10D6F}'..='\u{10D85}'
        | '\u{10EC2}'..='\u{10EC4}' | '\u{11380}'..='\u{113D3}' | '\u{11BC0}'..='\u{11BE0}'
        | '\u{13460}'..='\u{143FA}' | '\u{16100}'..='\u{1611D}' | '\u{16D40}'..='\u{16D6C}' | '\u{18CFF}'
        | '\u{1E5D0}'..='\u{1E5F0}' | '\u{2EBF0}'..='\u{2EE5D}')
}

/// `unicode.IsDigit`.
pub(super) fn is_digit(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { get_general_category(c) == GeneralCategory::DecimalNumber }
}

/// `unicode.IsNumber`.
pub(super) fn is_number(c: char) -> bool {
    use GeneralCategory::{DecimalNumber, LetterNumber, OtherNumber};
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    matches!(get_general_category(c), DecimalNumber | LetterNumber | OtherNumber)
}

/// `unicode.IsPunct`.
pub(super) fn is_punctuation(c: char) -> bool {
    use GeneralCategory::{
        ClosePunctuation, ConnectorPunctuation, DashPunctuation, FinalPunctuation, InitialPunctuation,
        OpenPunctuation, OtherPunctuation,
    };
    matches!(
        get_general_category(c),
        ConnectorPunctuation
            | DashPunctuation
            | OpenPunctuation
            | ClosePunctuation
            | InitialPunctuation
            | FinalPunctuation
            | OtherPunctuation
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_single_letters() {
        assert_eq!((upper('ß'), upper('é'), upper('ᾳ'), upper('ǆ')), ('ß', 'É', 'ᾼ', 'Ǆ'));
        assert_eq!((lower('İ'), lower('É'), title('ǆ')), ('i', 'é', 'ǅ'));
        assert!(is_upper('É') && !is_upper('Ⓐ') && is_title('ǅ'));
        assert!(is_letter('中') && !is_letter('\u{1C89}') && !is_letter('\u{2EBF0}'));
    }

    #[test]
    fn broken_bytes_count_one_each() {
        let found: Vec<_> = chars(b"a\xE2\x82\xC3\xA9").collect();
        assert_eq!(found, [(0, 1, 'a'), (1, 1, '\u{FFFD}'), (2, 1, '\u{FFFD}'), (3, 2, 'é')]);
        assert_eq!(
            (last("aé".as_bytes()), last(b"\xC3"), last(b"a\xA9")),
            (('é', 2), ('\u{FFFD}', 1), ('\u{FFFD}', 1))
        );
    }
}
