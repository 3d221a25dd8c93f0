//! Containers of one pod: names, ports and variables that are there twice.

use super::place::{get, items, span};
use super::pod::{Pod, Role, name, protocol};
use mwrender_diagnostic::{Diagnostic, Severity};
use mwrender_values::Value;
use std::collections::HashMap;

pub(super) fn check(pod: &Pod<'_>, keep: &mut impl FnMut(Diagnostic)) {
    let mut names: HashMap<&str, &Value> = HashMap::new();
    let mut ports: HashMap<(i64, &str), (&Value, &Value)> = HashMap::new();
    for (role, container) in pod.containers() {
        if let Some(own) = get(container, "name")
            && let Some(first) = names.insert(name(container), own)
        {
            keep(
                Diagnostic::error(
                    "duplicate-container",
                    format!("two containers are called `{}`", name(container)),
                )
                .primary(span(own), "the second one")
                .secondary(span(first), "the first one"),
            );
        }
        environment(container, keep);
        for port in items(container, "ports").iter().filter(|_| role != Role::Init) {
            let Some(number) = get(port, "containerPort").and_then(Value::as_i64) else { continue };
            if let Some((first, owner)) = ports.insert((number, protocol(port)), (port, container)) {
                keep(same_port(number, (port, container), (first, owner)));
            }
        }
    }
}

fn same_port(number: i64, second: (&Value, &Value), first: (&Value, &Value)) -> Diagnostic {
    let ((port, container), (other, owner)) = (second, first);
    let at = |port: &Value| get(port, "containerPort").map_or_else(|| span(port), span);
    if std::ptr::eq(container, owner) {
        let what = format!("container `{}` names its port `{number}` twice", name(container));
        return Diagnostic::new("duplicate-port", Severity::Warning, what)
            .primary(at(port), "the second time")
            .secondary(at(other), "the first time")
            .note("when a list of ports is merged, the number is the key: one of the two gets lost");
    }
    let what =
        format!("containers `{}` and `{}` both listen on port `{number}`", name(owner), name(container));
    Diagnostic::error("duplicate-port", what)
        .primary(at(port), format!("in `{}`", name(container)))
        .secondary(at(other), format!("in `{}`", name(owner)))
        .note("the containers of a pod share one network: the second one to start cannot listen")
}

fn environment(container: &Value, keep: &mut impl FnMut(Diagnostic)) {
    let mut seen: HashMap<&str, &Value> = HashMap::new();
    for variable in items(container, "env") {
        let Some(own) = get(variable, "name") else { continue };
        if let Some(first) = seen.insert(name(variable), own) {
            let what = format!("container `{}` sets `{}` twice", name(container), name(variable));
            keep(
                Diagnostic::warning("duplicate-variable", what)
                    .primary(span(own), "this one counts")
                    .secondary(span(first), "this one does not"),
            );
        }
    }
}
