//! Helm charts, without their templates: what a chart is, and which values each of its parts gets.
//!
//! In reading order: [`file`], [`archive`], [`ignore`] (what comes in), [`load`] (from files to a chart), [`chart`],
//! [`metadata`], [`dependency`] (what a chart is), [`version`] (versions and constraints).

pub mod archive;
pub mod chart;
mod decode;
pub mod dependency;
pub mod error;
pub mod file;
pub mod ignore;
pub mod load;
pub mod metadata;
pub mod version;

pub use chart::Chart;
pub use dependency::Dependency;
pub use error::{Error, ErrorKind};
pub use file::File;
pub use metadata::Metadata;
