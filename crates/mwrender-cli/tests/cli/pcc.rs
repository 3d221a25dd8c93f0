//! States from the output of a catalog compiler.

use crate::harness::Project;
use serde_json::json;

const HOST: &str = "deploy1.example";

/// A project beside the compiler's output for one host, in a state and with these catalogs.
fn compiled(state: &str, prod: Option<&str>, change: Option<&str>) -> Project {
    let project = Project::accepted();
    let build = json!({"change_id": 7, "hosts": [HOST], "states": {(state): {"hosts": [HOST]}}});
    project.write("out/build.json", build.to_string());
    project.write(&format!("out/{HOST}/host.json"), json!({"state": state}).to_string());
    for (side, greeting) in [("prod", prod), ("change", change)] {
        let path = format!("out/{HOST}/{side}.{HOST}");
        match greeting {
            Some(greeting) => {
                let content = project.read("puppet/common.yaml").replace("hello", greeting);
                let file = json!({"type": "File", "title": "/etc/puppet/common.yaml",
                    "parameters": {"ensure": "file", "content": content}});
                let catalog = json!({"name": HOST, "resources": [file]});
                project.write(&format!("{path}.pson"), catalog.to_string());
            }
            None => {
                let reason =
                    "Error: Evaluation Error: Unknown variable: 'pools' (file: /srv/a.pp, line: 3) on node ";
                project.write(&format!("{path}.err"), format!("Info: loading\n{reason}{HOST}\n"));
            }
        }
    }
    project
}

/// All ways to name the compiler's output as a state.
const WAYS: [&str; 4] = [
    "diff --base pcc:out --proposed pcc:out",
    "diff --base pcc:out",
    "diff --deployed pcc:out --proposed pcc:out",
    "diff --deployed pcc:out:deploy1.example",
];

#[test]
fn compiled_catalogs_are_compared() {
    let project = compiled("core_diff", Some("hello"), Some("good day"));
    let way = "diff -e west -l name=main --base pcc:out --proposed pcc:out";
    project.run(way).expect(3).snapshot("pcc_core_diff");
    let project = compiled("noop", Some("hello"), Some("hello"));
    project.run(WAYS[0]).expect(0).has("no differences");
}

#[test]
fn a_change_that_does_not_compile_is_an_error() {
    let project = compiled("error", Some("hello"), None);
    for way in WAYS {
        let run = project.run(way).fails().has("'pools'").has("`error`");
        assert!(!run.all().contains("no differences"), "{run}");
    }
    project.run(WAYS[0]).fails().snapshot("pcc_error");
    // an exit status that is asked for does not hide it
    project.run(&format!("{} --exit-zero", WAYS[0])).fails();
    project.run(&format!("{} --detailed-exitcode -o json", WAYS[0])).fails();
}

#[test]
fn programs_read_what_does_not_compile() {
    for (state, prod, word) in [("error", Some("hello"), "error"), ("fail", None, "fail")] {
        let project = compiled(state, prod, None);
        let report = crate::schemas::error(&project, WAYS[0]);
        assert_eq!(report["catalog"], word, "{report:#}");
        assert_eq!(report["errors"][0]["id"], "catalog-failed", "{report:#}");
    }
}

#[test]
fn two_catalogs_that_do_not_compile_are_an_error() {
    let project = compiled("fail", None, None);
    for way in WAYS {
        let run = project.run(way).fails().has("'pools'").has("`fail`");
        assert!(!run.all().contains("no differences"), "{run}");
    }
    project.run(WAYS[0]).fails().snapshot("pcc_fail");
}

#[test]
fn a_host_that_is_not_compiled_is_an_error() {
    for state in ["cancelled", "running"] {
        let project = compiled(state, None, None);
        for way in WAYS {
            project.run(way).fails().has(state);
        }
    }
    compiled("cancelled", None, None).run(WAYS[0]).fails().snapshot("pcc_cancelled");
}

#[test]
fn an_unknown_host_is_an_error() {
    let project = compiled("noop", Some("hello"), Some("hello"));
    project.run("diff --base pcc:out:deploy2.example").fails().snapshot("pcc_unknown_host");
    project.run("diff --base pcc:nothing").fails().snapshot("pcc_nothing");
    project.run("diff --base pcc:golden").fails().snapshot("pcc_other_directory");
}
