//! Writing YAML and JSON.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mwrender_diagnostic::Pos;
use mwrender_values::Value;
use mwrender_values::emit::{json, yaml};
use mwrender_values::read::read;
use std::fmt::Write;
use std::hint::black_box;

fn values(entries: usize) -> Value {
    let mut text = String::new();
    for n in 0..entries {
        let _ = write!(
            text,
            "entry-{n}:\n  port: {n}\n  address: service-{n}.discovery.wmnet\n  enabled: 'yes'\n  config: |\n    \
             <VirtualHost *:80>\n      ServerName host-{n}\n    </VirtualHost>\n  list: [1, 2.5, a b c, null]\n"
        );
    }
    read(&text, Pos::from_raw(1)).expect("own YAML").into_value()
}

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("emit");
    for entries in [10, 100, 1000] {
        let value = values(entries);
        for (name, style) in [("yaml", yaml::YamlStyle::default()), ("yaml as Go", yaml::YamlStyle::GO)] {
            let bytes = yaml::to_string(&value, style).len();
            group.throughput(Throughput::Bytes(bytes as u64));
            group.bench_function(BenchmarkId::new(name, bytes), |b| {
                b.iter(|| black_box(yaml::to_string(&value, style)));
            });
        }
        let style = json::JsonStyle::default();
        let bytes = json::to_string(&value, style).len();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(BenchmarkId::new("json", bytes), |b| {
            b.iter(|| black_box(json::to_string(&value, style)));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
