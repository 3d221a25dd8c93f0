//! Values to YAML and JSON text and back.
pub(super) fn add(_env: &mut minijinja::Environment<'static>) {}
