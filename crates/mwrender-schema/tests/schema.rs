//! The corpus, and what must hold of the files in `schemas/`.

#[path = "../../mwrender-values/tests/it/sections.rs"]
mod sections;

use mwrender_diagnostic::{Diagnostic, SourceId, SourceMap, print};
use mwrender_schema::{Kubernetes, Schemas, objects};
use mwrender_values::Value;
use sections::sections;
use std::fs;
use std::path::{Path, PathBuf};

const VERSIONS: [&str; 2] = ["1.31", "1.34"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas")
}

fn add(sources: &mut SourceMap, name: &str) -> SourceId {
    let text = fs::read_to_string(folder().join(name)).expect("the repository has it");
    sources.add(format!("schemas/{name}"), text)
}

/// The repository's own Kubernetes schemas.
fn kubernetes(sources: &mut SourceMap) -> Kubernetes {
    let versions = VERSIONS.map(|v| (v, add(sources, &format!("kubernetes/{v}.json"))));
    let rules = add(sources, "kubernetes/rules.json");
    let custom =
        ["Certificate", "PodMonitor", "ServiceMonitor"].map(|k| add(sources, &format!("crds/{k}.json")));
    let sources = &*sources;
    Kubernetes::new(
        versions.map(|(version, id)| (version, sources.get(id))),
        Some(sources.get(rules)),
        custom.map(|id| sources.get(id)),
    )
}

fn documents(sources: &SourceMap, id: SourceId) -> Vec<Value> {
    let source = sources.get(id);
    let read = mwrender_values::read::read(source.text(), source.start()).expect("it is YAML");
    read.documents.into_iter().map(|d| d.value).collect()
}

/// What the checks say of a case.
fn check(case: &str) -> String {
    let mut sources = SourceMap::default();
    let (mut schemas, mut values) = (Vec::new(), Vec::new());
    let mut rendered = None;
    for (name, text) in sections(case).1 {
        match name {
            name if name.ends_with(".schema.json") => schemas.push(sources.add(name, text)),
            "object.yaml" => rendered = Some(sources.add(name, text)),
            name => values.push(match name.strip_prefix("private:") {
                Some(name) => sources.add_private(name, text),
                None => sources.add(name, text),
            }),
        }
    }
    let mut faults = Vec::new();
    let mut keep = |result: Result<Vec<Diagnostic>, Box<Diagnostic>>| match result {
        Ok(found) => faults.extend(found),
        Err(fault) => faults.push(*fault),
    };
    if let Some(first) = schemas.first() {
        let name = sources.get(*first).name().clone();
        let schemas = Schemas::new(schemas.iter().map(|id| sources.get(*id)));
        for id in values {
            for value in documents(&sources, id) {
                keep(schemas.check(&name, &value, &sources));
            }
        }
    }
    if let Some(id) = rendered {
        let kubernetes = kubernetes(&mut sources);
        for object in documents(&sources, id) {
            keep(kubernetes.check_object_in(&object, &VERSIONS, &sources));
            keep(Ok(objects::check_names(&object, &sources)));
        }
    }
    if faults.is_empty() {
        return "nothing to report\n".into();
    }
    faults.iter().map(|f| print::full(f, &sources, false) + "\n\n").collect()
}

#[test]
fn corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs");
    let mut cases: Vec<_> = fs::read_dir(folder).expect("it is there").flatten().map(|e| e.path()).collect();
    cases.sort();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for path in cases {
            let name = path.file_stem().expect("a case has a name").to_string_lossy().into_owned();
            let case = fs::read_to_string(&path).expect("it was listed");
            insta::assert_snapshot!(name, check(&case));
        }
    });
}

/// All schema files of the repository, by path below `schemas/`.
fn files() -> Vec<String> {
    let mut found = Vec::new();
    for folder_name in ["", "charts", "crds", "kubernetes", "puppet"] {
        let Ok(entries) = fs::read_dir(folder().join(folder_name)) else { continue };
        for path in entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "json"))
        {
            found.push(path.strip_prefix(folder()).expect("below it").to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

#[test]
fn every_schema_is_valid() {
    let found = files();
    assert!(found.len() > 15, "{found:?}");
    for name in found {
        let text = fs::read_to_string(folder().join(&name)).expect("it was listed");
        let schema: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let result = jsonschema::meta::validate(&schema);
        assert!(result.is_ok(), "{name}: {:?}", result.err().map(|e| e.to_string()));
    }
}

/// A rule for something that a version does not have would never be applied.
#[test]
fn rules_speak_of_what_is_there() {
    let read = |name: &str| -> serde_json::Value {
        let text = fs::read_to_string(folder().join(name)).expect("the repository has it");
        serde_json::from_str(&text).expect("it is JSON")
    };
    let rules = read("kubernetes/rules.json");
    for version in VERSIONS {
        let definitions = read(&format!("kubernetes/{version}.json"));
        for (name, rule) in rules["$defs"].as_object().expect("a map") {
            for (property, _) in rule["properties"].as_object().expect("a map") {
                let there = &definitions["$defs"][name]["properties"][property];
                assert!(there.is_object(), "{version} has no {property} in {name}");
            }
        }
    }
}

#[test]
fn unknown_names() {
    let mut sources = SourceMap::default();
    let kubernetes = kubernetes(&mut sources);
    let object = Value::empty_map(mwrender_diagnostic::Pos::NONE);
    let fault = kubernetes.check_object(&object, "1.30", &()).expect_err("there is no such version");
    assert_eq!((fault.id, &*fault.notes[0]), ("unknown-kubernetes-version", "there are those of 1.31, 1.34"));
    let fault = Schemas::new([]).check("a.json", &object, &()).expect_err("there is no such schema");
    assert_eq!(fault.id, "unknown-schema");
    assert_eq!(kubernetes.versions().collect::<Vec<_>>(), VERSIONS);
}

/// Every kind of puppet's shapes that has an example in the repository accepts it, without a note.
#[test]
fn values_of_the_repository_have_their_shapes() {
    let values = folder().join("../values/helmfile-defaults");
    let mut sources = SourceMap::default();
    let names: Vec<_> = files().into_iter().filter(|n| n.starts_with("puppet/")).collect();
    let ids: Vec<_> = names.iter().map(|name| add(&mut sources, name)).collect();
    let schemas = Schemas::new(ids.iter().map(|id| sources.get(*id)));
    let mut files = Vec::new();
    for folder in ["", "mediawiki", "mediawiki/release", "statsd-exporter"] {
        let entries = fs::read_dir(values.join(folder)).into_iter().flatten().flatten().map(|e| e.path());
        files.extend(entries.filter(|p| p.extension().is_some_and(|e| e == "yaml")));
    }
    for path in files {
        let stem = path.file_stem().expect("a file").to_string_lossy().into_owned();
        let shape = match &*stem {
            _ if path.parent().is_some_and(|p| p.ends_with("release")) => "release",
            "values" => "statsd-exporter",
            name => ["general", "clusterinfo"].into_iter().find(|p| name.starts_with(p)).unwrap_or(name),
        };
        let text = fs::read_to_string(&path).expect("it was listed");
        let value = mwrender_values::read::read(&text, mwrender_diagnostic::Pos::from_raw(1))
            .expect("YAML")
            .into_value();
        let schema = format!("schemas/puppet/{shape}.schema.json");
        let faults =
            schemas.check(&schema, &value, &()).unwrap_or_else(|e| panic!("{}: {e:?}", path.display()));
        assert!(faults.is_empty(), "{}: {faults:?}", path.display());
    }
}

/// Takes away, renames or replaces the `n`th key or item of an object.
fn mutate(value: &serde_json::Value, n: &mut usize, how: u8) -> serde_json::Value {
    use serde_json::{Value as Json, json};
    match value {
        Json::Object(map) => {
            let mut out = serde_json::Map::new();
            for (key, value) in map {
                let here = *n == 0;
                *n = n.wrapping_sub(1);
                match how {
                    0 if here => {}
                    1 if here => drop(out.insert(format!("{key}s"), value.clone())),
                    2 if here => drop(out.insert(key.clone(), json!(-1))),
                    3 if here => drop(out.insert(key.clone(), json!({ "a": ["b"] }))),
                    4 if here => drop(out.insert(key.clone(), Json::Null)),
                    _ => drop(out.insert(key.clone(), mutate(value, n, how))),
                }
            }
            Json::Object(out)
        }
        Json::Array(list) => list.iter().map(|item| mutate(item, n, how)).collect(),
        other => other.clone(),
    }
}

/// To pass over a version hides no fault of it.
#[test]
fn versions_passed_over_have_no_faults() {
    let case =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs/objects-good.txt"));
    let mut sources = SourceMap::default();
    let kubernetes = kubernetes(&mut sources);
    let case = case.expect("it is there");
    let good = sections(&case).1.remove(0).1;
    let (mut accepted, mut refused) = (0, 0);
    for document in good.split("---\n") {
        let read = |text: &str| {
            mwrender_values::read::read(text, mwrender_diagnostic::Pos::from_raw(1))
                .expect("YAML")
                .into_value()
        };
        let json: serde_json::Value = to_json(&read(document));
        for how in 0..5 {
            for nth in 0..80 {
                let mutant = read(&mutate(&json, &mut { nth }, how).to_string());
                let together =
                    kubernetes.check_object_in(&mutant, &VERSIONS, &()).expect("the versions are there");
                let alone = VERSIONS.map(|v| kubernetes.check_object(&mutant, v, &()).expect("it is there"));
                assert_eq!(together.is_empty(), alone.iter().all(Vec::is_empty), "{how} {nth} {together:?}");
                *if together.is_empty() { &mut accepted } else { &mut refused } += 1;
            }
        }
    }
    assert!(accepted > 100 && refused > 100, "{accepted} accepted, {refused} refused");
}

fn to_json(value: &Value) -> serde_json::Value {
    use mwrender_values::{Data, NumberKind};
    match &value.data {
        Data::Null => serde_json::Value::Null,
        Data::Bool(b) => (*b).into(),
        Data::Number(n) => match n.kind {
            NumberKind::Int(i) => i.into(),
            NumberKind::Uint(u) => u.into(),
            NumberKind::Float(f) => f.into(),
        },
        Data::String(t) => (&*t.text).into(),
        Data::List(l) => l.iter().map(to_json).collect(),
        Data::Map(m) => m.iter().map(|(k, e)| (k.to_string(), to_json(&e.value))).collect(),
    }
}

/// Every id is explained, and every one that a text can cause stands in the corpus. (`schema-mismatch` is for
/// keywords to come.)
#[test]
fn every_id_is_explained_and_tested() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |folder: &str| -> String {
        let entries = fs::read_dir(root.join(folder)).expect("it is there").flatten();
        let files = entries.map(|e| e.path()).filter(|path| path.is_file());
        files.map(|path| fs::read_to_string(path).expect("it was listed")).collect()
    };
    let (code, snapshots) = (read("src"), read("tests/snapshots"));
    let ids: Vec<_> = mwrender_schema::EXPLANATIONS.iter().map(|(id, _)| *id).collect();
    assert!(ids.is_sorted());
    for id in &ids {
        assert!(code.matches(&format!("\"{id}\"")).count() > 1, "{id} is explained and never used");
        let by_caller = ["schema-mismatch", "unknown-schema", "unknown-kubernetes-version"].contains(id);
        assert!(by_caller || snapshots.contains(&format!("[{id}]")), "{id} is in no case of the corpus");
    }
    for used in code.split("Diagnostic::error(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.contains(&used), "{used} is not explained");
    }
}
