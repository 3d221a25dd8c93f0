//! The diff of a deployed state with what is rendered now.

mod compare;
pub(crate) mod origins;
mod secrets;
mod verdict;

pub use compare::{CellDiff, DiffLine, ObjectDiff, RemovedOrigin};
pub use origins::{Place, Reference};
pub use verdict::{Flag, Restart, Verdict};

use crate::deployed::Deployed;
use crate::error::Error;
use crate::render::{self, RenderedCell};
use crate::session::Session;
use crate::state::State;
use crate::watch::Watch;

/// How to compare.
#[derive(Clone, Debug, Default)]
pub struct DiffOptions {
    /// Only objects of these kinds, or `KIND/NAME`.
    pub show_only: Vec<String>,
    /// Whether values of private layers are shown.
    pub show_secrets: bool,
}

/// The result of a comparison.
#[derive(Debug)]
pub struct Report {
    /// Whether the inputs of both sides are known, so that causes are what changed and not all that took part.
    pub both_inputs: bool,
    /// The cells that differ.
    pub cells: Vec<CellDiff>,
    /// How many cells were compared.
    pub compared: usize,
    /// What it means.
    pub verdict: Verdict,
}

/// Compares rendered cells with a deployed state.
///
/// # Errors
/// The deployed state has faults, or cannot be rendered.
pub fn diff(
    session: &Session,
    state: &State,
    rendered: &[RenderedCell],
    deployed: &Deployed,
    options: &DiffOptions,
) -> Result<Report, Error> {
    let watch = Watch::new(&state.project.watch)?;
    let old = match deployed {
        Deployed::Inputs(inputs) => Some((&**inputs, render::render(session, inputs)?)),
        Deployed::Manifests(_) => None,
    };
    let cells = compare::compare(
        session,
        state,
        rendered,
        deployed,
        old.as_ref().map(|(s, c)| (*s, c.as_slice())),
        options,
    )?;
    let verdict = verdict::judge(session, state, rendered, &cells, &watch);
    Ok(Report { both_inputs: old.is_some(), cells, compared: rendered.len(), verdict })
}
