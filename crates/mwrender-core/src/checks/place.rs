//! Reading objects, and the places in them.

use mwrender_diagnostic::{Diagnostic, Span};
use mwrender_schema::suggest::similar;
use mwrender_values::{Data, Value};

/// What a map has under a key. In the small maps that objects are made of, to compare is faster than to hash.
pub(super) fn get<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let map = value.as_map()?;
    if map.len() > 8 {
        return map.get(key).map(|entry| &entry.value);
    }
    map.iter().find(|(known, _)| &***known == key).map(|(_, entry)| &entry.value)
}

/// The text under a key.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    get(value, key)?.as_str()
}

/// The items under a key; none if there is no list.
pub(super) fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    get(value, key).and_then(Value::as_list).unwrap_or_default()
}

/// The value that several keys lead to.
pub(super) fn down<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| get(value, key))
}

/// The keys of a map.
pub(super) fn keys(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_map).into_iter().flat_map(|map| map.keys().map(|key| &**key))
}

/// The place of a value.
pub(super) fn span(value: &Value) -> Span {
    let length = match &value.data {
        Data::String(text) => text.text.lines().next().map_or(0, str::len),
        Data::Number(number) => number.spelling.len(),
        _ => 1,
    };
    Span::new(value.origin, length.max(1) as u32)
}

/// The place of a key of a map, or else of the map.
pub(super) fn key_span(map: &Value, key: &str) -> Span {
    match map.as_map().and_then(|entries| entries.get(key)) {
        Some(entry) if entry.key_origin.is_some() => Span::new(entry.key_origin, key.len() as u32),
        _ => span(map),
    }
}

/// Adds the nearest name as a suggestion, if one is near.
pub(super) fn suggest<'a>(
    diagnostic: Diagnostic,
    word: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    match similar(word, names) {
        Some(name) if name != word => diagnostic.help(format!("did you mean `{name}`?")),
        _ => diagnostic,
    }
}
