//! The values of an execution: Go's types, shared containers, and an origin for each value.

mod convert;
mod list;
mod map;
mod object;
mod string;

use std::rc::Rc;
use std::sync::Arc;

pub use list::List;
pub use map::Map;
use object::Copied;
pub use object::{Fields, Marshal, Object};
pub use string::{Str, Text};

use crate::func::Function;
use crate::trace::{OUTERMOST, Origin, Piece};
use crate::types::{IntKind, Shape, Type, UintKind};

/// A value with the place where it was set.
///
/// Copies of containers share their content. Values belong to one thread; the strings in them may be shared by
/// all.
#[derive(Clone, Debug)]
pub struct Value {
    kind: Kind,
    origin: Origin,
    /// Whether Go would hold it in a variable of type `interface {}`: it is an element of a container, or the
    /// result of a function that declares that type. Messages and nil depend on it.
    pub(crate) iface: bool,
}

/// What a [`Value`] is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// Nil without a type.
    Nil,
    /// A truth value.
    Bool(bool),
    /// A signed integer.
    Int(i64, IntKind),
    /// An unsigned integer.
    Uint(u64, UintKind),
    /// A `float64`.
    Float(f64),
    /// A `complex128`: its real and imaginary part.
    Complex(Rc<(f64, f64)>),
    /// A string. Any bytes, as in Go.
    String(Str),
    /// A string whose pieces are known, in executions that track origins.
    Text(Rc<Text>),
    /// A slice.
    List(List),
    /// A map with strings as keys.
    Map(Map),
    /// A function to be called by `call`.
    Func(Arc<Function>),
    /// Something of the embedding program.
    Object(Rc<dyn Object>),
}

impl Value {
    /// Nil without a type, which Go calls an invalid value.
    pub const NIL: Value = Value::new(Kind::Nil);

    /// A value of no known origin.
    pub const fn new(kind: Kind) -> Value {
        Value { kind, origin: Origin::NONE, iface: false }
    }

    /// A string.
    pub fn string(text: impl Into<Str>) -> Value {
        Value::new(Kind::String(text.into()))
    }

    /// An `int`, as literals and `len` are.
    pub fn int(value: i64) -> Value {
        Value::new(Kind::Int(value, IntKind::Int))
    }

    /// A string of which each part was set somewhere else, such as each line of a block in a file. Only executions
    /// that track origins have use for it.
    pub fn parts<'p>(parts: impl IntoIterator<Item = (&'p [u8], Origin)>) -> Value {
        let (mut bytes, mut pieces) = (Vec::new(), Vec::new());
        for (part, what) in parts {
            let start = bytes.len() as u32;
            bytes.extend_from_slice(part);
            let end = bytes.len() as u32;
            pieces.push(Piece { start, end, site: OUTERMOST, what, when: Origin::NONE });
        }
        Value::new(Kind::Text(Rc::new(Text::new(bytes, pieces))))
    }

    /// An object of the embedding program.
    pub fn object(object: impl Object + 'static) -> Value {
        Value::new(Kind::Object(Rc::new(object)))
    }

    /// What it is.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The same, giving up the value.
    pub fn into_kind(self) -> Kind {
        self.kind
    }

    /// Where it comes from: [`Origin::NONE`], a number of the embedding program, or one that stands for
    /// several in the [`Trace`](crate::Trace) of the execution.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The same value, from somewhere else.
    #[must_use]
    pub fn with_origin(mut self, origin: Origin) -> Value {
        self.origin = origin;
        self
    }

    pub(crate) fn set_origin(&mut self, origin: Origin) {
        self.origin = origin;
    }

    /// Whether it is nil without a type.
    pub fn is_nil(&self) -> bool {
        matches!(self.kind, Kind::Nil)
    }

    /// The bytes of a string.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.kind {
            Kind::String(s) => Some(s),
            Kind::Text(t) => Some(t.bytes()),
            _ => None,
        }
    }

    /// The text of a string that is UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        self.as_bytes().and_then(|b| std::str::from_utf8(b).ok())
    }

    /// A map.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.kind {
            Kind::Map(m) => Some(m),
            _ => None,
        }
    }

    /// A list.
    pub fn as_list(&self) -> Option<&List> {
        match &self.kind {
            Kind::List(l) => Some(l),
            _ => None,
        }
    }

    /// The name of its type in Go; `<nil>` for nil.
    pub fn type_name(&self) -> &str {
        match &self.kind {
            Kind::Nil => "<nil>",
            Kind::Bool(_) => "bool",
            Kind::Int(_, kind) => kind.name(),
            Kind::Uint(_, kind) => kind.name(),
            Kind::Float(_) => "float64",
            Kind::Complex(_) => "complex128",
            Kind::String(_) | Kind::Text(_) => "string",
            Kind::List(list) => list.ty().name(),
            Kind::Map(map) => map.ty().name(),
            Kind::Func(function) => function.signature(),
            Kind::Object(object) => object.type_name(),
        }
    }

    /// The name of the type of the place that holds it: `interface {}` for elements of containers.
    pub(crate) fn static_type_name(&self) -> &str {
        if self.iface { Type::ANY.name() } else { self.type_name() }
    }

    /// Whether Go lets a place of this type hold the value.
    pub(crate) fn is_assignable_to(&self, ty: &Type) -> bool {
        match (&self.kind, ty.shape()) {
            (_, Shape::Any | Shape::Reflect)
            | (Kind::Bool(_), Shape::Bool)
            | (Kind::Float(_), Shape::Float)
            | (Kind::String(_) | Kind::Text(_), Shape::String)
            | (Kind::Complex(_), Shape::Complex) => true,
            (Kind::Int(_, kind), Shape::Int(to)) => *kind == to && !ty.is_named(),
            (Kind::Uint(_, kind), Shape::Uint(to)) => *kind == to,
            (Kind::List(list), _) => list.ty().is_assignable_to(ty),
            (Kind::Map(map), _) => map.ty().is_assignable_to(ty),
            (Kind::Object(object), Shape::Object | Shape::Int(_)) => object.type_name() == ty.name(),
            (Kind::Func(function), Shape::Func) => function.signature() == ty.name(),
            _ => false,
        }
    }

    /// A value that the type may hold, as a place of the type holds it: a map of a named type is none there.
    pub(crate) fn converted(mut self, ty: &'static Type) -> Value {
        if let (Kind::Map(map), Shape::Map(_)) = (&self.kind, ty.shape())
            && map.ty() != ty
        {
            self.kind = Kind::Map(map.clone().as_type(ty));
        }
        self
    }

    /// Nil of a type that has one: an empty list or map that is nil, or nil without a type.
    pub(crate) fn zero(ty: &'static Type) -> Value {
        match ty.shape() {
            Shape::Bool => Value::from(false),
            Shape::Int(kind) => Value::new(Kind::Int(0, kind)),
            Shape::Uint(kind) => Value::new(Kind::Uint(0, kind)),
            Shape::Float => Value::from(0.0),
            Shape::Complex => Value::new(Kind::Complex(Rc::new((0.0, 0.0)))),
            Shape::String => Value::string(""),
            Shape::List(_) => Value::new(Kind::List(List::nil(ty))),
            Shape::Map(_) => Value::new(Kind::Map(Map::nil(ty))),
            Shape::Any | Shape::Func | Shape::Object | Shape::Reflect => Value::NIL,
        }
    }

    /// Go's notion of truth: neither nil, false, zero, nor empty.
    pub fn is_true(&self) -> bool {
        match &self.kind {
            Kind::Nil => false,
            Kind::Bool(b) => *b,
            Kind::Int(i, _) => *i != 0,
            Kind::Uint(u, _) => *u != 0,
            Kind::Float(f) => *f != 0.0,
            Kind::Complex(c) => c.0 != 0.0 || c.1 != 0.0,
            Kind::String(s) => !s.is_empty(),
            Kind::Text(t) => !t.bytes().is_empty(),
            Kind::List(list) => !list.is_empty(),
            Kind::Map(map) => !map.is_empty(),
            Kind::Func(_) => true,
            Kind::Object(object) => object.is_true(),
        }
    }

    /// Takes from a struct the methods of a pointer to it, as an `interface {}` that holds it does.
    pub(crate) fn copy_struct(&mut self) {
        if let Kind::Object(object) = &self.kind
            && object.pointer_string().is_some()
        {
            self.kind = Kind::Object(Rc::new(Copied(Rc::clone(object))));
        }
    }

    /// An element, as Go sees it in a container of elements of this type. What has no origin of its own has
    /// that of its container.
    pub(crate) fn element(mut self, ty: &Type, container: Origin) -> Value {
        self.iface = matches!(ty.shape(), Shape::Any);
        if self.iface {
            self.copy_struct();
        }
        let has_parts = matches!(&self.kind, Kind::Text(text) if !text.pieces().is_empty());
        if self.origin.is_none() && !has_parts {
            self.origin = container;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_small() {
        assert!(size_of::<Value>() <= 32, "{}", size_of::<Value>());
    }

    #[test]
    fn types_decide_what_fits() {
        static VALUES: Type = Type::new("chartutil.Values", Shape::Map(Type::ANY)).named(None);
        let values = Value::from(Map::new(&VALUES));
        assert_eq!(values.type_name(), "chartutil.Values");
        assert!(values.is_assignable_to(Type::MAP));
        assert!(!values.is_assignable_to(Type::STRING_MAP));
        assert!(!Value::int(1).is_assignable_to(Type::INT64));
    }
}
