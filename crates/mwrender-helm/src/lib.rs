//! Helm charts, without their templates: what a chart is, and which values each of its parts gets.
//!
//! In reading order: [`file`], [`archive`], [`ignore`] (what comes in), [`version`] (versions and constraints).

pub mod archive;
#[expect(dead_code, reason = "for what reads charts")]
pub mod error;
#[expect(dead_code, reason = "for what reads charts")]
pub mod file;
pub mod ignore;
pub mod version;

pub use error::{Error, ErrorKind};
pub use file::File;
