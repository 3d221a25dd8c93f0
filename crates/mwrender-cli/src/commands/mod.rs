//! One file for each command.

mod affected;
mod diff;
mod explain;
mod golden;
mod lint;
mod list;
mod render;
mod template;
mod validate;
mod values;
mod why;

use crate::args::{self, Args, Command, Common};
use crate::output;
use mwrender_core::diagnostic::{Diagnostic, Severity};
use mwrender_core::validate::Validator;
use mwrender_core::values::set::SetKind;
use mwrender_core::{RenderedCell, Selection, Session, State, StateOptions};
use std::path::Path;

/// Runs the command and gives the exit status.
pub(crate) fn run(args: &Args) -> anyhow::Result<u8> {
    if let Some(jobs) = args.common.jobs {
        // the pool is built once, before anything uses it
        let _ = mwrender_core::set_threads(jobs);
    }
    match &args.command {
        Command::List(options) => list::run(&args.common, options),
        Command::Render(options) => render::run(&args.common, options),
        Command::Template(options) => template::run(&args.common, options),
        Command::Diff(options) => diff::run(&args.common, options),
        Command::Values(options) => values::run(&args.common, options),
        Command::Why(options) => why::run(&args.common, options),
        Command::Affected(options) => affected::run(&args.common, options),
        Command::Validate(options) => validate::run(&args.common, options),
        Command::Lint(options) => lint::run(&args.common, options),
        Command::Golden(options) => golden::run(&args.common, options),
        Command::Explain(options) => explain::run(options),
        Command::Completions(options) => {
            let mut script = Vec::new();
            clap_complete::generate(options.shell, &mut args::command(), "mwrender", &mut script);
            output::write(&String::from_utf8_lossy(&script))?;
            Ok(output::NOTHING)
        }
    }
}

/// A session whose fingerprints are keyed by a file, or else at random.
fn session(fingerprint_key: Option<&Path>) -> anyhow::Result<Session> {
    let mut session = Session::new();
    if let Some(path) = fingerprint_key {
        let key = std::fs::read(path).map_err(|e| mwrender_core::Error::io(path, e))?;
        session.key_fingerprints(&key).map_err(|e| anyhow::anyhow!("{}: {e}", path.display()))?;
    }
    Ok(session)
}

/// Which project and which releases the options mean.
fn state_options(common: &Common) -> StateOptions {
    StateOptions {
        mounts: common.mount.clone(),
        selection: Selection { environments: common.environment.clone(), selectors: common.selector.clone() },
        settings: settings(common, &[]),
        ..StateOptions::new(&common.file)
    }
}

/// The single settings of the command line, each with the flag that gave it.
fn settings(common: &Common, literal: &[String]) -> Vec<(SetKind, String)> {
    let flags = [
        (SetKind::Typed, &*common.set),
        (SetKind::String, &common.set_string),
        (SetKind::Json, &common.set_json),
        (SetKind::File, &common.set_file),
        (SetKind::Literal, literal),
    ];
    flags.into_iter().flat_map(|(kind, texts)| texts.iter().map(move |t| (kind, t.clone()))).collect()
}

/// Loads the project.
fn load(session: &mut Session, common: &Common) -> anyhow::Result<State> {
    load_with(session, common, &state_options(common))
}

/// Loads the project as these options say.
fn load_with(session: &mut Session, common: &Common, options: &StateOptions) -> anyhow::Result<State> {
    State::load(session, options).map_err(|e| output::with_lines(e, session, common.color))
}

/// Renders, and checks what was rendered unless told not to. Faults end the command; notes and warnings do not.
fn render_checked(
    session: &mut Session,
    state: &State,
    common: &Common,
    validate: bool,
) -> anyhow::Result<Vec<RenderedCell>> {
    let validator = if validate {
        let loaded = Validator::load(session, state);
        Some(loaded.map_err(|e| output::with_lines(e, session, common.color))?)
    } else {
        None
    };
    let fail = |e| output::with_lines(e, session, common.color);
    let mut found = Vec::new();
    if let Some(validator) = &validator {
        found = validator.values(session, state).map_err(fail)?;
        stop_at_faults(&found, session, common)?;
    }
    let cells = mwrender_core::render(session, state).map_err(fail)?;
    if let Some(validator) = &validator {
        found.extend(validator.manifests(session, state, &cells).map_err(fail)?);
        stop_at_faults(&found, session, common)?;
    }
    if validate {
        found.extend(session.warnings().iter().cloned());
    }
    let warnings: Vec<_> = found.into_iter().filter(|d| d.severity == Severity::Warning).collect();
    output::diagnostics(&warnings, session, common.color);
    Ok(cells)
}

/// Ends the command if there are errors among diagnostics.
fn stop_at_faults(found: &[Diagnostic], session: &Session, common: &Common) -> anyhow::Result<()> {
    let faults: Vec<_> = found.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(output::with_lines(mwrender_core::Error::Diagnostics(faults), session, common.color))
}
