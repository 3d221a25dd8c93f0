//! Tests of `mwrender-template`: a corpus of templates, laws, errors, hostile input.

mod corpus;
mod hostile;
mod laws;
mod model;
mod snippets;
mod world;
