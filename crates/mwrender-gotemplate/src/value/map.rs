//! Maps: shared, and changed in place for all who hold them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Kind, Str, Value};
use crate::types::{Shape, Type};

/// A Go map with strings as keys, in the order of their bytes. Copies share the content; a map may hold itself.
#[derive(Clone)]
pub struct Map {
    content: Rc<Inner>,
    ty: &'static Type,
}

struct Inner {
    entries: RefCell<BTreeMap<Str, Value>>,
    nil: bool,
}

impl Map {
    /// An empty map of this type, such as [`Type::MAP`]; the values must be of its element type.
    pub fn new(ty: &'static Type) -> Map {
        Map::build(ty, BTreeMap::new(), false)
    }

    /// The nil map of the type, to which Go lets nothing be added.
    pub fn nil(ty: &'static Type) -> Map {
        Map::build(ty, BTreeMap::new(), true)
    }

    fn build(ty: &'static Type, entries: BTreeMap<Str, Value>, nil: bool) -> Map {
        Map { content: Rc::new(Inner { entries: RefCell::new(entries), nil }), ty }
    }

    /// A map of this type with these entries.
    pub fn of(ty: &'static Type, entries: impl IntoIterator<Item = (Str, Value)>) -> Map {
        Map::build(ty, entries.into_iter().collect(), false)
    }

    /// Whether it is the nil map.
    pub fn is_nil(&self) -> bool {
        self.content.nil
    }

    /// Its type.
    pub fn ty(&self) -> &'static Type {
        self.ty
    }

    /// The type of its values.
    pub fn element_type(&self) -> &'static Type {
        match self.ty.shape() {
            Shape::Map(element) => element,
            _ => Type::ANY,
        }
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.content.entries.borrow().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key.
    pub fn get(&self, key: &[u8]) -> Option<Value> {
        self.content.entries.borrow().get(key).cloned()
    }

    /// Whether there is the key.
    pub fn contains(&self, key: &[u8]) -> bool {
        self.content.entries.borrow().contains_key(key)
    }

    /// Sets a key, for all holders, and returns what it was.
    pub fn insert(&self, key: impl Into<Str>, value: Value) -> Option<Value> {
        self.content.entries.borrow_mut().insert(key.into(), value)
    }

    /// Removes a key, for all holders, and returns what it was.
    pub fn remove(&self, key: &[u8]) -> Option<Value> {
        self.content.entries.borrow_mut().remove(key)
    }

    /// A copy of the entries, in order.
    pub fn entries(&self) -> Vec<(Str, Value)> {
        self.content.entries.borrow().iter().map(|(k, v)| (k.clone(), v.clone())).collect()
    }

    /// The keys, in order.
    pub fn keys(&self) -> Vec<Str> {
        self.content.entries.borrow().keys().cloned().collect()
    }

    /// Calls `each` with each entry, in order. It must not change this map.
    pub fn for_each<E>(&self, mut each: impl FnMut(&Str, &Value) -> Result<(), E>) -> Result<(), E> {
        self.content.entries.borrow().iter().try_for_each(|(k, v)| each(k, v))
    }

    /// The same map under another type with the same elements, as Go converts `chartutil.Values` where a
    /// `map[string]interface {}` is asked for.
    #[must_use]
    pub fn as_type(mut self, ty: &'static Type) -> Map {
        self.ty = ty;
        self
    }

    /// Calls `read` with the entries. It must not change this map.
    pub fn with<T>(&self, read: impl FnOnce(&BTreeMap<Str, Value>) -> T) -> T {
        read(&self.content.entries.borrow())
    }

    /// Whether both are the same map.
    pub fn is(&self, other: &Map) -> bool {
        Rc::ptr_eq(&self.content, &other.content)
    }

    fn take_if_last(&mut self) -> BTreeMap<Str, Value> {
        Rc::get_mut(&mut self.content)
            .map(|inner| std::mem::take(inner.entries.get_mut()))
            .unwrap_or_default()
    }
}

impl FromIterator<(Str, Value)> for Map {
    /// A `map[string]interface {}`.
    fn from_iter<I: IntoIterator<Item = (Str, Value)>>(entries: I) -> Map {
        Map::of(Type::MAP, entries)
    }
}

/// Drops values without recursion, however deeply they nest.
pub(super) fn dismantle(mut values: Vec<Value>) {
    while let Some(mut value) = values.pop() {
        match &mut value.kind {
            Kind::List(list) => values.append(&mut list.take_if_last()),
            Kind::Map(map) => values.extend(map.take_if_last().into_values()),
            _ => {}
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        dismantle(std::mem::take(self.entries.get_mut()).into_values().collect());
    }
}

impl std::fmt::Debug for Map {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // a map may hold itself
        write!(f, "{}(len {})", self.ty().name(), self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::List;

    #[test]
    fn all_holders_see_a_change() {
        let map = Map::new(Type::MAP);
        let holder = Value::from(map.clone());
        map.insert("a", Value::int(1));
        assert_eq!(holder.as_map().map(Map::len), Some(1));
    }

    #[test]
    fn a_map_under_another_type_is_the_same() {
        let map = Map::new(Type::MAP);
        let other = map.clone().as_type(Type::STRING_MAP);
        map.insert("a", Value::from("b"));
        assert!(other.is(&map) && other.contains(b"a"));
        assert_eq!((other.ty().name(), map.ty().name()), ("map[string]string", "map[string]interface {}"));
    }

    #[test]
    fn deep_nesting_is_dropped_without_recursion() {
        let mut value = Value::int(1);
        for _ in 0..200_000 {
            value = Value::from(List::from(vec![value]));
            value = Value::from(Map::from_iter([(Str::from("a"), value)]));
        }
        drop(value);
    }
}
