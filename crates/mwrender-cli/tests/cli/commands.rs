//! `list`, `render`, `values`, `affected`, `validate`, `explain`.

use crate::harness::Project;

#[test]
fn list() {
    let project = Project::new();
    project.run("list").expect(0).snapshot("list");
    project.run("list -e west -l name=canary -o json").expect(0).snapshot("list_json");
}

#[test]
fn render_to_stdout() {
    let project = Project::new();
    project.run("render -e east -l namespace=shop,name=canary").expect(0).snapshot("render");
    project
        .run("render -l namespace=batch --set port=81 --set-string greeting=1")
        .expect(0)
        .snapshot("render_set");
}

#[test]
fn render_to_a_directory() {
    let project = Project::accepted();
    project.run("render --output-dir out").expect(0).snapshot("render_output_dir");
    for path in ["east/shop/main.yaml", "east/batch/main.yaml", "west/shop/canary.yaml"] {
        assert_eq!(project.read(&format!("out/{path}")), project.read(&format!("golden/{path}")));
    }
    // a fault in one release leaves nothing of the others
    project.write("values/batch/values.yaml", "app: {}\nimage: [");
    project.run("render --output-dir other").fails().snapshot("render_output_dir_fault");
    assert!(!project.path().join("other").exists());
}

#[test]
fn render_does_not_depend_on_threads() {
    let project = Project::new();
    assert_eq!(project.run("render -j 1").stdout, project.run("render -j 4").stdout);
    project.run("render -j 0").fails().snapshot("render_no_threads");
}

#[test]
fn another_directory() {
    let project = Project::new();
    let mut command = project.command();
    let file = project.path().join("mwrender.yaml");
    command.current_dir("/").args(["list", "-e", "west", "--file"]).arg(&file);
    let run = project.finish("list -e west --file [DIR]/mwrender.yaml", command.output().unwrap());
    run.expect(0).snapshot("list_elsewhere");
}

#[test]
fn values() {
    let project = Project::new();
    project.run("values -e east -l name=canary").expect(0).snapshot("values");
    project
        .run("values -e east -l name=canary --show-origin --set port=81")
        .expect(0)
        .snapshot("values_show_origin");
    project.run("values -e east --key pools[0].servers --show-origin").expect(0).snapshot("values_key");
    project.run("values -l namespace=shop -e west --key greting").expect(1).snapshot("values_unknown_key");
}

#[test]
fn affected() {
    let project = Project::new();
    project.run("affected /etc/puppet/common.yaml").expect(0).snapshot("affected_file");
    project.run("affected values/shop/values.yaml:5").expect(0).snapshot("affected_line");
    project.run("affected pools -o json -e west").expect(0).snapshot("affected_key_json");
    project.run("affected values/nothing.yaml").fails().snapshot("affected_unknown_file");
    project.run("affected puls").fails().snapshot("affected_unknown_key");
}

#[test]
fn validate() {
    let project = Project::new();
    project.run("validate").expect(0).snapshot("validate_clean");
    project
        .edit("values/shop/values.yaml", "replicas: 6", "replicas: six\nreplicsa: 7")
        .edit("values/global.yaml", "port: 8080", "port: 8080\nport: 8081")
        .edit("templates/web/service.yaml.j2", "app: {{ values.app }}", "app: other");
    project.run("validate").expect(1).snapshot("validate_human");
    project.run("validate -o concise").expect(1).snapshot("validate_concise");
    project.run("validate -o json").expect(1).snapshot("validate_json");
    // what is applied is checked
    project.run("render -e west").fails().snapshot("validate_render");
    project.run("render -e west --no-validate").expect(0).has("kind: Deployment");
}

#[test]
fn explain() {
    let project = Project::new();
    let all = project.run("explain").expect(0);
    for line in all.stdout.lines() {
        let id = line.split_whitespace().next().unwrap();
        let run = project.run(&format!("explain {id}")).expect(0);
        assert!(run.stdout.starts_with(id), "{run}");
    }
    project.run("explain unknown-key").expect(0).snapshot("explain");
    project.run("explain unknown-keys").fails().snapshot("explain_unknown");
}

#[test]
fn names_are_suggested() {
    let project = Project::new();
    project.run("list -e eats").fails().snapshot("suggest_environment");
    project.run("list -l name=mian").fails().snapshot("suggest_release");
    project.run("list -l namespace=shpo").fails().snapshot("suggest_namespace");
    project.run("list -l nmae=main").fails().snapshot("suggest_label");
    project.run("list -e west -l namespace=batch").fails().snapshot("suggest_nothing_fits");
    project.edit("mwrender.yaml", "  shop:\n    chart: web", "  shop:\n    chart: wep");
    project.run("list").fails().snapshot("suggest_chart");
}
