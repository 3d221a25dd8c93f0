//! What Helm reads from its command line: the values of its flags, with the words of the library that reads them
//! (Go's `pflag`).
//!
//! Each function gives the value, or what stands behind `invalid argument "x" for "--flag" flag: `.

mod csv;
mod setting;

pub use setting::words as setting_words;

use crate::engine::quoted;
use crate::functions::{time, url};
use mwrender_gotemplate::strconv::{FloatError, parse_float, parse_int};
use mwrender_gotemplate::{Value, printf};

/// What Helm says of a flag's value; `flag` is spelled as in `-n, --namespace`.
pub fn invalid(value: &str, flag: &str, why: &str) -> String {
    format!("invalid argument {} for {} flag: {why}", quoted(value), quoted(flag))
}

/// A character as Go quotes it.
pub fn quoted_rune(rune: char) -> String {
    let quoted = printf(b"%q", &[Value::from(i64::from(u32::from(rune)))]).unwrap_or_default();
    String::from_utf8_lossy(&quoted).into_owned()
}

/// A boolean.
///
/// ```
/// use mwrender_helm::flags::boolean;
/// assert_eq!(boolean("T"), Ok(true));
/// assert_eq!(boolean("yes"), Err(r#"strconv.ParseBool: parsing "yes": invalid syntax"#.to_owned()));
/// ```
///
/// # Errors
/// It is none of Go's spellings.
pub fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!("strconv.ParseBool: parsing {}: invalid syntax", quoted(text))),
    }
}

/// An integer of 64 bits, also in Go's other bases.
///
/// # Errors
/// It is none, or too large.
pub fn integer(text: &str) -> Result<i64, String> {
    parse_int(text.as_bytes()).ok_or_else(|| {
        // one with more digits than fit is none of the other kind
        let is_long = text.len() > 18 && parse_float(text.as_bytes()).is_ok_and(|float| float.fract() == 0.0);
        let why = if is_long { "value out of range" } else { "invalid syntax" };
        format!("strconv.ParseInt: parsing {}: {why}", quoted(text))
    })
}

/// A float of 32 bits.
///
/// # Errors
/// It is none, or too large.
pub fn float32(text: &str) -> Result<f32, String> {
    let special = ["inf", "infinity", "nan"];
    if special.contains(&text.trim_start_matches(['+', '-']).to_ascii_lowercase().as_str()) {
        return Ok(if text.to_ascii_lowercase().ends_with("nan") { f32::NAN } else { f32::INFINITY });
    }
    let why = |why: &str| format!("strconv.ParseFloat: parsing {}: {why}", quoted(text));
    #[expect(clippy::cast_possible_truncation, reason = "what is too large for it becomes infinite")]
    match parse_float(text.as_bytes()) {
        Ok(float) if (float as f32).is_infinite() => Err(why("value out of range")),
        Ok(float) => Ok(float as f32),
        Err(FloatError::Range) => Err(why("value out of range")),
        Err(FloatError::Syntax) => Err(why("invalid syntax")),
    }
}

/// A duration, in nanoseconds.
///
/// ```
/// use mwrender_helm::flags::duration;
/// assert_eq!(duration("1m30s"), Ok(90_000_000_000));
/// assert_eq!(duration("5"), Err(r#"time: missing unit in duration "5""#.to_owned()));
/// ```
///
/// # Errors
/// It is none.
pub fn duration(text: &str) -> Result<i64, String> {
    time::duration(text)
}

/// A list whose items are separated by commas, with the quotes of CSV.
///
/// ```
/// use mwrender_helm::flags::list;
/// assert_eq!(list(r#"a.yaml,"b,c.yaml""#).unwrap(), ["a.yaml", "b,c.yaml"]);
/// assert_eq!(list(""), Ok(vec![]));
/// ```
///
/// # Errors
/// Quotes stand where they cannot.
pub fn list(text: &str) -> Result<Vec<String>, String> {
    if text.is_empty() { Ok(Vec::new()) } else { csv::record(text) }
}

/// Pairs such as `a=b,c=d`.
///
/// # Errors
/// One of them has no `=`, or quotes stand where they cannot.
pub fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    // with one equals sign at most there is one pair, commas or not
    let items = match text.matches('=').count() {
        0 => return Err(format!("{text} must be formatted as key=value")),
        1 => vec![text.trim_matches('"').to_owned()],
        _ => csv::record(text)?,
    };
    let pair = |item: String| match item.split_once('=') {
        Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
        None => Err(format!("{item} must be formatted as key=value")),
    };
    items.into_iter().map(pair).collect()
}

/// Where a file of values is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// `-`.
    StandardInput,
    /// A path.
    Disk,
    /// A URL that Helm would fetch.
    Network,
}

/// Where `--values` and `--set-file` look for what they name.
///
/// ```
/// use mwrender_helm::flags::{Location, location};
/// assert_eq!(location("a/b.yaml"), Ok(Location::Disk));
/// assert_eq!(location("HTTPS://example.org/v.yaml"), Ok(Location::Network));
/// assert_eq!(location("a%zz"), Err(r#"parse "a%zz": invalid URL escape "%zz""#.to_owned()));
/// ```
///
/// # Errors
/// It cannot be read as the URL that it might be; the whole of Helm's message.
pub fn location(text: &str) -> Result<Location, String> {
    if text.trim() == "-" {
        return Ok(Location::StandardInput);
    }
    let scheme = url::parts(text)?.scheme;
    let fetched = ["http", "https", "oci"].contains(&scheme.as_str());
    Ok(if fetched { Location::Network } else { Location::Disk })
}
