//! Values as `serde_json::Value`s and back, and as types that can be deserialized.

use crate::value::{Data, Entry, Map, Number, NumberKind, Text, Value};
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// The value for `serde_json`, without origins, losers and spellings.
///
/// Integers are exact up to 64 bits, with or without a sign. Infinities and NaN become `null`.
pub fn to_json(value: &Value) -> serde_json::Value {
    to_json_with(value, &|number| match number.kind {
        NumberKind::Int(i) => i.into(),
        NumberKind::Uint(u) => u.into(),
        NumberKind::Float(f) => f.into(),
    })
}

/// The value for `serde_json`, with its numbers as the caller has them.
pub fn to_json_with(value: &Value, number: &impl Fn(&Number) -> serde_json::Value) -> serde_json::Value {
    use serde_json::Value as Json;
    let inner = |value| to_json_with(value, number);
    match &value.data {
        Data::Null => Json::Null,
        Data::Bool(b) => Json::Bool(*b),
        Data::Number(found) => number(found),
        Data::String(text) => Json::String(text.text.to_string()),
        Data::List(items) => items.iter().map(inner).collect(),
        Data::Map(map) => map.iter().map(|(key, entry)| (key.to_string(), inner(&entry.value))).collect(),
    }
}

/// The value of a `serde_json` one, all of it with one origin (`Pos::NONE` for what was computed).
pub fn from_json(json: &serde_json::Value, origin: Pos) -> Value {
    use serde_json::Value as Json;
    let data = match json {
        Json::Null => Data::Null,
        Json::Bool(b) => Data::Bool(*b),
        Json::Number(number) => {
            let kind = if let Some(i) = number.as_i64() {
                NumberKind::Int(i)
            } else if let Some(u) = number.as_u64() {
                NumberKind::Uint(u)
            } else {
                NumberKind::Float(number.as_f64().unwrap_or(f64::NAN))
            };
            Data::Number(Number { kind, spelling: Arc::from(number.to_string()), int64: false })
        }
        Json::String(text) => Data::String(Text { text: Arc::from(text.as_str()), lines: None }),
        Json::Array(items) => {
            Data::List(Arc::new(items.iter().map(|item| from_json(item, origin)).collect()))
        }
        Json::Object(entries) => {
            let entry = |(key, value): (&String, _)| {
                (Arc::from(key.as_str()), Entry { key_origin: origin, value: from_json(value, origin) })
            };
            Data::Map(Arc::new(entries.iter().map(entry).collect::<Map>()))
        }
    };
    Value::new(data, origin)
}

/// Reads a type from a value: for configuration, where values need no origins.
///
/// ```
/// use mwrender_values::{convert::deserialize, read::read};
/// let value = read("a: [1, 2]", Default::default()).unwrap().into_value();
/// let read: std::collections::BTreeMap<String, Vec<u8>> = deserialize(&value).unwrap();
/// assert_eq!(read["a"], [1, 2]);
/// ```
///
/// # Errors
/// The value is not of that shape: `wrong-shape`, at the start of the value.
pub fn deserialize<T: DeserializeOwned>(value: &Value) -> Result<T, Box<Diagnostic>> {
    serde_json::from_value(to_json(value)).map_err(|error| {
        let fault = Diagnostic::error("wrong-shape", error.to_string());
        Box::new(if value.origin.is_some() { fault.primary(Span::new(value.origin, 1), "") } else { fault })
    })
}
