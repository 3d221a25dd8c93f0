//! JSON Schema checks of values and manifests, told by origin.
//!
//! A schema says what is wrong with a value; this crate says it at the line where the value was written, with
//! the line of the schema beside it, one suggestion or none, and without quoting what is secret.
//!
//! ```
//! use mwrender_diagnostic::{SourceMap, print};
//! use mwrender_schema::Schemas;
//!
//! let mut sources = SourceMap::default();
//! let schema = sources.add(
//!     "schemas/charts/web.schema.json",
//!     r#"{
//!       "title": "the values of chart `web`",
//!       "properties": { "replicas": { "type": "integer" } },
//!       "additionalProperties": false
//!     }"#,
//! );
//! let text = "replica: 4\n";
//! let file = sources.add("values/web.yaml", text);
//! let value = mwrender_values::read::read(text, sources.get(file).start()).unwrap().into_value();
//!
//! let schemas = Schemas::new([sources.get(schema)]);
//! let faults = schemas.check("schemas/charts/web.schema.json", &value, &sources).unwrap();
//! let text = print::full(&faults[0], &sources, false);
//! assert!(text.starts_with("error[unknown-key]: `replica` is not a key of the values of chart `web`"));
//! assert!(text.contains(" --> values/web.yaml:1:1"));
//! assert!(text.contains(" ::: schemas/charts/web.schema.json:3:7"));
//! assert!(text.contains("help: did you mean `replicas`?"));
//! ```
//!
//! In reading order: [`schemas`] for values, [`violations`] for what a schema says without words, [`kubernetes`] for rendered objects, [`objects`] for the names in
//! them by the rules of [`names`] and [`quantity`], [`origins`] for what must be known of a place, [`suggest`], [`EXPLANATIONS`].
//! `jsonschema` reads value trees in place (`node`); what it finds becomes diagnostics in `fault`.
//!
//! Not here: reading files (texts come as [`Source`](mwrender_diagnostic::Source)s), what a schema cannot see of
//! several objects together, and formats such as `date-time`, which are not looked at.

mod document;
mod explanations;
mod fault;
mod implies;
pub mod kubernetes;
pub mod names;
mod node;
pub mod objects;
pub mod origins;
mod place;
pub mod quantity;
pub mod schemas;
pub mod suggest;
pub mod violations;

pub use explanations::EXPLANATIONS;
pub use kubernetes::Kubernetes;
pub use origins::Origins;
pub use schemas::Schemas;
