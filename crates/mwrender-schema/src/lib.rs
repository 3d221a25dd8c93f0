//! JSON Schema checks of values and manifests, told by origin.
//!
//! In reading order: [`schemas`], [`kubernetes`], [`names`], [`quantity`], [`origins`], [`suggest`].

mod document;
mod fault;
mod implies;
pub mod kubernetes;
pub mod names;
mod node;
pub mod origins;
mod place;
pub mod quantity;
pub mod schemas;
pub mod suggest;

pub use kubernetes::Kubernetes;
pub use origins::Origins;
pub use schemas::Schemas;
