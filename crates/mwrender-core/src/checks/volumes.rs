//! Volumes of a pod, and where its containers mount them.

use super::place::{get, items, span, suggest, text};
use super::pod::{Pod, name};
use mwrender_diagnostic::Diagnostic;
use mwrender_values::Value;
use std::collections::{HashMap, HashSet};

pub(super) fn check(pod: &Pod<'_>, keep: &mut impl FnMut(Diagnostic)) {
    let mut defined: HashMap<&str, &Value> = HashMap::new();
    for volume in items(pod.spec, "volumes") {
        let Some(own) = get(volume, "name") else { continue };
        if let Some(first) = defined.insert(name(volume), own) {
            keep(
                Diagnostic::error("duplicate-volume", format!("two volumes are called `{}`", name(volume)))
                    .primary(span(own), "the second one")
                    .secondary(span(first), "the first one"),
            );
        }
    }
    let claimed = || pod.claims.iter().filter_map(|c| get(c, "metadata")).filter_map(|m| text(m, "name"));
    let mut used: HashSet<&str> = HashSet::new();
    for (_, container) in pod.containers() {
        let mut paths: HashMap<&str, &Value> = HashMap::new();
        for list in ["volumeMounts", "volumeDevices"] {
            for mount in items(container, list) {
                let volume = name(mount);
                used.insert(volume);
                if !defined.contains_key(volume) && !claimed().any(|c| c == volume) {
                    let names = defined.keys().copied().chain(claimed());
                    keep(unknown(container, mount, names));
                }
                let Some(path) = get(mount, "mountPath") else { continue };
                let key = path.as_str().unwrap_or_default().trim_end_matches('/');
                if let Some(first) = paths.insert(key, path) {
                    let what = format!("container `{}` mounts two volumes at `{key}`", name(container));
                    keep(
                        Diagnostic::error("duplicate-mount", what)
                            .primary(span(path), "the second one")
                            .secondary(span(first), "the first one"),
                    );
                }
            }
        }
    }
    for volume in items(pod.spec, "volumes") {
        let Some(own) = get(volume, "name").filter(|_| !used.contains(name(volume))) else { continue };
        keep(
            Diagnostic::warning(
                "unused-volume",
                format!("no container mounts the volume `{}`", name(volume)),
            )
            .primary(span(own), ""),
        );
    }
}

fn unknown<'a>(container: &Value, mount: &Value, defined: impl Iterator<Item = &'a str>) -> Diagnostic {
    let volume = name(mount);
    let what =
        format!("container `{}` mounts the volume `{volume}`, which its pod does not have", name(container));
    let place = get(mount, "name").map_or_else(|| span(mount), span);
    let mut defined: Vec<&str> = defined.collect();
    defined.sort_unstable();
    suggest(Diagnostic::error("unknown-volume", what).primary(place, "no such volume"), volume, defined)
}
