//! Classes of characters, and single characters that are escaped.

use std::fmt::Write;

use super::names;
use super::pattern::{check_utf8, next, wrong};

/// A character as the regex crate reads it in any place.
pub(super) fn escape(c: u32) -> String {
    match char::from_u32(c) {
        Some(c) if c.is_ascii_alphanumeric() || !c.is_ascii() => c.to_string(),
        _ => format!("\\x{{{c:X}}}"),
    }
}

/// `\d` and its kin, which are ASCII's.
pub(super) fn perl(text: &[u8]) -> Option<&'static str> {
    Some(match text.get(..2)? {
        b"\\d" => "[0-9]",
        b"\\D" => "[^0-9]",
        b"\\s" => "[\\t\\n\\x0C\\r ]",
        b"\\S" => "[^\\t\\n\\x0C\\r ]",
        b"\\w" => "[0-9A-Za-z_]",
        b"\\W" => "[^0-9A-Za-z_]",
        _ => return None,
    })
}

/// `[:alpha:]` and its kin.
fn posix(name: &[u8]) -> Option<String> {
    let (negated, name) = match name {
        [b'^', rest @ ..] => ("^", rest),
        _ => ("", name),
    };
    let ranges = match name {
        b"alnum" => "0-9A-Za-z",
        b"alpha" => "A-Za-z",
        b"ascii" => "\\x00-\\x7F",
        b"blank" => "\\t ",
        b"cntrl" => "\\x00-\\x1F\\x7F",
        b"digit" => "0-9",
        b"graph" => "\\x21-\\x7E",
        b"lower" => "a-z",
        b"print" => "\\x20-\\x7E",
        b"punct" => "\\x21-\\x2F\\x3A-\\x40\\x5B-\\x60\\x7B-\\x7E",
        b"space" => "\\t\\n\\x0B\\x0C\\r ",
        b"upper" => "A-Z",
        b"word" => "0-9A-Za-z_",
        b"xdigit" => "0-9A-Fa-f",
        _ => return None,
    };
    Some(format!("[{negated}{ranges}]"))
}

type Read<'t, T> = Result<(T, &'t [u8]), Vec<u8>>;

/// `\pL` or `\p{Greek}` at the beginning, and what is behind it.
pub(super) fn unicode(text: &[u8]) -> Result<Option<(String, &[u8])>, Vec<u8>> {
    let [b'\\', letter @ (b'p' | b'P'), rest @ ..] = text else { return Ok(None) };
    let (c, mut behind) = next(rest)?;
    let name = if c == '{' {
        let Some(end) = rest.iter().position(|b| *b == b'}') else {
            check_utf8(text)?;
            return Err(wrong("invalid character class range", text));
        };
        behind = &rest[end + 1..];
        check_utf8(&rest[1..end])?;
        &rest[1..end]
    } else {
        &rest[..rest.len() - behind.len()]
    };
    let (negated, name) = match name {
        [b'^', name @ ..] => (*letter == b'p', name),
        _ => (*letter == b'P', name),
    };
    let class = std::str::from_utf8(name).ok().and_then(names::class);
    let Some(class) = class else {
        return Err(wrong("invalid character class range", &text[..text.len() - behind.len()]));
    };
    Ok(Some((format!("[{}{class}]", if negated { "^" } else { "" }), behind)))
}

/// A class in brackets at the beginning, and what is behind it.
pub(super) fn bracketed(all: &[u8]) -> Read<'_, String> {
    let mut rest = &all[1..];
    let negated = rest.starts_with(b"^");
    if negated {
        rest = &rest[1..];
    }
    let mut out = String::new();
    let mut first = true;
    while first || !rest.starts_with(b"]") {
        first = false;
        if let [b'[', b':', name @ ..] = rest
            && let Some(end) = memchr::memmem::find(name, b":]")
        {
            let Some(class) = posix(&name[..end]) else {
                return Err(wrong("invalid character class range", &rest[..end + 4]));
            };
            out.push_str(&class);
            rest = &name[end + 2..];
            continue;
        }
        if let Some((class, behind)) = unicode(rest)? {
            out.push_str(&class);
            rest = behind;
            continue;
        }
        if let Some(class) = perl(rest) {
            out.push_str(class);
            rest = &rest[2..];
            continue;
        }
        let range = rest;
        let (low, behind) = single(rest, all)?;
        rest = behind;
        let mut high = low;
        if let [b'-', second, ..] = rest
            && *second != b']'
        {
            (high, rest) = single(&rest[1..], all)?;
            if high < low {
                return Err(wrong("invalid character class range", &range[..range.len() - rest.len()]));
            }
        }
        // surrogates are in no text
        let low = if (0xD800..0xE000).contains(&low) { 0xE000 } else { low };
        let high = if (0xD800..0xE000).contains(&high) { 0xD7FF } else { high };
        if low <= high {
            let _ = write!(out, "\\x{{{low:X}}}-\\x{{{high:X}}}");
        }
    }
    if out.is_empty() {
        out.push_str(names::NOTHING);
    }
    Ok((format!("[{}{out}]", if negated { "^" } else { "" }), &rest[1..]))
}

/// A character of a class; `all` is the class from its beginning.
fn single<'t>(text: &'t [u8], all: &[u8]) -> Read<'t, u32> {
    match text {
        [] => Err(wrong("missing closing ]", all)),
        [b'\\', ..] => escaped(text),
        _ => next(text).map(|(c, rest)| (u32::from(c), rest)),
    }
}

/// A single character behind a backslash.
pub(super) fn escaped(text: &[u8]) -> Read<'_, u32> {
    let rest = &text[1..];
    if rest.is_empty() {
        return Err(wrong("trailing backslash at end of expression", b""));
    }
    let (c, rest) = next(rest)?;
    let invalid = |rest: &[u8]| wrong("invalid escape sequence", &text[..text.len() - rest.len()]);
    let is_octal = |b: Option<&u8>| b.is_some_and(|b| (b'0'..=b'7').contains(b));
    let value = match c {
        'a' => 7,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        '0'..='7' if c == '0' || is_octal(rest.first()) => {
            let more = rest.iter().take(2).take_while(|b| is_octal(Some(b))).count();
            let value = rest[..more].iter().fold(u32::from(c) - 48, |v, b| v * 8 + u32::from(b - b'0'));
            return Ok((value, &rest[more..]));
        }
        'x' => return hexadecimal(rest).map_err(|left| left.unwrap_or_else(invalid)),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => u32::from(c),
        _ => return Err(invalid(rest)),
    };
    Ok((value, rest))
}

/// What went wrong: a text, or where an escape stopped to be one.
enum Stopped<'t> {
    Text(Vec<u8>),
    At(&'t [u8]),
}

impl<'t> Stopped<'t> {
    fn unwrap_or_else(self, invalid: impl Fn(&'t [u8]) -> Vec<u8>) -> Vec<u8> {
        match self {
            Stopped::Text(text) => text,
            Stopped::At(rest) => invalid(rest),
        }
    }
}

/// Two digits, or any number of them in braces.
fn hexadecimal(text: &[u8]) -> Result<(u32, &[u8]), Stopped<'_>> {
    if text.is_empty() {
        return Err(Stopped::At(text));
    }
    let (c, mut rest) = next(text).map_err(Stopped::Text)?;
    if c != '{' {
        let (second, rest) = next(rest).map_err(Stopped::Text)?;
        return match (c.to_digit(16), second.to_digit(16)) {
            (Some(high), Some(low)) => Ok((high * 16 + low, rest)),
            _ => Err(Stopped::At(rest)),
        };
    }
    let (mut value, mut digits) = (0u32, 0);
    loop {
        if rest.is_empty() {
            return Err(Stopped::At(rest));
        }
        let (c, behind) = next(rest).map_err(Stopped::Text)?;
        rest = behind;
        if c == '}' {
            break;
        }
        match c.to_digit(16).map(|digit| value * 16 + digit) {
            Some(next) if next <= 0x10_FFFF => value = next,
            _ => return Err(Stopped::At(rest)),
        }
        digits += 1;
    }
    if digits == 0 { Err(Stopped::At(rest)) } else { Ok((value, rest)) }
}
