//! Values of templates as Go's JSON sees them.

use crate::engine::objects::Struct;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use indexmap::IndexMap;
use mwrender_diagnostic::Pos;
use mwrender_gotemplate::{Kind, Value};
use mwrender_values as values;
use mwrender_values::{Data, Entry, Number, NumberKind, number};
use std::sync::Arc;

/// How deep maps and lists may be within each other: Go stops there, too, with a longer message.
const MAX_DEPTH: usize = 1_000;

/// A value as JSON has it: strings in UTF-8, byte slices in base64, structs by their JSON names.
///
/// # Errors
/// It has no form in JSON.
pub(crate) fn from_value(value: &Value) -> Result<values::Value, String> {
    convert(value, 0)
}

fn convert(value: &Value, depth: usize) -> Result<values::Value, String> {
    if depth > MAX_DEPTH {
        return Err(format!("json: unsupported value: encountered a cycle via {}", value.type_name()));
    }
    let number = |kind, spelling: String| {
        Data::Number(Number {
            kind,
            spelling: Arc::from(spelling),
            int64: matches!(kind, NumberKind::Int(_)),
        })
    };
    let data = match value.kind() {
        Kind::Nil => Data::Null,
        Kind::Bool(b) => Data::Bool(*b),
        Kind::Int(i, _) => number(NumberKind::Int(*i), i.to_string()),
        Kind::Uint(u, _) => number(NumberKind::Uint(*u), u.to_string()),
        Kind::Float(f) if f.is_finite() => number(NumberKind::Float(*f), number::go_json(*f)),
        Kind::Float(f) => return Err(format!("json: unsupported value: {f}")),
        Kind::String(_) | Kind::Text(_) => {
            let bytes = value.as_bytes().unwrap_or_default();
            values::Value::string(&*String::from_utf8_lossy(bytes)).data
        }
        Kind::List(list) if list.is_nil() => Data::Null,
        Kind::List(list) => match list.to_bytes() {
            Some(bytes) => values::Value::string(BASE64_STANDARD.encode(&*bytes)).data,
            None => {
                let items: Result<Vec<_>, _> =
                    list.with(|items| items.iter().map(|i| convert(i, depth + 1)).collect());
                Data::List(Arc::new(items?))
            }
        },
        Kind::Map(map) if map.is_nil() => Data::Null,
        Kind::Map(map) => {
            let mut entries = IndexMap::new();
            map.for_each(|key, item| {
                let key = String::from_utf8_lossy(key);
                let value = convert(item, depth + 1)?;
                entries.insert(Arc::from(&*key), Entry { key_origin: Pos::NONE, value });
                Ok::<(), String>(())
            })?;
            Data::Map(Arc::new(entries))
        }
        Kind::Object(object) => match Struct::of(&**object) {
            Some(found) => return Ok(found.json().clone()),
            None => Data::Map(Arc::default()),
        },
        _ => return Err(format!("json: unsupported type: {}", value.type_name())),
    };
    let origin = value.origin().number().map_or(Pos::NONE, Pos::from_raw);
    Ok(values::Value::new(data, origin))
}
