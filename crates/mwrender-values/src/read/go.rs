//! Reading as go-yaml v2 does, with its faults in its words.
//!
//! Its parser is a port of libyaml 0.1, which knows YAML 1.1 and no other. No parser for Rust is: those that follow
//! libyaml follow a later one (`"\'"`, `"\/"` and `a?b` in brackets differ), and the others follow YAML 1.2. So this
//! one is our own, from characters to events; what comes after is shared with the reader of our own charts.

mod input;
mod keys;
mod late;
mod merges;
mod parser;
mod properties;
mod scalars;
mod scanner;

use super::read_fast_keeping;
use super::tree::{self, GoFault};
use crate::value::{Data, NumberKind, Value};
use mwrender_diagnostic::{Diagnostic, Pos};
use std::borrow::Cow;

/// What go-yaml says of a text.
#[derive(Debug)]
struct Fault(String);

type Result<T> = std::result::Result<T, Fault>;

impl Fault {
    fn new(words: impl Into<Cow<'static, str>>) -> Self {
        Fault(format!("yaml: {}", words.into()))
    }

    /// A fault in a line, counted from 1; 0 is not named.
    fn at_line(line: usize, words: &'static str) -> Self {
        if line == 0 { Fault::new(words) } else { Fault(format!("yaml: line {line}: {words}")) }
    }
}

/// Reads the first document of a text, or says in go-yaml's words why that cannot be: `yaml: line 2: did not find
/// expected key`.
///
/// # Errors
/// What Go's `yaml.Unmarshal` returns as an error.
///
/// ```
/// let error = mwrender_values::read::read_as_go("a: [1\nb: 2", Default::default()).unwrap_err();
/// assert_eq!(error, "yaml: line 1: did not find expected ',' or ']'");
/// ```
pub fn read_as_go(text: &str, base: Pos) -> std::result::Result<Value, String> {
    read_keeping(text, base, None)
}

/// Reads a text as [`read_as_go`] does, for a reader who needs little of it: if it is a map, its values under keys
/// that `keep` does not take are checked as all others, but may be `null` in the result.
///
/// # Errors
/// Those of [`read_as_go`].
///
/// ```
/// use mwrender_values::read::outline_as_go;
/// let outline = outline_as_go("kind: Pod\nspec: {a: 1}\n", Default::default(), &|key| key == "kind").unwrap();
/// assert_eq!(outline.get("kind").unwrap().as_str(), Some("Pod"));
/// assert!(outline.get("spec").unwrap().is_null());
/// ```
pub fn outline_as_go(
    text: &str,
    base: Pos,
    keep: &dyn Fn(&str) -> bool,
) -> std::result::Result<Value, String> {
    read_keeping(text, base, Some(keep))
}

fn read_keeping(
    text: &str,
    base: Pos,
    keep: Option<&dyn Fn(&str) -> bool>,
) -> std::result::Result<Value, String> {
    // the fast reader takes these for characters as any others
    let unlike = ['\u{85}', '\u{2028}', '\u{2029}', '\u{FEFF}'];
    let is_unlike = !text.is_ascii() && text.strip_prefix('\u{FEFF}').unwrap_or(text).contains(unlike);
    if !is_unlike && let Some(read) = read_fast_keeping(text, base, keep) {
        return Ok(read.into_value());
    }
    read_general(text, base)
}

/// Reads without the fast reader: for tests that hold both against each other.
#[doc(hidden)]
pub fn read_general(text: &str, base: Pos) -> std::result::Result<Value, String> {
    let events = || parser::events(text.as_bytes()).map_err(|Fault(words)| words);
    let (read, has_late_key) = match tree::Builder::read_as_go(text, base, events()?) {
        Ok(read) => read,
        Err(GoFault { event, fault }) if fault.id == "yaml-key" => {
            let events = events()?;
            let later = merges::fault(text, &events, event);
            return Err(later.unwrap_or_else(|| keys::collection(&events, event)));
        }
        Err(GoFault { event, fault }) => {
            let later = merges::fault(text, &events()?, event);
            return Err(later.unwrap_or_else(|| words(&fault)));
        }
    };
    if has_late_key {
        let events = events()?;
        if let Some(key) = late::key(&events) {
            return Err(keys::unsupported(&events, key));
        }
    }
    let value = read.into_value();
    match infinite(&value) {
        Some(words) => Err(format!("json: unsupported value: {words}")),
        None => Ok(value),
    }
}

/// The text that bytes are, as far as go-yaml reads them: what follows the first document may be no text. With its
/// byte order mark, UTF-16 is text too.
///
/// # Errors
/// What go-yaml says of the bytes.
///
/// ```
/// use mwrender_values::read::text_as_go;
/// assert_eq!(text_as_go(b"a: \xFF").unwrap_err(), "yaml: invalid leading UTF-8 octet");
/// ```
pub fn text_as_go(bytes: &[u8]) -> std::result::Result<Cow<'_, str>, String> {
    let text = std::str::from_utf8(bytes).map(Cow::Borrowed);
    text.or_else(|error| {
        if let Some(text) = input::utf16(bytes) {
            return text.map(Cow::Owned).map_err(|words| Fault::new(words).0);
        }
        parser::events(bytes).map_err(|Fault(words)| words)?;
        Ok(Cow::Borrowed(std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()))
    })
}

/// The first number that JSON does not have, in the order in which Go writes maps.
fn infinite(value: &Value) -> Option<&'static str> {
    match &value.data {
        Data::Number(number) => match number.kind {
            NumberKind::Float(f) if f.is_nan() => Some("NaN"),
            NumberKind::Float(f) if f.is_infinite() => Some(if f > 0.0 { "+Inf" } else { "-Inf" }),
            _ => None,
        },
        Data::List(items) => items.iter().find_map(infinite),
        Data::Map(map) => {
            let mut found: Vec<_> =
                map.iter().filter_map(|(key, entry)| Some((key, infinite(&entry.value)?))).collect();
            found.sort_by_key(|(key, _)| *key);
            found.first().map(|(_, words)| *words)
        }
        _ => None,
    }
}

/// Faults that are no matter of syntax.
fn words(fault: &Diagnostic) -> String {
    let quoted = || fault.headline.split('`').nth(1).unwrap_or_default().trim_start_matches('*').to_owned();
    match fault.id {
        "alias-cycle" => format!("yaml: anchor '{}' value contains itself", quoted()),
        "alias-budget" => "yaml: document contains excessive aliasing".to_owned(),
        "yaml-merge" => "yaml: map merge requires map or sequence of maps as the value".to_owned(),
        _ => format!("yaml: {}", fault.headline),
    }
}
