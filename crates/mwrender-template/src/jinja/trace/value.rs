//! Values that know what they depend on.

use super::causes::{Known, Set};
use super::run::{Fault, Result};
use super::text::Text;
use super::tree::{For, Macro};
use indexmap::IndexMap;
use minijinja::{Error, ErrorKind, Value as Jinja};
use mwrender_values::Value;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// A value in a traced run.
#[derive(Clone, Debug)]
pub(super) struct Val {
    pub(super) data: Data,
    /// What it depends on besides what `data` knows itself: what it was computed from, or what decided that it is
    /// this one. Holds for everything in it.
    pub(super) extra: Set,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Data {
    /// A value with origins: read, or computed with origins that stand for what is known of it.
    Value(Value),
    /// A text that was put together.
    Text(Rc<Text>),
    /// A list that was written out or computed.
    Seq(Rc<Seq>),
    /// A map that was written out, with what is known of its keys.
    Dict(Rc<IndexMap<Arc<str>, (Known, Val)>>),
    /// A `namespace`.
    Space(Rc<RefCell<IndexMap<Arc<str>, Val>>>),
    Macro(Rc<Closed>),
    /// What `import` gives: the variables of a template.
    Module(Rc<IndexMap<Arc<str>, Val>>),
    Loop(Rc<Turn>),
    /// A function of minijinja's, or another value that is only passed on.
    Other(Jinja),
    Undefined(Option<Missing>),
}

/// A list, and what decided which items it has.
#[derive(Clone, Debug, Default)]
pub(super) struct Seq {
    pub(super) items: Vec<Val>,
    pub(super) shape: Set,
    /// Whether it is a tuple: then what its first item is stands for all of it.
    pub(super) tuple: bool,
}

/// A macro with the variables around it.
#[derive(Debug)]
pub(super) struct Closed {
    pub(super) definition: Arc<Macro>,
    pub(super) closure: Option<usize>,
}

/// A turn of a loop: what `loop` is in it.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) index: usize,
    pub(super) items: Rc<Vec<Val>>,
    pub(super) depth: usize,
    /// What decided which items there are.
    pub(super) causes: Set,
    /// The `for`, if it is recursive.
    pub(super) recursive: Option<Arc<For>>,
    /// What `loop.changed` saw last, and what that depended on.
    pub(super) last: Rc<RefCell<Option<Seen>>>,
}

/// Values, and what they depend on.
pub(super) type Seen = (Vec<Jinja>, Set);

/// Why a value is not there.
#[derive(Clone, Debug)]
pub(in crate::jinja) enum Missing {
    /// The mapping has no such key.
    Key(Value, Arc<str>),
    /// What was looked into is a null, which was read here.
    Null(mwrender_diagnostic::Pos),
}

impl Val {
    /// A value without anything besides.
    pub(super) fn new(data: Data) -> Val {
        Val { data, extra: Set::EMPTY }
    }

    /// A value with its own origins.
    pub(super) fn read(value: Value) -> Val {
        Val::new(Data::Value(value))
    }

    /// A text.
    pub(super) fn text(text: Text) -> Val {
        Val::new(Data::Text(Rc::new(text)))
    }

    /// A value that nothing is known of.
    pub(super) fn undefined() -> Val {
        Val::new(Data::Undefined(None))
    }

    /// Refuses a value that is undefined, saying why it is.
    pub(super) fn check_defined(&self) -> Result<()> {
        let Data::Undefined(missing) = &self.data else { return Ok(()) };
        let error = Error::from(ErrorKind::UndefinedError);
        Err(Box::new(Fault { error, missing: missing.clone() }))
    }

    /// Whether it is undefined.
    pub(super) fn is_undefined(&self) -> bool {
        matches!(self.data, Data::Undefined(_))
    }

    /// Whether it is a list or a map.
    pub(super) fn holds_items(&self) -> bool {
        match &self.data {
            Data::Value(v) => v.as_list().is_some() || v.as_map().is_some(),
            Data::Seq(_) | Data::Dict(_) => true,
            _ => false,
        }
    }

    /// Its characters, if it is a text.
    pub(super) fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Value(v) => v.as_str(),
            Data::Text(t) => Some(&t.text),
            Data::Other(j) => j.as_str(),
            _ => None,
        }
    }
}

impl Turn {
    /// The names of what it has, besides the items around.
    pub(super) const ATTRIBUTES: [&str; 9] =
        ["index0", "index", "length", "revindex", "revindex0", "first", "last", "depth", "depth0"];

    /// What it has under a name.
    pub(super) fn attribute(&self, name: &str) -> Val {
        let (index, length) = (self.index, self.items.len());
        let value = match name {
            "index0" => Jinja::from(index),
            "index" => Jinja::from(index + 1),
            "length" => Jinja::from(length),
            "revindex" => Jinja::from(length - index),
            "revindex0" => Jinja::from(length - index - 1),
            "first" => Jinja::from(index == 0),
            "last" => Jinja::from(index + 1 == length),
            "depth" => Jinja::from(self.depth + 1),
            "depth0" => Jinja::from(self.depth),
            "previtem" => return index.checked_sub(1).map_or_else(Val::undefined, |i| self.items[i].clone()),
            "nextitem" => return self.items.get(index + 1).cloned().unwrap_or_else(Val::undefined),
            _ => return Val::undefined(),
        };
        // the first turn is the first, however many follow; which item has it is not known before
        Val { data: Data::Other(value), extra: self.causes }
    }
}
