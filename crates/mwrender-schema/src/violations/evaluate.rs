//! The walk through a schema with a value.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use serde_json::Value;

use super::dialect::Words;
use super::draft::Draft;
use super::number::{equal, is_multiple};
use super::scope::Place;
use super::standalone::{Metas, Standalone};
use super::{Node, Problem, Syntax};

/// What is wrong with a value by a schema, from the top. If it is the schema for schemas, `metas` says by what parts of
/// the value are checked.
pub(super) fn evaluate(
    standalone: &Standalone,
    metas: Option<&Metas>,
    syntax: &dyn Syntax,
    value: &Value,
) -> Vec<Node> {
    let Some(top) = standalone.top() else { return Vec::new() };
    let most = STEPS
        + STEPS_EACH * (size(value) + standalone.roots.iter().map(|root| size(&root.value)).sum::<u64>());
    let left = Cell::new(most);
    let walk = Walk { syntax, standalone, metas, top, left: &left };
    let mut rest = Rest::of(value);
    let found = walk.schema(top, &Place::top(), value, &[], &mut rest);
    if left.get() == 0 {
        let (keywords, instance, causes) = (Vec::new(), Vec::new(), Vec::new());
        return vec![Node { keywords, instance, problem: Problem::Steps(most), causes }];
    }
    match found {
        Some(Node { problem: Problem::Group, causes, .. }) => causes,
        Some(node) => vec![node],
        None => Vec::new(),
    }
}

/// What is the same in all of a walk.
pub(super) struct Walk<'w> {
    pub(super) syntax: &'w dyn Syntax,
    pub(super) standalone: &'w Standalone,
    pub(super) metas: Option<&'w Metas>,
    /// The schema for schemas that the value is checked by.
    pub(super) top: &'w Value,
    /// How many schemas may still be entered.
    pub(super) left: &'w Cell<u64>,
}

/// So many schemas may be entered for any value, and so many more for each part of it and of the schema: references can
/// make them double at each level.
const STEPS: u64 = 200_000;
const STEPS_EACH: u64 = 1_000;

/// How many parts a document has.
fn size(value: &Value) -> u64 {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(entries) => entries.values().map(size).sum(),
        _ => 0,
    }
}

/// What no schema has looked at yet: keys and indices.
#[derive(Clone, Default)]
pub(super) struct Rest {
    pub(super) keys: BTreeSet<String>,
    pub(super) items: BTreeSet<usize>,
}

impl Rest {
    pub(super) fn of(value: &Value) -> Rest {
        match value {
            Value::Object(entries) => Rest { keys: entries.keys().cloned().collect(), ..Rest::default() },
            Value::Array(items) => Rest { items: (0..items.len()).collect(), ..Rest::default() },
            _ => Rest::default(),
        }
    }

    fn keep(&mut self, other: &Rest) {
        self.keys.retain(|key| other.keys.contains(key));
        self.items.retain(|item| other.items.contains(item));
    }
}

/// What is found of one schema and one value.
pub(super) struct Found<'f, 's> {
    pub(super) place: &'f Place<'s>,
    pub(super) instance: &'f [String],
    nodes: Vec<Node>,
}

impl Found<'_, '_> {
    fn node(&self, keywords: &[&str], problem: Problem, causes: Vec<Node>) -> Node {
        let keywords =
            self.place.keywords.iter().cloned().chain(keywords.iter().map(|word| (*word).to_owned()));
        Node { keywords: keywords.collect(), instance: self.instance.to_vec(), problem, causes }
    }

    pub(super) fn add(&mut self, keywords: &[&str], problem: Problem, causes: Vec<Node>) {
        let node = self.node(keywords, problem, causes);
        self.nodes.push(node);
    }

    /// Holds a length to the least and the most that a schema has under these words.
    pub(super) fn limit(&mut self, words: Words<'_>, [least, most]: [&str; 2], length: f64) {
        let limit = |word| words.get(word).and_then(Value::as_f64);
        if let Some(asked) = limit(least).filter(|asked| length < *asked) {
            self.add(&[least], Problem::Limit(length, asked), Vec::new());
        }
        if let Some(asked) = limit(most).filter(|asked| length > *asked) {
            self.add(&[most], Problem::Limit(length, asked), Vec::new());
        }
    }

    /// A node that is about no place of the value.
    pub(super) fn add_nowhere(&mut self, keywords: &[&str], problem: Problem, causes: Vec<Node>) {
        let node = Node { instance: Vec::new(), ..self.node(keywords, problem, causes) };
        self.nodes.push(node);
    }

    pub(super) fn push(&mut self, node: Option<Node>) {
        self.nodes.extend(node);
    }
}

/// Schemas and values nest as deeply as they like: below this much stack, more of it is taken.
pub(super) const RED_ZONE: usize = 128 * 1024;
pub(super) const SEGMENT: usize = 1024 * 1024;

/// The types in the order of messages.
const TYPES: [&str; 7] = ["null", "boolean", "number", "integer", "string", "array", "object"];

pub(super) fn count(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::INFINITY, f64::from)
}

impl<'w> Walk<'w> {
    /// Checks a value, of which `rest` is what no schema around this one has looked at.
    pub(super) fn schema(
        &self,
        schema: &'w Value,
        place: &Place<'w>,
        value: &Value,
        instance: &[String],
        rest: &mut Rest,
    ) -> Option<Node> {
        self.left.set(self.left.get().saturating_sub(1));
        if self.left.get() == 0 {
            return None;
        }
        let place = place.clone();
        stacker::maybe_grow(RED_ZONE, SEGMENT, || match self.other(schema, instance) {
            Some(own) => {
                let mut place = place;
                (place.root, place.resource) = (0, 0);
                own.entered(own.top, place, value, instance, rest, true)
            }
            None => self.entered(schema, place, value, instance, rest, false),
        })
    }

    fn entered(
        &self,
        schema: &'w Value,
        mut place: Place<'w>,
        value: &Value,
        instance: &[String],
        rest: &mut Rest,
        is_other: bool,
    ) -> Option<Node> {
        let Value::Object(words) = schema else {
            let found = Found { place: &place, instance, nodes: Vec::new() };
            let is_false = schema == &Value::Bool(false);
            return is_false.then(|| found.node(&[], Problem::False, Vec::new()));
        };
        if let Some(cycle) = self.enter(schema, &mut place, is_other) {
            let found = Found { place: &place, instance, nodes: Vec::new() };
            return Some(found.node(&[], cycle, Vec::new()));
        }
        let resources = &self.standalone.roots[place.root].resources;
        let words = Words::new(words, &resources[place.resource].dialect);
        let mut found = Found { place: &place, instance, nodes: Vec::new() };
        if let Some(first) = self.at_once(words, &place, value, &found) {
            return Some(first);
        }
        if let ControlFlow::Break(only) = self.words(schema, words, value, rest, &mut found) {
            return only;
        }
        match found.nodes.len() {
            0 => None,
            1 => found.nodes.pop(),
            _ => {
                let causes = std::mem::take(&mut found.nodes);
                Some(found.node(&[], Problem::Group, causes))
            }
        }
    }

    /// A schema that is about the same value. It does not know what those around it looked at; what it looked at counts
    /// for them, if the value meets it.
    fn beside(
        &self,
        schema: &'w Value,
        keywords: &[&str],
        value: &Value,
        rest: &mut Rest,
        found: &Found<'_, 'w>,
    ) -> Option<Node> {
        let mut inner = Rest::of(value);
        let node = self.schema(schema, &found.place.beside(keywords), value, found.instance, &mut inner);
        if node.is_none() {
            rest.keep(&inner);
        }
        node
    }

    /// Type, constant, and format: where one is wrong, nothing else is looked at.
    fn at_once(
        &self,
        words: Words<'w>,
        place: &Place<'w>,
        value: &Value,
        found: &Found<'_, 'w>,
    ) -> Option<Node> {
        let leaf = |keyword: &str, problem| Some(found.node(&[keyword], problem, Vec::new()));
        // up to draft 7 nothing else counts beside a reference, but a constant
        let refers = place.draft < Draft::D2019 && words.get("$ref").is_some();
        let word = |name: &str| if refers { None } else { words.get(name) };
        if let Some(wanted) = word("type") {
            let wanted: Vec<&str> = match wanted {
                Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
                one => one.as_str().into_iter().collect(),
            };
            let wanted: Vec<&'static str> = TYPES.into_iter().filter(|name| wanted.contains(name)).collect();
            let got = type_of(value);
            let whole = wanted.contains(&"integer") && is_whole(value);
            if !wanted.is_empty() && !wanted.contains(&got) && !whole {
                return leaf("type", Problem::Type(got, wanted));
            }
        }
        if place.draft > Draft::D4
            && let Some(wanted) = words.get("const")
            && !equal(wanted, value)
        {
            return leaf("const", Problem::Const(wanted.clone()));
        }
        if let Some(Value::Array(values)) = word("enum")
            && !is_one_of(value, values)
        {
            return leaf("enum", Problem::Enum(values.clone()));
        }
        if let (Some(Value::String(name)), Value::String(text)) = (word("format"), value)
            && (self.metas.is_some() || words.asserts_formats())
            && let Some(reason) = self.syntax.format(name, text)
        {
            return leaf("format", Problem::Format(text.clone(), name.clone(), reason));
        }
        None
    }

    /// All other keywords. A break is with the result as a whole.
    fn words(
        &self,
        schema: &'w Value,
        words: Words<'w>,
        value: &Value,
        rest: &mut Rest,
        found: &mut Found<'_, 'w>,
    ) -> ControlFlow<Option<Node>> {
        let draft = found.place.draft;
        if let Some(Value::String(_)) = words.get("$ref") {
            let node = self.reference("$ref", schema, value, rest, found);
            if draft < Draft::D2019 {
                return ControlFlow::Break(node);
            }
            found.push(node);
        }
        match value {
            Value::Object(entries) => self.object(words, entries, value, rest, found),
            Value::Array(items) => self.array(words, items, rest, found),
            Value::String(text) => self.string(words, text, found),
            Value::Number(number) => numbers(words, number, found),
            _ => {}
        }
        if draft >= Draft::D2019
            && let Some(Value::String(_)) = words.get("$recursiveRef")
        {
            let node = self.reference("$recursiveRef", schema, value, rest, found);
            found.push(node);
        }
        if draft >= Draft::D2020
            && let Some(Value::String(_)) = words.get("$dynamicRef")
        {
            let node = self.reference("$dynamicRef", schema, value, rest, found);
            found.push(node);
        }
        self.choices(words, value, rest, found);
        if draft >= Draft::D2019 {
            self.unevaluated(words, value, rest, found);
        }
        ControlFlow::Continue(())
    }

    fn string(&self, words: Words<'w>, text: &str, found: &mut Found<'_, 'w>) {
        found.limit(words, ["minLength", "maxLength"], count(text.chars().count()));
        if let Some(Value::String(pattern)) = words.get("pattern")
            && !self.syntax.matches(pattern, text)
        {
            found.add(&["pattern"], Problem::Pattern(text.to_owned(), pattern.clone()), Vec::new());
        }
    }

    /// Whether a pattern matches a key.
    pub(super) fn matches(&self, pattern: &str, key: &str) -> bool {
        self.syntax.matches(pattern, key)
    }

    /// `not`, `allOf`, `anyOf`, `oneOf`, `if`.
    fn choices(&self, words: Words<'w>, value: &Value, rest: &mut Rest, found: &mut Found<'_, 'w>) {
        if let Some(schema) = words.get("not")
            && self.beside(schema, &["not"], value, rest, found).is_none()
        {
            found.add(&["not"], Problem::Not, Vec::new());
        }
        for word in ["allOf", "anyOf", "oneOf"] {
            let Some(Value::Array(schemas)) = words.get(word) else { continue };
            let (mut causes, mut matched) = (Vec::new(), Vec::new());
            for (index, schema) in schemas.iter().enumerate() {
                match self.beside(schema, &[word, &index.to_string()], value, rest, found) {
                    Some(node) => causes.push(node),
                    None => matched.push(index),
                }
                if word == "oneOf" && matched.len() == 2 {
                    break;
                }
            }
            match word {
                "allOf" if !causes.is_empty() => found.add(&[word], Problem::AllOf, causes),
                "anyOf" if matched.is_empty() && !schemas.is_empty() => {
                    found.add(&[word], Problem::AnyOf, causes);
                }
                "oneOf" if matched.is_empty() && !schemas.is_empty() => {
                    found.add(&[word], Problem::OneOf(matched), causes);
                }
                "oneOf" if matched.len() > 1 => found.add(&[word], Problem::OneOf(matched), Vec::new()),
                _ => {}
            }
        }
        if found.place.draft < Draft::D7 {
            return;
        }
        if let Some(condition) = words.get("if") {
            let branch = match self.beside(condition, &["if"], value, rest, found) {
                None => "then",
                Some(_) => "else",
            };
            if let Some(schema) = words.get(branch) {
                let node = self.beside(schema, &[branch], value, rest, found);
                found.push(node);
            }
        }
    }

    pub(super) fn dependent(
        &self,
        schema: &'w Value,
        keywords: &[&str],
        value: &Value,
        rest: &mut Rest,
        found: &mut Found<'_, 'w>,
    ) {
        let node = self.beside(schema, keywords, value, rest, found);
        found.push(node);
    }

    fn reference(
        &self,
        keyword: &'static str,
        schema: &'w Value,
        value: &Value,
        rest: &mut Rest,
        found: &Found<'_, 'w>,
    ) -> Option<Node> {
        // what cannot be found was reported before
        let (target, schema) = self.target(keyword, schema, found.place)?;
        let mut place = found.place.beside(&[keyword]);
        (place.root, place.resource) = (target.root, target.resource);
        let mut inner = Rest::of(value);
        let walk = Walk { standalone: target.standalone, ..*self };
        let node = walk.schema(schema, &place, value, found.instance, &mut inner);
        match node {
            None => {
                rest.keep(&inner);
                None
            }
            Some(node) => Some(found.node(&[keyword], Problem::Reference, vec![node])),
        }
    }
}

fn numbers(words: Words<'_>, number: &serde_json::Number, found: &mut Found<'_, '_>) {
    let own = number.as_f64().unwrap_or_default();
    let limit = |word: &str| words.get(word).and_then(Value::as_f64);
    let old = found.place.draft == Draft::D4;
    for (word, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        let strict = old && words.get(exclusive) == Some(&Value::Bool(true));
        let Some(limit) = limit(word).filter(|_| !strict) else { continue };
        if (word == "minimum" && own < limit) || (word == "maximum" && own > limit) {
            found.add(&[word], Problem::Limit(own, limit), Vec::new());
        }
    }
    for (word, inclusive) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let strict = old && words.get(word) == Some(&Value::Bool(true));
        let wanted = if old { limit(inclusive).filter(|_| strict) } else { limit(word) };
        let Some(limit) = wanted else { continue };
        if (inclusive == "minimum" && own <= limit) || (inclusive == "maximum" && own >= limit) {
            found.add(&[word], Problem::Limit(own, limit), Vec::new());
        }
    }
    if let Some(Value::Number(of)) = words.get("multipleOf")
        && !is_multiple(number, of)
    {
        let of = of.as_f64().unwrap_or_default();
        found.add(&["multipleOf"], Problem::Limit(own, of), Vec::new());
    }
}

/// Whether a value is in a list; one whose type is not in it is not.
fn is_one_of(value: &Value, values: &[Value]) -> bool {
    values.iter().any(|other| type_of(other) == type_of(value))
        && values.iter().any(|other| equal(other, value))
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is_whole(value: &Value) -> bool {
    value.as_i64().is_some()
        || value.as_u64().is_some()
        || value.as_f64().is_some_and(|float| float.fract() == 0.0)
}
