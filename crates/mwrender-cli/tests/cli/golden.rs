//! `golden check` and `golden accept`.

use crate::harness::Project;

#[test]
fn accept_then_check() {
    let project = Project::new();
    project.run("golden check").expect(1).snapshot("golden_missing_directory");
    project.run("golden accept").expect(0).snapshot("golden_accept");
    project.run("golden check").expect(0).snapshot("golden_clean");
    project.run("golden accept").expect(0).snapshot("golden_accept_nothing");
}

#[test]
fn faults() {
    let project = Project::accepted();
    project.remove("golden/east/shop/main.yaml").write("golden/north/shop/main.yaml", "").edit(
        "golden/west/shop/main.yaml",
        "replicas: 6",
        "replicas: 7",
    );
    project.run("golden check").expect(1).snapshot("golden_faults");
    // part of the matrix says nothing of the rest
    project.run("golden check -e east -l name=canary").expect(0).snapshot("golden_part");
    project.run("golden accept").expect(0).snapshot("golden_accept_faults");
    project.run("golden check").expect(0);
    assert!(!project.path().join("golden/north/shop/main.yaml").exists());
}

#[test]
fn accept_is_refused_in_ci() {
    let project = Project::new();
    let mut command = project.command();
    command.env("CI", "true").args(["golden", "accept"]);
    project.finish("golden accept", command.output().unwrap()).fails().snapshot("golden_accept_ci");
    assert!(!project.path().join("golden").exists());
}
