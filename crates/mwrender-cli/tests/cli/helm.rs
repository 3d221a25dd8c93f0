//! `mwrender template` beside real Helm: the charts in `mwrender-helm/tests/charts` and what Helm 3.19.5 made of them.
//!
//! `MWRENDER_HELM=PATH` records again, with the program at that path.

use crate::harness::Project;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn charts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../mwrender-helm/tests/charts")
}

fn run(program: &str, arguments: &Json) -> Output {
    let arguments = arguments.as_array().into_iter().flatten().filter_map(Json::as_str);
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("HELM")) {
        command.env_remove(name);
    }
    command.env("KUBECONFIG", "none");
    command.arg("template").args(arguments).current_dir(charts()).output().expect("the program starts")
}

/// What Helm says behind `Error: `; our diagnostics follow it.
fn error(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let error = text.split("Error: ").nth(1).unwrap_or_default();
    let error = error.split("\n\nerror[").next().unwrap_or_default();
    let error = error.split("\n\nerror: ").next().unwrap_or_default();
    error.split("\nhelm.go").next().unwrap_or_default().trim().to_owned()
}

fn answer(output: &Output) -> Json {
    json!({
        "status": output.status.code(),
        "stdout": String::from_utf8_lossy(&output.stdout),
        "error": error(&output.stderr),
    })
}

#[test]
fn charts_render_as_with_helm() {
    let path = charts().join("recorded.jsonl");
    let recorded = std::fs::read_to_string(&path).expect("recorded.jsonl");
    let (first, cases) = recorded.split_once('\n').expect("a line that says what made the file");
    let (mut wrong, mut again) = (String::new(), format!("{first}\n"));
    for line in cases.lines() {
        let mut case: Json = serde_json::from_str(line).expect("a case");
        if let Ok(helm) = std::env::var("MWRENDER_HELM") {
            let before = case.clone();
            for (name, value) in answer(&run(&helm, &case["args"])).as_object().expect("a map") {
                case[name] = value.clone();
            }
            // what is as it was stays as it is written
            let _ = if case == before { writeln!(again, "{line}") } else { writeln!(again, "{case}") };
            continue;
        }
        let output = run(env!("CARGO_BIN_EXE_mwrender"), &case["args"]);
        for (name, ours) in answer(&output).as_object().expect("a map") {
            if *ours != case[name] {
                let _ =
                    writeln!(wrong, "{} {name}\n  ours:   {ours}\n  theirs: {}", case["name"], case[name]);
            }
        }
    }
    if std::env::var_os("MWRENDER_HELM").is_some() {
        std::fs::write(path, again).expect("recorded.jsonl");
    }
    assert!(cases.lines().count() > 100 && wrong.is_empty(), "{wrong}");
}

/// A project with a chart of its own.
fn project() -> Project {
    let project = Project::new();
    let files = [
        ("web/Chart.yaml", "{apiVersion: v2, name: web, version: 1.0.0}"),
        ("web/values.yaml", "mesh: {port: 4000}\n"),
        (
            "web/templates/_mesh.tpl",
            "{{ define \"mesh.tls\" -}}\ntls: {{ .Values.mesh.tls.enabled }}\n{{ end }}",
        ),
        (
            "web/templates/config.yaml",
            "kind: ConfigMap\ndata:\n  {{- include \"mesh.tls\" . | nindent 2 }}\n",
        ),
        ("global.yaml", "mesh:\n  tls: {enabled: true}\n"),
        ("codfw.yaml", "mesh:\n  tls: null\n"),
    ];
    for (name, text) in files {
        project.write(name, text);
    }
    project
}

#[test]
fn errors_say_where_values_come_from() {
    let project = project();
    project.run("template main web -f global.yaml").expect(0).snapshot("template");
    project.run("template main web -f global.yaml -f codfw.yaml").expect(1).snapshot("template_null");
    project.run("template main web").expect(1).snapshot("template_missing");
    project.run("template main web --set mesh.tls=7").expect(1).snapshot("template_set");
    project.write("web/templates/config.yaml", "{{ fail (printf \"%v is no port\" .Values.mesh.port) }}");
    project.run("template main web").expect(1).snapshot("template_fail");
    project.write("web/templates/config.yaml", "kind: A\n{{ .Values.mesh.port | nosuch }}\n");
    project.run("template main web").expect(1).snapshot("template_syntax");
    project.write("web/templates/config.yaml", "kind: A\n  b: {{ .Values.mesh.port }}\n");
    project.run("template main web").expect(1).snapshot("template_yaml");
    project.run("template main web --debug").expect(1).snapshot("template_yaml_debug");
}

/// Answers requests with the document of their path, or with status 404, as long as the test runs.
fn server(documents: &'static [(&str, &str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let asked = lines.next().unwrap_or_default();
            lines.find(String::is_empty);
            let path = asked.split(' ').nth(1).unwrap_or_default();
            let answer = match documents.iter().find(|(name, _)| *name == path) {
                Some((_, body)) => format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()),
                None => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
            };
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    format!("http://{address}")
}

/// Helm 3.19.5 says the same of the same documents.
#[test]
fn schemas_may_refer_to_the_network() {
    let server = server(&[
        ("/web/schema.json", r#"{"properties": {"mesh": {"$ref": "mesh.json#/$defs/mesh"}}}"#),
        ("/web/mesh.json", r#"{"$defs": {"mesh": {"properties": {"port": {"type": "integer"}}}}}"#),
        ("/web/none.json", r#"{"type": 7}"#),
        ("/web/text.json", "hello"),
    ]);
    let project = project();
    let refer = |path: &str| {
        project.write("web/values.schema.json", json!({"$ref": format!("{server}{path}")}).to_string());
    };
    refer("/web/schema.json");
    let rendered = project.run("template main web -f global.yaml").expect(0);
    project.run("lint web -f global.yaml").expect(0);
    let mut all = String::new();
    let mut fail = |arguments: &str| {
        let run = project.run(arguments).expect(1);
        all.push_str(&run.stderr.replace(&server, "http://SERVER"));
    };
    fail("template main web -f global.yaml --set mesh.port=x");
    for path in ["/gone.json", "/web/none.json", "/web/text.json"] {
        refer(path);
        fail("template main web -f global.yaml");
    }
    project.write("web/values.schema.json", r#"{"$ref": "http://127.0.0.1:1/x.json"}"#);
    fail("template main web -f global.yaml");
    project.write("web/values.schema.json", r#"{"$ref": "http:///x.json"}"#);
    fail("template main web -f global.yaml");
    insta::assert_snapshot!("template_schema_network", all);
    // what no check comes to is not asked for
    project
        .write("web/values.schema.json", r#"{"$defs": {"unused": {"$ref": "http://127.0.0.1:1/x.json"}}}"#);
    let alone = project.run("template main web -f global.yaml").expect(0);
    assert_eq!(alone.stdout, rendered.stdout);
}

#[test]
fn what_needs_a_network_is_refused() {
    let project = project();
    let mut all = String::new();
    for flags in ["--validate", "--dry-run=server", "-f https://example.org/values.yaml"] {
        let run = project.run(&format!("template main web {flags}")).expect(1);
        all.push_str(&run.stderr);
    }
    all.push_str(&project.run("template main oci://example.org/web").expect(1).stderr);
    project.run("template main web --repo https://charts.example.org -f global.yaml").expect(0);
    all.push_str(&project.run("template main gone --repo https://charts.example.org").expect(1).stderr);
    project.write("web.tgz", "signed");
    project.write("web.tgz.prov", "the signature");
    all.push_str(&project.run("template main web.tgz --verify").expect(1).stderr);
    let dependency = "dependencies: [{name: cache, version: 1.0.0, repository: https://charts.example.org}]";
    let chart = project.read("web/Chart.yaml");
    project.write("web/Chart.yaml", format!("{{apiVersion: v2, name: web, version: 1.0.0, {dependency}}}"));
    all.push_str(&project.run("template main web --dependency-update").expect(1).stderr);
    project.write("web/Chart.yaml", chart);
    project.run("template main web --enable-dns -f global.yaml").expect(0);
    project.write("web/templates/host.yaml", "host: {{ getHostByName \"example.org\" }}\n");
    all.push_str(&project.run("template main web --enable-dns").expect(1).stderr);
    project.remove("web/templates/host.yaml");
    insta::assert_snapshot!("template_refused", all);
    project
        .run("template main web -f global.yaml --dry-run --kube-context x --atomic --timeout 5m")
        .expect(0);
}

/// The words are Go's, which names the first part of a way that is not there.
#[test]
fn links_that_lead_nowhere() {
    let project = project();
    for (target, why) in [
        ("../gone/x.yaml", "lstat [DIR]/gone: no such file or directory"),
        ("templates/gone/../x", "lstat [DIR]/web/templates/gone: no such file or directory"),
        ("Chart.yaml/x", "not a directory"),
        ("link", "EvalSymlinks: too many links"),
    ] {
        let link = project.path().join("web/link");
        std::os::unix::fs::symlink(target, &link).expect("a link");
        let run = project.run("template main web").expect(1);
        let told = format!("error evaluating symlink [DIR]/web/link: {why}\n");
        assert!(run.stderr.contains(&told), "{target}: {}", run.stderr);
        std::fs::remove_file(link).expect("the link is there");
    }
}

#[test]
fn files_instead_of_output() {
    let project = project();
    let run = project.run("template main web -f global.yaml --output-dir out --release-name").expect(0);
    assert_eq!(run.stdout, "wrote out/main/web/templates/config.yaml\n\n");
    let text = project.read("out/main/web/templates/config.yaml");
    assert_eq!(text, "---\n# Source: web/templates/config.yaml\nkind: ConfigMap\ndata:\n  tls: true\n");
    project.run("template main web -f global.yaml --include-crds=false").expect(0);
}

/// A chart that makes its own password does not show it as a change of what was changed.
#[test]
fn random_texts_are_one_for_both_sides() {
    let project = Project::new();
    let object = |kind: &str, name: &str| {
        format!(
            "apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: {{{{ .Release.Namespace }}}}}}\n"
        )
    };
    let files = [
        ("charts/shop/Chart.yaml", "{apiVersion: v2, name: shop, version: 1.0.0}".to_owned()),
        (
            "charts/shop/templates/secret.yaml",
            object("Secret", "password") + "stringData: {password: {{ randAlphaNum 16 }}}\n",
        ),
        (
            "charts/shop/templates/config.yaml",
            object("ConfigMap", "config") + "data: {port: {{ quote .Values.port }}, id: {{ uuidv4 }}}\n",
        ),
        ("puppet/common.yaml", "port: 80\n".to_owned()),
        ("proposal/common.yaml", "port: 81\n".to_owned()),
        (
            "mwrender.yaml",
            "templates: charts\nenvironments: [east]\nmounts: {/etc/puppet: puppet}\nkubernetes: []\n\
             layers: {shop: [{path: /etc/puppet/common.yaml}]}\n\
             services: {shop: {chart: shop, layers: shop, releases: {main: }}}\n"
                .to_owned(),
        ),
    ];
    for (name, text) in files {
        project.write(name, text);
    }
    let diff = "diff --no-validate --deployed mount:/etc/puppet=puppet --mount /etc/puppet";
    project.run(&format!("{diff}=puppet")).expect(0);
    let changed = project.run(&format!("{diff}=proposal")).expect(2);
    let lines = changed.stdout.lines().filter(|line| line.contains("password: ") || line.contains("data: ["));
    assert_eq!(lines.count(), 0, "{}", changed.stdout);
    assert!(changed.stdout.contains("81"), "{}", changed.stdout);
}

#[test]
fn schemas_of_charts_in_a_project() {
    let project = Project::new();
    let settings = "templates: charts\nenvironments: [east]\nmounts: {/etc/puppet: puppet}\nkubernetes: []\n\
        layers: {shop: [{path: /etc/puppet/common.yaml}]}\n\
        services: {shop: {chart: shop, layers: shop, releases: {main: }}}\n";
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: {{ .Release.Namespace }}}\n\
        data: {port: {{ quote .Values.port }}}\n";
    let files = [
        ("charts/shop/Chart.yaml", "{apiVersion: v2, name: shop, version: 1.0.0}"),
        ("charts/shop/templates/config.yaml", config),
        ("charts/shop/values.schema.json", r#"{"properties": {"port": {"type": "string"}}}"#),
        ("puppet/common.yaml", "port: 80\n"),
        ("mwrender.yaml", settings),
    ];
    for (name, text) in files {
        project.write(name, text);
    }
    let render = "render --no-validate";
    project.run(render).expect(1).snapshot("project_schema");
    project.write("charts/shop/values.schema.json", r#"{"$ref": "http://127.0.0.1:1/port.json"}"#);
    project.run(render).expect(1).snapshot("project_schema_network");
    project.write("mwrender.yaml", format!("{settings}helm: {{skip_schema_validation: true}}\n"));
    project.run(render).expect(0).snapshot("project_schema_skipped");
}
