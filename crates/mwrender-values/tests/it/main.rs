//! Tests of `mwrender-values`: a corpus of cases, laws, parity with Go and Helm, bad input.

mod bad_input;
mod corpus;
mod laws;
mod parity;
