//! Tests of the crate as a whole, in one binary.

mod conformance;
mod corpus;
mod data;
mod embed;
mod laws;
mod limits;
mod origins;
