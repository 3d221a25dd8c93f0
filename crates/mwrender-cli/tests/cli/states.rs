//! Three states: what was pending apart from what a change introduces. Watched files as data.

use crate::harness::Project;

#[test]
fn pending_and_introduced() {
    let project = Project::accepted();
    // merged and not deployed
    project.edit("puppet/site-east.yaml", "east.example", "east.test");
    project.run("diff --base . --summary").expect(0).snapshot("states_pending");
    project.run("diff --base . --summary --fail-on pending").expect(2);
    let common = project.read("puppet/common.yaml");
    project.write("proposal/common.yaml", common.replace("192.0.2.2", "192.0.2.9"));
    project.run("diff --base . --mount /etc/puppet=proposal").expect(3).snapshot("states_both");
    // the change touches again what is pending
    project.write("proposal/common.yaml", &common);
    project.write("proposal/site-east.yaml", "domain: east.invalid\n");
    project.run("diff --base . --mount /etc/puppet=proposal --summary").expect(2).snapshot("states_again");
}

#[test]
fn formatting_only() {
    let project = Project::accepted();
    let common = project.read("puppet/common.yaml");
    project
        .write("proposal/common.yaml", common.replace("greeting: hello", "greeting:   \"hello\" # the same"));
    project.run("diff --base . --mount /etc/puppet=proposal --summary").expect(0).snapshot("states_noop");
}

#[test]
fn data_without_an_effect() {
    let project = Project::accepted();
    project.edit("mwrender.yaml", "  releases: \"shop\"\n", "");
    let common = project.read("puppet/common.yaml");
    project.write("proposal/common.yaml", common + "unused: 1\n");
    project
        .run("diff --no-validate --base . --mount /etc/puppet=proposal --summary")
        .expect(3)
        .snapshot("states_no_effect");
}

#[test]
fn a_watched_file_on_one_side_only() {
    let project = Project::accepted();
    project.edit("mwrender.yaml", "  releases: \"shop\"\n", "");
    let base = "diff --no-validate --summary --base";
    // one that no release reads
    project
        .write("with/other.yaml", "a: 1\n")
        .write("without/common.yaml", project.read("puppet/common.yaml"));
    let (with, without) = ("mount:/etc/puppet=with", "mount:/etc/puppet=without");
    project
        .run(&format!("{base} {without} --proposed {with} --deployed golden"))
        .expect(3)
        .snapshot("states_file_added");
    project
        .run(&format!("{base} {with} --proposed {without} --deployed golden"))
        .expect(3)
        .snapshot("states_file_removed");
    // and a layer, without a line that changes by it
    project.write("with/private/shop.yaml", "{}\n");
    let run = project.run(&format!("{base} {without} --proposed {with} --deployed golden")).expect(3);
    run.has("FLAGGED /etc/puppet/private/shop.yaml (puppet)");
}

#[test]
fn a_mount_that_has_nothing() {
    let project = Project::accepted();
    project.write("wrong/puppet/common.yaml", "greeting: good day\n");
    project.edit("mwrender.yaml", "[\"/etc/puppet/**\"]", "[\"/etc/puppet/*.yaml\"]");
    let run = project.run("diff --summary --mount /etc/puppet=wrong");
    run.expect(0).snapshot("useless_mount");
    let run = project.run("diff --summary --mount /etc/puppet=wrong/puppet");
    assert!(!run.stderr.contains("useless-mount"), "{run}");
}

/// A catalog with one file.
fn catalog(content: &str) -> String {
    serde_json::json!({
        "name": "deploy.example", "version": 1, "environment": "production", "edges": [], "classes": [],
        "resources": [{
            "type": "File", "title": "/etc/puppet/common.yaml", "tags": [], "exported": false,
            "parameters": {"ensure": "file", "content": content},
        }],
    })
    .to_string()
}

/// The output of a catalog compiler for one host.
fn compiled(project: &Project, state: &str, prod: &str, change: &str) {
    let host = "deploy.example";
    project
        .write(
            "pcc/build.json",
            format!("{{\"hosts\": [\"{host}\"], \"states\": {{\"{state}\": {{\"hosts\": [\"{host}\"]}}}}}}"),
        )
        .write(&format!("pcc/{host}/host.json"), format!("{{\"state\": \"{state}\"}}"))
        .write(&format!("pcc/{host}/prod.{host}.pson"), prod)
        .write(&format!("pcc/{host}/change.{host}.pson"), change);
}

#[test]
fn the_catalog_compilers_words() {
    let project = Project::accepted();
    let common = project.read("puppet/common.yaml");
    let (prod, change) = (catalog(&common), catalog(&common.replace("192.0.2.2", "192.0.2.9")));
    let words = "diff --base pcc:pcc --proposed pcc:pcc --summary";
    compiled(&project, "core_diff", &prod, &change);
    project.run(words).expect(3).snapshot("pcc_diff");
    // the comments of the file are others, its data are not
    compiled(&project, "core_diff", &prod, &catalog(&format!("# more\n{common}")));
    project.run(words).expect(0).snapshot("pcc_noop");
    // a state of the inputs is no catalog: the change breaks what was whole
    compiled(&project, "error", &prod, "");
    project
        .run("diff --base . --proposed pcc:pcc --summary")
        .fails()
        .has("says `error` of this host: today's catalog compiles, the one with the change does not");
}
