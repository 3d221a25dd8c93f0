//! What go-yaml says of a text that it cannot read.
//!
//! Its parser is a port of libyaml. So is the one that is asked here, for nothing but these words.

use crate::read::resolve::{Resolved, resolve};
use crate::read::{Read, gosyntax, lenient, read, read_fast_keeping, read_slow};
use crate::value::{NumberKind, Value};
use mwrender_diagnostic::{Diagnostic, Pos};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// More brackets than this are not asked about.
const MOST_OPEN: usize = 1000;

/// How many brackets are open at most, wherever they stand.
fn nesting(text: &str) -> usize {
    let (mut open, mut most) = (0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => continue,
        }
        most = most.max(open);
    }
    most
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
pub fn read_as_go(text: &str, base: Pos) -> Result<Value, String> {
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
pub fn outline_as_go(text: &str, base: Pos, keep: &dyn Fn(&str) -> bool) -> Result<Value, String> {
    read_keeping(text, base, Some(keep))
}

fn read_keeping(text: &str, base: Pos, keep: Option<&dyn Fn(&str) -> bool>) -> Result<Value, String> {
    // the fast reader takes these for characters as any others
    let breaks = !text.is_ascii() && text.contains(['\u{85}', '\u{2028}', '\u{2029}']);
    if !breaks && let Some(read) = read_fast_keeping(text, base, keep) {
        return Ok(read.into_value());
    }
    let read_whole = read_slow(text, base);
    // of what YAML 1.2 allows and 1.1 does not, this is told
    // the time of these grows with the square of the nesting
    let too_deep = nesting(text) > MOST_OPEN;
    if !too_deep && let Some(message) = gosyntax::version(text).or_else(|| refusal(text)) {
        return Err(message);
    }
    let fault = match read_whole {
        Ok(read) => return Ok(read.into_value()),
        Err(fault) => fault,
    };
    if too_deep || fault.id == "nesting-too-deep" {
        return Err(words(&fault));
    }
    if let Some(read) = lenient::read(text, base, &fault) {
        return Ok(read.into_value());
    }
    // what comes behind the first document is not read
    let broken_at = fault.primary_span().filter(|_| fault.id == "yaml-syntax");
    let fault_at = broken_at.map(|span| span.start.raw().saturating_sub(base.raw()) as usize);
    let markers = ["\n---", "\n..."].into_iter().flat_map(|marker| text.match_indices(marker));
    for end in markers.map(|(at, _)| at + 1).chain(fault_at) {
        let first = text.get(..end).unwrap_or_default();
        if !first.trim().is_empty()
            && refusal(first).is_none()
            && let Ok(read) = read(first, base)
        {
            return Ok(Read::into_value(read));
        }
    }
    Err(gosyntax::bad_key(text, base, &fault).unwrap_or_else(|| words(&fault)))
}

/// What go-yaml says of bytes that are no text.
pub fn refuse(bytes: &[u8]) -> String {
    // it reads only as far as it gets
    let sound = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    refusal(&format!("{sound}\u{1}"))
        .filter(|message| !message.contains("control characters"))
        .unwrap_or_else(|| format!("yaml: {}", gosyntax::octets(&bytes[sound.len()..])))
}

/// The message about the syntax of the first document, if anything is wrong with it.
fn refusal(text: &str) -> Option<String> {
    let document = serde_yaml::Deserializer::from_str(text).next()?;
    let error = IgnoredAny::deserialize(document).err()?.to_string();
    // such as `did not find expected key at line 3 column 1, while parsing a block mapping at line 2 column 1`
    let (problem, context) = error.split_once(", while ").map_or((&*error, ""), |(p, c)| (p, c));
    let number = |text: &str| {
        let (_, line) = text.split_once(" at line ")?;
        line.split(' ').next()?.parse::<usize>().ok()
    };
    let line = number(problem).or_else(|| number(context)).unwrap_or(1);
    let problem = problem.split(" at line ").next().unwrap_or_default();
    let problem = problem.split(" at position ").next().unwrap_or_default();
    if problem == "unknown anchor" {
        return Some(format!("yaml: unknown anchor '{}' referenced", anchor(text, &error)));
    }
    let problem = problem.replace("hexadecimal", "hexdecimal");
    // go-yaml counts the lines of its parser from 0, those of its scanner from 1, and does not name the first
    let within = [
        "block collection",
        "block mapping",
        "flow sequence",
        "flow mapping",
        "node",
        "block node",
        "flow node",
    ];
    let context_of = context.strip_prefix("parsing a ").unwrap_or_default();
    let context_of = context_of.split(" at ").next().unwrap_or_default();
    let parser =
        within.contains(&context_of) || context.is_empty() && problem.starts_with("did not find expected");
    let known = parser
        || context.starts_with("scanning")
        || problem.contains("not allowed")
        || context.starts_with("parsing")
        || problem.starts_with("found ")
        || problem.starts_with("could not find")
        || problem.contains("UTF-8");
    if !known {
        return None;
    }
    Some(match line {
        1 => format!("yaml: {problem}"),
        line if parser => format!("yaml: line {}: {problem}", line - 1),
        line => format!("yaml: line {line}: {problem}"),
    })
}

/// The name of the alias at the place that a message names.
fn anchor<'t>(text: &'t str, error: &str) -> &'t str {
    let mut numbers = error.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<usize>().ok());
    let (line, column) = (numbers.next().unwrap_or(1), numbers.next().unwrap_or(1));
    let line = text.lines().nth(line - 1).unwrap_or_default();
    let rest = line.get(column..).unwrap_or_default();
    &rest[..rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len())]
}

/// Faults that are no matter of syntax.
fn words(fault: &Diagnostic) -> String {
    let quoted = || fault.headline.split('`').nth(1).unwrap_or_default().trim_start_matches('*').to_owned();
    match fault.id {
        "infinite-number" => {
            let spelling = quoted();
            let value = match spelling.to_lowercase().as_str() {
                ".nan" => "NaN",
                "-.inf" => "-Inf",
                _ => "+Inf",
            };
            format!("json: unsupported value: {value}")
        }
        "yaml-tag" if fault.headline.contains("not a `!!") => {
            let mut parts = fault.headline.split('`');
            let (text, tag) = (parts.nth(1).unwrap_or_default(), parts.nth(1).unwrap_or_default());
            let found = match resolve(text) {
                Resolved::Null => "null",
                Resolved::Bool(_) => "bool",
                Resolved::Number(NumberKind::Float(_)) => "float",
                Resolved::Number(_) => "int",
                Resolved::String => "str",
            };
            format!("yaml: cannot decode !!{found} `{text}` as a {tag}")
        }
        "yaml-tag" if fault.headline.starts_with("`!!binary`") => {
            "yaml: !!binary value contains invalid base64 data".to_owned()
        }
        "unknown-anchor" => format!("yaml: unknown anchor '{}' referenced", quoted()),
        "alias-cycle" => format!("yaml: anchor '{}' value contains itself", quoted()),
        "alias-budget" => "yaml: document contains excessive aliasing".to_owned(),
        "yaml-merge" => "yaml: map merge requires map or sequence of maps as the value".to_owned(),
        _ => format!("yaml: {}", fault.headline),
    }
}
