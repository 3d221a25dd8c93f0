//! What is wrong with the user's files, as data.

use crate::source::Span;
use serde::Serialize;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing needs to be done.
    Note,
    /// Probably a mistake; the result stands.
    Warning,
    /// There is no result.
    Error,
}

impl Severity {
    /// The lower-case word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A place that took part, and what it has to do with the matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// The place.
    pub span: Span,
    /// A few words beside it; may be empty.
    pub label: String,
    /// Whether this is where the user would edit. The first annotation of a diagnostic is.
    pub primary: bool,
}

/// One message about the user's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable kebab-case name that `mwrender explain` knows.
    pub id: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// Lower case, no full stop, names the thing in backticks.
    pub headline: String,
    /// The places: the primary one and the others that took part.
    pub annotations: Vec<Annotation>,
    /// Further facts, each a sentence.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic without places.
    pub fn new(id: &'static str, severity: Severity, headline: impl Into<String>) -> Self {
        let headline = headline.into();
        Diagnostic { id, severity, headline, annotations: Vec::new(), notes: Vec::new(), help: Vec::new() }
    }

    /// An error without places.
    pub fn error(id: &'static str, headline: impl Into<String>) -> Self {
        Self::new(id, Severity::Error, headline)
    }

    /// A warning without places.
    pub fn warning(id: &'static str, headline: impl Into<String>) -> Self {
        Self::new(id, Severity::Warning, headline)
    }

    /// A note without places.
    pub fn note_only(id: &'static str, headline: impl Into<String>) -> Self {
        Self::new(id, Severity::Note, headline)
    }

    /// Adds the place where the user would edit.
    #[must_use]
    pub fn primary(mut self, span: Span, label: impl Into<String>) -> Self {
        self.annotations.push(Annotation { span, label: label.into(), primary: true });
        self
    }

    /// Adds a place that took part.
    #[must_use]
    pub fn secondary(mut self, span: Span, label: impl Into<String>) -> Self {
        self.annotations.push(Annotation { span, label: label.into(), primary: false });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// The place where the user would edit, if it is known.
    pub fn primary_span(&self) -> Option<Span> {
        self.annotations.iter().find(|a| a.primary).map(|a| a.span)
    }
}
