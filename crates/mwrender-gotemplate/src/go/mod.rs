//! What Go's `strconv`, `unicode` and `utf8` do, as far as templates show it.

pub(crate) mod float;
pub(crate) mod integer;
pub(crate) mod quote;
mod tables;
pub(crate) mod unicode;
