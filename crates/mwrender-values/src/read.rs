//! Reading YAML, as Helm does.
//!
//! Scalars resolve as Go's yaml.v2 has it ([YAML 1.1](https://yaml.org/spec/1.1/): `y`, `on` and `off` are
//! booleans, `017` is 15), because that is what Helm and kubectl read values and manifests with. What Go does
//! in silence is reported: keys given twice, keys that turn into `true`. Beyond Go, every value knows the byte
//! it was read from, and every line of a text of several lines knows its own.
//!
//! | diagnostic | when |
//! |---|---|
//! | `yaml-syntax` | the text is not YAML |
//! | `yaml-tab` | a tab stands where only spaces may indent |
//! | `yaml-tag` | a value is not what its tag says |
//! | `yaml-key` | a list, a map or null is a key |
//! | `yaml-merge` | `<<` is given something other than maps |
//! | `infinite-number` | `.inf` or `.nan`, for which JSON has no number |
//! | `alias-budget` | aliases expand to far more than the text holds |
//! | `unknown-anchor` | an alias of an anchor that is not there |
//! | `alias-cycle` | an alias within the node that its anchor names |
//! | `nesting-too-deep` | more than [`MAX_DEPTH`] collections within each other |
//! | `duplicate-key` (warning) | a key is given twice; the last one counts |
//! | `boolean-key` (warning) | a key such as `on` is read as a boolean |
//! | `merge-order` (warning) | `<<` after a key replaces it |

mod events;
mod fast;
mod go;
mod lines;
pub(crate) mod resolve;
pub(crate) mod timestamp;
mod tree;

pub use go::{outline_as_go, read_as_go, read_general, text_as_go};

use crate::value::Value;
use mwrender_diagnostic::{Diagnostic, Pos};

/// How many lists and maps may lie within each other, those reached through aliases included.
///
/// Go allows 10,000; a manifest needs 20. Everything that walks a tree may recurse thanks to this.
pub const MAX_DEPTH: usize = 250;

/// One document of a stream.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its value; an empty document is `null`.
    pub value: Value,
}

/// What reading gave: the documents, and what is worth saying about them.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// The documents in order.
    pub documents: Vec<Document>,
    /// Warnings: duplicate keys, boolean-looking keys, ...
    pub diagnostics: Vec<Diagnostic>,
}

impl Read {
    /// The value of the first document, which is the only one that Helm reads of a values file; `null` where
    /// there is none.
    pub fn into_value(self) -> Value {
        self.documents
            .into_iter()
            .next()
            .map_or_else(|| Value::new(crate::Data::Null, Pos::NONE), |d| d.value)
    }
}

/// Reads all documents of a text whose first byte is at `base`.
///
/// ```
/// use mwrender_diagnostic::SourceMap;
/// let mut sources = SourceMap::default();
/// let text = "servers:\n- 10.64.0.1\non: 1\n";
/// let file = sources.add("values.yaml", text);
/// let read = mwrender_values::read::read(text, sources.get(file).start()).unwrap();
/// let server = read.documents[0].value.get("servers").unwrap().at(0).unwrap();
/// assert_eq!(sources.location(server.origin).unwrap().line, 2);
/// assert_eq!(read.diagnostics[0].id, "boolean-key");
/// ```
///
/// # Errors
/// The text is not YAML, nests too deeply or its aliases expand too far; the diagnostic says where.
pub fn read(text: &str, base: Pos) -> Result<Read, Box<Diagnostic>> {
    match read_fast(text, base) {
        Some(read) => Ok(read),
        None => read_slow(text, base),
    }
}

/// Reads with the fast reader, unless it gives up: for tests that hold both readers against each other.
#[doc(hidden)]
pub fn read_fast(text: &str, base: Pos) -> Option<Read> {
    read_fast_keeping(text, base, None)
}

/// With the fast reader, and of maps at the top only the values under some keys.
#[doc(hidden)]
pub fn read_fast_keeping(text: &str, base: Pos, keep: Option<&dyn Fn(&str) -> bool>) -> Option<Read> {
    let documents = fast::read(text, base, keep).ok()?;
    Some(Read { documents, diagnostics: Vec::new() })
}

/// Reads with the general parser, likewise.
#[doc(hidden)]
pub fn read_slow(text: &str, base: Pos) -> Result<Read, Box<Diagnostic>> {
    tree::Builder::read(text, base)
}

/// A string that is a whole text, as `--set-file` has it: each line knows its own place.
///
/// ```
/// let value = mwrender_values::read::verbatim("one\ntwo\n", mwrender_diagnostic::Pos::from_raw(1));
/// let mwrender_values::Data::String(text) = &value.data else { unreachable!() };
/// assert_eq!(text.lines.as_ref().unwrap()[1].raw(), 5);
/// ```
pub fn verbatim(text: &str, base: Pos) -> Value {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let lines = text.contains('\n').then(|| {
        let starts = starts.filter(|at| *at < text.len());
        starts.map(|at| base.offset(at as u32)).collect()
    });
    Value::new(crate::Data::String(crate::Text { text: text.into(), lines }), base)
}
