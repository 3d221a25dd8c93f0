//! What would change if: a part of a change, and the share of each owner in it.

use crate::harness::Project;

/// A change by two owners, and by the project itself.
fn changed() -> Project {
    let project = Project::committed();
    project
        .edit("puppet/common.yaml", "greeting: hello", "greeting: good day")
        .edit("puppet/site-east.yaml", "east.example", "east.test")
        .edit("templates/web/service.yaml.j2", "port: 80\n", "port: 81\n");
    project
}

#[test]
fn without_and_only() {
    let project = changed();
    let diff = |arguments: &str| project.run(&format!("diff --base git:HEAD --summary {arguments}"));
    diff("").expect(3);
    diff("--without puppet").expect(2).snapshot("parts_without");
    diff("--only puppet").expect(3).snapshot("parts_only");
    // a file, a pattern: the same
    diff("--without /etc/puppet/common.yaml").expect(2);
    let run = diff("--only /etc/puppet/site-*.yaml").expect(2).has("changes 3 releases, no restart");
    assert!(!run.stdout.contains("FLAGGED"), "{run}");
    let run = diff("--without /etc/puppet/** --without values/**").expect(2);
    assert!(!run.stdout.contains("diff /etc/puppet"), "{run}");
    // a layer that does not differ
    diff("--only values/global.yaml").expect(0).has("0% of its lines: 0 lines");
}

#[test]
fn as_json() {
    let project = changed();
    let run = project.run("diff --base git:HEAD --without puppet -o json").expect(2);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["part"]["of"], "without");
    assert_eq!(report["part"]["shares"].as_array().map(Vec::len), Some(3));
    assert_eq!(report["part"]["shares"][0]["owner"], "puppet");
}

#[test]
fn unknown() {
    let project = changed();
    project.run("diff --base git:HEAD --without pupet").fails().snapshot("parts_unknown_owner");
    project.run("diff --base git:HEAD --only /etc/puppet/comon.yaml").fails().snapshot("parts_unknown_file");
    project.run("diff --without puppet").fails().snapshot("parts_without_base");
    project.run("diff --base . --without puppet --only puppet").fails();
}
