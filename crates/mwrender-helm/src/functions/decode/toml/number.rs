//! Numbers and times.

use mwrender_gotemplate::Value;

use super::scanner::{Result, Scanner};
use super::{quoted, quoted_char};
use crate::functions::time;

#[derive(Clone, Copy)]
enum Kind {
    Integer,
    Float,
    Time,
}

/// Reads a number or time that begins with a digit, which is next.
///
/// # Errors
/// What is wrong with it.
pub(super) fn unsigned(scanner: &mut Scanner<'_>) -> Result<Value> {
    scanner.begin();
    let is_zero = scanner.next()? == Some('0');
    let kind = match scanner.next()? {
        Some('b') if is_zero => radix(scanner, 2, "a binary")?,
        Some('o') if is_zero => radix(scanner, 8, "an octal")?,
        Some('x') if is_zero => radix(scanner, 16, "a hexadecimal")?,
        Some('-' | ':') if is_zero => {
            scanner.back();
            Kind::Integer
        }
        _ => {
            scanner.back();
            scanner.skip(is_digit)?;
            match scanner.next()? {
                Some('-' | ':') => {
                    scanner.skip(is_of_time)?;
                    Kind::Time
                }
                _ => {
                    scanner.back();
                    decimal(scanner)?
                }
            }
        }
    };
    value(scanner, kind)
}

/// Reads a number whose sign is next.
///
/// # Errors
/// What is wrong with it.
pub(super) fn signed(scanner: &mut Scanner<'_>) -> Result<Value> {
    scanner.begin();
    scanner.next()?;
    let first = scanner.next()?;
    match first {
        Some('i' | 'n') => {
            let rest = if first == Some('i') { ['n', 'f'] } else { ['a', 'n'] };
            if !(scanner.accept(rest[0])? && scanner.accept(rest[1])?) {
                return Err(scanner.fault(format!("invalid float: '{}'", scanner.token())));
            }
            return value(scanner, Kind::Float);
        }
        Some('0') => {
            if let Some(c @ ('b' | 'o' | 'x')) = scanner.peek()? {
                let token = scanner.token();
                let what = format!("cannot use sign with non-decimal numbers: '{token}{c}'");
                return Err(scanner.fault(what));
            }
        }
        Some('.') => return Err(scanner.fault(NO_DIGIT)),
        Some('1'..='9') => {}
        other => return Err(scanner.fault(format!("expected a digit but got {}", quoted_char(other)))),
    }
    let kind = decimal(scanner)?;
    value(scanner, kind)
}

/// What is said of a float that begins with its point.
pub(super) const NO_DIGIT: &str = "floats must start with a digit, not '.'";

/// The value of the letters that stand for infinity and for what is no number, or of a mixture of both.
///
/// # Errors
/// The mixtures are none.
pub(super) fn word(scanner: &Scanner<'_>) -> Result<Value> {
    value(scanner, Kind::Float)
}

fn is_digit(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit())
}

fn is_of_time(c: Option<char>) -> bool {
    is_digit(c) || matches!(c, Some('-' | ':' | 'T' | 't' | ' ' | '.' | 'Z' | 'z' | '+'))
}

fn radix(scanner: &mut Scanner<'_>, radix: u32, name: &str) -> Result<Kind> {
    let first = scanner.peek()?;
    if !first.is_some_and(|c| c.is_digit(radix)) {
        let what = format!("not {name} number: '{}{}'", scanner.token(), first.unwrap_or('\0'));
        return Err(scanner.fault(what));
    }
    scanner.skip(|c| c.is_some_and(|c| c.is_digit(radix) || c == '_'))?;
    Ok(Kind::Integer)
}

/// Takes the rest of a number from behind its first digits.
fn decimal(scanner: &mut Scanner<'_>) -> Result<Kind> {
    scanner.skip(|c| is_digit(c) || c == Some('_'))?;
    if !matches!(scanner.next()?, Some('.' | 'e' | 'E')) {
        scanner.back();
        return Ok(Kind::Integer);
    }
    scanner.skip(|c| is_digit(c) || matches!(c, Some('_' | '.' | '-' | '+' | 'e' | 'E')))?;
    Ok(Kind::Float)
}

fn value(scanner: &Scanner<'_>, kind: Kind) -> Result<Value> {
    let text = scanner.token();
    let value = match kind {
        Kind::Integer => integer(text).map(Value::from),
        Kind::Float => float(text).map(Value::from),
        Kind::Time => {
            // it is shown with the letters that it is read with
            let text = text.trim_matches(' ').replace(['t', ' '], "T").replace('z', "Z");
            time::of_toml(&text).ok_or_else(|| format!("invalid datetime: {}", quoted(&text)))
        }
    };
    value.map_err(|what| scanner.here(what))
}

fn integer(text: &str) -> std::result::Result<i64, String> {
    check("integer", text, [text])?;
    let digits = text.replace('_', "");
    let read = match digits.get(..2) {
        Some("0b") => i64::from_str_radix(&digits[2..], 2),
        Some("0o") => i64::from_str_radix(&digits[2..], 8),
        Some("0x") => i64::from_str_radix(&digits[2..], 16),
        _ => digits.parse(),
    };
    read.map_err(|_| format!("{text} is out of range for int64"))
}

fn float(text: &str) -> std::result::Result<f64, String> {
    check("float", text, text.split(['.', 'e', 'E']).filter(|part| !part.is_empty()))?;
    let mut behind = text.split('.').skip(1);
    if behind.any(|behind| !behind.starts_with(|c: char| c.is_ascii_digit())) {
        let text = quoted(text);
        return Err(format!("Invalid float {text}: '.' must be followed by one or more digits"));
    }
    if text.ends_with("nan") {
        // the sign is kept, and written by `toToml`
        return Ok(if text.starts_with('-') { -f64::NAN } else { f64::NAN });
    }
    match text.replace('_', "").parse::<f64>() {
        Ok(number) if number.is_infinite() && !text.ends_with("inf") => {
            Err(format!("{text} is out of range for float64"))
        }
        Ok(number) => Ok(number),
        Err(_) => Err(format!("Invalid float value: {}", quoted(text))),
    }
}

/// Checks the parts of a number.
fn check<'t>(
    name: &str,
    text: &str,
    parts: impl IntoIterator<Item = &'t str>,
) -> std::result::Result<(), String> {
    let about = |what| format!("Invalid {name} {}: {what}", quoted(text));
    let mut first = None;
    for part in parts {
        if !are_underscores_right(part) {
            return Err(about("underscores must be surrounded by digits"));
        }
        first = first.or(Some(part));
    }
    let is_zero = |text: &str| matches!(text.as_bytes(), [b'0', next, ..] if !b"box".contains(next));
    let is_signed = |text: &str| matches!(text.as_bytes(), [b'+' | b'-', b'0', _, ..]);
    if first.is_some_and(|first| is_zero(first) || is_signed(first)) {
        return Err(about("cannot have leading zeroes"));
    }
    Ok(())
}

/// Whether each underscore is between digits, which those of base 16 are everywhere; the last character must be a
/// digit too.
fn are_underscores_right(text: &str) -> bool {
    if matches!(text.trim_start_matches(['+', '-']), "inf" | "nan") {
        return true;
    }
    let mut is_digit = false;
    for c in text.chars() {
        if c == '_' && !is_digit {
            return false;
        }
        is_digit = c.is_ascii_hexdigit();
    }
    is_digit
}
