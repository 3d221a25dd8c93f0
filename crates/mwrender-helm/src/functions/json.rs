//! `toJson`, `fromJson` and their kin.

use mwrender_gotemplate::{Context, Failure, Funcs, Function, Kind, List, Map, Tracks, Type, Value};
use mwrender_values::emit::json::JsonStyle;

use super::decode::json::{Read, read};
use super::marshal::output::{Pieces, Plain};
use super::marshal::{Unsupported, json};

const COMPACT: JsonStyle =
    JsonStyle { indent: 0, sorted: true, go_escapes: true, raw_html: false, canonical_numbers: true };
const PRETTY: JsonStyle = JsonStyle { indent: 2, ..COMPACT };
const RAW: JsonStyle = JsonStyle { raw_html: true, ..COMPACT };

pub(super) fn add(funcs: &mut Funcs) {
    for (name, must, style) in [
        ("toJson", "mustToJson", COMPACT),
        ("toPrettyJson", "mustToPrettyJson", PRETTY),
        ("toRawJson", "mustToRawJson", RAW),
    ] {
        funcs.add(
            Function::new(name, "func(interface {}) string", &[], move |context, args| {
                match to_json(context, &args[0], style) {
                    // Sprig turns the error of this one into a panic
                    Err(Unsupported::Go(text)) if name == "toRawJson" => Err(text.into()),
                    Err(Unsupported::Go(_)) => Ok(Value::from("")),
                    Err(Unsupported::Failure(failure)) => Err(failure),
                    Ok(value) => Ok(value),
                }
            })
            .tracks(Tracks::Own),
        );
        funcs.add(
            Function::new(must, "func(interface {}) (string, error)", &[], move |context, args| {
                to_json(context, &args[0], style).map_err(|error| match error {
                    Unsupported::Failure(failure) => failure,
                    Unsupported::Go(text) => Failure::from(text),
                })
            })
            .tracks(Tracks::Own),
        );
    }
    funcs.add(
        Function::new("fromJson", "func(string) map[string]interface {}", &[], |context, args| {
            Ok(from_json(context, &args[0]))
        })
        .tracks(Tracks::Own),
    );
    funcs.add(
        Function::new("fromJsonArray", "func(string) []interface {}", &[], |context, args| {
            Ok(from_json_array(context, &args[0]))
        })
        .tracks(Tracks::Own),
    );
    funcs.add(
        Function::new("mustFromJson", "func(string) (interface {}, error)", &[], |context, args| {
            let Read { value, fault } = read(context, &args[0])?;
            fault.map_or(Ok(value), |text| Err(text.into()))
        })
        .tracks(Tracks::Own),
    );
}

fn to_json(context: &Context<'_>, value: &Value, style: JsonStyle) -> Result<Value, Unsupported> {
    if context.tracks() {
        let mut out = Pieces::new(context);
        json::write(context, value, style, &mut out)?;
        return Ok(out.finish(false));
    }
    let mut out = Plain::default();
    json::write(context, value, style, &mut out)?;
    Ok(out.finish(false))
}

/// The kind of a value as messages about JSON have it.
pub(super) fn kind_name(value: &Value) -> &'static str {
    match value.kind() {
        Kind::Bool(_) => "bool",
        Kind::Float(_) => "number",
        Kind::String(_) | Kind::Text(_) => "string",
        Kind::List(_) => "array",
        _ => "object",
    }
}

/// A map, with the error under the key `Error`.
fn from_json(context: &Context<'_>, text: &Value) -> Value {
    let origin = context.origin_of(text);
    let (map, error) = match read(context, text) {
        Ok(Read { value, fault }) => match value.kind() {
            Kind::Map(_) if fault.is_none() => return value,
            Kind::Map(map) => (map.clone(), fault.unwrap_or_default()),
            Kind::Nil if fault.is_none() => {
                return Value::from(Map::nil(Type::MAP)).with_origin(value.origin());
            }
            _ => (Map::from_iter([]), wrong_type(&value, "map[string]interface {}")),
        },
        Err(error) => (Map::from_iter([]), error),
    };
    map.insert("Error", Value::from(error).with_origin(origin));
    Value::from(map).with_origin(origin)
}

/// A list, with nothing but the error if there is one.
fn from_json_array(context: &Context<'_>, text: &Value) -> Value {
    let error = match read(context, text) {
        Ok(Read { value, fault }) => match (value.kind(), fault) {
            (Kind::List(_), None) => return value,
            (Kind::Nil, None) => return Value::from(List::nil(Type::LIST)).with_origin(value.origin()),
            (Kind::List(_), Some(error)) => error,
            _ => wrong_type(&value, "[]interface {}"),
        },
        Err(error) => error,
    };
    let origin = context.origin_of(text);
    Value::from(List::from(vec![Value::from(error).with_origin(origin)])).with_origin(origin)
}

fn wrong_type(value: &Value, wanted: &str) -> String {
    format!("json: cannot unmarshal {} into Go value of type {wanted}", kind_name(value))
}
