//! YAML values that know where they come from, and their layers.
//!
//! In reading order: [`value`], then [`read`].

pub mod emit;
pub mod number;
pub mod read;
pub mod value;

pub use value::{Data, Entry, Loser, Map, Number, NumberKind, Text, Value};
