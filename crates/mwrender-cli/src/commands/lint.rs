//! `mwrender lint`.

use crate::args::{Common, Lint};
use crate::output;
use crate::printer::reports::Findings;
use mwrender_core::diagnostic::Severity;
use mwrender_core::helm::lint::{LintOptions, lint};
use mwrender_core::values::set::SetKind;
use std::io;

pub(super) fn run(common: &Common, options: &Lint) -> anyhow::Result<u8> {
    let from_environment = || std::env::var("HELM_NAMESPACE").ok().filter(|name| !name.is_empty());
    let given = options.namespace.clone().filter(|name| !name.is_empty());
    let settings = [
        (SetKind::Typed, &common.set),
        (SetKind::String, &common.set_string),
        (SetKind::Json, &common.set_json),
        (SetKind::File, &common.set_file),
        (SetKind::Literal, &options.set_literal),
    ];
    let charts = if options.charts.is_empty() { vec![".".to_owned()] } else { options.charts.clone() };
    let asked = LintOptions {
        charts,
        values: options.values.clone(),
        settings: settings
            .into_iter()
            .flat_map(|(kind, texts)| texts.iter().map(move |text| (kind, text.clone())))
            .collect(),
        namespace: given.or_else(from_environment).unwrap_or_else(|| "default".to_owned()),
        kube_version: options.kube_version.clone(),
        with_subcharts: options.with_subcharts,
    };
    let mut linted = lint(&asked).map_err(|failure| anyhow::anyhow!(failure.text))?;
    if options.quiet {
        linted.found.retain(|diagnostic| diagnostic.severity > Severity::Note);
    }
    let findings = Findings {
        command: "lint",
        subject: "charts",
        looked_at: linted.charts,
        found: &linted.found,
        sources: &linted.sources,
    };
    output::write(&findings.print(options.output, output::coloured(common.color, &io::stdout()))?)?;
    let least = if options.strict { Severity::Warning } else { Severity::Error };
    let fails = linted.found.iter().any(|diagnostic| diagnostic.severity >= least);
    Ok(if fails { output::ERROR } else { output::NOTHING })
}
