//! One file for each command.

mod diff;
mod golden;
mod list;
mod render;

use crate::args::{Args, Command, Common};
use crate::output;
use mwrender_core::{Selection, Session, State, StateOptions};

/// Runs the command and gives the exit status.
pub(crate) fn run(args: &Args) -> anyhow::Result<u8> {
    if let Some(jobs) = args.common.jobs {
        // the pool is built once, before anything uses it
        let _ = mwrender_core::set_threads(jobs);
    }
    match &args.command {
        Command::List(options) => list::run(&args.common, options),
        Command::Render(options) => render::run(&args.common, options),
        Command::Diff(options) => diff::run(&args.common, options),
        Command::Golden(options) => golden::run(&args.common, options),
    }
}

/// Which project and which releases the options mean.
fn state_options(common: &Common) -> StateOptions {
    StateOptions {
        mounts: common.mount.clone(),
        selection: Selection {
            environments: common.environment.clone(),
            selectors: common.selector.clone(),
        },
        ..StateOptions::new(&common.file)
    }
}

/// Loads the project.
fn load(session: &mut Session, common: &Common) -> anyhow::Result<State> {
    State::load(session, &state_options(common)).map_err(|e| output::with_lines(e, session, common.color))
}
