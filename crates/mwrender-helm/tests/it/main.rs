//! Tests of `mwrender-helm`: what real Helm gave, archives that are refused, and laws of origins.

mod archives;
mod conformance;
mod engine;
mod folder;
mod functions;
mod laws;
mod limits;
mod origins;
mod parity;
mod render;
mod schema;
mod sprig;
