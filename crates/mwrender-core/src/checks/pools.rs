//! The pools of memcached servers that mcrouter's routes go to, as values have them.

use super::place::{down, get, items, key_span, span, suggest, text};
use mwrender_diagnostic::Diagnostic;
use mwrender_values::Value;
use std::collections::HashMap;

pub(super) fn check(values: &Value, found: &mut Vec<Diagnostic>) {
    let Some(mcrouter) = down(values, &["cache", "mcrouter"]) else { return };
    if get(mcrouter, "enabled").and_then(Value::as_bool) == Some(false) {
        // the routes are the node's, whose release has its own
        return;
    }
    let pools: HashMap<&str, &Value> =
        items(mcrouter, "pools").iter().filter_map(|pool| Some((text(pool, "name")?, pool))).collect();
    for route in items(mcrouter, "routes") {
        let optional = get(route, "optional").and_then(Value::as_bool) == Some(true);
        let kind = text(route, "kind").unwrap_or_default();
        for key in ["pool", "replica", "warm"] {
            let Some(written) = route.get(key) else { continue };
            let Some(name) = written.as_str() else { continue };
            let Some(pool) = pools.get(name) else {
                if key == "pool" && optional {
                    // then there is no such route
                    break;
                }
                found.push(unknown(route, written, name, pools.keys().copied()));
                continue;
            };
            if key == "pool" && kind == "failover" && items(pool, "failover").is_empty() {
                let what = format!("the route fails over from the pool `{name}`, which has no failover");
                let known = get(pool, "name").map_or_else(|| span(pool), span);
                found.push(
                    Diagnostic::error("pool-without-failover", what)
                        .primary(span(written), "the route")
                        .secondary(known, "the pool has no `failover`")
                        .help("give the pool a `failover`, or make the route's kind `plain`"),
                );
            }
        }
    }
}

fn unknown<'a>(
    route: &Value,
    written: &Value,
    name: &str,
    pools: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let prefix = text(route, "prefix").unwrap_or("?");
    let what = format!("the route `{prefix}` goes to the pool `{name}`, which is not there");
    let mut pools: Vec<&str> = pools.collect();
    pools.sort_unstable();
    let place = if written.origin.is_some() { span(written) } else { key_span(route, "pool") };
    suggest(Diagnostic::error("unknown-pool", what).primary(place, "no such pool"), name, pools)
}
