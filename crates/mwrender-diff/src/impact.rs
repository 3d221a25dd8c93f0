//! What applying a change does: which pods restart, and which fields cannot be changed in place.

use mwrender_manifest::Object;
use mwrender_values::Value;

/// How many pods an object runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Replicas {
    /// A fixed number, from `replicas` or 1 by Kubernetes' default.
    Fixed(u64),
    /// At least this many: a `HorizontalPodAutoscaler` scales it, and this is its `minReplicas`.
    AtLeast(u64),
    /// One for each node.
    PerNode,
}

/// The pods of an object that keeps pods running, and whether it does.
pub fn pod_template(object: &Object) -> Option<&Value> {
    match object.key.kind.as_str() {
        "Deployment" | "StatefulSet" | "DaemonSet" => object.value.get("spec")?.get("template"),
        _ => None,
    }
}

/// Whether applying `new` over `old` replaces the object's pods: its pod template changed.
///
/// Jobs and `CronJobs` do not count: what runs goes on, and the next run has the new template.
pub fn restarts(old: &Object, new: &Object) -> bool {
    match (pod_template(old), pod_template(new)) {
        (Some(a), Some(b)) => a != b,
        _ => false,
    }
}

/// How many pods an object runs, given all objects of its release.
pub fn replicas<'a>(object: &Object, all: impl Iterator<Item = &'a Object>) -> Option<Replicas> {
    pod_template(object)?;
    if object.key.kind == "DaemonSet" {
        return Some(Replicas::PerNode);
    }
    let number = |value: Option<&Value>| value.and_then(Value::as_i64).and_then(|n| u64::try_from(n).ok());
    let spec = object.value.get("spec")?;
    for other in all.filter(|o| o.key.kind == "HorizontalPodAutoscaler") {
        let scaler = other.value.get("spec");
        let target = scaler.and_then(|s| s.get("scaleTargetRef"));
        let names = |key: &str| target.and_then(|t| t.get(key)).and_then(Value::as_str);
        if names("kind") == Some(&*object.key.kind) && names("name") == Some(&*object.key.name) {
            return Some(Replicas::AtLeast(number(scaler.and_then(|s| s.get("minReplicas"))).unwrap_or(1)));
        }
    }
    Some(Replicas::Fixed(number(spec.get("replicas")).unwrap_or(1)))
}

/// The fields that Kubernetes refuses to change in an object that exists, by kind.
///
/// From Kubernetes' API reference and its validation of updates; a `StatefulSet` is the other way round: all of
/// its `spec` but a few fields.
fn immutable_fields(kind: &str) -> &'static [&'static [&'static str]] {
    match kind {
        "Deployment" | "DaemonSet" | "ReplicaSet" => &[&["spec", "selector"]],
        "Job" => &[
            &["spec", "selector"],
            &["spec", "template"],
            &["spec", "completionMode"],
            &["spec", "completions"],
        ],
        "Service" => &[&["spec", "clusterIP"]],
        "Secret" => &[&["type"]],
        "RoleBinding" | "ClusterRoleBinding" => &[&["roleRef"]],
        "StorageClass" => &[&["provisioner"], &["parameters"], &["reclaimPolicy"], &["volumeBindingMode"]],
        "PersistentVolumeClaim" => &[
            &["spec", "accessModes"],
            &["spec", "storageClassName"],
            &["spec", "volumeName"],
            &["spec", "volumeMode"],
            &["spec", "selector"],
        ],
        _ => &[],
    }
}

/// The fields of a `StatefulSet`'s `spec` that may change.
const STATEFUL_SET_MUTABLE: [&str; 7] = [
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
];

fn get<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |v, name| v.get(name))
}

/// The changed fields for which the cluster would refuse the change: the object must be replaced.
pub fn immutable_changes(old: &Object, new: &Object) -> Vec<String> {
    let kind = new.key.kind.as_str();
    let mut found: Vec<String> = immutable_fields(kind)
        .iter()
        .filter(|path| get(&old.value, path) != get(&new.value, path))
        .map(|path| path.join("."))
        .collect();
    if kind == "StatefulSet" {
        let fields = |o: &Object| o.value.get("spec").and_then(Value::as_map).cloned().unwrap_or_default();
        let (a, b) = (fields(old), fields(new));
        let mut names: Vec<&str> = a.keys().chain(b.keys()).map(|k| &**k).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            if !STATEFUL_SET_MUTABLE.contains(&name)
                && a.get(name).map(|e| &e.value) != b.get(name).map(|e| &e.value)
            {
                found.push(format!("spec.{name}"));
            }
        }
    }
    if matches!(kind, "ConfigMap" | "Secret")
        && old.value.get("immutable").and_then(Value::as_bool) == Some(true)
    {
        for field in ["data", "binaryData", "stringData", "immutable"] {
            if old.value.get(field) != new.value.get(field) {
                found.push(field.to_string());
            }
        }
    }
    found
}
