//! `len`, `index` and `slice`.

use crate::error::Failure;
use crate::exec::prepare;
use crate::types::Type;
use crate::value::{Kind, Value};

pub(super) fn len(item: &Value) -> Result<Value, Failure> {
    let length = match item.kind() {
        Kind::List(list) => list.len(),
        Kind::Map(map) => map.len(),
        Kind::String(s) => s.len(),
        Kind::Text(t) => t.bytes().len(),
        Kind::Nil if item.iface => return Err("len of nil pointer".into()),
        Kind::Nil => return Err("reflect: call of reflect.Value.Type on zero Value".into()),
        _ => return Err(format!("len of type {}", behind_pointer(item)).into()),
    };
    Ok(Value::int(i64::try_from(length).unwrap_or(i64::MAX)))
}

/// The type of a value or of what it points to.
fn behind_pointer(item: &Value) -> &str {
    match item.kind() {
        Kind::Object(object) => object.type_name().trim_start_matches('*'),
        _ => item.type_name(),
    }
}

/// An index that is at most `limit`.
fn position(index: &Value, limit: usize) -> Result<usize, Failure> {
    let x = match index.kind() {
        Kind::Int(i, _) => *i,
        Kind::Uint(u, _) => u.cast_signed(),
        Kind::Nil => return Err("cannot index slice/array with nil".into()),
        _ => return Err(format!("cannot index slice/array with type {}", index.type_name()).into()),
    };
    match usize::try_from(x) {
        Ok(at) if at <= limit => Ok(at),
        _ => Err(format!("index out of range: {x}").into()),
    }
}

pub(super) fn index(item: &Value, indexes: &[Value]) -> Result<Value, Failure> {
    if item.is_nil() {
        return Err("index of untyped nil".into());
    }
    let mut item = item.clone();
    for index in indexes {
        item = match item.kind() {
            Kind::Nil => return Err("index of nil pointer".into()),
            Kind::List(list) => {
                let at = position(index, list.len())?;
                let element = list.get(at).ok_or("reflect: slice index out of range")?;
                element.element(list.element_type(), item.origin())
            }
            Kind::String(_) | Kind::Text(_) => {
                let bytes = item.as_bytes().unwrap_or_default();
                let at = position(index, bytes.len())?;
                let byte = *bytes.get(at).ok_or("reflect: string index out of range")?;
                let byte = Value::new(Kind::Uint(u64::from(byte), crate::types::UintKind::Uint8));
                byte.with_origin(item.origin())
            }
            Kind::Map(map) => {
                let key = prepare(index, Type::STRING)?;
                let ty = map.element_type();
                let value = map.get(key.as_bytes().unwrap_or_default());
                value.unwrap_or_else(|| Value::zero(ty)).element(ty, item.origin())
            }
            _ => return Err(format!("can't index item of type {}", behind_pointer(&item)).into()),
        };
    }
    Ok(item)
}

pub(super) fn slice(item: &Value, indexes: &[Value]) -> Result<Value, Failure> {
    if item.is_nil() {
        return Err("slice of untyped nil".into());
    }
    if indexes.len() > 3 {
        return Err(format!("too many slice indexes: {}", indexes.len()).into());
    }
    let (length, capacity) = match item.kind() {
        Kind::List(list) => (list.len(), list.capacity()),
        Kind::String(_) | Kind::Text(_) if indexes.len() == 3 => {
            return Err("cannot 3-index slice a string".into());
        }
        Kind::String(s) => (s.len(), s.len()),
        Kind::Text(t) => (t.bytes().len(), t.bytes().len()),
        _ => return Err(format!("can't slice item of type {}", item.type_name()).into()),
    };
    let mut bounds = [0, length, capacity];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        // unlike `index`, Go does not look into elements of containers here
        if index.iface {
            return Err("cannot index slice/array with type interface {}".into());
        }
        *bound = position(index, capacity)?;
    }
    let [from, to, most] = bounds;
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}").into());
    }
    if indexes.len() == 3 && to > most {
        return Err(format!("invalid slice index: {to} > {most}").into());
    }
    let part = match item.kind() {
        Kind::List(list) => Value::from(list.part(from, to, most).ok_or("index out of range")?),
        _ => Value::from(item.as_bytes().unwrap_or_default()[from..to].to_vec()),
    };
    Ok(part.with_origin(item.origin()))
}
