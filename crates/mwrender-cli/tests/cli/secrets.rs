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

/// What `diff -o json` prints, with fingerprints as they are.
fn fingerprints(project: &Project, arguments: &str) -> Vec<String> {
    let output = project.command().args(arguments.split_whitespace()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let found = text.split("<fingerprint ").skip(1).map(|t| t[..12].to_string()).collect::<Vec<_>>();
    assert!(found.iter().flat_map(|f| f.chars()).all(|c| c.is_ascii_hexdigit()), "{found:?}");
    found
}

#[test]
fn hashes_over_secrets_are_fingerprints() {
    let project = Project::new();
    project.with_secret(SECRET);
    project.run("render --output-dir out").expect(0);
    project.with_secret(OTHER);
    // what is rendered has the hashes; no report has a part of one
    let hash = |path: &str| {
        let text = project.read(path);
        let line = text.lines().find(|l| l.contains("checksum/secrets")).unwrap();
        line.split_once(": ").unwrap().1.trim_matches('"').to_string()
    };
    project.run("render --output-dir other").expect(0);
    let (old, new) = (hash("out/west/shop/main.yaml"), hash("other/west/shop/main.yaml"));
    assert_ne!(old, new);
    let diff = "diff --deployed out -l namespace=shop -o json";
    for arguments in [diff, "diff --deployed out", "why secrets.password"] {
        let output = project.command().args(arguments.split_whitespace()).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!text.contains(&old[..8]) && !text.contains(&new[..8]), "{text}");
    }
    // old and new are told apart, and so are all releases that have them
    let found = fingerprints(&project, diff);
    let mut distinct = found.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!((found.len(), distinct.len()), (8, 2), "{found:?}");
    // at random in each run, or by a key that is the user's
    assert_ne!(found, fingerprints(&project, diff));
    project.write("key", "a key of our own");
    let keyed = format!("{diff} --fingerprint-key key");
    assert_eq!(fingerprints(&project, &keyed), fingerprints(&project, &keyed));
    assert_ne!(fingerprints(&project, &keyed), found);
    project.write("empty", "");
    project.run("diff --fingerprint-key empty").fails().snapshot("fingerprint_key_empty");
    project.run("diff --fingerprint-key nothing").fails().snapshot("fingerprint_key_absent");
}

#[test]
fn a_line_of_a_hash_over_secrets() {
    let project = Project::new();
    project.with_secret(SECRET);
    project.run("render --output-dir out").expect(0);
    let text = project.read("out/west/shop/main.yaml");
    let line = 1 + text.lines().position(|l| l.contains("checksum/secrets")).unwrap();
    let why = format!("why out/west/shop/main.yaml:{line}");
    project.run(&why).expect(0).snapshot("secret_why_hash");
    let secret = 1 + text.lines().position(|l| l.contains(SECRET)).unwrap();
    project.run(&format!("why out/west/shop/main.yaml:{secret}")).expect(0).snapshot("secret_why_line");
}
