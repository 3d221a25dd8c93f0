//! Parsing and executing a chart-like set of templates at three sizes, in bytes of template text per second.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mwrender_gotemplate::{Failure, Funcs, Function, List, Map, MissingKey, Run, Set, Str, Tracks, Value};

const HELPERS: &str = r#"{{/* The name of the release, cut to what a label may hold. */}}
{{- define "app.name" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name -}}
{{- end }}
{{- define "app.labels" -}}
app: {{ .Chart.Name }}
release: {{ .Release.Name }}
{{- if .Values.extra }}
extra: {{ .Values.extra | quote }}
{{- end }}
{{- end }}
"#;

const MANIFEST: &str = r#"{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "app.name" . }}
  labels:
    {{- include "app.labels" . | indent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
      {{- range $name, $container := .Values.containers }}
        - name: {{ $name }}
          image: "{{ $container.image }}:{{ default "latest" $container.tag }}"
          {{- if and $container.ports (gt (len $container.ports) 0) }}
          ports:
          {{- range $container.ports }}
            - containerPort: {{ . }}
          {{- end }}
          {{- end }}
          {{- with $container.env }}
          env:
          {{- range $key, $value := . }}
            - name: {{ $key }}
              value: {{ $value | quote }}
          {{- end }}
          {{- end }}
      {{- end }}
{{- end }}
"#;

fn funcs() -> Funcs {
    let mut funcs = Funcs::new();
    let include = |context: &mut mwrender_gotemplate::Context<'_>, args: &[Value]| {
        Ok(context.execute(args[0].as_str().unwrap_or_default(), &args[1])?)
    };
    funcs.add(
        Function::new("include", "func(string, interface {}) (string, error)", &[], include)
            .tracks(Tracks::Own),
    );
    funcs.add(Function::new("quote", "func(...interface {}) string", &[], |context, args| {
        let mut text = context.text();
        text.push(b"\"", args[0].origin());
        text.push_value(&args[0]);
        text.push(b"\"", args[0].origin());
        Ok(text.finish())
    }));
    funcs.add(Function::new("indent", "func(int, string) string", &[], |context, args| {
        let bytes = args[1].as_bytes().unwrap_or_default();
        let mut text = context.text();
        let mut at = 0;
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            text.push(b"    ", args[1].origin());
            text.push_part(&args[1], at..at + line.len());
            at += line.len();
        }
        Ok::<_, Failure>(text.finish())
    }));
    let default = |_: &mut mwrender_gotemplate::Context<'_>, args: &[Value]| {
        Ok(args[usize::from(args[1].is_true())].clone())
    };
    funcs.add(Function::new("default", "func(interface {}, interface {}) interface {}", &[], default));
    funcs
}

fn set(templates: usize) -> Set {
    let mut set = Set::new(funcs()).missing_key(MissingKey::Zero);
    set.parse("helpers", HELPERS).expect("it parses");
    for i in 0..templates {
        set.parse(&format!("t{i}"), MANIFEST).expect("it parses");
    }
    set
}

fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::from(entries.into_iter().map(|(k, v)| (Str::from(k), v)).collect::<Map>())
}

fn data() -> Value {
    let container = || {
        map([
            ("image", "registry.example/app".into()),
            ("ports", [8080.0, 9090.0].map(Value::from).into_iter().collect::<List>().into()),
            ("env", map([("A", "1".into()), ("B", "two".into()), ("C", true.into())])),
        ])
    };
    map([
        ("Release", map([("Name", "main".into())])),
        ("Chart", map([("Name", "app".into())])),
        (
            "Values",
            map([
                ("enabled", true.into()),
                ("replicas", 3.0.into()),
                ("extra", "yes".into()),
                ("containers", map([("app", container()), ("proxy", container()), ("log", container())])),
            ]),
        ),
    ])
}

fn parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("parse");
    for n in [1, 10, 60] {
        let text = MANIFEST.repeat(n);
        group.throughput(Throughput::Bytes(text.len() as u64));
        let funcs = std::sync::Arc::new(funcs());
        group.bench_with_input(BenchmarkId::from_parameter(n), &text, |b, text| {
            b.iter(|| {
                let mut set = Set::new(std::sync::Arc::clone(&funcs));
                set.parse("t", black_box(text)).expect("it parses");
                set
            });
        });
    }
    group.finish();
}

fn execute(c: &mut Criterion) {
    for (name, track) in [("execute", false), ("execute tracked", true)] {
        let mut group = c.benchmark_group(name);
        for n in [1, 10, 60] {
            let set = set(n);
            let data = data();
            group.throughput(Throughput::Bytes((MANIFEST.len() * n) as u64));
            group.bench_with_input(BenchmarkId::from_parameter(n), &set, |b, set| {
                b.iter(|| {
                    let mut run = if track { Run::new().track() } else { Run::new() };
                    let mut length = 0;
                    for i in 0..n {
                        length += set.execute(&format!("t{i}"), &data, &mut run).expect("it runs").text.len();
                    }
                    length
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, parse, execute);
criterion_main!(benches);
