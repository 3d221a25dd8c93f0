//! Values that change in place and may be shared, as Go's maps are.
//!
//! Helm lays values over each other in place, and maps get shared on the way: what a subchart's defaults add to
//! `global.a.b` can be seen in the parent's. So this follows Helm's steps on a tree of its own, in which a map is one
//! map wherever it hangs, and makes values of the result.

use indexmap::IndexMap;
use mwrender_diagnostic::Pos;
use mwrender_values::{Data, Entry, Loser, Map, Value};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// A value: a map that may be shared, or anything else.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Table(Table),
    Leaf(Value),
}

/// A map. A clone is the same map.
#[derive(Clone, Debug)]
pub(crate) struct Table(Rc<RefCell<Inner>>);

#[derive(Debug)]
struct Inner {
    entries: IndexMap<Arc<str>, Slot, foldhash::fast::RandomState>,
    origin: Pos,
    losers: Option<Arc<Loser>>,
}

/// What a map has under a key.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) key_origin: Pos,
    pub(crate) node: Node,
}

impl Node {
    /// A copy that shares no map with anything.
    pub(crate) fn copy(value: &Value) -> Node {
        match value.as_map() {
            Some(_) => Node::Table(Table::copy(value)),
            None => Node::Leaf(value.clone()),
        }
    }

    pub(crate) fn as_table(&self) -> Option<&Table> {
        match self {
            Node::Table(table) => Some(table),
            Node::Leaf(_) => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Node::Leaf(value) if value.is_null())
    }
}

impl Table {
    /// An empty map that was not read from anywhere.
    pub(crate) fn new() -> Table {
        Table(Rc::new(RefCell::new(Inner { entries: IndexMap::default(), origin: Pos::NONE, losers: None })))
    }

    /// A copy of a map that shares no map with anything; of what is no map, an empty one.
    pub(crate) fn copy(value: &Value) -> Table {
        let entries = value.as_map().into_iter().flat_map(|map| map.iter()).map(|(key, entry)| {
            (Arc::clone(key), Slot { key_origin: entry.key_origin, node: Node::copy(&entry.value) })
        });
        let entries = entries.collect();
        Table(Rc::new(RefCell::new(Inner { entries, origin: value.origin, losers: value.losers.clone() })))
    }

    /// Another map with the same entries, which stay shared.
    pub(crate) fn shallow(&self) -> Table {
        let inner = self.0.borrow();
        let (entries, losers) = (inner.entries.clone(), inner.losers.clone());
        Table(Rc::new(RefCell::new(Inner { entries, origin: inner.origin, losers })))
    }

    pub(crate) fn is(&self, other: &Table) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn origin(&self) -> Pos {
        self.0.borrow().origin
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().entries.is_empty()
    }

    /// Whether no map contains itself, and none is deeper than that.
    pub(crate) fn is_tree(&self, depth: usize) -> bool {
        fn visit(table: &Table, left: usize, done: &mut HashMap<usize, bool>) -> bool {
            let address = Rc::as_ptr(&table.0) as usize;
            match done.get(&address) {
                Some(finished) => return *finished,
                None if left == 0 => return false,
                None => {}
            }
            done.insert(address, false);
            let whole = table.0.borrow().entries.values().all(|slot| match &slot.node {
                Node::Table(inner) => visit(inner, left - 1, done),
                Node::Leaf(_) => true,
            });
            done.insert(address, whole);
            whole
        }
        visit(self, depth, &mut HashMap::new())
    }

    pub(crate) fn get(&self, key: &str) -> Option<Slot> {
        self.0.borrow().entries.get(key).cloned()
    }

    pub(crate) fn insert(&self, key: Arc<str>, slot: Slot) {
        self.0.borrow_mut().entries.insert(key, slot);
    }

    pub(crate) fn put(&self, key: &str, node: Node) {
        let key_origin = self.get(key).map_or(Pos::NONE, |slot| slot.key_origin);
        self.insert(Arc::from(key), Slot { key_origin, node });
    }

    pub(crate) fn remove(&self, key: &str) {
        self.0.borrow_mut().entries.shift_remove(key);
    }

    /// The entries as they are now.
    pub(crate) fn entries(&self) -> Vec<(Arc<str>, Slot)> {
        self.0.borrow().entries.iter().map(|(key, slot)| (Arc::clone(key), slot.clone())).collect()
    }

    /// Notes what was laid below the value under a key.
    pub(crate) fn beat(&self, key: &str, lower: &Node) {
        let Some(slot) = self.get(key) else { return };
        match (&slot.node, lower) {
            (Node::Table(table), Node::Table(below)) if !table.is(below) => {
                let below = below.0.borrow();
                // what it had is in the entries; that it was there is enough
                let map = Value { losers: below.losers.clone(), ..Value::empty_map(below.origin) };
                let mut table = table.0.borrow_mut();
                if below.origin != table.origin && below.origin.is_some() {
                    table.losers = behind(table.losers.take(), &map);
                }
            }
            (Node::Leaf(value), Node::Leaf(below))
                if value.origin != below.origin && below.origin.is_some() =>
            {
                let losers = behind(value.losers.clone(), below);
                let value = Value { losers, ..value.clone() };
                self.insert(Arc::from(key), Slot { node: Node::Leaf(value), ..slot });
            }
            _ => {}
        }
    }

    /// The value of this map. Within it, and between calls with the same `seen`, maps that were one map are one `Arc`.
    pub(crate) fn value(&self, seen: &mut Seen) -> Value {
        let inner = self.0.borrow();
        let address = Rc::as_ptr(&self.0) as usize;
        let map = match seen.0.get(&address) {
            Some((_, map)) => Arc::clone(map),
            None => {
                let entries = inner.entries.iter().map(|(key, slot)| {
                    let value = match &slot.node {
                        Node::Table(table) => table.value(seen),
                        Node::Leaf(value) => value.clone(),
                    };
                    (Arc::clone(key), Entry { key_origin: slot.key_origin, value })
                });
                let map: Arc<Map> = Arc::new(entries.collect());
                seen.0.insert(address, (self.clone(), Arc::clone(&map)));
                map
            }
        };
        Value { data: Data::Map(map), origin: inner.origin, losers: inner.losers.clone() }
    }
}

/// The maps that were made values of already. Each is kept, so that its address stays its own.
#[derive(Default)]
pub(crate) struct Seen(HashMap<usize, (Table, Arc<Map>)>);

/// A chain of losers with one more at its end, unless it is there already.
fn behind(chain: Option<Arc<Loser>>, lower: &Value) -> Option<Arc<Loser>> {
    let values: Vec<Value> =
        std::iter::successors(chain.as_deref(), |l| l.next.as_deref()).map(|l| l.value.clone()).collect();
    if values.iter().any(|v| v.origin == lower.origin) {
        return chain;
    }
    let below: Vec<Value> = lower.losers().cloned().collect();
    let own = Value { losers: None, ..lower.clone() };
    let all = values.into_iter().chain([own]).chain(below);
    let all: Vec<Value> = all.collect();
    all.into_iter().rev().fold(None, |next, value| Some(Arc::new(Loser { value, next })))
}
