//! The release that is rendered: `.Release`.

use crate::metadata::object;
use mwrender_diagnostic::Pos;
use mwrender_values::{Data, Number, NumberKind, Value};

/// `.Release`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Whether an upgrade is rendered; otherwise an installation is.
    pub is_upgrade: bool,
    /// How often it was deployed; 1 in `helm template`.
    pub revision: i64,
}

impl Release {
    /// A release as `helm template` has it.
    pub fn new(name: impl Into<String>, namespace: impl Into<String>) -> Release {
        Release { name: name.into(), namespace: namespace.into(), is_upgrade: false, revision: 1 }
    }

    /// The object.
    pub fn to_value(&self) -> Value {
        let flag = |flag| Value::new(Data::Bool(flag), Pos::NONE);
        let spelling = self.revision.to_string().into();
        let revision = Number { kind: NumberKind::Int(self.revision), spelling, int64: false };
        Value::new(
            object([
                ("Name", Value::string(self.name.as_str())),
                ("Namespace", Value::string(self.namespace.as_str())),
                ("IsUpgrade", flag(self.is_upgrade)),
                ("IsInstall", flag(!self.is_upgrade)),
                ("Revision", Value::new(Data::Number(revision), Pos::NONE)),
                ("Service", Value::string("Helm")),
            ]),
            Pos::NONE,
        )
    }
}
