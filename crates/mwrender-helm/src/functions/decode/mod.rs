//! Text as values: YAML and JSON as Go's libraries read them into an `interface {}`.

pub(crate) mod json;
pub(super) mod origins;
pub(super) mod toml;
pub(super) mod yaml;
