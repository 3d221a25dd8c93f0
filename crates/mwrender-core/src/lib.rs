//! Projects: layered values and charts to validated manifests, and their diff.
//!
//! This is what other tools import. Nothing here prints or exits.

pub mod cell;
pub mod chart;
pub mod checks;
pub mod deployed;
pub mod diff;
pub mod error;
pub mod explain;
pub mod golden;
mod locate;
pub mod mounts;
pub mod project;
pub mod render;
pub mod session;
pub mod settings;
pub mod state;
pub mod tree;
pub mod validate;
pub mod watch;
pub mod why;

pub use cell::{Cell, Selection};
pub use deployed::{Deployed, Spec};
pub use error::Error;
pub use mwrender_diagnostic as diagnostic;
pub use mwrender_diff as differences;
pub use mwrender_manifest as manifest;
pub use mwrender_schema::suggest::similar;
pub use mwrender_template as template;
pub use mwrender_values as values;
pub use render::{RenderedCell, RenderedObject, render};
pub use session::Session;
pub use state::{State, StateOptions};
pub use validate::Validator;

/// Limits how many threads render and read, for the whole process. Without this call it is one for each core.
///
/// # Errors
/// Something was rendered or read already.
pub fn set_threads(count: usize) -> Result<(), Error> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(count)
        .build_global()
        .map_err(|e| Error::Usage(format!("the number of threads cannot be set: {e}")))
}
