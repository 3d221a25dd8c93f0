//! The repository's own project: golden is as rendered, and each example does what is said of it.
//!
//! Rendering everything takes a while in a debug build, so the examples look at one or two releases each.

use crate::harness::{Run, clean};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn run(arguments: &str) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mwrender"));
    clean(&mut command);
    command.current_dir(root()).args(arguments.split_whitespace());
    Run::new(arguments, command.output().unwrap(), &root())
}

/// The line of a file on which a text stands first.
fn line_of(path: &str, text: &str) -> usize {
    let content = std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    1 + content.lines().position(|l| l.contains(text)).unwrap_or_else(|| panic!("{text} in {path}"))
}

fn example(name: &str, arguments: &str) -> Run {
    run(&format!("diff --mount /etc/helmfile-defaults=values/examples/{name} {arguments}"))
}

#[test]
fn golden_is_as_rendered() {
    run("golden check").expect(0);
}

#[test]
fn validates() {
    run("validate -e codfw -l namespace=mw-wikifunctions -l namespace=mw-mcrouter").expect(0).has("0 errors");
}

#[test]
fn no_differences() {
    run("diff -e eqiad -l namespace=mw-debug").expect(0).has("no differences");
    run("diff -e eqiad -l namespace=mw-mcrouter --deployed mount:/etc/helmfile-defaults=values/helmfile-defaults")
        .expect(0);
}

#[test]
fn memcached_server_replaced() {
    let pools = "mediawiki/mcrouter_pools.yaml";
    let changed = format!("values/examples/memcached-server-replaced/{pools}");
    let run = example("memcached-server-replaced", "-e eqiad -l namespace=mw-mcrouter").expect(3);
    assert!(run.stdout.contains("FLAGGED /etc/helmfile-defaults/mediawiki/mcrouter_pools.yaml"), "{run}");
    assert!(run.stdout.contains("no pods restart"), "{run}");
    // the line that the example changes is the line that is named
    let old = std::fs::read_to_string(root().join("values/helmfile-defaults").join(pools)).unwrap();
    let new = std::fs::read_to_string(root().join(changed)).unwrap();
    let line = 1 + old.lines().zip(new.lines()).position(|(a, b)| a != b).expect("one line differs");
    run.has(&format!("from /etc/helmfile-defaults/{pools}:{line} ("));
}

#[test]
fn certificate_domain() {
    let run = example("certificate-domain", "-e eqiad -l namespace=mw-debug,name=next").expect(3);
    assert!(run.stdout.contains("FLAGGED /etc/helmfile-defaults/general-eqiad.yaml"), "{run}");
    assert!(run.stdout.contains("no pods restart"), "{run}");
    run.has("from /etc/helmfile-defaults/general-eqiad.yaml:");
    example("certificate-domain", "-e codfw -l namespace=mw-debug,name=next").expect(0);
    // of no MediaWiki service: a difference, and no reason for a window
    example("certificate-domain", "-e eqiad -l namespace=shellbox").expect(2);
}

#[test]
fn listener_enabled() {
    let run = example("listener-enabled", "-e eqiad -l namespace=mw-debug,name=next").expect(3);
    assert!(run.stdout.contains("FLAGGED /etc/helmfile-defaults/mediawiki/tlsproxy.yaml"), "{run}");
    run.has("pods restart in 1 release");
}

#[test]
fn redirect_added() {
    let run = example("redirect-added", "-e eqiad -l namespace=mw-debug,name=next").expect(3);
    assert!(run.stdout.contains("FLAGGED /etc/helmfile-defaults/mediawiki/httpd.yaml"), "{run}");
    run.has("from /etc/helmfile-defaults/mediawiki/httpd.yaml:").has("pods restart in 1 release");
}

#[test]
fn geoip_update() {
    let run = example("geoip-update", "-e eqiad -l namespace=mw-debug,name=next").expect(3);
    assert!(run.stdout.contains("FLAGGED /etc/helmfile-defaults/mediawiki/geoip.yaml"), "{run}");
    run.has("from /etc/helmfile-defaults/mediawiki/geoip.yaml:").has("no pods restart");
}

#[test]
fn readme_tells_what_happens() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let command = readme
        .lines()
        .find(|l| l.trim_start().starts_with("cargo run --release") && l.contains(" diff "))
        .expect("README has a command to try");
    assert!(command.contains("values/examples/memcached-server-replaced"), "{command}");
    assert!(
        readme.contains("/etc/helmfile-defaults/mediawiki/mcrouter_pools.yaml:"),
        "README shows the line"
    );
}

#[test]
fn why_of_a_golden_line() {
    let golden = "golden/eqiad/mw-mcrouter/main.yaml";
    let line = line_of(golden, "10.64.32.35:11211");
    run(&format!("why {golden}:{line}"))
        .expect(0)
        .has("from /etc/helmfile-defaults/mediawiki/mcrouter_pools.yaml:");
}
