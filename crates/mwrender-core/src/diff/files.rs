//! Watched files as data in their own right: what changed in them, whether or not a manifest shows it.

use super::compare::CellDiff;
use super::origins::{Place, Reference};
use crate::session::Session;
use crate::state::{Input, State};
use crate::watch::Watch;
use mwrender_diagnostic::{Pos, SourceId};
use mwrender_diff::Tag;
use mwrender_diff::data::{DataChange, DataChangeKind, changes};
use mwrender_values::emit::json::{JsonStyle, to_string};
use mwrender_values::{Data, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What became of a watched file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// Only its formatting changed: its data are the same.
    Noop,
    /// Its data changed.
    Changed,
    /// It is only on the new side.
    Added,
    /// It is only on the old side.
    Removed,
}

impl FileState {
    /// The catalog compiler's word: `noop` where the data are the same, else `diff`.
    pub const fn word(self) -> &'static str {
        match self {
            FileState::Noop => "noop",
            FileState::Changed | FileState::Added | FileState::Removed => "diff",
        }
    }

    /// The word for what became of the file.
    pub const fn as_str(self) -> &'static str {
        match self {
            FileState::Noop => "noop",
            FileState::Changed => "changed",
            FileState::Added => "added",
            FileState::Removed => "removed",
        }
    }
}

/// A watched file that differs between two states.
#[derive(Clone, Debug)]
pub struct FileChange {
    /// The file as deployed.
    pub file: Arc<str>,
    /// What became of it.
    pub state: FileState,
    /// What changed in it, as a person would say it.
    pub changes: Vec<Told>,
    /// How many of the compared cells read it.
    pub readers: usize,
    /// How many of them have a changed line that comes from it.
    pub reaches: usize,
    /// In how many of them pods restart by it.
    pub restarts: usize,
    /// The number of the watch rule, if one speaks of it.
    pub(super) rule: Option<usize>,
}

/// A change of data in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The path of the value.
    pub path: String,
    /// What became of it: `"a" replaced in place by "b"`.
    pub text: String,
    /// Where it was.
    pub old: Option<Place>,
    /// Where it is.
    pub new: Option<Place>,
}

/// The watched files that differ.
pub(super) fn compare(
    session: &Session,
    old: &State,
    new: &State,
    cells: &[CellDiff],
    watch: &Watch,
    show_secrets: bool,
) -> Vec<FileChange> {
    let mut paths: BTreeSet<&str> = BTreeSet::new();
    paths.extend(old.inputs.iter().chain(&new.inputs).map(|i| &*i.path).filter(|p| p.starts_with('/')));
    let find = |state: &State, path: &str| {
        state.inputs.iter().find(|i: &&Input| i.path == path).and_then(|i| i.source)
    };
    let mut found = Vec::new();
    for path in paths {
        let (before, now) = (find(old, path), find(new, path));
        if before == now {
            continue;
        }
        // the rule for the releases that read it; a file that none reads is watched for its own sake
        let readers: Vec<_> = new.cells.iter().filter(|c| c.layers.iter().any(|l| l.path == path)).collect();
        let mut namespaces: Vec<&str> = readers.iter().map(|c| &*c.cell.namespace).collect();
        namespaces.dedup();
        let rule = match namespaces.as_slice() {
            [] => watch.rule_for_any(path),
            _ => namespaces.iter().find_map(|n| watch.rule(path, n)),
        };
        let name =
            now.or(before).map_or_else(|| Arc::from(path), |id| session.sources().get(id).name().clone());
        let reaches = cells.iter().filter(|c| comes_from(c, &name)).count();
        let restarts = cells.iter().filter(|c| restarts_by(c, &name)).count();
        let (state, told) = match (before, now) {
            (Some(before), Some(now)) => data(session, before, now, show_secrets),
            (None, _) => (FileState::Added, Vec::new()),
            (_, None) => (FileState::Removed, Vec::new()),
        };
        found.push(FileChange {
            file: name,
            state,
            changes: told,
            readers: readers.len(),
            reaches,
            restarts,
            rule,
        });
    }
    found.dedup_by(|a, b| a.file == b.file);
    found
}

fn comes_from(cell: &CellDiff, path: &str) -> bool {
    let lines = cell.objects.iter().flat_map(|o| &o.lines).filter(|l| l.tag != Tag::Equal);
    lines.flat_map(|l| &l.causes).flat_map(Reference::files).any(|file| **file == *path)
}

fn restarts_by(cell: &CellDiff, path: &str) -> bool {
    let changes = cell.objects.iter().filter_map(|o| o.restarts.as_ref()).flat_map(|r| &r.changes);
    changes.flat_map(|c| &c.causes).flat_map(Reference::files).any(|file| **file == *path)
}

fn data(session: &Session, before: SourceId, now: SourceId, show_secrets: bool) -> (FileState, Vec<Told>) {
    let (Some(old), Some(new)) = (session.value(before), session.value(now)) else {
        return (FileState::Changed, Vec::new());
    };
    let found = changes(old, new);
    if found.is_empty() {
        return (FileState::Noop, Vec::new());
    }
    let is_private = |id: SourceId| session.sources().get(id).is_private();
    let private = !show_secrets && (is_private(now) || is_private(before));
    (FileState::Changed, found.iter().map(|c| tell(session, c, private)).collect())
}

fn tell(session: &Session, change: &DataChange, private: bool) -> Told {
    let shown = |value: &Option<Value>| match value {
        _ if private => "<secret>".to_string(),
        Some(value) => short(value),
        None => String::new(),
    };
    let (old, new) = (shown(&change.old), shown(&change.new));
    let items = |n: usize| if n == 1 { "1 item".to_string() } else { format!("{n} items") };
    let in_list =
        change.path.segments().last().is_some_and(|s| matches!(s, mwrender_values::Segment::Index(_)));
    let text = match change.kind {
        DataChangeKind::Changed => match texts(change) {
            Some((gone, came)) => format!("text changed: {gone} lines gone, {came} new"),
            None if in_list => format!("{old} replaced in place by {new}"),
            None => format!("{old} is now {new}"),
        },
        DataChangeKind::Added => format!("{new} added"),
        DataChangeKind::Removed => format!("{old} removed"),
        DataChangeKind::Inserted(n) => format!("{new} inserted: shifts {} behind it", items(n)),
        DataChangeKind::TakenOut(n) => format!("{old} taken out: shifts {} behind it", items(n)),
        DataChangeKind::MovedFrom(i) => format!("{new} moved here from [{i}]"),
    };
    let place = |value: &Option<Value>| {
        let origin = value.as_ref().map_or(Pos::NONE, |v| v.origin);
        session.sources().location(origin).map(Place::from)
    };
    let (old_place, new_place) = match lines_changed(change) {
        Some((old, new)) => (
            session.sources().location(old).map(Place::from),
            session.sources().location(new).map(Place::from),
        ),
        None => (place(&change.old), place(&change.new)),
    };
    Told { path: change.path.to_string(), text, old: old_place, new: new_place }
}

/// How many lines of a text of several lines are gone and new.
fn texts(change: &DataChange) -> Option<(usize, usize)> {
    let (old, new) = (change.old.as_ref()?.as_str()?, change.new.as_ref()?.as_str()?);
    if !old.contains('\n') && !new.contains('\n') {
        return None;
    }
    Some(mwrender_diff::words::changed_lines(old, new))
}

/// Where the first line that differs stands, in both texts.
fn lines_changed(change: &DataChange) -> Option<(Pos, Pos)> {
    let (Data::String(old), Data::String(new)) = (&change.old.as_ref()?.data, &change.new.as_ref()?.data)
    else {
        return None;
    };
    let first = old.text.lines().zip(new.text.lines()).position(|(a, b)| a != b)?;
    let of = |text: &mwrender_values::Text| text.lines.as_ref().and_then(|l| l.get(first)).copied();
    Some((of(old)?, of(new)?))
}

/// A value in a few characters.
fn short(value: &Value) -> String {
    let text = match &value.data {
        Data::Map(map) if map.contains_key("name") => {
            map["name"].value.as_str().map_or_else(String::new, |n| format!("`{n}`"))
        }
        _ => to_string(value, JsonStyle::default()),
    };
    match text.char_indices().nth(60) {
        Some((n, _)) => format!("{}...", &text[..n]),
        None => text,
    }
}
