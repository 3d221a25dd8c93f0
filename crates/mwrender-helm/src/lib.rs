//! Helm charts: what a chart is, which values each of its parts gets, and what its templates make of them.
//!
//! In reading order: [`mod@file`], [`archive`], [`ignore`] (what comes in), [`load`] (from files to a chart), [`chart`],
//! [`metadata`], [`dependency`] (what a chart is), [`version`] (versions and constraints), [`mod@settle`]
//! and [`charts`] (which charts take part in a render, and what values each gets), [`capabilities`] and
//! [`release`] (what else templates see), [`engine`] (templates to text), [`mod@functions`], [`manifests`] (text to
//! what Helm prints), [`flags`] (what its command line says).
//!
//! Not here: files on disk, clusters.

pub mod archive;
pub mod capabilities;
pub mod chart;
pub mod charts;
mod coalesce;
mod decode;
mod dependencies;
pub mod dependency;
pub mod engine;
pub mod error;
pub mod file;
pub mod flags;
pub mod functions;
pub mod ignore;
pub mod lint;
pub mod load;
mod lock;
pub mod manifests;
pub mod metadata;
pub mod release;
pub mod schema;
pub mod settle;
mod tree;
pub mod version;

pub use capabilities::{Capabilities, KubeVersion};
pub use chart::Chart;
pub use charts::{ChartId, Charts, Decision};
pub use decode::fault as yaml_fault;
pub use dependency::Dependency;
pub use engine::{Fault, Options, Program, Rendered, RenderedFile};
pub use error::{Error, ErrorKind};
pub use file::File;
pub use manifests::{Choice, Manifest, Manifests};
pub use metadata::Metadata;
pub use mwrender_gotemplate::How;
pub use release::Release;
pub use settle::{Settled, settle, with_values};
