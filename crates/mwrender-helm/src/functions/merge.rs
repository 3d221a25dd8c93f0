//! `merge` and `mergeOverwrite`: maps into the first of them, in place.
//!
//! The rules are those of the Go library mergo 1.0.1, on maps of any depth: without overwriting, what is empty is
//! filled; nil is skipped then. What is taken from another map is shared with it. Structs under one key are merged
//! field by field: of those that a map holds only maps can change, of those behind a pointer all fields.

use mwrender_gotemplate::{Context, Failure, How, Kind, Map, Origin, Shape, Str, Type, Value};

use super::args::{Out, kind_name};
use super::dicts::map;
use crate::engine::structs::Struct;

/// Go would end with its stack used up, which takes much longer.
const DEEPEST: usize = 1000;

/// Why a merge ends early.
enum Stop {
    Failure(Failure),
    /// A pointer and something else: `merge` returns an empty text then.
    OtherType,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failure(failure)
    }
}

impl From<String> for Stop {
    fn from(text: String) -> Stop {
        Stop::Failure(text.into())
    }
}

/// How maps are merged.
#[derive(Clone, Copy)]
pub(super) struct Merge {
    /// Whether values of later maps count more.
    pub(super) overwrite: bool,
    /// Whether the function is one with `must`.
    pub(super) must: bool,
}

pub(super) fn merge(context: &mut Context<'_>, args: &[Value], how: Merge) -> Out {
    let mut result = args[0].clone();
    for from in &args[1..] {
        let from_map = map(from)?;
        if map(&result)?.is_nil() && !from_map.is_nil() {
            result = Value::from(Map::new(Type::MAP)).with_origin(result.origin());
        }
        match merge_maps(context, map(&result)?, from_map, from.origin(), how.overwrite, 0) {
            Ok(()) => {}
            Err(Stop::Failure(failure)) => return Err(failure),
            Err(Stop::OtherType) if how.must => return Err("src and dst must be of same type".into()),
            Err(Stop::OtherType) => return Ok(Value::string("")),
        }
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

/// What Go says of a value that is never nil.
fn never_nil(kind: &str) -> Stop {
    format!("reflect: call of reflect.Value.IsNil on {kind} Value").into()
}

/// What Go says of a value that has no fields.
fn no_fields(kind: &str) -> Stop {
    format!("reflect: call of reflect.Value.Field on {kind} Value").into()
}

/// Sets a key to a value from another map, whose elements need not be of the same type.
fn put(into: &Map, from: &Map, key: Str, value: Value) -> Result<(), Stop> {
    let (wanted, given) = (into.element_type(), from.element_type());
    if wanted.shape() != Shape::Any && wanted != given {
        return Err(not_assignable(given.name(), wanted.name()).into());
    }
    into.insert(key, value);
    Ok(())
}

/// What Go does to a list before anything else: it sets the key to that list, or to what was there.
fn put_list(into: &Map, key: &Str, value: &Value, old: Option<&Value>, overwrite: bool) -> Result<(), Stop> {
    let wanted = into.element_type();
    if old.is_some() && !matches!(wanted.shape(), Shape::Any | Shape::List(_)) {
        return Err(never_nil(wanted.name()));
    }
    let set = old.filter(|_| !overwrite).unwrap_or(value);
    if wanted.shape() != Shape::Any && set.type_name() != wanted.name() {
        return Err(not_assignable(set.type_name(), wanted.name()).into());
    }
    if overwrite && old.is_some() {
        into.insert(key.clone(), value.clone());
    }
    Ok(())
}

fn merge_maps(
    context: &mut Context<'_>,
    into: &Map,
    from: &Map,
    origin: Origin,
    overwrite: bool,
    depth: usize,
) -> Result<(), Stop> {
    if into.is(from) {
        return Ok(());
    }
    context.check_depth()?;
    if depth > DEEPEST {
        return Err("values nest too deeply".to_owned().into());
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
        if let Some(old) = &old
            && matches!(kind_name(&value), "map" | "struct" | "ptr")
        {
            merge_values(context, old, &value, overwrite, depth + 1)?;
        }
        if is_list(&value) {
            put_list(into, &key, &value, old.as_ref(), overwrite)?;
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

/// Merges a map, struct or pointer into what another map has under its key.
fn merge_values(
    context: &mut Context<'_>,
    into: &Value,
    from: &Value,
    overwrite: bool,
    depth: usize,
) -> Result<(), Stop> {
    match (into.kind(), from.kind()) {
        (Kind::Map(map), _) if map.is_nil() => match kind_name(from) {
            "struct" => Err(never_nil("struct")),
            _ => Ok(()),
        },
        (Kind::Map(into), Kind::Map(map)) => merge_maps(context, into, map, from.origin(), overwrite, depth),
        (Kind::Object(_), Kind::Map(map)) if map.is_nil() && kind_name(into) == "ptr" => Ok(()),
        (Kind::Object(_), _) => match Struct::of(into) {
            Some(of) if !of.is_pointer() => merge_structs(context, of, from, overwrite, false, depth),
            Some(of) if kind_name(from) == "ptr" => match Struct::of(from) {
                Some(_) => merge_structs(context, of, from, overwrite, true, depth),
                None => Ok(()),
            },
            _ if kind_name(into) == "ptr" && kind_name(from) != "ptr" && !overwrite => Err(Stop::OtherType),
            // the only other struct whose fields everyone sees
            None if into.type_name() == "sprig.certificate" && kind_name(from) == "map" => {
                Err(no_fields("map"))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Merges the fields of a struct by their places. `from` is one, too, or a pointer where `into` is one. `settable`
/// is whether `into` has an address.
fn merge_structs(
    context: &mut Context<'_>,
    into: &Struct,
    from: &Value,
    overwrite: bool,
    settable: bool,
    depth: usize,
) -> Result<(), Stop> {
    context.check_depth()?;
    let from_fields = Struct::of(from).filter(|of| of.is_pointer() == into.is_pointer());
    let Some(from_fields) = from_fields else {
        return match kind_name(from) {
            // of another library
            "struct" => Ok(()),
            kind => Err(no_fields(kind)),
        };
    };
    let from_fields = from_fields.values();
    for (at, old) in into.values().into_iter().enumerate() {
        let new =
            from_fields.get(at).ok_or_else(|| Stop::from("reflect: Field index out of range".to_owned()))?;
        match old.kind() {
            Kind::Object(_) => {
                if let Some(inner) = Struct::of(&old) {
                    merge_structs(context, inner, new, overwrite, settable, depth + 1)?;
                }
            }
            Kind::Map(map) => {
                let kind = kind_name(new);
                if map.is_nil() && !matches!(kind, "map" | "slice" | "ptr") {
                    return Err(never_nil(kind));
                }
                if let Kind::Map(new_map) = new.kind()
                    && !map.is_nil()
                {
                    merge_maps(context, map, new_map, new.origin(), overwrite, depth + 1)?;
                }
            }
            _ if settable && !is_empty(new) && (overwrite || is_empty(&old)) => {
                if new.type_name() != old.type_name() {
                    let (given, wanted) = (new.type_name(), old.type_name());
                    return Err(format!(
                        "reflect.Set: value of type {given} is not assignable to type {wanted}"
                    )
                    .into());
                }
                let origin = if new.origin().is_none() { from.origin() } else { new.origin() };
                into.set(at, new.clone().with_origin(origin));
            }
            _ => {}
        }
    }
    Ok(())
}
