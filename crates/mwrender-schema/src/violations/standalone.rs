//! A schema on its own: what it refers to, and whether it is one.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, LazyLock};

use serde_json::Value;

use super::dialect::{Dialect, Words};
use super::documents::{Documents, Load};
use super::draft::{self, Draft};
use super::evaluate::evaluate;
use super::roots::{self, Found, Kind, Root};
use super::{Node, Syntax};

/// Why a schema cannot be used.
#[derive(Clone, Debug)]
pub enum Invalid {
    /// What is at this address is no schema of its draft: what the schema with the second address has against it.
    Violations(String, String, Vec<Node>),
    /// It refers to what is not at this address, for this reason.
    Load(String, String),
    /// There is nothing at this address, whose fragment is a path.
    Pointer(String),
    /// The fragment of this address begins as a path and is none.
    Path(String),
    /// There is nothing at this address, whose fragment is a name, in the document with that address.
    Anchor(String, String),
    /// This is no pattern, in the schema with that address, for this reason.
    Pattern(String, String, String),
    /// This address is none, for that reason.
    Address(String, String),
    /// The address that the schema at this place gives itself is none.
    Id(String),
    /// The name that the schema at this place gives itself is none.
    AnchorOf(String),
    /// Something in a document (its address is the third) is there twice, at these places.
    Duplicate(Kind, String, String, [String; 2]),
    /// What is at this address is no draft.
    Draft(String),
    /// What is at this address is a draft based on itself.
    DraftCycle(String),
    /// This vocabulary is not known, for which that draft asks.
    Vocabulary(String, String),
}

/// A schema with all that it refers to.
///
/// To make one costs several times as much as a check with it does, since the schema is checked by that of its draft:
/// keep it for the next values.
#[derive(Debug)]
pub struct Standalone {
    pub(super) roots: Vec<Root>,
    /// What references lead to, by the places in memory of the schemas that they are in.
    targets: HashMap<(usize, &'static str), Target>,
}

/// A part of a document.
#[derive(Clone, Debug)]
struct Target {
    /// The document.
    root: usize,
    found: Found,
}

/// The schema for schemas, and its address.
type Meta = (Arc<Standalone>, String);

/// What the schemas of parts of a document are checked by, by the paths to those that have an address of their own.
pub(super) type Metas = HashMap<String, Arc<Standalone>>;

/// The schemas of the drafts.
static DRAFTS: LazyLock<[LazyLock<Option<Arc<Standalone>>>; 5]> = LazyLock::new(|| {
    [
        LazyLock::new(|| of_draft(Draft::D4)),
        LazyLock::new(|| of_draft(Draft::D6)),
        LazyLock::new(|| of_draft(Draft::D7)),
        LazyLock::new(|| of_draft(Draft::D2019)),
        LazyLock::new(|| of_draft(Draft::D2020)),
    ]
});

fn of_draft(draft: Draft) -> Option<Arc<Standalone>> {
    trusted(draft.uri(), &draft::document(draft.uri())?).ok().map(Arc::new)
}

/// A schema that is one, and refers to drafts alone.
fn trusted(address: &str, schema: &Arc<Value>) -> Result<Standalone, Invalid> {
    Make::new(&Drafts, &Plain).make(address, schema, true)
}

/// Nothing but drafts.
struct Drafts;

impl Load for Drafts {
    fn load(&self, _: &str) -> Result<Value, String> {
        Err("it is not of a draft".to_owned())
    }
}

/// What drafts need: their addresses are plain.
struct Plain;

impl Syntax for Plain {
    fn matches(&self, _: &str, _: &str) -> bool {
        false
    }

    fn format(&self, _: &str, _: &str) -> Option<String> {
        None
    }

    fn join(&self, base: &str, reference: &str) -> Result<String, String> {
        let folder = base.rfind('/').map_or("", |at| &base[..=at]);
        Ok(match reference {
            "" => base.to_owned(),
            absolute if absolute.contains(':') => absolute.to_owned(),
            relative => format!("{folder}{relative}"),
        })
    }

    fn unescape(&self, fragment: &str) -> Result<String, String> {
        Ok(fragment.to_owned())
    }
}

/// The schema for schemas of a dialect, and its address.
fn meta(dialect: &Dialect) -> Result<Meta, Invalid> {
    if let Some((schema, address)) = dialect.own_schema() {
        return Ok((Arc::new(trusted(address, &Arc::new(schema))?), address.to_owned()));
    }
    let address = dialect.draft.uri();
    let of_draft = DRAFTS[dialect.draft as usize].clone();
    let of_draft = of_draft.ok_or_else(|| Invalid::Draft(address.to_owned()))?;
    Ok((of_draft, format!("{address}#")))
}

impl Standalone {
    /// Takes a schema with the address that it would have been read from, and loads what it refers to.
    ///
    /// # Errors
    /// It is no schema, or it refers to what is none.
    pub fn new(
        schema: Value,
        place: &str,
        load: &dyn Load,
        syntax: &dyn Syntax,
    ) -> Result<Standalone, Invalid> {
        Make::new(load, syntax).make(place, &Arc::new(schema), false)
    }

    /// What the schema has against a value.
    pub fn check(&self, syntax: &dyn Syntax, value: &Value) -> Vec<Node> {
        evaluate(self, None, syntax, value)
    }

    /// The schema itself.
    pub(super) fn top(&self) -> Option<&Value> {
        self.roots.first().map(|root| &*root.value)
    }

    /// What a reference in a schema leads to: the document, and the path in it.
    pub(super) fn target(&self, schema: &Value, keyword: &'static str) -> Option<(usize, &str)> {
        let target = self.targets.get(&(roots::place(schema), keyword))?;
        Some((target.root, &target.found.pointer))
    }

    /// The name by which a `$dynamicRef` looks for what was entered first, if it does.
    pub(super) fn dynamic_name(&self, schema: &Value) -> Option<&str> {
        let target = self.targets.get(&(roots::place(schema), "$dynamicRef"))?;
        let found = roots::find(&self.roots[target.root].value, &target.found.pointer)?;
        found.get("$dynamicAnchor").and_then(Value::as_str).filter(|_| target.found.is_anchor)
    }
}

/// Puts a schema together: a look at the parts that a check may come to, in Go's order: those that stand beside each
/// other before those within them.
struct Make<'m> {
    documents: Documents<'m>,
    syntax: &'m dyn Syntax,
    made: Standalone,
    /// The schemas for schemas of dialects.
    metas: RefCell<Vec<(Dialect, Meta)>>,
    queue: VecDeque<(usize, String)>,
    queued: HashSet<(usize, String)>,
}

impl<'m> Make<'m> {
    fn new(load: &'m dyn Load, syntax: &'m dyn Syntax) -> Make<'m> {
        let made = Standalone { roots: Vec::new(), targets: HashMap::new() };
        let documents = Documents::new(load);
        Make {
            documents,
            syntax,
            made,
            metas: RefCell::default(),
            queue: VecDeque::new(),
            queued: HashSet::new(),
        }
    }

    fn make(mut self, address: &str, schema: &Arc<Value>, is_trusted: bool) -> Result<Standalone, Invalid> {
        self.add(address, schema, is_trusted)?;
        self.enqueue(0, String::new());
        while let Some((root, pointer)) = self.queue.pop_front() {
            self.ensure(root, &pointer)?;
            self.schema(root, &pointer)?;
        }
        Ok(self.made)
    }

    fn enqueue(&mut self, root: usize, pointer: String) {
        if self.queued.insert((root, pointer.clone())) {
            self.queue.push_back((root, pointer));
        }
    }

    /// Takes a document, which must be a schema of its draft as a whole.
    fn add(&mut self, address: &str, value: &Arc<Value>, is_trusted: bool) -> Result<usize, Invalid> {
        let root = Root::new(address, value, &mut self.documents, self.syntax)?;
        if !is_trusted {
            self.against_draft(&root, "", value)?;
        }
        self.made.roots.push(root);
        Ok(self.made.roots.len() - 1)
    }

    /// Checks a part of a document by the schema of its draft.
    fn against_draft(&self, root: &Root, pointer: &str, part: &Value) -> Result<(), Invalid> {
        let dialect = &root.resources[root.around(pointer)].dialect;
        let (own, address) = self.meta(dialect)?;
        let mut metas = Metas::new();
        // those of the same dialect change nothing
        if root.resources.iter().any(|resource| resource.dialect != *dialect) {
            for resource in &root.resources {
                if let Some(below) = resource.pointer.strip_prefix(pointer) {
                    metas.insert(below.to_owned(), self.meta(&resource.dialect)?.0);
                }
            }
        }
        let found = evaluate(&own, Some(&metas), self.syntax, part);
        if found.is_empty() {
            return Ok(());
        }
        Err(Invalid::Violations(root.place(pointer), address, found))
    }

    /// The schema for schemas of a dialect, and its address.
    fn meta(&self, dialect: &Dialect) -> Result<Meta, Invalid> {
        let known =
            self.metas.borrow().iter().find(|(other, _)| other == dialect).map(|(_, made)| made.clone());
        if let Some(made) = known {
            return Ok(made);
        }
        let made = meta(dialect)?;
        self.metas.borrow_mut().push((dialect.clone(), made.clone()));
        Ok(made)
    }

    /// Makes sure that a part is a schema.
    fn ensure(&mut self, root: usize, pointer: &str) -> Result<(), Invalid> {
        let whole = self.made.roots[root].value.clone();
        let part = self.made.roots[root].lookup(pointer)?;
        debug_assert!(roots::find(&whole, pointer).is_some_and(|found| std::ptr::eq(found, part)));
        let Some(part) = roots::find(&whole, pointer) else { return Ok(()) };
        if self.made.roots[root].add(pointer, part, &mut self.documents, self.syntax)? {
            self.against_draft(&self.made.roots[root], pointer, part)?;
        }
        Ok(())
    }

    /// Looks at what a schema refers to, and at the schemas in it.
    fn schema(&mut self, root: usize, pointer: &str) -> Result<(), Invalid> {
        let whole = self.made.roots[root].value.clone();
        let resource = self.made.roots[root].around(pointer);
        let around = &self.made.roots[root].resources[resource];
        let dialect = around.dialect.clone();
        let mut first = vec![around.pointer.clone()];
        if dialect.draft >= Draft::D2020 && around.pointer == pointer {
            first.extend(around.dynamic.values().cloned());
        }
        for way in first {
            self.enqueue(root, way);
        }
        let Some(schema @ Value::Object(words)) = roots::find(&whole, pointer) else { return Ok(()) };
        let (words, draft) = (Words::new(words, &dialect), dialect.draft);
        // what draft 4 has does not count beside it; Go looks at what came later all the same
        let is_old = draft < Draft::D2019 && words.get("$ref").is_some_and(Value::is_string);
        let oldest = if is_old { Draft::D6 } else { Draft::D4 };
        for (name, since, until) in PARTS {
            if !(since..=until).contains(&draft) || since < oldest && name != "$ref" {
                continue;
            }
            match (name, words.get(name)) {
                ("$ref" | "$recursiveRef" | "$dynamicRef", Some(Value::String(reference))) => {
                    let target = self.reference(root, resource, reference)?;
                    self.enqueue(target.root, target.found.pointer.clone());
                    self.made.targets.insert((roots::place(schema), name), target);
                }
                ("$ref" | "$recursiveRef" | "$dynamicRef", _) => {}
                (_, Some(value)) if counts(words, name) => {
                    for way in ways(name, value) {
                        self.enqueue(root, format!("{pointer}/{way}"));
                    }
                }
                _ => {}
            }
            if name == "$ref" && !is_old {
                self.patterns(words, root, pointer)?;
            }
        }
        Ok(())
    }

    /// What a reference leads to.
    fn reference(&mut self, root: usize, resource: usize, reference: &str) -> Result<Target, Invalid> {
        let own = &self.made.roots[root];
        let (address, fragment) = roots::join(&own.resources[resource].address, reference, self.syntax)?;
        let (root, resource) = match own.named(&address) {
            Some(resource) => (root, resource),
            None => (self.document(&address)?, 0),
        };
        let found = self.made.roots[root].resolve(resource, &fragment)?;
        Ok(Target { root, found })
    }

    /// The document at an address.
    fn document(&mut self, address: &str) -> Result<usize, Invalid> {
        if let Some(root) = self.made.roots.iter().position(|root| root.address == address) {
            return Ok(root);
        }
        let document = self.documents.get(address)?;
        self.add(address, &document, draft::is_trusted(address))
    }

    fn patterns(&self, words: Words<'_>, root: usize, pointer: &str) -> Result<(), Invalid> {
        for (pattern, _) in words.get("patternProperties").and_then(Value::as_object).into_iter().flatten() {
            if let Some(why) = self.syntax.format("regex", pattern) {
                let place = self.made.roots[root].place(&format!("{pointer}/patternProperties"));
                return Err(Invalid::Pattern(pattern.clone(), place, why));
            }
        }
        Ok(())
    }
}

/// Keywords with schemas in them, or that refer to one, in Go's order, each with the drafts that have it.
const PARTS: [(&str, Draft, Draft); 23] = {
    const LAST: Draft = Draft::D2020;
    [
        ("$ref", Draft::D4, LAST),
        ("allOf", Draft::D4, LAST),
        ("anyOf", Draft::D4, LAST),
        ("oneOf", Draft::D4, LAST),
        ("not", Draft::D4, LAST),
        ("items", Draft::D4, Draft::D2019),
        ("additionalItems", Draft::D4, Draft::D2019),
        ("properties", Draft::D4, LAST),
        ("patternProperties", Draft::D4, LAST),
        ("additionalProperties", Draft::D4, LAST),
        ("dependencies", Draft::D4, LAST),
        ("contains", Draft::D6, LAST),
        ("propertyNames", Draft::D6, LAST),
        ("if", Draft::D7, LAST),
        ("then", Draft::D7, LAST),
        ("else", Draft::D7, LAST),
        ("$recursiveRef", Draft::D2019, LAST),
        ("dependentSchemas", Draft::D2019, LAST),
        ("$dynamicRef", LAST, LAST),
        ("prefixItems", LAST, LAST),
        ("items", LAST, LAST),
        ("unevaluatedItems", Draft::D2019, LAST),
        ("unevaluatedProperties", Draft::D2019, LAST),
    ]
};

/// Whether a check may come to the schemas that a keyword has.
fn counts(words: Words<'_>, name: &str) -> bool {
    match name {
        "additionalItems" => words.get("items").is_some_and(Value::is_array),
        // what a condition that is always the same never comes to is not looked at
        "then" => words.get("if").is_some_and(|condition| *condition != false),
        "else" => words.get("if").is_some_and(|condition| *condition != true),
        _ => true,
    }
}

/// The ways to the schemas that a keyword has.
fn ways(name: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => (0..items.len()).map(|index| format!("{name}/{index}")).collect(),
        Value::Object(map) if roots::is_map(name) => {
            let schemas = map.iter().filter(|(_, part)| !part.is_array());
            schemas.map(|(key, _)| format!("{name}/{}", roots::escaped(key))).collect()
        }
        _ => vec![name.to_owned()],
    }
}
