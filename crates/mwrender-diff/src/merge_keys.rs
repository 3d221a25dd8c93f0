//! By which key the items of Kubernetes' lists are told apart.
//!
//! The keys are those of Kubernetes' API (`x-kubernetes-patch-merge-key` and `x-kubernetes-list-map-keys`), by
//! the name of the list's field and a field around it where the name alone is not enough.

/// The key of the items of a list, if Kubernetes has one for it. `path` holds the field names around the list,
/// without indices, its own name last.
///
/// ```
/// use mwrender_diff::merge_keys::merge_key;
/// assert_eq!(merge_key("Deployment", &["spec", "template", "spec", "containers"]), Some("name"));
/// assert_eq!(merge_key("Service", &["spec", "ports"]), Some("port"));
/// assert_eq!(merge_key("NetworkPolicy", &["spec", "egress", "ports"]), None);
/// ```
pub fn merge_key(kind: &str, path: &[&str]) -> Option<&'static str> {
    let parent = path.len().checked_sub(2).map_or("", |i| path[i]);
    Some(match (*path.last()?, parent) {
        (
            "containers"
            | "initContainers"
            | "ephemeralContainers"
            | "env"
            | "volumes"
            | "imagePullSecrets"
            | "resourceClaims"
            | "claims",
            _,
        ) => "name",
        ("secrets", "") if kind == "ServiceAccount" => "name",
        ("volumeMounts", _) => "mountPath",
        ("volumeDevices", _) => "devicePath",
        ("ports", "containers" | "initContainers" | "ephemeralContainers") => "containerPort",
        ("ports", "spec") if kind == "Service" => "port",
        ("hostAliases", _) => "ip",
        ("topologySpreadConstraints", _) => "topologyKey",
        ("conditions", "status") => "type",
        ("ownerReferences", _) => "uid",
        _ => return None,
    })
}
