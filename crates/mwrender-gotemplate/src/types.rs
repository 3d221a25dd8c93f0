//! Go's types, as far as messages, assignments and methods need them.

use crate::func::Function;

/// A Go type. Types are statics: [`Type::ANY`] and its kin, and those that an embedding program adds.
///
/// Two types are the same if their names are.
pub struct Type {
    name: &'static str,
    shape: Shape,
    named: bool,
    methods: Option<fn(&str) -> Option<&'static Function>>,
}

/// What kind of values a [`Type`] has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// `interface {}`: all values.
    Any,
    /// `bool`.
    Bool,
    /// Signed integers.
    Int(IntKind),
    /// Unsigned integers.
    Uint(UintKind),
    /// `float64`.
    Float,
    /// `complex128`.
    Complex,
    /// `string`.
    String,
    /// A slice with this element type.
    List(&'static Type),
    /// A map from strings to this type.
    Map(&'static Type),
    /// A function.
    Func,
    /// An [`Object`](crate::Object) whose type name is this type's.
    Object,
    /// `reflect.Value`: all values, nil told apart from a missing one. For the language's own functions.
    Reflect,
}

macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident: $($variant:ident $text:literal $bits:literal),+) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each is called as in Go")]
        pub enum $name { $($variant),+ }

        impl $name {
            /// The name of the type in Go.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            pub(crate) fn bits(self) -> u32 {
                match self { $($name::$variant => $bits),+ }
            }
        }
    };
}

kinds! {
    /// The signed integers of Go.
    IntKind: Int "int" 64, Int8 "int8" 8, Int16 "int16" 16, Int32 "int32" 32, Int64 "int64" 64
}

kinds! {
    /// The unsigned integers of Go.
    UintKind: Uint "uint" 64, Uint8 "uint8" 8, Uint16 "uint16" 16, Uint32 "uint32" 32, Uint64 "uint64" 64,
    Uintptr "uintptr" 64
}

impl Type {
    /// `interface {}`
    pub const ANY: &'static Type = &Type::new("interface {}", Shape::Any);
    /// `bool`
    pub const BOOL: &'static Type = &Type::new("bool", Shape::Bool);
    /// `int`
    pub const INT: &'static Type = &Type::new("int", Shape::Int(IntKind::Int));
    /// `int64`
    pub const INT64: &'static Type = &Type::new("int64", Shape::Int(IntKind::Int64));
    /// `uint8`, also known as `byte`
    pub const BYTE: &'static Type = &Type::new("uint8", Shape::Uint(UintKind::Uint8));
    /// `float64`
    pub const FLOAT: &'static Type = &Type::new("float64", Shape::Float);
    /// `string`
    pub const STRING: &'static Type = &Type::new("string", Shape::String);
    /// `[]interface {}`
    pub const LIST: &'static Type = &Type::new("[]interface {}", Shape::List(Type::ANY));
    /// `[][]interface {}`
    pub const LISTS: &'static Type = &Type::new("[][]interface {}", Shape::List(Type::LIST));
    /// `[]string`
    pub const STRINGS: &'static Type = &Type::new("[]string", Shape::List(Type::STRING));
    /// `[]int`
    pub const INTS: &'static Type = &Type::new("[]int", Shape::List(Type::INT));
    /// `[]uint8`, the bytes of a file
    pub const BYTES: &'static Type = &Type::new("[]uint8", Shape::List(Type::BYTE));
    /// `map[string]interface {}`
    pub const MAP: &'static Type = &Type::new("map[string]interface {}", Shape::Map(Type::ANY));
    /// `map[string]string`
    pub const STRING_MAP: &'static Type = &Type::new("map[string]string", Shape::Map(Type::STRING));
    pub(crate) const REFLECT: &'static Type = &Type::new("reflect.Value", Shape::Reflect);

    /// A type by its name as Go prints it.
    pub const fn new(name: &'static str, shape: Shape) -> Type {
        Type { name, shape, named: false, methods: None }
    }

    /// Whether it is another type than the one of its shape.
    pub(crate) const fn is_named(&self) -> bool {
        self.named
    }

    /// The same with a name of its own, as `type Values map[string]interface{}` gives one, and with methods.
    #[must_use]
    pub const fn named(self, methods: Option<fn(&str) -> Option<&'static Function>>) -> Type {
        Type { named: true, methods, ..self }
    }

    /// The name that messages show.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The kind of its values.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// A method of the type's values, which get their receiver as first argument.
    pub fn method(&self, name: &str) -> Option<&'static Function> {
        self.methods.and_then(|find| find(name))
    }

    pub(crate) fn has_methods(&self) -> bool {
        self.methods.is_some()
    }

    /// Whether a nil without a type may stand for a value of the type.
    pub(crate) fn can_be_nil(&self) -> bool {
        matches!(self.shape, Shape::Any | Shape::List(_) | Shape::Map(_) | Shape::Func | Shape::Reflect)
    }

    /// Go's rule for values of one type where another is asked for.
    pub(crate) fn is_assignable_to(&self, to: &Type) -> bool {
        matches!(to.shape, Shape::Any)
            || self.name == to.name
            || matches!(self.shape, Shape::List(_) | Shape::Map(_))
                && self.shape == to.shape
                && !(self.named && to.named)
    }
}

impl PartialEq for Type {
    fn eq(&self, other: &Type) -> bool {
        self.name == other.name
    }
}

impl std::fmt::Debug for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
