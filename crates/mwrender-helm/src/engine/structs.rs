//! Go structs as templates see them.

use crate::functions::args::is_empty;
use mwrender_gotemplate::{Fields, Function, Kind, Marshal, Object, Value};
use std::any::Any;
use std::borrow::Cow;
use std::cell::RefCell;

/// A Go struct, or a pointer to one.
#[derive(Clone)]
pub(crate) struct Struct {
    /// Its Go type; that of a pointer begins with `*`.
    ty: &'static str,
    /// A merge may change those of a pointer, for all who hold it.
    fields: RefCell<Vec<Field>>,
    methods: fn(&str) -> Option<&'static Function>,
    /// The field that its `String` method returns, which only pointers have.
    string: Option<&'static str>,
}

/// A field of a struct.
#[derive(Clone)]
pub(crate) struct Field {
    name: &'static str,
    tag: Tag,
    value: Value,
}

/// What Go's JSON makes of a field.
#[derive(Clone, Copy)]
enum Tag {
    /// It has this name.
    Always(&'static str),
    /// The same, and is left out where it is empty.
    Given(&'static str),
    /// The fields of the struct that it is are the outer one's.
    Embedded,
}

impl Field {
    /// A field that JSON has under a name.
    pub(crate) fn new(name: &'static str, json: &'static str, value: impl Into<Value>) -> Field {
        Field { name, tag: Tag::Always(json), value: value.into() }
    }

    /// The same, but not where it is empty.
    pub(crate) fn given(name: &'static str, json: &'static str, value: impl Into<Value>) -> Field {
        Field { name, tag: Tag::Given(json), value: value.into() }
    }

    /// A struct whose fields count as the outer one's.
    pub(crate) fn embedded(name: &'static str, value: Struct) -> Field {
        Field { name, tag: Tag::Embedded, value: Value::object(value) }
    }
}

impl Struct {
    /// A struct without methods.
    pub(crate) fn new(ty: &'static str, fields: Vec<Field>) -> Struct {
        Struct { ty, fields: RefCell::new(fields), methods: |_| None, string: None }
    }

    /// The same with methods.
    pub(crate) fn methods(self, methods: fn(&str) -> Option<&'static Function>) -> Struct {
        Struct { methods, ..self }
    }

    /// The same with a `String` method that returns a field.
    pub(crate) fn string(self, field: &'static str) -> Struct {
        Struct { string: Some(field), ..self }
    }

    /// The struct that a value is, or points to.
    pub(crate) fn of(value: &Value) -> Option<&Struct> {
        match value.kind() {
            Kind::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// Whether it is a pointer.
    pub(crate) fn is_pointer(&self) -> bool {
        self.ty.starts_with('*')
    }

    /// The values of its fields, in their order.
    pub(crate) fn values(&self) -> Vec<Value> {
        self.fields.borrow().iter().map(|field| field.value.clone()).collect()
    }

    /// The names and values of its fields with their places. An embedded struct stands there as its fields.
    pub(crate) fn flattened(&self) -> Vec<(usize, &'static str, Value)> {
        let mut all = Vec::new();
        for (place, field) in self.fields.borrow().iter().enumerate() {
            match Struct::of(&field.value).filter(|_| matches!(field.tag, Tag::Embedded)) {
                Some(inner) => {
                    all.extend(inner.flattened().into_iter().map(|(_, name, value)| (place, name, value)));
                }
                None => all.push((place, field.name, field.value.clone())),
            }
        }
        all
    }

    /// Sets a field by its place, for all holders.
    pub(crate) fn set(&self, at: usize, value: Value) {
        if let Some(field) = self.fields.borrow_mut().get_mut(at) {
            field.value = value;
        }
    }

    /// A struct of its own that has what a function makes of the values of the fields. `holder` is the value that
    /// this one is: one that Go would have no address of lacks the methods of a pointer, and so does its copy.
    pub(crate) fn copied<E>(
        &self,
        holder: &dyn Object,
        mut each: impl FnMut(&Value) -> Result<Value, E>,
    ) -> Result<Struct, E> {
        let fields = self.fields.borrow();
        let fields = fields.iter().map(|field| Ok(Field { value: each(&field.value)?, ..field.clone() }));
        let copy = Struct::new(self.ty, fields.collect::<Result<_, E>>()?);
        let has_address = self.string.is_none() || holder.pointer_string().is_some();
        Ok(if has_address { Struct { methods: self.methods, string: self.string, ..copy } } else { copy })
    }
}

impl Object for Struct {
    fn type_name(&self) -> &str {
        self.ty
    }

    fn field(&self, name: &str) -> Option<Value> {
        let fields = self.fields.borrow();
        let own = fields.iter().find(|field| field.name == name).map(|field| field.value.clone());
        own.or_else(|| {
            let mut embedded = fields.iter().filter(|field| matches!(field.tag, Tag::Embedded));
            embedded.find_map(|field| Struct::of(&field.value)?.field(name))
        })
    }

    fn method(&self, name: &str) -> Option<&Function> {
        (self.methods)(name)
    }

    fn pointer_string(&self) -> Option<String> {
        let text = self.field(self.string?)?;
        Some(text.as_str().unwrap_or_default().to_owned())
    }

    fn fields(&self) -> Fields {
        let fields = self.fields.borrow();
        let fields = fields.iter().map(|field| (field.name, field.value.clone()));
        Fields { pointer: self.is_pointer(), fields: fields.collect() }
    }

    fn marshal(&self) -> Marshal {
        let mut marshalled = Vec::new();
        for field in self.fields.borrow().iter() {
            match field.tag {
                Tag::Given(_) if is_empty(&field.value) => {}
                Tag::Always(name) | Tag::Given(name) => {
                    marshalled.push((Cow::Borrowed(name), field.value.clone()));
                }
                Tag::Embedded => {
                    if let Some(Marshal::Fields(inner)) = Struct::of(&field.value).map(Object::marshal) {
                        marshalled.extend(inner);
                    }
                }
            }
        }
        Marshal::Fields(marshalled)
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        if self.is_pointer() {
            return Some(false);
        }
        // the others have slices in them
        let texts = |of: &Struct| -> Option<Vec<Vec<u8>>> {
            of.fields.borrow().iter().map(|field| field.value.as_bytes().map(<[u8]>::to_vec)).collect()
        };
        let own = texts(self)?;
        let other = other.as_any().downcast_ref::<Struct>().and_then(texts);
        Some(other.is_some_and(|other| other == own))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
