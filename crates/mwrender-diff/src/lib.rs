//! Differences between sets of manifests, with their causes.
//!
//! Objects match by identity and compare as values: formatting and the order of keys are no difference, the order
//! of lists is. Lists align by Kubernetes' merge key where there is one, else as sequences. Texts that are files
//! of their own (a `ConfigMap`'s `config.json`) compare line by line.
//!
//! In reading order: [`set`] (which objects), [`lines`] (which lines of an object), [`merge_keys`],
//! [`data`] (what changed of values as data), [`partly`] (a value with some of the changes), [`fewest`] (which changes
//! are enough), [`align`] (which items of lists), [`words`] (which words of a line), [`impact`] (restarts, immutable fields), [`pods`] (what running pods
//! read), [`cause`] (where a line came from).
//! Not here: rendering, reading states, printing.

pub mod align;
pub mod cause;
pub mod data;
pub mod fewest;
pub mod impact;
pub mod lines;
pub mod merge_keys;
pub mod partly;
pub mod pods;
pub mod set;
pub mod words;

pub use cause::LineOrigin;
pub use lines::{Line, Tag, diff_objects};
pub use set::{Change, pair};
