//! What running pods read: how the containers of a pod template get what a `ConfigMap` or `Secret` holds.
//!
//! A change of such an object reaches a running pod only through a volume that is mounted as a directory: the kubelet
//! never updates a file that is mounted by `subPath`, nor an environment.

use crate::impact::pod_template;
use mwrender_manifest::{Object, ObjectKey};
use mwrender_values::Value;

/// How a container gets an entry of a `ConfigMap` or `Secret`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reading {
    /// In its environment, which is made when it starts.
    Environment,
    /// As a file mounted by `subPath`, which is never updated.
    SubPath,
    /// By a container that runs before the others start.
    Init,
    /// As a file in a directory, which is updated; whether it is read again is up to the program.
    Directory,
}

/// A container that reads an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reader {
    /// Its name.
    pub container: String,
    /// How it gets the entry.
    pub reading: Reading,
}

fn list<'a>(value: Option<&'a Value>, name: &str) -> &'a [Value] {
    value.and_then(|v| v.get(name)).and_then(Value::as_list).unwrap_or_default()
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

/// The containers of an object's pods that read an entry of a `ConfigMap` or `Secret`.
///
/// ```
/// use mwrender_diff::pods::{Reading, readers};
/// let text = "
/// apiVersion: apps/v1
/// kind: Deployment
/// metadata: {name: web, namespace: w}
/// spec:
///   template:
///     spec:
///       containers:
///       - {name: httpd, volumeMounts: [{name: sites, mountPath: /s/a.conf, subPath: a.conf}]}
///       volumes: [{name: sites, configMap: {name: sites}}]
/// ---
/// apiVersion: v1
/// kind: ConfigMap
/// metadata: {name: sites, namespace: w}
/// ";
/// let objects = mwrender_manifest::read_stream(text).unwrap().objects;
/// let found = readers(&objects[0], &objects[1].key, "a.conf");
/// assert_eq!((&*found[0].container, found[0].reading), ("httpd", Reading::SubPath));
/// assert!(readers(&objects[0], &objects[1].key, "b.conf").is_empty());
/// ```
pub fn readers(workload: &Object, source: &ObjectKey, entry: &str) -> Vec<Reader> {
    let Some(spec) = pod_template(workload).and_then(|t| t.get("spec")) else { return Vec::new() };
    let (reference, key_reference) = match source.kind.as_str() {
        "ConfigMap" => ("configMapRef", "configMapKeyRef"),
        "Secret" => ("secretRef", "secretKeyRef"),
        _ => return Vec::new(),
    };
    if !source.namespace.is_empty() && source.namespace != workload.key.namespace {
        return Vec::new();
    }
    let volumes: Vec<(&str, String)> = list(Some(spec), "volumes")
        .iter()
        .filter_map(|v| Some((text(v, "name")?, path_in_volume(v, source, entry)?)))
        .collect();
    let mut found = Vec::new();
    for (kind, init) in [("initContainers", true), ("containers", false)] {
        for container in list(Some(spec), kind) {
            let mut add = |reading| {
                let name = text(container, "name").unwrap_or_default().to_string();
                let reader = Reader { container: name, reading: if init { Reading::Init } else { reading } };
                if !found.contains(&reader) {
                    found.push(reader);
                }
            };
            let is_source = |v: Option<&Value>| v.and_then(|v| text(v, "name")) == Some(&*source.name);
            if list(Some(container), "envFrom").iter().any(|e| is_source(e.get(reference))) {
                add(Reading::Environment);
            }
            for variable in list(Some(container), "env") {
                let from = variable.get("valueFrom").and_then(|v| v.get(key_reference));
                if is_source(from) && from.and_then(|f| text(f, "key")) == Some(entry) {
                    add(Reading::Environment);
                }
            }
            for mount in list(Some(container), "volumeMounts") {
                for (_, path) in volumes.iter().filter(|(name, _)| text(mount, "name") == Some(name)) {
                    match text(mount, "subPath").filter(|s| !s.is_empty()) {
                        None => add(Reading::Directory),
                        Some(sub) if path == sub || path.starts_with(&format!("{sub}/")) => {
                            add(Reading::SubPath);
                        }
                        Some(_) => {}
                    }
                }
            }
        }
    }
    found.sort();
    found
}

/// The path of an entry in a volume, if the volume has it.
fn path_in_volume(volume: &Value, source: &ObjectKey, entry: &str) -> Option<String> {
    let (field, name) = match source.kind.as_str() {
        "ConfigMap" => ("configMap", "name"),
        _ => ("secret", "secretName"),
    };
    let of = |holder: &Value, name: &str| -> Option<String> {
        let from = holder.get(field)?;
        if text(from, name)? != source.name {
            return None;
        }
        match from.get("items").and_then(Value::as_list) {
            None => Some(entry.to_string()),
            Some(items) => {
                let item = items.iter().find(|i| text(i, "key") == Some(entry))?;
                text(item, "path").map(str::to_string)
            }
        }
    };
    let projected = list(volume.get("projected"), "sources");
    of(volume, name).or_else(|| projected.iter().find_map(|p| of(p, "name")))
}

/// The entries of a `ConfigMap` or `Secret` that differ between two states of it.
pub fn changed_entries(old: Option<&Object>, new: Option<&Object>) -> Vec<String> {
    let mut found = Vec::new();
    for field in ["data", "binaryData", "stringData"] {
        let of = |o: Option<&Object>| o.and_then(|o| o.value.get(field)).and_then(Value::as_map).cloned();
        let (old, new) = (of(old).unwrap_or_default(), of(new).unwrap_or_default());
        for key in new.keys().chain(old.keys().filter(|k| !new.contains_key(*k))) {
            if old.get(key).map(|e| &e.value) != new.get(key).map(|e| &e.value) {
                found.push(key.to_string());
            }
        }
    }
    found
}

/// Whether two pod templates differ in their metadata only, and no container is told of these by the downward API.
pub fn same_containers(old: &Object, new: &Object) -> bool {
    let spec = |o: &Object| pod_template(o).and_then(|t| t.get("spec")).cloned();
    let (old, new) = (spec(old), spec(new));
    old == new && !new.is_some_and(|spec| reads_metadata(&spec))
}

/// Whether a pod's specification has a `fieldRef` to labels or annotations.
fn reads_metadata(value: &Value) -> bool {
    let names_it = |v: &Value| {
        text(v, "fieldPath")
            .is_some_and(|p| p.starts_with("metadata.labels") || p.starts_with("metadata.annotations"))
    };
    if value.get("fieldRef").is_some_and(names_it) {
        return true;
    }
    value.as_list().is_some_and(|items| items.iter().any(reads_metadata))
        || value.as_map().is_some_and(|map| map.values().any(|e| reads_metadata(&e.value)))
}

/// A path in a pod template as people say it: items of lists by their names, annotations by their keys.
///
/// `spec.containers[1].image` becomes `spec.containers[app].image`, and `metadata.annotations.checksum/sites` becomes
/// `checksum/sites`.
pub fn field(template: &Value, path: &mwrender_values::path::Path) -> String {
    use mwrender_values::Segment;
    use std::fmt::Write;
    let segments = path.segments();
    if let [Segment::Key(metadata), Segment::Key(kind), Segment::Key(name)] = segments
        && &**metadata == "metadata"
    {
        return if &**kind == "annotations" { name.to_string() } else { format!("label {name}") };
    }
    let mut out = String::new();
    let mut at = Some(template);
    for segment in segments {
        match segment {
            Segment::Key(key) => {
                at = at.and_then(|v| v.get(key));
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(key);
            }
            Segment::Index(index) => {
                at = at.and_then(|v| v.at(*index));
                // writing to a String cannot fail
                let _ = match at.and_then(|v| text(v, "name")) {
                    Some(name) => write!(out, "[{name}]"),
                    None => write!(out, "[{index}]"),
                };
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(text: &str) -> Vec<Object> {
        mwrender_manifest::read_stream(text).map(|s| s.objects).unwrap_or_default()
    }

    const POD: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: d, namespace: n}
spec:
  template:
    spec:
      initContainers:
      - {name: init, volumeMounts: [{name: dir, mountPath: /d}]}
      containers:
      - name: app
        envFrom: [{configMapRef: {name: env}}]
        env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: a}}}]
        volumeMounts:
        - {name: dir, mountPath: /d}
        - {name: items, mountPath: /i/x, subPath: sub}
      volumes:
      - {name: dir, projected: {sources: [{configMap: {name: dir}}, {secret: {name: s}}]}}
      - {name: items, configMap: {name: items, items: [{key: k, path: sub/k}]}}
";

    fn told(kind: &str, name: &str, entry: &str) -> Vec<String> {
        let source = format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: n}}\n");
        let all = objects(&format!("{POD}---\n{source}"));
        let found = readers(&all[0], &all[1].key, entry);
        found.iter().map(|r| format!("{} {:?}", r.container, r.reading)).collect()
    }

    #[test]
    fn ways_of_reading() {
        assert_eq!(told("ConfigMap", "env", "x"), ["app Environment"]);
        assert_eq!(told("ConfigMap", "dir", "x"), ["app Directory", "init Init"]);
        assert_eq!(told("ConfigMap", "items", "k"), ["app SubPath"]);
        assert_eq!(told("ConfigMap", "items", "other"), Vec::<String>::new());
        assert_eq!(told("Secret", "s", "a"), ["app Environment", "app Directory", "init Init"]);
        assert_eq!(told("Secret", "s", "b"), ["app Directory", "init Init"]);
        // a Secret and a ConfigMap of one name are two things
        assert_eq!(told("Secret", "env", "x"), Vec::<String>::new());
    }

    #[test]
    fn entries_that_changed() {
        let map = |data: &str| {
            objects(&format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c, labels: {{v: {data:?}}}}}\ndata: {data}\n"
            ))
        };
        let (a, b) = (map("{p: a, q: b}"), map("{q: c, r: d}"));
        assert_eq!(changed_entries(a.first(), b.first()), ["q", "r", "p"]);
        // a label is no entry
        let c = map("{q: b, p: a}");
        assert_eq!(changed_entries(a.first(), c.first()), Vec::<String>::new());
        assert_eq!(changed_entries(None, a.first()), ["p", "q"]);
    }

    #[test]
    fn metadata_that_a_container_reads() {
        let other = |text: &str| objects(&POD.replace("    spec:\n", text));
        let old = objects(POD);
        let labelled = other("    metadata: {labels: {v: '2'}}\n    spec:\n");
        assert!(same_containers(&old[0], &labelled[0]));
        let image = objects(&POD.replace("- name: app\n", "- name: app\n        image: x\n"));
        assert!(!same_containers(&old[0], &image[0]));
        let told = |text: &str| {
            let text = text.replace(
                "env: [",
                "env: [{name: V, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['v']\"}}}, ",
            );
            objects(&text)
        };
        let (a, b) =
            (told(POD), told(&POD.replace("    spec:\n", "    metadata: {labels: {v: '2'}}\n    spec:\n")));
        assert!(!same_containers(&a[0], &b[0]));
    }
}
