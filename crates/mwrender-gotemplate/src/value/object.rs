//! Values of the embedding program with fields and methods.

use std::any::Any;
use std::borrow::Cow;
use std::rc::Rc;

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

    /// What its method `GoString` gives, which `%#v` prints.
    fn go_string(&self) -> Option<String> {
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

    /// Why `encoding/json` makes nothing of it, as an error of its method `MarshalJSON` says.
    fn marshal_fault(&self) -> Option<String> {
        None
    }

    /// Whether it equals another one of its type, besides itself: a struct by its fields, a pointer by what it points
    /// to being one thing in Go. `None` where Go cannot compare the struct.
    fn equals(&self, other: &dyn Object) -> Option<bool> {
        let _ = other;
        Some(false)
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
    fn as_any(&self) -> &dyn Any;
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

/// A struct that was put into an `interface {}`: nothing has its address any more, and methods of a pointer to it are
/// gone.
pub(super) struct Copied(pub(super) Rc<dyn Object>);

impl Object for Copied {
    fn type_name(&self) -> &str {
        self.0.type_name()
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.0.field(name)
    }

    fn string(&self) -> Option<String> {
        self.0.string()
    }

    fn go_string(&self) -> Option<String> {
        self.0.go_string()
    }

    fn fields(&self) -> Fields {
        self.0.fields()
    }

    fn marshal(&self) -> Marshal {
        self.0.marshal()
    }

    fn marshal_fault(&self) -> Option<String> {
        self.0.marshal_fault()
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        self.0.equals(other)
    }

    fn number(&self) -> Option<i64> {
        self.0.number()
    }

    fn is_true(&self) -> bool {
        self.0.is_true()
    }

    fn as_any(&self) -> &dyn Any {
        self.0.as_any()
    }
}
