//! Drafts of JSON Schema, as far as they differ.

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

    /// The draft that a schema says it is of: 2020-12, if it says nothing; or what it says, if that is none.
    pub(super) fn of(schema: &Value) -> Result<Draft, &str> {
        let Some(uri) = schema.get("$schema").and_then(Value::as_str) else { return Ok(Draft::D2020) };
        Draft::named(uri).ok_or(uri)
    }

    pub(super) fn named(uri: &str) -> Option<Draft> {
        let bare = |uri: &'_ str| -> String {
            let uri = uri.strip_suffix('#').unwrap_or(uri);
            uri.trim_start_matches("https://").trim_start_matches("http://").to_owned()
        };
        let wanted = bare(uri);
        if wanted == "json-schema.org/schema" {
            return Some(Draft::D2020);
        }
        Draft::ALL.iter().find(|(_, known)| bare(known) == wanted).map(|(draft, _)| *draft)
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
