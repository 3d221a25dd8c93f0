//! YAML, as `sigs.k8s.io/yaml` reads it: into what its JSON means.

use std::borrow::Cow;

use mwrender_diagnostic::Pos;
use mwrender_gotemplate::{Context, List, Map, Origin, Str, Value};
use mwrender_values::read::{read_as_go, text_as_go};
use mwrender_values::{Data, NumberKind, Value as Tree};

use super::origins::Origins;

/// The first byte of the text; its offset is 0.
const BASE: Pos = Pos::from_raw(1);

/// Reads the first document of a text.
///
/// # Errors
/// The text of Go's error.
pub(in crate::functions) fn read(context: &Context<'_>, text: &Value) -> Result<Value, String> {
    let bytes = text.as_bytes().unwrap_or_default();
    let fault = |text: String| format!("error converting YAML to JSON: {text}");
    let source = text_as_go(bytes).map_err(fault)?;
    let tree = read_as_go(&source, BASE).map_err(fault)?;
    if !context.tracks() {
        return Ok(plain(&tree));
    }
    if matches!(source, Cow::Owned(_)) {
        // its places are not those of the bytes
        return Ok(alike(&tree, context.origin_of(text)));
    }
    let mut starts = Vec::new();
    collect(&tree, &mut starts);
    let origins = Origins::new(context, text, starts);
    Ok(tracked(&tree, offset(tree.origin), source.len(), &origins))
}

fn offset(at: Pos) -> usize {
    (at.raw() as usize).saturating_sub(1)
}

fn float(number: NumberKind) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "Go decodes all numbers of JSON as float64")]
    Value::from(match number {
        NumberKind::Int(i) => i as f64,
        NumberKind::Uint(u) => u as f64,
        NumberKind::Float(f) => f,
    })
}

fn plain(tree: &Tree) -> Value {
    match &tree.data {
        Data::Null => Value::NIL,
        Data::Bool(b) => Value::from(*b),
        Data::Number(number) => float(number.kind),
        Data::String(text) => Value::from(&*text.text),
        Data::List(items) => Value::from(List::grown(items.iter().map(plain).collect())),
        Data::Map(map) => {
            let entries = map.iter().map(|(key, entry)| (Str::from(&**key), plain(&entry.value)));
            Value::from(entries.collect::<Map>())
        }
    }
}

/// A value of which all parts have one origin.
fn alike(tree: &Tree, origin: Origin) -> Value {
    let value = match &tree.data {
        Data::List(items) => Value::from(List::grown(items.iter().map(|item| alike(item, origin)).collect())),
        Data::Map(map) => {
            let entries = map.iter().map(|(key, entry)| (Str::from(&**key), alike(&entry.value, origin)));
            Value::from(entries.collect::<Map>())
        }
        _ => plain(tree),
    };
    value.with_origin(origin)
}

fn collect(tree: &Tree, starts: &mut Vec<usize>) {
    starts.push(offset(tree.origin));
    match &tree.data {
        Data::List(items) => items.iter().for_each(|item| collect(item, starts)),
        Data::Map(map) => {
            for entry in map.values() {
                starts.push(offset(entry.key_origin));
                collect(&entry.value, starts);
            }
        }
        _ => {}
    }
}

/// A value whose key or content begins at `start`, and that ends before `end`.
fn tracked(tree: &Tree, start: usize, end: usize, origins: &Origins<'_, '_>) -> Value {
    let start = start.min(offset(tree.origin));
    match &tree.data {
        Data::List(items) => {
            let ends = items.iter().skip(1).map(|item| offset(item.origin)).chain([end]);
            let values = items.iter().zip(ends);
            let values = values.map(|(item, end)| tracked(item, offset(item.origin), end, origins));
            Value::from(List::grown(values.collect())).with_origin(origins.container(start, end))
        }
        Data::Map(map) => {
            let ends = map.values().skip(1).map(|entry| offset(entry.key_origin)).chain([end]);
            let entries = map.iter().zip(ends).map(|((key, entry), end)| {
                (Str::from(&**key), tracked(&entry.value, offset(entry.key_origin), end, origins))
            });
            Value::from(entries.collect::<Map>()).with_origin(origins.container(start, end))
        }
        _ => {
            // the key and the value may be on lines of their own
            let (key, value) = (origins.leaf(start), origins.leaf(offset(tree.origin)));
            plain(tree).with_origin(origins.both(key, value))
        }
    }
}
