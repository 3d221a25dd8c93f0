//! An object and what identifies it.

use mwrender_values::Value;
use std::fmt;
use std::ops::Range;

/// What identifies an object in a cluster: two manifests with the same key are about the same object.
///
/// The version of the API is not part of it: `apps/v1` and `apps/v1beta1` serve the same Deployment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectKey {
    /// The API group, empty for the core group.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// The namespace, empty for objects without one.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)?;
        if self.namespace.is_empty() { Ok(()) } else { write!(f, " ({})", self.namespace) }
    }
}

/// A document of a stream that is a Kubernetes object.
#[derive(Clone, Debug)]
pub struct Object {
    /// What identifies it.
    pub key: ObjectKey,
    /// The API version as written, such as `apps/v1`.
    pub api_version: String,
    /// Its content. Origins are [`Pos::local`](mwrender_diagnostic::Pos::local) in the stream's text.
    pub value: Value,
    /// Where its document stands in the stream's text.
    pub range: Range<usize>,
}

impl Object {
    /// The object that a document is; nothing if it has no `apiVersion`, `kind` and name.
    pub fn new(value: Value, range: Range<usize>) -> Option<Object> {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let api_version = text("apiVersion")?.to_string();
        let kind = text("kind")?.to_string();
        let metadata = value.get("metadata")?;
        let of = |key: &str| metadata.get(key).and_then(Value::as_str).unwrap_or_default().to_string();
        let name = of("name");
        if name.is_empty() {
            return None;
        }
        let group = api_version.rsplit_once('/').map_or(String::new(), |(group, _)| group.to_string());
        let key = ObjectKey { group, kind, namespace: of("namespace"), name };
        Some(Object { key, api_version, value, range })
    }
}
