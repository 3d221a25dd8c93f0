//! What was rendered, as `helm lint` checks it: file by file, only of the outermost chart.

use super::deprecated::deprecated;
use crate::capabilities::Capabilities;
use crate::decode;
use crate::engine::{Rendered, RenderedFile};
use crate::file::extension;
use crate::manifests::{documents, trimmed};
use crate::version::Version;
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use mwrender_values::{Data, Value, read};
use std::ops::Range;

struct Objects<'r> {
    rendered: &'r Rendered,
    file: &'r RenderedFile,
    start: Pos,
    found: Vec<Diagnostic>,
}

/// Checks a rendered file. `start` is where its template begins.
pub(super) fn check(
    rendered: &Rendered,
    file: &RenderedFile,
    start: Pos,
    capabilities: &Capabilities,
) -> Vec<Diagnostic> {
    let mut objects = Objects { rendered, file, start, found: Vec::new() };
    if !matches!(extension(&file.path), ".yaml" | ".yml") || trimmed(&file.text).is_empty() {
        return Vec::new();
    }
    objects.indentation();
    // Helm reads on up to here
    let end = objects.separator();
    for mut range in documents(&file.text[..end]) {
        // a first line that is indented is so for YAML, too
        let before = &file.text[..range.start];
        range.start = before.len() - before.iter().rev().take_while(|byte| **byte == b' ').count();
        let text = match read::text_as_go(&file.text[range.clone()]) {
            Ok(text) => text,
            Err(words) => {
                let headline = format!("what is rendered is no YAML: {words}");
                objects.add(Diagnostic::error("invalid-manifest", headline), range.start);
                return objects.found;
            }
        };
        let value = match decode::yaml(&text, Pos::local(0)) {
            Ok(value) => value,
            Err(error) => {
                let inner = error.diagnostics.first().and_then(Diagnostic::primary_span);
                let offset = inner.and_then(|span| span.start.local_offset()).unwrap_or_default() as usize;
                let headline = error.diagnostics.first().map_or(error.text.clone(), |d| d.headline.clone());
                let at = range.start + offset;
                objects.add(
                    Diagnostic::error("invalid-manifest", format!("what is rendered is no YAML: {headline}")),
                    at,
                );
                // as Helm, which stops there
                return objects.found;
            }
        };
        if !objects.object(&value, &range, capabilities) {
            break;
        }
    }
    objects.found
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
    /// Adds a finding about a byte of the text: at the template that made it, with the value in it.
    fn add(&mut self, diagnostic: Diagnostic, offset: usize) {
        let mut pieces = self.file.pieces_in(offset..offset + 1);
        let piece = pieces.find(|piece| piece.range().contains(&offset));
        let place = piece.and_then(|piece| self.rendered.places(piece).first().copied());
        let diagnostic = match place.filter(|at| at.is_some()).or(Some(self.start)).filter(|at| at.is_some())
        {
            Some(at) => diagnostic.primary(Span::new(at, 1), ""),
            None => diagnostic,
        };
        self.found.push(diagnostic);
    }

    fn indentation(&mut self) {
        let text = &self.file.text;
        let lines = text.split_inclusive(|byte| *byte == b'\n');
        let mut offset = 0;
        for line in lines {
            let content = line.trim_ascii_end();
            if content.trim_ascii_start().is_empty() || content.starts_with(b"#") || content == b"---" {
                offset += line.len();
                continue;
            }
            if content.starts_with(b" ") || content.starts_with(b"\t") {
                let headline = "the rendered document begins with an indented line";
                let help = "begin the document in the first column";
                self.add(Diagnostic::warning("illegal-indent", headline).help(help), offset);
            }
            return;
        }
    }

    /// Checks what stands behind separators of documents; gives where the first wrong one is, or the end.
    fn separator(&mut self) -> usize {
        let mut offset = 0;
        for line in self.file.text.split_inclusive(|byte| *byte == b'\n') {
            let behind = line.strip_prefix(b"---").unwrap_or_default().trim_ascii();
            if !behind.is_empty() && !behind.starts_with(b"#") {
                let headline = format!("`{}` stands behind a separator", String::from_utf8_lossy(behind));
                let help = "begin the document on a line of its own";
                self.add(Diagnostic::error("invalid-manifest", headline).help(help), offset);
                return offset;
            }
            offset += line.len();
        }
        offset
    }

    /// Checks an object; whether there is a point in going on.
    fn object(&mut self, value: &Value, range: &Range<usize>, capabilities: &Capabilities) -> bool {
        let metadata = value.get("metadata");
        let shape = match (&value.data, metadata.map(|metadata| &metadata.data)) {
            (Data::Null, _) => return true,
            (Data::Map(_), None | Some(Data::Null | Data::Map(_))) => None,
            (Data::Map(_), Some(_)) => Some("`metadata` is no map"),
            _ => Some("it is no map"),
        };
        if let Some(fault) = shape {
            let headline = format!("what is rendered is no object: {fault}");
            self.add(Diagnostic::error("invalid-manifest", headline), range.start);
            return false;
        }
        let at = |value: Option<&Value>| {
            let offset = value.and_then(|value| value.origin.local_offset()).unwrap_or_default();
            range.start + offset as usize
        };
        let within = |key| metadata.and_then(|metadata| metadata.get(key));
        // Helm reads these as text; it takes numbers and booleans for that
        let texts = [
            ("kind", value.get("kind")),
            ("apiVersion", value.get("apiVersion")),
            ("metadata.name", within("name")),
            ("metadata.namespace", within("namespace")),
        ];
        let composed =
            |value: Option<&Value>| value.is_some_and(|v| matches!(v.data, Data::Map(_) | Data::List(_)));
        if let Some((key, value)) = texts.into_iter().find(|(_, value)| composed(*value)) {
            let headline = format!("what is rendered is no object: `{key}` is no text");
            self.add(Diagnostic::error("invalid-manifest", headline), at(value));
            return false;
        }
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let (kind, api_version) = (text(value.get("kind")), text(value.get("apiVersion")));
        let name = within("name");
        let named = match name.map(|name| &name.data) {
            Some(Data::String(text)) => text.text.to_string(),
            Some(Data::Number(number)) => number.spelling.to_string(),
            Some(Data::Bool(flag)) => flag.to_string(),
            _ => String::new(),
        };
        let shown = if named.is_empty() { String::new() } else { format!(" `{named}`") };
        let title = if kind.is_empty() { "object".to_owned() } else { kind.clone() };
        match name_fault(&kind, &named) {
            Some(_) if named.is_empty() => {
                let headline = format!("this {title} has no `metadata.name`");
                self.add(Diagnostic::warning("invalid-name", headline), range.start);
            }
            Some(rule) => {
                let headline = format!("`{named}` is no name for this {title}: it {rule}");
                self.add(Diagnostic::warning("invalid-name", headline), at(name));
            }
            None => {}
        }
        self.deprecation(&api_version, &kind, at(value.get("apiVersion")), capabilities);
        let workload = matches!(&*kind, "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet");
        let document = &self.file.text[range.clone()];
        let says = |word: &[u8]| memchr::memmem::find(document, word).is_some();
        if workload && !says(b"matchLabels") && !says(b"matchExpressions") {
            let headline = format!("the {kind}{shown} has no `matchLabels` or `matchExpressions`");
            let help = "add `spec.selector.matchLabels`";
            self.add(Diagnostic::error("missing-selector", headline).help(help), at(value.get("kind")));
        }
        self.items(&kind, value, range);
        true
    }

    fn deprecation(&mut self, api_version: &str, kind: &str, at: usize, capabilities: &Capabilities) {
        let Some(known) = deprecated(api_version, kind) else { return };
        let version = Version::parse(&capabilities.kube_version.version);
        if version.is_none_or(|version| version.minor < known.since) {
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
    fn items(&mut self, kind: &str, value: &Value, range: &Range<usize>) {
        if kind != "List" {
            return;
        }
        let Some(items) = value.get("items").filter(|items| !items.is_null()) else { return };
        let at = |value: &Value| range.start + value.origin.local_offset().unwrap_or_default() as usize;
        let Some(list) = items.as_list() else {
            let headline = format!("the `items` of a List are a list; these are {}", items.kind_name());
            self.add(Diagnostic::error("invalid-manifest", headline), at(items));
            return;
        };
        for item in list {
            if let Some((what, wrong)) = wrong_part(item) {
                let headline = format!("in an item of a List, {what}; this is {}", wrong.kind_name());
                self.add(Diagnostic::error("invalid-manifest", headline), at(wrong));
                return;
            }
            let annotations = item.get("metadata").and_then(|metadata| metadata.get("annotations"));
            if let Some(policy) = annotations.and_then(|a| a.get("helm.sh/resource-policy")) {
                let headline = "Helm does not see the annotation `helm.sh/resource-policy` within a List";
                let help = "render the objects as documents of their own";
                self.add(Diagnostic::error("list-annotation", headline).help(help), at(policy));
            }
        }
    }
}

/// What of an item is not of its type, so far as Helm looks at it.
fn wrong_part(item: &Value) -> Option<(&'static str, &Value)> {
    let mut at = item;
    for (what, next) in [
        ("the item itself is a map", "metadata"),
        ("`metadata` is a map", "annotations"),
        ("`annotations` are a map", ""),
    ] {
        let Some(map) = at.as_map() else { return Some((what, at)).filter(|_| !at.is_null()) };
        if next.is_empty() {
            let mut texts = map.values().map(|entry| &entry.value);
            let composed = texts.find(|value| value.as_map().is_some() || value.as_list().is_some());
            return composed.map(|value| ("an annotation is text", value));
        }
        at = at.get(next)?;
    }
    None
}
