//! TOML as BurntSushi/toml 1.5.0 reads it, which is what Helm has.
//!
//! It takes TOML 1.0, and some texts that are none: what a key was before decides whether it may be defined again.
//! An error is the first one in the order of the text, in that library's words, with the line and the key that was
//! read last.
//!
//! The library takes some of TOML 1.1 if the variable `BURNTSUSHI_TOML_110` is set. That is not followed, as a render
//! does not depend on the environment.

mod document;
mod key;
mod number;
mod scanner;
mod string;
mod tables;

use mwrender_gotemplate::{Context, Failure, Map, Value};

use self::document::Reader;
use self::scanner::Fault;

/// Why a text is not read.
pub(in crate::functions) enum Refusal {
    /// What Go says: `toml: line 2 (last key "a"): ...`.
    Go(String),
    /// What Go has no words for: it nests too deeply.
    Failure(Failure),
}

/// So many bytes at the start of a text tell whether it is UTF-16.
const LOOKED_AT: usize = 6;

/// Reads a document.
///
/// # Errors
/// What is wrong with it, and where.
pub(in crate::functions) fn read(context: &Context<'_>, bytes: &[u8]) -> Result<Map, Refusal> {
    let marks: [&[u8]; 3] = [b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"];
    let bytes = marks.iter().find_map(|mark| bytes.strip_prefix(*mark)).unwrap_or(bytes);
    if bytes[..bytes.len().min(LOOKED_AT)].contains(&0) {
        let what = "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8";
        return Err(Refusal::Go(format!("toml: line 1: {what}")));
    }
    let mut reader = Reader::new(context, bytes);
    let read = reader.document().and_then(|()| reader.value_of_all());
    read.map_err(|fault| match fault {
        Fault::Failure(failure) => Refusal::Failure(failure),
        Fault::Text { line, what } => Refusal::Go(match reader.last_key() {
            key if key.is_empty() => format!("toml: line {line}: {what}"),
            key => format!("toml: line {line} (last key {}): {what}", quoted(&key)),
        }),
    })
}

/// A text in quotes, as Go's `%q` has it.
fn quoted(text: &str) -> String {
    crate::engine::quoted(text)
}

/// A character in quotes, as Go's `%q` has it; the end of the text is a NUL.
fn quoted_char(c: Option<char>) -> String {
    let code = Value::from(i64::from(u32::from(c.unwrap_or('\0'))));
    let text = mwrender_gotemplate::printf(b"%q", &[code]).unwrap_or_default();
    String::from_utf8_lossy(&text).into_owned()
}
