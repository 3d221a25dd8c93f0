//! What a schema has against a value, in the order and the shape of the library that Helm uses; without words, for
//! those who have words of their own.
//!
//! A schema is walked as it is, nothing is compiled: this is for a value that is checked once. What patterns match and
//! what formats accept is the embedding program's business ([`Syntax`]), since they follow the language of that library.
//!
//! Keys of objects have no order there; here they are sorted.

mod array;
mod dialect;
mod documents;
mod draft;
mod evaluate;
mod number;
mod object;
mod roots;
mod scope;
mod standalone;

use serde_json::Value;

pub use documents::Load;
pub use draft::Draft;
pub use roots::Kind;
pub use standalone::{Invalid, Standalone};

/// Something that a value does not meet.
#[derive(Clone, Debug)]
pub struct Node {
    /// The keywords that lead from the top of the schema to this one, through references.
    pub keywords: Vec<String>,
    /// The keys and indices that lead to the value.
    pub instance: Vec<String>,
    /// What is asked for.
    pub problem: Problem,
    /// What is wrong below it.
    pub causes: Vec<Node>,
}

/// What a schema asks for.
#[derive(Clone, Debug)]
pub enum Problem {
    /// Several things; they are the causes.
    Group,
    /// What is behind a reference; it is the only cause.
    Reference,
    /// Nothing.
    False,
    /// One of these types, in the order of messages; and the type of the value.
    Type(&'static str, Vec<&'static str>),
    /// This value.
    Const(Value),
    /// One of these values.
    Enum(Vec<Value>),
    /// A format: the value, the name of the format, and what is wrong.
    Format(String, String, String),
    /// No more or no less: what there is, and what is asked for.
    Limit(f64, f64),
    /// These keys, which are missing.
    Required(Vec<String>),
    /// If there is this key, these, too, which are missing.
    Dependent(String, Vec<String>),
    /// No other keys than those named; these are too many.
    AdditionalProperties(Vec<String>),
    /// No more items; so many are too many.
    AdditionalItems(usize),
    /// This name of a key.
    Name(String),
    /// A pattern: the value, and the pattern.
    Pattern(String, String),
    /// No two equal items; these are.
    Unique(usize, usize),
    /// An item that the schema matches.
    Contains,
    /// At least so many items that the schema matches; these do.
    MinContains(Vec<usize>, f64),
    /// At most so many items that the schema matches; these do.
    MaxContains(Vec<usize>, f64),
    /// That the schema does not match.
    Not,
    /// All schemas.
    AllOf,
    /// Any of the schemas.
    AnyOf,
    /// Exactly one schema: those that matched, if it was more than one.
    OneOf(Vec<usize>),
    /// That the schema can be told at all: two places refer to one, whose address is the third.
    Cycle(String, String, String),
    /// No more than so many steps to tell whether the value meets it.
    Steps(u64),
}

impl Node {
    /// Calls `each` with each node that has no others below it.
    pub fn leaves<'a>(nodes: &'a [Node], each: &mut impl FnMut(&'a Node)) {
        for node in nodes {
            if node.causes.is_empty() {
                each(node);
            } else {
                Node::leaves(&node.causes, each);
            }
        }
    }
}

/// The languages of patterns, formats and addresses.
pub trait Syntax {
    /// Whether a pattern matches somewhere in a text; a pattern that is none matches nothing.
    fn matches(&self, pattern: &str, text: &str) -> bool;

    /// What is wrong with a text by a format that is known.
    fn format(&self, format: &str, text: &str) -> Option<String>;

    /// An address that stands in a document with the address `base`; neither has a fragment.
    ///
    /// # Errors
    /// One of them is none: why.
    fn join(&self, base: &str, reference: &str) -> Result<String, String>;

    /// A fragment without its escapes.
    ///
    /// # Errors
    /// An escape is none.
    fn unescape(&self, fragment: &str) -> Result<String, String>;
}
