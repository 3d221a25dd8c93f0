//! Schemas of values: our charts' and puppet's files.

use crate::document::{Document, Library};
use crate::fault::Faults;
use crate::node::{Tree, TreeNode};
use crate::origins::Origins;
use jsonschema::Validator;
use mwrender_diagnostic::{Diagnostic, Severity, Source};
use mwrender_values::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The keyword at the top of a schema that says how much an unknown key weighs.
pub const UNKNOWN_KEYS: &str = "x-mwrender-unknown-keys";

/// Schemas by name, each compiled when it is first used. They may refer to each other by relative path.
///
/// ```
/// use mwrender_diagnostic::{SourceMap, print};
/// use mwrender_schema::Schemas;
///
/// let mut sources = SourceMap::default();
/// let schema = sources.add("pools.json", r#"{
///   "title": "`mcrouter_pools.yaml`",
///   "properties": { "port": { "type": "integer", "maximum": 65535 } },
///   "additionalProperties": false
/// }"#);
/// let text = "prot: 11211\nport: '1'\n";
/// let file = sources.add("values.yaml", text);
/// let value = mwrender_values::read::read(text, sources.get(file).start()).unwrap().into_value();
///
/// let schemas = Schemas::new([sources.get(schema)]);
/// let faults = schemas.check("pools.json", &value, &sources).unwrap();
/// let lines: Vec<_> = faults.iter().map(|f| print::concise(f, &sources)).collect();
/// assert_eq!(lines, [
///     "values.yaml:1:1: error[unknown-key]: `prot` is not a key of `mcrouter_pools.yaml`",
///     "values.yaml:2:7: error[wrong-type]: `port` must be an integer, not a string",
/// ]);
/// ```
#[derive(Debug)]
pub struct Schemas {
    documents: BTreeMap<Arc<str>, Arc<Document>>,
    library: OnceLock<Result<Library, Box<Diagnostic>>>,
    compiled: BTreeMap<Arc<str>, OnceLock<Result<Compiled, Box<Diagnostic>>>>,
}

#[derive(Debug)]
struct Compiled {
    validator: Validator<Tree>,
    subject: String,
    unknown_keys: Severity,
}

impl Schemas {
    /// Takes the texts; nothing is read yet. A schema's name is its source's.
    pub fn new<'a>(sources: impl IntoIterator<Item = &'a Source>) -> Schemas {
        let documents: BTreeMap<_, _> =
            sources.into_iter().map(|s| (s.name().clone(), Arc::new(Document::new(s)))).collect();
        let compiled = documents.keys().map(|name| (name.clone(), OnceLock::new())).collect();
        Schemas { documents, library: OnceLock::new(), compiled }
    }

    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.documents.keys().map(|name| &**name)
    }

    /// What the schema of this name has against a value, in the value's order.
    ///
    /// An unknown key is a note where the schema has [`UNKNOWN_KEYS`] with the value `note`. The `title` of the
    /// schema stands in messages: a phrase such as ``the values of chart `mediawiki` ``.
    ///
    /// Diagnostics: `unknown-key`, `wrong-type`, `missing-key`, `not-allowed-value`, `wrong-form`,
    /// `out-of-range`, `wrong-length`, `wrong-count`, `duplicate-item`, `invalid-key`, `no-alternative`,
    /// `ambiguous-alternative`, `forbidden-value`, `schema-mismatch`.
    ///
    /// # Errors
    /// There is no such schema (`unknown-schema`), or it, or one that it was given with, is not valid
    /// (`invalid-schema`).
    pub fn check(
        &self,
        name: &str,
        value: &Value,
        origins: &dyn Origins,
    ) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
        let library = self.library.get_or_init(|| self.load()).as_ref().map_err(Clone::clone)?;
        let Some(cell) = self.compiled.get(name) else {
            return Err(Box::new(Diagnostic::error(
                "unknown-schema",
                format!("there is no schema `{name}`"),
            )));
        };
        let compiled = cell.get_or_init(|| compile(library, name)).as_ref().map_err(Clone::clone)?;
        let node = TreeNode::Value(value);
        if compiled.validator.is_valid(node) {
            return Ok(Vec::new());
        }
        let mut faults = Faults {
            root: value,
            library,
            origins,
            subject: &compiled.subject,
            unknown_keys: compiled.unknown_keys,
            found: Vec::new(),
        };
        for error in compiled.validator.iter_errors(node) {
            faults.add(&error);
        }
        Ok(sorted(faults.found))
    }

    fn load(&self) -> Result<Library, Box<Diagnostic>> {
        let mut parsed = Vec::with_capacity(self.documents.len());
        for document in self.documents.values() {
            parsed.push((Arc::new(document.parse()?), vec![document.clone()]));
        }
        Library::new(parsed)
    }
}

/// The faults in the order of their places.
pub(crate) fn sorted(mut faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    faults.sort_by_key(|fault| fault.primary_span().map(|s| s.start));
    faults.dedup();
    faults
}

fn compile(library: &Library, name: &str) -> Result<Compiled, Box<Diagnostic>> {
    let uri = Library::uri(name);
    let schema = library.json(&uri);
    let word = |key| schema.and_then(|s| s.get(key)).and_then(serde_json::Value::as_str);
    let unknown_keys = if word(UNKNOWN_KEYS) == Some("note") { Severity::Note } else { Severity::Error };
    let subject = word("title").map_or_else(|| format!("`{name}`"), phrase);
    let validator = build(library, &uri, name)?;
    Ok(Compiled { validator, subject, unknown_keys })
}

/// A title as it stands within a sentence: `Values of …` becomes `values of …`, a name stays.
fn phrase(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(title.chars().skip(1)).collect()
        }
        _ => title.to_owned(),
    }
}

/// Compiles the schema that a URI leads to.
pub(crate) fn build(library: &Library, uri: &str, name: &str) -> Result<Validator<Tree>, Box<Diagnostic>> {
    let root = serde_json::json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": uri });
    let options = jsonschema::options_for::<Tree>().with_registry(library.registry());
    options.should_validate_formats(false).offline().build(&root).map_err(|error| {
        Box::new(
            Diagnostic::error("invalid-schema", format!("`{name}` is not a valid schema"))
                .note(error.to_string()),
        )
    })
}
