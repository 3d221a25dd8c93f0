//! How fast manifests are validated: releases of 13 objects (about 100 kB) each, at three sizes.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mwrender_diagnostic::{Pos, SourceMap};
use mwrender_schema::{Kubernetes, Schemas, objects};
use mwrender_values::Value;
use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;

const VERSIONS: [&str; 2] = ["1.31", "1.34"];

fn sources() -> (SourceMap, Vec<mwrender_diagnostic::SourceId>) {
    let mut sources = SourceMap::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let names =
        ["kubernetes/1.31.json", "kubernetes/1.34.json", "kubernetes/rules.json", "crds/PodMonitor.json"];
    let ids = names.map(|name| {
        let text = std::fs::read_to_string(folder.join(name)).expect("the repository has it");
        sources.add(name, text)
    });
    (sources, ids.to_vec())
}

fn kubernetes() -> Kubernetes {
    let (sources, ids) = sources();
    let get = |i: usize| sources.get(ids[i]);
    Kubernetes::new([("1.31", get(0)), ("1.34", get(1))], Some(get(2)), [get(3)])
}

/// A release like those of `MediaWiki`: a Deployment of 8 containers, sites, policies.
fn release(number: usize) -> String {
    let mut out = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: mw-{number}\n  labels: {{app: mediawiki}}\nspec:\n  replicas: 3\n  \
         selector:\n    matchLabels: {{app: mediawiki}}\n  template:\n    metadata:\n      labels: {{app: mediawiki}}\n    spec:\n      containers:\n"
    );
    // writing to a String cannot fail
    for container in 0..8 {
        let _ = write!(
            out,
            "      - name: c{container}\n        image: docker-registry.discovery.wmnet/image:2024-10-14\n        \
             imagePullPolicy: IfNotPresent\n        resources:\n          requests: {{cpu: 500m, memory: 200Mi}}\n          \
             limits: {{cpu: 2, memory: 400Mi}}\n        livenessProbe: {{tcpSocket: {{port: 8080}}, periodSeconds: 5}}\n        \
             ports: [{{name: p{container}, containerPort: {}}}]\n        env:\n",
            8000 + container
        );
        for variable in 0..15 {
            let _ =
                writeln!(out, "        - name: PHP__setting__{variable}\n          value: \"{variable}\"");
        }
        out.push_str("        volumeMounts:\n");
        for volume in 0..10 {
            let _ = writeln!(
                out,
                "        - {{name: v{volume}, mountPath: /etc/v/{volume}, subPath: a, readOnly: true}}"
            );
        }
    }
    out.push_str("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: egress}\nspec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n");
    for rule in 0..40 {
        let _ = writeln!(
            out,
            "  - to: [{{ipBlock: {{cidr: 10.2.1.{rule}/32}}}}, {{ipBlock: {{cidr: 10.2.2.{rule}/32}}}}]\n    ports: [{{port: 4001, protocol: TCP}}]"
        );
    }
    for service in 0..2 {
        let _ = write!(
            out,
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{service}}}\nspec:\n  type: NodePort\n  selector: {{app: mediawiki}}\n  ports:\n  - {{name: https, port: 4450, nodePort: 4450, targetPort: 4450, protocol: TCP}}\n"
        );
    }
    for config in 0..9 {
        let _ = write!(
            out,
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{config}}}\ndata:\n  a.conf: |\n"
        );
        for _ in 0..200 {
            out.push_str("    RewriteRule ^/wiki/(.*)$ /w/index.php [L]\n");
        }
    }
    out
}

fn read(text: &str) -> Vec<Value> {
    let read = mwrender_values::read::read(text, Pos::from_raw(1)).expect("it is YAML");
    read.documents.into_iter().map(|d| d.value).collect()
}

fn manifests(c: &mut Criterion) {
    let mut group = c.benchmark_group("manifests");
    group.sample_size(20);
    for releases in [1, 10, 100] {
        let texts: Vec<_> = (0..releases).map(release).collect();
        let parsed: Vec<Value> = texts.iter().flat_map(|text| read(text)).collect();
        group.throughput(Throughput::Bytes(texts.iter().map(|t| t.len() as u64).sum()));
        let warm = kubernetes();
        let check = |kubernetes: &Kubernetes, versions: &[&str]| {
            for object in &parsed {
                let faults =
                    kubernetes.check_object_in(object, versions, &()).expect("the schemas are valid");
                assert!(black_box(faults).is_empty());
            }
        };
        group.bench_with_input(BenchmarkId::new("one version", releases), &(), |b, ()| {
            b.iter(|| check(&warm, &VERSIONS[..1]));
        });
        group.bench_with_input(BenchmarkId::new("both versions", releases), &(), |b, ()| {
            b.iter(|| check(&warm, &VERSIONS));
        });
        group.bench_with_input(BenchmarkId::new("both versions, cold", releases), &(), |b, ()| {
            b.iter_with_setup(kubernetes, |cold| check(&cold, &VERSIONS));
        });
        group.bench_with_input(BenchmarkId::new("names", releases), &(), |b, ()| {
            b.iter(|| parsed.iter().map(|o| objects::check_names(black_box(o), &()).len()).sum::<usize>());
        });
    }
    group.finish();
}

fn values(c: &mut Criterion) {
    let mut sources = SourceMap::default();
    let schema = sources.add(
        "pools.json",
        r#"{ "properties": { "pools": { "items": {
            "required": ["name"],
            "properties": { "name": { "type": "string" }, "servers": { "items": { "pattern": "^[0-9.]+$" } } },
            "additionalProperties": false
        } } } }"#,
    );
    let schemas = Schemas::new([sources.get(schema)]);
    let mut group = c.benchmark_group("values");
    for pools in [10, 100, 1000] {
        let mut text = String::from("pools:\n");
        for pool in 0..pools {
            let servers = (0..18).map(|n| format!("10.64.0.{n}")).collect::<Vec<_>>().join(", ");
            let _ = writeln!(text, "- name: pool-{pool}\n  servers: [{servers}]");
        }
        let value = read(&text).remove(0);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(pools), &(), |b, ()| {
            b.iter(|| schemas.check("pools.json", black_box(&value), &()).expect("the schema is valid"));
        });
    }
    group.finish();
}

criterion_group!(benches, manifests, values);
criterion_main!(benches);
