//! `.Files.Glob` against what Helm 3.19.5 gives.
//!
//! `tests/globs/patterns.jsonl` has the names of the files of a chart in its first line, and in each other line a
//! pattern with the names it takes; or `error` where it is no pattern, so that Helm takes all files; and under
//! `panics` the names at which gobwas/glob 0.2.3 panics, with the errors.

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::engine::render;

const TEMPLATE: &str = "{{ range .Values.patterns }}
{{- range $name, $_ := $.Files.Glob . }}{{ $name }};{{ end }}
{{ end }}";

/// For each pattern the names it takes, each with a semicolon; or the error of the first one that has one.
fn taken(names: &[&str], patterns: &[&str]) -> Result<Vec<String>, String> {
    let mut files: Vec<_> = names.iter().map(|name| (*name, "")).collect();
    files.push(("templates/t.yaml", TEMPLATE));
    let rendered =
        render(&files, &json!({ "patterns": patterns }).to_string()).map_err(|f| f.text.clone())?;
    Ok(rendered[0].1.lines().map(str::to_owned).collect())
}

fn texts(list: &Json) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text")).collect()
}

#[test]
fn globs_take_what_helm_takes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/globs/patterns.jsonl");
    let text = fs::read_to_string(path).expect("a text");
    let mut lines = text.lines().map(|line| serde_json::from_str::<Json>(line).expect("JSON"));
    let first = lines.next().expect("names");
    let names = texts(&first["names"]);
    let cases: Vec<Json> = lines.collect();
    assert!(cases.len() > 300, "{}", cases.len());
    let pattern = |case: &Json| case["pattern"].as_str().expect("a pattern").to_owned();
    let mut wrong = Vec::new();
    let mut compare = |case: &Json, got: &str| {
        let mut takes = if case["error"] == true { names.clone() } else { texts(&case["matches"]) };
        takes.sort_unstable();
        let takes: String = takes.iter().map(|name| [*name, ";"].concat()).collect();
        if takes != got {
            wrong.push(format!("{}\nHelm: {takes}\nours: {got}\n", pattern(case)));
        }
    };

    let (panicking, plain): (Vec<&Json>, Vec<&Json>) =
        cases.iter().partition(|case| !case["panics"].is_null());
    let patterns: Vec<_> = plain.iter().map(|case| case["pattern"].as_str().expect("a pattern")).collect();
    let got = taken(&names, &patterns).expect("no error");
    assert_eq!(got.len(), plain.len());
    plain.iter().zip(&got).for_each(|(case, got)| compare(case, got));

    for case in panicking {
        let panics = case["panics"].as_object().expect("a map");
        let pattern = pattern(case);
        for (name, error) in panics {
            let got = taken(&[name], &[&pattern]).expect_err("an error");
            let wanted = format!("error calling Glob: {}", error.as_str().expect("a text"));
            assert!(got.ends_with(&wanted), "{pattern} at {name}\nHelm: {wanted}\nours: {got}");
        }
        let others: Vec<_> = names.iter().copied().filter(|name| !panics.contains_key(*name)).collect();
        let got = taken(&others, &[&pattern]).expect("no error");
        compare(case, &got[0]);
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
