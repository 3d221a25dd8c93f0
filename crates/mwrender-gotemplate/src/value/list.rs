//! Slices.

use std::cell::RefCell;
use std::rc::Rc;

use super::Value;
use super::map::dismantle;
use crate::types::{Shape, Type};

/// A Go slice. Copies share the elements.
#[derive(Clone)]
pub struct List(Rc<Inner>);

struct Inner {
    items: RefCell<Vec<Value>>,
    ty: &'static Type,
    nil: bool,
    capacity: usize,
}

impl List {
    /// A slice of this type, such as [`Type::STRINGS`]; the elements must be of its element type.
    pub fn new(ty: &'static Type, items: Vec<Value>) -> List {
        List::build(ty, items, false, 0)
    }

    /// A `[]interface {}` that grew by appending, as one that was read from JSON did: its capacity is the next
    /// power of two, up to 512 elements.
    pub fn grown(items: Vec<Value>) -> List {
        let length = items.len();
        let capacity = if (1..=512).contains(&length) { length.next_power_of_two() } else { length };
        List::build(Type::LIST, items, false, capacity)
    }

    /// A slice whose capacity is known: how far `slice` may reach behind its elements.
    pub fn with_capacity(ty: &'static Type, items: Vec<Value>, capacity: usize) -> List {
        List::build(ty, items, false, capacity)
    }

    fn build(ty: &'static Type, items: Vec<Value>, nil: bool, capacity: usize) -> List {
        List(Rc::new(Inner { items: RefCell::new(items), ty, nil, capacity }))
    }

    /// The nil slice of the type.
    pub fn nil(ty: &'static Type) -> List {
        List::build(ty, Vec::new(), true, 0)
    }

    /// Whether it is the nil slice, which JSON shows as `null`.
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// Its type.
    pub fn ty(&self) -> &'static Type {
        self.0.ty
    }

    /// The type of its elements.
    pub fn element_type(&self) -> &'static Type {
        match self.0.ty.shape() {
            Shape::List(element) => element,
            _ => Type::ANY,
        }
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.0.items.borrow().len()
    }

    /// How far `slice` may reach.
    pub fn capacity(&self) -> usize {
        self.0.capacity.max(self.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An element.
    pub fn get(&self, index: usize) -> Option<Value> {
        self.0.items.borrow().get(index).cloned()
    }

    /// A copy of all elements.
    pub fn to_vec(&self) -> Vec<Value> {
        self.0.items.borrow().clone()
    }

    /// Calls `read` with the elements. It must not change this list.
    pub fn with<T>(&self, read: impl FnOnce(&[Value]) -> T) -> T {
        read(&self.0.items.borrow())
    }

    /// Calls `change` with the elements, for all holders of the list. It must not touch this list otherwise.
    pub fn change(&self, change: impl FnOnce(&mut [Value])) {
        change(&mut self.0.items.borrow_mut());
    }

    /// Whether both are the same list.
    pub fn is(&self, other: &List) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn take_if_last(&mut self) -> Vec<Value> {
        Rc::get_mut(&mut self.0).map(|inner| std::mem::take(inner.items.get_mut())).unwrap_or_default()
    }
}

impl From<Vec<Value>> for List {
    /// A `[]interface {}`.
    fn from(items: Vec<Value>) -> List {
        List::new(Type::LIST, items)
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> List {
        List::from(items.into_iter().collect::<Vec<_>>())
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        dismantle(std::mem::take(self.items.get_mut()));
    }
}

impl std::fmt::Debug for List {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}(len {})", self.ty().name(), self.len())
    }
}
