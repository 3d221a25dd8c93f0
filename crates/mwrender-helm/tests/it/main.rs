//! Tests of `mwrender-helm`: what real Helm gave, archives that are refused, and laws of origins.

mod archives;
mod conformance;
mod engine;
mod folder;
mod functions;
mod globs;
mod laws;
mod limits;
mod lint;
mod origins;
mod parity;
mod render;
mod schema;
#[path = "../../../mwrender-values/tests/it/sections.rs"]
mod sections;
mod sprig;
