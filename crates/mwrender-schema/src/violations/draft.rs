//! Drafts of JSON Schema, as far as they differ.

use super::Invalid;
use serde_json::Value;

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

    /// The draft that a schema says it is of: 2020-12, if it says nothing.
    pub(super) fn of(schema: &Value) -> Draft {
        schema.get("$schema").and_then(Value::as_str).and_then(Draft::named).unwrap_or(Draft::D2020)
    }

    /// The draft of an address, whose scheme and fragment say nothing; without a number it is the latest.
    fn named(address: &str) -> Option<Draft> {
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

    /// Whether what formats say counts: from 2019-09 on they are only told.
    pub(super) fn asserts_formats(self) -> bool {
        self < Draft::D2019
    }
}

/// What stands behind the host of drafts in an address, up to the fragment.
fn known_below(address: &str) -> Option<&str> {
    let address = without_fragment(address);
    let behind = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"))?;
    behind.strip_prefix("json-schema.org/")
}

fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}

/// Spells the addresses of drafts in a schema as the drafts do, wherever it names one: `http` and `https` are the same
/// to Helm's library, and `json-schema.org/schema` is the latest.
///
/// # Errors
/// A `$schema` is none of them; it would have to be loaded.
pub(super) fn spell(schema: &mut Value) -> Result<(), Invalid> {
    match schema {
        Value::Object(words) => {
            let said = words.get("$schema").and_then(Value::as_str);
            if said.is_some_and(|said| said.starts_with("urn:")) {
                // Helm loads nothing for it
                words.remove("$schema");
            } else if let Some(said) = said {
                let draft = Draft::named(said);
                let draft = draft.ok_or_else(|| Invalid::Load(without_fragment(said).to_owned()))?;
                words.insert("$schema".to_owned(), draft.uri().into());
            }
            if let Some(Value::String(reference)) = words.get_mut("$ref")
                && let Some(spelled) = spelled(reference)
            {
                *reference = spelled;
            }
            // what is data is no schema
            let data = ["const", "enum", "default", "examples"];
            words
                .iter_mut()
                .filter(|(key, _)| !data.contains(&&***key))
                .try_for_each(|(_, below)| spell(below))
        }
        Value::Array(items) => items.iter_mut().try_for_each(spell),
        _ => Ok(()),
    }
}

/// A reference into a draft, or into a part of one, as the drafts spell it.
fn spelled(reference: &str) -> Option<String> {
    let below = known_below(reference)?;
    let fragment = &reference[without_fragment(reference).len()..];
    match Draft::named(reference) {
        Some(draft) => Some(format!("{}{fragment}", draft.uri())),
        None if below.contains("/meta/") => Some(format!("https://json-schema.org/{below}{fragment}")),
        None => None,
    }
}
