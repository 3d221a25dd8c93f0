//! Diagnostics in the forms that continuous integration reads.

use crate::harness::Project;

const FORMS: [&str; 4] = ["junit", "sarif", "github", "gitlab"];

#[test]
fn every_form_tells_the_findings() {
    let project = Project::new();
    project.edit("values/shop/values.yaml", "replicas: 6", "replicas: six\n'<50%, a:b>': 7").edit(
        "values/global.yaml",
        "port: 8080",
        "port: 8080\nport: 8081",
    );
    for form in FORMS {
        let run = project.run(&format!("validate -o {form}")).expect(1);
        run.has("replicas").has("duplicate-key").snapshot(&format!("validate_{form}"));
    }
}

#[test]
fn every_form_is_there_without_findings() {
    let project = Project::new();
    for form in FORMS {
        project.run(&format!("validate -o {form}")).expect(0).snapshot(&format!("validate_clean_{form}"));
    }
}
