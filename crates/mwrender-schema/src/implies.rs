//! Whether everything that one schema accepts, another accepts too.
//!
//! Kubernetes only ever adds to its stable kinds, so an object that suits 1.31 suits 1.34 as a rule, and need
//! not be checked against both. Whether the rule holds for a kind is found out here, not assumed. The answer
//! errs on one side: a `false` costs a second check, a wrong `true` would hide a fault.

use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// Says nothing about what is accepted.
fn is_annotation(keyword: &str) -> bool {
    keyword.starts_with("x-") || matches!(keyword, "description" | "$comment" | "title" | "format")
}

/// A document and the pairs of references that are being compared, or have been.
pub(crate) struct Implication<'a> {
    narrow: &'a Json,
    wide: &'a Json,
    seen: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Implication<'a> {
    /// Two documents; references in them are `#/…`.
    pub(crate) fn new(narrow: &'a Json, wide: &'a Json) -> Self {
        Implication { narrow, wide, seen: BTreeSet::new() }
    }

    /// Whether what `a`, a schema of the first document, accepts, `b`, one of the second, accepts too.
    pub(crate) fn holds(&mut self, a: &'a Json, b: &'a Json) -> bool {
        match (a, b) {
            (_, Json::Bool(true)) | (Json::Bool(false), _) => true,
            (Json::Object(a), Json::Object(b)) => {
                b.iter().all(|(keyword, value)| is_annotation(keyword) || self.keyword(a, b, keyword, value))
            }
            _ => false,
        }
    }

    fn keyword(
        &mut self,
        a: &'a Map<String, Json>,
        b: &'a Map<String, Json>,
        keyword: &str,
        wide: &'a Json,
    ) -> bool {
        // what b does not demand at all was left out above; what a does not demand, b must not
        match keyword {
            "required" => {
                items(wide).all(|key| items(a.get("required").unwrap_or(&Json::Null)).any(|k| k == key))
            }
            "properties" => wide.as_object().is_some_and(|properties| {
                properties.iter().all(|(key, to)| match a.get("properties").and_then(|p| p.get(key)) {
                    Some(from) => self.holds(from, to),
                    None => a.get("additionalProperties").is_some_and(|rest| self.holds(rest, to)),
                })
            }),
            "additionalProperties" => {
                let Some(rest) = a.get("additionalProperties") else { return false };
                let known = |map: &'a Map<String, Json>| {
                    map.get("properties").and_then(Json::as_object).into_iter().flatten()
                };
                // what only a knows by name must suit b's rest
                let extra = known(a).filter(|(key, _)| !known(b).any(|(k, _)| k == *key));
                self.holds(rest, wide) && extra.into_iter().all(|(_, from)| self.holds(from, wide))
            }
            _ => {
                let Some(narrow) = a.get(keyword) else { return false };
                match keyword {
                    "type" => {
                        items(narrow).all(|t| items(wide).any(|w| w == t || w == "number" && t == "integer"))
                    }
                    "enum" => items(narrow).all(|v| items(wide).any(|w| w == v)),
                    "items" => self.holds(narrow, wide),
                    "$ref" => match (narrow.as_str(), wide.as_str()) {
                        (Some(from), Some(to)) => self.reference(from, to),
                        _ => false,
                    },
                    // minimum, pattern, anyOf, ...: without references in them, the same says the same
                    _ => narrow == wide && !has_reference(narrow),
                }
            }
        }
    }

    fn reference(&mut self, from: &'a str, to: &'a str) -> bool {
        // a pair met again within itself holds if nothing else speaks against it
        if !self.seen.insert((from, to)) {
            return true;
        }
        let pointer = |document: &'a Json, reference: &str| document.pointer(reference.strip_prefix('#')?);
        match (pointer(self.narrow, from), pointer(self.wide, to)) {
            (Some(a), Some(b)) => self.holds(a, b),
            _ => false,
        }
    }
}

/// The items of a list, or the one that stands without a list.
fn items(value: &Json) -> impl Iterator<Item = &Json> {
    match value {
        Json::Array(list) => list.iter(),
        Json::Null => [].iter(),
        one => std::slice::from_ref(one).iter(),
    }
}

fn has_reference(value: &Json) -> bool {
    match value {
        Json::Object(map) => map.iter().any(|(key, v)| key == "$ref" || has_reference(v)),
        Json::Array(list) => list.iter().any(has_reference),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn implies(a: &Json, b: &Json) -> bool {
        Implication::new(a, b).holds(a, b)
    }

    #[test]
    fn adding_keeps_and_taking_away_does_not() {
        let closed = |keys: &[&str]| {
            let properties: Map<_, _> =
                keys.iter().map(|k| ((*k).to_owned(), json!({ "type": "string" }))).collect();
            json!({ "properties": properties, "additionalProperties": false })
        };
        assert!(implies(&closed(&["a"]), &closed(&["a", "b"])));
        assert!(!implies(&closed(&["a", "b"]), &closed(&["a"])));
        assert!(!implies(&json!({ "properties": {} }), &closed(&["a"])));
        assert!(implies(
            &json!({ "type": ["string", "null"] }),
            &json!({ "type": ["null", "integer", "string"] })
        ));
        assert!(!implies(&json!({ "type": ["string", "null"] }), &json!({ "type": "string" })));
        assert!(implies(&json!({ "type": "integer" }), &json!({ "type": "number" })));
        assert!(!implies(&json!({ "required": ["a"] }), &json!({ "required": ["a", "b"] })));
        assert!(implies(&json!({ "required": ["a", "b"] }), &json!({ "required": ["a"] })));
        assert!(implies(&json!({ "required": ["a"] }), &json!({ "description": "x" })));
        assert!(implies(&json!({ "enum": ["a"] }), &json!({ "enum": ["a", "b"] })));
        assert!(!implies(&json!({ "type": "string" }), &json!({ "enum": ["a", "b"] })));
        assert!(!implies(&json!({ "minimum": 0 }), &json!({ "minimum": 1 })));
        assert!(!implies(
            &json!({ "items": { "type": "string" } }),
            &json!({ "items": { "type": "integer" } })
        ));
        assert!(implies(&json!({ "type": "string" }), &json!(true)));
        assert!(!implies(&json!(true), &json!({ "type": "string" })));
    }

    #[test]
    fn references_may_go_round() {
        let tree = |leaf: &str| {
            let node = json!({
                "properties": { "next": { "$ref": "#/$defs/node" }, "leaf": { "type": leaf } },
                "additionalProperties": false
            });
            json!({ "$ref": "#/$defs/node", "$defs": { "node": node } })
        };
        let start = json!({ "$ref": "#/$defs/node" });
        let same = |a: &Json, b: &Json| Implication::new(a, b).holds(&start, &start);
        assert!(same(&tree("string"), &tree("string")));
        assert!(!same(&tree("string"), &tree("integer")));
    }
}
