//! Paths to values: written, read, looked up, found by origin, explained.

mod explain;
mod find;

pub use explain::{Effect, Explanation, Setting, explain};
pub use find::{Found, at_line, at_origin, leaves, walk};

use crate::value::{Data, Entry, Value};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// A key of a map.
    Key(Arc<str>),
    /// An item of a list, from 0.
    Index(usize),
}

/// The way to a value: `a.b[3].c`, with keys that hold anything but letters, digits and a few signs quoted as in
/// JSON: `a["b.c"]`. The empty path is the whole.
///
/// ```
/// use mwrender_values::path::Path;
/// let path: Path = r#"mw.sites[0]["a.b"]"#.parse().unwrap();
/// assert_eq!(path.segments().len(), 4);
/// assert_eq!(path.to_string(), r#"mw.sites[0]["a.b"]"#);
/// // Helm's way of writing a dot is understood too
/// assert_eq!(r"x.a\.b".parse::<Path>().unwrap().to_string(), r#"x["a.b"]"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(Vec<Segment>);

/// Why a text is not a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at character {}", .at + 1)]
pub struct PathError {
    /// The byte of the text at which it stops making sense.
    pub at: usize,
    /// What is wrong there.
    pub message: &'static str,
}

impl Path {
    /// The path of the whole.
    pub const ROOT: Path = Path(Vec::new());

    /// The steps.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// Whether this is the path of the whole.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Goes one step further.
    pub fn push(&mut self, segment: Segment) {
        self.0.push(segment);
    }

    /// Goes one step back.
    pub fn pop(&mut self) -> Option<Segment> {
        self.0.pop()
    }

    /// The path with one more key.
    #[must_use]
    pub fn key(mut self, key: impl Into<Arc<str>>) -> Path {
        self.0.push(Segment::Key(key.into()));
        self
    }

    /// The path with one more index.
    #[must_use]
    pub fn index(mut self, index: usize) -> Path {
        self.0.push(Segment::Index(index));
        self
    }

    /// This path, and the other one from there.
    ///
    /// ```
    /// use mwrender_values::Path;
    /// let (a, b): (Path, Path) = ("web".parse().unwrap(), "ports[0]".parse().unwrap());
    /// assert_eq!(a.join(&b).to_string(), "web.ports[0]");
    /// ```
    #[must_use]
    pub fn join(&self, below: &Path) -> Path {
        Path(self.0.iter().chain(&below.0).cloned().collect())
    }

    /// Whether this is the other path or leads to something within it.
    pub fn starts_with(&self, other: &Path) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The value at this path.
    pub fn lookup<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(value, |value, segment| step(value, segment))
    }

    /// The entry of a map at this path, which knows where its key is.
    pub fn lookup_entry<'v>(&self, value: &'v Value) -> Option<&'v Entry> {
        let (last, before) = self.0.split_last()?;
        let Segment::Key(key) = last else { return None };
        before.iter().try_fold(value, |value, segment| step(value, segment))?.as_map()?.get(&**key)
    }
}

/// The value one step further.
fn step<'v>(value: &'v Value, segment: &Segment) -> Option<&'v Value> {
    match (&value.data, segment) {
        (Data::Map(map), Segment::Key(key)) => map.get(&**key).map(|e| &e.value),
        (Data::List(items), Segment::Index(index)) => items.get(*index),
        _ => None,
    }
}

impl From<Vec<Segment>> for Path {
    fn from(segments: Vec<Segment>) -> Self {
        Path(segments)
    }
}

/// Whether a key needs no quotes.
fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-/:@+*~$%".contains(c))
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) if is_bare(key) => {
                    f.write_str(if n == 0 { "" } else { "." })?;
                    f.write_str(key)?;
                }
                // a string always has a JSON form
                Segment::Key(key) => write!(f, "[{}]", serde_json::Value::from(&**key))?,
            }
        }
        Ok(())
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let mut path = Path::default();
        let mut at = 0;
        let error = |at, message| Err(PathError { at, message });
        while at < text.len() {
            let rest = &text[at..];
            if let Some(inner) = rest.strip_prefix('[') {
                if inner.starts_with('"') {
                    let mut stream = serde_json::Deserializer::from_str(inner).into_iter::<String>();
                    let Some(Ok(key)) = stream.next() else {
                        return error(at + 1, "a key in quotes does not end");
                    };
                    path.push(Segment::Key(key.into()));
                    at += 1 + stream.byte_offset();
                } else {
                    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
                    let Ok(index) = inner[..digits].parse() else {
                        return error(at + 1, "an index is missing");
                    };
                    path.push(Segment::Index(index));
                    at += 1 + digits;
                }
                if !text[at..].starts_with(']') {
                    return error(at, "`]` is missing");
                }
                at += 1;
            } else {
                match (rest.starts_with('.'), path.is_empty()) {
                    (true, false) => at += 1,
                    (false, true) => {}
                    (true, true) => return error(at, "a key is missing"),
                    (false, false) => return error(at, "`.` or `[` is missing"),
                }
                let (key, length) = bare(&text[at..]);
                if length == 0 {
                    return error(at, "a key is missing");
                }
                path.push(Segment::Key(key.into()));
                at += length;
            }
        }
        Ok(path)
    }
}

/// A key without quotes at the start of a text, and how many bytes it takes there.
fn bare(text: &str) -> (String, usize) {
    let mut key = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '.' | '[' => return (key, at),
            '\\' => key.extend(chars.next().map(|(_, c)| c)),
            c => key.push(c),
        }
    }
    (key, text.len())
}
