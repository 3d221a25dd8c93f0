//! Help texts.

use crate::harness::Project;

const COMMANDS: [&str; 12] = [
    "list",
    "render",
    "template",
    "diff",
    "values",
    "why",
    "affected",
    "validate",
    "lint",
    "golden",
    "explain",
    "completions",
];

#[test]
fn of_the_program() {
    let project = Project::new();
    project.run("--help").expect(0).snapshot("help");
    project.run("-h").expect(0).snapshot("help_short");
}

#[test]
fn of_commands() {
    let project = Project::new();
    for command in COMMANDS {
        project.run(&format!("{command} --help")).expect(0).snapshot(&format!("help_{command}"));
    }
    for command in ["golden check", "golden accept"] {
        let name = command.replace(' ', "_");
        project.run(&format!("{command} --help")).expect(0).snapshot(&format!("help_{name}"));
    }
}

/// Every command has examples, in the short help too, and each does what is printed. They are about the
/// repository, of which those that name no release look at one, to be quick.
#[test]
fn examples_run() {
    let repository = Project::repository();
    let mut tried = 0;
    for command in COMMANDS.iter().copied().chain(["golden check", "golden accept"]) {
        let short = repository.run(&format!("{command} -h")).expect(0);
        let (_, examples) = short.stdout.split_once("Examples:\n").unwrap_or_else(|| panic!("{short}"));
        for example in examples.lines().take_while(|l| l.starts_with("  ")) {
            let arguments = example.trim().strip_prefix("mwrender ").expect("it is a command of ours");
            let whole = ["explain", "completions"].iter().any(|c| arguments.starts_with(c));
            let one = if whole || arguments.contains(" -l ") {
                ""
            } else {
                " -l namespace=mw-mcrouter -l namespace=mw-web,name=main"
            };
            let run = repository.run(&format!("{arguments}{one}"));
            let expected: &[i32] = if arguments.starts_with("diff") { &[0, 2, 3] } else { &[0] };
            assert!(run.status.is_some_and(|s| expected.contains(&s)), "{run}");
            assert!(run.stderr.is_empty(), "{run}");
            tried += 1;
        }
    }
    assert!(tried > 25, "{tried}");
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
