//! Source positions and diagnostics, as data and as text.
//!
//! A [`SourceMap`] holds every text that was read and gives each byte in it one number, a [`Pos`]. Values and
//! templates carry these four bytes; file, line and column are looked up when something is printed.
//! A [`Diagnostic`] is about the user's files. It is data, and becomes text only in a printer.
//!
//! ```
//! use mwrender_diagnostic::{Diagnostic, SourceMap, Span, print};
//!
//! let mut sources = SourceMap::default();
//! let file = sources.add("values.yaml", "replica: 4\n");
//! let key = Span::new(sources.pos(file, 0), 7);
//! let fault = Diagnostic::error("unknown-key", "`replica` is not in the values schema")
//!     .primary(key, "unknown key")
//!     .help("did you mean `replicas`?");
//! assert_eq!(
//!     print::concise(&fault, &sources),
//!     "values.yaml:1:1: error[unknown-key]: `replica` is not in the values schema"
//! );
//! ```
//!
//! In reading order: [`source`], [`diagnostic`], [`mod@print`]. Not here: which diagnostics exist, and reading files.

pub mod diagnostic;
pub mod print;
pub mod source;

pub use diagnostic::{Annotation, Diagnostic, Severity};
pub use source::{Location, Pos, Source, SourceId, SourceMap, Span};
