//! Tests of `mwrender-helm`: what real Helm gave, and archives that are refused.

mod archives;
mod conformance;
mod engine;
mod folder;
mod functions;
mod lint;
mod parity;
mod render;
#[path = "../../../mwrender-values/tests/it/sections.rs"]
mod sections;
