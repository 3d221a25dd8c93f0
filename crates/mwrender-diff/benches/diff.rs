//! Comparing objects: a Deployment with more and more containers, a `ConfigMap` with a longer and longer file, lists.

#![allow(missing_docs, reason = "criterion's macros make functions without documentation")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mwrender_diff::align::align;
use mwrender_diff::data::changes;
use mwrender_diff::diff_objects;
use mwrender_values::Value;
use mwrender_values::read::read;
use std::fmt::Write;

fn value(text: &str) -> Value {
    read(text, mwrender_diagnostic::Pos::NONE).expect("it is YAML").into_value()
}

/// A Deployment with so many containers, one of which has another image.
fn deployment(containers: usize, changed: usize) -> String {
    let mut text = String::from("spec:\n  template:\n    spec:\n      containers:\n");
    for i in 0..containers {
        let version = if i == changed { 2 } else { 1 };
        writeln!(
            text,
            "      - name: c{i}\n        image: registry.example/c{i}:{version}\n        env:\n        - {{name: A, value: x}}\n        - {{name: B, value: y}}\n        resources: {{limits: {{cpu: 1, memory: 1Gi}}}}"
        )
        .expect("a String takes all");
    }
    text
}

/// A `ConfigMap` with a file of so many lines, one of which is another one.
fn file(lines: usize, changed: usize) -> String {
    let mut text = String::from("data:\n  config.json: |\n");
    for i in 0..lines {
        let server = if i == changed { "10.64.32.61" } else { "10.64.32.35" };
        writeln!(text, "    \"{server}:112{i}:ascii:plain\",").expect("a String takes all");
    }
    text
}

fn objects(c: &mut Criterion) {
    for kind in ["Deployment", "ConfigMap"] {
        let make = if kind == "Deployment" { deployment } else { file };
        let mut group = c.benchmark_group(format!("lines of a {kind}"));
        for size in [10, 100, 1_000] {
            let text = make(size, usize::MAX);
            let (old, new) = (value(&text), value(&make(size, size / 2)));
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::new("one change", size), &new, |b, new| {
                b.iter(|| diff_objects(kind, &old, new));
            });
            group.bench_with_input(BenchmarkId::new("as data", size), &new, |b, new| {
                b.iter(|| changes(&old, new));
            });
        }
        group.finish();
    }
}

fn lists(c: &mut Criterion) {
    let mut group = c.benchmark_group("alignment of a list");
    for size in [10, 100, 1_000] {
        let items = |from: usize| {
            value(&format!(
                "[{}]",
                (from..from + size).map(|i| format!("s{i},")).collect::<Vec<_>>().concat()
            ))
        };
        let (old, new) = (items(0), items(1));
        group.throughput(Throughput::Elements(size as u64));
        group.bench_with_input(BenchmarkId::new("one taken out, one added", size), &new, |b, new| {
            b.iter(|| align(old.as_list().expect("a list"), new.as_list().expect("a list")));
        });
    }
    group.finish();
}

criterion_group!(benches, objects, lists);
criterion_main!(benches);
