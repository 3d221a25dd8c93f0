//! `mwrender diff`.

use crate::args::{Common, Diff, FailOn, Format};
use crate::output;
use crate::printer;
use mwrender_core::diff::{Against, DiffOptions, Pending, Report, diff, steps};
use mwrender_core::{Deployed, RenderedCell, Session, Spec, State, StateOptions, render_beside};
use std::io;

pub(super) fn run(common: &Common, options: &Diff) -> anyhow::Result<u8> {
    let mut session = Session::new();
    let current = super::state_options(common);
    let load_proposed = |session: &mut Session, current: &StateOptions| match &options.proposed {
        None => super::load_with(session, common, current),
        Some(spec) => inputs(session, spec, true, current, common),
    };
    let mut proposed = load_proposed(&mut session, &current)?;
    let base = match &options.base {
        None => None,
        Some(spec) => Some(inputs(&mut session, spec, false, &current, common)?),
    };
    let spec = match &options.deployed {
        Some(spec) => Spec::parse(spec)?,
        None => match Spec::parse(&proposed.project.deployed)? {
            Spec::Manifests(path) => {
                Spec::Manifests(proposed.resolve(path.to_str().unwrap_or(&proposed.project.deployed)))
            }
            other => other,
        },
    };
    // golden files hold nothing private: what private layers set is not known to differ from them
    let mut base_without_private = None;
    let newer = base.as_ref().unwrap_or(&proposed);
    if is_golden(&spec, &proposed) && newer.inputs.iter().any(|i| i.private && i.source.is_some()) {
        let public = StateOptions { without_private: true, ..current.clone() };
        match &options.base {
            None => proposed = load_proposed(&mut session, &public)?,
            Some(spec) => base_without_private = Some(inputs(&mut session, spec, false, &public, common)?),
        }
    }
    let newer = base.as_ref().unwrap_or(&proposed);
    let deployed = Deployed::load(&mut session, &spec, newer, &current);
    let deployed = deployed.map_err(|e| output::with_lines(e, &session, common.color))?;
    let validate = !options.no_validate;
    let new = super::render_checked(&mut session, &proposed, common, validate)?;
    let fail = |e| output::with_lines(e, &session, common.color);
    let compare = DiffOptions {
        show_only: options.show_only.clone(),
        show_secrets: options.show_secrets,
        at: options.at.as_deref().map(str::parse).transpose()?,
    };
    let against_deployed = |state: &State, cells: &[RenderedCell]| -> anyhow::Result<Report> {
        match &deployed {
            Deployed::Manifests(m) => {
                diff(&session, state, cells, Against::Manifests(m), &compare).map_err(fail)
            }
            Deployed::Inputs(old) => {
                let old_cells = render_beside(&session, old, &[(state, cells)]).map_err(fail)?;
                diff(&session, state, cells, Against::Inputs(old, &old_cells), &compare).map_err(fail)
            }
        }
    };
    let against = match (&spec, &options.deployed) {
        (Spec::Stdin, _) => "standard input".to_string(),
        (_, Some(spec)) => spec.clone(),
        (_, None) => proposed.project.deployed.clone(),
    };
    let style = printer::Style::new(output::coloured(common.color, &io::stdout()));
    let Some(base) = base else {
        let report = against_deployed(&proposed, &new)?;
        let next = steps(&session, &proposed, &report).map_err(fail)?;
        let text = match options.output {
            Format::Json => printer::json::report(&session, &proposed, &report, &next, &against)?,
            Format::Human => {
                printer::human::report(&session, &proposed, &report, &next, &against, options, style)
            }
        };
        output::write(&text)?;
        return Ok(status(&report, options));
    };
    let base_cells = render_beside(&session, &base, &[(&proposed, &new)]).map_err(fail)?;
    let pending = match &base_without_private {
        Some(public) => {
            let known: [(&State, &[RenderedCell]); 2] = [(&base, &base_cells), (&proposed, &new)];
            against_deployed(public, &render_beside(&session, public, &known).map_err(fail)?)?
        }
        None => against_deployed(&base, &base_cells)?,
    };
    let introduced =
        diff(&session, &proposed, &new, Against::Inputs(&base, &base_cells), &compare).map_err(fail)?;
    let both = Pending::new(pending, introduced);
    let next = steps(&session, &proposed, &both.introduced).map_err(fail)?;
    let text = match options.output {
        Format::Json => printer::json::pending(&session, &proposed, &both, &next, &against)?,
        Format::Human => printer::human::pending(&session, &proposed, &both, &next, &against, options, style),
    };
    output::write(&text)?;
    let introduced = status(&both.introduced, options);
    Ok(match options.fail_on {
        Some(FailOn::Pending) => introduced.max(status(&both.pending, options)),
        None => introduced,
    })
}

/// A state whose inputs are known.
fn inputs(
    session: &mut Session,
    spec: &str,
    proposed: bool,
    current: &StateOptions,
    common: &Common,
) -> anyhow::Result<State> {
    let loaded = match Spec::parse(spec)? {
        Spec::Manifests(_) | Spec::Stdin => {
            anyhow::bail!(
                "`{spec}` is manifests: base and proposed states need inputs, such as git:REF, mount:PATH=DIR, catalog:FILE, pcc:DIR or ."
            )
        }
        parsed => Deployed::inputs(session, &parsed, proposed, current),
    };
    loaded.map_err(|e| output::with_lines(e, session, common.color))
}

/// The exit status that a report stands for.
fn status(report: &Report, options: &Diff) -> u8 {
    if options.exit_zero || report.is_empty() {
        output::NOTHING
    } else if report.verdict.is_blocked() && !options.detailed_exitcode {
        output::FLAGGED
    } else if report.cells.is_empty() && !report.verdict.is_flagged() {
        // data that nobody watches a window for, and no manifest
        output::NOTHING
    } else {
        output::DIFFERENCES
    }
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
