//! Values as text, as Go's `encoding/json`, `sigs.k8s.io/yaml` and go-yaml write them.

mod cycle;
pub(super) mod json;
pub(super) mod output;
pub(super) mod pretty;
pub(super) mod yaml;

use std::fmt;

use mwrender_gotemplate::{Failure, List, Object, Shape, Type, UintKind, Value};

/// Why a value has no text.
#[derive(Debug)]
pub(crate) enum Unsupported {
    /// What Go says.
    Go(String),
    /// What Go has no words for: it would run out of stack.
    Failure(Failure),
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unsupported::Go(text) => f.write_str(text),
            Unsupported::Failure(failure) => failure.fmt(f),
        }
    }
}

impl From<Failure> for Unsupported {
    fn from(failure: Failure) -> Unsupported {
        Unsupported::Failure(failure)
    }
}

impl Unsupported {
    fn ty(value: &Value) -> Unsupported {
        Unsupported::Go(format!("json: unsupported type: {}", value.type_name()))
    }

    /// What is wrong with an object that JSON cannot have.
    fn check(object: &dyn Object) -> Result<(), Unsupported> {
        let ty = object.type_name();
        let words = |fault| format!("json: error calling MarshalJSON for type {ty}: {fault}");
        object.marshal_fault().map_or(Ok(()), |fault| Err(Unsupported::Go(words(fault))))
    }

    fn float(value: f64) -> Unsupported {
        let name = if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        };
        Unsupported::Go(format!("json: unsupported value: {name}"))
    }
}

/// The bytes of a `[]byte`.
fn bytes_of(list: &List) -> Option<Vec<u8>> {
    is_bytes(list.ty()).then(|| {
        list.with(|items| {
            let byte = |item: &Value| match item.kind() {
                mwrender_gotemplate::Kind::Uint(byte, _) => *byte as u8,
                _ => 0,
            };
            items.iter().map(byte).collect()
        })
    })
}

fn is_bytes(ty: &Type) -> bool {
    matches!(ty.shape(), Shape::List(element) if element.shape() == Shape::Uint(UintKind::Uint8))
}

/// `[]byte` as JSON has it.
fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
