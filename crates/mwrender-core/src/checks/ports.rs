//! Ports that are referred to: by probes, Services and monitors.

use super::Found;
use super::identity::name_span;
use super::namespace::{Namespace, Place};
use super::place::{down, get, items, span, suggest, text};
use super::pod::{Pod, name, protocol};
use mwrender_diagnostic::Diagnostic;
use mwrender_values::Value;

const ID: &str = "unknown-port";

/// A port as it is referred to.
enum Wanted<'a> {
    Name(&'a str),
    Number(i64),
}

impl<'a> Wanted<'a> {
    fn of(value: &'a Value) -> Option<Wanted<'a>> {
        if let Some(number) = value.as_i64() {
            return Some(Wanted::Number(number));
        }
        let text = value.as_str()?;
        // Kubernetes takes digits in quotes as a number too
        Some(text.parse().map_or(Wanted::Name(text), Wanted::Number))
    }

    fn is(&self, port: &Value) -> bool {
        match self {
            Wanted::Name(wanted) => text(port, "name") == Some(wanted),
            Wanted::Number(wanted) => get(port, "containerPort").and_then(Value::as_i64) == Some(*wanted),
        }
    }

    /// Adds what to do.
    fn advise<'p>(&self, fault: Diagnostic, ports: impl Iterator<Item = &'p Value>) -> Diagnostic {
        match self {
            Wanted::Name(wanted) => suggest(fault, wanted, ports.filter_map(|port| text(port, "name"))),
            Wanted::Number(_) => fault.help("if something listens there, say so in the container's `ports`"),
        }
    }
}

impl std::fmt::Display for Wanted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Wanted::Name(name) => f.write_str(name),
            Wanted::Number(number) => write!(f, "{number}"),
        }
    }
}

/// The ports of the containers that run side by side.
fn ports<'a>(pod: &Pod<'a>) -> impl Iterator<Item = &'a Value> + use<'a> {
    pod.running().flat_map(|container| items(container, "ports"))
}

/// Probes, and hooks that make requests. A name is one of the container's own ports; a number may be that of any
/// container, which share one network.
pub(super) fn probes(pod: &Pod<'_>, keep: &mut impl FnMut(Diagnostic)) {
    for (_, container) in pod.containers() {
        let probes =
            ["livenessProbe", "readinessProbe", "startupProbe"].map(|key| (key, get(container, key)));
        let hooks = ["postStart", "preStop"].map(|key| (key, down(container, &["lifecycle", key])));
        for (key, action) in probes.into_iter().chain(hooks) {
            let Some(action) = action else { continue };
            for how in ["httpGet", "tcpSocket", "grpc"] {
                let Some(action) = get(action, how).filter(|a| get(a, "host").is_none()) else { continue };
                let Some(value) = get(action, "port") else { continue };
                let Some(wanted) = Wanted::of(value) else { continue };
                let own = items(container, "ports");
                let is_there = match wanted {
                    Wanted::Name(_) => own.iter().any(|port| wanted.is(port)),
                    Wanted::Number(_) => ports(pod).any(|port| wanted.is(port)),
                };
                if is_there {
                    continue;
                }
                let container = name(container);
                let mut fault = match wanted {
                    Wanted::Name(_) => Diagnostic::error(
                        ID,
                        format!(
                            "the {key} of container `{container}` asks for the port `{wanted}`, which it does not have"
                        ),
                    ),
                    Wanted::Number(_) => Diagnostic::error(
                        ID,
                        format!(
                            "the {key} of container `{container}` asks for port `{wanted}`, which no container has"
                        ),
                    ),
                };
                fault = fault.primary(span(value), "no such port");
                let owner = pod.running().find(|c| items(c, "ports").iter().any(|port| wanted.is(port)));
                if let Some(owner) = owner {
                    let note = format!(
                        "container `{}` has it, but a name is one of the container's own",
                        name(owner)
                    );
                    fault = fault.note(note);
                }
                keep(wanted.advise(fault, own.iter()));
            }
        }
    }
}

/// The ports of a Service in the pods that it selects.
pub(super) fn service(
    namespace: &Namespace<'_>,
    at: Place<'_>,
    selected: &[&(Place<'_>, Pod<'_>)],
    found: &mut Vec<Found>,
) {
    let ports_of_service = get(&at.object.value, "spec").map_or(&[][..], |spec| items(spec, "ports"));
    for port in ports_of_service.iter().filter(|_| !selected.is_empty()) {
        let Some(value) = get(port, "targetPort").or(get(port, "port")) else { continue };
        let Some(wanted) = Wanted::of(value) else { continue };
        let transport = protocol(port);
        let has = |pod: &Pod<'_>| ports(pod).any(|p| wanted.is(p) && protocol(p) == transport);
        let Some((other, pod)) = selected.iter().find(|(_, pod)| !has(pod)) else { continue };
        let all = !selected.iter().any(|(_, pod)| has(pod));
        let mut fault = if all {
            let what = format!("no container has the port `{wanted}` that the `Service` sends requests to");
            Diagnostic::error(ID, what)
        } else {
            let what = format!("some pods of the `Service` have no port `{wanted}` and get no requests");
            Diagnostic::warning(ID, what).note(format!("`{}` has none", other.title()))
        };
        fault = fault.primary(span(value), format!("a port for {transport}"));
        fault = match ports(pod).find(|p| wanted.is(p)) {
            Some(other) => fault.note(format!("there is one, but for {}", protocol(other))),
            None => wanted.advise(fault, ports(pod)),
        };
        let label = format!("the pods of `{}`", other.title());
        let place = name_span(other.object);
        found.push(namespace.absent(at, fault).beside(other.release, other.number, place, label));
    }
}

/// The ports that a `PodMonitor` scrapes.
pub(super) fn pod_monitor(
    namespace: &Namespace<'_>,
    at: Place<'_>,
    selected: &[&(Place<'_>, Pod<'_>)],
    found: &mut Vec<Found>,
) {
    let Some((first, pod)) = selected.first() else { return };
    let endpoints = get(&at.object.value, "spec").map_or(&[][..], |spec| items(spec, "podMetricsEndpoints"));
    for endpoint in endpoints {
        let Some(value) = ["port", "portNumber", "targetPort"].iter().find_map(|key| get(endpoint, key))
        else {
            continue;
        };
        let Some(wanted) = Wanted::of(value) else { continue };
        if selected.iter().any(|(_, pod)| ports(pod).any(|port| wanted.is(port))) {
            continue;
        }
        let what = format!("no container has the port `{wanted}` that the `PodMonitor` scrapes");
        let fault = Diagnostic::error(ID, what).primary(span(value), "no such port");
        let fault = wanted.advise(fault, ports(pod));
        let label = format!("the pods of `{}`", first.title());
        let place = name_span(first.object);
        found.push(namespace.absent(at, fault).beside(first.release, first.number, place, label));
    }
}

/// The ports of Services that a `ServiceMonitor` scrapes, by their names.
pub(super) fn service_monitor(
    namespace: &Namespace<'_>,
    at: Place<'_>,
    selected: &[Place<'_>],
    found: &mut Vec<Found>,
) {
    let Some(first) = selected.first() else { return };
    let endpoints = get(&at.object.value, "spec").map_or(&[][..], |spec| items(spec, "endpoints"));
    let names = |service: &Place<'_>| -> Vec<String> {
        let ports = get(&service.object.value, "spec").map_or(&[][..], |spec| items(spec, "ports"));
        ports.iter().filter_map(|port| text(port, "name")).map(str::to_owned).collect()
    };
    let known: Vec<String> = selected.iter().flat_map(names).collect();
    for value in endpoints.iter().filter_map(|endpoint| get(endpoint, "port")) {
        let Some(wanted) = value.as_str().filter(|wanted| !known.iter().any(|name| name == wanted)) else {
            continue;
        };
        let what = format!("no Service has the port `{wanted}` that the `ServiceMonitor` scrapes");
        let fault = Diagnostic::error(ID, what).primary(span(value), "no such port");
        let fault = suggest(fault, wanted, known.iter().map(String::as_str));
        let label = format!("`{}`", first.title());
        let place = name_span(first.object);
        found.push(namespace.absent(at, fault).beside(first.release, first.number, place, label));
    }
}
