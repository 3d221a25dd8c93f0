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
    /// Whether an upgrade is rendered.
    pub is_upgrade: bool,
    /// Whether an installation is rendered. In `helm lint` it is neither.
    pub is_install: bool,
    /// How often it was deployed; 1 in `helm template`, 0 in `helm lint`.
    pub revision: i64,
}

impl Release {
    /// A release as `helm template` has it.
    pub fn new(name: impl Into<String>, namespace: impl Into<String>) -> Release {
        let (name, namespace) = (name.into(), namespace.into());
        Release { name, namespace, is_upgrade: false, is_install: true, revision: 1 }
    }

    /// The release as `helm lint` has it: `test-release`, which is neither installed nor upgraded.
    pub fn linted(namespace: impl Into<String>) -> Release {
        let (name, namespace) = ("test-release".to_owned(), namespace.into());
        Release { name, namespace, is_upgrade: false, is_install: false, revision: 0 }
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
                ("IsInstall", flag(self.is_install)),
                ("Revision", Value::new(Data::Number(revision), Pos::NONE)),
                ("Service", Value::string("Helm")),
            ]),
            Pos::NONE,
        )
    }
}
