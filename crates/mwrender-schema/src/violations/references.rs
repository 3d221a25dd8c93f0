//! A schema on its own: what it refers to, and whether it is one.

use std::collections::{HashSet, VecDeque};
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use referencing::meta::{DRAFT4, DRAFT6, DRAFT7, DRAFT201909, DRAFT202012};
use referencing::{Draft as Other, Error, Registry, Resolved, Resolver, SPECIFICATIONS, Uri, uri};
use serde_json::{Value, json};

use super::documents::{Documents, Load, checked};
use super::draft::Draft;
use super::evaluate::{evaluate, pointer};
use super::{Node, Syntax};

/// Why a schema cannot be used.
#[derive(Clone, Debug)]
pub enum Invalid {
    /// What is at this address is no schema of its draft: what the schema of the draft has against it.
    Violations(String, Draft, Vec<Node>),
    /// It refers to what is not at this address, for this reason.
    Load(String, String),
    /// There is nothing at this address, whose fragment is a path.
    Pointer(String),
    /// There is nothing at this address, whose fragment is an anchor, in the document with that address.
    Anchor(String, String),
    /// This is no pattern, in the schema with that address, for this reason.
    Pattern(String, String, String),
    /// An address is none.
    Address(String),
}

/// A schema with all that it refers to.
///
/// To make one costs several times as much as a check with it does, since the schema is checked by that of its draft:
/// keep it for the next values.
#[derive(Debug)]
pub struct Standalone {
    draft: Draft,
    registry: Registry<'static>,
    uri: Uri<String>,
}

pub(super) fn draft(other: Other) -> Draft {
    match other {
        Other::Draft4 => Draft::D4,
        Other::Draft6 => Draft::D6,
        Other::Draft7 => Draft::D7,
        Other::Draft201909 => Draft::D2019,
        _ => Draft::D2020,
    }
}

pub(super) fn other(draft: Draft) -> Other {
    match draft {
        Draft::D4 => Other::Draft4,
        Draft::D6 => Other::Draft6,
        Draft::D7 => Other::Draft7,
        Draft::D2019 => Other::Draft201909,
        Draft::D2020 => Other::Draft202012,
    }
}

/// The schemas of drafts, as Helm's library has them: some say more or less than those that everyone else has.
static DRAFTS: LazyLock<[Value; 5]> = LazyLock::new(|| {
    let [mut d4, mut d6, mut d7] = [&DRAFT4, &DRAFT6, &DRAFT7].map(|draft| Value::clone(draft));
    for draft in [&mut d4, &mut d6, &mut d7] {
        draft["properties"]["enum"]["minItems"] = 1.into();
        draft["properties"]["enum"]["uniqueItems"] = true.into();
    }
    d4["properties"]["$ref"] = json!({"type": "string"});
    d4["properties"]["$schema"]["format"] = "uri".into();
    d6["properties"]["examples"] = json!({});
    if let Some(patterns) = d6["properties"]["patternProperties"].as_object_mut() {
        patterns.remove("propertyNames");
    }
    [d4, d6, d7, Value::clone(&DRAFT201909), Value::clone(&DRAFT202012)]
});

static REGISTRY: LazyLock<Option<Registry<'static>>> = LazyLock::new(|| {
    let old = [Draft::D4, Draft::D6, Draft::D7];
    let pairs = old.map(|draft| (draft.uri(), other(draft).create_resource_ref(of_draft(draft))));
    Registry::new().extend(pairs).and_then(referencing::RegistryBuilder::prepare).ok()
});

fn of_draft(draft: Draft) -> &'static Value {
    &DRAFTS[draft as usize]
}

/// What is wrong with a schema by the schema of its draft.
pub(super) fn against_draft(schema: &Value, draft: Draft, syntax: &dyn Syntax) -> Result<Vec<Node>, Invalid> {
    let registry = if draft < Draft::D2019 { REGISTRY.as_ref() } else { None };
    let meta = registry.unwrap_or(&SPECIFICATIONS).resolver(address(draft.uri())?);
    Ok(evaluate(of_draft(draft), &meta, draft, true, syntax, schema))
}

fn address(text: &str) -> Result<Uri<String>, Invalid> {
    uri::from_str(text).map_err(|error| Invalid::Address(error.to_string()))
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
        let schema = checked(schema, place, load, syntax)?;
        let draft = Draft::of(&schema);
        let mut documents = Documents::default();
        loop {
            let registry = SPECIFICATIONS.add(place, other(draft).create_resource(schema.clone()));
            let registry = registry.and_then(|builder| builder.retriever(documents.clone()).prepare());
            let registry = registry.map_err(|error| Invalid::Address(error.to_string()))?;
            let standalone = Standalone { draft, registry, uri: address(place)? };
            let root = standalone.schema()?;
            let missing = documents.take_missing();
            let mut check = Check { root, place, syntax, missing: &missing, seen: HashSet::new() };
            match check.all(standalone.resolver(), draft)? {
                Some(address) => documents.load(&address, load, syntax)?,
                None => return Ok(standalone),
            }
        }
    }

    fn resolver(&self) -> Resolver<'_> {
        self.registry.resolver(self.uri.clone())
    }

    /// The schema where references find it: what was entered is told by places in memory.
    fn schema(&self) -> Result<&Value, Invalid> {
        let found = self.resolver().lookup("#");
        found.map(|found| found.contents()).map_err(|error| Invalid::Address(error.to_string()))
    }

    /// What the schema has against a value.
    pub fn check(&self, syntax: &dyn Syntax, value: &Value) -> Vec<Node> {
        let Ok(schema) = self.schema() else { return Vec::new() };
        evaluate(schema, &self.resolver(), self.draft, false, syntax, value)
    }
}

/// What a reference leads to.
enum Found<'c> {
    /// This, which has this address.
    Here(Resolved<'c>, String),
    /// A document that is not loaded, by its address.
    Missing(String),
}

/// A look at the parts of a schema that a check may come to, in Go's order: those that stand beside each other before
/// those within them.
struct Check<'c> {
    root: &'c Value,
    /// The address of the document.
    place: &'c str,
    syntax: &'c dyn Syntax,
    /// The addresses of what is still to be loaded.
    missing: &'c [String],
    seen: HashSet<*const Value>,
}

impl<'c> Check<'c> {
    /// The address of what is to be loaded before the rest can be looked at, if there is such.
    fn all(&mut self, resolver: Resolver<'c>, draft: Draft) -> Result<Option<String>, Invalid> {
        // with each goes the nearest schema around it that has an address of its own
        let mut queue = VecDeque::from([(self.root, self.root, resolver, draft)]);
        while let Some((schema, whole, resolver, draft)) = queue.pop_front() {
            if !self.seen.insert(schema) {
                continue;
            }
            let id = if draft == Draft::D4 { "id" } else { "$id" };
            let whole = if schema.get(id).is_some_and(Value::is_string) { schema } else { whole };
            let resolver = resolver.in_subresource(other(draft).create_resource_ref(schema));
            let resolver = resolver.map_err(|error| Invalid::Address(error.to_string()))?;
            let is_old = draft < Draft::D2019;
            for (name, _) in REFERENCES.iter().filter(|(_, since)| *since <= draft) {
                if let Some(Value::String(reference)) = schema.get(name) {
                    let (found, address) = match self.lookup(&resolver, reference, whole)? {
                        Found::Here(found, address) => (found, address),
                        Found::Missing(address) => return Ok(Some(address)),
                    };
                    let (target, resolver, other) = found.into_inner();
                    let draft = super::references::draft(other);
                    // what is no part of a schema need not be one
                    if address.starts_with(self.place) && !self.seen.contains(&std::ptr::from_ref(target)) {
                        let found = against_draft(target, draft, self.syntax)?;
                        if !found.is_empty() {
                            return Err(Invalid::Violations(address, draft, found));
                        }
                    }
                    queue.push_back((target, self.root, resolver, draft));
                }
            }
            // what draft 4 has does not count beside it; Go looks at what came later all the same
            let first = if is_old && schema.get("$ref").is_some_and(Value::is_string) {
                Draft::D6
            } else {
                Draft::D4
            };
            if first == Draft::D4 {
                self.patterns(schema, &resolver)?;
            }
            queue.extend(parts(schema, first, draft).map(|part| (part, whole, resolver.clone(), draft)));
        }
        Ok(None)
    }

    /// What a reference leads to.
    fn lookup(&self, resolver: &Resolver<'c>, reference: &str, whole: &Value) -> Result<Found<'c>, Invalid> {
        let base = resolver.base_uri();
        let full = uri::resolve_against(&base.borrow(), reference);
        let full = full.map_err(|error| Invalid::Address(error.to_string()))?;
        let (address, fragment) = full.as_str().split_once('#').unwrap_or((full.as_str(), ""));
        if self.missing.iter().any(|missing| missing == address) {
            return Ok(Found::Missing(address.to_owned()));
        }
        // places of this document are told by the way from its top
        let is_here = reference.starts_with('#');
        let document = if is_here { self.place } else { address };
        let top = if is_here { pointer(self.root, whole).unwrap_or_default() } else { String::new() };
        let decoded = percent_decode_str(fragment).decode_utf8_lossy();
        let place = format!("{document}#{top}{decoded}");
        let is_tilde = |part: &str| !part.starts_with(['0', '1']);
        if decoded.starts_with('/') && decoded.split('~').skip(1).any(is_tilde) {
            return Err(Invalid::Address(format!("invalid json-pointer \"{place}\"")));
        }
        match resolver.lookup(reference) {
            Ok(found) => Ok(Found::Here(found, place)),
            Err(Error::Unretrievable { uri, .. }) => Ok(Found::Missing(uri)),
            Err(Error::NoSuchAnchor { anchor } | Error::InvalidAnchor { anchor }) => {
                let anchor = percent_decode_str(&anchor).decode_utf8_lossy();
                Err(Invalid::Anchor(format!("{address}#{anchor}"), document.to_owned()))
            }
            Err(_) => Err(Invalid::Pointer(place)),
        }
    }

    fn patterns(&self, schema: &Value, resolver: &Resolver<'_>) -> Result<(), Invalid> {
        for (pattern, _) in schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten() {
            if let Some(why) = self.syntax.format("regex", pattern) {
                let base = resolver.base_uri();
                let place = pointer(self.root, schema).unwrap_or_default();
                let place = format!("{}#{place}/patternProperties", base.as_str());
                return Err(Invalid::Pattern(pattern.clone(), place, why));
            }
        }
        Ok(())
    }
}

/// Keywords that refer to a schema, each with its first draft.
const REFERENCES: [(&str, Draft); 3] =
    [("$ref", Draft::D4), ("$recursiveRef", Draft::D2019), ("$dynamicRef", Draft::D2020)];

/// Keywords with schemas in them, in Go's order, each with the drafts that have it.
const PARTS: [(&str, Draft, Draft); 20] = {
    const LAST: Draft = Draft::D2020;
    [
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
        ("dependentSchemas", Draft::D2019, LAST),
        ("prefixItems", LAST, LAST),
        ("items", LAST, LAST),
        ("unevaluatedItems", Draft::D2019, LAST),
        ("unevaluatedProperties", Draft::D2019, LAST),
    ]
};

/// The schemas that are parts of one, by keywords that are no older than `first`.
fn parts(schema: &Value, first: Draft, draft: Draft) -> impl Iterator<Item = &Value> {
    let counts = move |name: &str| match name {
        "additionalItems" => schema.get("items").is_some_and(Value::is_array),
        // what a condition that is always the same never comes to is not looked at
        "then" => schema.get("if").is_some_and(|condition| *condition != false),
        "else" => schema.get("if").is_some_and(|condition| *condition != true),
        _ => true,
    };
    let known =
        PARTS.iter().filter(move |(_, since, until)| *since >= first && (*since..=*until).contains(&draft));
    known.filter(move |(name, ..)| counts(name)).flat_map(move |(name, ..)| {
        let is_map =
            matches!(*name, "properties" | "patternProperties" | "dependencies" | "dependentSchemas");
        let parts: Vec<&Value> = match schema.get(name) {
            Some(Value::Array(items)) => items.iter().collect(),
            Some(Value::Object(map)) if is_map => map.values().filter(|part| !part.is_array()).collect(),
            Some(part) => vec![part],
            None => Vec::new(),
        };
        parts
    })
}
