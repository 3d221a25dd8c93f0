//! What a document holds so far, and what its keys are.

use std::collections::BTreeMap;

use mwrender_gotemplate::{Context, Failure, List, Map, Shape, Str, Type, Value};

use super::key::shown;

/// A value by its place in [`Tables::nodes`].
pub(super) type Node = usize;

/// A path by its place in [`Tables::paths`].
type Path = usize;

enum Content {
    Leaf(Value),
    Array(Vec<Node>),
    Table(BTreeMap<Str, Node>),
    /// What `[[key]]` makes.
    Tables(Vec<Node>),
}

/// What is known of a path of keys, whichever of several tables of an array it is in.
#[derive(Default)]
struct Known {
    below: BTreeMap<Str, Path>,
    /// Whether it came to be as a part of a longer key. Then it may be defined once more, which changes nothing.
    is_implicit: bool,
    /// Whether its value was an array. Then it may be defined again and again.
    is_array: bool,
}

/// The table that keys are for.
#[derive(Clone)]
pub(super) struct Place {
    /// The table, or what stands where it should be.
    node: Node,
    path: Path,
    /// How many parts of [`Tables::names`] lead there.
    depth: usize,
    /// The key whose value is read; empty if there is none.
    key: Str,
}

/// The tables of a document.
pub(super) struct Tables {
    nodes: Vec<Content>,
    paths: Vec<Known>,
    place: Place,
    /// The parts of the keys that lead to the place.
    names: Vec<Str>,
}

type Result<T> = std::result::Result<T, String>;

static TABLES: Type = Type::new("[]map[string]interface {}", Shape::List(Type::MAP));

/// The first table and its path.
const ROOT: usize = 0;

impl Tables {
    pub(super) fn new() -> Tables {
        let place = Place { node: ROOT, path: ROOT, depth: 0, key: Str::from("") };
        Tables {
            nodes: vec![Content::Table(BTreeMap::new())],
            paths: vec![Known::default()],
            place,
            names: Vec::new(),
        }
    }

    /// The key that is named with an error.
    pub(super) fn last_key(&self) -> String {
        let key = String::from_utf8_lossy(&self.place.key);
        match (key.is_empty(), self.names.is_empty()) {
            (true, _) => shown(&self.names),
            (false, true) => key.into_owned(),
            (false, false) => format!("{}.{key}", shown(&self.names)),
        }
    }

    fn add(&mut self, content: Content) -> Node {
        self.nodes.push(content);
        self.nodes.len() - 1
    }

    pub(super) fn leaf(&mut self, value: Value) -> Node {
        self.add(Content::Leaf(value))
    }

    pub(super) fn array(&mut self, items: Vec<Node>) -> Node {
        self.add(Content::Array(items))
    }

    pub(super) fn table(&mut self) -> Node {
        self.add(Content::Table(BTreeMap::new()))
    }

    fn path(&mut self, above: Path, key: &Str) -> Path {
        if let Some(path) = self.paths[above].below.get(key) {
            return *path;
        }
        self.paths.push(Known::default());
        let path = self.paths.len() - 1;
        self.paths[above].below.insert(key.clone(), path);
        path
    }

    /// The table that a node is: of several the last one.
    fn table_at(&self, node: Node) -> Option<Node> {
        match &self.nodes[node] {
            Content::Table(_) => Some(node),
            Content::Tables(tables) => tables.last().copied(),
            Content::Leaf(_) | Content::Array(_) => None,
        }
    }

    fn get(&self, table: Node, key: &Str) -> Option<Node> {
        match &self.nodes[table] {
            Content::Table(entries) => entries.get(key).copied(),
            _ => None,
        }
    }

    fn insert(&mut self, table: Node, key: Str, value: Node) {
        if let Content::Table(entries) = &mut self.nodes[table] {
            entries.insert(key, value);
        }
    }

    /// The keys behind `[key]` or `[[key]]` are for the table of that name.
    ///
    /// # Errors
    /// Keys that are something else.
    pub(super) fn header(&mut self, key: &[Str], is_array: bool) -> Result<()> {
        let Some((last, above)) = key.split_last() else {
            return Ok(());
        };
        let (mut node, mut path) = (ROOT, ROOT);
        for (at, part) in above.iter().enumerate() {
            path = self.path(path, part);
            let next = match self.get(node, part) {
                Some(next) => next,
                None => {
                    self.paths[path].is_implicit = true;
                    let table = self.table();
                    self.insert(node, part.clone(), table);
                    table
                }
            };
            node = self.table_at(next).ok_or_else(|| was_created(&key[..=at]))?;
        }
        above.clone_into(&mut self.names);
        self.place = Place { node, path, depth: above.len(), key: Str::from("") };
        self.enter(last, is_array)?;
        self.paths[self.place.path].is_array = false;
        Ok(())
    }

    /// Goes to a table below the place, or to a new one at the end of an array of tables.
    fn enter(&mut self, key: &Str, is_array: bool) -> Result<()> {
        let Some(table) = self.table_at(self.place.node) else {
            return Err(was_created(&self.names));
        };
        let new = self.table();
        if is_array {
            let array = match self.get(table, key) {
                Some(array) => array,
                None => {
                    let array = self.add(Content::Tables(Vec::new()));
                    self.insert(table, key.clone(), array);
                    array
                }
            };
            let Content::Tables(tables) = &mut self.nodes[array] else {
                let key = shown(self.names.iter().chain([key]));
                return Err(format!("Key '{key}' was already created and cannot be used as an array."));
            };
            tables.push(new);
        } else {
            self.set_value(key, new)?;
        }
        let node = self.get(table, key).unwrap_or(new);
        let path = self.path(self.place.path, key);
        self.names.push(key.clone());
        let depth = self.names.len();
        self.place = Place { node, path, depth, key: self.place.key.clone() };
        Ok(())
    }

    /// The value that comes next is that of a key. Gives the place to return to afterwards.
    ///
    /// # Errors
    /// Parts of the key that are no tables.
    pub(super) fn name(&mut self, key: &[Str]) -> Result<Place> {
        let outer = self.place.clone();
        let Some((last, above)) = key.split_last() else {
            return Ok(outer);
        };
        self.place.key = last.clone();
        for part in above {
            let path = self.path(self.place.path, part);
            self.paths[path].is_implicit = true;
            self.enter(part, false)?;
        }
        Ok(outer)
    }

    /// The keys that come next are those of the inline table that is the value of the key, or an element of it.
    /// Gives the place to return to afterwards.
    ///
    /// # Errors
    /// A key that has a value.
    pub(super) fn open(&mut self, is_element: bool) -> Result<Place> {
        let outer = self.place.clone();
        let key = outer.key.clone();
        let path = self.path(outer.path, &key);
        self.paths[path].is_implicit = true;
        self.place.key = Str::from("");
        if self.table_at(self.place.node).is_none() {
            // the key counts as read here, but not where it is the one at fault
            let error = was_created(&self.names);
            self.names.push(key);
            return Err(error);
        }
        self.enter(&key, is_element)?;
        Ok(outer)
    }

    /// Goes back to a place above.
    pub(super) fn leave(&mut self, to: Place) {
        self.names.truncate(to.depth);
        self.place = to;
    }

    /// Goes back to a place above, but stays with the key.
    pub(super) fn leave_but_key(&mut self, to: &Place) {
        let key = std::mem::replace(&mut self.place.key, Str::from(""));
        self.leave(Place { key, ..*to });
    }

    /// The place where keys go now.
    pub(super) fn place(&self) -> Place {
        self.place.clone()
    }

    /// Gives the key its value.
    ///
    /// # Errors
    /// A key that has one.
    pub(super) fn set(&mut self, value: Node) -> Result<()> {
        let key = self.place.key.clone();
        self.set_value(&key, value)?;
        let is_array = matches!(self.nodes[value], Content::Array(_));
        self.set_kind(is_array);
        Ok(())
    }

    /// Notes whether the value of the key is an array. An empty key is that of the table here, but for the first one.
    pub(super) fn set_kind(&mut self, is_array: bool) {
        let key = self.place.key.clone();
        let is_own = key.is_empty() && !self.names.is_empty();
        let path = if is_own { self.place.path } else { self.path(self.place.path, &key) };
        self.paths[path].is_array = is_array;
    }

    fn set_value(&mut self, key: &Str, value: Node) -> Result<()> {
        let Some(table) = self.table_at(self.place.node) else {
            return Err(is_defined(&self.names));
        };
        let path = self.path(self.place.path, key);
        if self.get(table, key).is_some() {
            let known = &mut self.paths[path];
            let was_implicit = std::mem::take(&mut known.is_implicit);
            if !known.is_array {
                return if was_implicit { Ok(()) } else { Err(is_defined(self.names.iter().chain([key]))) };
            }
        }
        self.insert(table, key.clone(), value);
        Ok(())
    }

    /// Sets a key of a table whatever it was before, as elements of arrays have it.
    ///
    /// # Errors
    /// Parts of the key that are no tables.
    pub(super) fn put(&mut self, table: Node, key: &[Str], value: Node) -> Result<()> {
        let Some((last, above)) = key.split_last() else {
            return Ok(());
        };
        let mut table = table;
        for part in above {
            table = match self.get(table, part) {
                Some(next) if matches!(self.nodes[next], Content::Table(_)) => next,
                Some(_) => return Err(format!("{} is not a table", super::quoted(&shown(&self.names)))),
                None => {
                    let next = self.table();
                    self.insert(table, part.clone(), next);
                    next
                }
            };
        }
        self.insert(table, last.clone(), value);
        Ok(())
    }

    /// All that the document holds.
    ///
    /// # Errors
    /// Tables that nest too deeply.
    pub(super) fn value(&self, context: &Context<'_>) -> std::result::Result<Map, Failure> {
        self.map(context, ROOT)
    }

    fn map(&self, context: &Context<'_>, node: Node) -> std::result::Result<Map, Failure> {
        context.check_depth()?;
        let Content::Table(entries) = &self.nodes[node] else {
            return Ok(Map::from_iter([]));
        };
        let entries = entries.iter().map(|(key, value)| Ok((key.clone(), self.value_at(context, *value)?)));
        entries.collect()
    }

    fn value_at(&self, context: &Context<'_>, node: Node) -> std::result::Result<Value, Failure> {
        context.check_depth()?;
        Ok(match &self.nodes[node] {
            Content::Leaf(value) => value.clone(),
            Content::Table(_) => Value::from(self.map(context, node)?),
            Content::Array(items) => {
                let items = items.iter().map(|item| self.value_at(context, *item));
                Value::from(List::grown(items.collect::<std::result::Result<_, _>>()?))
            }
            Content::Tables(tables) => {
                let tables = tables.iter().map(|table| Ok(Value::from(self.map(context, *table)?)));
                let tables = tables.collect::<std::result::Result<Vec<_>, Failure>>()?;
                let capacity = tables.len().next_power_of_two().max(4);
                Value::from(List::with_capacity(&TABLES, tables, capacity))
            }
        })
    }
}

fn was_created<'k>(key: impl IntoIterator<Item = &'k Str>) -> String {
    format!("Key '{}' was already created as a hash.", shown(key))
}

fn is_defined<'k>(key: impl IntoIterator<Item = &'k Str>) -> String {
    format!("Key '{}' has already been defined.", shown(key))
}
