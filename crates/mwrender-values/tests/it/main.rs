//! Tests of `mwrender-values`: a corpus of cases, laws, parity with Go and Helm, bad input, and the
//! fast reader against the general one.

mod bad_input;
mod corpus;
mod fast;
mod laws;
mod parity;
mod sections;
