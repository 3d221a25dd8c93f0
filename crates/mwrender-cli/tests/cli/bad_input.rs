//! Input that is broken, hostile or not there: a message with the place, status 1, nothing on stdout, no panic.

use crate::harness::{Project, Run};
use std::fmt::Write as _;
use std::io::Read as _;
use std::process::Stdio;

/// Renders with a values file of other content.
fn with_values(text: impl AsRef<[u8]>) -> Run {
    let project = Project::new();
    project.write("values/global.yaml", text);
    project.run("render -e west -l name=main")
}

#[test]
fn broken_yaml() {
    with_values("image: [a\nport: 1\n").fails().snapshot("bad_yaml");
    with_values("image: a\n\tport: 1\n").fails().snapshot("bad_tab");
    with_values("image: \"a\nport: 1\n").fails().snapshot("bad_cut_off");
    with_values("pools:\n- {name: a, servers: [b, c\n").fails().snapshot("bad_cut_off_bracket");
    with_values("port: 1\n---\n# another\nport: 2\n").fails().snapshot("bad_two_documents");
    with_values("port: 1\n---\n# nothing behind it\n").expect(0);
    with_values("---\nport: 1\n...\n").expect(0);
    with_values("- image\n- port\n").fails().snapshot("bad_list");
    with_values("just a text\n").fails().snapshot("bad_scalar");
    with_values("[a]: 1\n").fails().snapshot("bad_key");
    with_values("a: *nothing\n").fails().snapshot("bad_alias");
}

#[test]
fn encodings() {
    with_values(b"image: caf\xe9\nport: 1\n").fails().snapshot("bad_utf8");
    with_values(b"\xff\xfei\0m\0").fails().snapshot("bad_utf16");
    let plain = with_values("image: a\nport: 1\n").expect(0).stdout;
    assert_eq!(with_values("\u{feff}image: a\nport: 1\n").expect(0).stdout, plain);
    assert_eq!(with_values("image: a\r\nport: 1\r\n").expect(0).stdout, plain);
    // nothing at all, and nothing but comments, is an empty layer
    assert_eq!(with_values("").expect(0).stdout, with_values("# nothing\n").expect(0).stdout);
}

#[test]
fn billion_laughs() {
    let mut text = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for i in 1..12 {
        let aliases = vec![format!("*a{}", i - 1); 9].join(", ");
        writeln!(text, "a{i}: &a{i} [{aliases}]").unwrap();
    }
    with_values(text).fails().snapshot("bad_laughs");
    with_values("a: &a [*a]\n").fails().snapshot("bad_alias_of_itself");
}

#[test]
fn deep_nesting() {
    with_values(format!("a: {}{}\n", "[".repeat(10_000), "]".repeat(10_000)))
        .fails()
        .snapshot("bad_deep_flow");
    let mut blocks = String::new();
    for depth in 0..2_000 {
        writeln!(blocks, "{}a:", " ".repeat(depth)).unwrap();
    }
    with_values(blocks).fails().snapshot("bad_deep_block");
    with_values(format!("a: {}\n", "- ".repeat(10_000))).fails();
    let braces = format!("a: {}\n", "{a: ".repeat(10_000));
    with_values(braces).fails();
}

#[test]
fn large_input() {
    // 20 MB that are fine
    let mut text = String::from("config:\n  list:\n");
    while text.len() < 20 << 20 {
        text.push_str("  - a line of forty-eight bytes or thereabouts xx\n");
    }
    let project = Project::new();
    project.write("values/global.yaml", &text);
    let run = project.run("values -e west -l name=main --key port").expect(0);
    assert!(run.stdout.ends_with("80\n"), "{run}");
    // a hole in the file costs no disk; its size is refused before it is read
    let file = std::fs::File::create(project.path().join("values/global.yaml")).unwrap();
    file.set_len(300 << 20).unwrap();
    project.run("render").fails().snapshot("bad_too_large");
}

#[test]
fn duplicate_keys_warn() {
    let project = Project::new();
    project.write("values/global.yaml", "port: 1\nport: 2\n");
    let run = project.run("validate -o concise").expect(0);
    assert!(run.stdout.contains("values/global.yaml:2:1: warning[duplicate-key]"), "{run}");
    project.run("render -e west -l name=main").expect(0).has("targetPort: 2").snapshot("bad_duplicate_key");
}

#[test]
fn list_where_a_map_is_needed() {
    with_values("secrets: [a]\n").fails().snapshot("bad_list_for_map");
    with_values("autoscaling: [a]\n").fails().snapshot("bad_list_for_map_with_keys");
}

#[test]
fn undefined_three_includes_deep() {
    let project = Project::new();
    project
        .edit(
            "templates/web/service.yaml.j2",
            "    port: 80\n",
            "    port: 80\n{% include 'web/_one.j2' %}\n",
        )
        .write("templates/web/_one.j2", "{% include 'web/_two.j2' %}\n")
        .write("templates/web/_two.j2", "{% include 'web/_three.j2' %}\n")
        .write("templates/web/_three.j2", "    # {{ values.config.limits.burst.rate }}\n");
    project.run("render -e west -l name=main").fails().snapshot("bad_undefined");
    project.edit("values/shop/values.yaml", "    upload: 10\n", "    upload: 10\n    burst: null\n");
    project.run("render -e west -l name=main").fails().snapshot("bad_undefined_null");
    // a default of the chart that a layer deletes
    project
        .write("templates/web/_three.j2", "    # {{ values.autoscaling.max }}\n")
        .write("values/shop/values-main.yaml", "autoscaling:\n  max: null\n");
    project.run("render -e west -l name=main").fails().snapshot("bad_undefined_deleted");
}

#[test]
fn templates() {
    let service = |text: &str| {
        let project = Project::new();
        project.write("templates/web/service.yaml.j2", text);
        project.run("render -e west -l name=main")
    };
    service("{% if %}\n").fails().snapshot("bad_template_syntax");
    service("{{ values.port | nosuch }}\n").fails().snapshot("bad_template_filter");
    service("{% include 'web/_nosuch.j2' %}\n").fails().snapshot("bad_template_include");
    service("{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}")
        .fails()
        .snapshot("bad_template_fuel");
    service("{% macro again(n) %}{{ again(n + 1) }}{% endmacro %}{{ again(0) }}\n")
        .fails()
        .snapshot("bad_template_recursion");
    service("apiVersion: v1\nkind: [\nname: {{ values.port }}\n").fails().snapshot("bad_template_yaml");
    service("hello: {{ values.port }}\n").fails().snapshot("bad_template_no_object");
    service("{{ values.port | required('x') }}{{ fail('the port is out of order') }}\n")
        .fails()
        .snapshot("bad_template_fail");
}

#[test]
fn missing_layer() {
    let project = Project::new();
    project.remove("values/global.yaml");
    project.run("render").fails().snapshot("bad_missing_layer");
    let project = Project::new();
    project.edit("mwrender.yaml", "/etc/puppet: puppet", "/etc/other: puppet");
    project.run("render").fails().snapshot("bad_no_mount");
}

#[test]
fn mounts() {
    let project = Project::new();
    project.run("render --mount /etc/puppet=values/global.yaml").fails().snapshot("bad_mount_file");
    project.run("render --mount /etc/puppet=nothing").fails().snapshot("bad_mount_missing");
    project.edit("mwrender.yaml", "/etc/puppet: puppet", "/etc/puppet: nothing");
    project.run("render").fails().snapshot("bad_mount_of_project");
    // mounted over, it need not be there
    project.run("render --mount /etc/puppet=puppet").expect(0);
}

#[cfg(unix)]
#[test]
fn links() {
    use std::os::unix::fs::symlink;
    let project = Project::new();
    let link = |target: &str| {
        let path = project.path().join("puppet/site-west.yaml");
        let _ = std::fs::remove_file(&path);
        symlink(target, path).unwrap();
    };
    link("site-west.yaml");
    project.run("render").fails().snapshot("bad_link_loop");
    link("../values/global.yaml");
    project.run("render").fails().snapshot("bad_link_out");
    link("/etc/passwd");
    project.run("render").fails().snapshot("bad_link_absolute");
    link("nothing.yaml");
    project.run("render").expect(0);
    // a directory that is within itself, on the way to a file
    std::fs::create_dir(project.path().join("puppet/loop")).unwrap();
    symlink("../loop", project.path().join("puppet/loop/again")).unwrap();
    project.edit(
        "mwrender.yaml",
        "site-{environment}.yaml\", presence",
        "loop/again/again/x.yaml\", presence",
    );
    project.run("render").expect(0);
    project.edit(
        "mwrender.yaml",
        "loop/again/again/x.yaml\", presence",
        "site-{environment}.yaml\", presence",
    );
    // a required layer whose link leads nowhere
    project.remove("puppet/common.yaml");
    symlink("nothing.yaml", project.path().join("puppet/common.yaml")).unwrap();
    project.run("render -e west").fails().snapshot("bad_link_broken");
    project.remove("puppet/common.yaml").write("puppet/common.yaml", "greeting: hello\n");
    // as on a deployment server: through the mount
    link("/etc/puppet/site-east.yaml");
    project
        .run("values -e west -l name=main --key domain --show-origin")
        .expect(0)
        .snapshot("link_through_mount");
}

#[cfg(unix)]
#[test]
fn output_directory() {
    let project = Project::new();
    project.write("file", "");
    project.run("render --output-dir file").fails().snapshot("bad_output_file");
    project.run("render --output-dir /proc/nothing").fails().snapshot("bad_output_unwritable");
    // a release whose name would leave the directory
    project.edit("mwrender.yaml", "      canary: {set", "      ../../canary: {set");
    project.run("render --output-dir out").fails().snapshot("bad_output_name");
    assert!(!project.path().join("out").exists());
}

/// All paths below a directory of a project, with their contents.
fn tree(project: &Project, directory: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_string()];
    while let Some(path) = pending.pop() {
        let Ok(entries) = std::fs::read_dir(project.path().join(&path)) else { continue };
        for entry in entries.map(Result::unwrap) {
            let inner = format!("{path}/{}", entry.file_name().to_string_lossy());
            if entry.file_type().unwrap().is_dir() {
                found.push((inner.clone(), "a directory".to_string()));
                pending.push(inner);
            } else {
                found.push((inner.clone(), project.read(&inner)));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn output_directory_is_whole_or_as_it_was() {
    // what cannot be written comes last: a file where a directory is needed, a directory where a file is
    for (obstacle, snapshot) in [
        ("out/west/shop", "bad_output_part_file"),
        ("out/west/shop/main.yaml/x", "bad_output_part_directory"),
    ] {
        let project = Project::new();
        project.write(obstacle, "in the way").write("out/east/shop/main.yaml", "as it was");
        let before = tree(&project, "out");
        project.run("render --output-dir out").fails().snapshot(snapshot);
        assert_eq!(tree(&project, "out"), before);
        // golden files likewise
        std::fs::rename(project.path().join("out"), project.path().join("golden")).unwrap();
        let before = tree(&project, "golden");
        project.run("golden accept").fails();
        assert_eq!(tree(&project, "golden"), before);
    }
    // nothing of it was there before
    let project = Project::new();
    project.write("file", "");
    project.run("render --output-dir file/out").fails();
    project.run("render --output-dir new/out").expect(0);
    assert_eq!(tree(&project, "new").iter().filter(|(path, _)| path.ends_with(".yaml")).count(), 5);
    // files may be read by others, and nothing but them is left
    assert!(
        tree(&project, "new").iter().all(|(path, text)| path.ends_with(".yaml") || text == "a directory")
    );
}

#[test]
fn large_deployed_state() {
    let project = Project::new();
    let mut text = String::new();
    for i in 0..20_000 {
        writeln!(
            text,
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{i}, namespace: other}}\ndata:\n  key: '{}'",
            "x".repeat(100)
        )
        .unwrap();
    }
    assert!(text.len() > 3 << 20);
    project.write("all.yaml", &text);
    // none of them is of a release of ours
    project
        .run("diff -e west -l name=main --deployed all.yaml --summary")
        .expect(3)
        .has("1 of 1 release differs");
    // one more that is there already
    project.write(
        "all.yaml",
        text + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c7, namespace: other}\n",
    );
    project
        .run("diff -e west --deployed all.yaml")
        .fails()
        .has("is in the deployed state twice")
        .has("all.yaml:120002:1");
}

#[test]
fn closed_pipe() {
    let project = Project::new();
    let mut command = project.command();
    // more than a pipe holds
    let text = format!("config:\n  text: |\n{}", "    a line of the configuration\n".repeat(20_000));
    project.write("values/global.yaml", text);
    let mut child = command.arg("render").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 4];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[test]
fn settings() {
    let project = Project::new();
    project.run("render -l namespace=batch --set autoscaling.factor=0.5").fails().snapshot("bad_set_float");
    project.run("render -l namespace=batch --set-json autoscaling.factor=0.5").expect(0);
    project.run("render --set port").fails().snapshot("bad_set_syntax");
    project.run("render --set pools[x]=1").fails().snapshot("bad_set_index");
    project.run("render --set-json port={").fails().snapshot("bad_set_json");
    project.run("render --set-file greeting=nothing").fails().snapshot("bad_set_file");
    project.run("render --set pools[99999999]=1").fails().snapshot("bad_set_large_index");
}

#[test]
fn settings_of_the_project_file() {
    let with = |set: &str| {
        let project = Project::new();
        project.edit("mwrender.yaml", "{set: {replicas: 1}}", &format!("{{set: {{{set}}}}}"));
        project.run("values -e west -l name=canary -o json")
    };
    let run = with(r#""config.limits.burst": 5, replicas: 1, "a\\.b": [x], "list[1].name": null"#).expect(0);
    assert!(run.stdout.contains("\"upload\": 10,\n            \"burst\": 5"), "{run}");
    assert!(run.stdout.contains("\"a.b\": ["), "{run}");
    with(r#""list[x]": 1"#).fails().snapshot("bad_project_set_index");
    with(r#"port: 1, "port.name": 2"#).fails().snapshot("bad_project_set_twice");
    with(r#""a=b": 1"#).fails().snapshot("bad_project_set_equals");
}

#[test]
fn project_file() {
    let with = |from: &str, to: &str| {
        let project = Project::new();
        project.edit("mwrender.yaml", from, to);
        project.run("list")
    };
    with("    environments: [east]\n", "    enviroments: [east]\n").fails().snapshot("bad_project_key");
    with("environments: [east, west]\n", "").fails().snapshot("bad_project_missing");
    with("environments: [east, west]\n", "environments: east\n").fails().snapshot("bad_project_type");
    with("    environments: [east]\n", "    environments: [eats]\n")
        .fails()
        .snapshot("bad_project_environment");
    with("presence: optional, private: true", "presence: maybe, private: true")
        .fails()
        .snapshot("bad_project_presence");
    with("  batch:\n    chart: web\n    layers: web", "  batch:\n    chart: web\n    layers: wep")
        .fails()
        .snapshot("bad_project_layers");
    with("      main: {}\n      canary", "      main: {}\n      main: {}\n      canary").expect(0);
    with("[\"/etc/puppet/**\"]", "[\"/etc/[puppet/**\"]").fails().snapshot("bad_project_pattern");
    let project = Project::new();
    project.write("mwrender.yaml", "a: [\n");
    project.run("list").fails().snapshot("bad_project_yaml");
    project.write("mwrender.yaml", "");
    project.run("list").fails().snapshot("bad_project_empty");
    project.remove("mwrender.yaml");
    project.run("list").fails().snapshot("bad_project_absent");
    project.run("list --file nothing/mwrender.yaml").fails().snapshot("bad_project_directory");
}

#[test]
fn one_object_in_two_templates() {
    let project = Project::new();
    project.write("templates/web/again.yaml.j2", project.read("templates/web/service.yaml.j2"));
    project.run("render -e west -l name=main").fails().snapshot("bad_object_twice");
}

/// `mwrender template chart 2>&1 | head`: what nobody reads is lost, and the status is as always.
#[test]
fn closed_pipe_of_errors() {
    let project = Project::new();
    for arguments in [&["template", "nowhere"][..], &["render", "--file", "nowhere"], &["--nonsense"]] {
        let mut child = project.command().args(arguments).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stderr.take());
        assert_eq!(child.wait().unwrap().code(), Some(1), "{arguments:?}");
    }
}
