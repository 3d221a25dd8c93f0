//! The pipeline over more and more releases: its cost grows with their number and no faster.
//!
//! The project is the repository's own, its services multiplied under other names. The whole matrix is taken at 100
//! and 1,000 releases: one of a web server renders 200 kB, and ten thousand would be 2 GB of manifests. The
//! small charts go on to 10,000.

#![allow(missing_docs, reason = "criterion's macros make functions without documentation")]

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use mwrender_core::deployed::Manifests;
use mwrender_core::diff::{Against, DiffOptions, diff};
use mwrender_core::{Session, State, StateOptions, Validator, render};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a writable directory");
    for entry in fs::read_dir(from).expect("a readable directory") {
        let (from, to) = entry.map(|e| (e.path(), to.join(e.file_name()))).expect("a readable entry");
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).expect("a file that can be copied");
        }
    }
}

/// The services of a project whose releases are of these charts; of all if none is named.
fn services(project: &Value, charts: &[&str]) -> Map<String, Value> {
    let mut services = project["services"].as_object().expect("services").clone();
    for service in services.values_mut() {
        let chart = service["chart"].clone();
        let releases = service["releases"].as_object_mut().expect("releases");
        releases.retain(|_, release| {
            let chart = release.get("chart").unwrap_or(&chart).as_str().expect("a chart");
            charts.is_empty() || charts.contains(&chart)
        });
    }
    services.retain(|_, service| !service["releases"].as_object().expect("releases").is_empty());
    services
}

/// The repository's project with its services so many times, in a directory of its own.
fn project(charts: &[&str], times: usize) -> TempDir {
    let directory = TempDir::new().expect("a temporary directory");
    for part in ["values", "templates", "schemas"] {
        copy(&Path::new(ROOT).join(part), &directory.path().join(part));
    }
    let text = fs::read_to_string(Path::new(ROOT).join("mwrender.yaml")).expect("the project file");
    let mut project: Value = serde_yaml::from_str(&text).expect("the project file is YAML");
    let originals = services(&project, charts);
    let mut multiplied = Map::new();
    for i in 0..times {
        for (name, service) in &originals {
            let copied = format!("{name}-{i}");
            let values = directory.path().join("values");
            if values.join(name).is_dir() {
                copy(&values.join(name), &values.join(&copied));
            }
            multiplied.insert(copied, service.clone());
        }
    }
    project["services"] = multiplied.into();
    fs::write(directory.path().join("mwrender.yaml"), project.to_string()).expect("a writable file");
    directory
}

fn sizes(c: &mut Criterion, name: &str, charts: &[&str], wanted: &[usize]) {
    let mut group = c.benchmark_group(name);
    group.sample_size(10).sampling_mode(SamplingMode::Flat).warm_up_time(Duration::from_millis(1));
    let once =
        State::load(&mut Session::new(), &StateOptions::new(project(charts, 1).path().join("mwrender.yaml")))
            .expect("the project loads")
            .cells
            .len();
    for size in wanted {
        let directory = project(charts, ((size + once / 2) / once).max(1));
        let options = StateOptions::new(directory.path().join("mwrender.yaml"));
        let mut session = Session::new();
        let state = State::load(&mut session, &options).expect("the project loads");
        let validator = Validator::load(&mut session, &state).expect("the schemas load");
        let cells = render(&session, &state).expect("it renders");
        let mut deployed = Manifests { name: "deployed".into(), cells: HashMap::new(), flat: Vec::new() };
        let mut bytes = 0;
        for cell in &cells {
            let text = cell.manifest();
            bytes += text.len();
            // one object of each release differs
            let text = text.replacen("app.kubernetes.io", "app.example.org", 1).replacen(
                "labels:",
                "labels:\n    x: y",
                1,
            );
            let source = session.add_text(&cell.cell.path(), text.into_bytes(), false).expect("it is UTF-8");
            deployed.cells.insert(cell.cell.path(), source);
        }
        drop(cells);
        group.throughput(Throughput::Bytes(bytes as u64));
        let count = state.cells.len();
        group.bench_function(BenchmarkId::new("load", count), |b| {
            b.iter(|| State::load(&mut Session::new(), &options).expect("the project loads"));
        });
        group.bench_function(BenchmarkId::new("render", count), |b| {
            b.iter(|| render(&session, &state).expect("it renders"));
        });
        group.bench_function(BenchmarkId::new("render, validate and diff", count), |b| {
            b.iter(|| {
                let cells = render(&session, &state).expect("it renders");
                black_box(validator.manifests(&session, &state, &cells).expect("the schemas are valid"));
                let compare = DiffOptions::default();
                diff(&session, &state, &cells, Against::Manifests(&deployed), &compare).expect("it compares")
            });
        });
    }
    group.finish();
}

fn cells(c: &mut Criterion) {
    sizes(c, "small charts", &["shellbox", "statsd-exporter"], &[100, 1_000, 10_000]);
    sizes(c, "every chart", &[], &[100, 1_000]);
}

criterion_group!(benches, cells);
criterion_main!(benches);
