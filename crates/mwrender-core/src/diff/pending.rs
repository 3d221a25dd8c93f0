//! Three states: what was pending apart from what a change introduces.
//!
//! *Deployed* is what runs, *base* what is merged, *proposed* what a change would make of it. From deployed to base
//! is pending: somebody merged it, and nobody deployed it yet. From base to proposed is what the change introduces.

use super::{CellDiff, Report};
use crate::cell::Cell;
use mwrender_diff::Tag;
use mwrender_manifest::ObjectKey;
use std::collections::{BTreeMap, HashSet};

/// Two comparisons, and what they have in common.
#[derive(Debug)]
pub struct Pending {
    /// From deployed to base.
    pub pending: Report,
    /// From base to proposed.
    pub introduced: Report,
    /// Lines that are pending and that the change touches again.
    pub both: Vec<Overlap>,
}

/// A line that is pending and that the change touches again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The cell.
    pub cell: Cell,
    /// The object.
    pub object: ObjectKey,
    /// The line as base has it.
    pub line: String,
}

/// What became of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CellState {
    /// The change reaches it, and something is pending there.
    Both,
    /// The change reaches it.
    Introduced,
    /// Something is pending there.
    Pending,
}

impl CellState {
    /// The words for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            CellState::Both => "pending, and changed again",
            CellState::Introduced => "changed by this change",
            CellState::Pending => "pending only",
        }
    }
}

impl Pending {
    /// Puts two comparisons together.
    pub fn new(pending: Report, introduced: Report) -> Pending {
        let mut both = Vec::new();
        for now in &introduced.cells {
            let Some(before) = pending.cells.iter().find(|c| c.cell == now.cell) else { continue };
            both.extend(overlaps(before, now));
        }
        Pending { pending, introduced, both }
    }

    /// The cells by state.
    pub fn board(&self) -> BTreeMap<CellState, Vec<&Cell>> {
        let of = |report: &'_ Report| report.cells.iter().map(|c| c.cell.clone()).collect::<HashSet<_>>();
        let (pending, introduced) = (of(&self.pending), of(&self.introduced));
        let mut board: BTreeMap<CellState, Vec<&Cell>> = BTreeMap::new();
        for cell in self.introduced.cells.iter().map(|c| &c.cell) {
            let state = if pending.contains(cell) { CellState::Both } else { CellState::Introduced };
            board.entry(state).or_default().push(cell);
        }
        for cell in self.pending.cells.iter().map(|c| &c.cell).filter(|c| !introduced.contains(*c)) {
            board.entry(CellState::Pending).or_default().push(cell);
        }
        board
    }
}

/// Lines that `before` put there and `now` takes away.
fn overlaps(before: &CellDiff, now: &CellDiff) -> Vec<Overlap> {
    let mut found = Vec::new();
    for object in &now.objects {
        let Some(pending) = before.objects.iter().find(|o| o.key == object.key) else { continue };
        let came: HashSet<&str> =
            pending.lines.iter().filter(|l| l.tag == Tag::Insert).map(|l| l.text.trim()).collect();
        for line in object.lines.iter().filter(|l| l.tag == Tag::Delete && came.contains(l.text.trim())) {
            found.push(Overlap {
                cell: now.cell.clone(),
                object: object.key.clone(),
                line: line.text.trim().to_string(),
            });
        }
    }
    found
}
