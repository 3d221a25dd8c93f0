//! Filters in a tracked render: markers do not disturb them, and their results keep the origin of their input.

use super::marker;
use super::run::{self, Run};
use crate::engine::{Cause, How};
use minijinja::value::Rest;
use minijinja::{Environment, Error, State, Value};

/// Filters that only lay a text out: what goes in comes out, so its origin stays direct.
const LAYOUT: [&str; 2] = ["quote", "string"];
/// Filters that move the lines of a text and know markers: a text from the values gets markers first, so that each
/// of its lines keeps its own position.
const MOVING: [&str; 3] = ["indent", "nindent", "trim"];
/// Filters that read the characters of a text. Filters that only pass values on (`default`, `items`, `first`)
/// keep identities by themselves; `indent`, `nindent`, `toyaml` and their kin know markers.
const READING: [&str; 27] = [
    "abs",
    "b64encode",
    "bool",
    "bytes",
    "capitalize",
    "cpu",
    "dns_label",
    "float",
    "format",
    "fromjson",
    "int",
    "join",
    "length",
    "count",
    "lower",
    "memory",
    "pad2",
    "regex_escape",
    "replace",
    "round",
    "sha256",
    "split",
    "lines",
    "title",
    "trunc",
    "upper",
    "urlencode",
];

/// Puts a wrapper around each filter that reads characters.
pub(super) fn wrap_filters(env: &mut Environment<'static>) {
    let plain = std::sync::Arc::new(super::environment(false));
    for name in MOVING {
        let plain = plain.clone();
        env.add_filter(name, move |_: &mut State, arguments: Rest<Value>| {
            let mut arguments = arguments.0;
            if let Some(first) = arguments.first_mut()
                && let Some(marked) = first.as_str().and_then(super::track::marked)
            {
                *first = Value::from(marked);
            }
            plain.empty_state().apply_filter(name, &arguments)
        });
    }
    for name in LAYOUT.into_iter().chain(READING) {
        let plain = plain.clone();
        env.add_filter(name, move |_: &mut State, arguments: Rest<Value>| {
            let mut arguments = arguments.0;
            let mut causes = Vec::new();
            run::with(|r| {
                for argument in &mut arguments {
                    collect(r, argument, &mut causes);
                }
            });
            let result = plain.empty_state().apply_filter(name, &arguments)?;
            Ok::<_, Error>(run::with(|r| retag(r, name, &result, causes)).unwrap_or(result))
        });
    }
}

/// The causes of an argument, which loses its markers.
fn collect(run: &Run, argument: &mut Value, causes: &mut Vec<Cause>) {
    let Some(text) = argument.as_str() else {
        // a list of texts, as `join` takes
        if matches!(argument.kind(), minijinja::value::ValueKind::Seq)
            && argument.downcast_object_ref::<super::object::ListObject>().is_none()
            && let Ok(items) = argument.try_iter()
        {
            let mut items: Vec<Value> = items.collect();
            if items.iter().any(|i| {
                i.as_str().is_some_and(|t| run.causes_of_text(t).is_some() || marker::has_markers(t))
            }) {
                for item in &mut items {
                    collect(run, item, causes);
                }
                *argument = Value::from(items);
            }
        }
        return;
    };
    if let Some(known) = run.causes_of_text(text) {
        causes.extend(known.iter().cloned());
    } else if marker::has_markers(text) {
        causes.extend(run.all_causes(text));
        *argument = Value::from(marker::strip(text));
    }
}

/// The result of a filter, known as computed from these causes.
fn retag(run: &mut Run, filter: &str, result: &Value, causes: Vec<Cause>) -> Value {
    let Some(text) = result.as_str() else { return result.clone() };
    let how = |c: &Cause| match filter {
        _ if LAYOUT.contains(&filter) => c.how,
        "sha256" => How::Hash,
        _ => c.how.max(How::Operand),
    };
    let causes = causes.into_iter().map(|c| Cause { how: how(&c), ..c }).collect();
    run.keep(text, causes)
}
