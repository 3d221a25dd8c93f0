//! Values of the embedding program with fields and methods.

use std::borrow::Cow;

use crate::func::Function;
use crate::value::Value;

/// A struct, or a pointer to one, as templates see it: `.Files.Get "x"`, `.Chart.Name`.
pub trait Object {
    /// The name of its Go type, such as `*chart.Metadata`.
    fn type_name(&self) -> &str;

    /// A field. For messages it has the type of the value.
    fn field(&self, name: &str) -> Option<Value> {
        let _ = name;
        None
    }

    /// A method, which wins over a field of the same name. The function gets the object as its first argument;
    /// its signature does not mention it.
    fn method(&self, name: &str) -> Option<&Function> {
        let _ = name;
        None
    }

    /// What Go's `String` or `Error` method returns, if the type has one: it is printed instead of the fields.
    fn string(&self) -> Option<String> {
        None
    }

    /// What Go's `String` method of a pointer to it returns, where [`Object::string`] has none: what an action
    /// prints, but no function.
    fn pointer_string(&self) -> Option<String> {
        None
    }

    /// How `fmt` prints it otherwise.
    fn fields(&self) -> Fields {
        Fields { pointer: false, fields: Vec::new() }
    }

    /// What Go's `encoding/json` makes of it.
    fn marshal(&self) -> Marshal {
        let fields = self.fields().fields.into_iter();
        Marshal::Fields(fields.map(|(name, value)| (Cow::Borrowed(name), value)).collect())
    }

    /// Its number, if it is none of a struct but of an integer type with a name, such as `time.Month`.
    fn number(&self) -> Option<i64> {
        None
    }

    /// Whether `if` takes it as true; structs and pointers that are not nil are.
    fn is_true(&self) -> bool {
        true
    }

    /// Lets the embedding program get its own type back.
    fn as_any(&self) -> &dyn std::any::Any;
}

impl std::fmt::Debug for dyn Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.type_name())
    }
}

/// What stands for an object in JSON.
pub enum Marshal {
    /// A map with these names, in this order: the fields of a struct by their tags, without those left out.
    Fields(Vec<(Cow<'static, str>, Value)>),
    /// A string, as for types with a method `MarshalJSON` or `MarshalText`.
    Text(String),
}

/// The fields of a struct in their order, for printing.
pub struct Fields {
    /// Whether the object is a pointer to the struct, which prints with `&` at the top.
    pub pointer: bool,
    /// Names and values.
    pub fields: Vec<(&'static str, Value)>,
}
