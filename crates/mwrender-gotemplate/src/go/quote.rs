//! Quoted strings and characters: `strconv.Quote` and `strconv.Unquote`.

use super::unicode::{decode, is_print, push};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends `bytes` between `quote` characters, as `%q` does; with `ascii` as `%+q` does.
pub(crate) fn quote_into(out: &mut Vec<u8>, bytes: &[u8], quote: u8, ascii: bool) {
    out.push(quote);
    let mut at = 0;
    while at < bytes.len() {
        let (c, width) = decode(&bytes[at..]);
        if width == 1 && c == char::REPLACEMENT_CHARACTER {
            let b = bytes[at];
            out.extend_from_slice(&[b'\\', b'x', HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]);
        } else {
            escape_into(out, c, quote, ascii);
        }
        at += width;
    }
    out.push(quote);
}

fn escape_into(out: &mut Vec<u8>, c: char, quote: u8, ascii: bool) {
    if c == char::from(quote) || c == '\\' {
        out.push(b'\\');
        return push(out, c);
    }
    if is_print(c) && (c.is_ascii() || !ascii) {
        return push(out, c);
    }
    let short = match c {
        '\x07' => b'a',
        '\x08' => b'b',
        '\x0c' => b'f',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\x0b' => b'v',
        _ => {
            let (letter, digits) = match c as u32 {
                0..0x80 => (b'x', 2),
                0x80..0x1_0000 => (b'u', 4),
                _ => (b'U', 8),
            };
            out.extend_from_slice(&[b'\\', letter]);
            for i in (0..digits).rev() {
                out.push(HEX[(c as usize >> (4 * i)) & 15]);
            }
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// `"..."` as `%q` prints it, for messages.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() + 2);
    quote_into(&mut out, bytes, b'"', false);
    String::from_utf8_lossy(&out).into_owned()
}

/// One character of a quoted text: its value, whether it stands for a whole character (rather than for a
/// byte), and its width in the source.
pub(crate) fn unquote_char(bytes: &[u8], quote: u8) -> Option<(u32, bool, usize)> {
    let first = *bytes.first()?;
    if first == quote && matches!(quote, b'\'' | b'"') {
        return None;
    }
    if first >= 0x80 {
        let (c, width) = decode(bytes);
        return Some((c as u32, true, width));
    }
    if first != b'\\' {
        return Some((u32::from(first), false, 1));
    }
    let simple = |c: u8| Some((u32::from(c), false, 2));
    let kind = *bytes.get(1)?;
    match kind {
        b'a' => simple(7),
        b'b' => simple(8),
        b'f' => simple(12),
        b'n' => simple(b'\n'),
        b'r' => simple(b'\r'),
        b't' => simple(b'\t'),
        b'v' => simple(11),
        b'\\' => simple(b'\\'),
        b'\'' | b'"' if kind == quote => simple(kind),
        b'x' | b'u' | b'U' => {
            let digits = match kind {
                b'x' => 2,
                b'u' => 4,
                _ => 8,
            };
            let mut value = 0u32;
            for &d in bytes.get(2..2 + digits)? {
                value = value.checked_mul(16)? + char::from(d).to_digit(16)?;
            }
            if kind == b'x' {
                return Some((value, false, 4));
            }
            char::from_u32(value)?;
            Some((value, true, 2 + digits))
        }
        b'0'..=b'7' => {
            let mut value = 0;
            for &d in bytes.get(1..4)? {
                value = value * 8 + char::from(d).to_digit(8)?;
            }
            (value <= 255).then_some((value, false, 4))
        }
        _ => None,
    }
}

/// The text that a string of the template stands for, its quotes included in `bytes`; `None` where Go says
/// `invalid syntax`.
pub(crate) fn unquote(bytes: &[u8]) -> Option<Vec<u8>> {
    let quote = *bytes.first()?;
    let inner = bytes.get(1..bytes.len().checked_sub(1)?)?;
    if quote == b'`' {
        return Some(inner.iter().copied().filter(|&b| b != b'\r').collect());
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(&b) = rest.first() {
        if b == b'\n' {
            return None;
        }
        let (value, character, width) = unquote_char(rest, quote)?;
        if character {
            push(&mut out, char::from_u32(value)?);
        } else {
            out.push(u8::try_from(value).ok()?);
        }
        rest = &rest[width..];
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_and_back() {
        for (text, shown) in [
            (&b"a\"b"[..], r#""a\"b""#),
            (b"\n\t\x01\x7f", r#""\n\t\x01\x7f""#),
            ("é😀\u{ad}\u{e0001}".as_bytes(), "\"é😀\\u00ad\\U000e0001\""),
            (b"\xff", r#""\xff""#),
        ] {
            assert_eq!(quoted(text), shown);
            assert_eq!(unquote(shown.as_bytes()).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_go_refuses() {
        for bad in
            [r#""\'""#, r#""\q""#, r#""\400""#, r#""\x4""#, r#""\ud800""#, r#""\Uffffffff""#, "\"a\nb\""]
        {
            assert_eq!(unquote(bad.as_bytes()), None, "{bad}");
        }
    }
}
