//! Values of private layers: rendered, and shown nowhere else.

use crate::harness::Project;

const SECRET: &str = "correct-horse-battery";
const OTHER: &str = "staple-of-another-day";

fn hides(project: &Project, arguments: &str) -> String {
    let run = project.run(arguments);
    assert_ne!(run.status, Some(101), "{run}");
    for secret in [SECRET, OTHER] {
        assert!(!run.all().contains(secret), "the secret is shown: {run}");
    }
    run.all()
}

#[test]
fn rendered_and_nowhere_else() {
    let project = Project::committed();
    project.with_secret(SECRET);
    project.run("render -e east -l namespace=shop").expect(0).has(SECRET);
    for arguments in [
        "diff",
        "diff -o json",
        "diff --deployed git:HEAD",
        "diff --deployed git:HEAD -o json",
        "values",
        "values --show-origin",
        "values --key secrets",
        "why secrets",
        "why secrets.password",
        "why /etc/puppet/private/shop.yaml:2",
        "affected secrets.password",
        "validate",
        "validate -o json",
        "golden check",
    ] {
        hides(&project, arguments);
    }
}

#[test]
fn golden_is_rendered_without_private_layers() {
    let project = Project::accepted();
    project.with_secret(SECRET);
    project.run("golden check").expect(0);
    project.run("golden accept").expect(0);
    for path in ["golden/east/shop/main.yaml", "golden/west/shop/canary.yaml"] {
        assert!(!project.read(path).contains(SECRET), "{path}");
    }
}

#[test]
fn against_golden_private_values_are_unknown() {
    let project = Project::accepted();
    project.with_secret(SECRET);
    project.run("diff").expect(0).snapshot("secret_diff_golden");
    project.edit("puppet/common.yaml", "greeting: hello", "greeting: good day");
    let run = project.run("diff -e west -l name=main").expect(3);
    assert!(!run.all().contains("password"), "{run}");
}

#[test]
fn masked_in_a_diff() {
    let project = Project::new();
    project.with_secret(SECRET);
    project.run("render --output-dir out").expect(0);
    project.with_secret(OTHER);
    hides(&project, "diff --deployed out");
    project.run("diff --deployed out -e west -l name=main").expect(3).snapshot("secret_diff");
    let shown = project.run("diff --deployed out -e west -l name=main --show-secrets").expect(3);
    assert!(shown.stdout.contains(SECRET) && shown.stdout.contains(OTHER), "{shown}");
    // a secret that is gone, and one that is gone with its object
    project.write("puppet/private/shop.yaml", "secrets:\n  token: x\n");
    hides(&project, "diff --deployed out");
    project.remove("puppet/private/shop.yaml");
    hides(&project, "diff --deployed out");
}

#[test]
fn masked_with_both_inputs() {
    let project = Project::committed();
    project.with_secret(SECRET).commit("secret");
    project.with_secret(OTHER);
    hides(&project, "diff --deployed git:HEAD");
    project.run("diff --deployed git:HEAD -e west -l name=main").expect(3).snapshot("secret_diff_git");
    let shown = project.run("diff --deployed git:HEAD -e west -l name=main --show-secrets").expect(3);
    assert!(shown.stdout.contains(&format!("\"{SECRET}\" is now \"{OTHER}\"")), "{shown}");
    project.remove("puppet/private/shop.yaml");
    hides(&project, "diff --deployed git:HEAD");
    project.run("diff --deployed git:HEAD -e west -l name=main").expect(3).snapshot("secret_diff_removed");
}

#[test]
fn masked_in_values_and_why() {
    let project = Project::new();
    project.with_secret(SECRET);
    project.run("values -e west -l name=main --key secrets").expect(0).snapshot("secret_values");
    project.run("values -e west -l name=main --key secrets --show-secrets").expect(0).has(SECRET);
    project.run("why secrets.password -e west").expect(0).snapshot("secret_why");
    project.run("why secrets.password -e west --show-secrets").expect(0).has(SECRET);
}

#[test]
fn masked_in_faults() {
    let project = Project::new();
    // of the wrong type, in a place where Kubernetes forbids it, in a file that is not YAML
    project.write("puppet/private/shop.yaml", format!("port: {SECRET}\n"));
    hides(&project, "validate");
    hides(&project, "validate -o json");
    project.run("render").fails();
    hides(&project, "render");
    project.run("validate -e west -l name=main").expect(1).snapshot("secret_fault");
    project.write("puppet/private/shop.yaml", format!("secrets:\n  a: {SECRET}: {SECRET}\n"));
    hides(&project, "validate");
    project.run("render -e west").fails().snapshot("secret_not_yaml");
}

#[test]
fn a_line_that_shows_a_secret_in_the_midst_of_text() {
    let project = Project::new();
    project.edit(
        "templates/web/configmap.yaml.j2",
        "site: https://{{ values.domain }}/",
        "site: https://u:{{ values.secrets.password | default('') }}@{{ values.domain }}/",
    );
    project.with_secret(SECRET);
    project.run("render --output-dir out").expect(0);
    project.edit("puppet/site-east.yaml", "east.example", "east.test");
    let text = hides(&project, "diff --deployed out -e east -l name=main");
    assert!(text.contains("<secret>"), "{text}");
}
