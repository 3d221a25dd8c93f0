//! What must hold of every tracked render: it is the plain text or says that it is not, and whatever changes a
//! line is among the causes of that line.
//!
//! The second law is tested by changing values: two plain renders with one leaf changed differ in some lines, and
//! the tracked renders must name that leaf for each of them. So the causes miss nothing.

use crate::model::{Node, tree};
use crate::snippets::{PARTIALS, SNIPPETS};
use crate::world::{Context, World, causes, lines};
use mwrender_template::{How, Part, Tracked};
use mwrender_values::path::Path;
use mwrender_values::{Data, Value};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use similar::{ChangeTag, TextDiff};
use std::fmt::Write;

/// What stands around snippets; `@` is where they go.
const WRAPPERS: &[(&str, &str)] = &[
    ("plain", "@"),
    ("if", "{% if values.g %}\n@{% else %}\nelse\n{% endif %}\n"),
    ("for", "{% for outer in values.nums %}\nturn {{ outer }}\n@{% endfor %}\n"),
    ("macro", "{% macro wrapped(s, values) %}\n{{ s }}\n@{% endmacro %}\n{{ wrapped(values.s, values) }}"),
    ("set-block", "{% set captured %}@{% endset %}\n{{ captured }}\n"),
    ("set-block-indent", "{% set captured %}@{% endset %}\ntext: |{{ captured | nindent(2) }}\n"),
    ("set-block-hash", "{% set captured %}@{% endset %}\nsum {{ captured | sha256 }}\n"),
    ("filter-block", "{% filter upper %}\n@{% endfilter %}\n"),
    ("include", "{% include \"_wrapped.j2\" %}\n"),
    ("map", "{% set captured %}@{% endset %}\n{{ {\"text\": captured, \"n\": values.n} | toyaml }}\n"),
];

/// How YAML quotes a text depends on all of it: blanks at the end of any of its lines change every line.
fn requoted(wrapper: &str, snippet: &str) -> bool {
    (wrapper, snippet) == ("map", "whitespace")
}

fn chart(wrapper: &str, snippets: &[&str]) -> Option<World> {
    let body: String = snippets.concat();
    // what a template extends or defines must stand at its top
    if wrapper != "@"
        && (body.contains("{% extends") || body.contains("{% macro") && wrapper.contains("filter"))
    {
        return None;
    }
    let main = wrapper.replace('@', &body);
    let mut files: Vec<(&str, &str)> = PARTIALS.to_vec();
    files.push(("_wrapped.j2", &body));
    files.push(("main.j2", &main));
    match World::new(&files) {
        Ok(world) => Some(world),
        Err((fault, sources)) => {
            panic!("{}\n{main}", mwrender_diagnostic::print::full(&fault, &sources, false))
        }
    }
}

/// Whether what a cause is about is the leaf at `path`, or holds it and is not only asked whether it is empty.
fn covers(cause: &mwrender_template::Cause, context: &Context, path: &Path) -> bool {
    let Some(at) = context.path(cause) else { return false };
    if cause.part != Part::Value {
        return false;
    }
    at == *path || cause.how != How::Conditional && path.starts_with(&at)
}

/// Lines of `tracked` that are not among those of `other` and do not name the leaf.
fn unexplained(tracked: &Tracked, other: &Tracked, context: &Context, leaf: &Path, found: &mut Vec<String>) {
    let named = |range| causes(tracked, range).iter().any(|c| covers(c, context, leaf));
    let all: Vec<_> = lines(&tracked.text).collect();
    for change in TextDiff::from_lines(&other.text, &tracked.text).iter_all_changes() {
        let (ChangeTag::Insert, Some(index)) = (change.tag(), change.new_index()) else { continue };
        let (range, line) = all[index].clone();
        // of lines that read the same, which one is new is anybody's guess
        let twins = all.iter().filter(|(_, l)| *l == line);
        if !named(range) && !twins.into_iter().any(|(r, _)| named(r.clone())) {
            found.push(line.to_string());
        }
    }
}

/// A value as a line may show it.
fn spellings(value: &Value) -> Vec<String> {
    match &value.data {
        Data::String(t) => t.text.lines().map(str::to_string).collect(),
        Data::Number(n) => vec![n.spelling.to_string()],
        Data::Bool(b) => vec![b.to_string()],
        _ => vec![String::new()],
    }
}

/// Direct causes whose value is not in the line.
fn false_claims(tracked: &Tracked, context: &Context, found: &mut Vec<String>) {
    for (range, line) in lines(&tracked.text) {
        for cause in causes(tracked, range) {
            if cause.how != How::Direct || cause.part != Part::Value {
                continue;
            }
            let Some(path) = context.path(&cause) else {
                found.push(format!("no value is at a cause of `{line}`"));
                continue;
            };
            let value = path.lookup(context.values()).expect("the path is from this tree");
            let shown = spellings(value).iter().any(|s| line.contains(s.as_str()));
            if !shown {
                found.push(format!("`{line}` does not show {path}"));
            }
        }
    }
}

/// Everything that is wrong with the tracked renders of `world` for `tree` and the tree with each leaf changed.
fn violations(world: &mut World, tree: &Node, pick: usize) -> Vec<String> {
    let mut found = Vec::new();
    let context = world.context(&[("values.yaml", &tree.yaml())]);
    // a template may fail on some values; then there is nothing to say
    let Ok(tracked) = world.render("main.j2", &context) else { return found };
    if !tracked.exact {
        found.push("inexact".to_string());
        return found;
    }
    false_claims(&tracked, &context, &mut found);
    for (n, leaf) in tree.leaves().iter().enumerate() {
        let other = world.context(&[("values.yaml", &tree.with_other(n, pick).yaml())]);
        let Ok(other_tracked) = world.render("main.j2", &other) else { continue };
        if !other_tracked.exact {
            found.push("inexact".to_string());
            continue;
        }
        if other_tracked.text == tracked.text {
            continue;
        }
        let path: Path = leaf.parse().expect("paths read back");
        let mut lost = Vec::new();
        unexplained(&tracked, &other_tracked, &context, &path, &mut lost);
        unexplained(&other_tracked, &tracked, &other, &path, &mut lost);
        found.extend(lost.into_iter().map(|line| format!("`{line}` does not name {leaf}")));
    }
    found
}

/// All snippets in all wrappers, each with a few trees.
#[test]
fn every_snippet_in_every_wrapper() {
    let rounds: usize = std::env::var("LAWS_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let only = std::env::var("LAWS_ONLY").unwrap_or_default();
    let mut runner = TestRunner::deterministic();
    let trees: Vec<Node> =
        (0..rounds).map(|_| tree().new_tree(&mut runner).expect("no filters").current()).collect();
    let mut report = String::new();
    for (wrapper_name, wrapper) in WRAPPERS {
        for (name, snippet) in SNIPPETS {
            if !only.is_empty() && only != *name && only != format!("{wrapper_name}/{name}") {
                continue;
            }
            if requoted(wrapper_name, name) {
                continue;
            }
            let Some(mut world) = chart(wrapper, &[snippet]) else { continue };
            let mut found: Vec<String> = Vec::new();
            for (pick, tree) in trees.iter().enumerate() {
                for violation in violations(&mut world, tree, pick) {
                    if !found.contains(&violation) {
                        found.push(violation);
                    }
                }
            }
            if !found.is_empty() {
                let _ = writeln!(report, "{wrapper_name}/{name}: {}", found.join("; "));
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

/// Several snippets, one after the other in one template: what one leaves behind must not mislead another.
#[test]
fn snippets_together() {
    let strategy = (proptest::collection::vec(0..SNIPPETS.len(), 1..5), 0..WRAPPERS.len(), tree(), 0..3usize);
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let result = runner.run(&strategy, |(chosen, wrapper, tree, pick)| {
        if chosen.iter().any(|i| requoted(WRAPPERS[wrapper].0, SNIPPETS[*i].0)) {
            return Ok(());
        }
        let texts: Vec<&str> = chosen.iter().map(|i| SNIPPETS[*i].1).collect();
        let Some(mut world) = chart(WRAPPERS[wrapper].1, &texts) else { return Ok(()) };
        let found = violations(&mut world, &tree, pick);
        let names: Vec<&str> = chosen.iter().map(|i| SNIPPETS[*i].0).collect();
        prop_assert!(
            found.is_empty(),
            "{} in {}: {}",
            names.join(" + "),
            WRAPPERS[wrapper].0,
            found.join("; ")
        );
        Ok(())
    });
    if let Err(fault) = result {
        panic!("{fault}");
    }
}
