//! YAML values that know where they come from, and their layers.
//!
//! In reading order: [`value`], then [`read`].

pub mod coalesce;
pub mod emit;
pub mod number;
pub mod path;
pub mod read;
pub mod set;
pub mod value;

pub use value::{Data, Entry, Loser, Map, Number, NumberKind, Text, Value};
