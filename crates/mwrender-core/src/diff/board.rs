//! All compared releases by state.

use super::Report;
use crate::cell::Cell;
use std::collections::HashSet;

/// What becomes of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellState {
    /// It changes, by a file that is bound to a window.
    Flagged,
    /// It changes.
    Changed,
    /// It does not change, and something that is merged is not deployed yet.
    Pending,
    /// Nothing.
    Same,
}

impl CellState {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            CellState::Flagged => "flagged",
            CellState::Changed => "changed",
            CellState::Pending => "pending",
            CellState::Same => "same",
        }
    }
}

/// A release on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardCell<'a> {
    /// The release.
    pub cell: &'a Cell,
    /// What becomes of it.
    pub state: CellState,
    /// Whether something is pending there, also where the change reaches it.
    pub pending: bool,
}

/// All releases by state, in the project's order; those that are gone come last. `pending` is the comparison of what
/// is deployed with what is merged, where that is another one.
pub fn board<'a>(cells: &[&'a Cell], report: &'a Report, pending: Option<&'a Report>) -> Vec<BoardCell<'a>> {
    let changed: HashSet<&Cell> = report.cells.iter().map(|c| &c.cell).collect();
    let flagged: HashSet<&Cell> =
        report.verdict.flags.iter().filter(|f| f.window).flat_map(|f| &f.cells).collect();
    let pending_cells = || pending.into_iter().flat_map(|p| &p.cells).map(|c| &c.cell);
    let waiting: HashSet<&Cell> = pending_cells().collect();
    let known: HashSet<&Cell> = cells.iter().copied().collect();
    let mut gone: Vec<&Cell> = Vec::new();
    for cell in report.cells.iter().map(|c| &c.cell).chain(pending_cells()) {
        if !known.contains(cell) && !gone.contains(&cell) {
            gone.push(cell);
        }
    }
    let standing = |cell: &'a Cell| {
        let pending = waiting.contains(cell);
        let state = if flagged.contains(cell) {
            CellState::Flagged
        } else if changed.contains(cell) {
            CellState::Changed
        } else if pending {
            CellState::Pending
        } else {
            CellState::Same
        };
        BoardCell { cell, state, pending }
    };
    cells.iter().copied().chain(gone).map(standing).collect()
}
