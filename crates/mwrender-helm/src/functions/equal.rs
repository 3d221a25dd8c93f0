//! Go's `reflect.DeepEqual`: values of different types are never equal.

use mwrender_gotemplate::{Context, Failure, Kind, Value};

use crate::engine::structs::Struct;

/// Go has no limit but its memory.
const DEEPEST: usize = 1000;

pub(super) fn is_equal(context: &mut Context<'_>, a: &Value, b: &Value) -> Result<bool, Failure> {
    equal(context, a, b, 0)
}

fn equal(context: &mut Context<'_>, a: &Value, b: &Value, depth: usize) -> Result<bool, Failure> {
    context.check_depth()?;
    if depth > DEEPEST {
        return Err("values nest too deeply".into());
    }
    Ok(match (a.kind(), b.kind()) {
        (Kind::Nil, Kind::Nil) => true,
        (Kind::Bool(a), Kind::Bool(b)) => a == b,
        (Kind::Int(a, kind), Kind::Int(b, other)) => a == b && kind == other,
        (Kind::Uint(a, kind), Kind::Uint(b, other)) => a == b && kind == other,
        #[expect(clippy::float_cmp, reason = "Go compares so")]
        (Kind::Float(a), Kind::Float(b)) => a == b,
        (Kind::Complex(a), Kind::Complex(b)) => a == b,
        (Kind::String(_) | Kind::Text(_), Kind::String(_) | Kind::Text(_)) => a.as_bytes() == b.as_bytes(),
        (Kind::List(a), Kind::List(b)) => {
            if a.ty() != b.ty() || a.is_nil() != b.is_nil() || a.len() != b.len() {
                return Ok(false);
            }
            if a.is(b) {
                return Ok(true);
            }
            context.charge(1 + a.len() as u64 / 4)?;
            for (a, b) in a.to_vec().iter().zip(b.to_vec()) {
                if !equal(context, a, &b, depth + 1)? {
                    return Ok(false);
                }
            }
            true
        }
        (Kind::Map(a), Kind::Map(b)) => {
            if a.ty() != b.ty() || a.is_nil() != b.is_nil() || a.len() != b.len() {
                return Ok(false);
            }
            if a.is(b) {
                return Ok(true);
            }
            context.charge(1 + a.len() as u64 / 4)?;
            for ((key, a), (other, b)) in a.entries().iter().zip(b.entries()) {
                if *key != other || !equal(context, a, &b, depth + 1)? {
                    return Ok(false);
                }
            }
            true
        }
        (Kind::Object(left), Kind::Object(right)) => match (Struct::of(a), Struct::of(b)) {
            (Some(a), Some(b)) if left.type_name() == right.type_name() => {
                for (a, b) in a.values().iter().zip(b.values()) {
                    if !equal(context, a, &b, depth + 1)? {
                        return Ok(false);
                    }
                }
                true
            }
            _ => std::rc::Rc::ptr_eq(left, right),
        },
        _ => false,
    })
}
