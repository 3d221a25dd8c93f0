//! Laying twelve layers over each other, and the result over defaults.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mwrender_diagnostic::Pos;
use mwrender_values::Value;
use mwrender_values::coalesce::{NullHandling, coalesce, merge};
use mwrender_values::read::read;
use std::fmt::Write;
use std::hint::black_box;

/// A layer that sets half of its keys for itself and shares the others with all layers.
fn layer(number: usize, keys: usize) -> String {
    let mut text = String::new();
    for key in 0..keys {
        let name = if key % 2 == 0 { format!("shared-{key}") } else { format!("own-{number}-{key}") };
        let _ = write!(
            text,
            "{name}:\n  port: {key}\n  hosts: [a, b, c]\n  options: {{layer{number}: true, x: {key}}}\n"
        );
    }
    text
}

fn parse(text: &str) -> Value {
    read(text, Pos::from_raw(1)).expect("own YAML").into_value()
}

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("coalesce");
    for keys in [10, 100, 1000] {
        let texts: Vec<String> = (0..12).map(|n| layer(n, keys)).collect();
        let layers: Vec<Value> = texts.iter().map(|t| parse(t)).collect();
        let defaults = parse(&layer(99, keys));
        let bytes: usize = texts.iter().map(String::len).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(BenchmarkId::new("twelve layers", bytes), |b| {
            b.iter(|| black_box(coalesce(&defaults, &merge(&layers).value, NullHandling::default())));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
