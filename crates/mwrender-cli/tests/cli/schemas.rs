//! The schemas of what the command reads and prints.

use crate::harness::Project;
use crate::repository::root;
use jsonschema::Validator;
use serde_json::Value;

fn schema(name: &str) -> Validator {
    let text = std::fs::read_to_string(root().join("schemas").join(name)).unwrap();
    jsonschema::draft202012::new(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[track_caller]
fn conforms(schema: &Validator, value: &Value) {
    let faults: Vec<String> =
        schema.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What `diff -o json` prints, hashes and all.
fn diff(project: &Project, arguments: &str) -> Value {
    let mut command = project.command();
    let output = command.args(["diff", "-o", "json"]).args(arguments.split_whitespace()).output().unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn diff_as_json() {
    let schema = schema("diff.schema.json");
    let project = Project::committed();
    for arguments in ["", "--deployed git:HEAD"] {
        conforms(&schema, &diff(&project, arguments));
    }
    project
        .edit("puppet/common.yaml", "greeting: hello", "greeting: good day")
        .edit("puppet/common.yaml", "  - 192.0.2.2\n", "")
        .edit("values/batch/values.yaml", "enabled: true", "enabled: false")
        .edit("templates/web/service.yaml.j2", "port: 80\n", "port: 81\n")
        .edit(
            "mwrender.yaml",
            "      canary: {set: {replicas: 1}}",
            "      next: {set: {replicas: 1, app: next}}",
        )
        .with_secret("hidden");
    for arguments in ["", "--deployed git:HEAD", "-e west", "--deployed mount:/etc/puppet=puppet"] {
        let report = diff(&project, arguments);
        conforms(&schema, &report);
        assert!(!report.to_string().contains("hidden"));
    }
    let file = project.read("mwrender.yaml");
    let windows =
        "windows:\n- {days: [monday], from: '9:00', to: '10:00', zone: UTC, except: [2027-01-01]}\n";
    project.write("mwrender.yaml", file + windows);
    for time in ["2026-11-23T09:30:00Z", "2026-11-23T10:00:00Z"] {
        let report = diff(&project, &format!("--at {time}"));
        conforms(&schema, &report);
        assert_eq!(report["blocked"], time.contains("10:00"));
    }
    // the schema is one that says no
    let mut report = diff(&project, "");
    report["releases"][0]["objects"][0]["lines"][0]["origin"] = "somewhere".into();
    assert!(!schema.is_valid(&report));
}

/// The schema of reports on three states, which refers to that of reports on two.
fn pending_schema() -> Validator {
    let read = |name: &str, id: &str| -> Value {
        let text = std::fs::read_to_string(root().join("schemas").join(name)).unwrap();
        let mut schema: Value = serde_json::from_str(&text).unwrap();
        schema["$id"] = id.into();
        schema
    };
    let mut schema = read("pending.schema.json", "https://example.org/pending.schema.json");
    schema["$defs"]["diff"] = read("diff.schema.json", "https://example.org/diff.schema.json");
    jsonschema::draft202012::new(&schema).unwrap()
}

#[test]
fn three_states_as_json() {
    let schema = pending_schema();
    let project = Project::committed();
    conforms(&schema, &diff(&project, "--base ."));
    project
        .edit("puppet/common.yaml", "greeting: hello", "greeting: good day")
        .edit("puppet/site-east.yaml", "east.example", "east.test")
        .edit("values/global.yaml", "web:1", "web:2");
    for arguments in ["", "--without puppet", "--only values/**", "--deployed git:HEAD"] {
        let report = diff(&project, &format!("--base git:HEAD {arguments}"));
        conforms(&schema, &report);
        assert_eq!(report["introduced"]["releases"].as_array().map(Vec::len), Some(5));
    }
    // the schema is one that says no
    let mut report = diff(&project, "--base git:HEAD");
    report["introduced"]["restarts"][0]["spurious"] = "perhaps".into();
    assert!(!schema.is_valid(&report));
}

#[test]
fn project_file() {
    let schema = schema("project.schema.json");
    let read = |text: &str| -> Value { serde_yaml::from_str(text).unwrap() };
    conforms(&schema, &read(&std::fs::read_to_string(root().join("mwrender.yaml")).unwrap()));
    let project = Project::new();
    let text = project.read("mwrender.yaml");
    conforms(&schema, &read(&text));
    let text = text
        + "windows:\n- {name: w, days: [monday], from: '9:00', to: '10:00', zone: UTC}\nhot_reload:\n- {objects: [a]}\n";
    conforms(&schema, &read(&text));
    project.write("mwrender.yaml", &text).run("list").expect(0);
    // what the schema refuses, the command does, and the other way round
    for (from, to) in [
        ("presence: required", "presence: maybe"),
        ("    chart: web\n", ""),
        ("  window: true\n", ""),
        ("owner: puppet", "owners: puppet"),
        ("environments: [east, west]", "environments: east"),
        ("private: true", "private: very"),
        ("from: '9:00'", "from: nine"),
        ("days: [monday]", "days: []"),
        (", zone: UTC", ""),
        ("objects: [a]", "entries: [a]"),
    ] {
        assert!(text.contains(from), "{from}");
        let broken = text.replacen(from, to, 1);
        assert!(!schema.is_valid(&read(&broken)), "{broken}");
        project.write("mwrender.yaml", broken);
        project.run("list").fails();
    }
}
