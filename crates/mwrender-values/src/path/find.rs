//! All values of a tree, and those that were read at some place.

use super::{Path, Segment};
use crate::value::{Data, Value};
use mwrender_diagnostic::{Pos, SourceId, SourceMap};
use std::sync::Arc;

/// Calls a function for the value itself and each value within it, parents first: with its path, the place of
/// its key (`Pos::NONE` for items and the whole) and the value.
pub fn walk<'v>(value: &'v Value, visit: &mut impl FnMut(&Path, Pos, &'v Value)) {
    inner(value, Pos::NONE, &mut Path::default(), visit);
}

fn inner<'v>(
    value: &'v Value,
    key_origin: Pos,
    path: &mut Path,
    visit: &mut impl FnMut(&Path, Pos, &'v Value),
) {
    visit(path, key_origin, value);
    match &value.data {
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Segment::Index(index));
                inner(item, Pos::NONE, path, visit);
                path.pop();
            }
        }
        Data::Map(map) => {
            for (key, entry) in map.iter() {
                path.push(Segment::Key(Arc::clone(key)));
                inner(&entry.value, entry.key_origin, path, visit);
                path.pop();
            }
        }
        _ => {}
    }
}

/// All values that hold no others, with their paths: scalars, and lists and maps that are empty.
pub fn leaves(value: &Value) -> Vec<(Path, &Value)> {
    let mut leaves = Vec::new();
    walk(value, &mut |path, _, value| {
        let empty = match &value.data {
            Data::List(items) => items.is_empty(),
            Data::Map(map) => map.is_empty(),
            _ => true,
        };
        if empty {
            leaves.push((path.clone(), value));
        }
    });
    leaves
}

/// A value that was read at a place one asked for.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where it is.
    pub path: Path,
    /// The value, without its losers.
    pub value: Value,
    /// For a line within a text of several lines: its number in the text, from 0.
    pub line: Option<usize>,
}

/// The values that a line (from 1) of a source is about.
///
/// These are those whose key or value starts in the line. Where none does, it is the text of several lines that
/// the line lies in. Values that lost are not searched: search the layer's own tree for them.
pub fn at_line(value: &Value, sources: &SourceMap, source: SourceId, line: u32) -> Vec<Found> {
    let text = sources.get(source);
    let starts = text.line_starts();
    let Some(start) = line.checked_sub(1).and_then(|n| starts.get(n as usize)) else { return Vec::new() };
    let end = starts.get(line as usize).copied().unwrap_or(text.text().len() as u32 + 1);
    search(value, text.start(), sources.pos(source, *start), text.start().offset(end))
}

/// The values that start at a position, or that the position lies in.
///
/// Without the source map this cannot know where the source begins, so `start` says it
/// ([`Source::start`](mwrender_diagnostic::Source::start)).
pub fn at_origin(value: &Value, start: Pos, position: Pos) -> Vec<Found> {
    search(value, start, position, position.offset(1))
}

/// What starts from `from` up to before `to`, else the text that lies around it.
fn search(value: &Value, start: Pos, from: Pos, to: Pos) -> Vec<Found> {
    let within = |pos: Pos| pos.is_some() && pos >= from && pos < to;
    let mut found = Vec::new();
    let mut nearest: Option<(Pos, Found)> = None;
    walk(value, &mut |path, key_origin, value| {
        let plain = || Value { losers: None, ..value.clone() };
        let lines = match &value.data {
            Data::String(text) => text.lines.as_deref().unwrap_or_default(),
            _ => &[],
        };
        let hit = lines.iter().position(|pos| within(*pos));
        // a list or map starts where its first key does, which is the one to name
        let is_leaf = !matches!(value.data, Data::List(_) | Data::Map(_));
        if hit.is_some() || within(key_origin) || is_leaf && within(value.origin) {
            found.push(Found { path: path.clone(), value: plain(), line: hit });
        } else if let Some((line, pos)) = lines.iter().enumerate().rev().find(|(_, pos)| **pos < from)
            && *pos >= start
            && nearest.as_ref().is_none_or(|(best, _)| best < pos)
        {
            nearest = Some((*pos, Found { path: path.clone(), value: plain(), line: Some(line) }));
        } else if is_leaf
            && value.origin.is_some()
            && value.origin >= start
            && value.origin < from
            && nearest.as_ref().is_some_and(|(best, _)| *best < value.origin)
        {
            // something begins between that text and the place: the place is not in the text
            nearest = None;
        }
    });
    if found.is_empty() { nearest.into_iter().map(|(_, f)| f).collect() } else { found }
}
