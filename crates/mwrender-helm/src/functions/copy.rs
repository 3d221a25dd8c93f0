//! `deepCopy`.

use mwrender_gotemplate::{Context, Failure, Kind, List, Map, Type, Value};

use super::args::Out;
use crate::engine::structs::Struct;

/// Go would end with its stack used up, which takes much longer.
const DEEPEST: usize = 1000;

pub(crate) fn copy(context: &mut Context<'_>, value: &Value) -> Out {
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
            // nothing changes bytes, and a file may have many
            if list.ty() == Type::BYTES {
                return Ok(value.clone());
            }
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
        Kind::Object(object) => match Struct::of(value) {
            Some(of) => Value::object(of.copied(&**object, |field| copied(context, field, depth + 1))?),
            None => return Ok(value.clone()),
        },
        _ => return Ok(value.clone()),
    };
    Ok(copy.with_origin(value.origin()))
}
