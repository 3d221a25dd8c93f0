//! Which scalars are numbers, booleans and null: YAML 1.1 as Go's yaml.v2 understands it.
//!
//! Mirrors what Helm sees, oddities included: `y` and `on` are booleans, `017` is 15, `0b-1` is -1, `08` is the
//! float 8, base-60 numbers and dates are strings, and a float that overflows is a string.

use super::timestamp::is_timestamp;
use crate::value::NumberKind;

/// What a plain scalar turned out to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Resolved {
    /// `null`, `~` or nothing.
    Null,
    /// One of the 22 spellings of a boolean.
    Bool(bool),
    /// A number.
    Number(NumberKind),
    /// Everything else.
    String,
}

/// The prefix that `!!` stands for.
const TAG_PREFIX: &str = "tag:yaml.org,2002:";

/// What a tag makes of a scalar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tagged {
    /// What it resolves to.
    As(Resolved),
    /// Decoded base64 of a `!!binary`.
    Binary(Vec<u8>),
}

/// Resolves a scalar without a tag and without quotes.
pub(crate) fn resolve(text: &str) -> Resolved {
    let Some(first) = text.bytes().next() else { return Resolved::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => match text {
            ".nan" | ".NaN" | ".NAN" => float(f64::NAN),
            ".inf" | ".Inf" | ".INF" => float(f64::INFINITY),
            // here yaml.v2 leaves underscores to Go, which wants a digit on both sides
            _ if text.contains('_') => {
                let digit = |part: Option<char>| part.is_some_and(|c| c.is_ascii_digit());
                let mut parts = text.split('_').peekable();
                let mut between = true;
                while let (Some(part), Some(next)) = (parts.next(), parts.peek()) {
                    between &= digit(part.chars().next_back()) && digit(next.chars().next());
                }
                let value = if between { parse_float(&text.replace('_', "")) } else { None };
                value.map_or(Resolved::String, float)
            }
            _ => parse_float(text).map_or(Resolved::String, float),
        },
        b'0'..=b'9' | b'+' | b'-' => number(text),
        _ => Resolved::String,
    }
}

fn float(value: f64) -> Resolved {
    Resolved::Number(NumberKind::Float(value))
}

fn word(text: &str) -> Resolved {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Resolved::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Resolved::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        _ => Resolved::String,
    }
}

fn number(text: &str) -> Resolved {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return float(f64::NEG_INFINITY),
        _ => {}
    }
    let without;
    let plain = if text.contains('_') {
        without = text.replace('_', "");
        &without
    } else {
        text
    };
    if let Some(kind) = integer(plain) {
        return Resolved::Number(kind);
    }
    if let Some(value) = parse_float(plain) {
        return float(value);
    }
    // only signed digits after `0b` get here: yaml.v2 parses them with a base of their own
    if let Some(digits) = plain.strip_prefix("0b")
        && digits.starts_with(['+', '-'])
        && let Ok(value) = i64::from_str_radix(digits, 2)
    {
        return Resolved::Number(NumberKind::Int(value));
    }
    Resolved::String
}

/// Parses as Go's `strconv.ParseInt(text, 0, 64)`, then `ParseUint`.
fn integer(text: &str) -> Option<NumberKind> {
    let (negative, signed, digits) = match text.as_bytes().first()? {
        b'-' => (true, true, &text[1..]),
        b'+' => (false, true, &text[1..]),
        _ => (false, false, text),
    };
    let bytes = digits.as_bytes();
    let (radix, digits) = match (bytes.first()?, bytes.get(1).map(u8::to_ascii_lowercase)) {
        (b'0', Some(b'x')) if bytes.len() > 2 => (16, &digits[2..]),
        (b'0', Some(b'o')) if bytes.len() > 2 => (8, &digits[2..]),
        (b'0', Some(b'b')) if bytes.len() > 2 => (2, &digits[2..]),
        (b'0', Some(_)) => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.bytes().all(|b| char::from(b).is_digit(radix)) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    match (negative, i64::try_from(magnitude)) {
        (false, Ok(value)) => Some(NumberKind::Int(value)),
        (true, Ok(value)) => Some(NumberKind::Int(-value)),
        (true, Err(_)) if magnitude == i64::MIN.unsigned_abs() => Some(NumberKind::Int(i64::MIN)),
        (false, Err(_)) if !signed => Some(NumberKind::Uint(magnitude)),
        _ => None,
    }
}

/// Parses `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, as long as the value is finite.
fn parse_float(text: &str) -> Option<f64> {
    let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = digits(unsigned);
    let mut rest = &unsigned[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let n = digits(fraction);
        if whole + n == 0 {
            return None;
        }
        rest = &fraction[n..];
    } else if whole == 0 {
        return None;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        let n = digits(exponent);
        if n == 0 || n != exponent.len() {
            return None;
        }
    } else if !rest.is_empty() {
        return None;
    }
    text.parse::<f64>().ok().filter(|f| f.is_finite())
}

/// Resolves a scalar with a tag, given in full (`tag:yaml.org,2002:int`).
///
/// # Errors
/// The scalar is not of that type; the text says what it is.
pub(crate) fn resolve_tagged(tag: &str, text: &str) -> Result<Tagged, String> {
    let short = tag.strip_prefix(TAG_PREFIX);
    let is = |resolved| Ok(Tagged::As(resolved));
    let Some(name @ ("bool" | "int" | "float" | "null" | "timestamp" | "binary")) = short else {
        return is(Resolved::String);
    };
    if name == "binary" {
        return base64(text).map(Tagged::Binary).ok_or_else(|| "`!!binary` value is not base64".to_owned());
    }
    #[expect(clippy::cast_precision_loss, reason = "`!!float` asks for it")]
    match (name, resolve(text)) {
        ("null", Resolved::Null) => is(Resolved::Null),
        ("bool", r @ Resolved::Bool(_))
        | ("int", r @ Resolved::Number(NumberKind::Int(_) | NumberKind::Uint(_)))
        | ("float", r @ Resolved::Number(NumberKind::Float(_))) => is(r),
        ("float", Resolved::Number(NumberKind::Int(i))) => is(float(i as f64)),
        ("timestamp", Resolved::String) if is_timestamp(text) => is(Resolved::String),
        (_, found) => {
            let found = match found {
                Resolved::Null => "null",
                Resolved::Bool(_) => "a boolean",
                Resolved::Number(_) => "a number",
                Resolved::String => "a string",
            };
            Err(format!("`{text}` is {found}, not a `!!{name}`"))
        }
    }
}

/// Bytes as text; each one that is not UTF-8 becomes U+FFFD, as Go's JSON has it.
pub(super) fn go_utf8(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    out
}

/// The bytes of base64 with padding; line breaks are skipped.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut padding) = (0u32, 0, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'\n' | b'\r' => continue,
            b'=' if count >= 2 => {
                padding += 1;
                count += 1;
                if count == 4 {
                    bits <<= 6 * padding;
                    let bytes = bits.to_be_bytes();
                    out.extend_from_slice(&bytes[1..4 - padding]);
                    (bits, count) = (0, 0);
                }
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
            (bits, count) = (0, 0);
        }
    }
    (count == 0).then_some(out)
}
