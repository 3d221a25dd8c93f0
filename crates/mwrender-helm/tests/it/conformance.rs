//! Probes of single behaviours that others ran on Helm 3.19.5, if their folder is there.

use mwrender_diagnostic::SourceMap;
use mwrender_helm::{Capabilities, File, Options, Program, Release, load, settle};
use mwrender_values::{NullHandling, Value};
use serde_json::Value as Json;
use std::path::Path;

/// Probes that differ, with the reason.
const DEPARTURES: [(&str, &str); 1] = [(
    r#"{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}"#,
    "the recorded answer is only its length",
)];

fn ours(template: &str, values: &str) -> String {
    let file = |name: &str, text: &str| File::new(name, text.as_bytes());
    let files = vec![
        file("Chart.yaml", "{apiVersion: v2, name: c, version: 1.2.3, appVersion: \"9.9\"}"),
        file("values.yaml", values),
        file("templates/t.txt", template),
    ];
    let mut sources = SourceMap::default();
    let loaded = match load::folder(files, "c", &mut sources) {
        Ok(loaded) => loaded,
        Err(error) => return format!("ERR {error}"),
    };
    let none = Value::empty_map(mwrender_diagnostic::Pos::NONE);
    let settled = settle(&loaded.chart, &none, NullHandling::default()).expect("values");
    let rendered = Program::compile(&settled.charts).and_then(|program| {
        program.render(&settled, &Release::new("rel", "ns"), &Capabilities::default(), Options::default())
    });
    match rendered {
        Ok(rendered) => String::from_utf8_lossy(&rendered.files[0].text).into_owned(),
        Err(fault) => format!("ERR {fault}"),
    }
}

#[test]
fn probes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/probes.jsonl");
    let Ok(text) = std::fs::read_to_string(root) else { return };
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).expect("a probe");
        let text = |field: &Json| field.as_str().unwrap_or_default().to_owned();
        let template = text(&case["tpl"]);
        let exact = &case["differs"]["v3.19.5-exact"];
        let theirs = text(if exact.is_string() { exact } else { &case["result"] });
        let ours = ours(&template, &text(&case["values"]));
        count += 1;
        let departs = DEPARTURES.iter().any(|(known, _)| *known == template);
        if (ours == theirs) == departs {
            wrong.push(format!("{template}\n  ours:   {ours:?}\n  theirs: {theirs:?}"));
        }
    }
    assert!(count > 250 && wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}
