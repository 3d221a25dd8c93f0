//! `mwrender diff`.

use crate::args::{Common, Diff, Format};
use crate::output;
use crate::printer;
use mwrender_core::diff::{DiffOptions, diff};
use mwrender_core::{Deployed, Session, Spec, State};
use std::io;

pub(super) fn run(common: &Common, options: &Diff) -> anyhow::Result<u8> {
    let mut session = Session::new();
    let mut state_options = super::state_options(common);
    let mut state = super::load_with(&mut session, common, &state_options)?;
    let spec = match &options.deployed {
        Some(spec) => Spec::parse(spec)?,
        None => match Spec::parse(&state.project.deployed)? {
            Spec::Manifests(path) => {
                Spec::Manifests(state.resolve(path.to_str().unwrap_or(&state.project.deployed)))
            }
            other => other,
        },
    };
    if is_golden(&spec, &state) && state.inputs.iter().any(|i| i.private && i.source.is_some()) {
        // golden files hold nothing private, so what private layers set is not known to differ
        state_options.without_private = true;
        state = super::load_with(&mut session, common, &state_options)?;
    }
    let deployed = Deployed::load(&mut session, &spec, &state, &state_options);
    let deployed = deployed.map_err(|e| output::with_lines(e, &session, common.color))?;
    let cells = super::render_checked(&mut session, &state, common, !options.no_validate)?;
    let fail = |e| output::with_lines(e, &session, common.color);
    let compare = DiffOptions { show_only: options.show_only.clone(), show_secrets: options.show_secrets };
    let report = diff(&session, &state, &cells, &deployed, &compare).map_err(fail)?;
    let against = match (&spec, &options.deployed) {
        (Spec::Stdin, _) => "standard input".to_string(),
        (_, Some(spec)) => spec.clone(),
        (_, None) => state.project.deployed.clone(),
    };
    let text = match options.output {
        Format::Json => printer::json::report(&session, &state, &report, &against)?,
        Format::Human => {
            let style = printer::Style::new(output::coloured(common.color, &io::stdout()));
            printer::human::report(&session, &state, &report, &against, options, style)
        }
    };
    output::write(&text)?;
    Ok(if options.exit_zero || report.cells.is_empty() {
        output::NOTHING
    } else if report.verdict.is_flagged() && !options.detailed_exitcode {
        output::FLAGGED
    } else {
        output::DIFFERENCES
    })
}

/// Whether the deployed state is the project's golden files.
fn is_golden(spec: &Spec, state: &State) -> bool {
    let Spec::Manifests(path) = spec else { return false };
    let golden = state.resolve(&state.project.golden);
    match (path.canonicalize(), golden.canonicalize()) {
        (Ok(path), Ok(golden)) => path == golden,
        _ => *path == golden,
    }
}
