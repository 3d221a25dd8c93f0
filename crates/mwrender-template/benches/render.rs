//! Rendering a template over more and more values: plainly, and with the origin of each piece.

#![allow(missing_docs, reason = "criterion's macros make functions without documentation")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mwrender_diagnostic::SourceMap;
use mwrender_template::JinjaEngine;
use mwrender_template::engine::{Engine, TemplateFile};
use std::fmt::Write;
use std::sync::Arc;

const TEMPLATE: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ values.name }}
data:
{%- for pool in values.pools %}
{%- if pool.enabled %}
  {{ pool.name }}: {{ pool.servers | length }}
{%- endif %}
{%- endfor %}
  checksum: {{ values.pools | tojson | sha256 }}
  config.json: |
    {{ values.pools | tojson(indent=2) | indent(4) }}
";

fn values(pools: usize) -> String {
    let mut text = String::from("values:\n  name: web\n  pools:\n");
    for i in 0..pools {
        writeln!(
            text,
            "  - name: pool{i}\n    enabled: true\n    servers: [192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4]"
        )
        .expect("a String takes all");
    }
    text
}

fn render(c: &mut Criterion) {
    let mut group = c.benchmark_group("template");
    for size in [10, 100, 1_000] {
        let mut sources = SourceMap::default();
        let source = sources.add("templates/web/config.yaml.j2", TEMPLATE);
        let file = TemplateFile { name: Arc::from("web/config.yaml.j2"), source, rendered: true };
        let program = JinjaEngine.compile(&[file], &sources).expect("it compiles");
        let text = values(size);
        let id = sources.add("values.yaml", &*text);
        let context =
            mwrender_values::read::read(&text, sources.get(id).start()).expect("it is YAML").into_value();
        let plain = program.render_one("web/config.yaml.j2", &context).expect("it renders");
        group.throughput(Throughput::Bytes(plain.len() as u64));
        group.bench_function(BenchmarkId::new("plain", size), |b| {
            b.iter(|| program.render_one("web/config.yaml.j2", &context).expect("it renders"));
        });
        group.bench_function(BenchmarkId::new("with origins", size), |b| {
            b.iter(|| {
                let tracked = program.track("web/config.yaml.j2", &context).expect("it renders");
                assert_eq!(tracked[0].1.text, plain);
                tracked
            });
        });
    }
    group.finish();
}

criterion_group!(benches, render);
criterion_main!(benches);
