//! Diagnostics in the forms that continuous integration reads.

mod github;
mod gitlab;
mod junit;
mod sarif;

use crate::args::ReportFormat;
use mwrender_core::diagnostic::{Diagnostic, Location, Severity, SourceMap, print};
use std::fmt::Write;

/// What was found, and by what.
pub(crate) struct Findings<'a> {
    /// The command: `validate` or `lint`.
    pub(crate) command: &'static str,
    /// What was looked at, such as `releases`.
    pub(crate) subject: &'static str,
    /// How many of it.
    pub(crate) looked_at: usize,
    /// What was found, errors first.
    pub(crate) found: &'a [Diagnostic],
    /// The texts that it speaks of.
    pub(crate) sources: &'a SourceMap,
}

impl Findings<'_> {
    /// How many findings have a severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.found.iter().filter(|d| d.severity == severity).count()
    }

    /// Where a finding is to be mended.
    fn place(&self, diagnostic: &Diagnostic) -> Option<Location> {
        let span = diagnostic.primary_span().or_else(|| diagnostic.annotations.first().map(|a| a.span))?;
        self.sources.location(span.start)
    }

    /// Notes and helps, each a line.
    fn details(diagnostic: &Diagnostic) -> String {
        let notes = diagnostic.notes.iter().map(|n| format!("note: {n}"));
        let help = diagnostic.help.iter().map(|h| format!("help: {h}"));
        notes.chain(help).collect::<Vec<_>>().join("\n")
    }

    /// The findings in a form.
    ///
    /// # Errors
    /// A text cannot be written in that form.
    pub(crate) fn print(&self, format: ReportFormat, colour: bool) -> anyhow::Result<String> {
        Ok(match format {
            ReportFormat::Human => self.human(colour),
            ReportFormat::Concise => {
                self.found.iter().map(|d| print::concise(d, self.sources) + "\n").collect()
            }
            ReportFormat::Json => {
                let list: Vec<_> = self.found.iter().map(|d| print::json(d, self.sources)).collect();
                let mut whole = serde_json::json!({"schema": format!("mwrender.{}/v1", self.command)});
                whole[self.subject] = self.looked_at.into();
                whole["diagnostics"] = list.into();
                serde_json::to_string_pretty(&whole)? + "\n"
            }
            ReportFormat::Junit => junit::print(self)?,
            ReportFormat::Sarif => serde_json::to_string_pretty(&sarif::json(self))? + "\n",
            ReportFormat::Github => github::print(self),
            ReportFormat::Gitlab => serde_json::to_string_pretty(&gitlab::json(self))? + "\n",
        })
    }

    fn human(&self, colour: bool) -> String {
        let mut text = String::new();
        for diagnostic in self.found {
            text.push_str(&print::full(diagnostic, self.sources, colour));
            text.push_str("\n\n");
        }
        let subject = self.subject.trim_end_matches('s');
        let counts = [Severity::Error, Severity::Warning, Severity::Note]
            .map(|severity| super::count(self.count(severity), severity.as_str()));
        // writing to a String cannot fail
        let _ = writeln!(text, "{}: {}", super::count(self.looked_at, subject), counts.join(", "));
        text
    }
}
