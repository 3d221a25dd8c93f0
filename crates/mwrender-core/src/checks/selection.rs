//! Selectors that select nothing.

use super::Found;
use super::identity::name_span;
use super::namespace::{Namespace, Place};
use super::place::{down, get, items, keys, span, suggest, text};
use super::pod::Pod;
use super::ports;
use super::selector::{Selector, Term};
use mwrender_diagnostic::{Diagnostic, Severity};
use mwrender_manifest::Object;
use mwrender_values::Value;

/// A workload that would not find its own pods.
pub(super) fn own(object: &Object, pod: &Pod<'_>, keep: &mut impl FnMut(Diagnostic)) {
    let Some(written) = down(&object.value, &["spec", "selector"]) else { return };
    let selector = match object.key.kind.as_str() {
        "ReplicationController" => Selector::of_labels(written),
        _ => Selector::of(written),
    };
    for term in selector.terms().filter(|term| !term.holds(pod.labels)) {
        let what = format!("the `{}` selects `{term}`, which its own pods do not have", object.key.kind);
        let mut fault = Diagnostic::error("selector-mismatch", what).primary(term.span(), "selected here");
        if let Some(labels) = pod.labels {
            fault = match labels.get(term.key()) {
                Some(value) => fault.secondary(span(value), "the pods have this"),
                None => fault.secondary(span(labels), "the labels of the pods"),
            };
            fault = suggest(fault, term.key(), keys(Some(labels)));
        }
        keep(fault.note("Kubernetes refuses a workload that would not find its own pods"));
    }
}

/// Everything in a namespace that selects pods, or Services.
pub(super) fn check(namespace: &Namespace<'_>, found: &mut Vec<Found>) {
    for at in &namespace.objects {
        let Some(spec) = get(&at.object.value, "spec") else { continue };
        let key = &at.object.key;
        let selector = get(spec, "selector");
        match (&*key.group, &*key.kind, selector) {
            ("", "Service", Some(selector)) if text(spec, "type") != Some("ExternalName") => {
                let selected = pods(namespace, *at, Selector::of_labels(selector), "the `Service`", found);
                ports::service(namespace, *at, &selected, found);
            }
            ("policy", "PodDisruptionBudget", Some(selector)) => {
                pods(namespace, *at, Selector::of(selector), "the `PodDisruptionBudget`", found);
            }
            ("networking.k8s.io", "NetworkPolicy", _) => network_policy(namespace, *at, spec, found),
            ("monitoring.coreos.com", "PodMonitor", Some(selector)) if stays(spec) => {
                let selected = pods(namespace, *at, Selector::of(selector), "the `PodMonitor`", found);
                ports::pod_monitor(namespace, *at, &selected, found);
            }
            ("monitoring.coreos.com", "ServiceMonitor", Some(selector)) if stays(spec) => {
                let selected = services(namespace, *at, Selector::of(selector), found);
                ports::service_monitor(namespace, *at, &selected, found);
            }
            _ => {}
        }
    }
    for (at, pod) in &namespace.pods {
        for constraint in items(pod.spec, "topologySpreadConstraints") {
            let Some(selector) = get(constraint, "labelSelector").map(Selector::of) else { continue };
            if !selector.matches(pod.labels) {
                pods(namespace, *at, selector, "a topology spread constraint", found);
            }
        }
    }
}

/// Whether a monitor looks at its own namespace only.
fn stays(spec: &Value) -> bool {
    get(spec, "namespaceSelector").and_then(Value::as_map).is_none_or(|selector| selector.is_empty())
}

fn network_policy(namespace: &Namespace<'_>, at: Place<'_>, spec: &Value, found: &mut Vec<Found>) {
    if let Some(selector) = get(spec, "podSelector") {
        pods(namespace, at, Selector::of(selector), "the `NetworkPolicy`", found);
    }
    if !namespace.is_complete() {
        return;
    }
    for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
        for peer in items(spec, rules).iter().flat_map(|rule| items(rule, peers)) {
            let Some(selector) =
                get(peer, "podSelector").filter(|_| get(peer, "namespaceSelector").is_none())
            else {
                continue;
            };
            let mut faults = Vec::new();
            let what = format!("a rule of {rules} in the `NetworkPolicy`");
            pods(namespace, at, Selector::of(selector), &what, &mut faults);
            for mut fault in faults {
                // who may come, if ever there is one
                fault.diagnostic.severity = Severity::Warning;
                found.push(fault);
            }
        }
    }
}

/// The pods that are selected; without any, that is a fault.
fn pods<'n, 'a>(
    namespace: &'n Namespace<'a>,
    at: Place<'_>,
    selector: Selector<'_>,
    who: &str,
    found: &mut Vec<Found>,
) -> Vec<&'n (Place<'a>, Pod<'a>)> {
    if selector.is_empty() {
        return Vec::new();
    }
    let selected: Vec<_> = namespace.pods.iter().filter(|(_, pod)| selector.matches(pod.labels)).collect();
    if selected.is_empty() && !at.is_provided("Pod", "*") {
        let candidates: Vec<_> = namespace.pods.iter().map(|(place, pod)| (*place, pod.labels)).collect();
        found.push(nothing(namespace, at, selector, who, "pod", &candidates));
    }
    selected
}

/// The Services that are selected; without any, that is a fault.
fn services<'a>(
    namespace: &Namespace<'a>,
    at: Place<'_>,
    selector: Selector<'_>,
    found: &mut Vec<Found>,
) -> Vec<Place<'a>> {
    if selector.is_empty() {
        return Vec::new();
    }
    let services = namespace.objects.iter().filter(|p| p.object.key.kind == "Service");
    let labelled = services.map(|p| (*p, down(&p.object.value, &["metadata", "labels"])));
    let candidates: Vec<_> = labelled.collect();
    let selected: Vec<_> =
        candidates.iter().filter(|(_, labels)| selector.matches(*labels)).map(|(place, _)| *place).collect();
    if selected.is_empty() && !at.is_provided("Service", "*") {
        found.push(nothing(namespace, at, selector, "the `ServiceMonitor`", "Service", &candidates));
    }
    selected
}

/// Tells what keeps a selector from matching the object that is nearest to it.
fn nothing(
    namespace: &Namespace<'_>,
    at: Place<'_>,
    selector: Selector<'_>,
    who: &str,
    what: &str,
    candidates: &[(Place<'_>, Option<&Value>)],
) -> Found {
    let id = "selector-matches-nothing";
    let fits = |labels: Option<&Value>| selector.terms().filter(|term| term.holds(labels)).count();
    let mut nearest: Option<(usize, &(Place<'_>, Option<&Value>))> = None;
    for candidate in candidates {
        // the first of those that fit best, and rather one of the same release
        let score = fits(candidate.1) * 2 + usize::from(candidate.0.release == at.release);
        if nearest.is_none_or(|(best, _)| score > best) {
            nearest = Some((score, candidate));
        }
    }
    let failing = |labels| selector.terms().find(|term| !term.holds(labels));
    let Some((term, (other, labels))) = nearest.and_then(|(_, c)| Some((failing(c.1)?, c))) else {
        let place = selector.terms().next().map_or_else(|| name_span(at.object), |term| term.span());
        let headline = format!("{who} selects a {what}, and there is none in the namespace");
        return namespace.absent(at, Diagnostic::error(id, headline).primary(place, "selected here"));
    };
    let headline = if candidates.iter().any(|(_, labels)| term.holds(*labels)) {
        format!("no {what} has all the labels that {who} selects")
    } else {
        format!("no {what} has `{term}`, which {who} selects")
    };
    let mut fault = Diagnostic::error(id, headline).primary(term.span(), "selected here");
    let actual = labels.and_then(|l| l.get(term.key()));
    if let (Some(_), Term::Label(key, value)) = (actual, term) {
        let known = candidates.iter().filter_map(|(_, labels)| labels.and_then(|l| text(l, key)));
        fault = suggest(fault, value.as_str().unwrap_or_default(), known);
    } else if actual.is_none() {
        fault = suggest(fault, term.key(), keys(*labels));
    }
    let place = actual.or(*labels).map_or_else(|| name_span(other.object), span);
    let has = match actual.and_then(Value::as_str) {
        Some(value) => format!("`{}` has `{}: {value}`", other.title(), term.key()),
        None => format!("`{}` has no label `{}`", other.title(), term.key()),
    };
    namespace.absent(at, fault.note(has)).beside(other.release, other.number, place, "the nearest")
}
