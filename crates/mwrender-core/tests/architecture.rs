//! The crates depend on each other only as `crates/README.md` says.

use std::collections::BTreeSet;
use std::process::Command;

/// Each crate, lowest first, with the crates of ours that it uses.
const EDGES: [(&str, &[&str]); 10] = [
    ("mwrender-diagnostic", &[]),
    ("mwrender-values", &["mwrender-diagnostic"]),
    ("mwrender-schema", &["mwrender-diagnostic", "mwrender-values"]),
    ("mwrender-template", &["mwrender-diagnostic", "mwrender-values"]),
    ("mwrender-gotemplate", &[]),
    ("mwrender-manifest", &["mwrender-diagnostic", "mwrender-values"]),
    (
        "mwrender-helm",
        &[
            "mwrender-diagnostic",
            "mwrender-gotemplate",
            "mwrender-manifest",
            "mwrender-schema",
            "mwrender-values",
        ],
    ),
    ("mwrender-diff", &["mwrender-diagnostic", "mwrender-manifest", "mwrender-template", "mwrender-values"]),
    (
        "mwrender-core",
        &[
            "mwrender-diagnostic",
            "mwrender-diff",
            "mwrender-gotemplate",
            "mwrender-helm",
            "mwrender-manifest",
            "mwrender-schema",
            "mwrender-template",
            "mwrender-values",
        ],
    ),
    ("mwrender-cli", &["mwrender-core"]),
];

fn metadata() -> serde_json::Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

#[test]
fn edges_go_down_only() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    assert_eq!(packages.len(), EDGES.len(), "a crate is not in the table");
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let position = EDGES
            .iter()
            .position(|(n, _)| *n == name)
            .unwrap_or_else(|| panic!("{name} is not in the table"));
        let used: BTreeSet<&str> = package["dependencies"]
            .as_array()
            .expect("dependencies")
            .iter()
            .filter(|d| d["kind"].is_null())
            .filter_map(|d| d["name"].as_str())
            .filter(|d| d.starts_with("mwrender-"))
            .collect();
        let allowed: BTreeSet<&str> = EDGES[position].1.iter().copied().collect();
        assert_eq!(used, allowed, "dependencies of {name}");
        assert!(
            used.iter().all(|u| EDGES[..position].iter().any(|(n, _)| n == u)),
            "{name} uses a higher crate"
        );
    }
}

#[test]
fn fenced_dependencies_have_one_user() {
    let fences = [
        ("annotate-snippets", "mwrender-diagnostic"),
        ("granit-parser", "mwrender-values"),
        ("jsonschema", "mwrender-schema"),
        ("minijinja", "mwrender-template"),
        ("similar", "mwrender-diff"),
        ("gix", "mwrender-core"),
        ("rsa", "mwrender-helm"),
        ("x509-cert", "mwrender-helm"),
        ("ureq", "mwrender-core"),
        ("clap", "mwrender-cli"),
        ("anyhow", "mwrender-cli"),
    ];
    for package in metadata()["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        let normal =
            package["dependencies"].as_array().expect("dependencies").iter().filter(|d| d["kind"].is_null());
        for used in normal.filter_map(|d| d["name"].as_str()) {
            if let Some((_, owner)) = fences.iter().find(|(fenced, _)| *fenced == used) {
                assert_eq!(*owner, name, "{used} is used outside its fence");
            }
        }
    }
}

#[test]
fn the_architecture_page_names_each_crate_once_in_its_table() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"));
    let page = page.expect("crates/README.md");
    for (name, _) in EDGES {
        assert_eq!(page.matches(&format!("| `{name}` |")).count(), 1, "{name}");
    }
}
