//! Values that are not what `values.schema.json` asks for.

use crate::charts::Charts;
use crate::schema;
use crate::settle::Settled;
use mwrender_diagnostic::{Diagnostic, SourceMap, Span};

pub(super) fn check(settled: &Settled, sources: &SourceMap, name: &str) -> Vec<Diagnostic> {
    let Err(mismatch) = schema::check(settled) else { return Vec::new() };
    let mut found = Vec::new();
    for violation in &mismatch.violations {
        let path = violation.path.join(".");
        let what = if path.is_empty() { "the values".to_owned() } else { format!("`{path}`") };
        let headline = format!("{what} of chart `{}`: {}", violation.chart, violation.message);
        let mut diagnostic = Diagnostic::error("values-schema", headline);
        if sources.find(violation.value).is_some() {
            diagnostic = diagnostic.primary(Span::new(violation.value, 1), "");
        }
        found.push(diagnostic.note(format!("the schema says so at `/{}`", violation.keywords.join("/"))));
    }
    if found.is_empty() {
        // a schema is none
        let text = mismatch.message.lines().last().unwrap_or_default().trim();
        let mut diagnostic =
            Diagnostic::error("values-schema", format!("a schema of values is none: {text}"));
        let schema = settled.charts.get(Charts::ROOT).chart.schema.as_ref();
        let start = schema.map(|schema| schema.file.start).filter(|start| start.is_some());
        if let Some(start) = start {
            diagnostic = diagnostic.primary(Span::new(start, 1), "");
        }
        found.push(diagnostic.note(format!("in chart `{name}` or below it")));
    }
    found
}
