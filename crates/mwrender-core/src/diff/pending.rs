//! Three states: what was pending apart from what a change introduces.
//!
//! *Deployed* is what runs, *base* what is merged, *proposed* what a change would make of it. From deployed to base
//! is pending: somebody merged it, and nobody deployed it yet. From base to proposed is what the change introduces.

use super::{CellDiff, Report};
use crate::cell::Cell;
use mwrender_diff::Tag;
use mwrender_manifest::ObjectKey;
use std::collections::HashSet;

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
