//! SARIF 2.1.0, the Static Analysis Results Interchange Format of OASIS.

use super::Findings;
use mwrender_core::diagnostic::{Annotation, Diagnostic, Severity};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

pub(super) fn json(findings: &Findings<'_>) -> Value {
    let ids: BTreeSet<&str> = findings.found.iter().map(|d| d.id).collect();
    let rules: Vec<Value> = ids.iter().map(|id| rule(id)).collect();
    let results: Vec<Value> = findings.found.iter().map(|d| result(findings, &ids, d)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "mwrender",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(id: &str) -> Value {
    let explained = mwrender_core::explain::all().into_iter().find(|(known, _)| *known == id);
    let explained = explained.map_or(id, |(_, text)| text);
    let first = explained.split("\n\n").next().unwrap_or(id).replace('\n', " ");
    json!({"id": id, "shortDescription": {"text": first}, "fullDescription": {"text": explained}})
}

fn result(findings: &Findings<'_>, ids: &BTreeSet<&str>, diagnostic: &Diagnostic) -> Value {
    let (primary, others): (Vec<&Annotation>, Vec<_>) =
        diagnostic.annotations.iter().partition(|a| a.primary);
    let mut message = diagnostic.headline.clone();
    let details = Findings::details(diagnostic);
    if !details.is_empty() {
        message = format!("{message}\n{details}");
    }
    let locations = |annotations: &[&Annotation]| -> Vec<Value> {
        annotations.iter().filter_map(|a| location(findings, a)).collect()
    };
    json!({
        "ruleId": diagnostic.id,
        "ruleIndex": ids.iter().position(|id| *id == diagnostic.id),
        "level": match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        "message": {"text": message},
        "locations": locations(&primary),
        "relatedLocations": locations(&others),
    })
}

fn location(findings: &Findings<'_>, annotation: &Annotation) -> Option<Value> {
    let start = findings.sources.location(annotation.span.start)?;
    let mut place = json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(&start.file)},
        "region": {"startLine": start.line, "startColumn": start.column},
    }});
    if !annotation.label.is_empty() {
        place["message"] = json!({"text": annotation.label});
    }
    Some(place)
}

/// A path as a URI: relative, or with `file://` before what begins with a slash.
fn uri(path: &str) -> String {
    let mut out = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                out.push(byte.into());
            }
            other => {
                // writing to a String cannot fail
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("templates/a b.yaml"), "templates/a%20b.yaml");
        assert_eq!(uri("/etc/x.yaml"), "file:///etc/x.yaml");
    }
}
