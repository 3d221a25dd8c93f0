//! The diff of a deployed state with what is rendered now.

mod board;
mod causes;
mod compare;
mod effects;
mod files;
pub(crate) mod next;
pub(crate) mod origins;
mod pending;
mod rendering;
pub(crate) mod secrets;
mod verdict;

pub use board::{BoardCell, CellState, board};
pub use compare::{CellDiff, DiffLine, ObjectDiff, PodChange, RemovedOrigin, Restarts, Silent};
pub use files::{FileChange, FileState, Told};
pub use next::{Step, steps};
pub use origins::{Place, Reference};
pub use pending::{Overlap, Pending};
pub use verdict::{Flag, Restart, Verdict};

use crate::deployed::Manifests;
use crate::error::Error;
use crate::render::RenderedCell;
use crate::session::Session;
use crate::state::State;
use crate::watch::Watch;
use crate::window::Moment;

/// How to compare.
#[derive(Clone, Debug, Default)]
pub struct DiffOptions {
    /// Only objects of these kinds, or `KIND/NAME`.
    pub show_only: Vec<String>,
    /// Whether values of private layers are shown.
    pub show_secrets: bool,
    /// For which time the windows are asked; by default now.
    pub at: Option<Moment>,
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
    /// Watched files that differ, where the inputs of both sides are known.
    pub files: Vec<FileChange>,
    /// What it means.
    pub verdict: Verdict,
}

impl Report {
    /// Whether nothing differs: no manifest, and no data of a watched file.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.verdict.flags.is_empty()
    }
}

/// What rendered cells are compared with.
#[derive(Clone, Copy)]
pub enum Against<'a> {
    /// Manifests, of which nothing else is known.
    Manifests(&'a Manifests),
    /// Another state of the inputs, rendered.
    Inputs(&'a State, &'a [RenderedCell]),
}

/// Compares rendered cells with another state.
///
/// # Errors
/// The other state has faults.
pub fn diff(
    session: &Session,
    state: &State,
    rendered: &[RenderedCell],
    against: Against<'_>,
    options: &DiffOptions,
) -> Result<Report, Error> {
    let watch = Watch::new(&state.project.watch)?;
    let cells = compare::compare(session, state, rendered, against, options)?;
    let files = match against {
        Against::Inputs(old, _) => {
            Some(files::compare(session, old, state, &cells, &watch, options.show_secrets))
        }
        Against::Manifests(_) => None,
    };
    let verdict = verdict::judge(&cells, files.as_deref(), &watch)
        .at(&state.windows, options.at.unwrap_or_else(Moment::now));
    Ok(Report {
        both_inputs: files.is_some(),
        cells,
        compared: rendered.len(),
        files: files.unwrap_or_default(),
        verdict,
    })
}
