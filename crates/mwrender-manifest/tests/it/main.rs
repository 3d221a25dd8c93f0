//! Tests of `mwrender-manifest`: a corpus of streams, and laws.

mod corpus;
mod laws;
#[path = "../../../mwrender-values/tests/it/sections.rs"]
mod sections;
