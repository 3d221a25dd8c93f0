//! Puppet catalogs and the output of a catalog compiler as sources of files: a corpus of hand-written catalogs, and
//! catalogs that a real puppet compiled (`inputs/puppet-module`).

#[path = "../../mwrender-values/tests/it/sections.rs"]
mod sections;

use flate2::Compression;
use flate2::write::GzEncoder;
use mwrender_core::Error;
use mwrender_core::diagnostic::{Diagnostic, SourceMap, print};
use mwrender_core::mounts::Mounts;
use mwrender_core::tree::{CatalogTree, Disk, Node, Pcc, PccState, Tree, UnknownReason};
use sections::sections;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const MOUNT: &str = "/etc/d";

fn inputs(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs").join(folder)
}

fn told(diagnostics: &[Diagnostic]) -> String {
    let sources = SourceMap::default();
    diagnostics.iter().map(|d| print::full(d, &sources, false) + "\n").collect()
}

/// The files under the mount, with the catalog over the lower tree, and what is said about it.
fn check(case: &str) -> String {
    let lower = tempfile::tempdir().expect("a directory for the lower tree");
    let mut catalog = None;
    for (name, text) in sections(case).1 {
        if let Some(path) = name.strip_prefix("lower: ") {
            let path = lower.path().join(path);
            fs::create_dir_all(path.parent().expect("it is in the directory")).expect("writable");
            fs::write(path, text).expect("writable");
        } else {
            // an escape character is written as its picture
            let bytes = text.replace('␛', "\u{1b}").into_bytes();
            catalog = Some(CatalogTree::new("case.json", &bytes, MOUNT));
        }
    }
    let catalog = match catalog.expect("a case has a catalog") {
        Ok(catalog) => Arc::new(catalog),
        Err(Error::Diagnostics(found)) => return told(&found),
        Err(e) => panic!("{e}"),
    };
    let mut mounts = Mounts::default();
    mounts.add(MOUNT, Arc::new(Disk::new(lower.path()).expect("it was made")));
    mounts.add(MOUNT, catalog.clone());
    let mut out = format!("host {:?}, environment {:?}\n", catalog.host(), catalog.environment());
    for path in mounts.files_under(MOUNT).expect("both trees can be read") {
        let inside = path.strip_prefix("/etc/d/").expect("it is under the mount");
        let found = mounts.find(&path);
        let what = match &found {
            Ok(Some(found)) => {
                let from = if found.describe().starts_with("catalog:") { "" } else { " (lower)" };
                let private = if found.is_private() { " (private)" } else { "" };
                let to = if found.name == path { String::new() } else { format!(" -> {}", found.name) };
                let bytes = found.read().expect("it was found");
                format!("{to}{from}{private} \"{}\"", bytes.escape_ascii())
            }
            Ok(None) => " leads nowhere".into(),
            Err(e) => format!(" {e}"),
        };
        let origin = catalog.resource(inside).filter(|o| o.file.is_some());
        let origin = origin.map_or(String::new(), |o| format!("  [{o}]"));
        let _ = writeln!(out, "{inside}{what}{origin}");
    }
    for unknown in catalog.unknown() {
        let _ = writeln!(out, "unknown: {} {:?}", unknown.path, unknown.reason);
    }
    out + &told(catalog.diagnostics())
}

#[test]
fn corpus() {
    let mut cases: Vec<_> = fs::read_dir(inputs("catalog")).expect("it is there").flatten().collect();
    cases.sort_by_key(fs::DirEntry::path);
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("snapshots/catalog");
    settings.set_omit_expression(true);
    settings.bind(|| {
        for path in cases.iter().map(fs::DirEntry::path) {
            let name = path.file_stem().expect("a case has a name").to_string_lossy().into_owned();
            insta::assert_snapshot!(name, check(&fs::read_to_string(&path).expect("it was listed")));
        }
    });
}

#[test]
fn every_id_is_explained_and_in_the_corpus() {
    let ids = ["catalog-content", "catalog-failed", "catalog-log", "catalog-no-files", "catalog-source"];
    let ids = ids.iter().chain(&["catalog-syntax", "not-a-catalog", "pcc-catalog", "pcc-host", "pcc-layout"]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/catalog");
    let snapshots: String = fs::read_dir(folder)
        .expect("it is there")
        .flatten()
        .map(|e| fs::read_to_string(e.path()).unwrap())
        .collect();
    for id in ids {
        assert!(mwrender_core::explain::all().iter().any(|(i, _)| i == id), "{id} is not explained");
        assert!(id.starts_with("pcc") || snapshots.contains(&format!("[{id}]")), "{id} is in no case");
    }
}

fn fault<T: std::fmt::Debug>(result: Result<T, Error>) -> Diagnostic {
    match result {
        Err(Error::Diagnostics(mut found)) if found.len() == 1 => found.remove(0),
        other => panic!("not one diagnostic: {other:?}"),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

const SMALL: &str = r#"{"name": "h", "resources": [{"type": "File", "title": "/etc/d/a", "parameters": {"content": "1\n"}}]}"#;

#[test]
fn gzip_is_recognised_by_its_first_bytes() {
    let packed = gzip(SMALL.as_bytes());
    // in two parts, as some tools write it
    let parts = [gzip(&SMALL.as_bytes()[..30]), gzip(&SMALL.as_bytes()[30..])].concat();
    for bytes in [&packed, &parts] {
        assert_eq!(CatalogTree::new("x", bytes, MOUNT).unwrap().read("a").unwrap(), b"1\n");
    }
    for end in [0, 2, 10, packed.len() / 2, packed.len() - 1] {
        let id = fault(CatalogTree::new("x", &packed[..end], MOUNT)).id;
        assert_eq!(id, if end == 0 { "catalog-failed" } else { "catalog-syntax" }, "cut after {end} bytes");
    }
}

#[test]
fn a_catalog_that_is_cut_off_anywhere_is_no_catalog() {
    for end in 0..SMALL.len() {
        fault(CatalogTree::new("x", &SMALL.as_bytes()[..end], MOUNT));
    }
}

#[test]
fn a_byte_order_mark_is_skipped_and_bytes_that_are_not_utf8_are_named() {
    let marked = format!("\u{feff}{SMALL}");
    assert_eq!(CatalogTree::new("x", marked.as_bytes(), MOUNT).unwrap().files().collect::<Vec<_>>(), ["a"]);
    let mut bytes = SMALL.replace("1\\n", "?").replace("]}", "").into_bytes();
    *bytes.iter_mut().find(|b| **b == b'?').unwrap() = 0xff;
    bytes.extend(br#", {"type": "File", "title": "/etc/d/b", "parameters": {"content": "good"}}]}"#);
    let tree = CatalogTree::new("x", &bytes, MOUNT).unwrap();
    assert_eq!(tree.files().collect::<Vec<_>>(), ["b"]);
    assert_eq!(tree.unknown()[0].reason, UnknownReason::Unreadable("its text is not UTF-8".into()));
}

#[test]
fn the_tree_has_directories_that_are_only_implied() {
    let text = SMALL.replace("/etc/d/a", "/etc/d/x/y/a");
    let tree = CatalogTree::new("x", text.as_bytes(), "/etc/d/").unwrap();
    assert_eq!(tree.list("").unwrap(), ["x"]);
    assert_eq!(tree.list("x").unwrap(), ["y"]);
    assert_eq!(tree.node("x/y").unwrap(), Some(Node::Directory));
    assert_eq!(tree.node("x/y/a").unwrap(), Some(Node::File));
    assert_eq!(tree.node("x/z").unwrap(), None);
    assert!(tree.list("x/z").is_err() && tree.read("x").is_err() && tree.list("x/y/a").is_err());
    assert_eq!(tree.describe("x/y/a"), "catalog:x:/etc/d/x/y/a");
    assert_eq!(tree.resource("x/y"), None);
    assert_eq!(tree.resource("x/y/a").unwrap().title, "/etc/d/x/y/a");
}

/// The catalog that puppet compiled, with its messages before it as on a terminal.
fn compiled(name: &str) -> Vec<u8> {
    let folder = inputs("puppet-module");
    let mut bytes = fs::read(folder.join(format!("{name}.err"))).unwrap_or_default();
    bytes.extend(fs::read(folder.join(name)).expect("it is in the repository"));
    bytes
}

const DEFAULTS: &str = "/etc/helmfile-defaults";

#[test]
fn catalogs_that_puppet_compiled() {
    let mut trees = Vec::new();
    for name in ["base.json", "base.rich.json"] {
        let tree = CatalogTree::new(name, &compiled(name), DEFAULTS).unwrap();
        assert_eq!(tree.host(), Some("deploy1.example"));
        assert_eq!(tree.environment(), Some("production"));
        let files = [
            "count.yaml",
            "general.yaml",
            "generated/kept.yaml",
            "logo.bin",
            "mediawiki/httpd.yaml",
            "mediawiki/pools.yaml",
            "private/key.bin",
            "private/quiet.yaml",
            "private/token.yaml",
            "short.yaml",
        ];
        assert_eq!(tree.files().collect::<Vec<_>>(), files, "{name}");
        let unknown: Vec<_> = tree.unknown().iter().map(|u| u.path.rsplit('/').next().unwrap()).collect();
        assert_eq!(unknown, ["computed.yaml", "fetched.yaml", "geoip", "mode-only.yaml"], "{name}");
        assert_eq!(tree.read("logo.bin").unwrap(), b"\x89PNG\r\n\x1a\n\xff\x00\xff");
        assert_eq!(tree.read("private/key.bin").unwrap(), b"secret\x00\xff");
        assert_eq!(tree.read("private/token.yaml").unwrap(), b"---\ntoken: example-of-a-secret\n");
        assert_eq!(tree.read("count.yaml").unwrap(), b"---\ncount: 2\n");
        assert_eq!(tree.node("general.yaml").unwrap(), Some(Node::Link(format!("{DEFAULTS}/count.yaml"))));
        assert_eq!(tree.node("short.yaml").unwrap(), Some(Node::Link("count.yaml".into())));
        assert_eq!(tree.node("old.yaml").unwrap(), None);
        assert!(tree.is_absent("old.yaml") && tree.is_absent("generated/stray.yaml"));
        assert!(
            !tree.is_absent("count.yaml") && !tree.is_absent("fetched.yaml") && !tree.is_absent("new.yaml")
        );
        let private: Vec<_> = files.iter().filter(|f| tree.is_private(f)).collect();
        assert_eq!(private, [&"private/key.bin", &"private/quiet.yaml", &"private/token.yaml"]);
        let origin = tree.resource("mediawiki/pools.yaml").unwrap();
        assert_eq!(origin.to_string(), "File[defaults-pools] at defaults/manifests/init.pp:17");
        trees.push(tree);
    }
    for path in trees[0].files() {
        if trees[0].node(path).unwrap() == Some(Node::File) {
            assert_eq!(trees[0].read(path).unwrap(), trees[1].read(path).unwrap(), "{path}");
        }
    }
    // puppet folds the long text; it is one line
    let httpd = String::from_utf8(trees[0].read("mediawiki/httpd.yaml").unwrap()).unwrap();
    assert!(httpd.lines().count() > 20);
    let value: serde_yaml::Value = serde_yaml::from_str(&httpd).unwrap();
    assert_eq!(value["sites"][0]["content"].as_str().unwrap().lines().count(), 1);
}

#[test]
fn two_catalogs_of_puppet_differ_in_what_their_manifests_differ() {
    let [base, next] = ["base.rich.json", "next.rich.json"]
        .map(|name| CatalogTree::new(name, &compiled(name), DEFAULTS).unwrap());
    let file = |tree: &CatalogTree, path: &str| tree.read(path).ok();
    let changed: Vec<_> = base.files().filter(|f| file(&base, f) != file(&next, f)).collect();
    assert_eq!(changed, ["count.yaml", "mediawiki/pools.yaml"]);
    assert!(base.files().eq(next.files()));
}

#[test]
fn a_catalog_that_puppet_did_not_compile() {
    let found = fault(CatalogTree::new("broken.json", &compiled("broken.json"), DEFAULTS));
    assert_eq!(found.id, "catalog-failed");
    let why = "Error: Evaluation Error: The value 'x' cannot be converted to Numeric. \
               (file: defaults/manifests/init.pp, line: 36, column: 71) on node deploy1.example";
    assert_eq!(found.notes, [why]);
}

/// The output of a catalog compiler: hosts with a state and the catalogs of both sides, which may have failed.
fn pcc(hosts: &[(&str, &str, Option<&str>, Option<&str>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a directory");
    let mut states = serde_json::Map::new();
    for (host, state, prod, change) in hosts {
        let of_host = folder.path().join(host);
        fs::create_dir(&of_host).unwrap();
        fs::write(
            of_host.join("host.json"),
            format!(r#"{{"host": "{host}", "state": "{state}", "diff": {{}}}}"#),
        )
        .unwrap();
        for (side, catalog) in [("prod", prod), ("change", change)] {
            let file = |extension: &str| of_host.join(format!("{side}.{host}.{extension}"));
            // what does not compile leaves an empty catalog
            fs::write(file("pson.gz"), gzip(catalog.map_or(vec![], compiled).as_slice())).unwrap();
            let messages = if catalog.is_some() { vec![] } else { compiled("broken.json") };
            fs::write(file("err"), messages).unwrap();
        }
        let listed =
            states.entry(*state).or_insert_with(|| serde_json::json!({"description": "x", "hosts": []}));
        listed["hosts"].as_array_mut().unwrap().push((*host).into());
    }
    let names: Vec<_> = hosts.iter().map(|h| h.0).chain(["late.example"]).collect();
    let build = serde_json::json!({"change_id": 1_000_000, "job_id": 1, "hosts": names, "states": states});
    fs::write(folder.path().join("build.json"), build.to_string()).unwrap();
    folder
}

#[test]
fn the_states_of_a_catalog_compiler() {
    let (base, next) = (Some("base.rich.json"), Some("next.rich.json"));
    let folder = pcc(&[
        ("broken.example", "error", base, None),
        ("changed.example", "core_diff", base, next),
        ("gone.example", "cancelled", base, base),
        ("lost.example", "fail", None, None),
        ("mended.example", "noop", None, base),
        ("same.example", "noop", base, base),
        ("uncompared.example", "fail", base, next),
    ]);
    let pcc = Pcc::load(folder.path()).unwrap();
    assert_eq!(pcc.change(), Some(1_000_000));
    let states: Vec<_> = pcc.hosts().iter().map(|h| (h.name(), h.state())).collect();
    let wanted = [
        ("broken.example", PccState::Error),
        ("changed.example", PccState::CoreDiff),
        ("gone.example", PccState::Cancelled),
        ("late.example", PccState::Running),
        ("lost.example", PccState::Fail),
        ("mended.example", PccState::Noop),
        ("same.example", PccState::Noop),
        ("uncompared.example", PccState::Fail),
    ];
    assert_eq!(states, wanted);
    let outcome = |result: Result<CatalogTree, Error>| match result {
        Ok(tree) => String::from_utf8(tree.read("count.yaml").unwrap()).unwrap()[4..].trim().to_string(),
        Err(Error::Diagnostics(found)) => {
            let place = found[0].notes.iter().any(|n| n.contains("init.pp, line: 36"));
            format!("{}{}", found[0].id, if place { " at 36" } else { "" })
        }
        Err(e) => panic!("{e}"),
    };
    let outcomes: Vec<_> =
        pcc.hosts().iter().map(|h| [outcome(h.base(DEFAULTS)), outcome(h.proposed(DEFAULTS))]).collect();
    let wanted = [
        ["count: 2", "catalog-failed at 36"],
        ["count: 2", "count: 3"],
        ["pcc-catalog", "pcc-catalog"],
        ["pcc-catalog", "pcc-catalog"],
        ["catalog-failed at 36", "catalog-failed at 36"],
        ["catalog-failed at 36", "count: 2"],
        ["count: 2", "count: 2"],
        ["count: 2", "count: 3"],
    ];
    assert_eq!(outcomes, wanted);
    assert!(PccState::Noop.is_compiled() && !PccState::Error.is_compiled() && !PccState::Fail.is_compiled());

    assert_eq!(pcc.host(Some("same.example")).unwrap().name(), "same.example");
    assert_eq!(fault(pcc.host(None)).id, "pcc-host");
    let unknown = fault(pcc.host(Some("sane.example")));
    assert_eq!((unknown.id, unknown.help[0].as_str()), ("pcc-host", "did you mean `same.example`?"));

    // a catalog that should be there
    fs::remove_file(folder.path().join("same.example/prod.same.example.pson.gz")).unwrap();
    fs::remove_file(folder.path().join("changed.example/change.changed.example.pson.gz")).unwrap();
    fs::remove_file(folder.path().join("changed.example/change.changed.example.err")).unwrap();
    let found = fault(pcc.host(Some("changed.example")).unwrap().proposed(DEFAULTS));
    assert_eq!(found.id, "pcc-catalog");
    assert!(pcc.host(Some("same.example")).unwrap().base(DEFAULTS).is_err());
    // older compilers do not pack them
    fs::write(folder.path().join("changed.example/change.changed.example.pson"), compiled("base.json"))
        .unwrap();
    assert_eq!(outcome(pcc.host(Some("changed.example")).unwrap().proposed(DEFAULTS)), "count: 2");
}

#[test]
fn what_is_not_the_output_of_a_catalog_compiler() {
    let folder = tempfile::tempdir().expect("a directory");
    let load = |build: &str| {
        fs::write(folder.path().join("build.json"), build).unwrap();
        fault(Pcc::load(folder.path()))
    };
    assert!(matches!(Pcc::load(&folder.path().join("nothing")), Err(Error::Io { .. })));
    assert_eq!(fault(Pcc::load(folder.path())).id, "pcc-layout");
    for build in [
        "",
        "{}",
        "[]",
        r#"{"states": {"great": {"hosts": ["h"]}}}"#,
        r#"{"states": {"noop": {"hosts": ["h"]}, "diff": {"hosts": ["h"]}}}"#,
        r#"{"states": {"noop": {"hosts": ["../../etc"]}}}"#,
        r#"{"states": {"noop": {"hosts": [".."]}}}"#,
    ] {
        assert_eq!(load(build).id, "pcc-layout", "{build}");
    }
    fs::create_dir(folder.path().join("h")).unwrap();
    fs::write(folder.path().join("h/host.json"), r#"{"state": "diff"}"#).unwrap();
    let found = load(r#"{"states": {"noop": {"hosts": ["h"]}}}"#);
    assert_eq!(found.notes, ["`h` is noop in build.json, and diff in its host.json"]);
    fs::write(folder.path().join("build.json"), r#"{"states": {}}"#).unwrap();
    assert_eq!(fault(Pcc::load(folder.path()).unwrap().host(None)).id, "pcc-layout");
}
