//! Filters and functions for charts.
//!
//! | name | gives |
//! |---|---|
//! | `toyaml` | block YAML without a final line break; keys in the values' order |
//! | `tojson(indent=n)` | JSON, compact or indented by `n` |
//! | `fromyaml`, `fromjson` | the value that a text is |
//! | `indent(n)`, `nindent(n)` | the text with its lines indented: all but the first; all, on a new line |
//! | `quote` | the scalar as a double-quoted YAML and JSON string |
//! | `trunc(n)`, `pad2`, `dns_label`, `regex_escape` | texts cut, padded, made into names, made literal |
//! | `sha256`, `b64encode` | a hash in hexadecimal digits; base 64 |
//! | `cpu`, `bytes`, `memory` | Kubernetes quantities from and to numbers |
//! | `required(message)`, `fail(message)` | an error instead of a manifest |
//!
//! Scalars print as YAML spells them (`true`, `null`, `3`); minijinja alone would print `True` and `none`.

mod hash;
mod memo;
mod quantity;
mod text;
pub(crate) mod yaml;

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, Value};
use mwrender_values::NumberKind;

/// Adds all of them to an environment.
pub(crate) fn add(env: &mut Environment<'static>) {
    text::add(env);
    hash::add(env);
    quantity::add(env);
    yaml::add(env);
    env.add_filter("required", required);
    env.add_function("fail", |message: &str| -> Result<Value, Error> {
        Err(Error::new(ErrorKind::InvalidOperation, message.to_string()))
    });
}

/// Passes a value on that is there, and fails with `message` where it is undefined, null or an empty text, as
/// Helm's `required` does.
fn required(value: Value, message: &str) -> Result<Value, Error> {
    if value.is_undefined() || value.is_none() || value.as_str() == Some("") {
        return Err(Error::new(ErrorKind::InvalidOperation, message.to_string()));
    }
    Ok(value)
}

/// A scalar as YAML spells it; nothing for lists and maps.
pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    Some(match value.kind() {
        ValueKind::Undefined => String::new(),
        ValueKind::None => "null".to_string(),
        ValueKind::Bool => value.is_true().to_string(),
        ValueKind::Number if value.is_integer() => value.to_string(),
        ValueKind::Number => number_text(NumberKind::Float(f64::try_from(value.clone()).ok()?)),
        ValueKind::String => value.as_str()?.to_string(),
        _ => return None,
    })
}

/// A number as YAML spells it; a float without a fraction prints as an integer, as in Go.
pub(crate) fn number_text(number: NumberKind) -> String {
    match number {
        NumberKind::Int(i) => i.to_string(),
        NumberKind::Uint(u) => u.to_string(),
        NumberKind::Float(f) if f.is_nan() => ".nan".to_string(),
        NumberKind::Float(f) if f.is_infinite() => if f > 0.0 { ".inf" } else { "-.inf" }.to_string(),
        NumberKind::Float(f) => f.to_string(),
    }
}
