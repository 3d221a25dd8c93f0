//! Kubernetes manifests: streams, objects, their identity and order.
//!
//! ```
//! use mwrender_manifest::{read_stream, ObjectKey};
//!
//! let text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: mw-web\n";
//! let stream = read_stream(text).expect("valid YAML");
//! assert_eq!(stream.objects[0].key.to_string(), "Service/web (mw-web)");
//! # let _: &ObjectKey = &stream.objects[0].key;
//! ```
//!
//! In reading order: [`stream`] (documents of a text), [`object`] (identity), [`order`] (Helm's install order).
//! Not here: schemas (`mwrender-schema`) and comparing (`mwrender-diff`).

pub mod object;
pub mod order;
pub mod stream;

pub use object::{Object, ObjectKey};
pub use stream::{Stream, documents, read_stream};
