//! Help texts.

use crate::harness::Project;

#[test]
fn of_the_program() {
    let project = Project::new();
    project.run("--help").expect(0).snapshot("help");
    project.run("-h").expect(0).snapshot("help_short");
}

#[test]
fn of_commands() {
    let project = Project::new();
    for command in [
        "list",
        "render",
        "diff",
        "values",
        "why",
        "affected",
        "validate",
        "golden",
        "explain",
        "completions",
    ] {
        project.run(&format!("{command} --help")).expect(0).snapshot(&format!("help_{command}"));
    }
}

#[test]
fn bad_usage_is_an_error() {
    let project = Project::new();
    project.run("").expect(1).snapshot("usage_nothing");
    project.run("rneder").expect(1).snapshot("usage_command");
    project.run("diff --deployd x").expect(1).snapshot("usage_flag");
    project.run("render --mount puppet=x").expect(1).snapshot("usage_mount");
    project.run("diff -o yaml").expect(1).snapshot("usage_format");
    project.run("list -l main").expect(1).snapshot("usage_selector");
    project.run("diff --deployed git:").expect(1).snapshot("usage_git");
}

#[test]
fn completions_are_for_each_shell() {
    let project = Project::new();
    for shell in ["bash", "zsh", "fish"] {
        let run = project.run(&format!("completions {shell}")).expect(0);
        assert!(run.stdout.contains("mwrender") && run.stdout.contains("golden"), "{run}");
    }
}
