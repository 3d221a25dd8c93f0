//! Numbers from values as the Go library `spf13/cast` 1.7 makes them: what is no number is 0.

use mwrender_gotemplate::strconv::{parse_float, parse_int};
use mwrender_gotemplate::{Kind, Value};

/// `cast.ToInt64`, which is `cast.ToInt` on 64 bits.
pub(super) fn to_int(value: &Value) -> i64 {
    match value.kind() {
        Kind::Int(i, _) => *i,
        Kind::Uint(u, _) => u.cast_signed(),
        Kind::Float(f) => truncated(*f),
        Kind::Bool(b) => i64::from(*b),
        Kind::Object(object) => object.number().unwrap_or(0),
        Kind::String(_) | Kind::Text(_) => {
            parse_int(without_zero_decimals(value.as_bytes().unwrap_or_default())).unwrap_or(0)
        }
        _ => 0,
    }
}

/// The integer that the processor makes of a float; what is out of range becomes the lowest.
pub(super) fn truncated(float: f64) -> i64 {
    if float >= i64::MIN as f64 && float < -(i64::MIN as f64) { float as i64 } else { i64::MIN }
}

/// `1.00` is 1.
fn without_zero_decimals(text: &[u8]) -> &[u8] {
    match text.iter().rposition(|b| *b != b'0') {
        Some(at) if text[at] == b'.' && at + 1 < text.len() => &text[..at],
        _ => text,
    }
}

/// `cast.ToFloat64`.
pub(super) fn to_float(value: &Value) -> f64 {
    match value.kind() {
        Kind::Int(i, _) => *i as f64,
        Kind::Uint(u, _) => *u as f64,
        Kind::Float(f) => *f,
        Kind::Bool(b) => f64::from(u8::from(*b)),
        Kind::Object(object) => object.number().unwrap_or(0) as f64,
        Kind::String(_) | Kind::Text(_) => {
            let text = value.as_bytes().unwrap_or_default();
            special(text).or_else(|| parse_float(text).ok()).unwrap_or(0.0)
        }
        _ => 0.0,
    }
}

/// Infinity and what is no number, in any case.
fn special(text: &[u8]) -> Option<f64> {
    let (sign, word) = match text {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        _ => (1.0, text),
    };
    if word.eq_ignore_ascii_case(b"inf") || word.eq_ignore_ascii_case(b"infinity") {
        return Some(sign * f64::INFINITY);
    }
    text.eq_ignore_ascii_case(b"nan").then_some(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "the results are exact")]
    fn strings_are_read_as_go_reads_them() {
        let int = |text: &str| to_int(&Value::from(text));
        assert_eq!((int("012"), int("12.00"), int("12.9"), int("0x1F"), int("1_000")), (10, 12, 0, 31, 1000));
        assert_eq!((int("x"), int("9223372036854775808"), int("1.")), (0, 0, 0));
        assert_eq!(to_float(&Value::from("-Inf")), f64::NEG_INFINITY);
        assert_eq!((truncated(1e30), truncated(-2.9)), (i64::MIN, -2));
    }
}
