//! Slices.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::map::dismantle;
use super::{Kind, Str, Value};
use crate::types::{Shape, Type, UintKind};

/// A Go slice. Copies share the elements.
#[derive(Clone)]
pub struct List(Rc<Inner>);

struct Inner {
    items: OnceCell<RefCell<Vec<Value>>>,
    /// What `items` are made of when they are first asked for.
    bytes: Option<Str>,
    ty: &'static Type,
    nil: bool,
    capacity: usize,
    /// What lies behind the elements of a part of a longer slice.
    behind: Vec<Value>,
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
        let behind = Vec::new();
        List(Rc::new(Inner { items: RefCell::new(items).into(), bytes: None, ty, nil, capacity, behind }))
    }

    /// A `[]uint8`. It takes the memory of a string until somebody asks for elements.
    pub fn of_bytes(bytes: impl Into<Str>) -> List {
        let (items, bytes) = (OnceCell::new(), Some(bytes.into()));
        List(Rc::new(Inner { items, bytes, ty: Type::BYTES, nil: false, capacity: 0, behind: Vec::new() }))
    }

    fn items(&self) -> &RefCell<Vec<Value>> {
        self.0.items.get_or_init(|| {
            let bytes = self.0.bytes.as_deref().unwrap_or_default().iter();
            let items = bytes.map(|b| Value::new(Kind::Uint(u64::from(*b), UintKind::Uint8)));
            RefCell::new(items.collect())
        })
    }

    /// The bytes of a `[]uint8`.
    pub fn to_bytes(&self) -> Option<Str> {
        if self.ty() != Type::BYTES {
            return None;
        }
        if let (Some(bytes), None) = (&self.0.bytes, self.0.items.get()) {
            return Some(bytes.clone());
        }
        let byte = |item: &Value| match item.kind() {
            Kind::Uint(byte, _) => u8::try_from(*byte).ok(),
            _ => None,
        };
        self.with(|items| items.iter().map(byte).collect::<Option<Vec<u8>>>()).map(Str::from)
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
        match (&self.0.bytes, self.0.items.get()) {
            (Some(bytes), None) => bytes.len(),
            _ => self.items().borrow().len(),
        }
    }

    /// How far `slice` may reach.
    pub fn capacity(&self) -> usize {
        self.0.capacity.max(self.len())
    }

    /// `list[from:to:most]`: it may reach behind the last element, where there is what Go has there, the rest of a
    /// longer slice or zeros. None if the bounds are not in order or beyond [`List::capacity`].
    pub fn part(&self, from: usize, to: usize, most: usize) -> Option<List> {
        if from > to || to > most || most > self.capacity() {
            return None;
        }
        let mut items = self.to_vec();
        items.extend_from_slice(&self.0.behind);
        items.resize_with(items.len().max(to), || Value::zero(self.element_type()));
        items.truncate(most);
        let behind = items.split_off(to);
        let (items, capacity) = (RefCell::new(items.split_off(from)).into(), most - from);
        Some(List(Rc::new(Inner { items, bytes: None, ty: self.ty(), nil: self.is_nil(), capacity, behind })))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An element.
    pub fn get(&self, index: usize) -> Option<Value> {
        self.items().borrow().get(index).cloned()
    }

    /// A copy of all elements.
    pub fn to_vec(&self) -> Vec<Value> {
        self.items().borrow().clone()
    }

    /// Calls `read` with the elements. It must not change this list.
    pub fn with<T>(&self, read: impl FnOnce(&[Value]) -> T) -> T {
        read(&self.items().borrow())
    }

    /// Calls `change` with the elements, for all holders of the list. It must not touch this list otherwise.
    pub fn change(&self, change: impl FnOnce(&mut [Value])) {
        change(&mut self.items().borrow_mut());
    }

    /// Whether both are the same list.
    pub fn is(&self, other: &List) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn take_if_last(&mut self) -> Vec<Value> {
        Rc::get_mut(&mut self.0).map(Inner::take).unwrap_or_default()
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

impl Inner {
    fn take(&mut self) -> Vec<Value> {
        let mut items = self.items.take().map(RefCell::into_inner).unwrap_or_default();
        items.append(&mut self.behind);
        items
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        dismantle(self.take());
    }
}

impl std::fmt::Debug for List {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}(len {})", self.ty().name(), self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_elements_when_asked_for() {
        let list = List::of_bytes("hi");
        assert_eq!((list.len(), list.to_bytes()), (2, Some(Str::from("hi"))));
        let copy = list.clone();
        copy.change(|items| items[0] = Value::new(Kind::Uint(72, UintKind::Uint8)));
        assert_eq!((list.len(), list.to_bytes()), (2, Some(Str::from("Hi"))));
        assert_eq!(List::from(vec![]).to_bytes(), None);
    }
}
