//! `mwrender diff`.

use crate::args::{Common, Diff, Format};
use crate::output;
use crate::printer;
use mwrender_core::diff::{DiffOptions, diff};
use mwrender_core::{Deployed, Session, Spec};
use std::io;

pub(super) fn run(common: &Common, options: &Diff) -> anyhow::Result<u8> {
    let mut session = Session::new();
    let state = super::load(&mut session, common)?;
    let spec = match &options.deployed {
        Some(spec) => Spec::parse(spec)?,
        None => match Spec::parse(&state.project.deployed)? {
            Spec::Manifests(path) => Spec::Manifests(state.directory.join(path)),
            other => other,
        },
    };
    let deployed = Deployed::load(&mut session, &spec, &state, &super::state_options(common));
    let deployed = deployed.map_err(|e| output::with_lines(e, &session, common.color))?;
    let cells = super::render_checked(&mut session, &state, common, !options.no_validate)?;
    let fail = |e| output::with_lines(e, &session, common.color);
    let compare = DiffOptions { show_only: options.show_only.clone() };
    let report = diff(&session, &state, &cells, &deployed, &compare).map_err(fail)?;
    let against = options.deployed.clone().unwrap_or_else(|| state.project.deployed.clone());
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
