//! Strings, from behind their opening quotes.

use super::quoted;
use super::scanner::{Fault, Result, Scanner, is_break};

const BROKEN: &str = "strings cannot contain newlines";

/// Reads `"..."`.
///
/// # Errors
/// An end that is missing, and wrong escapes.
pub(super) fn basic(scanner: &mut Scanner<'_>) -> Result<String> {
    scanner.begin();
    loop {
        match scanner.next()? {
            None => return Err(scanner.fault("unexpected EOF; expected '\"'")),
            c if is_break(c) => return Err(scanner.above(BROKEN)),
            Some('\\') => escape(scanner)?,
            Some('"') => {
                scanner.back();
                let text = unescaped(scanner.token(), scanner);
                scanner.next()?;
                return text;
            }
            Some(_) => {}
        }
    }
}

/// Reads `'...'`.
///
/// # Errors
/// An end that is missing.
pub(super) fn literal(scanner: &mut Scanner<'_>) -> Result<String> {
    scanner.begin();
    loop {
        match scanner.next()? {
            None => return Err(scanner.fault("unexpected EOF; expected \"'\"")),
            c if is_break(c) => return Err(scanner.above(BROKEN)),
            Some('\'') => {
                scanner.back();
                let text = scanner.token().to_owned();
                scanner.next()?;
                return Ok(text);
            }
            Some(_) => {}
        }
    }
}

/// Reads `"""..."""`.
///
/// # Errors
/// An end that is missing, quotes that are too many, and wrong escapes.
pub(super) fn long_basic(scanner: &mut Scanner<'_>) -> Result<String> {
    scanner.begin();
    loop {
        match scanner.next()? {
            None => return Err(scanner.fault("unexpected EOF; expected '\"\"\"'")),
            Some('\\') => {
                if !is_break(scanner.next()?) {
                    scanner.back();
                    escape(scanner)?;
                }
            }
            Some('"') => {
                // an escaped quote does not count, but is only looked for once
                let is_more = |text: &str| text.ends_with("\"\"\"\"\"") && !text.ends_with("\\\"\"\"\"\"");
                if let Some(text) = end(scanner, '"', "'\"\"\"\"\"\"'", is_more)? {
                    return unescaped(&joined(first_break(text)), scanner);
                }
            }
            Some(_) => {}
        }
    }
}

/// Reads `'''...'''`.
///
/// # Errors
/// An end that is missing, and quotes that are too many.
pub(super) fn long_literal(scanner: &mut Scanner<'_>) -> Result<String> {
    scanner.begin();
    loop {
        match scanner.next()? {
            None => return Err(scanner.fault("unexpected EOF; expected \"'''\"")),
            Some('\'') => {
                let is_more = |text: &str| text.ends_with("'''''");
                if let Some(text) = end(scanner, '\'', "\"''''''\"", is_more)? {
                    return Ok(first_break(text).to_owned());
                }
            }
            Some(_) => {}
        }
    }
}

/// The text of a long string if the quote that was taken is the first of those that end it: up to two more may stand
/// right before them.
fn end<'t>(
    scanner: &mut Scanner<'t>,
    quote: char,
    six: &str,
    is_more: impl Fn(&str) -> bool,
) -> Result<Option<&'t str>> {
    if !scanner.accept(quote)? {
        return Ok(None);
    }
    if !scanner.accept(quote)? {
        scanner.back();
        return Ok(None);
    }
    if scanner.peek()? == Some(quote) {
        if is_more(scanner.token()) {
            return Err(scanner.fault(format!("unexpected {six}")));
        }
        scanner.back();
        scanner.back();
        return Ok(None);
    }
    let text = scanner.token();
    Ok(Some(&text[..text.len() - 3]))
}

/// Takes an escape from behind its backslash.
fn escape(scanner: &mut Scanner<'_>) -> Result<()> {
    match scanner.next()? {
        Some('b' | 't' | 'n' | 'f' | 'r' | '"' | '\\' | ' ' | '\t') => Ok(()),
        Some('u') => digits(scanner, 4, "four hexadecimal digits after '\\u'"),
        Some('U') => digits(scanner, 8, "eight hexadecimal digits after '\\U'"),
        other => {
            let what = format!("invalid escape in string '\\{}'", other.unwrap_or('\0'));
            Err(scanner.fault_or_above(what))
        }
    }
}

fn digits(scanner: &mut Scanner<'_>, count: usize, wanted: &str) -> Result<()> {
    for _ in 0..count {
        if !scanner.next()?.is_some_and(|c| c.is_ascii_hexdigit()) {
            let found = quoted(scanner.token());
            return Err(scanner.fault(format!("expected {wanted}, but got {found} instead")));
        }
    }
    Ok(())
}

/// A text without the line break that it begins with.
fn first_break(text: &str) -> &str {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text)
}

/// A text without its escaped line breaks, and the blanks and breaks behind those.
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, behind) = (&rest[..at], &rest[at + 1..]);
        out.push_str(before);
        let next = behind.trim_start_matches([' ', '\t', '\r', '\n']);
        if behind[..behind.len() - next.len()].contains('\n') {
            rest = next;
            continue;
        }
        // also a backslash that is escaped is taken with the one before
        let taken = at + if behind.starts_with('\\') { 2 } else { 1 };
        out.push_str(&rest[at..taken]);
        rest = &rest[taken..];
    }
    out + rest
}

/// A text with its escapes replaced.
fn unescaped(text: &str, scanner: &Scanner<'_>) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let mut chars = rest[at + 1..].chars();
        match chars.next() {
            Some('b') => out.push('\x08'),
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('f') => out.push('\x0C'),
            Some('r') => out.push('\r'),
            Some(length @ ('u' | 'U')) => {
                let digits = chars.as_str();
                let (digits, behind) = digits.split_at(if length == 'u' { 4 } else { 8 });
                out.push(code(digits, scanner)?);
                chars = behind.chars();
            }
            Some(c @ (' ' | '\t')) => return Err(scanner.here(format!("invalid escape: '\\{c}'"))),
            Some(c) => out.push(c),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    Ok(out)
}

fn code(digits: &str, scanner: &Scanner<'_>) -> Result<char> {
    let wrong = || -> Fault { scanner.here(format!("Escaped character '\\u{digits}' is not valid UTF-8.")) };
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).ok_or_else(wrong)
}
