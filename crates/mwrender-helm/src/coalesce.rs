//! Which values each chart gets: Helm's steps, on a [`Table`].
//!
//! For each chart, the outermost first: what was given for it is laid over its defaults; then for each of its
//! subcharts `global` is laid over what is there for the subchart (the outer chart wins), and the subchart is done
//! in the same way. [`Mode::Merge`] keeps nulls, which Helm does until the charts are settled.

use crate::charts::{ChartId, Charts};
use crate::error::{Error, ErrorKind};
use crate::tree::{Node, Seen, Slot, Table};
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use mwrender_values::coalesce::Deleted;
use mwrender_values::emit::json;
use mwrender_values::{Data, Entry, NullHandling, Path, Segment, Value, number};
use std::sync::Arc;

/// Whether nulls delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They do, as [`Charts`] has it.
    Coalesce,
    /// They stay.
    Merge,
}

/// The key that all charts share.
pub(crate) const GLOBAL: &str = "global";

/// Lays values over each other, and notes what Helm prints meanwhile.
pub(crate) struct Coalescer<'c> {
    pub(crate) charts: &'c Charts,
    pub(crate) mode: Mode,
    pub(crate) log: Log,
    depth: usize,
    too_deep: bool,
}

/// How deep maps may be while they are laid over each other: deeper than files can be and paths of imports are.
const MAX_DEPTH: usize = 1_000;

/// What was noteworthy.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    /// What Helm prints on standard error, without the time.
    pub(crate) warnings: Vec<String>,
    /// The same with places.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Defaults that nulls deleted.
    pub(crate) deleted: Vec<Deleted>,
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
}

impl<'c> Coalescer<'c> {
    pub(crate) fn new(charts: &'c Charts, mode: Mode, log: Log) -> Coalescer<'c> {
        let mode = if charts.nulls == NullHandling::Keep { Mode::Merge } else { mode };
        Coalescer { charts, mode, log, depth: 0, too_deep: false }
    }

    /// The value of a map.
    ///
    /// # Errors
    /// Maps contain themselves.
    pub(crate) fn value(&self, table: &Table) -> Result<Value, Error> {
        if self.too_deep || !table.is_tree(MAX_DEPTH) {
            let text = "values contain themselves, or are too deep";
            return Err(Error::new(ErrorKind::Values, text));
        }
        Ok(table.value(&mut Seen::default()))
    }

    /// Lays what was given for a chart over its defaults, and does its subcharts.
    ///
    /// # Errors
    /// What is there for a subchart is no map.
    pub(crate) fn chart(&mut self, chart: ChartId, given: &Table, prefix: &str) -> Result<(), Error> {
        self.defaults(chart, given, prefix);
        let node = self.charts.get(chart);
        for subchart in &node.dependencies {
            let name = self.charts.get(*subchart).name.clone();
            let below = match given.get(&name).map(|slot| slot.node) {
                None => {
                    let below = Table::new();
                    given.put(&name, Node::Table(below.clone()));
                    below
                }
                Some(Node::Table(below)) => below,
                Some(Node::Leaf(value)) => return Err(mismatch(&name, &value)),
            };
            let prefix = join(prefix, &node.name);
            self.globals(&below, given, &prefix);
            self.chart(*subchart, &below, &prefix)?;
        }
        Ok(())
    }

    fn defaults(&mut self, chart: ChartId, given: &Table, prefix: &str) {
        let node = self.charts.get(chart);
        let prefix = join(prefix, &node.name);
        let defaults = Table::copy(&node.values);
        for (key, default) in defaults.entries() {
            let Some(slot) = given.get(&key) else {
                given.insert(key, default);
                continue;
            };
            match &slot.node {
                Node::Leaf(value) if value.is_null() && self.mode != Mode::Merge => {
                    let had = (!default.node.is_null()).then_some(&default.node);
                    self.delete(given, &key, had, &prefix);
                }
                Node::Leaf(_) => given.beat(&key, &default.node),
                Node::Table(table) => match &default.node {
                    Node::Table(defaults) => {
                        let charts = self.charts;
                        // what is a subchart's keeps its nulls until it is that chart's turn
                        let inner = node.dependencies.iter().any(|d| charts.get(*d).name == *key);
                        let mode = if inner { Mode::Merge } else { self.mode };
                        given.beat(&key, &default.node);
                        self.tables(table, defaults, &join(&prefix, &key), mode);
                    }
                    Node::Leaf(default) if default.is_null() => {}
                    Node::Leaf(default) => {
                        let text = format!("warning: skipped value for {prefix}.{key}: Not a table.");
                        self.warn(text, &slot.node, &Node::Leaf(default.clone()));
                    }
                },
            }
        }
    }

    /// Adds to one map what another, lower one has.
    pub(crate) fn tables(&mut self, upper: &Table, lower: &Table, prefix: &str, mode: Mode) {
        if upper.is(lower) {
            return;
        }
        self.depth += 1;
        // imports can put a map into itself
        if self.depth > MAX_DEPTH {
            self.too_deep = true;
        }
        if !self.too_deep {
            self.laid(upper, lower, prefix, mode);
        }
        self.depth -= 1;
    }

    fn laid(&mut self, upper: &Table, lower: &Table, prefix: &str, mode: Mode) {
        let nulls = self.charts.nulls;
        let set: Vec<Arc<str>> =
            lower.entries().into_iter().filter(|(_, s)| !s.node.is_null()).map(|e| e.0).collect();
        if nulls != NullHandling::UpTo3_19_4 {
            for (key, slot) in upper.entries().into_iter().filter(|(_, slot)| slot.node.is_null()) {
                if let Some(before) = lower.get(&key) {
                    upper.beat(&key, &before.node);
                }
                lower.put(&key, slot.node);
            }
        }
        for (key, below) in lower.entries() {
            let Some(slot) = upper.get(&key) else {
                upper.insert(key, below);
                continue;
            };
            let path = join(prefix, &key);
            let had = set.contains(&key);
            let deletes = mode == Mode::Coalesce && (nulls != NullHandling::Since3_20_1 || had);
            match (&slot.node, &below.node) {
                (node, lower) if node.is_null() && deletes => {
                    self.delete(upper, &key, had.then_some(lower), prefix);
                }
                (Node::Table(table), Node::Table(lower)) => {
                    upper.beat(&key, &below.node);
                    self.tables(table, lower, &path, mode);
                }
                (Node::Leaf(_), Node::Table(_)) => {
                    let value = go_value(&below.node);
                    let text = format!("warning: cannot overwrite table with non table for {path} ({value})");
                    self.warn(text, &slot.node, &below.node);
                }
                (Node::Table(_), Node::Leaf(lower)) => {
                    if !lower.is_null() {
                        let value = go_value(&below.node);
                        let text = format!(
                            "warning: destination for {path} is a table. Ignoring non-table value ({value})"
                        );
                        self.warn(text, &slot.node, &below.node);
                    }
                }
                (Node::Leaf(_), Node::Leaf(_)) => upper.beat(&key, &below.node),
            }
        }
    }

    /// Lays `global` of the outer chart over that of what is there for a subchart.
    fn globals(&mut self, below: &Table, outer: &Table, prefix: &str) {
        let global = |table: &Table| match table.get(GLOBAL).map(|slot| slot.node) {
            None => Ok(Table::new()),
            Some(Node::Table(table)) => Ok(table),
            Some(Node::Leaf(value)) => Err(value),
        };
        let skipping = |which| format!("warning: skipping globals because {which} {GLOBAL} is not a table.");
        let inner = match global(below) {
            Ok(table) => table,
            Err(value) => {
                return self.warn(skipping("destination"), &Node::Leaf(value), &Node::Table(outer.clone()));
            }
        };
        let source = match global(outer) {
            Ok(table) => table,
            Err(value) => {
                return self.warn(skipping("source"), &Node::Leaf(value), &Node::Table(below.clone()));
            }
        };
        for (key, slot) in source.entries() {
            let there = inner.get(&key).map(|slot| slot.node);
            match (&slot.node, there) {
                // a copy of the map itself, but not of the maps in it: that is how Helm shares them
                (Node::Table(table), None) => {
                    inner.insert(key, Slot { node: Node::Table(table.shallow()), ..slot });
                }
                (Node::Table(table), Some(Node::Table(there))) => {
                    let copy = table.shallow();
                    let path = join(prefix, &key);
                    self.tables(&copy, &there, &path, Mode::Merge);
                    let lower = Node::Table(there);
                    inner.insert(Arc::clone(&key), Slot { node: Node::Table(copy), ..slot });
                    inner.beat(&key, &lower);
                }
                (Node::Table(_), Some(there @ Node::Leaf(_))) => {
                    let key = crate::error::quoted(&key);
                    let text = format!("Conflict: cannot merge map onto non-map for {key}. Skipping.");
                    self.warn(text, &there, &slot.node);
                }
                (Node::Leaf(_), Some(there @ Node::Table(_))) => {
                    self.warn(format!("key {key} is table. Skipping"), &there, &slot.node);
                }
                (Node::Leaf(_), there) => {
                    inner.insert(Arc::clone(&key), slot);
                    if let Some(there) = there {
                        inner.beat(&key, &there);
                    }
                }
            }
        }
        if below.get(GLOBAL).is_none() {
            below.put(GLOBAL, Node::Table(inner));
        }
    }

    /// Deletes a key because of a null, and notes the default that went with it.
    fn delete(&mut self, table: &Table, key: &str, default: Option<&Node>, prefix: &str) {
        if let Some(default) = default {
            table.beat(key, default);
        }
        let slot = table.get(key);
        table.remove(key);
        if let (Some(Slot { key_origin, node: Node::Leaf(value) }), Some(_)) = (slot, default) {
            let keys = prefix.split('.').chain([key]).skip(1);
            let path: Vec<Segment> = keys.map(|key| Segment::Key(Arc::from(key))).collect();
            self.log.deleted.push(Deleted { path: Path::from(path), null: Entry { key_origin, value } });
        }
    }

    /// Notes a warning of Helm's, with both places.
    fn warn(&mut self, text: String, upper: &Node, lower: &Node) {
        let headline = text.strip_prefix("warning: ").unwrap_or(&text).trim_end_matches('.').to_owned();
        let mut diagnostic = Diagnostic::warning("map-replaced", headline);
        let place = |node: &Node| match node {
            Node::Leaf(value) => value.origin,
            Node::Table(table) => table.origin(),
        };
        let (upper, lower) = (place(upper), place(lower));
        if upper.is_some() {
            diagnostic = diagnostic.primary(Span::new(upper, 1), "");
        }
        if lower.is_some() {
            diagnostic = diagnostic.secondary(Span::new(lower, 1), "in a lower layer");
        }
        self.log.diagnostics.push(diagnostic);
        self.log.warnings.push(text);
    }
}

fn mismatch(name: &str, value: &Value) -> Error {
    let error =
        Error::new(ErrorKind::Values, format!("type mismatch on {name}: {}", go_boolean(value, true)));
    if value.origin == Pos::NONE {
        return error;
    }
    let headline = format!("`{name}` is a chart, and its values are {}", value.kind_name());
    error.with(
        Diagnostic::error("subchart-values", headline)
            .primary(Span::new(value.origin, 1), "a map is needed here"),
    )
}

/// A value as Go's `%t` has it, with which Helm prints whatever it is.
fn go_boolean(value: &Value, top: bool) -> String {
    let all = |items: &[Value]| items.iter().map(|v| go_boolean(v, false)).collect::<Vec<_>>().join(" ");
    match &value.data {
        Data::Bool(flag) => flag.to_string(),
        Data::Null if top => "%!t(<nil>)".to_owned(),
        Data::Null => "<nil>".to_owned(),
        Data::Number(number) => {
            let kind = if number.int64 { "int64" } else { "float64" };
            format!("%!t({kind}={})", go_plain(value))
        }
        Data::String(text) => format!("%!t(string={})", text.text),
        Data::List(items) => format!("[{}]", all(items)),
        Data::Map(map) => {
            let mut keys: Vec<_> = map.keys().cloned().collect();
            keys.sort_unstable();
            let entry = |key: &Arc<str>| {
                let shown = map.get(key).map(|e| go_boolean(&e.value, false)).unwrap_or_default();
                format!("%!t(string={key}):{shown}")
            };
            format!("map[{}]", keys.iter().map(entry).collect::<Vec<_>>().join(" "))
        }
    }
}

/// A value as Go's `%v` has it.
fn go_value(node: &Node) -> String {
    match node {
        Node::Leaf(value) => go_plain(value),
        Node::Table(table) if table.is_tree(MAX_DEPTH) => go_plain(&table.value(&mut Seen::default())),
        Node::Table(_) => "map[...]".to_owned(),
    }
}

pub(crate) fn go_plain(value: &Value) -> String {
    match &value.data {
        Data::Null => "<nil>".to_owned(),
        Data::Bool(flag) => flag.to_string(),
        Data::String(text) => text.text.to_string(),
        Data::Number(number) => {
            let text =
                json::to_string(value, json::JsonStyle { canonical_numbers: true, ..Default::default() });
            let float = text.parse().ok().filter(|_| !number.int64);
            float.map_or(text, number::go_g)
        }
        Data::List(items) => {
            let items: Vec<String> = items.iter().map(go_plain).collect();
            format!("[{}]", items.join(" "))
        }
        Data::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| Arc::clone(key));
            let entries: Vec<String> =
                entries.into_iter().map(|(key, entry)| format!("{key}:{}", go_plain(&entry.value))).collect();
            format!("map[{}]", entries.join(" "))
        }
    }
}
