//! Drafts of JSON Schema, as far as they differ.

use super::Invalid;
use super::documents::Load;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
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
    let behind = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
    behind.unwrap_or(address).strip_prefix("json-schema.org/")
}

fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}

/// The parts of a schema that may be schemas; what is data is none.
fn below(schema: &mut Value) -> Vec<&mut Value> {
    match schema {
        Value::Object(words) => {
            let data = ["const", "enum", "default", "examples"];
            words.iter_mut().filter(|(key, _)| !data.contains(&&***key)).map(|(_, below)| below).collect()
        }
        Value::Array(items) => items.iter_mut().collect(),
        _ => Vec::new(),
    }
}

/// Looks whether each `$schema` is a draft. Drafts of one's own are not known: what is loaded from their address says no
/// more than that it is there.
///
/// # Errors
/// One is none.
pub(super) fn known(schema: &mut Value, load: &dyn Load) -> Result<(), Invalid> {
    // for a URN, Helm loads nothing
    let said = schema.get("$schema").and_then(Value::as_str).filter(|said| !said.starts_with("urn:"));
    if let Some(said) = said.filter(|said| Draft::named(said).is_none()) {
        let address = without_fragment(said).to_owned();
        let why =
            load.load(&address).map_or_else(|why| why, |_| "drafts of one's own are not known".to_owned());
        return Err(Invalid::Load(address, why));
    }
    below(schema).into_iter().try_for_each(|part| known(part, load))
}

/// Spells the addresses of drafts in a schema as the drafts do, wherever it names one: `http` and `https` are the same
/// to Helm's library, and `json-schema.org/schema` is the latest. Other addresses get the escapes that Go does without.
pub(super) fn spell(schema: &mut Value) {
    if let Value::Object(words) = schema {
        if let Some(said) = words.get("$schema").and_then(Value::as_str) {
            match Draft::named(said) {
                Some(draft) => words.insert("$schema".to_owned(), draft.uri().into()),
                None => words.remove("$schema"),
            };
        }
        for name in ["$ref", "$dynamicRef", "$id", "id"] {
            if let Some(Value::String(address)) = words.get_mut(name) {
                *address = spelled(address).unwrap_or_else(|| escaped(address));
            }
        }
    }
    below(schema).into_iter().for_each(spell);
}

/// Takes the address from a document that says to be the schema of a draft: the draft's own counts all the same, and what
/// the document refers to within itself is found where it was read.
pub(super) fn disown(document: &mut Value) {
    for name in ["$id", "id"] {
        if document.get(name).and_then(Value::as_str).is_some_and(|id| Draft::named(id).is_some())
            && let Value::Object(words) = document
        {
            words.remove(name);
        }
    }
}

/// A reference into a draft, or into a part of one, as the drafts spell it.
fn spelled(reference: &str) -> Option<String> {
    let below = known_below(reference).filter(|_| reference.starts_with("http"))?;
    let fragment = &reference[without_fragment(reference).len()..];
    match Draft::named(reference) {
        Some(draft) => Some(format!("{}{fragment}", draft.uri())),
        None if below.contains("/meta/") => Some(format!("https://json-schema.org/{below}{fragment}")),
        None => None,
    }
}

/// What Go takes in an address and others want escaped; brackets belong around addresses of hosts.
const LOOSE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
const BRACKETS: &AsciiSet = &LOOSE.add(b'[').add(b']');
const FRAGMENT: &AsciiSet = &BRACKETS.add(b'#').add(b'%');

/// An address with the escapes that it needs, and no others behind `#`.
fn escaped(address: &str) -> String {
    let (document, fragment) = address.split_once('#').map_or((address, None), |(a, b)| (a, Some(b)));
    let set = if document.contains("://[") { LOOSE } else { BRACKETS };
    let mut out = utf8_percent_encode(document, set).to_string();
    if let Some(fragment) = fragment {
        let decoded = percent_decode_str(fragment).decode_utf8_lossy();
        out.push('#');
        out.extend(utf8_percent_encode(&decoded, FRAGMENT));
    }
    out
}
