//! What `fromToml` reads: TOML 1.0, as BurntSushi/toml has it. The library here reads TOML 1.1.

use mwrender_gotemplate::{List, Map, Str, Value};

use crate::functions::time;

/// Reads a document.
///
/// # Errors
/// What is wrong with it, in Go's form: `toml: line 2: ...`.
pub(crate) fn read(bytes: &[u8]) -> Result<Map, String> {
    let fault = |at: usize, what: &str| {
        let line = memchr::memchr_iter(b'\n', &bytes[..at.min(bytes.len())]).count() + 1;
        format!("toml: line {line}: {what}")
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        fault(at, &format!("invalid UTF-8 byte: {:#04x}", bytes[at]))
    })?;
    let table = text.parse::<toml::Table>().map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        fault(at, error.message())
    })?;
    newer(bytes).map_or_else(|| Ok(map(table)), |(at, what)| Err(fault(at, &what)))
}

fn map(table: toml::Table) -> Map {
    table.into_iter().map(|(key, value)| (Str::from(key), value_of(value))).collect()
}

fn value_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(value) => Value::from(value),
        toml::Value::Datetime(at) => time::of_toml(&at.to_string()),
        toml::Value::Array(items) => Value::from(List::grown(items.into_iter().map(value_of).collect())),
        toml::Value::Table(table) => Value::from(map(table)),
    }
}

/// The first thing in a document of TOML 1.1 that TOML 1.0 does not have, and where it is.
fn newer(text: &[u8]) -> Option<(usize, String)> {
    let mut open = Vec::new();
    let mut last = b' ';
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let in_table = open.last() == Some(&b'{');
        let next = match byte {
            b'"' | b'\'' => match string(text, at) {
                Ok(end) => end,
                Err(found) => return Some(found),
            },
            b'\n' | b'#' if in_table => {
                return Some((at, "newlines not allowed within inline tables".to_owned()));
            }
            b'#' => at + text[at..].iter().position(|b| *b == b'\n').unwrap_or(text.len() - at),
            b'}' if last == b',' => {
                return Some((at, "trailing comma not allowed in inline tables".to_owned()));
            }
            // of a time: the minute, and the second, which must be there
            b':' if text.get(at + 3) != Some(&b':') => {
                let is_part = |b: &u8| b.is_ascii_alphanumeric() || b":.+-".contains(b);
                let start = at - text[..at].iter().rev().take_while(|b| is_part(b)).count();
                let end = at + text[at..].iter().take_while(|b| is_part(b)).count();
                let time = String::from_utf8_lossy(&text[start..end]);
                return Some((at, format!("invalid datetime: \"{time}\"")));
            }
            b':' => at + text[at..].iter().take_while(|b| b.is_ascii_digit() || b":.+-".contains(b)).count(),
            b'[' | b'{' => {
                open.push(*byte);
                at + 1
            }
            b']' | b'}' => {
                open.pop();
                at + 1
            }
            _ => at + 1,
        };
        if !byte.is_ascii_whitespace() {
            last = *byte;
        }
        at = next;
    }
    None
}

/// The end of the string that begins at a byte; or an escape that is too new.
fn string(text: &[u8], start: usize) -> Result<usize, (usize, String)> {
    let quote = text[start];
    let is_long = text[start..].starts_with(&[quote; 3]);
    let mut at = start + if is_long { 3 } else { 1 };
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' if quote == b'"' => {
                if let Some(escaped @ (b'e' | b'x')) = text.get(at + 1) {
                    return Err((at, format!("invalid escape in string '\\{}'", char::from(*escaped))));
                }
                at += 2;
            }
            byte if *byte == quote && !is_long => return Ok(at + 1),
            byte if *byte == quote && text[at..].starts_with(&[quote; 3]) => {
                // up to two quotes stand right before those that end it
                return Ok(at + text[at..].iter().take(5).take_while(|b| **b == quote).count());
            }
            _ => at += 1,
        }
    }
    Ok(at)
}
