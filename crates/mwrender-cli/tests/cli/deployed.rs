//! Where the deployed state comes from.

use crate::harness::Project;

/// One server is replaced by another.
fn replace_server(project: &Project) {
    project.edit("puppet/common.yaml", "  - 192.0.2.2\n", "  - 192.0.2.9\n");
}

#[test]
fn golden_is_the_default() {
    let project = Project::accepted();
    project.run("diff").expect(0).snapshot("diff_none");
    replace_server(&project);
    project.run("diff").expect(3).snapshot("diff_golden");
}

#[test]
fn directory() {
    let project = Project::new();
    project.run("render --output-dir out").expect(0);
    project.run("diff --deployed out").expect(0);
    replace_server(&project);
    project.run("diff --deployed out -e west -l name=main").expect(3).snapshot("deployed_directory");
}

#[test]
fn file_and_stdin() {
    let project = Project::new();
    let manifests = project.run("render -e east").expect(0).stdout;
    // hashes are hidden in output: those of a file are not
    project.run("render -e east --output-dir out").expect(0);
    assert!(manifests.contains("kind: Deployment"));
    let whole: String = ["shop/main", "shop/canary", "batch/main"]
        .iter()
        .map(|r| project.read(&format!("out/east/{r}.yaml")))
        .collect();
    project.write("all.yaml", &whole);
    project.run("diff -e east --deployed all.yaml").expect(0).snapshot("deployed_file");
    project.run("diff --deployed all.yaml").fails().snapshot("deployed_file_of_which_environment");
    replace_server(&project);
    project
        .run_with("diff -e east -l name=canary --deployed -", whole.as_bytes())
        .expect(3)
        .snapshot("deployed_stdin");
}

#[test]
fn git() {
    let project = Project::committed();
    project.run("diff --deployed git:HEAD").expect(0).snapshot("deployed_git_none");
    replace_server(&project);
    project.run("diff --deployed git:HEAD").expect(3).snapshot("deployed_git");
    project.commit("second");
    project.run("diff --deployed git:HEAD").expect(0);
    project.run("diff --deployed git:HEAD~1 --summary").expect(3).snapshot("deployed_git_summary");
    project.run("diff --deployed git:nothing").fails().snapshot("deployed_git_unknown");
    let alone = Project::new();
    alone.run("diff --deployed git:HEAD").fails().snapshot("deployed_no_git");
}

#[test]
fn mount() {
    let project = Project::new();
    project
        .write("proposal/common.yaml", project.read("puppet/common.yaml").replace("192.0.2.2", "192.0.2.9"));
    project
        .run("diff --mount /etc/puppet=proposal --deployed mount:/etc/puppet=puppet -e west -l name=main")
        .expect(3)
        .snapshot("deployed_mount");
    project.run("diff --deployed mount:puppet").fails().snapshot("deployed_mount_usage");
}

#[test]
fn not_there() {
    let project = Project::new();
    project.run("diff").fails().snapshot("deployed_default_missing");
    project.run("diff --deployed nothing").fails().snapshot("deployed_missing");
}

#[test]
fn faulty() {
    let project = Project::new();
    project.run_with("diff -e west --deployed -", b"a: [1\n").fails().snapshot("deployed_not_yaml");
    project.run_with("diff -e west --deployed -", b"hello\n").fails().snapshot("deployed_not_objects");
    project.run_with("diff -e west --deployed -", b"\xff\xfe").fails().snapshot("deployed_not_utf8");
    let object = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n";
    let twice = format!("{object}{object}");
    project.run_with("diff -e west --deployed -", twice.as_bytes()).fails().snapshot("deployed_twice");
}

#[test]
fn a_directory_of_a_commit() {
    let project = Project::committed();
    replace_server(&project);
    project.commit("second");
    // golden of both commits is that of the first
    project.run("diff --summary --deployed git:HEAD:golden").expect(3).has("differ from git:HEAD:golden");
    project.run("diff --summary --deployed git:HEAD~1:golden -e west -l name=main").expect(3);
    // the mount of another commit
    let mounted = "--mount /etc/puppet=git:HEAD~1:puppet";
    project.run(&format!("diff {mounted}")).expect(0);
    project.run(&format!("diff --base git:HEAD {mounted} --summary")).expect(3).snapshot("git_mount");
    project.run("diff --deployed mount:/etc/puppet=git:HEAD~1:./puppet --summary").expect(3);
    project.run("diff --base git:HEAD~1 --proposed mount:/etc/puppet=git:HEAD:puppet --summary").expect(3);
    project.run("diff --mount /etc/puppet=git:HEAD:nothing").fails().snapshot("git_mount_missing");
    project.run("diff --mount /etc/puppet=git:").fails().snapshot("git_mount_usage");
    project.run("diff --deployed git:HEAD:nothing").fails();
    // what is not committed is not in a commit, and nothing is checked out
    project.write("puppet/common.yaml", "a: [");
    project.run("diff --deployed git:HEAD~1:. --mount /etc/puppet=git:HEAD:puppet").expect(3);
    assert_eq!(project.read("puppet/common.yaml"), "a: [");
}

#[test]
fn a_project_in_another_directory() {
    let project = Project::committed();
    for name in ["puppet/common.yaml", "puppet/site-east.yaml", "mwrender.yaml", "values/global.yaml"] {
        project.write(&format!("old/{name}"), project.read(name));
    }
    for name in ["values/shop/values.yaml", "values/shop/values-canary.yaml", "values/batch/values.yaml"] {
        project.write(&format!("old/{name}"), project.read(name));
    }
    for name in [
        "chart.yaml",
        "values.yaml",
        "_pools.j2",
        "configmap.yaml.j2",
        "deployment.yaml.j2",
        "service.yaml.j2",
    ] {
        project.write(&format!("old/templates/web/{name}"), project.read(&format!("templates/web/{name}")));
    }
    project.write("old/templates/_shared/labels.j2", project.read("templates/_shared/labels.j2"));
    project.edit("old/puppet/common.yaml", "hello", "good day");
    project.commit("second");
    project.run("diff --deployed git:HEAD --summary").expect(0);
    let run = project.run("diff --deployed git:HEAD:old --summary -e west -l name=main").expect(3);
    run.has("line 8: greeting: \"good day\" is now \"hello\"");
}

#[test]
fn mounts_outside_the_repository_are_on_both_sides() {
    let project = Project::committed();
    let outside = tempfile::tempdir().unwrap();
    let changed = project.read("puppet/common.yaml").replace("hello", "good day");
    std::fs::write(outside.path().join("common.yaml"), &changed).unwrap();
    let mount = format!("--mount /etc/puppet={}", outside.path().display());
    assert_eq!(project.run(&format!("diff --base git:HEAD --deployed git:HEAD {mount}")).status, Some(0));
    // one inside is the proposal
    project.write("proposal/common.yaml", changed);
    project.run("diff --base git:HEAD --deployed git:HEAD --mount /etc/puppet=proposal --summary").expect(3);
}
