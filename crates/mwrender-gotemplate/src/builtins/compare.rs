//! `eq`, `ne`, `lt`, `le`, `gt` and `ge`: kinds must agree, except that integers of both signs compare.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::error::Failure;
use crate::printf::printf;
use crate::set::GoVersion;
use crate::value::{Kind, Value};

type Compare = fn(GoVersion, &[Value]) -> Result<bool, Failure>;

pub(super) const ALL: [(&str, Compare); 6] = [
    ("eq", eq),
    ("ne", |version, args| eq(version, args).map(|b| !b)),
    ("lt", less),
    ("le", less_or_equal),
    ("gt", |version, args| less_or_equal(version, args).map(|b| !b)),
    ("ge", |version, args| less(version, args).map(|b| !b)),
];

const BAD_TYPE: &str = "invalid type for comparison";

/// What kinds can be compared with each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Invalid,
    Bool,
    Complex,
    Int,
    Float,
    String,
    Uint,
}

fn class(value: &Value) -> Class {
    match value.kind() {
        Kind::Bool(_) => Class::Bool,
        Kind::Int(..) => Class::Int,
        Kind::Uint(..) => Class::Uint,
        Kind::Float(_) => Class::Float,
        Kind::Complex(_) => Class::Complex,
        Kind::String(_) | Kind::Text(_) => Class::String,
        Kind::Object(object) if object.number().is_some() => Class::Int,
        Kind::Nil | Kind::List(_) | Kind::Map(_) | Kind::Func(_) | Kind::Object(_) => Class::Invalid,
    }
}

fn incompatible(version: GoVersion, a: &Value, b: &Value) -> Failure {
    const TEXT: &str = "incompatible types for comparison";
    if version >= GoVersion::Go1_26 {
        format!("{TEXT}: {} and {}", a.type_name(), b.type_name()).into()
    } else {
        TEXT.into()
    }
}

fn eq(version: GoVersion, args: &[Value]) -> Result<bool, Failure> {
    let Some((first, others)) = args.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Err("missing argument for comparison".into());
    };
    for other in others {
        if equal(version, first, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The integer behind an object.
fn number(value: &Value) -> Option<Value> {
    match value.kind() {
        Kind::Object(object) => object.number().map(Value::int),
        _ => None,
    }
}

fn equal(version: GoVersion, a: &Value, b: &Value) -> Result<bool, Failure> {
    if let Some(a) = number(a) {
        return equal(version, &a, b);
    }
    if let Some(b) = number(b) {
        return equal(version, a, &b);
    }
    Ok(match (a.kind(), b.kind()) {
        (Kind::Bool(a), Kind::Bool(b)) => a == b,
        (Kind::Int(a, _), Kind::Int(b, _)) => a == b,
        (Kind::Uint(a, _), Kind::Uint(b, _)) => a == b,
        (Kind::Int(a, _), Kind::Uint(b, _)) | (Kind::Uint(b, _), Kind::Int(a, _)) => {
            u64::try_from(*a).is_ok_and(|a| a == *b)
        }
        (Kind::Float(a), Kind::Float(b)) => a.partial_cmp(b) == Some(Ordering::Equal),
        (Kind::Complex(a), Kind::Complex(b)) => a == b,
        _ => match (a.as_bytes(), b.as_bytes()) {
            (Some(a), Some(b)) => a == b,
            _ => return other_kinds(version, a, b),
        },
    })
}

/// Nil, and what has an identity rather than a value.
fn other_kinds(version: GoVersion, a: &Value, b: &Value) -> Result<bool, Failure> {
    if class(a) != class(b) {
        return if a.is_nil() || b.is_nil() { Ok(false) } else { Err(incompatible(version, a, b)) };
    }
    let is_pointer = |v: &Value| match v.kind() {
        Kind::Object(object) => object.type_name().starts_with('*'),
        _ => false,
    };
    let kinds = |v: &Value| (std::mem::discriminant(v.kind()), is_pointer(v));
    if !a.is_nil() && !b.is_nil() && kinds(a) != kinds(b) {
        let text = printf(b"non-comparable types %s: ", std::slice::from_ref(a))?;
        let (text, other) = (shown(&text), shown(&printf(b"%v", std::slice::from_ref(b))?));
        return Err(format!("{text}{}, {}: {other}", a.type_name(), b.type_name()).into());
    }
    let nil = |v: &Value| match v.kind() {
        Kind::Nil => true,
        Kind::List(list) => list.is_nil(),
        Kind::Map(map) => map.is_nil(),
        _ => false,
    };
    if nil(a) || nil(b) {
        return Ok(nil(a) && nil(b));
    }
    let equal = match (a.kind(), b.kind()) {
        (Kind::Object(x), Kind::Object(y)) => {
            y.equals(&**x).map(|equal| x.type_name() == y.type_name() && (equal || Rc::ptr_eq(x, y)))
        }
        _ => None,
    };
    match equal {
        Some(equal) => Ok(equal),
        None => {
            let text = printf(b"non-comparable type %s: ", std::slice::from_ref(b))?;
            Err(format!("{}{}", shown(&text), b.type_name()).into())
        }
    }
}

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

fn less(version: GoVersion, args: &[Value]) -> Result<bool, Failure> {
    let [a, b] = args else { return Err("missing argument for comparison".into()) };
    if let Some(a) = number(a) {
        return less(version, &[a, b.clone()]);
    }
    if let Some(b) = number(b) {
        return less(version, &[a.clone(), b]);
    }
    if class(a) == Class::Invalid || class(b) == Class::Invalid {
        return Err(BAD_TYPE.into());
    }
    Ok(match (a.kind(), b.kind()) {
        (Kind::Int(a, _), Kind::Int(b, _)) => a < b,
        (Kind::Uint(a, _), Kind::Uint(b, _)) => a < b,
        (Kind::Int(a, _), Kind::Uint(b, _)) => u64::try_from(*a).map_or(true, |a| a < *b),
        (Kind::Uint(a, _), Kind::Int(b, _)) => u64::try_from(*b).is_ok_and(|b| *a < b),
        (Kind::Float(a), Kind::Float(b)) => a.partial_cmp(b) == Some(Ordering::Less),
        (Kind::Bool(_), Kind::Bool(_)) | (Kind::Complex(_), Kind::Complex(_)) => return Err(BAD_TYPE.into()),
        _ => match (a.as_bytes(), b.as_bytes()) {
            (Some(a), Some(b)) => a < b,
            _ => return Err(incompatible(version, a, b)),
        },
    })
}

fn less_or_equal(version: GoVersion, args: &[Value]) -> Result<bool, Failure> {
    Ok(less(version, args)? || eq(version, args)?)
}
