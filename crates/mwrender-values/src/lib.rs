//! YAML values that know where they come from, and their layers.
//!
//! A release takes its values from a dozen files and some `--set`s. Every value here carries the byte that it was
//! read from, every line of a text of several lines its own, and what a layer replaced stays behind it: so one
//! can always say who set something, and who else wanted to.
//!
//! ```
//! use mwrender_diagnostic::SourceMap;
//! use mwrender_values::{coalesce, emit, path::Path, read};
//!
//! let mut sources = SourceMap::default();
//! let mut layer = |name: &str, text: &str| {
//!     let id = sources.add(name, text);
//!     read::read(text, sources.get(id).start()).unwrap().into_value()
//! };
//! let defaults = layer("chart/values.yaml", "php: {workers: 4, debug: true}\n");
//! let global = layer("global.yaml", "php:\n  workers: 8\n");
//! let release = layer("values-canary.yaml", "php:\n  debug: null\n  workers: 2\n");
//!
//! let merged = coalesce::merge(&[global, release]);
//! let values = coalesce::coalesce(&defaults, &merged.value, coalesce::NullHandling::default()).value;
//! assert_eq!(emit::yaml::to_string(&values, Default::default()), "php:\n  workers: 2\n");
//!
//! let workers = "php.workers".parse::<Path>().unwrap().lookup(&values).unwrap();
//! let place = |value: &mwrender_values::Value| sources.location(value.origin).unwrap().to_string();
//! assert_eq!(place(workers), "values-canary.yaml:3");
//! let losers: Vec<String> = workers.losers().map(place).collect();
//! assert_eq!(losers, ["global.yaml:2", "chart/values.yaml:1"]);
//! ```
//!
//! In reading order: [`value`] (the tree), [`read`] (from YAML, as Helm reads it), [`coalesce`] (layers over each
//! other), [`set`] (`--set` and its kin), [`path`] (finding values and explaining them), [`emit`] (to YAML and
//! JSON, as Go writes them), [`convert`] (to and from `serde_json`), [`number`] (as Go prints them).
//!
//! Not here: files (text comes in with its position), schemas, templates, and charts with subcharts, for which
//! `mwrender-helm` calls [`coalesce`] once per chart.

pub mod coalesce;
pub mod convert;
pub mod emit;
pub mod number;
pub mod path;
pub mod read;
pub mod set;
pub mod value;

pub use coalesce::{Coalesced, NullHandling};
pub use path::{Path, Segment};
pub use value::{Data, Entry, Loser, Map, Number, NumberKind, Text, Value};
