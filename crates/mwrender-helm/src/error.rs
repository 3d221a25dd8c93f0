//! What makes a chart unusable.

use mwrender_diagnostic::Diagnostic;

/// Why there is no chart, or why it has no values.
///
/// The text is what Helm prints behind `Error: `; where we know the place, the diagnostic has it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{text}")]
pub struct Error {
    /// What it is about.
    pub kind: ErrorKind,
    /// Helm's words.
    pub text: String,
    /// The places.
    pub diagnostics: Vec<Diagnostic>,
}

/// What an [`Error`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An archive is broken, too large, or leads out of itself.
    Archive,
    /// A pattern of `.helmignore` is none.
    Ignore,
    /// A file of the chart cannot be read, or says what it may not.
    Chart,
    /// The values do not fit the charts.
    Values,
    /// The values are not what `values.schema.json` asks for.
    Schema,
    /// The cluster is not one that the chart is for.
    Capabilities,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, text: impl Into<String>) -> Error {
        Error { kind, text: text.into(), diagnostics: Vec::new() }
    }

    pub(crate) fn with(mut self, diagnostic: Diagnostic) -> Error {
        self.diagnostics.push(diagnostic);
        self
    }

    /// The same with words before its own.
    pub(crate) fn within(mut self, context: &str) -> Error {
        self.text = format!("{context}: {}", self.text);
        self
    }
}

/// A text in Go's `%q`: quoted, with escapes.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            c if c.is_ascii_control() => out.extend(format!("\\x{:02x}", u32::from(c)).chars()),
            c if c.is_control() => out.extend(format!("\\u{:04x}", u32::from(c)).chars()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
