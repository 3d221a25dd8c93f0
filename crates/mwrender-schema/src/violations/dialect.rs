//! What a schema means: its draft, and the vocabularies of it that count.

use super::Invalid;
use super::documents::Documents;
use super::draft::{Draft, without_fragment};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// A draft, and what of it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) draft: Draft,
    pub(super) vocabularies: Vocabularies,
}

impl Dialect {
    /// That of a schema that says nothing.
    pub(super) const LATEST: Dialect = Dialect { draft: Draft::D2020, vocabularies: Vocabularies::ALL };

    /// A schema for schemas of this dialect, and its address, if it is not that of the draft.
    pub(super) fn own_schema(&self) -> Option<(Value, &'static str)> {
        if self.vocabularies == Vocabularies::ALL {
            return None;
        }
        let names = self.draft.vocabularies().iter().enumerate();
        let names = names.filter(|(at, name)| **name == "core" || self.vocabularies.0 & 1 << at != 0);
        let below = self.draft.uri().trim_end_matches("schema");
        let all: Vec<Value> = names.map(|(_, name)| json!({"$ref": format!("{below}meta/{name}")})).collect();
        let mut schema = json!({"$schema": self.draft.uri(), "allOf": all});
        if self.draft == Draft::D2020 {
            schema["$dynamicAnchor"] = "meta".into();
        }
        Some((schema, "urn:mem:metaschema"))
    }
}

/// Which vocabularies of a draft count, as bits in the order of [`Draft::vocabularies`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vocabularies(u16);

impl Vocabularies {
    /// Those that the draft's own schema names.
    pub(super) const ALL: Vocabularies = Vocabularies(u16::MAX);
}

impl Draft {
    fn vocabularies(self) -> &'static [&'static str] {
        match self {
            Draft::D4 | Draft::D6 | Draft::D7 => &[],
            Draft::D2019 => &["core", "applicator", "validation", "meta-data", "format", "content"],
            Draft::D2020 => &[
                "core",
                "applicator",
                "unevaluated",
                "validation",
                "meta-data",
                "format-annotation",
                "format-assertion",
                "content",
            ],
        }
    }
}

/// The draft that `$schema` names: one's own drafts are based on another, or on the one that is used around.
///
/// # Errors
/// It names something that is not there, or no draft.
pub(super) fn draft_of(said: &str, around: Draft, documents: &mut Documents<'_>) -> Result<Draft, Invalid> {
    let mut seen = BTreeSet::new();
    let first = without_fragment(said);
    let mut address = first.to_owned();
    loop {
        if let Some(draft) = Draft::named(&address) {
            return Ok(draft);
        }
        let document = documents.get(&address)?;
        let Some(next) = document.get("$schema").and_then(Value::as_str).map(without_fragment) else {
            return Ok(around);
        };
        if next == address {
            return Err(Invalid::Draft(address));
        }
        if !seen.insert(std::mem::replace(&mut address, next.to_owned())) {
            return Err(Invalid::DraftCycle(first.to_owned()));
        }
    }
}

/// The vocabularies that the schema named by `$schema` asks for.
///
/// # Errors
/// It asks for one that nobody knows.
pub(super) fn vocabularies_of(
    said: &str,
    draft: Draft,
    documents: &mut Documents<'_>,
) -> Result<Vocabularies, Invalid> {
    let address = without_fragment(said);
    if Draft::named(address).is_some() || draft < Draft::D2019 {
        return Ok(Vocabularies::ALL);
    }
    let document = documents.get(address)?;
    let Some(Value::Object(asked)) = document.get("$vocabulary") else { return Ok(Vocabularies::ALL) };
    let below = format!("{}vocab/", draft.uri().trim_end_matches("schema"));
    let mut bits = 0;
    for (name, _) in asked.iter().filter(|(_, must)| **must == true) {
        let known = name.strip_prefix(&below);
        let at = known.and_then(|known| draft.vocabularies().iter().position(|other| *other == known));
        let at = at.ok_or_else(|| Invalid::Vocabulary(name.clone(), address.to_owned()))?;
        bits |= 1 << at;
    }
    Ok(Vocabularies(bits))
}

/// The keywords of a schema, without those that do not count in its dialect.
#[derive(Clone, Copy)]
pub(super) struct Words<'s> {
    all: &'s Map<String, Value>,
    draft: Draft,
    vocabularies: Vocabularies,
}

impl<'s> Words<'s> {
    pub(super) fn new(all: &'s Map<String, Value>, dialect: &Dialect) -> Words<'s> {
        Words { all, draft: dialect.draft, vocabularies: dialect.vocabularies }
    }

    pub(super) fn get(self, keyword: &str) -> Option<&'s Value> {
        let value = self.all.get(keyword)?;
        (self.vocabularies == Vocabularies::ALL || self.has(self.vocabulary(keyword))).then_some(value)
    }

    /// Whether texts are held to formats: from 2019-09 on these are only told.
    pub(super) fn asserts_formats(self) -> bool {
        match self.draft {
            Draft::D2020 => self.vocabularies != Vocabularies::ALL && self.has("format-assertion"),
            draft => draft < Draft::D2019,
        }
    }

    fn has(self, vocabulary: &str) -> bool {
        let at = self.draft.vocabularies().iter().position(|name| *name == vocabulary);
        vocabulary == "core" || at.is_none_or(|at| self.vocabularies.0 & 1 << at != 0)
    }

    /// The vocabulary of a keyword.
    fn vocabulary(self, keyword: &str) -> &'static str {
        match keyword {
            "unevaluatedItems" | "unevaluatedProperties" if self.draft == Draft::D2020 => "unevaluated",
            "allOf"
            | "anyOf"
            | "oneOf"
            | "not"
            | "if"
            | "then"
            | "else"
            | "items"
            | "additionalItems"
            | "prefixItems"
            | "contains"
            | "properties"
            | "patternProperties"
            | "additionalProperties"
            | "propertyNames"
            | "dependencies"
            | "dependentSchemas"
            | "unevaluatedItems"
            | "unevaluatedProperties" => "applicator",
            keyword if keyword.starts_with('$') || keyword == "format" => "core",
            _ => "validation",
        }
    }
}
