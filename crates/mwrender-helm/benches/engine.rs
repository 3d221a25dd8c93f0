//! The stages of a render of a chart of 60 templates and 5,000 lines: parsing in bytes of templates per second, what
//! a further release of a parsed chart costs, and what origins add to it.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mwrender_diagnostic::{Pos, SourceMap};
use mwrender_helm::{Capabilities, File, Manifests, Options, Program, Release, load, settle};
use mwrender_values::{NullHandling, Value};

const HELPERS: &str = r#"{{- define "app.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- define "app.labels" -}}
app.kubernetes.io/name: {{ include "app.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
"#;

/// A template of about 83 lines, as charts have them: helpers, conditions, lists, and YAML from values.
fn template(n: usize) -> String {
    let mut text = format!(
        "{{{{- if .Values.parts.part{n}.enabled }}}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{{{ include \"app.name\" . }}}}-{n}
  labels:
    {{{{- include \"app.labels\" . | nindent 4 }}}}
spec:
  replicas: {{{{ .Values.parts.part{n}.replicas }}}}
  template:
    spec:
      containers:
"
    );
    for container in 0..5 {
        let _ = write!(
            text,
            "        - name: container-{container}
          image: \"{{{{ .Values.image.repository }}}}:{{{{ .Values.image.tag | default .Chart.AppVersion }}}}\"
          ports:
            - containerPort: {{{{ add 8000 {container} }}}}
          env:
            {{{{- range $name, $value := .Values.parts.part{n}.env }}}}
            - name: {{{{ $name | upper | quote }}}}
              value: {{{{ $value | quote }}}}
            {{{{- end }}}}
          {{{{- with .Values.resources }}}}
          resources:
            {{{{- toYaml . | nindent 12 }}}}
          {{{{- end }}}}
"
        );
    }
    text.push_str("{{- end }}\n");
    text
}

/// The chart: 60 templates of 5,000 lines.
fn chart() -> Vec<File> {
    let mut files = vec![
        File::new("Chart.yaml", b"{apiVersion: v2, name: app, version: 1.0.0, appVersion: '2.0'}"),
        File::new("templates/_helpers.tpl", HELPERS.as_bytes()),
    ];
    let mut values =
        "image: {repository: registry.example.org/app}\nresources:\n  limits: {cpu: 1, memory: 1Gi}\n\
                      \x20 requests: {cpu: 500m, memory: 512Mi}\nparts:\n"
            .to_owned();
    for n in 0..60 {
        files.push(File::new(format!("templates/part-{n}.yaml"), template(n).as_bytes()));
        let _ = write!(
            values,
            "  part{n}:\n    enabled: true\n    replicas: {n}\n    env: {{a: b, host: db{n}, port: 5432, level: info}}\n"
        );
    }
    files.push(File::new("values.yaml", values.as_bytes()));
    files
}

fn stages(c: &mut Criterion) {
    let mut sources = SourceMap::default();
    let chart = load::folder(chart(), "app", &mut sources).expect("a chart").chart;
    let given = Value::empty_map(Pos::NONE);
    let settled = || settle(&chart, &given, NullHandling::default()).expect("values");
    let ready = settled();
    let (release, capabilities) = (Release::new("release", "default"), Capabilities::default());
    let bytes: usize = chart.templates.iter().map(|file| file.data.len()).sum();

    let mut group = c.benchmark_group("engine");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("parse", |b| {
        b.iter(|| Program::compile(black_box(&ready.charts)).expect("templates"));
    });
    group.bench_function("settle", |b| b.iter(|| black_box(settled())));
    let program = Program::compile(&ready.charts).expect("templates");
    for track in [false, true] {
        let options = Options { track, ..Options::default() };
        let render = || program.render(&ready, &release, &capabilities, options).expect("a render");
        group.bench_function(if track { "render with origins" } else { "render" }, |b| {
            b.iter(|| black_box(render()));
        });
    }
    let rendered = program.render(&ready, &release, &capabilities, Options::default()).expect("a render");
    group.bench_function("manifests", |b| {
        b.iter(|| Manifests::of(black_box(&rendered)).expect("manifests"));
    });
    group.bench_function("a further release", |b| {
        b.iter(|| {
            let settled = settled();
            let rendered =
                program.render(&settled, &release, &capabilities, Options::default()).expect("a render");
            black_box(Manifests::of(&rendered).expect("manifests"));
        });
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
