//! What a change does to running pods: restarts and why, spurious ones, and changes that nobody notices.

use crate::harness::Project;

/// One server is replaced: a `ConfigMap` changes, and no pod template.
fn replace_server(project: &Project) {
    project.edit("puppet/common.yaml", "  - 192.0.2.2\n", "  - 192.0.2.9\n");
}

fn append(project: &Project, path: &str, text: &str) {
    let file = project.read(path);
    project.write(path, file + text);
}

#[test]
fn what_is_reloaded_is_not_silent() {
    let project = Project::accepted();
    replace_server(&project);
    let silent = "SILENT ConfigMap shop-main: running pods do not notice pools.json, which is mounted";
    project.run("diff --summary -e west -l name=main").expect(3).has(silent);
    append(&project, "mwrender.yaml", "hot_reload:\n- {objects: [\"*-main\"], entries: [pools.json]}\n");
    let run = project.run("diff --summary -e west -l name=main").expect(3).has("no pods restart");
    assert!(!run.stdout.contains("SILENT"), "{run}");
    project.run("diff --summary -e west -l name=canary").expect(3).has("SILENT");
    append(&project, "mwrender.yaml", "- {objects: [\"[\"]}\n");
    project.run("diff").fails().snapshot("hot_reload_pattern");
}

#[test]
fn a_sub_path_is_never_updated() {
    let project = Project::new();
    append(&project, "mwrender.yaml", "hot_reload:\n- {objects: [\"*\"]}\n");
    project.edit(
        "templates/web/deployment.yaml.j2",
        "          mountPath: /etc/web\n",
        "          mountPath: /etc/web/pools.json\n          subPath: pools.json\n",
    );
    project.run("golden accept").expect(0);
    replace_server(&project);
    project.run("diff --summary -e west -l name=main").expect(3).snapshot("silent_sub_path");
    // of a ConfigMap's entries only one is mounted
    project.edit("puppet/common.yaml", "  - 192.0.2.9\n", "  - 192.0.2.2\n");
    project.edit("puppet/site-east.yaml", "east.example", "east.test");
    let run = project.run("diff --summary").expect(2);
    assert!(!run.stdout.contains("SILENT"), "{run}");
}

#[test]
fn a_restart_takes_the_change_with_it() {
    let project = Project::accepted();
    replace_server(&project);
    project.edit("values/global.yaml", "web:1", "web:2");
    let run = project
        .run("diff --summary")
        .expect(3)
        .has("spec.containers[web].image <- image <- values/global.yaml:1");
    assert!(!run.stdout.contains("SILENT"), "{run}");
    assert!(!run.stdout.contains("spurious"), "{run}");
}

#[test]
fn only_the_charts_version_in_a_hash() {
    let project = Project::committed();
    let hashed = "checksum/greeting: {{ (values.greeting ~ chart.version) | sha256 }}";
    project.edit(
        "templates/web/deployment.yaml.j2",
        "checksum/greeting: {{ values.greeting | sha256 }}",
        hashed,
    );
    project.commit("second");
    project.edit("templates/web/chart.yaml", "1.0.0", "1.0.1");
    project
        .run("diff --summary -e west --deployed git:HEAD")
        .expect(2)
        .has("spurious: nothing that")
        .snapshot("restart_spurious");
    // with something that a container reads it is a restart like others
    project.edit("puppet/common.yaml", "hello", "good day");
    let run = project.run("diff --summary -e west -l name=main --deployed git:HEAD").expect(3);
    assert!(!run.stdout.contains("spurious"), "{run}");
}

#[test]
fn only_a_label() {
    let project = Project::committed();
    let labels = "      labels:\n        app: {{ values.app }}\n";
    project.edit("templates/web/deployment.yaml.j2", labels, &format!("{labels}        version: \"2\"\n"));
    let run = project.run("diff --summary -e west -l name=main --deployed git:HEAD").expect(2);
    let run = run.has("label version <- changed template templates/web/deployment.yaml.j2:21");
    run.has("spurious: nothing that the containers read changes");
    // the downward API shows labels to a container
    let field = "\n        env: [{name: L, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['version']\"}}}]\n        ports:";
    project.edit("templates/web/deployment.yaml.j2", "\n        ports:", field);
    project.run("golden accept").expect(0);
    project.edit("templates/web/deployment.yaml.j2", "version: \"2\"", "version: \"3\"");
    let run = project.run("diff --summary -e west -l name=main").expect(2).has("label version");
    assert!(!run.stdout.contains("spurious"), "{run}");
}
