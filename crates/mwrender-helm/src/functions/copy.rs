//! `deepCopy`.

use mwrender_gotemplate::{Context, Failure, Kind, List, Map, Value};

use super::args::Out;

/// Go would end with its stack used up, which takes much longer.
const DEEPEST: usize = 1000;

pub(super) fn copy(context: &mut Context<'_>, value: &Value) -> Out {
    if value.is_nil() {
        return Err("reflect: call of reflect.Value.Type on zero Value".into());
    }
    copied(context, value, 0)
}

fn copied(context: &mut Context<'_>, value: &Value, depth: usize) -> Result<Value, Failure> {
    context.check_depth()?;
    if depth > DEEPEST {
        return Err("values nest too deeply".into());
    }
    let copy = match value.kind() {
        Kind::List(list) if !list.is_nil() => {
            let items = list.to_vec();
            context.charge(1 + items.len() as u64 / 4)?;
            let items: Result<_, _> = items.iter().map(|item| copied(context, item, depth + 1)).collect();
            Value::from(List::new(list.ty(), items?))
        }
        Kind::Map(map) if !map.is_nil() => {
            let entries = map.entries();
            context.charge(1 + entries.len() as u64 / 4)?;
            let copy = Map::new(map.ty());
            for (key, value) in entries {
                copy.insert(key, copied(context, &value, depth + 1)?);
            }
            Value::from(copy)
        }
        _ => return Ok(value.clone()),
    };
    Ok(copy.with_origin(value.origin()))
}
