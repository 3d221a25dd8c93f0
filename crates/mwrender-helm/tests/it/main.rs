//! Tests of `mwrender-helm`: what real Helm gave, and archives that are refused.

mod archives;
mod conformance;
mod engine;
mod folder;
mod functions;
mod origins;
mod parity;
mod render;
mod schema;
