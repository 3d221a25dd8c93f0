//! A schema on its own: what it refers to, and whether it is one.

use std::collections::HashSet;
use std::error::Error as StdError;
use std::sync::{Arc, LazyLock, Mutex};

use percent_encoding::percent_decode_str;
use referencing::meta::{DRAFT4, DRAFT6, DRAFT7, DRAFT201909, DRAFT202012};
use referencing::{Draft as Other, Error, Registry, Resolved, Resolver, Retrieve, SPECIFICATIONS, Uri, uri};
use serde_json::{Value, json};

use super::draft::{Draft, known, spell};
use super::evaluate::{evaluate, pointer};
use super::{Node, Syntax};

/// Why a schema cannot be used.
#[derive(Clone, Debug)]
pub enum Invalid {
    /// What is at this address is no schema of its draft: what the schema of the draft has against it.
    Violations(String, Draft, Vec<Node>),
    /// It refers to what would have to be fetched from this address.
    Load(String),
    /// There is nothing at this address, whose fragment is a path.
    Pointer(String),
    /// There is nothing at this address, whose fragment is an anchor, in the document with that address.
    Anchor(String, String),
    /// This is no pattern, in the schema with that address, for this reason.
    Pattern(String, String, String),
    /// An address is none.
    Address(String),
}

/// A schema in a text of its own, which may refer to the schemas of drafts, and to no others.
///
/// To make one costs several times as much as a check with it does, since the schema is checked by that of its draft:
/// keep it for the next values.
#[derive(Debug)]
pub struct Standalone {
    draft: Draft,
    registry: Registry<'static>,
    uri: Uri<String>,
}

/// Gives a schema that allows all for each address, and remembers the addresses.
#[derive(Clone, Default)]
struct Refused(Arc<Mutex<Vec<String>>>);

impl Retrieve for Refused {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn StdError + Send + Sync>> {
        // so does Helm with what it does not want to fetch
        if uri.as_str().starts_with("urn:") {
            return Ok(Value::Bool(true));
        }
        if let Ok(mut seen) = self.0.lock() {
            seen.push(uri.as_str().to_owned());
        }
        Ok(Value::Bool(true))
    }
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
fn against_draft(schema: &Value, draft: Draft, syntax: &dyn Syntax) -> Result<Vec<Node>, Invalid> {
    let registry = if draft < Draft::D2019 { REGISTRY.as_ref() } else { None };
    let meta = registry.unwrap_or(&SPECIFICATIONS).resolver(address(draft.uri())?);
    Ok(evaluate(of_draft(draft), &meta, draft, true, syntax, schema))
}

fn address(text: &str) -> Result<Uri<String>, Invalid> {
    uri::from_str(text).map_err(|error| Invalid::Address(error.to_string()))
}

impl Standalone {
    /// Takes a schema with the address that it would have been read from.
    ///
    /// # Errors
    /// It is no schema, or not a schema of its own.
    pub fn new(mut schema: Value, place: &str, syntax: &dyn Syntax) -> Result<Standalone, Invalid> {
        known(&mut schema)?;
        let draft = Draft::of(&schema);
        let found = against_draft(&schema, draft, syntax)?;
        if !found.is_empty() {
            return Err(Invalid::Violations(format!("{place}#"), draft, found));
        }
        spell(&mut schema);
        let refused = Refused::default();
        let resource = other(draft).create_resource(schema);
        let registry = SPECIFICATIONS.add(place, resource);
        let registry = registry.and_then(|builder| builder.retriever(refused.clone()).prepare());
        let registry = registry.map_err(|error| Invalid::Address(error.to_string()))?;
        if let Some(first) = refused.0.lock().ok().and_then(|seen| seen.first().cloned()) {
            return Err(Invalid::Load(first));
        }
        let standalone = Standalone { draft, registry, uri: address(place)? };
        let resolver = standalone.resolver();
        let schema = standalone.schema()?;
        let mut check =
            Check { root: schema, place, draft, syntax, seen: HashSet::new(), targets: Vec::new() };
        check.schema(schema, schema, &resolver)?;
        check.targets()?;
        Ok(standalone)
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

/// A look at all parts of a schema.
struct Check<'c> {
    root: &'c Value,
    /// The address of the document.
    place: &'c str,
    draft: Draft,
    syntax: &'c dyn Syntax,
    seen: HashSet<*const Value>,
    /// What references lead to, with their addresses.
    targets: Vec<(Resolved<'c>, String)>,
}

impl<'c> Check<'c> {
    /// Looks at a schema that is part of `whole`, the nearest one around it with an address of its own.
    fn schema(
        &mut self,
        schema: &'c Value,
        whole: &'c Value,
        resolver: &Resolver<'c>,
    ) -> Result<(), Invalid> {
        if !self.seen.insert(schema) {
            return Ok(());
        }
        let whole =
            if schema.get("$id").or(schema.get("id")).is_some_and(Value::is_string) { schema } else { whole };
        let resolver = resolver.in_subresource(other(self.draft).create_resource_ref(schema));
        let resolver = resolver.map_err(|error| Invalid::Address(error.to_string()))?;
        if let Some(Value::String(reference)) = schema.get("$ref") {
            let target = self.target(reference, whole, &resolver)?;
            self.targets.push(target);
        }
        for (pattern, _) in schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten() {
            if let Some(why) = self.syntax.format("regex", pattern) {
                let base = resolver.base_uri();
                let place = pointer(self.root, schema).unwrap_or_default();
                let place = format!("{}#{place}/patternProperties", base.as_str());
                return Err(Invalid::Pattern(pattern.clone(), place, why));
            }
        }
        for next in other(self.draft).subresources_of(schema) {
            self.schema(next, whole, &resolver)?;
        }
        Ok(())
    }

    /// What a reference leads to, and the address of that.
    fn target(
        &self,
        reference: &str,
        whole: &Value,
        resolver: &Resolver<'c>,
    ) -> Result<(Resolved<'c>, String), Invalid> {
        let base = resolver.base_uri();
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        // of this document, Helm tells places by the way from its top
        let (document, top) = if path.is_empty() {
            (self.place.to_owned(), pointer(self.root, whole).unwrap_or_default())
        } else {
            let resolved = uri::resolve_against(&base.borrow(), path);
            (resolved.map_or_else(|_| path.to_owned(), |uri| uri.as_str().to_owned()), String::new())
        };
        let decoded = percent_decode_str(fragment).decode_utf8_lossy();
        let address = format!("{document}#{top}{decoded}");
        match resolver.lookup(reference) {
            Ok(found) => Ok((found, address)),
            Err(Error::Unretrievable { uri, .. }) => Err(Invalid::Load(uri)),
            Err(Error::NoSuchAnchor { anchor } | Error::InvalidAnchor { anchor }) => {
                let base = if path.is_empty() { base.as_str() } else { &document };
                Err(Invalid::Anchor(format!("{base}#{anchor}"), document.clone()))
            }
            Err(_) => Err(Invalid::Pointer(address)),
        }
    }

    /// Looks at what references lead to and nothing else does: it need not be a schema.
    fn targets(&mut self) -> Result<(), Invalid> {
        while let Some((target, address)) = self.targets.pop() {
            let (schema, resolver, _) = target.into_inner();
            if self.seen.contains(&std::ptr::from_ref(schema)) || !address.starts_with(self.place) {
                continue;
            }
            let found = against_draft(schema, self.draft, self.syntax)?;
            if !found.is_empty() {
                return Err(Invalid::Violations(address, self.draft, found));
            }
            self.schema(schema, self.root, &resolver)?;
        }
        Ok(())
    }
}
