//! Tests of `mwrender-helm`: what real Helm gave, and archives that are refused.

mod archives;
mod folder;
mod functions;
mod parity;
mod render;
