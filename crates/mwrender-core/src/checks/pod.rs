//! The pods that objects make.

use super::place::{down, get, items, text};
use mwrender_manifest::Object;
use mwrender_values::Value;

/// What a workload's pods are made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pod<'a> {
    /// Its labels, if it has any.
    pub(super) labels: Option<&'a Value>,
    /// Its specification.
    pub(super) spec: &'a Value,
    /// The volumes that a `StatefulSet` makes for each pod.
    pub(super) claims: &'a [Value],
}

/// When a container runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Before the others, to its end.
    Init,
    /// An init container that restarts always: beside the others.
    Sidecar,
    /// As the pod's own.
    Main,
}

impl<'a> Pod<'a> {
    /// The pods that an object makes, if it is of a kind that makes some.
    pub(super) fn of(object: &'a Object) -> Option<Pod<'a>> {
        let value = &object.value;
        let template = match (object.key.group.as_str(), object.key.kind.as_str()) {
            ("", "Pod") => value,
            ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
            | ("batch", "Job")
            | ("", "ReplicationController") => down(value, &["spec", "template"])?,
            ("batch", "CronJob") => down(value, &["spec", "jobTemplate", "spec", "template"])?,
            _ => return None,
        };
        Some(Pod {
            labels: down(template, &["metadata", "labels"]),
            spec: get(template, "spec")?,
            claims: get(value, "spec").map_or(&[], |spec| items(spec, "volumeClaimTemplates")),
        })
    }

    /// All containers, those that run first before the others.
    pub(super) fn containers(&self) -> impl Iterator<Item = (Role, &'a Value)> + use<'a> {
        let role = |container: &Value| match text(container, "restartPolicy") {
            Some("Always") => Role::Sidecar,
            _ => Role::Init,
        };
        let first = items(self.spec, "initContainers").iter().map(move |c| (role(c), c));
        first.chain(items(self.spec, "containers").iter().map(|c| (Role::Main, c)))
    }

    /// The containers that run side by side.
    pub(super) fn running(&self) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.containers().filter(|(role, _)| *role != Role::Init).map(|(_, container)| container)
    }
}

/// The name of a container, or another thing with one.
pub(super) fn name(value: &Value) -> &str {
    text(value, "name").unwrap_or("?")
}

/// The protocol of a port; TCP if it does not say.
pub(super) fn protocol(port: &Value) -> &str {
    text(port, "protocol").unwrap_or("TCP")
}
