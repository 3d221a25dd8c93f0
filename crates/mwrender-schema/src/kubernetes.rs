//! Rendered objects against what the API server of a version knows.

use crate::document::{Document, Library};
use crate::fault::Faults;
use crate::implies::Implication;
use crate::node::{Tree, TreeNode};
use crate::origins::Origins;
use crate::place::Place;
use crate::schemas::{build, sorted};
use crate::suggest::similar;
use jsonschema::Validator;
use jsonschema::paths::Location;
use mwrender_diagnostic::{Diagnostic, Severity, Source};
use mwrender_values::Value;
use serde_json::Value as JsonValue;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The definitions of several Kubernetes versions and of custom kinds.
///
/// Texts are parsed when the first object is checked against them, a kind is compiled when its first object
/// comes, and each only once, whichever thread comes first.
///
/// ```
/// use mwrender_diagnostic::{SourceMap, print};
/// use mwrender_schema::Kubernetes;
///
/// let mut sources = SourceMap::default();
/// let definitions = sources.add("1.31.json", r#"{ "$defs": { "ConfigMap": {
///   "x-kubernetes-group-version-kind": [{ "group": "", "version": "v1", "kind": "ConfigMap" }],
///   "properties": { "apiVersion": true, "kind": true, "metadata": true, "data": { "type": "object" } },
///   "additionalProperties": false
/// } } }"#);
/// let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndate: {}\n";
/// let file = sources.add("rendered.yaml", text);
/// let object = mwrender_values::read::read(text, sources.get(file).start()).unwrap().into_value();
///
/// let kubernetes = Kubernetes::new([("1.31", sources.get(definitions))], None, []);
/// let faults = kubernetes.check_object(&object, "1.31", &sources).unwrap();
/// assert_eq!(
///     print::concise(&faults[0], &sources),
///     "rendered.yaml:4:1: error[unknown-key]: `date` is not a key of `ConfigMap` (v1)"
/// );
/// assert_eq!(faults[0].help, ["did you mean `data`?"]);
/// ```
#[derive(Debug)]
pub struct Kubernetes {
    versions: Vec<Version>,
    /// The custom kinds, the same for all versions.
    custom: Version,
}

#[derive(Debug)]
struct Version {
    name: String,
    index: usize,
    /// The definitions, each with what is laid over them.
    documents: Vec<Vec<Arc<Document>>>,
    loaded: OnceLock<Result<Loaded, Box<Diagnostic>>>,
}

#[derive(Debug)]
struct Loaded {
    library: Library,
    /// By apiVersion, then by kind.
    kinds: BTreeMap<String, BTreeMap<String, Kind>>,
}

#[derive(Debug)]
struct Kind {
    /// The index of the version.
    version: usize,
    /// The definition's place.
    document: String,
    pointer: String,
    validator: OnceLock<Result<Validator<Tree>, Box<Diagnostic>>>,
    /// For each version, whether what is valid here is valid there.
    implies: Vec<OnceLock<bool>>,
}

/// What is known of an object's apiVersion and kind.
enum Found<'a> {
    Kind(&'a Loaded, &'a Kind),
    /// A custom kind, for which versions make no difference.
    Custom(&'a Loaded, &'a Kind),
    Fault(Diagnostic),
}

impl Kubernetes {
    /// Takes the definitions of each version, rules that are laid over each of them, and those of custom kinds.
    ///
    /// A text of definitions has them under `$defs`; those with `x-kubernetes-group-version-kind` are kinds.
    pub fn new<'a, V: Into<String>>(
        versions: impl IntoIterator<Item = (V, &'a Source)>,
        rules: Option<&'a Source>,
        custom: impl IntoIterator<Item = &'a Source>,
    ) -> Kubernetes {
        let rules = rules.map(|source| Arc::new(Document::new(source)));
        let versions = versions.into_iter().enumerate().map(|(index, (name, source))| {
            let documents = std::iter::once(Arc::new(Document::new(source))).chain(rules.clone()).collect();
            Version { name: name.into(), index, documents: vec![documents], loaded: OnceLock::new() }
        });
        let versions: Vec<_> = versions.collect();
        let documents = custom.into_iter().map(|source| vec![Arc::new(Document::new(source))]).collect();
        let custom =
            Version { name: String::new(), index: versions.len(), documents, loaded: OnceLock::new() };
        Kubernetes { versions, custom }
    }

    /// The versions in the order in which they were given.
    pub fn versions(&self) -> impl Iterator<Item = &str> {
        self.versions.iter().map(|v| &*v.name)
    }

    /// What a version has against an object, in the object's order: as [`Schemas::check`](crate::Schemas::check),
    /// and `unknown-kind`, `missing-key` for an object without apiVersion or kind.
    ///
    /// # Errors
    /// There are no definitions of that version (`unknown-kubernetes-version`), or they are not valid
    /// (`invalid-schema`).
    pub fn check_object(
        &self,
        object: &Value,
        version: &str,
        origins: &dyn Origins,
    ) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
        let index = self.index(version)?;
        Ok(match self.find(object, index, origins)? {
            Found::Fault(fault) => vec![fault],
            Found::Kind(loaded, kind) | Found::Custom(loaded, kind) => loaded.check(kind, object, origins)?,
        })
    }

    /// What several versions have against an object. A fault in all of them is told once; one in some of them
    /// has a note that says in which.
    ///
    /// A version is passed over where an earlier one accepted the object and the later one's definition accepts
    /// whatever that one's accepts.
    ///
    /// # Errors
    /// As [`check_object`](Self::check_object).
    pub fn check_object_in(
        &self,
        object: &Value,
        versions: &[impl AsRef<str>],
        origins: &dyn Origins,
    ) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
        let mut found: Vec<(Diagnostic, Vec<&str>)> = Vec::new();
        let mut accepted: Vec<&Kind> = Vec::new();
        for version in versions {
            let index = self.index(version.as_ref())?;
            let faults = match self.find(object, index, origins)? {
                Found::Fault(fault) => vec![fault],
                // versions make no difference
                Found::Custom(loaded, kind) => return loaded.check(kind, object, origins),
                Found::Kind(loaded, kind) => {
                    if accepted.iter().any(|earlier| self.implies(earlier, kind)) {
                        continue;
                    }
                    let faults = loaded.check(kind, object, origins)?;
                    if faults.is_empty() {
                        accepted.push(kind);
                    }
                    faults
                }
            };
            for fault in faults {
                let key = |f: &Diagnostic| (f.id, f.headline.clone(), f.primary_span());
                match found.iter_mut().find(|(other, _)| key(other) == key(&fault)) {
                    Some((_, versions)) => versions.push(version.as_ref()),
                    None => found.push((fault, vec![version.as_ref()])),
                }
            }
        }
        let everywhere = versions.len();
        let faults = found.into_iter().map(|(fault, versions)| {
            if versions.len() < everywhere {
                fault.note(format!("only in Kubernetes {}", versions.join(" and ")))
            } else {
                fault
            }
        });
        Ok(sorted(faults.collect()))
    }

    fn index(&self, version: &str) -> Result<usize, Box<Diagnostic>> {
        self.versions.iter().position(|v| v.name == version).ok_or_else(|| {
            let known: Vec<_> = self.versions().collect();
            Box::new(
                Diagnostic::error(
                    "unknown-kubernetes-version",
                    format!("there are no schemas of Kubernetes {version}"),
                )
                .note(format!("there are those of {}", known.join(", "))),
            )
        })
    }

    fn find(
        &self,
        object: &Value,
        version: usize,
        origins: &dyn Origins,
    ) -> Result<Found<'_>, Box<Diagnostic>> {
        let whole = || Place::find(object, &Location::new(), origins);
        let word = |key: &str| object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let (Some(api), Some(kind)) = (word("apiVersion"), word("kind")) else {
            let missing = if word("apiVersion").is_none() { "apiVersion" } else { "kind" };
            let fault = Diagnostic::error("missing-key", format!("an object has no `{missing}`"));
            return Ok(Found::Fault(fault.primary(whole().key_span(missing, origins), "this object")));
        };
        let loaded = self.loaded(&self.versions[version])?;
        if let Some(found) = loaded.kind(api, kind) {
            return Ok(Found::Kind(loaded, found));
        }
        let custom = self.loaded(&self.custom)?;
        if let Some(found) = custom.kind(api, kind) {
            return Ok(Found::Custom(custom, found));
        }
        let span = Place::find(object, &Location::new().join("kind"), origins).span(origins);
        let headline = format!("there is no kind `{kind}` in `{api}`");
        let fault = Diagnostic::error("unknown-kind", headline).primary(span, "unknown kind");
        let all = || [loaded, custom].into_iter().flat_map(|l| &l.kinds);
        let elsewhere = all().find(|(_, kinds)| kinds.contains_key(kind)).map(|(api, _)| api.as_str());
        let here =
            all().filter(|(name, _)| *name == api).flat_map(|(_, kinds)| kinds.keys().map(String::as_str));
        let meant = elsewhere.map(|api| format!("did you mean `apiVersion: {api}`?")).or_else(|| {
            let names = similar(kind, here)
                .or_else(|| similar(kind, all().flat_map(|(_, kinds)| kinds.keys().map(String::as_str))));
            names.map(|name| format!("did you mean `{name}`?"))
        });
        Ok(Found::Fault(match meant {
            Some(meant) => fault.help(meant),
            None => fault,
        }))
    }

    fn loaded<'a>(&self, version: &'a Version) -> Result<&'a Loaded, Box<Diagnostic>> {
        let load = || Loaded::new(&version.documents, version.index, self.versions.len());
        version.loaded.get_or_init(load).as_ref().map_err(Clone::clone)
    }

    /// Whether what a kind accepts, it accepts in another version too.
    fn implies(&self, narrow: &Kind, wide: &Kind) -> bool {
        *narrow.implies[wide.version].get_or_init(|| {
            let json = |kind: &Kind| {
                let loaded = self.versions.get(kind.version)?.loaded.get()?.as_ref().ok()?;
                loaded.library.json(&kind.document)
            };
            let (Some(a), Some(b)) = (json(narrow), json(wide)) else { return false };
            let (Some(from), Some(to)) = (a.pointer(&narrow.pointer), b.pointer(&wide.pointer)) else {
                return false;
            };
            Implication::new(a, b).holds(from, to)
        })
    }
}

impl Loaded {
    fn new(
        documents: &[Vec<Arc<Document>>],
        version: usize,
        versions: usize,
    ) -> Result<Loaded, Box<Diagnostic>> {
        let mut kinds: BTreeMap<String, BTreeMap<String, Kind>> = BTreeMap::new();
        let mut schemas = Vec::with_capacity(documents.len());
        for parts in documents {
            let mut json = parts[0].parse()?;
            for over in &parts[1..] {
                lay_over(&mut json, over.parse()?);
            }
            let document = Library::uri(&parts[0].name);
            let definitions = json.get("$defs").and_then(JsonValue::as_object);
            for (name, definition) in definitions.into_iter().flatten() {
                let names = definition.get("x-kubernetes-group-version-kind").and_then(JsonValue::as_array);
                for gvk in names.into_iter().flatten() {
                    let word = |key| gvk.get(key).and_then(JsonValue::as_str).unwrap_or_default();
                    let api = match word("group") {
                        "" => word("version").to_owned(),
                        group => format!("{group}/{}", word("version")),
                    };
                    let kind = Kind {
                        version,
                        document: document.clone(),
                        pointer: format!("/$defs/{name}"),
                        validator: OnceLock::new(),
                        implies: (0..versions).map(|_| OnceLock::new()).collect(),
                    };
                    kinds.entry(api).or_default().insert(word("kind").to_owned(), kind);
                }
            }
            schemas.push((Arc::new(json), parts.clone()));
        }
        Ok(Loaded { library: Library::new(schemas)?, kinds })
    }

    fn kind(&self, api: &str, kind: &str) -> Option<&Kind> {
        self.kinds.get(api)?.get(kind)
    }

    fn check(
        &self,
        kind: &Kind,
        object: &Value,
        origins: &dyn Origins,
    ) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
        let uri = format!("{}#{}", kind.document, kind.pointer);
        let compiled = kind.validator.get_or_init(|| build(&self.library, &uri, &uri));
        let validator = compiled.as_ref().map_err(Clone::clone)?;
        let node = TreeNode::Value(object);
        if validator.is_valid(node) {
            return Ok(Vec::new());
        }
        let word = |key| object.get(key).and_then(Value::as_str).unwrap_or_default();
        let subject = format!("`{}` ({})", word("kind"), word("apiVersion"));
        let mut faults = Faults {
            root: object,
            library: &self.library,
            origins,
            subject: &subject,
            unknown_keys: Severity::Error,
            found: Vec::new(),
        };
        for error in validator.iter_errors(node) {
            faults.add(&error);
        }
        Ok(sorted(faults.found))
    }
}

/// Lays a schema over another, key by key; what is no map replaces.
fn lay_over(under: &mut JsonValue, over: JsonValue) {
    match (under, over) {
        (JsonValue::Object(under), JsonValue::Object(over)) => {
            for (key, value) in over {
                match under.get_mut(&key) {
                    Some(there) => lay_over(there, value),
                    None => {
                        under.insert(key, value);
                    }
                }
            }
        }
        (under, over) => *under = over,
    }
}
