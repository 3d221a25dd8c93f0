//! What is wrong with a setting.

use super::SetKind;
use crate::value::Value;
use mwrender_diagnostic::{Diagnostic, Span};
use std::fmt;

/// The highest index of a list.
pub const MAX_INDEX: usize = 65_536;
/// The most levels of a name.
pub const MAX_LEVELS: usize = 30;

/// A setting that cannot be applied.
#[derive(Clone, Debug)]
pub struct Fault {
    /// How the setting is read.
    pub kind: SetKind,
    /// What is wrong.
    pub mistake: Mistake,
    /// Where, in the text of the setting.
    pub span: Span,
}

/// What is wrong with a setting. `Display` says it without the flag.
#[derive(Clone, Debug)]
pub enum Mistake {
    /// No map to set something in.
    NoMap,
    /// A key that neither `=`, `.` nor `[` follows: `a`, `a,b=1`.
    NoValue {
        /// The last part of the key.
        key: String,
        /// Whether a comma follows it.
        before_comma: bool,
    },
    /// A key below which nothing is set: `a.=1`.
    NothingSet {
        /// The part before the dot.
        key: String,
    },
    /// A key of more than [`MAX_LEVELS`] levels.
    TooDeep,
    /// An index that is no number, or none that fits: `a[x]`.
    NoIndex(String),
    /// An index without its `]`.
    OpenIndex,
    /// An index below 0.
    NegativeIndex(i64),
    /// An index above [`MAX_INDEX`].
    HighIndex(usize),
    /// A text between `]` and what may follow it.
    AfterIndex(String),
    /// A list without its `}`.
    OpenList,
    /// A key goes on below a value that is no container of that kind.
    WrongType {
        /// What is there.
        is: Value,
        /// What the key needs.
        wanted: Shape,
    },
    /// A value that is not JSON, and why.
    NoJson(String),
    /// A file that could not be read, as its reader said it.
    Unread(Box<Diagnostic>),
}

/// A kind of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Keys and values.
    Map,
    /// Items.
    List,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mistake::NoMap => f.write_str("it needs a map to set something in"),
            Mistake::NoValue { key, before_comma: false } => {
                write!(f, "`{key}` has no value: write KEY=VALUE")
            }
            Mistake::NoValue { key, before_comma: true } => {
                write!(f, "`{key}` has no value before the comma")
            }
            Mistake::NothingSet { key } => write!(f, "nothing is set in `{key}`"),
            Mistake::TooDeep => write!(f, "a name has more than {MAX_LEVELS} levels"),
            Mistake::NoIndex(text) => write!(f, "`{text}` is not an index"),
            Mistake::OpenIndex => f.write_str("an index has no closing `]`"),
            Mistake::NegativeIndex(index) => write!(f, "the index {index} is negative"),
            Mistake::HighIndex(index) => write!(f, "the index {index} is above {MAX_INDEX}, the highest"),
            Mistake::AfterIndex(text) => {
                write!(f, "`{text}` stands after `]`, where only `=`, `.` or `[` can")
            }
            Mistake::OpenList => f.write_str("a list has no closing `}`"),
            Mistake::WrongType { is, wanted } => {
                let wanted = match wanted {
                    Shape::Map => "a map",
                    Shape::List => "a list",
                };
                write!(f, "this needs {wanted}, and what is there is {}", is.kind_name())
            }
            Mistake::NoJson(why) => write!(f, "not JSON: {why}"),
            Mistake::Unread(why) => f.write_str(&why.headline),
        }
    }
}

impl From<Fault> for Diagnostic {
    fn from(fault: Fault) -> Diagnostic {
        if let Mistake::Unread(why) = fault.mistake {
            return *why;
        }
        let headline = format!("`{}`: {}", fault.kind.flag(), fault.mistake);
        Diagnostic::error("set-syntax", headline).primary(fault.span, "")
    }
}

impl From<Box<Fault>> for Diagnostic {
    fn from(fault: Box<Fault>) -> Diagnostic {
        (*fault).into()
    }
}
