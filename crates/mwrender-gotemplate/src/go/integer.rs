//! Integers as the template's source writes them: `strconv.ParseInt` and `ParseUint` with base 0.

/// Whether underscores stand only between digits, or after the base's prefix.
pub(super) fn underscores_ok(text: &[u8]) -> bool {
    let text = match text.first() {
        Some(b'+' | b'-') => &text[1..],
        _ => text,
    };
    let (mut digits, mut hex, mut last) = (text, false, b'^');
    if let [b'0', base, rest @ ..] = text
        && matches!(base.to_ascii_lowercase(), b'b' | b'o' | b'x')
    {
        digits = rest;
        last = b'0';
        hex = base.eq_ignore_ascii_case(&b'x');
    }
    for &b in digits {
        if b.is_ascii_digit() || hex && b.is_ascii_hexdigit() {
            last = b'0';
        } else if b == b'_' {
            if last != b'0' {
                return false;
            }
            last = b'_';
        } else {
            if last == b'_' {
                return false;
            }
            last = b'!';
        }
    }
    last != b'_'
}

/// An unsigned integer; `None` where it is none, or too large.
pub(crate) fn parse_uint(text: &[u8]) -> Option<u64> {
    let (base, digits) = match text {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', b'o' | b'O', rest @ ..] => (8, rest),
        [b'0', b'b' | b'B', rest @ ..] => (2, rest),
        [b'0', rest @ ..] if !rest.is_empty() => (8, rest),
        _ => (10, text),
    };
    if digits.is_empty() || !underscores_ok(text) {
        return None;
    }
    let mut value = 0u64;
    for &b in digits.iter().filter(|&&b| b != b'_') {
        let digit = char::from(b).to_digit(base)?;
        value = value.checked_mul(u64::from(base))?.checked_add(u64::from(digit))?;
    }
    Some(value)
}

/// A signed integer; `None` where it is none, or too large.
pub fn parse_int(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let value = parse_uint(digits)?;
    if negative { 0i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_and_limits() {
        for (text, value) in [
            ("017", Some(15)),
            ("0o17", Some(15)),
            ("0x_1F", Some(31)),
            ("-0b101", Some(-5)),
            ("1_000", Some(1000)),
            ("1__0", None),
            ("0_7", Some(7)),
            ("08", None),
            ("0x", None),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
        ] {
            assert_eq!(parse_int(text.as_bytes()), value, "{text}");
        }
        assert_eq!(parse_uint(b"18446744073709551615"), Some(u64::MAX));
        assert_eq!(parse_uint(b"+1"), None);
    }
}
