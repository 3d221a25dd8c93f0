//! Tests of `mwrender-diff`: a corpus of pairs of objects, and laws.

mod corpus;
mod laws;
#[path = "../../../mwrender-values/tests/it/sections.rs"]
mod sections;
