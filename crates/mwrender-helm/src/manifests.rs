//! From rendered files to manifests: taken apart, read, told from hooks, and in the order in which Helm installs.

use crate::decode::{self, Decoder, Field, types};
use crate::engine::{Rendered, RenderedFile};
use crate::error::Error;
use mwrender_diagnostic::Pos;
use mwrender_manifest::order;
use mwrender_values::Value;
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// A document of a rendered file.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The path of the template.
    pub path: Arc<str>,
    /// The number of the file in [`Rendered::files`].
    pub file: usize,
    /// The bytes of the file's text that are the document.
    pub range: Range<usize>,
    /// Its API version, or an empty text.
    pub api_version: String,
    /// Its kind, or an empty text.
    pub kind: String,
    /// `metadata.name`, or an empty text.
    pub name: String,
    /// For a hook what it waits for, in lower case; `test-success` is `test`.
    pub events: Option<Vec<&'static str>>,
}

/// The manifests of a release.
#[derive(Clone, Debug, Default)]
pub struct Manifests {
    /// All but hooks, in install order.
    pub manifests: Vec<Manifest>,
    /// Hooks, by kind in install order; their weight does not count for the output.
    pub hooks: Vec<Manifest>,
    /// What Helm prints on standard error.
    pub warnings: Vec<String>,
}

/// A document that is no YAML, or not what a manifest is.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", error.text)]
pub struct ManifestError {
    /// Helm's words, and the places in the document as [`Pos::local`].
    pub error: Error,
    /// The number of the file in [`Rendered::files`].
    pub file: usize,
    /// The bytes of the file's text that are the document.
    pub range: Range<usize>,
}

const EVENTS: [&str; 9] = [
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
];

/// A text without the space around it, as Go's `strings.TrimSpace`.
pub(crate) fn trimmed(text: &[u8]) -> Range<usize> {
    match std::str::from_utf8(text) {
        Ok(text) => {
            let start = text.len() - text.trim_start().len();
            start..start + text.trim().len()
        }
        Err(_) => {
            let start = text.len() - text.trim_ascii_start().len();
            start..start + text.trim_ascii().len()
        }
    }
}

/// The documents of a text, as byte ranges.
///
/// What separates them is `---` at the start of the text or of a line, wherever that line ends: Helm's pattern takes
/// the space around with it, so that a second `---` right behind the first stays in the document.
///
/// ```
/// use mwrender_helm::manifests::documents;
/// let text = b"a: 1\n---b: 2\n\n---\n---\nc: 3\n";
/// let found: Vec<&[u8]> = documents(text).into_iter().map(|range| &text[range]).collect();
/// assert_eq!(found, [&b"a: 1"[..], b"b: 2", b"---\nc: 3"]);
/// ```
pub fn documents(text: &[u8]) -> Vec<Range<usize>> {
    static SEPARATOR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?:^|[\t\n\x0c\r ]*\n)---[\t\n\x0c\r ]*").expect("a pattern"));
    let whole = trimmed(text);
    let inner = &text[whole.clone()];
    let mut found = Vec::new();
    let mut from = 0;
    let mut push = |range: Range<usize>| {
        if !range.is_empty() {
            let kept = trimmed(&inner[range.clone()]);
            let start = whole.start + range.start;
            found.push(start + kept.start..start + kept.end);
        }
    };
    // most texts have no separator, and the pattern is slow on long runs of space
    if memchr::memmem::find(inner, b"---").is_some() {
        for separator in SEPARATOR.find_iter(inner) {
            push(from..separator.start());
            from = separator.end();
        }
    }
    push(from..inner.len());
    found
}

struct Head {
    api_version: String,
    kind: String,
    name: String,
    hook: Option<String>,
}

/// The fields of a manifest that Helm looks at.
const FIELDS: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// What Helm reads of a manifest.
fn head(text: &[u8]) -> Result<Head, Error> {
    let mut head = Head { api_version: String::new(), kind: String::new(), name: String::new(), hook: None };
    let text = mwrender_values::read::text_as_go(text).map_err(|words| {
        Error::new(crate::error::ErrorKind::Chart, format!("error converting YAML to JSON: {words}"))
    })?;
    let value = decode::fields_of(&text, Pos::local(0), &FIELDS)?;
    if value.is_null() {
        return Ok(head);
    }
    if value.as_map().is_none() {
        return Err(decode::wrong_document(&value, "releaseutil.SimpleHead"));
    }
    let mut decoder = Decoder::default();
    decoder.fields(&value, &FIELDS, |decoder, name, value| {
        let field = Field { owner: "SimpleHead", path: name };
        match name {
            "apiVersion" => decoder.text(value, field, &mut head.api_version),
            "kind" => decoder.text(value, field, &mut head.kind),
            _ => metadata(decoder, value, field, &mut head),
        }
    });
    decoder.finish()?;
    Ok(head)
}

fn metadata(decoder: &mut Decoder, value: &Value, field: Field<'_>, head: &mut Head) {
    let ty =
        r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;
    if !decoder.is_object(value, field, ty) {
        return;
    }
    decoder.fields(value, &["name", "annotations"], |decoder, name, value| {
        if name == "name" {
            return decoder.text(value, Field { owner: "", path: "metadata.name" }, &mut head.name);
        }
        let field = Field { owner: "", path: "metadata.annotations" };
        if !decoder.is_object(value, field, types::TEXTS) {
            return;
        }
        for (key, entry) in value.as_map().into_iter().flat_map(|map| map.iter()) {
            let mut text = String::new();
            decoder.text(&entry.value, field, &mut text);
            if &**key == "helm.sh/hook" {
                head.hook = Some(text);
            }
        }
    });
}

/// What a hook waits for, if Helm knows all of it.
fn events(text: &str) -> Option<Vec<&'static str>> {
    let events = text.split(',').map(|event| {
        let event = event.trim().to_lowercase();
        let event = if event == "test-success" { "test" } else { &*event };
        EVENTS.iter().copied().find(|known| *known == event)
    });
    events.collect()
}

/// Kinds in install order; those that Helm does not know last, by their names.
fn sort(manifests: &mut [Manifest]) {
    let last = order::rank("");
    manifests.sort_by(|a, b| {
        let ranks = (order::rank(&a.kind), order::rank(&b.kind));
        ranks
            .0
            .cmp(&ranks.1)
            .then_with(|| if ranks.0 == last { a.kind.cmp(&b.kind) } else { ranks.0.cmp(&ranks.1) })
    });
}

fn blank(file: &RenderedFile) -> bool {
    trimmed(&file.text).is_empty()
}

impl Manifests {
    /// Takes the files of a render apart; notes are left out.
    ///
    /// # Errors
    /// A document is no YAML, or its kind, name or annotations are not of the right type.
    pub fn of(rendered: &Rendered) -> Result<Manifests, Box<ManifestError>> {
        let mut found = Manifests::default();
        for (number, file) in rendered.files.iter().enumerate() {
            if file.is_notes() || blank(file) {
                continue;
            }
            for range in documents(&file.text) {
                let head = head(&file.text[range.clone()]).map_err(|error| {
                    let error = error.within(&format!("YAML parse error on {}", file.path));
                    Box::new(ManifestError { error, file: number, range: range.clone() })
                })?;
                let manifest = Manifest {
                    path: Arc::clone(&file.path),
                    file: number,
                    range,
                    api_version: head.api_version,
                    kind: head.kind,
                    name: head.name,
                    events: None,
                };
                match head.hook.as_deref().map(|hook| (hook, events(hook))) {
                    None => found.manifests.push(manifest),
                    Some((_, Some(events))) => {
                        found.hooks.push(Manifest { events: Some(events), ..manifest });
                    }
                    Some((hook, None)) => {
                        let hook = crate::engine::data::quoted(hook);
                        found.warnings.push(format!("info: skipping unknown hook: {hook}"));
                    }
                }
            }
        }
        sort(&mut found.manifests);
        sort(&mut found.hooks);
        Ok(found)
    }
}

/// What is printed.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The manifests below `crds/`, too.
    pub crds: bool,
    /// No hooks.
    pub no_hooks: bool,
    /// No hooks that are tests.
    pub skip_tests: bool,
    /// Only manifests of these templates, as patterns within the chart; none for all.
    pub show_only: Vec<String>,
}

/// A document with the path that it is printed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed<'r> {
    /// Whether it comes from `crds/`.
    pub is_crd: bool,
    /// Whether it is a hook.
    pub is_hook: bool,
    /// The path.
    pub path: &'r str,
    /// The text.
    pub text: &'r [u8],
}

impl Printed<'_> {
    /// With the lines before it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"---\n# Source: ");
        out.extend_from_slice(self.path.as_bytes());
        out.push(b'\n');
        out.extend_from_slice(self.text);
        out.push(b'\n');
    }
}

impl Choice {
    /// The documents to print, in order, without regard to `show_only`. `crds` are the files below `crds/`.
    pub fn documents<'r>(
        &self,
        crds: &'r [(String, &'r crate::File)],
        rendered: &'r Rendered,
        manifests: &'r Manifests,
    ) -> Vec<Printed<'r>> {
        let printed = |m: &'r Manifest| Printed {
            is_crd: false,
            is_hook: m.events.is_some(),
            path: &m.path,
            text: &rendered.files[m.file].text[m.range.clone()],
        };
        let crds = crds.iter().filter(|_| self.crds).map(|(path, file)| Printed {
            is_crd: true,
            is_hook: false,
            path,
            text: &file.data,
        });
        let is_test = |m: &Manifest| m.events.iter().flatten().any(|event| *event == "test");
        let hooks = manifests.hooks.iter().filter(|m| !(self.no_hooks || self.skip_tests && is_test(m)));
        crds.chain(manifests.manifests.iter().map(printed)).chain(hooks.map(printed)).collect()
    }

    /// What Helm prints on standard output: the text of the release, which is all but hooks, and the hooks.
    ///
    /// # Errors
    /// A pattern of `show_only` fits nothing; the error is Helm's text.
    pub fn print(&self, release: &[u8], hooks: &[Printed<'_>]) -> Result<Vec<u8>, String> {
        let mut out = release[trimmed(release)].to_vec();
        out.push(b'\n');
        for printed in hooks {
            printed.write(&mut out);
        }
        if self.show_only.is_empty() { Ok(out) } else { self.shown(&out) }
    }

    fn shown(&self, text: &[u8]) -> Result<Vec<u8>, String> {
        static NAME: LazyLock<Regex> =
            LazyLock::new(|| Regex::new("# Source: [^/]+/(.+)").expect("a pattern"));
        let documents: Vec<&[u8]> = documents(text).into_iter().map(|range| &text[range]).collect();
        let mut out = Vec::new();
        for pattern in &self.show_only {
            let fits = |document: &&&[u8]| {
                let name =
                    NAME.captures(document).map(|found| String::from_utf8_lossy(&found[1]).into_owned());
                name.is_some_and(|name| crate::ignore::glob::matches(pattern, &name).unwrap_or(false))
            };
            let before = out.len();
            for document in documents.iter().filter(fits) {
                out.extend_from_slice(b"---\n");
                out.extend_from_slice(document);
                out.push(b'\n');
            }
            if out.len() == before {
                return Err(format!("could not find template {pattern} in chart"));
            }
        }
        Ok(out)
    }
}
