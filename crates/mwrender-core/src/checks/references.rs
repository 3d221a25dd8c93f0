//! What pods refer to by name: config maps, secrets, claims, service accounts.

use super::Found;
use super::identity::name_span;
use super::namespace::{Namespace, Place};
use super::place::{down, get, items, keys, span, suggest};
use super::pod::{Pod, name};
use mwrender_diagnostic::Diagnostic;
use mwrender_manifest::Object;
use mwrender_values::Value;
use std::collections::HashMap;

/// A kind that is referred to, as the cluster and as messages call it, and the id of its absence.
type Kind = (&'static str, &'static str, &'static str);

const CONFIG_MAP: Kind = ("ConfigMap", "config map", "missing-config-map");
const SECRET: Kind = ("Secret", "secret", "missing-secret");
const CLAIM: Kind = ("PersistentVolumeClaim", "volume claim", "missing-volume-claim");
const ACCOUNT: Kind = ("ServiceAccount", "service account", "missing-service-account");

/// What every namespace has.
const ALWAYS: &[(&str, &str)] = &[("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")];

/// The keys that cert-manager writes.
const CERTIFICATE_KEYS: &[&str] = &["tls.crt", "tls.key", "ca.crt"];

struct Reference<'a> {
    kind: Kind,
    name: &'a Value,
    /// The keys that must be in it.
    keys: Vec<&'a Value>,
    optional: bool,
    who: Who<'a>,
}

/// Who refers.
#[derive(Clone, Copy)]
enum Who<'a> {
    Pod,
    Volume(&'a Value),
    Container(&'a Value),
}

impl std::fmt::Display for Who<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Who::Pod => f.write_str("the pod"),
            Who::Volume(volume) => write!(f, "the volume `{}`", name(volume)),
            Who::Container(container) => write!(f, "container `{}`", name(container)),
        }
    }
}

pub(super) fn check(namespace: &Namespace<'_>, found: &mut Vec<Found>) {
    let certificates: HashMap<&str, Place<'_>> = namespace
        .objects
        .iter()
        .filter(|p| p.object.key.kind == "Certificate" && p.object.key.group == "cert-manager.io")
        .filter_map(|p| Some((down(&p.object.value, &["spec", "secretName"])?.as_str()?, *p)))
        .collect();
    for (at, pod) in &namespace.pods {
        for reference in references(pod) {
            one(namespace, &certificates, *at, &reference, found);
        }
    }
}

fn one(
    namespace: &Namespace<'_>,
    certificates: &HashMap<&str, Place<'_>>,
    at: Place<'_>,
    reference: &Reference<'_>,
    found: &mut Vec<Found>,
) {
    let Reference { kind: (kind, words, id), name: written, keys: wanted, optional, who } = reference;
    let Some(name) = written.as_str() else { return };
    if *optional || ALWAYS.contains(&(kind, name)) || at.is_provided(kind, name) {
        return;
    }
    let made = namespace.get("", kind, name);
    let issued = if *kind == "Secret" { certificates.get(name) } else { None };
    let Some(other) = made.or(issued.copied()) else {
        let what = format!("{who} refers to the {words} `{name}`, which is not there");
        let fault = Diagnostic::error(id, what).primary(span(written), format!("no such {words}"));
        let issued = certificates.keys().copied().filter(|_| *kind == "Secret");
        let mut names: Vec<&str> = namespace.names(kind).chain(issued).collect();
        names.sort_unstable();
        found.push(namespace.absent(at, suggest(fault, name, names)));
        return;
    };
    let known = known_keys(other.object);
    for key in wanted {
        let Some(word) = key.as_str() else { continue };
        if known.as_ref().is_none_or(|known| known.contains(&word)) {
            continue;
        }
        let what = format!("{who} takes `{word}` from the {words} `{name}`, which does not have it");
        let fault = Diagnostic::error("missing-data-key", what).primary(span(key), "no such key");
        let fault = at.found(suggest(fault, word, known.iter().flatten().copied()));
        let label = format!("`{}`", other.title());
        found.push(fault.beside(other.release, other.number, name_span(other.object), label));
    }
}

/// The keys of a config map, a secret or what a certificate becomes; nothing if that cannot be known.
fn known_keys(object: &Object) -> Option<Vec<&str>> {
    let value = &object.value;
    if object.key.kind == "Certificate" {
        let more = ["keystores", "additionalOutputFormats"];
        let extra = more.iter().any(|key| down(value, &["spec", key]).is_some());
        return if extra { None } else { Some(CERTIFICATE_KEYS.to_vec()) };
    }
    Some(["data", "binaryData", "stringData"].iter().flat_map(|part| keys(value.get(part))).collect())
}

fn references<'a>(pod: &Pod<'a>) -> Vec<Reference<'a>> {
    let mut all = Vec::new();
    let spec = pod.spec;
    let account = get(spec, "serviceAccountName").or(get(spec, "serviceAccount"));
    all.extend(account.filter(|a| a.as_str() != Some("")).map(|name| Reference {
        kind: ACCOUNT,
        name,
        keys: Vec::new(),
        optional: false,
        who: Who::Pod,
    }));
    for secret in items(spec, "imagePullSecrets") {
        all.extend(reference(SECRET, secret, "name", Who::Pod));
    }
    // by the volume's name: what it is, and whether it says itself which keys it takes
    let mut volumes: HashMap<&str, usize> = HashMap::new();
    for volume in items(spec, "volumes") {
        let who = Who::Volume(volume);
        if let Some(claim) = get(volume, "persistentVolumeClaim") {
            all.extend(reference(CLAIM, claim, "claimName", who));
        }
        let sources = [(CONFIG_MAP, "configMap", "name"), (SECRET, "secret", "secretName")];
        for (kind, key, field) in sources {
            let Some(source) = get(volume, key) else { continue };
            if items(source, "items").is_empty() && get(source, field).is_some() {
                volumes.insert(name(volume), all.len());
            }
            all.extend(reference(kind, source, field, who));
        }
        for source in get(volume, "projected").map_or(&[][..], |projected| items(projected, "sources")) {
            for (kind, key, _) in sources {
                if let Some(source) = get(source, key) {
                    all.extend(reference(kind, source, "name", who));
                }
            }
        }
    }
    for (_, container) in pod.containers() {
        let who = Who::Container(container);
        for source in items(container, "envFrom") {
            for (kind, key) in [(CONFIG_MAP, "configMapRef"), (SECRET, "secretRef")] {
                if let Some(source) = get(source, key) {
                    all.extend(reference(kind, source, "name", who));
                }
            }
        }
        for source in items(container, "env").iter().filter_map(|variable| get(variable, "valueFrom")) {
            for (kind, key) in [(CONFIG_MAP, "configMapKeyRef"), (SECRET, "secretKeyRef")] {
                if let Some(source) = get(source, key) {
                    all.extend(reference(kind, source, "name", who));
                }
            }
        }
        // a file of a volume, by its key
        for mount in items(container, "volumeMounts") {
            let (Some(path), Some(volume)) = (get(mount, "subPath"), volumes.get(name(mount))) else {
                continue;
            };
            if let Some(reference) = all.get_mut(*volume) {
                reference.keys.push(path);
            }
        }
    }
    all
}

fn reference<'a>(kind: Kind, source: &'a Value, field: &str, who: Who<'a>) -> Option<Reference<'a>> {
    let mut keys: Vec<&Value> = items(source, "items").iter().filter_map(|item| get(item, "key")).collect();
    keys.extend(get(source, "key"));
    let optional = get(source, "optional").and_then(Value::as_bool) == Some(true);
    Some(Reference { kind, name: get(source, field)?, keys, optional, who })
}
