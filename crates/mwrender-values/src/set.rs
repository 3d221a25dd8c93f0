//! Single settings: `--set`, `--set-string`, `--set-json`, `--set-file`, `--set-literal`.
//!
//! The grammar and its corners are Helm's (`pkg/strvals` of 3.19.5): `a.b[0].c=x,d={y,z}`, a backslash before a
//! character that means something, indexes up to 65,536, names of up to 30 levels. A setting changes the merged
//! layers in place, so `a[1]=x` changes one item of a list that a file gave. Values of `--set` are integers,
//! booleans or null where they look like it and strings otherwise: `x=0.5` is a string, as is `x=007`.
//!
//! [`SetKind`] tells the five apart. Helm applies them in the order of [`SetKind::ORDER`], whatever their order on
//! the command line.

mod json;
mod mistake;
mod parse;

pub use mistake::{Fault, MAX_INDEX, MAX_LEVELS, Mistake, Shape};

use crate::value::{Data, Value};
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use std::sync::Arc;

/// How a setting is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SetKind {
    /// `--set-json a=[1,2]`: values are JSON.
    Json,
    /// `--set a=1`: values are integers, booleans, null or strings.
    Typed,
    /// `--set-string a=1`: values are strings.
    String,
    /// `--set-file a=path`: values are the contents of files.
    File,
    /// `--set-literal a=x,y`: one value, a string, in which nothing has a meaning.
    Literal,
}

impl SetKind {
    /// All kinds in the order in which Helm applies them.
    pub const ORDER: [SetKind; 5] =
        [SetKind::Json, SetKind::Typed, SetKind::String, SetKind::File, SetKind::Literal];

    /// The flag of the command line.
    pub const fn flag(self) -> &'static str {
        match self {
            SetKind::Json => "--set-json",
            SetKind::Typed => "--set",
            SetKind::String => "--set-string",
            SetKind::File => "--set-file",
            SetKind::Literal => "--set-literal",
        }
    }
}

/// Gives the content of the file that `--set-file` names, as a string value; the span is where it is named.
pub type FileReader<'f> = dyn FnMut(&str, Span) -> Result<Value, Box<Diagnostic>> + 'f;

/// Applies one setting to merged values.
///
/// `text` is the setting, and a source of its own that begins at `at`: what it sets has its origin there. What it
/// replaces becomes a loser of the new value. `files` is only asked for [`SetKind::File`].
///
/// ```
/// use mwrender_values::{emit::json, read::read, set::{SetKind, apply}};
/// let mut values = read("a: {b: 1}\nl: [x, y]", Default::default()).unwrap().into_value();
/// let none = &mut |_: &str, _| unreachable!();
/// apply(&mut values, SetKind::Typed, "a.b=2,l[1]=z,x=0.5", Default::default(), none).unwrap();
/// let text = json::to_string(&values, Default::default());
/// assert_eq!(text, r#"{"a":{"b":2},"l":["x","z"],"x":"0.5"}"#);
/// ```
///
/// # Errors
/// What is wrong with the setting, as a diagnostic `set-syntax` or the file reader's; the values are then unchanged.
pub fn apply(
    values: &mut Value,
    kind: SetKind,
    text: &str,
    at: Pos,
    files: &mut FileReader<'_>,
) -> Result<(), Box<Fault>> {
    let mut changed = values.clone();
    if changed.is_null() {
        changed.data = Data::Map(Arc::default());
    }
    let Data::Map(map) = &mut changed.data else {
        let span = Span::new(at, text.len() as u32);
        return Err(Box::new(Fault { kind, mistake: Mistake::NoMap, span }));
    };
    parse::Parser::new(kind, text, at, files).run(Arc::make_mut(map))?;
    *values = changed;
    Ok(())
}

/// Sets one value under a key with the grammar of `--set`, such as `a.b[0]` or `a\.b`. `at` is where the key stands.
///
/// ```
/// use mwrender_values::{Value, emit::json, read::read, set::put};
/// let mut values = read("php: {version: '8'}", Default::default()).unwrap().into_value();
/// put(&mut values, "php.workers", Value::string("6"), Default::default()).unwrap();
/// assert_eq!(json::to_string(&values, Default::default()), r#"{"php":{"version":"8","workers":"6"}}"#);
/// assert!(put(&mut values, "php[x]", Value::string("6"), Default::default()).is_err());
/// ```
///
/// # Errors
/// The diagnostic `set-syntax`: the key is none, or does not fit what is there. The values are then unchanged.
pub fn put(values: &mut Value, key: &str, value: Value, at: Pos) -> Result<(), Box<Diagnostic>> {
    let fault = |what: String| {
        let fault = Diagnostic::error("set-syntax", format!("the key `{key}` cannot be set: {what}"));
        Box::new(if at.is_some() { fault.primary(Span::new(at, key.len().max(1) as u32), "") } else { fault })
    };
    let mut value = Some(value);
    // what a file is said to hold may be any value
    let result = apply(values, SetKind::File, &format!("{key}=."), at, &mut |path, _| {
        let value = if path == "." { value.take() } else { None };
        value.ok_or_else(|| fault("it has a `=` or a comma".to_string()))
    });
    match result {
        Ok(()) if value.is_some() => Err(fault("it names nothing".to_string())),
        Ok(()) => Ok(()),
        Err(wrong) => Err(match wrong.mistake {
            Mistake::Unread(why) => why,
            mistake => fault(mistake.to_string()),
        }),
    }
}
