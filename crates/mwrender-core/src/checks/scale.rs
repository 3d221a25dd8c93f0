//! Autoscalers and what they scale.

use super::Found;
use super::namespace::{Namespace, Place};
use super::place::{down, get, items, key_span, span, suggest, text};
use super::pod::{Pod, name};
use mwrender_diagnostic::Diagnostic;
use mwrender_values::Value;

pub(super) fn check(namespace: &Namespace<'_>, found: &mut Vec<Found>) {
    for at in &namespace.objects {
        let key = &at.object.key;
        if key.kind != "HorizontalPodAutoscaler" {
            continue;
        }
        let Some(target) = down(&at.object.value, &["spec", "scaleTargetRef"]) else { continue };
        let (Some(kind), Some(written)) = (text(target, "kind"), get(target, "name")) else { continue };
        let wanted = written.as_str().unwrap_or_default();
        let version = text(target, "apiVersion").unwrap_or_default();
        let group = version.rsplit_once('/').map_or("", |(group, _)| group);
        match namespace.get(group, kind, wanted) {
            Some(other) => {
                replicas(*at, other, found);
                containers(*at, other, found);
            }
            None if at.is_provided(kind, wanted) => {}
            None => {
                let what = format!("the autoscaler scales `{kind}/{wanted}`, which is not there");
                let mut fault =
                    Diagnostic::error("missing-scale-target", what).primary(span(written), "no such object");
                match namespace
                    .objects
                    .iter()
                    .find(|p| p.object.key.kind == kind && p.object.key.name == wanted)
                {
                    Some(other) => {
                        fault = fault.note(format!(
                            "there is one of `{}`, not of `{version}`",
                            other.object.api_version
                        ));
                    }
                    None => fault = suggest(fault, wanted, namespace.names(kind)),
                }
                found.push(namespace.absent(*at, fault));
            }
        }
    }
}

fn replicas(at: Place<'_>, other: Place<'_>, found: &mut Vec<Found>) {
    let Some(spec) = get(&other.object.value, "spec").filter(|spec| get(spec, "replicas").is_some()) else {
        return;
    };
    let what = format!("the `{}` sets `replicas`, which an autoscaler scales", other.object.key.kind);
    let fault = Diagnostic::warning("replicas-with-autoscaler", what)
        .primary(key_span(spec, "replicas"), "each deployment sets it back to this")
        .help("leave `replicas` out where autoscaling is on");
    let scales = get(&at.object.value, "spec")
        .map_or_else(|| span(&at.object.value), |s| key_span(s, "scaleTargetRef"));
    found.push(other.found(fault).beside(at.release, at.number, scales, "the autoscaler"));
}

/// Metrics of a container that the pods do not have.
fn containers(at: Place<'_>, other: Place<'_>, found: &mut Vec<Found>) {
    let Some(pod) = Pod::of(other.object) else { return };
    let metrics = get(&at.object.value, "spec").map_or(&[][..], |spec| items(spec, "metrics"));
    for metric in metrics {
        let Some(written) = down(metric, &["containerResource", "container"]) else { continue };
        let wanted = written.as_str().unwrap_or_default();
        let names = || pod.containers().map(|(_, container): (_, &Value)| name(container));
        if !names().any(|name| name == wanted) {
            let what =
                format!("the autoscaler measures the container `{wanted}`, which the pods do not have");
            let fault =
                Diagnostic::error("unknown-container", what).primary(span(written), "no such container");
            found.push(at.found(suggest(fault, wanted, names())));
        }
    }
}
