//! Where text goes, in which colours, and with which exit status.

use crate::args::Color;
use mwrender_core::Session;
use mwrender_core::diagnostic::{Diagnostic, print};
use serde_json::{Value, json};
use std::io::{self, IsTerminal, Write};

/// Nothing to report.
pub(crate) const NOTHING: u8 = 0;
/// An error; bad usage too.
pub(crate) const ERROR: u8 = 1;
/// Differences.
pub(crate) const DIFFERENCES: u8 = 2;
/// Differences that need an infrastructure window.
pub(crate) const FLAGGED: u8 = 3;

/// Faults of the user's files, with the texts they speak of.
#[derive(Debug)]
pub(crate) struct Faults {
    /// For people.
    text: String,
    /// For programs: a diagnostic each.
    found: Vec<Value>,
    /// The catalog compiler's word, where a catalog does not compile.
    pub(crate) catalog: Option<&'static str>,
}

impl std::fmt::Display for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Faults {}

/// Turns an error of the library into one that shows the lines it speaks of.
pub(crate) fn with_lines(error: mwrender_core::Error, session: &Session, color: Color) -> anyhow::Error {
    match error {
        mwrender_core::Error::Diagnostics(faults) => {
            let text: Vec<String> = faults
                .iter()
                .map(|f| print::full(f, session.sources(), coloured(color, &io::stderr())))
                .collect();
            let count = match faults.len() {
                1 => String::new(),
                n => format!("\n\n{n} errors"),
            };
            let found = faults.iter().map(|f| print::json(f, session.sources())).collect();
            anyhow::Error::new(Faults { text: text.join("\n\n") + &count, found, catalog: None })
        }
        other => anyhow::Error::new(other),
    }
}

/// Prints diagnostics to stderr.
pub(crate) fn diagnostics(found: &[Diagnostic], session: &Session, color: Color) {
    for d in found {
        say(&format!("{}\n", print::full(d, session.sources(), coloured(color, &io::stderr()))));
    }
}

/// Prints an error to stderr.
pub(crate) fn error(error: &anyhow::Error) {
    if error.downcast_ref::<Faults>().is_some() {
        say(&error.to_string());
    } else {
        say(&format!("error: {error:#}"));
    }
}

/// An error for programs, `mwrender.error/v1`.
pub(crate) fn error_json(error: &anyhow::Error) -> Value {
    let (errors, catalog) = match error.downcast_ref::<Faults>() {
        Some(faults) => (faults.found.clone(), faults.catalog),
        None => {
            let headline = format!("{error:#}");
            let fault = json!({"id": null, "severity": "error", "headline": headline, "places": [], "notes": [], "help": []});
            (vec![fault], None)
        }
    };
    json!({"schema": "mwrender.error/v1", "catalog": catalog, "errors": errors})
}

/// Whether to colour what goes to a stream.
pub(crate) fn coloured(color: Color, stream: &impl IsTerminal) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
    }
}

/// Writes a line to stderr. If nobody reads it any more, nothing is lost but the line.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Writes to stdout.
pub(crate) fn write(text: &str) -> anyhow::Result<()> {
    write_bytes(text.as_bytes())
}

/// Writes bytes to stdout, as they are.
pub(crate) fn write_bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}

/// Whether somebody stopped reading: `mwrender diff | head` is no failure.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|e| e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}
