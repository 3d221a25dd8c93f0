//! What can go wrong with the world.

use mwrender_diagnostic::Diagnostic;
use std::path::PathBuf;

/// An error of reading, or diagnostics that leave no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or directory could not be read or written.
    #[error("cannot read or write `{}`", path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A git repository could not be read.
    #[error("{what}")]
    Git {
        /// What was asked for.
        what: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What was asked for does not make sense.
    #[error("{0}")]
    Usage(String),
    /// The user's files have faults.
    #[error("{}", .0.iter().map(|d| d.headline.as_str()).collect::<Vec<_>>().join("; "))]
    Diagnostics(Vec<Diagnostic>),
}

impl Error {
    /// An error of reading or writing `path`.
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Error {
        // `No such file or directory (os error 2)`: as a clause, and without the number
        let text = source.to_string();
        let source = match text.split_once(" (os error ") {
            Some((text, _)) if source.raw_os_error().is_some() => {
                let mut text = text.to_string();
                if let Some(first) = text.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                std::io::Error::new(source.kind(), text)
            }
            _ => source,
        };
        Error::Io { path: path.into(), source }
    }
}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Error {
        Error::Diagnostics(vec![diagnostic])
    }
}

impl From<Box<Diagnostic>> for Error {
    fn from(diagnostic: Box<Diagnostic>) -> Error {
        Error::Diagnostics(vec![*diagnostic])
    }
}
