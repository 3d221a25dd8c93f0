//! Where the walk through a schema is, and where its references lead.

use std::rc::Rc;

use serde_json::Value;

use super::Problem;
use super::draft::Draft;
use super::evaluate::Walk;
use super::roots::{self, Resource};
use super::standalone::Standalone;

/// What was entered on the way to a schema, for references that look there.
#[derive(Clone)]
pub(super) struct Scope<'s> {
    pub(super) standalone: &'s Standalone,
    pub(super) root: usize,
    pub(super) resource: usize,
    outer: Option<Rc<Scope<'s>>>,
}

impl<'s> Scope<'s> {
    fn resource(&self) -> &'s Resource {
        &self.standalone.roots[self.root].resources[self.resource]
    }
}

/// Where the walk is in the schema.
#[derive(Clone)]
pub(super) struct Place<'s> {
    pub(super) draft: Draft,
    /// The document, and the nearest part of it with an address of its own.
    pub(super) root: usize,
    pub(super) resource: usize,
    scope: Option<Rc<Scope<'s>>>,
    /// The first schema that was entered in a resource to which `$recursiveRef` may lead.
    recursive: Option<(Rc<Scope<'s>>, &'s Value)>,
    pub(super) keywords: Vec<String>,
    /// The schemas that were entered for this very value: their places in memory, and how many keywords led there.
    trail: Vec<(*const Value, usize)>,
}

impl<'s> Place<'s> {
    /// The top of a document.
    pub(super) fn top() -> Place<'s> {
        Place {
            draft: Draft::D2020,
            root: 0,
            resource: 0,
            scope: None,
            recursive: None,
            keywords: Vec::new(),
            trail: Vec::new(),
        }
    }

    /// A schema that is about the same value.
    pub(super) fn beside(&self, keywords: &[&str]) -> Place<'s> {
        let mut place = self.clone();
        place.keywords.extend(keywords.iter().map(|word| (*word).to_owned()));
        place
    }

    /// A schema that is about a part of the value.
    pub(super) fn below(&self, keywords: &[&str]) -> Place<'s> {
        Place { trail: Vec::new(), ..self.beside(keywords) }
    }
}

impl<'w> Walk<'w> {
    /// By what a part of a schema is checked instead, if it has a dialect of its own.
    pub(super) fn other(&self, schema: &'w Value, instance: &[String]) -> Option<Walk<'w>> {
        let metas = self.metas.filter(|_| std::ptr::eq(schema, self.top))?;
        let pointer = roots::pointer(instance);
        let own = &**metas.get(&pointer)?;
        let top = own.top().filter(|top| !std::ptr::eq(*top, self.top))?;
        Some(Walk { standalone: own, top, ..*self })
    }

    /// What a reference leads to.
    pub(super) fn target(
        &self,
        keyword: &'static str,
        schema: &'w Value,
        place: &Place<'w>,
    ) -> Option<(Scope<'w>, &'w Value)> {
        let standalone = self.standalone;
        let (root, pointer) = standalone.target(schema, keyword)?;
        let behind = roots::find(&standalone.roots[root].value, pointer)?;
        if keyword == "$recursiveRef"
            && behind.get("$recursiveAnchor") == Some(&Value::Bool(true))
            && let Some((scope, schema)) = &place.recursive
        {
            return Some((Scope::clone(scope), schema));
        }
        if keyword == "$dynamicRef"
            && let Some(name) = standalone.dynamic_name(schema)
        {
            let outer = std::iter::successors(place.scope.as_deref(), |scope| scope.outer.as_deref());
            let named = outer.filter_map(|scope| Some((scope, scope.resource().dynamic.get(name)?)));
            if let Some((scope, pointer)) = named.last() {
                let schema = roots::find(&scope.standalone.roots[scope.root].value, pointer)?;
                return Some((scope.clone(), schema));
            }
        }
        let resource = standalone.roots[root].around(pointer);
        Some((Scope { standalone, root, resource, outer: None }, behind))
    }

    /// Notes that a schema is entered for the value at hand; references do not look for what is taken instead. If it was
    /// before, the two places and its address.
    pub(super) fn enter(&self, schema: &'w Value, place: &mut Place<'w>, is_other: bool) -> Option<Problem> {
        let root = &self.standalone.roots[place.root];
        place.resource = root.resource_at(schema).unwrap_or(place.resource);
        let resource = &root.resources[place.resource];
        place.draft = resource.dialect.draft;
        let is_same = |scope: &Rc<Scope<'w>>| {
            std::ptr::eq(scope.standalone, self.standalone)
                && (scope.root, scope.resource) == (place.root, place.resource)
        };
        if !place.scope.as_ref().is_some_and(is_same) {
            let (standalone, root, resource) = (self.standalone, place.root, place.resource);
            let outer = place.scope.take();
            place.scope = Some(Rc::new(Scope { standalone, root, resource, outer }));
        }
        if place.recursive.is_none() && !is_other && place.draft >= Draft::D2019 {
            let whole = roots::find(&root.value, &resource.pointer);
            let says_so = whole.and_then(|whole| whole.get("$recursiveAnchor")) == Some(&Value::Bool(true));
            place.recursive = place.scope.clone().filter(|_| says_so).map(|scope| (scope, schema));
        }
        let own: *const Value = schema;
        if let Some((_, length)) = place.trail.iter().find(|(other, _)| *other == own) {
            let path = |words: &[String]| roots::fragment(&roots::pointer(words)).to_string();
            let address = root.place(&pointer(&root.value, schema).unwrap_or_default());
            return Some(Problem::Cycle(path(&place.keywords), path(&place.keywords[..*length]), address));
        }
        place.trail.push((own, place.keywords.len()));
        None
    }
}

/// The path to a part of a schema.
fn pointer(whole: &Value, part: &Value) -> Option<String> {
    if std::ptr::eq(whole, part) {
        return Some(String::new());
    }
    match whole {
        Value::Object(entries) => entries.iter().find_map(|(key, below)| {
            pointer(below, part).map(|rest| format!("/{}{rest}", roots::escaped(key)))
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, below)| pointer(below, part).map(|rest| format!("/{index}{rest}"))),
        _ => None,
    }
}
