//! What goes wrong, in Go's words, and where.

use std::fmt;

use crate::source::Source;
use crate::trace::Origin;

/// A template that cannot be parsed, or an execution that stopped. Its text is Go's, byte for byte, apart from
/// bytes that are not UTF-8.
#[derive(Clone, Debug)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: ErrorKind,
    text: String,
    message: String,
    line: usize,
    source: Option<Source>,
    frames: Vec<Frame>,
    origins: Vec<Origin>,
}

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is no template.
    Parse,
    /// There is no template of the name.
    NoTemplate,
    /// The execution failed.
    Execute,
    /// The execution took more steps than [`Run::fuel`](crate::Run::fuel) allows.
    Fuel,
    /// Templates or values nest too deeply.
    Depth,
}

/// A place in a template that an execution had reached when it failed.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The name of the template; what `define` calls it.
    pub template: String,
    /// The text it was parsed from.
    pub source: Source,
    /// The byte offset there that Go's message shows.
    pub offset: u32,
    /// The node at that place, as Go prints it.
    pub node: String,
}

impl Error {
    pub(crate) fn parse(source: &Source, line: usize, message: &str) -> Error {
        Error(Box::new(Inner {
            kind: ErrorKind::Parse,
            text: format!("template: {}:{line}: {message}", source.name()),
            message: message.to_owned(),
            line,
            source: Some(source.clone()),
            frames: Vec::new(),
            origins: Vec::new(),
        }))
    }

    pub(crate) fn plain(kind: ErrorKind, text: String) -> Error {
        Error(Box::new(Inner {
            kind,
            message: text.clone(),
            text,
            line: 0,
            source: None,
            frames: Vec::new(),
            origins: Vec::new(),
        }))
    }

    /// An error at a place; `inner` is the one that it reports, if it is not the first.
    pub(crate) fn at(
        kind: ErrorKind,
        frame: Frame,
        message: String,
        inner: Option<Error>,
        origins: Vec<Origin>,
    ) -> Error {
        let (line, column) = frame.source.line_column(frame.offset);
        let text = format!(
            "template: {}:{line}:{column}: executing {} at <{}>: {message}",
            frame.source.name(),
            crate::go::quote::quoted(frame.template.as_bytes()),
            frame.node
        );
        let mut frames = vec![frame];
        let (mut message, mut kind, mut origins) = (message, kind, origins);
        if let Some(inner) = inner.map(|e| *e.0) {
            frames.extend(inner.frames);
            message = inner.message;
            origins.extend(inner.origins);
            if matches!(inner.kind, ErrorKind::Fuel | ErrorKind::Depth) {
                kind = inner.kind;
            }
        }
        Error(Box::new(Inner { kind, text, message, line, source: None, frames, origins }))
    }

    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The innermost message, without the places that lead to it.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The line of a parse error, from 1, and its source.
    pub fn parse_position(&self) -> Option<(&Source, usize)> {
        self.0.source.as_ref().map(|s| (s, self.0.line))
    }

    /// The places, the outermost first: a template, the one it included, and so on.
    pub fn frames(&self) -> &[Frame] {
        &self.0.frames
    }

    /// The origins of the values that the failing node worked on.
    pub fn origins(&self) -> &[Origin] {
        &self.0.origins
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl std::error::Error for Error {}

/// Why a function did not return a value. A text becomes `error calling NAME: text`, and so does the error of
/// a template that the function executed, whose places are kept.
#[derive(Clone, Debug)]
pub struct Failure {
    pub(crate) text: String,
    pub(crate) inner: Option<Error>,
}

impl Failure {
    /// A failure with a text of its own about the error of a template.
    pub fn about(text: impl Into<String>, error: Error) -> Failure {
        Failure { text: text.into(), inner: Some(error) }
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Failure {
        Failure { text, inner: None }
    }
}

impl From<&str> for Failure {
    fn from(text: &str) -> Failure {
        Failure { text: text.to_owned(), inner: None }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { text: error.to_string(), inner: Some(error) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
