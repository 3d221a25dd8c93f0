//! `toYaml`, `fromYaml` and their kin.

use mwrender_gotemplate::{Context, Failure, Funcs, Function, Kind, List, Map, Str, Tracks, Value};

use super::decode;
use super::marshal::output::{Pieces, Plain};
use super::marshal::{Unsupported, pretty, yaml};

pub(super) fn add(funcs: &mut Funcs) {
    funcs.add(
        Function::new("toYaml", "func(interface {}) string", &[], |context, args| {
            or_empty(to_yaml(context, &args[0]))
        })
        .tracks(Tracks::Own),
    );
    funcs.add(
        Function::new("toYamlPretty", "func(interface {}) string", &[], |context, args| {
            or_empty(to_yaml_pretty(context, &args[0]))
        })
        .tracks(Tracks::Own),
    );
    funcs.add(
        Function::new("fromYaml", "func(string) map[string]interface {}", &[], |context, args| {
            Ok(map_or_error(context, &args[0], decode::yaml::read(context, &args[0])))
        })
        .tracks(Tracks::Own),
    );
    funcs.add(
        Function::new("fromYamlArray", "func(string) []interface {}", &[], |context, args| {
            Ok(list_or_error(context, &args[0], decode::yaml::read(context, &args[0])))
        })
        .tracks(Tracks::Own),
    );
}

/// An empty string instead of what Go says.
fn or_empty(result: Result<Value, Unsupported>) -> Result<Value, Failure> {
    match result {
        Err(Unsupported::Failure(failure)) => Err(failure),
        Err(Unsupported::Go(_)) => Ok(Value::from("")),
        Ok(value) => Ok(value),
    }
}

pub(crate) fn to_yaml(context: &Context<'_>, value: &Value) -> Result<Value, Unsupported> {
    if context.tracks() {
        let mut out = Pieces::new(context);
        yaml::write(context, value, &mut out)?;
        return Ok(out.finish(true));
    }
    let mut out = Plain::default();
    yaml::write(context, value, &mut out)?;
    Ok(out.finish(true))
}

fn to_yaml_pretty(context: &Context<'_>, value: &Value) -> Result<Value, Unsupported> {
    if context.tracks() {
        let mut out = Pieces::new(context);
        pretty::write(context, value, &mut out)?;
        return Ok(out.finish(true));
    }
    let mut out = Plain::default();
    pretty::write(context, value, &mut out)?;
    Ok(out.finish(true))
}

/// What `sigs.k8s.io/yaml` makes of a value that is to be a map.
fn map_or_error(context: &Context<'_>, text: &Value, read: Result<Value, String>) -> Value {
    let error = match read {
        Ok(value) if matches!(value.kind(), Kind::Map(_)) => return value,
        Ok(value) if value.is_nil() => return Value::from(Map::from_iter([])).with_origin(value.origin()),
        Ok(value) => wrong_type(&value, "map[string]interface {}"),
        Err(error) => error,
    };
    let origin = context.origin_of(text);
    let error = Value::from(error).with_origin(origin);
    Value::from(Map::from_iter([(Str::from("Error"), error)])).with_origin(origin)
}

fn list_or_error(context: &Context<'_>, text: &Value, read: Result<Value, String>) -> Value {
    let error = match read {
        Ok(value) if matches!(value.kind(), Kind::List(_)) => return value,
        Ok(value) if value.is_nil() => {
            return Value::from(List::from(Vec::new())).with_origin(value.origin());
        }
        Ok(value) => wrong_type(&value, "[]interface {}"),
        Err(error) => error,
    };
    let origin = context.origin_of(text);
    Value::from(List::from(vec![Value::from(error).with_origin(origin)])).with_origin(origin)
}

fn wrong_type(value: &Value, wanted: &str) -> String {
    let kind = super::json::kind_name(value);
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go value of type {wanted}"
    )
}
