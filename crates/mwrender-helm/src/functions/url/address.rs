//! Addresses as Go's `net/netip` reads them.

use super::parse::quoted;

/// What kind of address a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    V4,
    V6 { has_zone: bool },
}

/// What is wrong, and from where on, if that is told.
type Fault<'t> = (&'static str, &'t [u8]);

/// Reads an address.
///
/// # Errors
/// Go's message.
pub(crate) fn parse(text: &[u8]) -> Result<Address, String> {
    let read = match text.iter().find(|byte| b".:%".contains(byte)) {
        Some(b'.') => v4(text).map(|()| Address::V4),
        Some(b':') => v6(text),
        Some(_) => Err(("missing IPv6 address", &b""[..])),
        None => Err(("unable to parse IP", &b""[..])),
    };
    read.map_err(|(what, at)| {
        let at = if at.is_empty() { String::new() } else { format!(" (at {})", quoted(at)) };
        format!("ParseAddr({}): {what}{at}", quoted(text))
    })
}

/// The four numbers of an address of version 4.
fn v4(text: &[u8]) -> Result<(), Fault<'_>> {
    let (mut value, mut digits, mut dots) = (0_u32, 0, 0);
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
                if at == 0 || at == text.len() - 1 || text[at - 1] == b'.' {
                    return Err(("IPv4 field must have at least one digit", &text[at..]));
                }
                if dots == 3 {
                    return Err(("IPv4 address too long", b""));
                }
                (value, digits, dots) = (0, 0, dots + 1);
            }
            _ => return Err(("unexpected character", &text[at..])),
        }
    }
    if dots < 3 { Err(("IPv4 address too short", b"")) } else { Ok(()) }
}

/// An address of version 6.
fn v6(text: &[u8]) -> Result<Address, Fault<'_>> {
    let zone = text.iter().position(|byte| *byte == b'%');
    let mut rest = &text[..zone.unwrap_or(text.len())];
    if zone.is_some_and(|at| at + 1 == text.len()) {
        return Err(("zone must be a non-empty string", b""));
    }
    let whole = Ok(Address::V6 { has_zone: zone.is_some() });
    let (mut ellipsis, mut bytes) = (None, 0);
    if rest.starts_with(b"::") {
        (ellipsis, rest) = (Some(0), &rest[2..]);
        if rest.is_empty() {
            return whole;
        }
    }
    while bytes < 16 {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        match digits {
            0 => return Err(("each colon-separated field must have at least one digit", rest)),
            1..=4 => {}
            _ => return Err(("each group must have 4 or less digits", rest)),
        }
        if rest.get(digits) == Some(&b'.') {
            if ellipsis.is_none() && bytes != 12 {
                return Err(("embedded IPv4 address must replace the final 2 fields of the address", rest));
            }
            if bytes + 4 > 16 {
                let what = "too many hex fields to fit an embedded IPv4 at the end of the address";
                return Err((what, rest));
            }
            v4(rest)?;
            (bytes, rest) = (bytes + 4, b"");
            break;
        }
        (bytes, rest) = (bytes + 2, &rest[digits..]);
        match rest {
            [] => break,
            [b':'] => return Err(("colon must be followed by more characters", rest)),
            [b':', behind @ ..] => rest = behind,
            _ => return Err(("unexpected character, want colon", rest)),
        }
        if rest[0] == b':' {
            if ellipsis.is_some() {
                return Err(("multiple :: in address", rest));
            }
            (ellipsis, rest) = (Some(bytes), &rest[1..]);
            if rest.is_empty() {
                break;
            }
        }
    }
    if !rest.is_empty() {
        return Err(("trailing garbage after address", rest));
    }
    match ellipsis {
        None if bytes < 16 => Err(("address string too short", b"")),
        Some(_) if bytes == 16 => Err(("the :: must expand to at least one field of zeros", b"")),
        _ => whole,
    }
}
