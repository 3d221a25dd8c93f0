//! `merge` and `mergeOverwrite`: maps into the first of them, in place.
//!
//! The rules are those of the Go library mergo 1.0.1, on maps of any depth: without overwriting, what is empty is
//! filled; nil is skipped then. What is taken from another map is shared with it.

use mwrender_gotemplate::{Context, Failure, How, Kind, Map, Origin, Shape, Str, Type, Value};

use super::args::Out;
use super::dicts::map;

/// Go would end with its stack used up, which takes much longer.
const DEEPEST: usize = 1000;

pub(super) fn merge(context: &mut Context<'_>, args: &[Value], overwrite: bool) -> Out {
    let mut result = args[0].clone();
    for from in &args[1..] {
        let from_map = map(from)?;
        if map(&result)?.is_nil() && !from_map.is_nil() {
            result = Value::from(Map::new(Type::MAP)).with_origin(result.origin());
        }
        merge_maps(context, map(&result)?, from_map, from.origin(), overwrite, 0)?;
        let joined = context.join(How::Direct, [result.origin(), from.origin()]);
        result = result.with_origin(joined);
    }
    Ok(result)
}

/// What mergo takes as empty: also an object is none.
fn is_empty(value: &Value) -> bool {
    super::args::is_empty(value)
}

fn is_list(value: &Value) -> bool {
    matches!(value.kind(), Kind::List(_))
}

fn not_assignable(given: &str, wanted: &str) -> String {
    format!("reflect.Value.SetMapIndex: value of type {given} is not assignable to type {wanted}")
}

/// Sets a key to a value from another map, whose elements need not be of the same type.
fn put(into: &Map, from: &Map, key: Str, value: Value) -> Result<(), Failure> {
    let (wanted, given) = (into.element_type(), from.element_type());
    if wanted.shape() != Shape::Any && wanted != given {
        return Err(not_assignable(given.name(), wanted.name()).into());
    }
    into.insert(key, value);
    Ok(())
}

fn merge_maps(
    context: &mut Context<'_>,
    into: &Map,
    from: &Map,
    origin: Origin,
    overwrite: bool,
    depth: usize,
) -> Result<(), Failure> {
    if into.is(from) {
        return Ok(());
    }
    context.check_depth()?;
    if depth > DEEPEST {
        return Err("values nest too deeply".into());
    }
    let entries = from.entries();
    context.charge(1 + entries.len() as u64 / 4)?;
    for (key, value) in entries {
        let value = if value.origin().is_none() { value.with_origin(origin) } else { value };
        let is_nil = match value.kind() {
            Kind::Nil => true,
            // elements of another type than `interface {}` are asked themselves
            Kind::List(list) => list.is_nil() && from.element_type().shape() != Shape::Any,
            Kind::Map(map) => map.is_nil() && from.element_type().shape() != Shape::Any,
            _ => false,
        };
        if is_nil {
            if overwrite {
                put(into, from, key, value)?;
            }
            continue;
        }
        let old = into.get(&key);
        if let (Kind::Map(inner), Some(Kind::Map(old))) = (value.kind(), old.as_ref().map(Value::kind))
            && !old.is_nil()
        {
            merge_maps(context, old, inner, value.origin(), overwrite, depth + 1)?;
        }
        if is_list(&value) && into.element_type().shape() != Shape::Any {
            // Go sets a list before anything else, and asks first whether the old value is nil
            let wanted = into.element_type().name();
            return Err(match old {
                Some(_) => format!("reflect: call of reflect.Value.IsNil on {wanted} Value"),
                None => not_assignable(value.type_name(), wanted),
            }
            .into());
        }
        if overwrite && is_list(&value) && old.is_some() {
            put(into, from, key.clone(), value.clone())?;
        }
        // the same map or list may have been filled just now
        if let Some(old) = old.as_ref().filter(|old| !is_empty(old)) {
            let both =
                (value.as_map().is_some() && old.as_map().is_some()) || (is_list(&value) && is_list(old));
            if both || !overwrite {
                continue;
            }
        }
        let value = match old {
            // that the old value was empty decided
            Some(old) if !overwrite => {
                let by = context.join(How::Conditional, [old.origin()]);
                let joined = context.join(How::Direct, [value.origin(), by]);
                value.with_origin(joined)
            }
            _ => value,
        };
        put(into, from, key, value)?;
    }
    Ok(())
}
