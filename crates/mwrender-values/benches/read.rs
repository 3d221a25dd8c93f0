//! Reading: values of three sizes, and manifests that are mostly literal blocks.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mwrender_diagnostic::Pos;
use mwrender_values::read::read;
use std::fmt::Write;
use std::hint::black_box;

/// Values as puppet writes them: short keys, addresses, a few quotes.
fn values(services: usize) -> String {
    let mut text = "---\nservices_proxy:\n".to_owned();
    for n in 0..services {
        let _ = write!(
            text,
            "  service-{n}:\n    port: {}\n    timeout: 65s\n    keepalive: '4.5s'\n    upstreams:\n    \
             - address: service-{n}.discovery.wmnet\n      port: 4{n:03}\n      encryption: true\n      ips:\n      \
             - 10.2.1.{}/32\n      - 10.2.2.{}/32\n    retry_policy:\n      retry_on: 5xx\n      num_retries: 1\n",
            6000 + n,
            n % 250,
            n % 250
        );
    }
    text
}

/// Objects with a file of 90 kB each.
fn manifests(count: usize) -> String {
    let line = "    RewriteRule ^/wiki/(.*)$ /w/index.php?title=$1 [L,QSA,E=name:value]\n";
    let file = line.repeat(90_000 / line.len());
    let object = |n| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: httpd-{n}\ndata:\n  a.conf: |\n{file}"
        )
    };
    (0..count).map(object).collect()
}

/// One text of 30 kB in double quotes, folded at 80 columns.
fn folded(count: usize) -> String {
    let line = "\\n    RewriteRule ^/wiki/(.*)$\n    /w/index.php?title=$1 [L,QSA]\\n\\\n    \\  # a comment";
    let text = line.repeat(30_000 / line.len());
    let site = |n| format!("site-{n}:\n  content: \"{text}\"\n");
    (0..count).map(site).collect()
}

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("read");
    let inputs = [
        ("values", [10, 100, 1000].map(values)),
        ("manifests", [1, 10, 110].map(manifests)),
        ("folded", [1, 10, 100].map(folded)),
    ];
    for (name, texts) in inputs {
        for text in texts {
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::new(name, text.len()), &text, |b, text| {
                b.iter(|| black_box(read(text, Pos::from_raw(1))));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
