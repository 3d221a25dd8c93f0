//! stub
use mwrender_diagnostic::Diagnostic;
use mwrender_manifest::Object;
use mwrender_values::Value;
/// stub
pub struct Found {
    /// object
    pub object: usize,
    /// diagnostic
    pub diagnostic: Diagnostic,
}
/// stub
pub fn objects(_: &[&Object]) -> Vec<Found> {
    Vec::new()
}
/// stub
pub fn values(_: &Value) -> Vec<Diagnostic> {
    Vec::new()
}
/// stub
pub const EXPLANATIONS: &[(&str, &str)] = &[];
