//! Keys, and how they are shown.

use std::fmt::Write;

use mwrender_gotemplate::Str;

use super::quoted_char;
use super::scanner::{Result, Scanner, is_blank};
use super::string;

fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// Reads one part of a key at its first character.
///
/// # Errors
/// What is wrong with a part in quotes.
pub(super) fn part(scanner: &mut Scanner<'_>) -> Result<Str> {
    match scanner.peek()? {
        Some(quote @ ('"' | '\'')) => {
            scanner.next()?;
            let text = if quote == '"' { string::basic(scanner) } else { string::literal(scanner) };
            text.map(Str::from)
        }
        // what is no key at all is empty here, and refused for what follows
        _ => {
            scanner.begin();
            scanner.skip(|c| c.is_some_and(is_bare))?;
            Ok(Str::from(scanner.token()))
        }
    }
}

/// Reads a key of a value, with the sign behind it.
///
/// # Errors
/// What stands there instead.
pub(super) fn of_value(scanner: &mut Scanner<'_>) -> Result<Vec<Str>> {
    scanner.skip(is_blank)?;
    match scanner.peek()? {
        Some('=') | None => return Err(scanner.fault("unexpected '=': key name appears blank")),
        Some('.') => return Err(scanner.fault("unexpected '.': keys cannot start with a '.'")),
        _ => {}
    }
    let mut parts = Vec::new();
    loop {
        scanner.skip(is_blank)?;
        match scanner.peek()? {
            Some('=') | None => return Err(scanner.fault("unexpected '='")),
            Some('.') => return Err(scanner.fault("unexpected '.'")),
            _ => parts.push(part(scanner)?),
        }
        scanner.skip(is_blank)?;
        match scanner.next()? {
            Some('.') => {}
            Some('=') => return Ok(parts),
            None => return Err(scanner.fault("unexpected EOF; expected key separator '='")),
            found => {
                let what = format!("expected '.' or '=', but got {} instead", quoted_char(found));
                return Err(if found == Some('\n') { scanner.above(what) } else { scanner.fault(what) });
            }
        }
    }
}

/// Reads a key of a table, with the bracket behind it.
///
/// # Errors
/// What stands there instead.
pub(super) fn of_table(scanner: &mut Scanner<'_>) -> Result<Vec<Str>> {
    let mut parts = Vec::new();
    loop {
        scanner.skip(is_blank)?;
        match scanner.peek()? {
            Some(']') | None => {
                return Err(scanner.fault("unexpected end of table name (table names cannot be empty)"));
            }
            Some('.') => {
                return Err(scanner.fault("unexpected table separator (table names cannot be empty)"));
            }
            _ => parts.push(part(scanner)?),
        }
        scanner.skip(is_blank)?;
        match scanner.next()? {
            Some('.') => {}
            Some(']') => return Ok(parts),
            found => {
                let found = quoted_char(found);
                let what = format!("expected '.' or ']' to end table name, but got {found} instead");
                return Err(scanner.fault(what));
            }
        }
    }
}

/// A key as messages have it: its parts with dots between them, and in quotes where they need them.
pub(super) fn shown<'k>(parts: impl IntoIterator<Item = &'k Str>) -> String {
    let mut out = String::new();
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            out.push('.');
        }
        let text = String::from_utf8_lossy(part);
        if !text.is_empty() && text.chars().all(is_bare) {
            out.push_str(&text);
            continue;
        }
        out.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '\t' => out.push_str("\\t"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\x08' => out.push_str("\\b"),
                '\x0C' => out.push_str("\\f"),
                c if c.is_ascii_control() => {
                    let _ = write!(out, "\\u{:04x}", u32::from(c));
                }
                c => out.push(c),
            }
        }
        out.push('"');
    }
    out
}
