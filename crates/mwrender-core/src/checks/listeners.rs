//! The service proxies that a release enables in `discovery.listeners`.

use super::place::{down, get, keys, span, suggest};
use mwrender_diagnostic::{Diagnostic, Span};
use mwrender_values::Value;
use std::collections::HashMap;

/// Ports that Envoy has for itself.
const OWN: &[&[&str]] = &[&["mesh", "admin_port"], &["mesh", "telemetry", "port"], &["service", "port"]];

pub(super) fn check(values: &Value, found: &mut Vec<Diagnostic>) {
    let Some(listeners) = down(values, &["discovery", "listeners"]).and_then(Value::as_list) else { return };
    let proxies = get(values, "services_proxy");
    let mut taken: HashMap<i64, (String, Span)> = HashMap::new();
    for path in OWN {
        let is_off = path[0] == "service" && down(values, &["service", "enabled"]) == Some(&off());
        if let Some(port) = down(values, path).filter(|_| !is_off)
            && let Some(number) = port.as_i64()
        {
            taken.entry(number).or_insert_with(|| (path.join("."), span(port)));
        }
    }
    let mut seen: HashMap<&str, &Value> = HashMap::new();
    for listener in listeners {
        let Some(name) = listener.as_str() else { continue };
        if let Some(first) = seen.insert(name, listener) {
            found.push(
                Diagnostic::error("port-collision", format!("the listener `{name}` is enabled twice"))
                    .primary(span(listener), "the second time")
                    .secondary(span(first), "the first time"),
            );
            continue;
        }
        let Some(proxy) = proxies.and_then(|p| p.get(name)) else {
            let what = format!("`services_proxy` does not define the listener `{name}`");
            let fault = Diagnostic::error("unknown-listener", what).primary(span(listener), "enabled here");
            found.push(suggest(fault, name, keys(proxies)));
            continue;
        };
        let Some(port) = get(proxy, "port") else { continue };
        let Some(number) = port.as_i64() else { continue };
        if let Some((other, place)) = taken.get(&number) {
            let what = format!("the listener `{name}` has port `{number}`, as has `{other}`");
            let mut fault = Diagnostic::error("port-collision", what).primary(span(port), "taken already");
            if let Some(first) = seen.get(other.as_str()) {
                fault = fault.secondary(span(first), "enabled here");
            }
            fault = fault.secondary(*place, format!("port of `{other}`"));
            found.push(fault.secondary(span(listener), "enabled here"));
        } else {
            taken.insert(number, (name.to_owned(), span(port)));
        }
    }
}

fn off() -> Value {
    Value::new(mwrender_values::Data::Bool(false), mwrender_diagnostic::Pos::NONE)
}
