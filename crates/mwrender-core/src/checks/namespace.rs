//! What the releases of one environment have in one namespace.

use super::identity::namespace;
use super::place::{down, text};
use super::pod::Pod;
use super::{Found, PROVIDED_ELSEWHERE, Release};
use crate::cell::Cell;
use indexmap::IndexMap;
use mwrender_diagnostic::{Diagnostic, Severity};
use mwrender_manifest::Object;
use std::collections::HashMap;

/// An object, with its release and its number in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) release: usize,
    pub(super) number: usize,
    pub(super) object: &'a Object,
}

/// A namespace of an environment.
#[derive(Debug)]
pub(super) struct Namespace<'a> {
    pub(super) objects: Vec<Place<'a>>,
    pub(super) pods: Vec<(Place<'a>, Pod<'a>)>,
    /// By group, kind and name.
    index: HashMap<[&'a str; 3], Place<'a>>,
    /// Whether all releases of the namespace are there.
    complete: bool,
}

/// The namespaces that have objects of some releases.
pub(super) fn all<'a>(releases: &'a [Release<'a>], matrix: &[Cell]) -> Vec<Namespace<'a>> {
    let mut missing: HashMap<(&str, &str), usize> = HashMap::new();
    for cell in matrix {
        *missing.entry((&cell.environment, &cell.namespace)).or_default() += 1;
    }
    for Release { cell, .. } in releases {
        // those of manifests that are in no matrix are complete
        let count = missing.entry((&cell.environment, &cell.namespace)).or_default();
        *count = count.saturating_sub(1);
    }
    let mut all: IndexMap<(&str, &str), Namespace<'a>> = IndexMap::new();
    for (release, Release { cell, objects }) in releases.iter().enumerate() {
        for (number, object) in objects.iter().enumerate() {
            let key = (&*cell.environment, namespace(object, &cell.namespace));
            let namespace = all.entry(key).or_insert_with(|| Namespace {
                objects: Vec::new(),
                pods: Vec::new(),
                index: HashMap::new(),
                complete: missing.get(&key) == Some(&0),
            });
            let place = Place { release, number, object };
            namespace.objects.push(place);
            namespace.pods.extend(Pod::of(object).map(|pod| (place, pod)));
            let key = &object.key;
            namespace.index.insert([&*key.group, &*key.kind, &*key.name], place);
        }
    }
    all.into_values().collect()
}

impl<'a> Namespace<'a> {
    /// The object with a group, kind and name.
    pub(super) fn get(&self, group: &str, kind: &str, name: &str) -> Option<Place<'a>> {
        self.index.get(&[group, kind, name]).copied()
    }

    /// The names of the objects of a kind.
    pub(super) fn names<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = &'a str> + 's {
        self.objects.iter().filter(move |p| p.object.key.kind == kind).map(|p| &*p.object.key.name)
    }

    /// Whether nothing of the namespace was left out.
    pub(super) fn is_complete(&self) -> bool {
        self.complete
    }

    /// A fault that is none if another release has what was not found.
    pub(super) fn absent(&self, at: Place<'_>, mut diagnostic: Diagnostic) -> Found {
        if !self.complete {
            diagnostic.severity = diagnostic.severity.min(Severity::Warning);
            diagnostic
                .notes
                .push("not all releases of the namespace were looked at: another one may have it".into());
        }
        at.found(diagnostic)
    }
}

impl Place<'_> {
    /// A fault of this object.
    pub(super) fn found(self, diagnostic: Diagnostic) -> Found {
        Found { release: self.release, object: self.number, diagnostic, elsewhere: Vec::new() }
    }

    /// `Kind/name`, as messages have it.
    pub(super) fn title(self) -> String {
        format!("{}/{}", self.object.key.kind, self.object.key.name)
    }

    /// Whether the object declares that others provide something.
    pub(super) fn is_provided(self, kind: &str, name: &str) -> bool {
        let annotations = down(&self.object.value, &["metadata", "annotations"]);
        let declared = annotations.and_then(|a| text(a, PROVIDED_ELSEWHERE)).unwrap_or_default();
        declared
            .split(',')
            .filter_map(|item| item.trim().split_once('/'))
            .any(|(k, n)| k == kind && (n == "*" || n == name))
    }
}
