//! What was rendered, as `helm lint` checks it: file by file, only of the outermost chart.

use super::Findings;
use super::deprecated::deprecated;
use super::documents::{Document, Documents, Fault, FaultKind};
use crate::capabilities::Capabilities;
use crate::engine::{Rendered, RenderedFile};
use crate::file::extension;
use crate::manifests::trimmed;
use crate::version::Version;
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use mwrender_values::{Data, Value, read};
use std::borrow::Cow;
use std::sync::Arc;

struct Objects<'r> {
    rendered: &'r Rendered,
    file: &'r RenderedFile,
    start: Pos,
    findings: Findings,
}

/// Why `helm lint` finds nothing in a file.
const OTHER_ENDING: &str = "helm lint looks at files named .yaml only, Helm at those named .yml, too";

/// Checks a rendered file. `start` is where its template begins.
pub(super) fn check(
    rendered: &Rendered,
    file: &RenderedFile,
    start: Pos,
    capabilities: &Capabilities,
) -> Findings {
    let mut objects = Objects { rendered, file, start, findings: Findings::default() };
    let ending = extension(&file.path);
    if trimmed(&file.text).is_empty() || !matches!(ending, ".yaml" | ".yml") {
        return objects.findings;
    }
    objects.check(capabilities);
    if ending == ".yaml" {
        return objects.findings;
    }
    let mut findings = Findings::default();
    findings.unreached(objects.findings, OTHER_ENDING);
    findings
}

/// The fields of an object that `helm lint` reads as texts.
struct Texts<'v> {
    kind: Option<&'v Value>,
    api_version: Option<&'v Value>,
    name: Option<&'v Value>,
    namespace: Option<&'v Value>,
}

/// What of an object is not of its type: what is wrong, and the value, if it is within the object.
type Misfit<'v> = (Cow<'static, str>, Option<&'v Value>);

/// The values of a key in Go's order, which is that of JSON or of the bytes of keys: the last one that is not null
/// counts. The case of keys does not.
fn fields<'v>(value: &'v Value, name: &str, in_order: bool) -> Vec<&'v Value> {
    let map = value.as_map().into_iter().flat_map(|map| map.iter());
    let mut found: Vec<_> = map.filter(|(key, _)| key.eq_ignore_ascii_case(name)).collect();
    if !in_order {
        found.sort_by_key(|(key, _)| Arc::clone(key));
    }
    found.into_iter().map(|(_, entry)| &entry.value).filter(|value| !value.is_null()).collect()
}

impl<'v> Texts<'v> {
    fn of(value: &'v Value, in_order: bool) -> Result<Texts<'v>, Misfit<'v>> {
        if value.as_map().is_none() {
            return Err(("it is no map".into(), None));
        }
        let metadata = fields(value, "metadata", in_order);
        if metadata.iter().any(|metadata| metadata.as_map().is_none()) {
            return Err(("`metadata` is no map".into(), None));
        }
        let text = |key: &str, found: Vec<&'v Value>| -> Result<Option<&'v Value>, Misfit<'v>> {
            match found.iter().find(|value| matches!(value.data, Data::Map(_) | Data::List(_))) {
                Some(wrong) => Err((format!("`{key}` is no text").into(), Some(*wrong))),
                None => Ok(found.last().copied()),
            }
        };
        let within = |name| metadata.iter().flat_map(|value| fields(value, name, in_order)).collect();
        Ok(Texts {
            kind: text("kind", fields(value, "kind", in_order))?,
            api_version: text("apiVersion", fields(value, "apiVersion", in_order))?,
            name: text("metadata.name", within("name"))?,
            namespace: text("metadata.namespace", within("namespace"))?,
        })
    }

    /// Whether they are texts in JSON, where a number is none.
    fn are_texts(&self) -> bool {
        let all = [self.kind, self.api_version, self.name, self.namespace];
        all.into_iter().flatten().all(|value| value.as_str().is_some())
    }
}

/// Whether a value of JSON is what `helm lint` decodes; null is.
fn is_object(value: &Value) -> bool {
    value.is_null() || Texts::of(value, true).is_ok_and(|texts| texts.are_texts())
}

/// A text as Go has it, which takes numbers and booleans for texts.
fn text(value: Option<&Value>) -> String {
    match value.map(|value| &value.data) {
        Some(Data::String(text)) => text.text.to_string(),
        Some(Data::Number(number)) => number.spelling.to_string(),
        Some(Data::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}

impl Objects<'_> {
    fn check(&mut self, capabilities: &Capabilities) {
        self.indentation();
        let file = self.file;
        for document in Documents::new(&file.text, is_object) {
            match document {
                Ok(document) => {
                    // as Helm, which stops there
                    if !self.object(&document, capabilities) {
                        return;
                    }
                }
                Err(Fault { kind, offset }) => {
                    let diagnostic = match kind {
                        FaultKind::Syntax(words) => {
                            let headline = format!("what is rendered is no YAML: {words}");
                            Diagnostic::error("invalid-manifest", headline)
                        }
                        FaultKind::Separator(behind) => {
                            let headline = format!("`{behind}` stands behind a separator");
                            Diagnostic::error("invalid-manifest", headline)
                                .help("begin the document on a line of its own")
                        }
                    };
                    self.add(diagnostic, offset);
                }
            }
        }
    }
}

/// What Kubernetes asks of names of a kind.
fn name_fault(kind: &str, name: &str) -> Option<&'static str> {
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let label = |label: &str| {
        label.starts_with(lower) && label.ends_with(lower) && label.chars().all(|c| lower(c) || c == '-')
    };
    match &*kind.to_lowercase() {
        "role" | "clusterrole" | "rolebinding" | "clusterrolebinding" => match name {
            "." | ".." => Some("may not be `.` or `..`"),
            _ if name.contains(['/', '%']) => Some("may not have `/` or `%` in it"),
            _ => None,
        },
        "service" => {
            let letter = name.starts_with(|c: char| c.is_ascii_lowercase());
            (!letter || !label(name) || name.len() > 63)
                .then_some("must be at most 63 lower-case letters, digits and `-`, and begin with a letter")
        }
        "namespace" => (!label(name) || name.len() > 63)
            .then_some("must be at most 63 lower-case letters, digits and `-`"),
        "certificatesigningrequest" => None,
        _ => (!name.split('.').all(label) || name.len() > 253)
            .then_some("must be at most 253 lower-case letters, digits, `-` and `.`"),
    }
}

impl Objects<'_> {
    /// Adds a finding about a byte of the text.
    fn add(&mut self, diagnostic: Diagnostic, offset: usize) {
        let placed = self.placed(diagnostic, offset);
        self.findings.helms([placed]);
    }

    /// With its place: at the template that made the byte, with the value in it.
    fn placed(&self, diagnostic: Diagnostic, offset: usize) -> Diagnostic {
        let mut pieces = self.file.pieces_in(offset..offset + 1);
        let piece = pieces.find(|piece| piece.range().contains(&offset));
        let place = piece.and_then(|piece| self.rendered.places(piece).first().copied());
        match place.filter(|at| at.is_some()).or(Some(self.start)).filter(|at| at.is_some()) {
            Some(at) => diagnostic.primary(Span::new(at, 1), ""),
            None => diagnostic,
        }
    }

    /// Whether the first line is indented; `helm lint` takes comments and separators for that, too.
    fn indentation(&mut self) {
        let text = &self.file.text;
        let mut offset = 0;
        let mut is_first = true;
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            if !trimmed(line).is_empty() {
                if line.starts_with(b" ") || line.starts_with(b"\t") {
                    let headline = "the rendered document begins with an indented line";
                    let help = "begin the document in the first column";
                    let diagnostic = Diagnostic::warning("illegal-indent", headline).help(help);
                    let placed = self.placed(diagnostic, offset);
                    if is_first {
                        self.findings.helms([placed]);
                    } else {
                        self.findings.ours([placed]);
                    }
                    return;
                }
                if !line.starts_with(b"#") && line.trim_ascii_end() != b"---" {
                    return;
                }
                is_first = false;
            }
            offset += line.len();
        }
    }

    /// Checks an object; whether there is a point in going on.
    fn object(&mut self, document: &Document, capabilities: &Capabilities) -> bool {
        let Document { range, value, is_json } = document;
        if value.is_null() {
            return true;
        }
        let at = |value: Option<&Value>| {
            let offset = value.and_then(|value| value.origin.local_offset()).unwrap_or_default();
            range.start + offset as usize
        };
        let texts = match Texts::of(value, *is_json) {
            Ok(texts) => texts,
            Err((fault, wrong)) => {
                let headline = format!("what is rendered is no object: {fault}");
                self.add(Diagnostic::error("invalid-manifest", headline), at(wrong));
                return false;
            }
        };
        let (kind, api_version) = (text(texts.kind), text(texts.api_version));
        let named = text(texts.name);
        let shown = if named.is_empty() { String::new() } else { format!(" `{named}`") };
        let title = if kind.is_empty() { "object".to_owned() } else { kind.clone() };
        match name_fault(&kind, &named) {
            Some(_) if named.is_empty() => {
                let headline = format!("this {title} has no `metadata.name`");
                self.add(Diagnostic::warning("invalid-name", headline), range.start);
            }
            Some(rule) => {
                let headline = format!("`{named}` is no name for this {title}: it {rule}");
                self.add(Diagnostic::warning("invalid-name", headline), at(texts.name));
            }
            None => {}
        }
        self.deprecation(&api_version, &kind, at(texts.api_version), capabilities);
        let workload = matches!(&*kind, "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet");
        // Helm looks at the whole file
        let says = |word: &[u8]| memchr::memmem::find(&self.file.text, word).is_some();
        if workload && !says(b"matchLabels") && !says(b"matchExpressions") {
            let headline = format!("the {kind}{shown} has no `matchLabels` or `matchExpressions`");
            let help = "add `spec.selector.matchLabels`";
            self.add(Diagnostic::error("missing-selector", headline).help(help), at(texts.kind));
        }
        if kind == "List" {
            self.items(document);
        }
        true
    }

    fn deprecation(&mut self, api_version: &str, kind: &str, at: usize, capabilities: &Capabilities) {
        let Some(known) = deprecated(api_version, kind) else { return };
        let version = Version::parse(&capabilities.kube_version.version);
        if version.is_none_or(|version| (version.major, version.minor) < (1, known.since)) {
            return;
        }
        let mut headline = format!("{api_version} {kind} is deprecated since Kubernetes 1.{}", known.since);
        if known.removed > 0 {
            headline = format!("{headline} and gone from 1.{} on", known.removed);
        }
        let mut diagnostic = Diagnostic::warning("deprecated-api", headline);
        if !known.instead.is_empty() {
            diagnostic = diagnostic.help(format!("use {}", known.instead));
        }
        self.add(diagnostic, at);
    }

    /// The items of a list: whether they are objects, and have annotations that Helm does not see there.
    ///
    /// `helm lint` looks at the items of the first document of the file, whichever is a list.
    fn items(&mut self, document: &Document) {
        let file = self.file;
        let first = read::text_as_go(&file.text).and_then(|text| read::read_as_go(&text, Pos::local(0)));
        let fault = match first {
            Ok(first) => items_fault(&first),
            Err(words) => Some((format!("what is rendered is no YAML: {words}"), None, 0)),
        };
        if let Some((headline, help, offset)) = fault {
            let place = self.placed(list_fault(headline, help), offset);
            self.findings.helms([place]);
        } else if let Some((headline, help, offset)) = items_fault(&document.value) {
            let place = self.placed(list_fault(headline, help), document.range.start + offset);
            self.findings.ours([place]);
        }
    }
}

fn list_fault(headline: String, help: Option<&str>) -> Diagnostic {
    match help {
        Some(help) => Diagnostic::error("list-annotation", headline).help(help),
        None => Diagnostic::error("invalid-manifest", headline),
    }
}

/// What is wrong with the items of a list: a headline, a help if it is an annotation, and where.
fn items_fault(value: &Value) -> Option<(String, Option<&'static str>, usize)> {
    let at = |value: &Value| value.origin.local_offset().unwrap_or_default() as usize;
    for items in fields(value, "items", false) {
        let Some(list) = items.as_list() else {
            let headline = format!("the `items` of a List are a list; these are {}", items.kind_name());
            return Some((headline, None, at(items)));
        };
        for item in list {
            match annotations(item) {
                Err((what, wrong)) => {
                    let headline = format!("in an item of a List, {what}; this is {}", wrong.kind_name());
                    return Some((headline, None, at(wrong)));
                }
                Ok(Some(policy)) => {
                    let headline = "Helm does not see the annotation `helm.sh/resource-policy` within a List";
                    let help = "render the objects as documents of their own";
                    return Some((headline.to_owned(), Some(help), at(policy)));
                }
                Ok(None) => {}
            }
        }
    }
    None
}

/// The annotation of an item that Helm does not see; or what of the item is not of its type, so far as Helm looks.
fn annotations(item: &Value) -> Result<Option<&Value>, (&'static str, &Value)> {
    let mut level = vec![item];
    for (what, next) in [
        ("the item itself is a map", "metadata"),
        ("`metadata` is a map", "annotations"),
        ("`annotations` are a map", ""),
    ] {
        level.retain(|value| !value.is_null());
        if let Some(wrong) = level.iter().find(|value| value.as_map().is_none()) {
            return Err((what, wrong));
        }
        if !next.is_empty() {
            level = level.into_iter().flat_map(|value| fields(value, next, false)).collect();
        }
    }
    let entries = || level.iter().filter_map(|value| value.as_map()).flat_map(|map| map.iter());
    let composed = entries().map(|(_, entry)| &entry.value);
    if let Some(wrong) = { composed }.find(|value| value.as_map().is_some() || value.as_list().is_some()) {
        return Err(("an annotation is text", wrong));
    }
    Ok(entries().find(|(key, _)| &***key == "helm.sh/resource-policy").map(|(_, entry)| &entry.value))
}
