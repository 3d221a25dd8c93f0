//! The stages of a command on the repository's own matrix: load, render, validate, diff.

#![allow(missing_docs, reason = "criterion's macros make functions without documentation")]

use criterion::{Criterion, criterion_group, criterion_main};
use mwrender_core::diff::{Against, DiffOptions, diff};
use mwrender_core::{Deployed, Session, Spec, State, StateOptions, Validator, render};

fn options() -> StateOptions {
    StateOptions::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../mwrender.yaml"))
}

fn stages(c: &mut Criterion) {
    let mut group = c.benchmark_group("matrix");
    group.sample_size(20);
    group.bench_function("load", |b| {
        b.iter(|| State::load(&mut Session::new(), &options()).expect("the project loads"));
    });
    let mut session = Session::new();
    let state = State::load(&mut session, &options()).expect("the project loads");
    let spec = Spec::Manifests(state.resolve(&state.project.golden));
    let golden = Deployed::load(&mut session, &spec, &state, &options()).expect("golden is there");
    let validator = Validator::load(&mut session, &state).expect("the schemas load");
    let example = state.resolve("values/examples/memcached-server-replaced");
    let swapped =
        StateOptions { mounts: vec![("/etc/helmfile-defaults".to_string(), example.into())], ..options() };
    let changed = State::load(&mut session, &swapped).expect("the example loads");
    let session = session;
    let Deployed::Manifests(golden) = &golden else { unreachable!("a directory is manifests") };
    group.bench_function("render", |b| b.iter(|| render(&session, &state).expect("it renders")));
    let cells = render(&session, &state).expect("it renders");
    group.bench_function("validate", |b| {
        b.iter(|| validator.manifests(&session, &state, &cells).expect("the schemas are valid"));
    });
    let compare = DiffOptions::default();
    group.bench_function("diff without differences", |b| {
        b.iter(|| diff(&session, &state, &cells, Against::Manifests(golden), &compare).expect("it compares"));
    });
    let new = render(&session, &changed).expect("it renders");
    group.bench_function("diff with one server swapped", |b| {
        b.iter(|| diff(&session, &changed, &new, Against::Manifests(golden), &compare).expect("it compares"));
    });
    group.bench_function("diff with both inputs", |b| {
        b.iter(|| {
            diff(&session, &changed, &new, Against::Inputs(&state, &cells), &compare).expect("it compares")
        });
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
