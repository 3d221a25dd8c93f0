//! `mwrender diff`.

use crate::args::{Common, Diff, FailOn, Format};
use crate::output;
use crate::printer;
use mwrender_core::diagnostic::Diagnostic;
use mwrender_core::diff::{Against, DiffOptions, Pending, Report, diff, steps};
use mwrender_core::mix::{self, Both, PartOf, Size};
use mwrender_core::state::compiler_state;
use mwrender_core::{Deployed, Error, RenderedCell, Session, Spec, State, StateOptions, render_beside};
use std::io;

/// The states to compare.
struct States {
    proposed: State,
    base: Option<State>,
    /// The base without private layers, where it is compared with golden files, which hold nothing private.
    public_base: Option<State>,
    deployed: Deployed,
    /// What people call the deployed state.
    against: String,
}

pub(super) fn run(common: &Common, options: &Diff) -> anyhow::Result<u8> {
    let mut session = super::session(options.fingerprint_key.as_deref())?;
    let states = load(&mut session, common, options)?;
    let States { proposed, base, public_base, deployed, against } = states;
    let new = super::render_checked(&mut session, &proposed, common, !options.no_validate)?;
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
    let pending = match &public_base {
        Some(public) => {
            let known: [(&State, &[RenderedCell]); 2] = [(&base, &base_cells), (&proposed, &new)];
            against_deployed(public, &render_beside(&session, public, &known).map_err(fail)?)?
        }
        None => against_deployed(&base, &base_cells)?,
    };
    let whole =
        diff(&session, &proposed, &new, Against::Inputs(&base, &base_cells), &compare).map_err(fail)?;
    let both = Both { base: &base, base_cells: &base_cells, proposed: &proposed, proposed_cells: &new };
    let mixed = mixture(&session, both, &whole, options, &compare).map_err(fail)?;
    let (state, introduced, mixture) = match mixed {
        Some((state, report, mixture)) => (state, report, Some(mixture)),
        None => (proposed, whole, None),
    };
    let (state, mixture) = (&state, mixture.as_ref());
    let found = Pending::new(pending, introduced);
    let next = steps(&session, state, &found.introduced).map_err(fail)?;
    let text = match options.output {
        Format::Json => printer::json::pending(&session, state, &found, &next, mixture, &against)?,
        Format::Human => {
            let parts = printer::human::Parts { next: &next, mixture };
            printer::human::pending(&session, state, &found, parts, &against, options, style)
        }
    };
    output::write(&text)?;
    let introduced = status(&found.introduced, options);
    Ok(match options.fail_on {
        Some(FailOn::Pending) => introduced.max(status(&found.pending, options)),
        None => introduced,
    })
}

/// Loads all states.
fn load(session: &mut Session, common: &Common, options: &Diff) -> anyhow::Result<States> {
    let current = super::state_options(common);
    let mut load_inputs = |proposed: bool, options_of: &StateOptions| -> anyhow::Result<State> {
        let spec = if proposed { &options.proposed } else { &options.base };
        let loaded = inputs(session, spec.as_deref(), proposed, options_of)?;
        loaded.map_err(|fault| {
            let said = of_catalog(&fault).and_then(compiler_state);
            let (fault, word) = match said {
                Some(state) => (fault, Some(state.as_str())),
                None if of_catalog(&fault).is_none() => (fault, None),
                None => {
                    // whether the change breaks a catalog, or it was broken before, is known from the other one
                    let other = if proposed { &options.base } else { &options.proposed };
                    let other_failed = other.as_deref().is_some_and(|spec| {
                        inputs(session, Some(spec), !proposed, options_of)
                            .is_ok_and(|r| r.is_err_and(|e| of_catalog(&e).is_some()))
                    });
                    let (word, note) = match (proposed, other_failed) {
                        (_, true) => ("fail", "fail: neither catalog compiles"),
                        (true, false) => ("error", "error: the change breaks the catalog"),
                        (false, false) => {
                            ("noop", "the change mends the catalog: there is nothing to compare it with")
                        }
                    };
                    (with_note(fault, note), Some(word))
                }
            };
            let mut told = output::with_lines(fault, session, common.color);
            if let Some(faults) = told.downcast_mut::<output::Faults>() {
                faults.catalog = word;
            }
            told
        })
    };
    let mut proposed = load_inputs(true, &current)?;
    let base = options.base.as_ref().map(|_| load_inputs(false, &current)).transpose()?;
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
    let mut public_base = None;
    let newer = base.as_ref().unwrap_or(&proposed);
    if is_golden(&spec, &proposed) && newer.inputs.iter().any(|i| i.private && i.source.is_some()) {
        let public = StateOptions { without_private: true, ..current.clone() };
        match &base {
            None => proposed = load_inputs(true, &public)?,
            Some(_) => public_base = Some(load_inputs(false, &public)?),
        }
    }
    let newer = base.as_ref().unwrap_or(&proposed);
    let deployed = Deployed::load(session, &spec, newer, &current);
    let deployed = deployed.map_err(|e| output::with_lines(e, session, common.color))?;
    let against = match (&spec, &options.deployed) {
        (Spec::Stdin, _) => "standard input".to_string(),
        (_, Some(spec)) => spec.clone(),
        (_, None) => proposed.project.deployed.clone(),
    };
    Ok(States { proposed, base, public_base, deployed, against })
}

/// A state whose inputs are known; without words for it the project as it is.
fn inputs(
    session: &mut Session,
    spec: Option<&str>,
    proposed: bool,
    current: &StateOptions,
) -> anyhow::Result<Result<State, Error>> {
    let Some(spec) = spec else { return Ok(State::load(session, current)) };
    Ok(match Spec::parse(spec)? {
        Spec::Manifests(_) | Spec::Stdin => {
            anyhow::bail!(
                "`{spec}` is manifests: base and proposed states need inputs, such as git:REF, mount:PATH=DIR, catalog:FILE, pcc:DIR or ."
            )
        }
        parsed => Deployed::inputs(session, &parsed, proposed, current),
    })
}

/// The diagnostic that a catalog did not compile.
fn of_catalog(error: &Error) -> Option<&Diagnostic> {
    let Error::Diagnostics(faults) = error else { return None };
    faults.iter().find(|f| f.id == "catalog-failed" || compiler_state(f).is_some())
}

/// Adds a note to what is said of a catalog that did not compile.
fn with_note(error: Error, note: &str) -> Error {
    let Error::Diagnostics(faults) = error else { return error };
    let tell = |f: Diagnostic| if f.id == "catalog-failed" { f.note(note) } else { f };
    Error::Diagnostics(faults.into_iter().map(tell).collect())
}

/// The part of a change that is asked for, with the share of each owner in the whole.
fn mixture(
    session: &Session,
    both: Both<'_>,
    whole: &Report,
    options: &Diff,
    compare: &DiffOptions,
) -> Result<Option<(State, Report, printer::Mixture)>, Error> {
    let (named, of, word) = match (&*options.without, &*options.only) {
        ([], []) => return Ok(None),
        (without, []) => (without, PartOf::Without, "without"),
        (_, only) => (only, PartOf::Only, "only"),
    };
    let chosen = mix::layers(both, named)?;
    let (state, cells) = mix::part(session, both, &chosen, of)?;
    let shares = mix::shares(session, both, compare)?;
    let report = diff(session, &state, &cells, Against::Inputs(both.base, both.base_cells), compare)?;
    let (whole, part) = (Size::of(whole), Size::of(&report));
    Ok(Some((state, report, printer::Mixture { word, named: named.join(", "), whole, part, shares })))
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
    if let Spec::Git(_, Some(path)) = spec {
        return path.trim_start_matches("./").trim_matches('/') == state.project.golden;
    }
    let Spec::Manifests(path) = spec else { return false };
    let golden = state.resolve(&state.project.golden);
    match (path.canonicalize(), golden.canonicalize()) {
        (Ok(path), Ok(golden)) => path == golden,
        _ => *path == golden,
    }
}
