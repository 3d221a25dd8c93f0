//! `values.schema.json`: what Helm 3.19.5 says of values, as recorded in `tests/schema/cases.jsonl`.

use mwrender_diagnostic::SourceMap;
use mwrender_helm::{File, load, schema, settle};
use mwrender_values::{NullHandling, read::read};
use serde_json::Value as Json;

fn check(schema_text: &str, values: &str) -> Result<(), schema::Mismatch> {
    check_with(schema_text, values, &schema::Offline)
}

fn check_with(schema_text: &str, values: &str, fetch: &dyn schema::Fetch) -> Result<(), schema::Mismatch> {
    let file = |path: &str, text: &str| File::new(path, text.as_bytes());
    let files = vec![
        file("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        file("values.schema.json", schema_text),
    ];
    let mut sources = SourceMap::default();
    let chart = load::folder(files, "c", &mut sources).expect("a chart").chart;
    let given = sources.add("given.yaml", values);
    let given = read(values, sources.get(given).start()).expect("values").into_value();
    let settled = settle(&chart, &given, NullHandling::default()).expect("values");
    schema::check(&settled, fetch)
}

#[test]
fn schemas_say_what_helm_says() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in include_str!("../schema/cases.jsonl").lines() {
        let case: Json = serde_json::from_str(line).expect("a recorded case");
        let text = |key: &str| case[key].as_str().unwrap_or_default();
        let ours = check(text("schema"), text("values")).err().map(|mismatch| mismatch.message);
        count += 1;
        if ours.as_deref() != case["err"].as_str() {
            wrong.push(format!(
                "{}\n{}\nHelm: {}\nours: {}\n",
                text("schema"),
                text("values"),
                text("err"),
                ours.unwrap_or_default()
            ));
        }
    }
    assert!(count > 300 && wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn violations_have_places() {
    let mismatch =
        check(r#"{"properties": {"a": {"items": {"type": "string"}}}}"#, "a:\n- x\n- 1\n").unwrap_err();
    let [violation] = &mismatch.violations[..] else { panic!("{:?}", mismatch.violations) };
    assert_eq!(violation.path, ["a", "1"]);
    assert_eq!(violation.message, "got number, want string");
    assert_eq!(violation.keywords, ["properties", "a", "items", "type"]);
    assert!(violation.value.is_some());
}

/// A network where each schema refers to a further one.
#[derive(Debug)]
struct Endless;

impl schema::Fetch for Endless {
    fn fetch(&self, address: &str) -> Result<Vec<u8>, schema::Unfetched> {
        Ok(format!(r#"{{"$ref": "{address}x"}}"#).into_bytes())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        schema::Offline.read(path)
    }
}

#[test]
fn a_network_without_an_end() {
    let mismatch = check_with(r#"{"$ref": "http://example.org/x"}"#, "a: 1", &Endless).unwrap_err();
    assert!(mismatch.message.ends_with("a schema refers to more than 250 documents"), "{mismatch}");
    assert_eq!(mismatch.unusable.len(), 1);
}

/// References that double at each level.
#[test]
fn a_check_without_an_end() {
    let mut defs = serde_json::Map::new();
    for level in 0..20 {
        let next = serde_json::json!({"$ref": format!("#/$defs/{}", level + 1)});
        defs.insert(level.to_string(), serde_json::json!({"allOf": [next, next]}));
    }
    defs.insert("20".to_owned(), serde_json::json!({"type": "object"}));
    let schema = serde_json::json!({"$ref": "#/$defs/0", "$defs": defs}).to_string();
    let mismatch = check_with(&schema, "a: 1", &schema::Offline).unwrap_err();
    assert!(mismatch.message.contains("- at '': the check takes more than "), "{mismatch}");
}
