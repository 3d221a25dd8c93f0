//! Dictionaries: shared by all who hold them, and changed in place.

use mwrender_gotemplate::{Context, Failure, Funcs, How, Kind, List, Map, Str, Tracks, Type, Value};

use super::args::{NIL_MAP, Out, add_all, add_must, bytes, element, text, with};
use super::copy;
use super::merge::{self, Merge};

const MAP: &str = "map[string]interface {}";

pub(super) fn add(funcs: &mut Funcs) {
    add_all(funcs, Tracks::Own, "func(...interface {}) map[string]interface {}", &[("dict", dict)]);
    add_all(funcs, Tracks::Own, "func(map[string]interface {}, string) interface {}", &[("get", get)]);
    let changed = "func(map[string]interface {}, string, interface {}) map[string]interface {}";
    add_all(funcs, Tracks::Own, changed, &[("set", set)]);
    let removed = "func(map[string]interface {}, string) map[string]interface {}";
    add_all(funcs, Tracks::Own, removed, &[("unset", unset)]);
    add_all(
        funcs,
        Tracks::Shape,
        "func(map[string]interface {}, string) bool",
        &[("hasKey", |_, a| Ok(Value::from(map(&a[0])?.contains(bytes(&a[1])))))],
    );
    add_all(
        funcs,
        Tracks::Operands,
        "func(string, ...map[string]interface {}) []interface {}",
        &[("pluck", pluck)],
    );
    add_all(funcs, Tracks::Operands, "func(...map[string]interface {}) []string", &[("keys", keys)]);
    add_all(funcs, Tracks::Operands, "func(map[string]interface {}) []interface {}", &[("values", values)]);
    let chosen = "func(map[string]interface {}, ...string) map[string]interface {}";
    add_all(funcs, Tracks::Operands, chosen, &[("pick", pick), ("omit", omit)]);
    add_all(funcs, Tracks::Own, "func(...interface {}) (interface {}, error)", &[("dig", dig)]);
    let merged = format!("func({MAP}, ...{MAP}) interface {{}}");
    add_all(
        funcs,
        Tracks::Own,
        &merged,
        &[
            ("merge", |c, a| merge::merge(c, a, Merge { overwrite: false, must: false })),
            ("mergeOverwrite", |c, a| merge::merge(c, a, Merge { overwrite: true, must: false })),
        ],
    );
    let must_merged = format!("func({MAP}, ...{MAP}) (interface {{}}, error)");
    add_all(
        funcs,
        Tracks::Own,
        &must_merged,
        &[
            ("mustMerge", |c, a| merge::merge(c, a, Merge { overwrite: false, must: true })),
            ("mustMergeOverwrite", |c, a| merge::merge(c, a, Merge { overwrite: true, must: true })),
        ],
    );
    add_must(
        funcs,
        Tracks::Own,
        "interface {}",
        "interface {}",
        &[("deepCopy", |c, a| copy::copy(c, &a[0]))],
    );
}

/// The map of an argument; the executor has seen to it that it is one.
pub(super) fn map(value: &Value) -> Result<&Map, Failure> {
    value.as_map().ok_or_else(|| Failure::from(super::args::NIL_POINTER))
}

fn key(value: &Value) -> Result<Str, Failure> {
    Ok(match value.kind() {
        Kind::String(s) => s.clone(),
        _ => Str::from(&*text(value)?),
    })
}

fn dict(context: &mut Context<'_>, args: &[Value]) -> Out {
    context.charge(args.len() as u64 / 4)?;
    let mut entries = Vec::with_capacity(args.len() / 2);
    for pair in args.chunks(2) {
        entries.push((key(&pair[0])?, pair.get(1).cloned().unwrap_or_else(|| Value::string(""))));
    }
    let keys = args.iter().step_by(2);
    Ok(with(context, Value::from(entries.into_iter().collect::<Map>()), How::Operand, keys))
}

fn get(context: &mut Context<'_>, args: &[Value]) -> Out {
    let found = map(&args[0])?.get(bytes(&args[1]));
    let found = element(found.unwrap_or_else(|| Value::string("")), &args[0]);
    Ok(with(context, found, How::Operand, &args[1..]))
}

fn set(context: &mut Context<'_>, args: &[Value]) -> Out {
    let map = map(&args[0])?;
    if map.is_nil() {
        return Err(NIL_MAP.into());
    }
    let mut value = args[2].clone();
    if context.tracks() {
        let conditions = context.join(How::Conditional, [context.conditions()]);
        let key = context.join(How::Operand, [context.origin_of(&args[1])]);
        let joined = context.join(How::Direct, [value.origin(), key, conditions]);
        value = value.with_origin(joined);
    }
    map.insert(key(&args[1])?, value);
    Ok(with(context, args[0].clone(), How::Operand, &args[1..2]))
}

fn unset(context: &mut Context<'_>, args: &[Value]) -> Out {
    map(&args[0])?.remove(bytes(&args[1]));
    Ok(with(context, args[0].clone(), How::Operand, &args[1..]))
}

fn pluck(_: &mut Context<'_>, args: &[Value]) -> Out {
    let mut found = Vec::new();
    for from in &args[1..] {
        if let Some(value) = map(from)?.get(bytes(&args[0])) {
            found.push(element(value, from));
        }
    }
    Ok(List::grown(found).into())
}

/// The keys of each map, sorted; Go has them in any order.
fn keys(_: &mut Context<'_>, args: &[Value]) -> Out {
    let mut found = Vec::new();
    for from in args {
        found.extend(map(from)?.keys().into_iter().map(|key| Value::from(key).with_origin(from.origin())));
    }
    let capacity = if found.len() > 32 { 0 } else { found.len().next_power_of_two() };
    Ok(List::with_capacity(Type::STRINGS, found, capacity).into())
}

/// The values in the order of their keys; Go has them in any order.
fn values(_: &mut Context<'_>, args: &[Value]) -> Out {
    let found = map(&args[0])?.entries().into_iter().map(|(_, value)| element(value, &args[0]));
    Ok(List::grown(found.collect()).into())
}

fn pick(_: &mut Context<'_>, args: &[Value]) -> Out {
    let from = map(&args[0])?;
    let picked = Map::new(Type::MAP);
    for wanted in &args[1..] {
        if let Some(value) = from.get(bytes(wanted)) {
            picked.insert(key(wanted)?, element(value, &args[0]));
        }
    }
    Ok(picked.into())
}

fn omit(_: &mut Context<'_>, args: &[Value]) -> Out {
    let entries = map(&args[0])?.entries().into_iter();
    let kept = entries.filter(|(key, _)| !args[1..].iter().any(|omitted| bytes(omitted) == &**key));
    Ok(kept.map(|(key, value)| (key, element(value, &args[0]))).collect::<Map>().into())
}

/// The value at the end of a path of keys, or the default in front of the map.
fn dig(context: &mut Context<'_>, args: &[Value]) -> Out {
    let [path @ .., default, from] = args else {
        return Err("dig needs at least three arguments".into());
    };
    if path.is_empty() {
        return Err("dig needs at least three arguments".into());
    }
    let mut at = from.clone();
    plain_map(&at)?;
    for wanted in path {
        if wanted.as_bytes().is_none() {
            return Err(conversion(wanted, "string"));
        }
    }
    for wanted in path {
        let Some(next) = plain_map(&at)?.get(bytes(wanted)) else {
            let missing = context.join(How::Conditional, [at.origin()]);
            let joined = context.join(How::Direct, [default.origin(), missing]);
            return Ok(with(context, default.clone().with_origin(joined), How::Operand, path));
        };
        at = element(next, &at);
    }
    Ok(with(context, at, How::Operand, path))
}

/// Go's type assertion: a named type is another one.
fn plain_map(value: &Value) -> Result<&Map, Failure> {
    value.as_map().filter(|map| map.ty() == Type::MAP).ok_or_else(|| conversion(value, MAP))
}

fn conversion(value: &Value, wanted: &str) -> Failure {
    let is = if value.is_nil() { "nil" } else { value.type_name() };
    format!("interface conversion: interface {{}} is {is}, not {wanted}").into()
}
