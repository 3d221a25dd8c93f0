//! Laying layers of values over each other.
//!
//! The whole rule. [`merge`] applies it to the layers from low to high, [`coalesce`] then once to the chart's
//! defaults (lower) and what merging gave (higher):
//!
//! | lower | higher | `merge` gives | `coalesce` gives |
//! |---|---|---|---|
//! | anything | nothing | the lower | the lower |
//! | nothing | anything but null | the higher | the higher |
//! | map | map | both, key by key | both, key by key |
//! | map | string, number, boolean, list | the higher, with a warning | the higher, with a warning |
//! | not a map, not null | map | the higher, with a warning | the higher, with a warning |
//! | not a map | string, number, boolean, list | the higher | the higher |
//! | null | map | the higher | the higher |
//! | anything | null | null | nothing, and the key is listed as deleted: see [`NullHandling`] |
//! | nothing | null | null | null in a map that only the higher has, else see [`NullHandling`] |
//!
//! So lists replace lists, and null wins like any value among the layers; only against the defaults it deletes.
//! This is what Helm does with `-f` and `--set` (`mergeMaps`) and with a chart's `values.yaml`
//! (`CoalesceValues`). Keys keep the order of the lower side, new ones follow. Whatever only one side has is
//! shared with it, not copied. What lost is kept behind what won: [`Value::losers`].

use crate::path::{Path, Segment};
use crate::value::{Data, Entry, Loser, Map, Value};
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a null among the layers does to the chart's defaults, which Helm changed twice.
///
/// At the top level all of them delete a key that the defaults have and keep the null of one that they lack.
/// Below, with defaults `b: {c: null, d: 1}` and layers `b: {c: null, d: 2, e: null}`:
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NullHandling {
    /// `b: {d: 2, e: null}`: nulls delete what the defaults have. Helm up to 3.19.4.
    UpTo3_19_4,
    /// `b: {d: 2}`: nulls delete and disappear. Helm 3.19.5 and 3.20.0.
    #[default]
    Since3_19_5,
    /// `b: {c: null, d: 2, e: null}`: nulls delete defaults that are not null. Helm from 3.20.1.
    Since3_20_1,
    /// `b: {c: null, d: 2, e: null}`, and no null deletes at all: how Helm treats the values of a subchart
    /// until it gets to that chart itself (`MergeValues`).
    Keep,
}

/// What laying layers over each other gave.
#[derive(Clone, Debug)]
pub struct Coalesced {
    /// The values.
    pub value: Value,
    /// The defaults that a null deleted, in their order.
    pub deleted: Vec<Deleted>,
    /// Maps and other values in each other's place.
    pub diagnostics: Vec<Diagnostic>,
}

/// A default that is gone because of a null.
#[derive(Clone, Debug)]
pub struct Deleted {
    /// Where it was.
    pub path: Path,
    /// The null that deleted it, with the lower layers' values as its losers, the default last.
    pub null: Entry,
}

/// Lays layers over each other, the lowest first; null is a value like others.
///
/// An empty file is a layer that sets nothing. One that holds a list, say, is left out with the error
/// `layer-not-a-map` among the diagnostics; the warnings there are `map-replaced`.
///
/// ```
/// use mwrender_values::{coalesce::{coalesce, merge}, emit::json, read::read};
/// let read = |text| read(text, Default::default()).unwrap().into_value();
/// let layers = [read("a: {b: 1, c: 2}"), read("a: {b: 3}"), read("a: {c: null}")];
/// let merged = merge(&layers);
/// assert_eq!(merged.value.get("a").unwrap().get("b").unwrap().losers().count(), 1);
/// let values = coalesce(&read("a: {c: 0, d: 4}"), &merged.value, Default::default());
/// assert_eq!(json::to_string(&values.value, Default::default()), r#"{"a":{"d":4,"b":3}}"#);
/// assert_eq!(values.deleted[0].path.to_string(), "a.c");
/// ```
pub fn merge(layers: &[Value]) -> Coalesced {
    let mut work = Work::default();
    let (maps, others): (Vec<_>, Vec<_>) = layers.iter().partition(|layer| layer.as_map().is_some());
    for layer in others.into_iter().filter(|layer| !layer.is_null()) {
        let what = layer.kind_name();
        let fault =
            Diagnostic::error("layer-not-a-map", format!("a layer of values is a map, and this is {what}"))
                .primary(Span::new(layer.origin, 1), what);
        work.diagnostics.push(fault);
    }
    let value = work.merge(&maps);
    Coalesced { value, deleted: work.deleted, diagnostics: work.diagnostics }
}

/// Lays merged layers over the defaults of a chart, where null deletes.
pub fn coalesce(defaults: &Value, merged: &Value, nulls: NullHandling) -> Coalesced {
    let mut work = Work::default();
    let value = match (defaults.is_null(), merged.is_null()) {
        (_, true) => defaults.clone(),
        (true, false) => merged.clone(),
        (false, false) => work.coalesce(defaults, merged, nulls),
    };
    Coalesced { value, deleted: work.deleted, diagnostics: work.diagnostics }
}

#[derive(Default)]
struct Work {
    path: Path,
    deleted: Vec<Deleted>,
    diagnostics: Vec<Diagnostic>,
}

impl Work {
    /// Merges what the layers have at one place, the lowest first.
    fn merge(&mut self, values: &[&Value]) -> Value {
        let [lower @ .., winner] = values else { return Value::empty_map(Pos::NONE) };
        if lower.is_empty() {
            return (*winner).clone();
        }
        // only the maps above the last other value count
        let run = values.iter().rposition(|v| v.as_map().is_none()).map_or(0, |n| n + 1);
        let maps: Vec<&Arc<Map>> = values[run..].iter().filter_map(|v| v.as_map()).collect();
        for pair in values.windows(2) {
            self.compare(pair[0], pair[1]);
        }
        let data = match maps.as_slice() {
            [] => winner.data.clone(),
            [only] => Data::Map(Arc::clone(only)),
            [lowest, higher @ ..] => {
                let mut out = Map::clone(lowest);
                let mut shared = BTreeSet::new();
                for (key, entry) in higher.iter().flat_map(|m| m.iter()) {
                    match out.entry(Arc::clone(key)) {
                        indexmap::map::Entry::Occupied(slot) => {
                            shared.insert(slot.index());
                        }
                        indexmap::map::Entry::Vacant(slot) => {
                            slot.insert(entry.clone());
                        }
                    }
                }
                for index in shared {
                    let Some((key, slot)) = out.get_index_mut(index) else { continue };
                    let entries: Vec<&Entry> = maps.iter().filter_map(|m| m.get(key)).collect();
                    let below: Vec<&Value> = entries.iter().map(|e| &e.value).collect();
                    self.path.push(Segment::Key(Arc::clone(key)));
                    slot.value = self.merge(&below);
                    slot.key_origin = entries.last().map_or(Pos::NONE, |e| e.key_origin);
                    self.path.pop();
                }
                Data::Map(Arc::new(out))
            }
        };
        Value { data, origin: winner.origin, losers: behind(winner, lower.iter().rev().copied()) }
    }

    fn coalesce(&mut self, default: &Value, given: &Value, nulls: NullHandling) -> Value {
        let losers = behind(given, std::iter::once(default));
        let (Data::Map(defaults), Data::Map(givens)) = (&default.data, &given.data) else {
            self.compare(default, given);
            return Value { losers, ..given.clone() };
        };
        let top = self.path.is_empty();
        let mut out = Map::clone(defaults);
        for (key, entry) in givens.iter() {
            let default = defaults.get(key).map(|e| &e.value);
            if entry.value.is_null() && nulls.deletes(default, top) {
                out.shift_remove(key);
                if let Some(default) = default {
                    let losers = behind(&entry.value, std::iter::once(default));
                    let value = Value { losers, ..entry.value.clone() };
                    let mut path = self.path.clone();
                    path.push(Segment::Key(Arc::clone(key)));
                    self.deleted.push(Deleted { path, null: Entry { value, key_origin: entry.key_origin } });
                }
                continue;
            }
            let value = match default {
                None => entry.value.clone(),
                Some(default) => {
                    self.path.push(Segment::Key(Arc::clone(key)));
                    let value = self.coalesce(default, &entry.value, nulls);
                    self.path.pop();
                    value
                }
            };
            out.insert(Arc::clone(key), Entry { key_origin: entry.key_origin, value });
        }
        Value { data: Data::Map(Arc::new(out)), origin: given.origin, losers }
    }

    /// Warns when one side is a map and the other something else.
    fn compare(&mut self, lower: &Value, higher: &Value) {
        let (low, high) = (lower.as_map().is_some(), higher.as_map().is_some());
        if low == high || lower.is_null() || higher.is_null() {
            return;
        }
        let (path, low, high) = (&self.path, lower.kind_name(), higher.kind_name());
        let warning =
            Diagnostic::warning("map-replaced", format!("`{path}` is {low}, and {high} replaces it"))
                .primary(Span::new(higher.origin, 1), high)
                .secondary(Span::new(lower.origin, 1), format!("{low} in a lower layer"));
        self.diagnostics.push(warning);
    }
}

impl NullHandling {
    /// Whether a null deletes its key, given what the defaults have there.
    fn deletes(self, default: Option<&Value>, top: bool) -> bool {
        match (self, default) {
            (Self::Keep, _) => false,
            (_, Some(_)) if top => true,
            (_, None) if top => false,
            (Self::UpTo3_19_4, default) => default.is_some(),
            (Self::Since3_19_5, _) => true,
            (Self::Since3_20_1, default) => default.is_some_and(|d| !d.is_null()),
        }
    }
}

/// The losers of a value that already has some and now also has those below it, the nearest first.
fn behind<'v>(winner: &Value, below: impl DoubleEndedIterator<Item = &'v Value>) -> Option<Arc<Loser>> {
    let mut chain = None;
    for value in below.rev() {
        chain = append(value.losers.as_ref(), chain);
        chain = Some(Arc::new(Loser { value: Value { losers: None, ..value.clone() }, next: chain }));
    }
    append(winner.losers.as_ref(), chain)
}

/// One chain after another; the first one is copied unless the other is empty.
fn append(first: Option<&Arc<Loser>>, then: Option<Arc<Loser>>) -> Option<Arc<Loser>> {
    let Some(head) = first else { return then };
    if then.is_none() {
        return Some(Arc::clone(head));
    }
    let values: Vec<&Value> =
        std::iter::successors(Some(head), |l| l.next.as_ref()).map(|l| &l.value).collect();
    values.into_iter().rev().fold(then, |next, value| Some(Arc::new(Loser { value: value.clone(), next })))
}
