//! The schemas of what the command reads and prints.

use crate::harness::Project;
use crate::repository::root;
use jsonschema::{Registry, Resource, Validator};
use serde_json::Value;

fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(root().join("schemas").join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A schema; those of reports refer to the diff's.
fn schema(name: &str) -> Validator {
    let address = |name: &str| format!("file:///schemas/{name}");
    let registry = Registry::new()
        .add(address("diff.schema.json"), Resource::from_contents(read("diff.schema.json")))
        .unwrap()
        .prepare()
        .unwrap();
    jsonschema::options().with_base_uri(address(name)).with_registry(&registry).build(&read(name)).unwrap()
}

#[track_caller]
fn conforms(schema: &Validator, value: &Value) {
    let faults: Vec<String> =
        schema.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{}\n{value:#}", faults.join("\n"));
}

/// What a command prints with `-o json`, hashes and all.
fn json(project: &Project, arguments: &str) -> Value {
    let mut command = project.command();
    let output = command.args(arguments.split_whitespace()).args(["-o", "json"]).output().unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// What a command prints with `-o json` where it fails; it is as its schema says.
pub(crate) fn error(project: &Project, arguments: &str) -> Value {
    project.run(&format!("{arguments} -o json")).fails();
    let report = json(project, arguments);
    let schema = schema("error.schema.json");
    conforms(&schema, &report);
    let mut broken = report.clone();
    broken["errors"] = Value::Array(Vec::new());
    assert!(!schema.is_valid(&broken));
    report
}

#[test]
fn errors_as_json() {
    let project = Project::accepted();
    let unknown = error(&project, "list -e nowhere");
    assert!(unknown["errors"][0]["headline"].as_str().unwrap().contains("nowhere"), "{unknown:#}");
    assert!(unknown["catalog"].is_null());
    project.edit("values/batch/values.yaml", "enabled: true", "enabled: [true");
    for command in ["diff", "values", "affected values/batch/values.yaml", "golden check"] {
        let broken = error(&project, command);
        let place = &broken["errors"][0]["places"][0];
        assert_eq!(place["file"], "values/batch/values.yaml", "{command}: {broken:#}");
    }
}

fn diff(project: &Project, arguments: &str) -> Value {
    json(project, &format!("diff {arguments}"))
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
fn pending_as_json() {
    let schema = schema("pending.schema.json");
    let project = Project::committed();
    conforms(&schema, &diff(&project, "--base ."));
    // one thing is merged, and the change touches it again
    project.edit("puppet/common.yaml", "greeting: hello", "greeting: good day");
    project.write("change/common.yaml", project.read("puppet/common.yaml").replace("good day", "good night"));
    let mut report = diff(&project, "--base . --mount /etc/puppet=change");
    conforms(&schema, &report);
    assert!(!report["both"].as_array().unwrap().is_empty(), "{report:#}");
    report["introduced"]["flagged"] = "perhaps".into();
    assert!(!schema.is_valid(&report));
    // both are comparisons as the diff has them
    let (pending, diff) = (read("pending.schema.json"), read("diff.schema.json"));
    let mut parts: Vec<&String> = diff["properties"].as_object().unwrap().keys().collect();
    // what the whole report says once
    parts.retain(|name| !["schema", "hosts", "next", "board", "inputs"].contains(&name.as_str()));
    let comparison = &pending["$defs"]["comparison"];
    assert!(comparison["properties"].as_object().unwrap().keys().eq(parts.iter().copied()));
    assert_eq!(comparison["required"], serde_json::json!(parts));
}

#[test]
fn values_as_json() {
    let schema = schema("values.schema.json");
    let project = Project::new();
    project.edit("puppet/common.yaml", "greeting: hello", "greeting: 0.10\nlarge: 9007199254740993");
    project.with_secret("hidden");
    for arguments in ["", "--show-origin", "--key port", "--key greeting --show-origin", "--key secrets"] {
        let report = json(&project, &format!("values {arguments}"));
        conforms(&schema, &report);
        assert!(!report.to_string().contains("hidden"), "{report:#}");
    }
    // a number has the digits that were written
    let run = project.run("values -o json -e west -l name=main").expect(0);
    assert!(run.stdout.contains("\"greeting\": 0.10,"), "{run}");
    assert!(run.stdout.contains("\"large\": 9007199254740993"), "{run}");
    let mut report = json(&project, "values --show-origin");
    report["releases"][0]["origins"][0]["place"]["line"] = 0.into();
    assert!(!schema.is_valid(&report));
    project.run("values -o json --key greting").fails();
}

#[test]
fn why_as_json() {
    let schema = schema("why.schema.json");
    let project = Project::accepted();
    project.with_secret("hidden");
    for asked in ["replicas", "secrets.password", "config", "/etc/puppet/common.yaml:5"] {
        let report = json(&project, &format!("why {asked}"));
        conforms(&schema, &report);
        assert!(!report.to_string().contains("hidden"), "{report:#}");
        assert!(report["line"].is_null() && report["values"][0]["settings"][0]["effect"].is_string());
    }
    let golden = project.read("golden/east/shop/canary.yaml");
    let line = 1 + golden.lines().position(|l| l.contains("checksum/greeting")).unwrap();
    let mut report = json(&project, &format!("why golden/east/shop/canary.yaml:{line}"));
    conforms(&schema, &report);
    assert_eq!(report["line"]["causes"][0]["how"], "hash", "{report:#}");
    report["line"]["causes"][0]["how"] = "somehow".into();
    assert!(!schema.is_valid(&report));
}

#[test]
fn golden_as_json() {
    let schema = schema("golden.schema.json");
    let project = Project::accepted();
    conforms(&schema, &json(&project, "golden check"));
    project.remove("golden/east/shop/main.yaml").write("golden/north/shop/main.yaml", "").edit(
        "golden/west/shop/main.yaml",
        "replicas: 6",
        "replicas: 7",
    );
    let mut report = json(&project, "golden check");
    conforms(&schema, &report);
    let faults: Vec<_> = report["faults"].as_array().unwrap().iter().map(|f| f["fault"].clone()).collect();
    assert_eq!(faults, ["missing", "differs", "obsolete"]);
    project.run("golden check -o json").expect(1);
    report["faults"][0]["fault"] = "none".into();
    assert!(!schema.is_valid(&report));
}

#[test]
fn lists_as_json() {
    let project = Project::new();
    let broken = Project::new();
    broken
        .edit("values/shop/values.yaml", "replicas: 6", "replicas: six\nreplicsa: 7")
        .edit("values/global.yaml", "port: 8080", "port: 8080\nport: 8081")
        .with_secret("hidden");
    for (command, list) in [
        ("list", "releases"),
        ("affected /etc/puppet/common.yaml", "objects"),
        ("affected pools", "objects"),
        ("validate", "diagnostics"),
    ] {
        let name = command.split(' ').next().unwrap();
        let schema = schema(&format!("{name}.schema.json"));
        conforms(&schema, &json(&project, command));
        let mut report = json(&broken, command);
        conforms(&schema, &report);
        assert!(!report[list].as_array().unwrap().is_empty(), "{report:#}");
        report[list][0]["more"] = 1.into();
        assert!(!schema.is_valid(&report), "{command}");
    }
}

#[test]
fn lint_as_json() {
    let schema = schema("lint.schema.json");
    let project = Project::new();
    project.write("chart/Chart.yaml", "{apiVersion: v2, name: web, version: 1.0.0}\n");
    project.write("chart/values.yaml", "unread: 1\n");
    conforms(&schema, &json(&project, "lint chart --quiet"));
    let mut report = json(&project, "lint chart");
    conforms(&schema, &report);
    assert_eq!(report["charts"], 1);
    assert_eq!(report["diagnostics"][0]["id"], "unread-value", "{report:#}");
    report["diagnostics"][0]["more"] = 1.into();
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
        + "helm: {version: 3.19.5, kube_version: '1.31', api_versions: [monitoring.coreos.com/v1], skip_schema_validation: true}\nwindows:\n- {name: w, days: [monday], from: '9:00', to: '10:00', zone: UTC}\nhot_reload:\n- {objects: [a]}\n";
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
        ("kube_version: '1.31'", "kube: '1.31'"),
    ] {
        assert!(text.contains(from), "{from}");
        let broken = text.replacen(from, to, 1);
        assert!(!schema.is_valid(&read(&broken)), "{broken}");
        project.write("mwrender.yaml", broken);
        project.run("list").fails();
    }
}
