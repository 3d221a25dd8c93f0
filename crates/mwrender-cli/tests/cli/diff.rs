//! What `diff` says of changes.

use crate::harness::Project;

#[test]
fn exit_statuses() {
    let project = Project::accepted();
    let status = |arguments: &str| project.run(arguments).status;
    assert_eq!(status("diff"), Some(0));
    assert_eq!(status("diff --detailed-exitcode"), Some(0));
    project.edit("puppet/site-east.yaml", "east.example", "east.test");
    assert_eq!(status("diff"), Some(2));
    assert_eq!(status("diff --exit-zero"), Some(0));
    project.edit("puppet/common.yaml", "hello", "good day");
    assert_eq!(status("diff"), Some(3));
    assert_eq!(status("diff --detailed-exitcode"), Some(2));
    assert_eq!(status("diff --exit-zero"), Some(0));
    // what is watched for other releases is no reason
    assert_eq!(status("diff -l namespace=batch"), Some(2));
    project.write("puppet/common.yaml", "a: [");
    assert_eq!(status("diff"), Some(1));
    assert_eq!(status("diff --exit-zero"), Some(1));
    assert_eq!(status("diff --detailed-exitcode"), Some(1));
}

#[test]
fn not_flagged() {
    let project = Project::accepted();
    project.edit("puppet/site-east.yaml", "east.example", "east.test");
    project.run("diff").expect(2).snapshot("diff_not_flagged");
}

#[test]
fn parts_of_the_report() {
    let project = Project::accepted();
    project.edit("puppet/common.yaml", "hello", "good day");
    project.run("diff --summary").expect(3).snapshot("diff_summary");
    project.run("diff --show-only ConfigMap/shop-main -e east").expect(3).snapshot("diff_show_only_name");
    project.run("diff --show-only deployment -C 0 -e east").expect(3).snapshot("diff_show_only_kind");
    project.run("diff --show-only Service").expect(0).snapshot("diff_show_only_nothing");
    project.run("diff -e east -l namespace=shop,name=main -o json").expect(3).snapshot("diff_json");
    project
        .run("diff -e east -l namespace=shop,name=main --color always -C 1")
        .expect(3)
        .snapshot("diff_colour");
}

#[test]
fn restarts() {
    let project = Project::accepted();
    project.edit("values/global.yaml", "web:1", "web:2");
    project.run("diff --show-only Deployment -C 0").expect(2).snapshot("diff_restarts");
}

#[test]
fn immutable_field() {
    let project = Project::accepted();
    project.write("values/shop/values-canary.yaml", "greeting: hello, canary\napp: other\n");
    project.run("diff -e west -l name=canary -C 1").expect(2).snapshot("diff_immutable");
}

#[test]
fn release_added_and_removed() {
    let project = Project::committed();
    project.edit("mwrender.yaml", "      canary: {set: {replicas: 1}}", "      next: {set: {replicas: 1}}");
    project.run("diff -C 0").expect(2).snapshot("diff_releases");
    project.run("diff --deployed git:HEAD --summary").expect(2).snapshot("diff_releases_git");
    project.run("diff --deployed git:HEAD -C 0 -e west").expect(2).snapshot("diff_releases_known");
}

#[test]
fn object_added_and_removed() {
    let project = Project::committed();
    project
        .edit("values/batch/values.yaml", "enabled: true", "enabled: false")
        .write("values/shop/values-canary.yaml", "autoscaling: {enabled: true}\ngreeting: hello, canary\n");
    project.run("diff -e east -C 1").expect(2).snapshot("diff_objects");
    project.run("diff -e east -C 1 --deployed git:HEAD").expect(2).snapshot("diff_objects_known");
}

#[test]
fn form_is_no_difference() {
    let project = Project::accepted();
    let golden = project.read("golden/west/shop/main.yaml");
    let other = golden
        .replace(
            "  name: shop-main\n  namespace: shop\n",
            "  namespace: 'shop'\n  name: \"shop-main\" # a comment\n",
        )
        .replace("  ports:\n  - name: http\n", "  ports:\n    -   name:   http\n");
    assert_ne!(golden, other);
    let other = other.replace(
        "    -   name:   http\n    port: 80\n    targetPort: 8080",
        "    - {port: 80, name: http, targetPort: 0x1F90}",
    );
    project.write("golden/west/shop/main.yaml", other);
    project.run("diff -e west").expect(0).snapshot("diff_form");
}

#[test]
fn order_of_a_list_is_a_difference() {
    let project = Project::accepted();
    project.edit("puppet/common.yaml", "  - 192.0.2.1\n  - 192.0.2.2\n", "  - 192.0.2.2\n  - 192.0.2.1\n");
    project.run("diff -e west -l name=main").expect(3).snapshot("diff_order");
}

#[test]
fn removed_lines() {
    // against manifests: what generated the neighbours
    let project = Project::committed();
    project.edit("puppet/common.yaml", "  - 192.0.2.2\n", "");
    project.run("diff -e west -l name=main -C 1").expect(3).snapshot("diff_removed_near");
    // with both inputs: where it was
    project
        .run("diff -e west -l name=main -C 1 --deployed git:HEAD")
        .expect(3)
        .snapshot("diff_removed_known");
}

#[test]
fn both_inputs_tell_what_changed() {
    let project = Project::committed();
    project
        .edit("puppet/common.yaml", "greeting: hello", "greeting: good day")
        .edit("templates/web/service.yaml.j2", "port: 80\n", "port: 81\n")
        .edit("values/shop/values.yaml", "upload: 10", "upload: 20\n    download: 5");
    project.run("diff -e west -l name=main -C 1 --deployed git:HEAD").expect(3).snapshot("diff_changed_in");
    project.run("diff -e west -l name=main -C 1").expect(3).snapshot("diff_from");
}

#[test]
fn a_value_that_overrides() {
    let project = Project::accepted();
    project.edit("values/shop/values-canary.yaml", "hello, canary", "goodbye");
    project.run("diff -e west -C 0").expect(2).snapshot("diff_overrides");
}
