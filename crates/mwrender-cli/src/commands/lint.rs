//! `mwrender lint`.

use crate::args::{Common, Items, Lint, Strict};
use crate::namespace;
use crate::output;
use crate::printer::reports::Findings;
use mwrender_core::diagnostic::Severity;
use mwrender_core::helm::lint::{LintOptions, lint};
use std::io;

pub(super) fn run(common: &Common, options: &Lint) -> anyhow::Result<u8> {
    let charts = if options.charts.is_empty() { vec![".".to_owned()] } else { options.charts.clone() };
    let asked = LintOptions {
        charts,
        values: Items::all(&options.given.values),
        settings: super::settings(common, &options.given.set_literal),
        namespace: namespace::of(options.given.namespace.as_deref(), &options.given.kube),
        kube_version: options.kube_version.clone(),
        with_subcharts: options.with_subcharts,
        skip_schema: options.skip_schema_validation,
    };
    let linted = lint(&asked).map_err(|failure| anyhow::anyhow!(failure.text))?;
    let worst = linted.found.iter().map(|diagnostic| diagnostic.severity).max();
    let mut found = linted.found;
    if options.quiet {
        found.retain(|diagnostic| diagnostic.severity > Severity::Note);
    }
    let findings = Findings {
        command: "lint",
        subject: "charts",
        looked_at: linted.charts,
        found: &found,
        sources: &linted.sources,
    };
    output::write(&findings.print(options.output, output::coloured(common.color, &io::stdout()))?)?;
    let fails = match options.strict {
        Strict::No => linted.helm == Some(Severity::Error),
        Strict::Helm => linted.helm >= Some(Severity::Warning),
        Strict::All => worst >= Some(Severity::Warning),
    };
    Ok(if fails { output::ERROR } else { output::NOTHING })
}
