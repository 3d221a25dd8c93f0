//! Documents with schemas, and which parts of them have an address or an anchor.

use super::dialect::{Dialect, draft_of, vocabularies_of};
use super::documents::Documents;
use super::draft::{Draft, without_fragment};
use super::evaluate::{RED_ZONE, SEGMENT};
use super::{Invalid, Syntax};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A part of a document that has an address of its own; the whole document is one.
#[derive(Debug)]
pub(super) struct Resource {
    /// The path to it.
    pub(super) pointer: String,
    pub(super) address: String,
    pub(super) dialect: Dialect,
    /// The paths to what has a name in it.
    anchors: BTreeMap<String, String>,
    /// The same for names that `$dynamicRef` looks for.
    pub(super) dynamic: BTreeMap<String, String>,
}

/// A document.
#[derive(Debug)]
pub(super) struct Root {
    pub(super) address: String,
    pub(super) value: Arc<Value>,
    pub(super) resources: Vec<Resource>,
    /// The resources by the places in memory of their schemas.
    places: HashMap<usize, usize>,
    /// The resources by their addresses.
    addresses: HashMap<String, usize>,
    /// The places in memory of what is known to be a schema.
    seen: HashSet<usize>,
}

/// Where in memory a part of a document is.
pub(super) fn place(part: &Value) -> usize {
    std::ptr::from_ref(part).addr()
}

/// What a reference leads to, within a document.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) pointer: String,
    /// Whether the reference was a name.
    pub(super) is_anchor: bool,
}

/// The path to a part of a document, key by key.
type Path<'p> = Vec<Cow<'p, str>>;

/// Keys as a path.
pub(super) fn pointer<K: AsRef<str>>(keys: &[K]) -> String {
    let mut out = String::new();
    for key in keys {
        out.push('/');
        out.push_str(&escaped(key.as_ref()));
    }
    out
}

/// A key as it stands in a path.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Whether what stands below a keyword is a map with schemas, not a schema.
pub(super) fn is_map(keyword: &str) -> bool {
    matches!(
        keyword,
        "definitions" | "$defs" | "properties" | "patternProperties" | "dependencies" | "dependentSchemas"
    )
}

/// What stands as it is in a fragment.
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

/// A path or a name with the escapes of a fragment.
pub(super) fn fragment(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, FRAGMENT)
}

/// What is at a path in a document.
pub(super) fn find<'v>(whole: &'v Value, pointer: &str) -> Option<&'v Value> {
    tokens(pointer).try_fold(whole, |value, token| step(value, &token.ok()?))
}

impl Root {
    /// Takes a document, and looks for addresses and anchors in it.
    ///
    /// # Errors
    /// Some of them are none, or there twice.
    pub(super) fn new(
        address: &str,
        value: &Arc<Value>,
        documents: &mut Documents<'_>,
        syntax: &dyn Syntax,
    ) -> Result<Root, Invalid> {
        let mut root = Root {
            address: address.to_owned(),
            value: value.clone(),
            resources: Vec::new(),
            places: HashMap::new(),
            addresses: HashMap::new(),
            seen: HashSet::new(),
        };
        let mut collect = Collect { root: &mut root, documents, syntax };
        collect.part(value, &mut Vec::new(), 0, &Dialect::LATEST)?;
        Ok(root)
    }

    /// Looks for addresses and anchors in a part that was not known to be a schema; false if it was.
    ///
    /// # Errors
    /// Some of them are none, or there twice.
    pub(super) fn add(
        &mut self,
        pointer: &str,
        part: &Value,
        documents: &mut Documents<'_>,
        syntax: &dyn Syntax,
    ) -> Result<bool, Invalid> {
        if self.seen.contains(&place(part)) {
            return Ok(false);
        }
        let around = self.around(pointer);
        let dialect = self.resources[around].dialect.clone();
        let mut path = tokens(pointer).map(Result::unwrap_or_default).collect();
        Collect { root: self, documents, syntax }.part(part, &mut path, around, &dialect)?;
        Ok(true)
    }

    /// The address of a part.
    pub(super) fn place(&self, pointer: &str) -> String {
        format!("{}#{}", self.address, fragment(pointer))
    }

    /// The resource that begins at a part.
    pub(super) fn resource_at(&self, part: &Value) -> Option<usize> {
        self.places.get(&place(part)).copied()
    }

    /// The nearest resource around a part.
    pub(super) fn around(&self, pointer: &str) -> usize {
        let mut value = &*self.value;
        let mut around = 0;
        for token in tokens(pointer) {
            let Some(part) = token.ok().and_then(|token| step(value, &token)) else { break };
            value = part;
            around = self.resource_at(value).unwrap_or(around);
        }
        around
    }

    /// What is at a path.
    ///
    /// # Errors
    /// Nothing is, or the path is none.
    pub(super) fn lookup(&self, pointer: &str) -> Result<&Value, Invalid> {
        let place = || self.place(pointer);
        let mut value = &*self.value;
        for token in tokens(pointer) {
            let token = token.map_err(|()| Invalid::Path(place()))?;
            value = step(value, &token).ok_or_else(|| Invalid::Pointer(place()))?;
        }
        Ok(value)
    }

    /// The resource with an address, which a reference means.
    pub(super) fn named(&self, address: &str) -> Option<usize> {
        if address == self.address {
            return Some(0);
        }
        self.addresses.get(address).copied()
    }

    /// The place in a resource that a fragment without escapes means.
    ///
    /// # Errors
    /// It is a name that nothing has.
    pub(super) fn resolve(&self, resource: usize, name: &str) -> Result<Found, Invalid> {
        let resource = &self.resources[resource];
        if name.is_empty() || name.starts_with('/') {
            let pointer = format!("{}{name}", resource.pointer);
            return Ok(Found { pointer, is_anchor: false });
        }
        let pointer = resource.anchors.get(name).ok_or_else(|| {
            let place = format!("{}#{}", resource.address, self::fragment(name));
            Invalid::Anchor(place, self.address.clone())
        })?;
        Ok(Found { pointer: pointer.clone(), is_anchor: true })
    }
}

/// The keys of a path, without their escapes, of which one may be none.
fn tokens(pointer: &str) -> impl Iterator<Item = Result<Cow<'_, str>, ()>> {
    pointer.split('/').skip(1).map(|token| {
        if token.split('~').skip(1).any(|behind| !behind.starts_with(['0', '1'])) {
            return Err(());
        }
        let is_escaped = token.contains('~');
        Ok(if is_escaped { token.replace("~1", "/").replace("~0", "~").into() } else { token.into() })
    })
}

fn step<'v>(value: &'v Value, token: &str) -> Option<&'v Value> {
    match value {
        Value::Object(words) => words.get(token),
        // a number may have a sign and zeros before it
        Value::Array(items) => items.get(token.parse::<i64>().ok().and_then(|n| usize::try_from(n).ok())?),
        _ => None,
    }
}

/// An address that is referred to: without its fragment, and that without escapes.
///
/// # Errors
/// It is none.
pub(super) fn join(base: &str, reference: &str, syntax: &dyn Syntax) -> Result<(String, String), Invalid> {
    let fault = |why: String| Invalid::Address(reference.to_owned(), why);
    let (address, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let fragment = syntax.unescape(fragment).map_err(fault)?;
    Ok((syntax.join(base, address).map_err(fault)?, fragment))
}

struct Collect<'c, 'l> {
    root: &'c mut Root,
    documents: &'c mut Documents<'l>,
    syntax: &'c dyn Syntax,
}

impl Collect<'_, '_> {
    /// A part and all schemas in it.
    fn part<'p>(
        &mut self,
        part: &'p Value,
        path: &mut Path<'p>,
        around: usize,
        dialect: &Dialect,
    ) -> Result<(), Invalid> {
        if !self.root.seen.insert(place(part)) {
            return Ok(());
        }
        let is_top = self.root.resources.is_empty();
        let mut dialect = Cow::Borrowed(dialect);
        let mut own = None;
        if let Some(said) = part.get("$schema").and_then(Value::as_str) {
            let draft = draft_of(said, dialect.draft, self.documents)?;
            own = id(part, draft);
            // a draft counts where something has an address by it
            if is_top || own.is_some() {
                let vocabularies = vocabularies_of(said, draft, self.documents)?;
                dialect = Cow::Owned(Dialect { draft, vocabularies });
            }
        }
        let own = own.or_else(|| id(part, dialect.draft));
        let mut around = around;
        if is_top || own.is_some() {
            let base = self.root.resources.get(around).map_or(&self.root.address, |around| &around.address);
            let address = match own {
                Some(id) => self.syntax.join(base, id).map_err(|_| Invalid::Id(self.place(path)))?,
                None => base.clone(),
            };
            around = self.resource(part, path, address, Dialect::clone(&dialect))?;
        }
        self.anchors(part, path, around, dialect.draft)?;
        stacker::maybe_grow(RED_ZONE, SEGMENT, || self.parts(part, path, around, &dialect))
    }

    /// The place of a part, for people.
    fn place(&self, path: &Path<'_>) -> String {
        self.root.place(&pointer(path))
    }

    fn resource(
        &mut self,
        part: &Value,
        path: &Path<'_>,
        address: String,
        dialect: Dialect,
    ) -> Result<usize, Invalid> {
        let pointer = self::pointer(path);
        let at = self.root.resources.len();
        if let Some(other) = self.root.addresses.insert(address.clone(), at) {
            let places = [pointer, self.root.resources[other].pointer.clone()];
            return Err(Invalid::Duplicate(Kind::Id, address, self.root.address.clone(), places));
        }
        let (anchors, dynamic) = (BTreeMap::new(), BTreeMap::new());
        self.root.resources.push(Resource { pointer, address, dialect, anchors, dynamic });
        self.root.places.insert(place(part), at);
        Ok(at)
    }

    fn anchors(&mut self, part: &Value, path: &Path<'_>, around: usize, draft: Draft) -> Result<(), Invalid> {
        let word = |name: &str| part.get(name).and_then(Value::as_str);
        let mut names = Vec::new();
        if draft < Draft::D2019 {
            let id = word(draft.id()).filter(|_| !is_ignored(part, draft));
            if let Some((_, fragment)) = id.and_then(|id| id.split_once('#')) {
                let name = self.syntax.unescape(fragment);
                let name = name.map_err(|_| Invalid::AnchorOf(self.place(path)))?;
                names.extend(Some(name).filter(|name| !name.is_empty() && !name.starts_with('/')));
            }
        } else {
            names.extend(word("$anchor").map(str::to_owned));
            if draft >= Draft::D2020
                && let Some(name) = word("$dynamicAnchor")
            {
                names.push(name.to_owned());
                self.root.resources[around].dynamic.insert(name.to_owned(), pointer(path));
            }
        }
        for name in names {
            let pointer = self::pointer(path);
            let anchors = &mut self.root.resources[around].anchors;
            match anchors.get(&name) {
                Some(other) if *other != pointer => {
                    let places = [other.clone(), pointer];
                    let document = self.root.address.clone();
                    return Err(Invalid::Duplicate(Kind::Anchor, name, document, places));
                }
                _ => anchors.insert(name, pointer),
            };
        }
        Ok(())
    }

    fn parts<'p>(
        &mut self,
        part: &'p Value,
        path: &mut Path<'p>,
        around: usize,
        dialect: &Dialect,
    ) -> Result<(), Invalid> {
        for name in dialect.draft.places() {
            let Some(below) = part.get(name) else { continue };
            path.push(name.into());
            match below {
                Value::Object(map) if is_map(name) => {
                    for (key, below) in map {
                        path.push(key.into());
                        self.part(below, path, around, dialect)?;
                        path.pop();
                    }
                }
                Value::Array(items) => {
                    for (index, below) in items.iter().enumerate() {
                        path.push(index.to_string().into());
                        self.part(below, path, around, dialect)?;
                        path.pop();
                    }
                }
                _ => self.part(below, path, around, dialect)?,
            }
            path.pop();
        }
        Ok(())
    }
}

/// What may be there only once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The address of a part.
    Id,
    /// A name within a part.
    Anchor,
}

/// The address, without its fragment, that a part gives itself by a draft.
fn id(part: &Value, draft: Draft) -> Option<&str> {
    let id = part.get(draft.id()).and_then(Value::as_str).filter(|_| !is_ignored(part, draft));
    id.map(without_fragment).filter(|id| !id.is_empty())
}

/// Whether the address of a part does not count: up to draft 7 nothing does beside a reference.
fn is_ignored(part: &Value, draft: Draft) -> bool {
    draft < Draft::D2019 && part.get("$ref").is_some()
}
