//! What a diff means: who must know, which pods restart.

use super::compare::{CellDiff, DiffLine, Restarts, Silent};
use super::files::{FileChange, FileState};
use super::origins::Reference;
use crate::cell::Cell;
use crate::watch::Watch;
use crate::window::{Moment, Standing, Windows};
use mwrender_diff::{Change, Tag};
use mwrender_manifest::ObjectKey;
use mwrender_template::How;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The meaning of a diff.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Watched files that changed lines come from.
    pub flags: Vec<Flag>,
    /// Pods that restart.
    pub restarts: Vec<Restart>,
    /// Changes that running pods do not notice.
    pub silent: Vec<(Cell, Silent)>,
    /// Changes that applying would refuse, by cell and object, with the fields.
    pub replaces: Vec<(Cell, ObjectKey, Vec<String>)>,
    /// Whether it is time to merge what is flagged; nothing if nothing is, or if the project has no windows.
    pub window: Option<Standing>,
}

/// A watched file and the cells that it changes.
#[derive(Clone, Debug)]
pub struct Flag {
    /// The file as deployed.
    pub file: Arc<str>,
    /// Who writes it.
    pub owner: String,
    /// Whether its changes may only be merged in an infrastructure window.
    pub window: bool,
    /// Why.
    pub reason: String,
    /// What to do.
    pub next: String,
    /// The cells whose lines come from it; none if its data changed without an effect on manifests.
    pub cells: Vec<Cell>,
}

/// An object whose pods restart.
#[derive(Clone, Debug)]
pub struct Restart {
    /// The cell.
    pub cell: Cell,
    /// The object.
    pub object: ObjectKey,
    /// How many, and why.
    pub restarts: Restarts,
}

impl Verdict {
    /// Whether a change may only be merged in an infrastructure window.
    pub fn is_flagged(&self) -> bool {
        self.flags.iter().any(|f| f.window)
    }

    /// Whether a change may not be merged now: it is flagged, and no window is open for it.
    pub fn is_blocked(&self) -> bool {
        self.is_flagged() && !matches!(self.window, Some(Standing::Inside(_)))
    }

    /// Asks the windows about what is flagged.
    pub(super) fn at(mut self, windows: &Windows, at: Moment) -> Verdict {
        let mut owners: Vec<&str> = self.flags.iter().filter(|f| f.window).map(|f| &*f.owner).collect();
        owners.dedup();
        if !owners.is_empty() && !windows.is_empty() {
            self.window = Some(windows.standing(at, &owners));
        }
        self
    }
}

/// `files` are the watched files that differ, where the inputs of both sides are known: then their data decide what
/// is flagged, and lines only tell which releases they reach.
pub(super) fn judge(cells: &[CellDiff], files: Option<&[FileChange]>, watch: &Watch) -> Verdict {
    let mut verdict = Verdict::default();
    let mut flagged: BTreeMap<(usize, Arc<str>), BTreeSet<Cell>> = BTreeMap::new();
    for cell in cells {
        for file in cited(cell) {
            if files.is_some_and(|f| !f.iter().any(|f| f.file == file && f.state != FileState::Noop)) {
                continue;
            }
            if let Some(rule) = watch.rule(&file, &cell.cell.namespace) {
                flagged.entry((rule, file)).or_default().insert(cell.cell.clone());
            }
        }
        verdict.silent.extend(cell.silent.iter().map(|s| (cell.cell.clone(), s.clone())));
        for object in &cell.objects {
            if let Some(restarts) = &object.restarts {
                verdict.restarts.push(Restart {
                    cell: cell.cell.clone(),
                    object: object.key.clone(),
                    restarts: restarts.clone(),
                });
            }
            if !object.immutable.is_empty() {
                verdict.replaces.push((cell.cell.clone(), object.key.clone(), object.immutable.clone()));
            }
        }
    }
    for file in files.unwrap_or_default().iter().filter(|f| f.state != FileState::Noop) {
        // a rule about some releases speaks of a file only where it changes one of them
        if let Some(rule) = file.rule.filter(|r| watch.get(*r).releases.is_none()) {
            flagged.entry((rule, file.file.clone())).or_default();
        }
    }
    for ((rule, file), cells) in flagged {
        let rule = watch.get(rule);
        verdict.flags.push(Flag {
            file,
            owner: rule.owner.clone(),
            window: rule.window,
            reason: rule.reason.clone(),
            next: rule.next.clone(),
            cells: cells.into_iter().collect(),
        });
    }
    verdict.flags.sort_by_key(|f| !f.window);
    verdict
}

/// The files that a cell's changed lines come from.
///
/// A condition counts where nothing nearer does. A hash depends on everything that was hashed: what other lines of
/// the cell show to be involved counts, and all of it only if they show nothing.
fn cited(cell: &CellDiff) -> BTreeSet<Arc<str>> {
    // a release that is new or gone is so by the project file
    if cell.change != Change::Changed {
        return BTreeSet::new();
    }
    let lines = || cell.objects.iter().flat_map(|o| &o.lines).filter(|l| l.tag != Tag::Equal);
    let of = |line: &DiffLine, counts: fn(How) -> bool| -> Vec<Arc<str>> {
        line.causes.iter().filter(|c| counts(c.how)).flat_map(Reference::files).cloned().collect()
    };
    let mut files = BTreeSet::new();
    let mut hashed = BTreeSet::new();
    for line in lines() {
        let near = of(line, |how| matches!(how, How::Direct | How::Operand));
        let hash = of(line, |how| how == How::Hash);
        if near.is_empty() && hash.is_empty() {
            files.extend(of(line, |how| how == How::Conditional));
        }
        files.extend(near);
        hashed.extend(hash);
    }
    if hashed.is_disjoint(&files) {
        files.extend(hashed);
    }
    files
}
