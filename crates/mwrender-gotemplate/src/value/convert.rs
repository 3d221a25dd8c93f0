//! From Rust's values.

use std::rc::Rc;

use super::{Kind, List, Map, Str, Text, Value};
use crate::types::{IntKind, UintKind};

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::new(Kind::Bool(value))
    }
}

impl From<i64> for Value {
    /// An `int64`; literals and lengths are `int`s, see [`Value::int`].
    fn from(value: i64) -> Value {
        Value::new(Kind::Int(value, IntKind::Int64))
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Value {
        Value::new(Kind::Uint(value, UintKind::Uint64))
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::new(Kind::Float(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::string(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::string(value.into_bytes())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Value {
        Value::string(value)
    }
}

impl From<Str> for Value {
    fn from(value: Str) -> Value {
        Value::new(Kind::String(value))
    }
}

impl From<Text> for Value {
    fn from(value: Text) -> Value {
        Value::new(Kind::Text(Rc::new(value)))
    }
}

impl From<Map> for Value {
    fn from(value: Map) -> Value {
        Value::new(Kind::Map(value))
    }
}

impl From<List> for Value {
    fn from(value: List) -> Value {
        Value::new(Kind::List(value))
    }
}
