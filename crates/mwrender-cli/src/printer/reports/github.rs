//! GitHub's workflow commands: each finding becomes an annotation of a changed file.
//!
//! Their grammar is GitHub's documentation of workflow commands: `%`, line ends, and in properties also `:` and `,`,
//! are written as percent codes.

use super::Findings;
use mwrender_core::diagnostic::Severity;
use std::fmt::Write;

pub(super) fn print(findings: &Findings<'_>) -> String {
    let mut out = String::new();
    for diagnostic in findings.found {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = Vec::new();
        if let Some(at) = findings.place(diagnostic) {
            properties.push(format!("file={}", property(&at.file)));
            properties.push(format!("line={},col={}", at.line, at.column));
        }
        properties.push(format!("title={}", property(diagnostic.id)));
        let mut message = diagnostic.headline.clone();
        let details = Findings::details(diagnostic);
        if !details.is_empty() {
            message = format!("{message}\n{details}");
        }
        // writing to a String cannot fail
        let _ = writeln!(out, "::{command} {}::{}", properties.join(","), escaped(&message));
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_grammar_uses_is_escaped() {
        assert_eq!(escaped("50% of a:b\nc"), "50%25 of a:b%0Ac");
        assert_eq!(property("a,b:c"), "a%2Cb%3Ac");
    }
}
