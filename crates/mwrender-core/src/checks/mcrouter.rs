//! mcrouter's configuration in a `ConfigMap`: routes to pools that it does not define.

use super::place::suggest;
use mwrender_diagnostic::{Diagnostic, Span};
use mwrender_manifest::Object;
use mwrender_values::{Data, Text};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// What the pool for a failover is called in the charts.
const FAILOVER: &str = "-failover";

pub(super) fn check(object: &Object, keep: &mut impl FnMut(Diagnostic)) {
    if object.key.kind != "ConfigMap" || !object.key.group.is_empty() {
        return;
    }
    let Some(data) = object.value.get("data").and_then(|data| data.as_map()) else { return };
    for (key, entry) in data.iter() {
        let Data::String(text) = &entry.value.data else { continue };
        // most texts are large and something else
        if !text.text.trim_start().starts_with('{') || !text.text.contains("\"pools\"") {
            continue;
        }
        // what is no JSON is not mcrouter's, or a fault that its schema tells
        let Ok(Json::Object(config)) = serde_json::from_str::<Json>(&text.text) else { continue };
        let Some(Json::Object(pools)) = config.get("pools") else { continue };
        let mut wanted = BTreeSet::new();
        for part in ["route", "routes", "named_handles"] {
            config.get(part).into_iter().for_each(|routes| collect(routes, &mut wanted));
        }
        for pool in wanted.into_iter().filter(|pool| !pools.contains_key(*pool)) {
            let fallback = Span::new(entry.key_origin, key.len() as u32);
            let place = place(text, pool).unwrap_or(fallback);
            let base = pool.strip_suffix(FAILOVER).filter(|base| pools.contains_key(*base));
            keep(if let Some(base) = base {
                let what = format!("a route fails over from the pool `{base}`, which has no failover");
                Diagnostic::error("pool-without-failover", what)
                    .primary(place, format!("there is no pool `{pool}`"))
            } else {
                let what = format!("a route goes to the pool `{pool}`, which is not there");
                let fault = Diagnostic::error("unknown-pool", what).primary(place, "no such pool");
                suggest(fault, pool, pools.keys().map(String::as_str))
            });
        }
    }
}

/// The pools that a route handle goes to: `PoolRoute|name`, or what it has under `pool`.
fn collect<'j>(route: &'j Json, wanted: &mut BTreeSet<&'j str>) {
    match route {
        Json::String(text) => {
            let mut parts = text.split('|');
            while let Some(part) = parts.next() {
                if matches!(part, "PoolRoute" | "Pool") {
                    wanted.extend(parts.next());
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, wanted)),
        Json::Object(map) => {
            for (key, value) in map {
                match value {
                    Json::String(name) if key == "pool" && !name.contains('|') => {
                        wanted.insert(name);
                    }
                    // prefixes and the like name no pools
                    _ if key == "aliases" => {}
                    _ => collect(value, wanted),
                }
            }
        }
        _ => {}
    }
}

/// Where a text first speaks of a pool as a route does.
fn place(text: &Text, pool: &str) -> Option<Span> {
    let lines = text.lines.as_ref()?;
    let forms = [format!("|{pool}\""), format!("|{pool}|"), format!("\"{pool}\"")];
    for form in &forms {
        for (number, line) in text.text.lines().enumerate() {
            if let Some(column) = line.find(form.as_str()) {
                let start = lines.get(number)?.offset(column as u32 + 1);
                return Some(Span::new(start, pool.len() as u32));
            }
        }
    }
    None
}
