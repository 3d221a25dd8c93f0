//! Reading YAML, as Helm does.

use crate::value::Value;
use mwrender_diagnostic::{Diagnostic, Pos};

/// One document of a stream.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its value; an empty document is `null`.
    pub value: Value,
}

/// What reading gave: the documents, and what is worth saying about them.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// The documents in order.
    pub documents: Vec<Document>,
    /// Warnings: duplicate keys, boolean-looking keys, ...
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads all documents of a text whose first byte is at `base`.
///
/// # Errors
/// The text is not YAML, nests too deeply or its aliases expand too far; the diagnostic says where.
pub fn read(text: &str, base: Pos) -> Result<Read, Box<Diagnostic>> {
    let _ = (text, base);
    Err(Box::new(Diagnostic::error("yaml-syntax", "not yet")))
}
