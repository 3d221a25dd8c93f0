//! Drafts of JSON Schema, as far as they differ.

use referencing::meta;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};

/// A draft by its year or number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Draft {
    /// Draft 4.
    D4,
    /// Draft 6.
    D6,
    /// Draft 7.
    D7,
    /// Draft 2019-09.
    D2019,
    /// Draft 2020-12.
    D2020,
}

impl Draft {
    const ALL: [(Draft, &'static str); 5] = [
        (Draft::D4, "http://json-schema.org/draft-04/schema"),
        (Draft::D6, "http://json-schema.org/draft-06/schema"),
        (Draft::D7, "http://json-schema.org/draft-07/schema"),
        (Draft::D2019, "https://json-schema.org/draft/2019-09/schema"),
        (Draft::D2020, "https://json-schema.org/draft/2020-12/schema"),
    ];

    /// The draft of an address, whose scheme and fragment say nothing; without a number it is the latest.
    pub(super) fn named(address: &str) -> Option<Draft> {
        let wanted = known_below(address)?;
        if wanted == "schema" {
            return Some(Draft::D2020);
        }
        Draft::ALL.iter().find(|(_, known)| known_below(known) == Some(wanted)).map(|(draft, _)| *draft)
    }

    /// The address of its own schema.
    pub fn uri(self) -> &'static str {
        Draft::ALL.iter().find(|(draft, _)| *draft == self).map_or("", |(_, uri)| uri)
    }

    /// The keyword that gives a schema an address.
    pub(super) fn id(self) -> &'static str {
        if self == Draft::D4 { "id" } else { "$id" }
    }

    /// Keywords with schemas in them, which may have addresses and anchors.
    pub(super) fn places(self) -> impl Iterator<Item = &'static str> {
        PLACES.iter().filter(move |(_, since)| *since <= self).map(|(name, _)| *name)
    }
}

const PLACES: [(&str, Draft); 22] = [
    ("definitions", Draft::D4),
    ("not", Draft::D4),
    ("allOf", Draft::D4),
    ("anyOf", Draft::D4),
    ("oneOf", Draft::D4),
    ("properties", Draft::D4),
    ("additionalProperties", Draft::D4),
    ("patternProperties", Draft::D4),
    ("items", Draft::D4),
    ("additionalItems", Draft::D4),
    ("dependencies", Draft::D4),
    ("propertyNames", Draft::D6),
    ("contains", Draft::D6),
    ("if", Draft::D7),
    ("then", Draft::D7),
    ("else", Draft::D7),
    ("$defs", Draft::D2019),
    ("dependentSchemas", Draft::D2019),
    ("unevaluatedProperties", Draft::D2019),
    ("unevaluatedItems", Draft::D2019),
    ("contentSchema", Draft::D2019),
    ("prefixItems", Draft::D2020),
];

/// What stands behind the host of drafts in an address, up to the fragment.
fn known_below(address: &str) -> Option<&str> {
    let address = without_fragment(address);
    let behind = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
    behind.unwrap_or(address).strip_prefix("json-schema.org/")
}

pub(super) fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}

/// Whether an address is one of the drafts' host: nobody asks whether what is there is a schema.
pub(super) fn is_trusted(address: &str) -> bool {
    known_below(address).is_some()
}

/// The document at an address, if it is of a draft.
pub(super) fn document(address: &str) -> Option<Arc<Value>> {
    if let Some(draft) = Draft::named(address) {
        return Some(DRAFTS[draft as usize].clone());
    }
    let below = known_below(address)?;
    let part = match below.strip_prefix("draft/2020-12/meta/") {
        Some("core") => &meta::DRAFT202012_CORE,
        Some("applicator") => &meta::DRAFT202012_APPLICATOR,
        Some("unevaluated") => &meta::DRAFT202012_UNEVALUATED,
        Some("validation") => &meta::DRAFT202012_VALIDATION,
        Some("meta-data") => &meta::DRAFT202012_META_DATA,
        Some("format-annotation") => &meta::DRAFT202012_FORMAT_ANNOTATION,
        Some("format-assertion") => &meta::DRAFT202012_FORMAT_ASSERTION,
        Some("content") => &meta::DRAFT202012_CONTENT,
        Some(_) => return None,
        None => match below.strip_prefix("draft/2019-09/meta/")? {
            "core" => &meta::DRAFT201909_CORE,
            "applicator" => &meta::DRAFT201909_APPLICATOR,
            "validation" => &meta::DRAFT201909_VALIDATION,
            "meta-data" => &meta::DRAFT201909_META_DATA,
            "format" => &meta::DRAFT201909_FORMAT,
            "content" => &meta::DRAFT201909_CONTENT,
            _ => return None,
        },
    };
    Some(Arc::new(Value::clone(part)))
}

/// The schemas of drafts, as Helm's library has them: some say more or less than those that everyone else has.
static DRAFTS: LazyLock<[Arc<Value>; 5]> = LazyLock::new(|| {
    let [mut d4, mut d6, mut d7] =
        [&meta::DRAFT4, &meta::DRAFT6, &meta::DRAFT7].map(|draft| Value::clone(draft));
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
    [d4, d6, d7, Value::clone(&meta::DRAFT201909), Value::clone(&meta::DRAFT202012)].map(Arc::new)
});
