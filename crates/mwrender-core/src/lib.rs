//! Projects: layered values and charts to validated manifests, and their diff.
//!
//! This is what other tools import. A [`Session`] holds what is read, a [`State`] is a project with all its files
//! read, [`render()`] makes manifests of it, [`diff`] compares them with what is deployed. Nothing here prints or exits;
//! faults come back as [`Error::Diagnostics`], with places in the session's sources.
//!
//! ```
//! use mwrender_core::diff::{Against, DiffOptions, diff};
//! use mwrender_core::{Deployed, Session, Spec, State, StateOptions, render};
//!
//! # let directory = tempfile::tempdir()?;
//! # let root = directory.path();
//! let write = |name: &str, text: &str| {
//!     std::fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
//!     std::fs::write(root.join(name), text).unwrap();
//! };
//! write("mwrender.yaml", r#"
//! environments: [eqiad]
//! layers:
//!   web: [{path: values.yaml}]
//! services:
//!   web: {chart: web, layers: web, releases: {main: }}
//! "#);
//! write("values.yaml", "greeting: hello\n");
//! write("templates/web/chart.yaml", "{name: web, version: 0.1.0}\n");
//! write("templates/web/config.yaml.j2", "\
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: {{ release.namespace }}}
//! data:
//!   greeting: {{ values.greeting | quote }}
//! ");
//! write("golden/eqiad/web/main.yaml", "\
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: web}
//! data: {greeting: goodbye}
//! ");
//!
//! let mut session = Session::new();
//! let options = StateOptions::new(root.join("mwrender.yaml"));
//! let state = State::load(&mut session, &options)?;
//! let spec = Spec::Manifests(root.join("golden"));
//! let deployed = Deployed::load(&mut session, &spec, &state, &options)?;
//! let Deployed::Manifests(manifests) = &deployed else { unreachable!() };
//!
//! let cells = render(&session, &state)?;
//! let report = diff(&session, &state, &cells, Against::Manifests(manifests), &DiffOptions::default())?;
//! let changed = &report.cells[0].objects[0];
//! let line = changed.lines.iter().find(|l| l.text.contains("hello")).unwrap();
//! assert_eq!(line.causes[0].place.to_string(), "values.yaml:1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In reading order: [`project`] (the project file), [`cell`] (the matrix), [`tree`], [`mounts`] and [`mount_source`] (where files are
//! read from), [`session`], [`state`], [`chart`], [`mod@render`] (the pipeline), [`validate`] and [`checks`],
//! [`deployed`], [`diff`], [`mix`], [`why`], [`golden`], [`watch`], [`window`], [`explain`].
//!
//! Not here: applying anything to a cluster.

pub mod cell;
pub mod chart;
pub mod checks;
pub mod deployed;
pub mod diff;
pub mod error;
pub mod explain;
mod fingerprint;
pub mod golden;
pub mod helm;
mod locate;
pub mod mix;
pub mod mount_source;
pub mod mounts;
pub mod project;
pub mod render;
pub mod session;
pub mod settings;
pub mod state;
pub mod tracker;
pub mod tree;
mod undefined;
pub mod validate;
pub mod watch;
pub mod why;
pub mod window;

pub use cell::{Cell, Selection};
pub use deployed::{Deployed, Spec};
pub use error::Error;
pub use helm::{TemplateOptions, Templated};
pub use mount_source::MountSource;
pub use mwrender_diagnostic as diagnostic;
pub use mwrender_diff as differences;
pub use mwrender_manifest as manifest;
pub use mwrender_schema::suggest::similar;
pub use mwrender_template as template;
pub use mwrender_values as values;
pub use render::{RenderedCell, RenderedObject, render, render_beside};
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
