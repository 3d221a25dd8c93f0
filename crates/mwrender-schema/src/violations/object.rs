//! Keywords about objects.

use serde_json::{Map, Value};

use super::Problem;
use super::dialect::Words;
use super::draft::Draft;
use super::evaluate::{Found, Rest, Walk, count};

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The entries of a keyword that is an object, sorted.
fn sorted<'v>(words: Words<'v>, keyword: &str) -> Vec<(&'v String, &'v Value)> {
    let mut entries: Vec<_> = words.get(keyword).and_then(Value::as_object).into_iter().flatten().collect();
    entries.sort_by_key(|(key, _)| *key);
    entries
}

impl<'w> Walk<'w> {
    pub(super) fn object(
        &self,
        words: Words<'w>,
        entries: &Map<String, Value>,
        value: &Value,
        rest: &mut Rest,
        found: &mut Found<'_, 'w>,
    ) {
        let draft = found.place.draft;
        found.limit(words, ["minProperties", "maxProperties"], count(entries.len()));
        let missing = |names: &Value| -> Vec<String> {
            let names = strings(names).into_iter().filter(|name| !entries.contains_key(*name));
            names.map(str::to_owned).collect()
        };
        if let Some(names) = words.get("required") {
            let missing = missing(names);
            if !missing.is_empty() {
                found.add(&["required"], Problem::Required(missing), Vec::new());
            }
        }
        for (name, wanted) in sorted(words, "dependencies") {
            if !entries.contains_key(name) {
                continue;
            }
            if wanted.is_array() {
                let missing = missing(wanted);
                if !missing.is_empty() {
                    let problem = Problem::Dependent(name.clone(), missing);
                    found.add(&["dependencies", name], problem, Vec::new());
                }
            } else {
                self.dependent(wanted, &["dependencies", name], value, rest, found);
            }
        }
        self.entries(words, entries, rest, found);
        if draft > Draft::D4
            && let Some(schema) = words.get("propertyNames")
        {
            self.names(schema, entries, found);
        }
        if draft < Draft::D2019 {
            return;
        }
        for (name, schema) in sorted(words, "dependentSchemas") {
            if entries.contains_key(name) {
                self.dependent(schema, &["dependentSchemas", name], value, rest, found);
            }
        }
        for (name, wanted) in sorted(words, "dependentRequired") {
            let missing = if entries.contains_key(name) { missing(wanted) } else { Vec::new() };
            if !missing.is_empty() {
                let problem = Problem::Dependent(name.clone(), missing);
                found.add(&["dependentRequired", name], problem, Vec::new());
            }
        }
    }

    /// `properties`, `patternProperties`, `additionalProperties`.
    fn entries(
        &self,
        words: Words<'w>,
        entries: &Map<String, Value>,
        rest: &mut Rest,
        found: &mut Found<'_, 'w>,
    ) {
        let patterns = sorted(words, "patternProperties");
        let mut unexpected = Vec::new();
        let mut keys: Vec<&String> = entries.keys().collect();
        keys.sort();
        for key in keys {
            let value = &entries[key];
            let mut looked_at = false;
            if let Some(schema) = words.get("properties").and_then(|named| named.get(key)) {
                looked_at = true;
                self.entry(schema, &["properties", key], key, value, found);
            }
            for (pattern, schema) in &patterns {
                if self.matches(pattern, key) {
                    looked_at = true;
                    self.entry(schema, &["patternProperties", pattern], key, value, found);
                }
            }
            match words.get("additionalProperties") {
                Some(Value::Bool(allowed)) if !looked_at => {
                    looked_at = true;
                    if !allowed {
                        unexpected.push(key.clone());
                    }
                }
                Some(schema) if !looked_at => {
                    looked_at = true;
                    self.entry(schema, &["additionalProperties"], key, value, found);
                }
                _ => {}
            }
            if looked_at {
                rest.keys.remove(key);
            }
        }
        if !unexpected.is_empty() {
            found.add(&["additionalProperties"], Problem::AdditionalProperties(unexpected), Vec::new());
        }
    }

    pub(super) fn entry(
        &self,
        schema: &'w Value,
        keywords: &[&str],
        key: &str,
        value: &Value,
        found: &mut Found<'_, 'w>,
    ) {
        let mut instance = found.instance.to_vec();
        instance.push(key.to_owned());
        let place = found.place.below(keywords);
        let node = self.schema(schema, &place, value, &instance, &mut Rest::of(value));
        found.push(node);
    }

    fn names(&self, schema: &'w Value, entries: &Map<String, Value>, found: &mut Found<'_, 'w>) {
        let mut keys: Vec<&String> = entries.keys().collect();
        keys.sort();
        for key in keys {
            let place = found.place.below(&["propertyNames"]);
            // the name itself has no path
            let name = Value::from(key.as_str());
            let causes = match self.schema(schema, &place, &name, &[], &mut Rest::default()) {
                None => continue,
                Some(super::Node { problem: Problem::Group, causes, .. }) => causes,
                Some(node) => vec![node],
            };
            found.add_nowhere(&["propertyNames"], Problem::Name(key.clone()), causes);
        }
    }

    pub(super) fn unevaluated(
        &self,
        words: Words<'w>,
        value: &Value,
        rest: &mut Rest,
        found: &mut Found<'_, 'w>,
    ) {
        if let (Some(schema), Value::Object(entries)) = (words.get("unevaluatedProperties"), value) {
            for key in std::mem::take(&mut rest.keys) {
                if let Some(value) = entries.get(&key) {
                    self.entry(schema, &["unevaluatedProperties"], &key, value, found);
                }
            }
        }
        if let (Some(schema), Value::Array(items)) = (words.get("unevaluatedItems"), value) {
            for index in std::mem::take(&mut rest.items) {
                self.entry(schema, &["unevaluatedItems"], &index.to_string(), &items[index], found);
            }
        }
    }
}
