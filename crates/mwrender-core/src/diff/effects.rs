//! What a release's changed objects do to its running pods, taken together.

use super::causes::Old;
use super::compare::{ObjectDiff, Silent};
use crate::render::RenderedCell;
use crate::watch::HotReloads;
use mwrender_diff::impact;
use mwrender_diff::pods::{self, Reading};
use mwrender_manifest::{Object, ObjectKey};
use std::collections::HashMap;

/// The `ConfigMap`s and `Secret`s of a release that hold something else now.
pub(super) struct Effects<'a> {
    changed: Vec<(&'a ObjectKey, Vec<String>)>,
    /// What runs pods: as it is, and as it was if it was another.
    workloads: Vec<(&'a Object, Option<&'a Object>)>,
}

impl<'a> Effects<'a> {
    /// Looks at all objects of a release; `same` are those that are the same letter by letter.
    pub(super) fn new(
        cell: &'a RenderedCell,
        old: &HashMap<&'a ObjectKey, &'a Old<'a>>,
        same: &[bool],
    ) -> Effects<'a> {
        let is_source = |key: &ObjectKey| matches!(&*key.kind, "ConfigMap" | "Secret");
        let mut changed = Vec::new();
        let mut workloads = Vec::new();
        for (object, same) in cell.objects.iter().zip(same) {
            let new = &object.object;
            let before = old.get(&new.key).map(|o| &o.object);
            if impact::pod_template(new).is_some() {
                // a workload that is new starts with what is there now
                if *same {
                    workloads.push((new, Some(new)));
                } else if before.is_some() {
                    workloads.push((new, before));
                }
            }
            if !same && is_source(&new.key) {
                changed.push((&new.key, pods::changed_entries(before, Some(new))));
            }
        }
        let new: std::collections::HashSet<&ObjectKey> = cell.objects.iter().map(|o| &o.object.key).collect();
        let mut gone: Vec<&&Old<'_>> = old.values().filter(|o| is_source(&o.object.key)).collect();
        gone.retain(|o| !new.contains(&o.object.key));
        gone.sort_by(|a, b| a.object.key.cmp(&b.object.key));
        changed.extend(gone.iter().map(|o| (&o.object.key, pods::changed_entries(Some(&o.object), None))));
        changed.retain(|(_, entries)| !entries.is_empty());
        Effects { changed, workloads }
    }

    /// What changes, and pods that go on running do not notice.
    pub(super) fn silent(&self, hot: &HotReloads) -> Vec<Silent> {
        let mut found = Vec::new();
        for (workload, before) in &self.workloads {
            if before.is_some_and(|old| impact::restarts(old, workload)) {
                continue;
            }
            for (source, changed) in &self.changed {
                let mut entries = Vec::new();
                let mut readers = Vec::new();
                for entry in changed {
                    let unnoticed = pods::readers(workload, source, entry).into_iter().filter(|reader| {
                        reader.reading != Reading::Directory || !hot.covers(&source.name, entry)
                    });
                    let before = readers.len();
                    readers.extend(unnoticed);
                    if readers.len() > before {
                        entries.push(entry.clone());
                    }
                }
                readers.sort();
                readers.dedup();
                if !readers.is_empty() {
                    found.push(Silent {
                        object: (*source).clone(),
                        entries,
                        workload: workload.key.clone(),
                        readers,
                    });
                }
            }
        }
        found
    }

    /// Tells whether a restart is spurious.
    pub(super) fn judge(&self, found: &mut ObjectDiff, old: &Object, new: &Object) {
        let Some(restarts) = &mut found.restarts else { return };
        let is_read = |(source, entries): &(&ObjectKey, Vec<String>)| {
            entries.iter().any(|e| !pods::readers(new, source, e).is_empty())
        };
        // an annotation that is no hash may tell of what no manifest shows, such as a directory of the host
        let says_nothing = restarts.changes.iter().all(|c| c.hash || c.field.starts_with("label "));
        restarts.spurious =
            says_nothing && pods::same_containers(old, new) && !self.changed.iter().any(is_read);
    }
}
