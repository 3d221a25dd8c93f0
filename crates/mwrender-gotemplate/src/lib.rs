//! Go's `text/template` language: parsed once, executed many times, with Go's output and Go's error texts.

mod ast;
mod builtins;
mod error;
mod exec;
mod func;
mod go;
mod lex;
mod parse;
mod printf;
mod set;
mod source;
mod stack;
mod trace;
mod types;
mod value;

pub use error::{Error, ErrorKind, Failure, Frame};
pub use exec::{Context, Output, Run, TextBuilder};
pub use func::{Body, Funcs, Function, Tracks};
pub use printf::{TooDeep, print, print_into, printf, println};
pub use set::{GoVersion, MissingKey, Set};
pub use source::Source;
pub use trace::{How, Origin, Piece, Place, Trace};
pub use types::{IntKind, Shape, Type, UintKind};
pub use value::{Fields, Kind, List, Map, Object, Str, Text, Value};
