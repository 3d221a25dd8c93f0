//! Go's `text/template` language: parsed once, executed many times, with Go's output and Go's error texts to the
//! byte, and with the origin of each piece of output if that is asked for.
//!
//! ```
//! use mwrender_gotemplate::{Funcs, Function, How, Map, MissingKey, Origin, Run, Set, Str, Value};
//!
//! let mut funcs = Funcs::new();
//! funcs.add(Function::new("upper", "func(string) string", &[], |_, args| {
//!     Ok(Value::from(args[0].as_str().unwrap_or_default().to_uppercase()))
//! }));
//! let mut set = Set::new(funcs).missing_key(MissingKey::Zero);
//! set.parse("greeting", "Hello, {{ .name | upper }}{{ range .n }}!{{ end }}")?;
//!
//! // 7 and 8 are places in the embedding program's files
//! let name = Value::from("world").with_origin(Origin::new(7));
//! let n = Value::int(2).with_origin(Origin::new(8));
//! let data = Value::from(Map::from_iter([(Str::from("name"), name), (Str::from("n"), n)]));
//! let mut run = Run::new().fuel(1_000_000).track();
//! let output = set.execute("greeting", &data, &mut run)?;
//! assert_eq!(output.text, b"Hello, WORLD!!");
//!
//! // which values made the piece at `WORLD`, and which decided on the first `!`?
//! let trace = run.trace().expect("the run tracks");
//! let at = |offset| output.pieces.iter().find(|piece| piece.range().contains(&offset)).expect("a piece");
//! assert_eq!(trace.causes(at(8)), [(Origin::new(7), How::Operand)]);
//! assert_eq!(trace.causes(at(12)), [(Origin::new(8), How::Conditional)]);
//!
//! let error = set.parse("bad", "line 1\n{{ lower . }}").unwrap_err();
//! assert_eq!(error.to_string(), "template: bad:2: function \"lower\" not defined");
//! # Ok::<(), mwrender_gotemplate::Error>(())
//! ```
//!
//! The reference is Go 1.24; [`GoVersion`] switches what other releases do otherwise.
//!
//! # In reading order
//!
//! - [`Set`]: templates that call each other by name. Parsing needs the table of functions ([`Funcs`]), since an
//!   unknown function is an error there. A set is shared by threads; its clones cost little
//!   and go their own ways, as `tpl` needs it.
//! - [`Value`]: what templates work on. It keeps what Go's messages and functions can tell apart: `int` from
//!   `int64`, `[]string` from `[]interface {}`, a nil from a missing value, a named type with methods from the
//!   type below it ([`Type`]). Strings are bytes, as in Go. Maps and lists are shared by their copies: what a
//!   function changes in a map, all holders see; a map may hold itself. Values stay on one thread; each execution
//!   builds or gets its own. [`Object`] is a value with fields and methods of the embedding program.
//! - [`Function`]: declared by its Go signature, from which the executor derives the conversion of constants, the
//!   checks of arguments and their messages. Its body gets a [`Context`]: there it executes other templates
//!   (`include`), other sets (`tpl`), and finds what the embedding program gave to the [`Run`].
//! - [`Run`]: limits of one or more executions, and whether they track origins.
//! - [`ast`]: the parsed trees, for programs that analyse templates.
//! - [`Error`]: Go's text, and the chain of places that led to it.
//! - [`print()`], [`println()`] and [`printf()`]: Go's `fmt`.
//!
//! # Origins
//!
//! Each value carries an [`Origin`], a number that means something to the embedding program only. A run that
//! tracks returns the [`Piece`]s of the output: their bytes, the place in the templates that made each of them
//! (and the calls that led there), the values in it, and the conditions that govern it. [`Trace::causes`] lists
//! them, each with [`How`] it took part. The law that this is made for: *if one value of the data changes, each
//! line of the output that changes names it* (a test checks it).
//!
//! - An origin may stand for several. The result of a function depends on all that its arguments hold, unless the
//!   function says otherwise ([`Tracks`]).
//! - A string that a template printed keeps its pieces ([`Text`]), through variables and through functions that
//!   build their result with a [`TextBuilder`].
//! - An empty piece stands where a condition or an empty value printed nothing. A variable that a branch might set
//!   depends on its condition behind it, and so does what follows a `break` that might have happened.
//! - Not seen: a map that a branch did *not* change, and keys that appear or vanish elsewhere than in `range`
//!   (their container is named).
//!
//! Without tracking, the cost of all this is one number in each value.
//!
//! # Limits
//!
//! No input brings the program down. Steps are limited by [`Run::fuel`]; recursion by the stack that it uses
//! ([`Run::stack`]), with Go's message `exceeded maximum template depth`; nesting of the source and of printed
//! values likewise. A map that holds itself is never freed.
//!
//! # Left out
//!
//! Custom delimiters; channels, pointers and arrays as such; maps whose keys are no strings; `reflect`. Panics of
//! functions are not turned into errors. Bytes that are not UTF-8 are kept in output, and replaced in messages and
//! in names of templates. The address that `%p` prints is always the same.

pub mod ast;
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

/// Numbers from text as Go's `strconv` reads them, with base 0.
pub mod strconv {
    pub use crate::go::float::{FloatError, parse_float};
    pub use crate::go::integer::parse_int;
}

pub use error::{Error, ErrorKind, Failure, Frame};
pub use exec::{Context, Output, Run, TextBuilder};
pub use func::{Body, Funcs, Function, Tracks};
pub use printf::{PrintError, print, print_into, printf, println};
pub use set::{GoVersion, MissingKey, Set};
pub use source::Source;
pub use trace::{How, Origin, Piece, Place, Trace};
pub use types::{IntKind, Shape, Type, UintKind};
pub use value::{Fields, Kind, List, Map, Marshal, Object, Str, Text, Value};
