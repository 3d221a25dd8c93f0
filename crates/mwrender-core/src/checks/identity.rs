//! Objects with one identity, and ports of nodes that two Services want.

use super::place::{get, items, span};
use super::pod::protocol;
use super::{Found, Release};
use mwrender_diagnostic::{Diagnostic, Span};
use mwrender_manifest::{Object, ObjectKey};
use mwrender_values::Value;
use std::collections::HashMap;

/// Kinds whose objects are in no namespace.
const CLUSTER_WIDE: &[&str] = &[
    "APIService",
    "CSIDriver",
    "ClusterIssuer",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
];

/// Two objects of one release with the same key.
pub(super) fn within(objects: &[&Object], found: &mut Vec<Found>) {
    let mut seen: HashMap<&ObjectKey, usize> = HashMap::with_capacity(objects.len());
    for (number, object) in objects.iter().enumerate() {
        match seen.get(&object.key) {
            Some(&first) => {
                let what = format!("the release has two objects `{}/{}`", object.key.kind, object.key.name);
                let diagnostic = Diagnostic::error("duplicate-object", what)
                    .primary(name_span(object), "the second one")
                    .note("the cluster keeps one of them: the one that is applied last");
                let place = name_span(objects[first]);
                found.push(Found::new(number, diagnostic).beside(0, first, place, "the first one"));
            }
            None => {
                seen.insert(&object.key, number);
            }
        }
    }
}

/// Objects of two releases of one environment with one identity, and two Services with one port of the nodes.
pub(super) fn across(releases: &[Release<'_>], found: &mut Vec<Found>) {
    let mut seen: HashMap<[&str; 5], (usize, usize)> = HashMap::new();
    let mut node_ports: HashMap<(&str, &str, i64), (usize, usize, Span)> = HashMap::new();
    for (release, Release { cell, objects }) in releases.iter().enumerate() {
        for (number, object) in objects.iter().enumerate() {
            let key = &object.key;
            let namespace = namespace(object, &cell.namespace);
            let identity = [&*cell.environment, namespace, &*key.group, &*key.kind, &*key.name];
            match seen.get(&identity) {
                // `within` tells of those
                Some(&(r, o)) if r == release && releases[r].objects[o].key == *key => {}
                Some(&(r, o)) => {
                    let what = format!("two releases have an object `{}/{}`", key.kind, key.name);
                    let other = &releases[r];
                    let diagnostic = Diagnostic::error("duplicate-object", what)
                        .primary(name_span(object), format!("in release `{}`", cell.release))
                        .note("each would overwrite the other's, and to delete one deletes both");
                    let place = name_span(other.objects[o]);
                    let label = format!("in release `{}`", other.cell.release);
                    let mut fault = Found::new(number, diagnostic).beside(r, o, place, label);
                    fault.release = release;
                    found.push(fault);
                }
                None => {
                    seen.insert(identity, (release, number));
                }
            }
            if key.kind != "Service" || !key.group.is_empty() {
                continue;
            }
            for port in get(&object.value, "spec").map_or(&[][..], |spec| items(spec, "ports")) {
                let Some(wanted) = get(port, "nodePort") else { continue };
                let Some(value) = wanted.as_i64().filter(|n| *n != 0) else { continue };
                let place = (&*cell.environment, protocol(port), value);
                match node_ports.get(&place) {
                    Some(&(r, o, first)) => {
                        let other = releases[r].cell;
                        let what = format!("two Services want port `{value}` of every node");
                        let diagnostic = Diagnostic::error("node-port-collision", what)
                            .primary(span(wanted), "taken already")
                            .note("a port of the nodes belongs to one Service of the whole cluster");
                        let label = format!("by {}/{}", other.namespace, other.release);
                        let mut fault = Found::new(number, diagnostic).beside(r, o, first, label);
                        fault.release = release;
                        found.push(fault);
                    }
                    None => {
                        node_ports.insert(place, (release, number, span(wanted)));
                    }
                }
            }
        }
    }
}

/// The namespace that an object of a release is in; nothing if it is in none.
pub(super) fn namespace<'a>(object: &'a Object, default: &'a str) -> &'a str {
    match object.key.namespace.as_str() {
        _ if CLUSTER_WIDE.contains(&&*object.key.kind) => "",
        "" => default,
        named => named,
    }
}

/// Where an object says its name.
pub(super) fn name_span(object: &Object) -> Span {
    let name = get(&object.value, "metadata").and_then(|metadata| get(metadata, "name"));
    span(name.unwrap_or(&Value::empty_map(object.value.origin)))
}
