//! Text as values: YAML, JSON and TOML as Go's libraries read them into an `interface {}`.

pub(crate) mod json;
pub(super) mod origins;
pub(super) mod toml;
pub(super) mod yaml;
