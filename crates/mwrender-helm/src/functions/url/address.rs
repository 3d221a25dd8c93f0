//! IP addresses as Go's `net/netip` reads them, with its messages.

use super::parse::quoted;

/// What is wrong, and where it is, if that is told.
type Fault<'t> = (&'static str, &'t [u8]);

/// A kind of address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    V4,
    V6,
}

/// Reads an address.
///
/// # Errors
/// Go's message.
pub(crate) fn parse(text: &[u8]) -> Result<Address, String> {
    let first = text.iter().find(|byte| b".:%".contains(byte));
    let read = match first {
        Some(b'.') => v4(text).map(|()| Address::V4),
        Some(b':') => v6(text).map(|()| Address::V6),
        Some(_) => Err(("missing IPv6 address", &[][..])),
        None => Err(("unable to parse IP", &[][..])),
    };
    read.map_err(|(what, at)| {
        let place = if at.is_empty() { String::new() } else { format!(" (at {})", quoted(at)) };
        format!("ParseAddr({}): {what}{place}", quoted(text))
    })
}

fn v4(text: &[u8]) -> Result<(), Fault<'_>> {
    let (mut fields, mut value, mut digits) = (0, 0u32, 0);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                if digits == 1 && value == 0 {
                    return Err(("IPv4 field has octet with leading zero", b""));
                }
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
                if value > 255 {
                    return Err(("IPv4 field has value >255", b""));
                }
            }
            b'.' => {
                if digits == 0 || at + 1 == text.len() {
                    return Err(("IPv4 field must have at least one digit", &text[at..]));
                }
                if fields == 3 {
                    return Err(("IPv4 address too long", b""));
                }
                (fields, value, digits) = (fields + 1, 0, 0);
            }
            _ => return Err(("unexpected character", &text[at..])),
        }
    }
    if fields < 3 { Err(("IPv4 address too short", b"")) } else { Ok(()) }
}

fn v6(text: &[u8]) -> Result<(), Fault<'_>> {
    let zone = text.iter().position(|byte| *byte == b'%');
    if zone.is_some_and(|at| at + 1 == text.len()) {
        return Err(("zone must be a non-empty string", b""));
    }
    let mut rest = &text[..zone.unwrap_or(text.len())];
    let (mut fields, mut gap) = (0, false);
    if let Some(behind) = rest.strip_prefix(b"::") {
        if behind.is_empty() {
            return Ok(());
        }
        (rest, gap) = (behind, true);
    }
    while fields < 8 {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        if digits > 4 {
            return Err(("each group must have 4 or less digits", rest));
        }
        if digits == 0 {
            return Err(("each colon-separated field must have at least one digit", rest));
        }
        if rest.get(digits) == Some(&b'.') {
            if !gap && fields != 6 {
                let what = "embedded IPv4 address must replace the final 2 fields of the address";
                return Err((what, rest));
            }
            if fields > 6 {
                let what = "too many hex fields to fit an embedded IPv4 at the end of the address";
                return Err((what, rest));
            }
            v4(rest)?;
            (rest, fields) = (b"", fields + 2);
            break;
        }
        fields += 1;
        rest = &rest[digits..];
        match rest {
            [] => break,
            [b':'] => return Err(("colon must be followed by more characters", rest)),
            [b':', behind @ ..] => rest = behind,
            _ => return Err(("unexpected character, want colon", rest)),
        }
        if let Some(behind) = rest.strip_prefix(b":") {
            if gap {
                return Err(("multiple :: in address", rest));
            }
            (rest, gap) = (behind, true);
            if rest.is_empty() {
                break;
            }
        }
    }
    match (rest.is_empty(), fields, gap) {
        (false, ..) => Err(("trailing garbage after address", rest)),
        (_, 8, true) => Err(("the :: must expand to at least one field of zeros", b"")),
        (_, 0..8, false) => Err(("address string too short", b"")),
        _ => Ok(()),
    }
}
