//! Values that layers set and no template reads: most are misspelt.

use super::Subject;
use super::paths::{PathId, Paths, Step};
use super::reads::Reads;
use super::suggest::similar;
use crate::charts::{ChartId, Charts};
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use mwrender_values::{Data, Entry, Value};
use std::collections::BTreeSet;

/// A walk through the values of a layer.
struct Walk<'s, 'r> {
    subject: &'s Subject<'s>,
    paths: &'r Paths<'r>,
    found: Vec<Diagnostic>,
    reported: BTreeSet<String>,
}

pub(super) fn check(subject: &Subject<'_>, reads: &Reads<'_>) -> Vec<Diagnostic> {
    let charts = &subject.settled.charts;
    let root = &charts.get(Charts::ROOT).chart;
    if !reads.complete || root.metadata.is_library() {
        return Vec::new();
    }
    let mut walk = Walk { subject, paths: &reads.paths, found: Vec::new(), reported: BTreeSet::new() };
    for values in [&root.values, subject.given] {
        walk.chart(values, Charts::ROOT, &[Paths::ROOT], "");
    }
    walk.found
}

/// Marks what is read besides templates: conditions of dependencies, and what is imported from them.
pub(super) fn mark_dependencies(charts: &Charts, paths: &mut Paths<'_>) {
    for id in charts.below(Charts::ROOT) {
        let root = paths.of_chart(id);
        for dependency in charts.get(id).chart.metadata.dependencies.iter().flatten() {
            for condition in dependency.condition.split(',').map(str::trim).filter(|c| !c.is_empty()) {
                let path = paths.keys(root, condition.split('.'));
                paths.touch(path);
            }
            let below = paths.keys(root, [dependency.key()]);
            for import in &dependency.import_values {
                let path = match import.as_str() {
                    Some(name) => {
                        let exports = paths.keys(below, ["exports"]);
                        paths.step(exports, Step::Key(name.into()))
                    }
                    None => {
                        let child = import.get("child").and_then(Value::as_str).unwrap_or_default();
                        paths.keys(below, child.split('.').filter(|key| !key.is_empty()))
                    }
                };
                paths.touch_whole(path);
            }
        }
    }
}

impl Walk<'_, '_> {
    fn chart(&mut self, values: &Value, id: ChartId, at: &[PathId], above: &str) {
        if self.paths.any_whole(at) {
            return;
        }
        let charts = &self.subject.settled.charts;
        let node = charts.get(id);
        let listed = node.chart.metadata.dependencies.iter().flatten();
        let names: BTreeSet<&str> = listed
            .flat_map(|dependency| [dependency.name.as_str(), dependency.key()])
            .chain(node.chart.dependencies.iter().map(|chart| chart.metadata.name.as_str()))
            .collect();
        let enabled = |key: &str| node.dependencies.iter().copied().find(|id| charts.get(*id).name == key);
        for (key, entry) in values.as_map().into_iter().flat_map(|map| map.iter()) {
            let path = join(above, key);
            if let Some(below) = enabled(key) {
                let at = self.paths.matching(at, Some(key));
                self.chart(&entry.value, below, &at, &path);
            } else if !names.contains(&**key) && !matches!(&**key, "global" | "tags" | "exports") {
                self.entry(key, entry, at, &path);
            }
        }
    }

    fn entry(&mut self, key: &str, entry: &Entry, above: &[PathId], path: &str) {
        let at = self.paths.matching(above, Some(key));
        if self.paths.any_whole(&at) || self.is_anchor(key, entry) {
            return;
        }
        if self.paths.any_read(&at) {
            self.below(&entry.value, &at, path);
        } else {
            self.report(key, entry, above, path);
        }
    }

    fn below(&mut self, value: &Value, at: &[PathId], path: &str) {
        match &value.data {
            Data::Map(map) => {
                for (key, entry) in map.iter() {
                    self.entry(key, entry, at, &join(path, key));
                }
            }
            Data::List(items) => {
                let at = self.paths.matching(at, None);
                if at.is_empty() || self.paths.any_whole(&at) {
                    return;
                }
                for item in items.iter() {
                    self.below(item, &at, &format!("{path}[]"));
                }
            }
            _ => {}
        }
    }

    /// Whether it is there for aliases, or is not what was meant to be a key.
    fn is_anchor(&self, key: &str, entry: &Entry) -> bool {
        if key.starts_with("x-") || key.starts_with(['_', '.', '$']) {
            return true;
        }
        let sources = self.subject.sources;
        let Some(id) = sources.find(entry.key_origin) else { return false };
        let source = sources.get(id);
        // a key that is a boolean is told as such
        let start = (entry.key_origin.raw() - source.start().raw()) as usize;
        let written = source.text().get(start..).unwrap_or_default();
        if matches!(key, "true" | "false") && !written.trim_start_matches(['"', '\'']).starts_with(key) {
            return true;
        }
        let rest = source.text().get(start + key.len()..).unwrap_or_default();
        rest.trim_start_matches(['"', '\'', ':', ' ']).starts_with('&')
    }

    fn report(&mut self, key: &str, entry: &Entry, above: &[PathId], path: &str) {
        if !self.reported.insert(path.to_owned()) {
            return;
        }
        let headline = format!("`{path}` is set, but no template reads it");
        let mut diagnostic = Diagnostic::warning("unread-value", headline);
        let at = if entry.key_origin.is_some() { entry.key_origin } else { entry.value.origin };
        if at != Pos::NONE {
            diagnostic = diagnostic.primary(Span::new(at, key.len() as u32), "");
        }
        if let Some(like) = similar(key, self.paths.read_keys(above)) {
            diagnostic = diagnostic.help(format!("did you mean `{like}`, which is read?"));
        }
        self.found.push(diagnostic);
    }
}

fn join(above: &str, key: &str) -> String {
    if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") }
}
