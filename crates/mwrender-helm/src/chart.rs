//! A chart as it was loaded.

use crate::file::{self, File};
use crate::metadata::Metadata;
use crate::schema::Schema;
use mwrender_diagnostic::{Pos, Span};
use mwrender_values::Value;
use std::sync::Arc;

/// A chart. It never changes; what a release makes of it is in the charts of one release.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What `Chart.yaml` says.
    pub metadata: Metadata,
    /// `Chart.lock`, of which nothing counts here.
    pub lock: Option<Value>,
    /// The defaults; a map.
    pub values: Value,
    /// `values.schema.json`.
    pub schema: Option<Schema>,
    /// What is below `templates/`, in the order of the input.
    pub templates: Vec<File>,
    /// All else, as `.Files` has it, `crds/` included.
    pub files: Vec<File>,
    /// The charts below `charts/`, in the order of the names there.
    ///
    /// Helm has them in random order.
    pub dependencies: Vec<Arc<Chart>>,
}

impl Chart {
    /// The files below `crds/` that hold manifests.
    pub fn crds(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|f| f.name.starts_with("crds/") && file::is_manifest(&f.name))
    }

    /// The names of dependencies that `charts/` lacks.
    pub fn missing(&self) -> Vec<&str> {
        let there = |name: &str| self.dependencies.iter().any(|d| d.metadata.name == name);
        let wanted = self.metadata.dependencies.iter().flatten().map(|d| d.name.as_str());
        wanted.filter(|name| !there(name)).collect()
    }

    /// Where `Chart.yaml` gives a field, such as `version`.
    pub fn field_span(&self, field: &str) -> Option<Span> {
        self.metadata.origins.get(field).filter(|p: &&Pos| p.is_some()).map(|p| Span::new(*p, 1))
    }
}
