//! The value tree.
//!
//! Trees are shared: a list, map or text is behind an `Arc`, so that laying thirteen layers of a hundred
//! releases over each other copies only what they have in common. Equality ignores origins, losers and the
//! spelling of numbers.

use indexmap::IndexMap;
use mwrender_diagnostic::Pos;
use std::sync::Arc;

/// A value with the place it was read from.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub data: Data,
    /// Where it was read, or [`Pos::NONE`].
    pub origin: Pos,
    /// What lower layers had here, nearest first.
    pub losers: Option<Arc<Loser>>,
}

/// A value of a lower layer that a higher one replaced (or, for maps, was laid over).
#[derive(Debug)]
pub struct Loser {
    /// The value as that layer had it.
    pub value: Value,
    /// The next lower one.
    pub next: Option<Arc<Loser>>,
}

impl Drop for Loser {
    /// Lets go of the next ones in a loop: a `--set` of the same key a hundred thousand times is a long chain.
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some(mut loser) = next.and_then(Arc::into_inner) {
            next = loser.next.take();
        }
    }
}

/// The kinds of values.
#[derive(Clone, Debug)]
pub enum Data {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number with its spelling.
    Number(Number),
    /// A text.
    String(Text),
    /// A sequence.
    List(Arc<Vec<Value>>),
    /// A mapping, in the file's order.
    Map(Arc<Map>),
}

/// A number as it was written.
#[derive(Clone, Debug)]
pub struct Number {
    /// Its kind and value.
    pub kind: NumberKind,
    /// Its spelling in the file, such as `0.10` or `0x1f`.
    pub spelling: Arc<str>,
    /// Whether `--set` gave it: to Helm's templates such a number is an `int64`, and one of a file a `float64`.
    pub int64: bool,
}

/// The kind and value of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NumberKind {
    /// An integer that fits 64 bits with a sign.
    Int(i64),
    /// A larger integer that fits 64 bits.
    Uint(u64),
    /// Any other number.
    Float(f64),
}

/// A text.
#[derive(Clone, Debug)]
pub struct Text {
    /// The characters.
    pub text: Arc<str>,
    /// Where each line of the text starts in its source, for texts of several lines (of the text or of the
    /// source): line `k` was read at `lines[k]`.
    pub lines: Option<Arc<[Pos]>>,
}

/// A mapping with text keys.
///
/// Its hasher is quicker for short keys than the one of the standard library.
pub type Map = IndexMap<Arc<str>, Entry, foldhash::fast::RandomState>;

/// What a mapping has under a key.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the key was read.
    pub key_origin: Pos,
    /// The value.
    pub value: Value,
}

impl Value {
    /// A value without losers.
    pub fn new(data: Data, origin: Pos) -> Self {
        Value { data, origin, losers: None }
    }

    /// A text that was not read from anywhere.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Value::new(Data::String(Text { text: text.into(), lines: None }), Pos::NONE)
    }

    /// An empty mapping.
    pub fn empty_map(origin: Pos) -> Self {
        Value::new(Data::Map(Arc::default()), origin)
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(t) => Some(&t.text),
            _ => None,
        }
    }

    /// The boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.data {
            Data::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// The integer.
    pub fn as_i64(&self) -> Option<i64> {
        match self.data {
            Data::Number(Number { kind: NumberKind::Int(i), .. }) => Some(i),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match &self.data {
            Data::List(l) => Some(l),
            _ => None,
        }
    }

    /// The mapping.
    pub fn as_map(&self) -> Option<&Arc<Map>> {
        match &self.data {
            Data::Map(m) => Some(m),
            _ => None,
        }
    }

    /// What a mapping has under `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key).map(|e| &e.value)
    }

    /// The item of a list.
    pub fn at(&self, index: usize) -> Option<&Value> {
        self.as_list()?.get(index)
    }

    /// The lower layers' values, nearest first.
    pub fn losers(&self) -> impl Iterator<Item = &Value> {
        std::iter::successors(self.losers.as_deref(), |l| l.next.as_deref()).map(|l| &l.value)
    }

    /// The kind as people say it: `a map`, `a list`, `a string`, `a number`, `a boolean`, `null`.
    pub fn kind_name(&self) -> &'static str {
        match self.data {
            Data::Null => "null",
            Data::Bool(_) => "a boolean",
            Data::Number(_) => "a number",
            Data::String(_) => "a string",
            Data::List(_) => "a list",
            Data::Map(_) => "a map",
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (&self.data, &other.data) {
            (Data::Null, Data::Null) => true,
            (Data::Bool(a), Data::Bool(b)) => a == b,
            (Data::Number(a), Data::Number(b)) => a == b,
            (Data::String(a), Data::String(b)) => Arc::ptr_eq(&a.text, &b.text) || a.text == b.text,
            (Data::List(a), Data::List(b)) => Arc::ptr_eq(a, b) || a == b,
            (Data::Map(a), Data::Map(b)) => {
                Arc::ptr_eq(a, b)
                    || a.len() == b.len()
                        && a.iter().all(|(k, e)| b.get(k).is_some_and(|o| e.value == o.value))
            }
            _ => false,
        }
    }
}

impl PartialEq for Number {
    /// Equal as numbers: integers as integers, else as floats (`1` equals `1.0`; NaN equals NaN).
    fn eq(&self, other: &Self) -> bool {
        use NumberKind::{Float, Int, Uint};
        match (self.kind, other.kind) {
            (Int(a), Int(b)) => a == b,
            (Uint(a), Uint(b)) => a == b,
            (Int(_), Uint(_)) | (Uint(_), Int(_)) => false,
            (a, b) => {
                let float = |k| match k {
                    #[expect(
                        clippy::cast_precision_loss,
                        reason = "comparing with a float is a comparison of floats"
                    )]
                    Int(i) => i as f64,
                    #[expect(
                        clippy::cast_precision_loss,
                        reason = "comparing with a float is a comparison of floats"
                    )]
                    Uint(u) => u as f64,
                    Float(f) => f,
                };
                let (a, b) = (float(a), float(b));
                a == b || a.is_nan() && b.is_nan()
            }
        }
    }
}

impl Eq for Value {}
impl Eq for Number {}
