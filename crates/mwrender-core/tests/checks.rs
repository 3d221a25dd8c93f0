//! The checks of `mwrender_core::checks`: a corpus, and the repository's own releases.

#[path = "../../mwrender-values/tests/it/sections.rs"]
mod sections;

use mwrender_core::cell::{Cell, matrix};
use mwrender_core::checks::{self, EXPLANATIONS, Elsewhere, Found, Release};
use mwrender_core::diagnostic::{Diagnostic, SourceId, SourceMap, Span, print};
use mwrender_core::manifest::{Object, read_stream};
use mwrender_core::{Session, State, StateOptions, render};
use sections::sections;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// `eqiad/mw-web/main`.
fn cell(name: &str) -> Cell {
    let parts: Vec<&str> = name.split('/').collect();
    let [environment, namespace, release] = parts[..] else {
        panic!("`{name}` is not the name of a release")
    };
    let text = str::to_string;
    Cell {
        environment: text(environment),
        service: text(namespace),
        namespace: text(namespace),
        release: text(release),
        chart: text("mediawiki"),
        layers: text("mediawiki"),
    }
}

/// A section with what was read from it.
struct Read {
    source: SourceId,
    objects: Vec<Object>,
}

/// The place in a source that a place in its text is.
fn moved(sources: &SourceMap, source: SourceId, span: Span) -> Span {
    span.start.local_offset().map_or(span, |offset| Span::new(sources.pos(source, offset), span.len))
}

/// A diagnostic in a few lines.
fn show(
    sources: &SourceMap,
    mut diagnostic: Diagnostic,
    source: SourceId,
    more: &[(SourceId, Elsewhere)],
) -> String {
    for annotation in &mut diagnostic.annotations {
        annotation.span = moved(sources, source, annotation.span);
    }
    assert!(diagnostic.primary_span().is_some_and(|s| sources.location(s.start).is_some()), "{diagnostic:?}");
    let mut out = print::concise(&diagnostic, sources) + "\n";
    let primary = diagnostic.annotations.iter().filter(|a| a.primary);
    for annotation in primary.filter(|a| !a.label.is_empty()) {
        let _ = writeln!(out, "  {}", annotation.label);
    }
    let others = diagnostic.annotations.iter().filter(|a| !a.primary).map(|a| (a.span, &a.label));
    let elsewhere = more.iter().map(|(source, e)| (moved(sources, *source, e.span), &e.label));
    for (span, label) in others.chain(elsewhere) {
        let location = sources.location(span.start).expect("it is a place in a section");
        let _ = writeln!(out, "  {location}:{}: {label}", location.column);
    }
    for note in &diagnostic.notes {
        let _ = writeln!(out, "  note: {note}");
    }
    for help in &diagnostic.help {
        let _ = writeln!(out, "  help: {help}");
    }
    out
}

/// What the checks say of a case, and the ids of it.
///
/// Sections: `objects` (of one release), `release NAME`, `left-out` (releases of the project that are not looked
/// at, one a line), `values.yaml`.
fn check(sections: &[(&str, String)]) -> (String, BTreeSet<&'static str>) {
    let mut sources = SourceMap::default();
    let (mut found, mut ids): (Vec<String>, BTreeSet<&'static str>) = Default::default();
    let (mut cells, mut read, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for (name, text) in sections {
        let source = sources.add(*name, text.clone());
        let objects = || read_stream(text).expect("objects").objects;
        match *name {
            "values.yaml" => {
                let start = sources.get(source).start();
                let values = mwrender_values::read::read(text, start).expect("YAML").into_value();
                for fault in checks::values(&values) {
                    ids.insert(fault.id);
                    found.push(show(&sources, fault, source, &[]));
                }
            }
            "objects" => {
                let objects = objects();
                for Found { diagnostic, elsewhere, .. } in
                    checks::objects(&objects.iter().collect::<Vec<_>>())
                {
                    ids.insert(diagnostic.id);
                    let more: Vec<_> = elsewhere.into_iter().map(|e| (source, e)).collect();
                    found.push(show(&sources, diagnostic, source, &more));
                }
            }
            "left-out" => left_out.extend(text.lines().map(cell)),
            name => {
                cells.push(cell(name.strip_prefix("release ").expect("a known section")));
                read.push(Read { source, objects: objects() });
            }
        }
    }
    let given: Vec<Release<'_>> = cells
        .iter()
        .zip(&read)
        .map(|(cell, read)| Release { cell, objects: read.objects.iter().collect() })
        .collect();
    let all: Vec<Cell> = cells.iter().cloned().chain(left_out).collect();
    for Found { release, diagnostic, elsewhere, .. } in checks::releases(&given, &all) {
        ids.insert(diagnostic.id);
        let more: Vec<_> = elsewhere.into_iter().map(|e| (read[e.release].source, e)).collect();
        found.push(show(&sources, diagnostic, read[release].source, &more));
    }
    if found.is_empty() {
        found.push("nothing to report\n".into());
    }
    (found.join(""), ids)
}

/// Each case ends with what is expected of it. With `ACCEPT=1` that is written there.
#[test]
fn corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs/checks");
    let mut cases: Vec<_> = fs::read_dir(folder).expect("it is there").flatten().map(|e| e.path()).collect();
    cases.sort();
    let (mut told, mut wrong): (BTreeSet<&str>, Vec<String>) = Default::default();
    for path in cases {
        let case = fs::read_to_string(&path).expect("it was listed");
        let (input, expected) = case.split_once("-- expected --\n").unwrap_or((&case, ""));
        let (actual, ids) = check(&sections(input).1);
        told.extend(ids);
        if actual == expected {
            continue;
        }
        if std::env::var_os("ACCEPT").is_some() {
            fs::write(&path, format!("{input}-- expected --\n{actual}")).expect("the case can be written");
        } else {
            wrong.push(format!("{}:\n{actual}", path.file_name().expect("a file").display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let explained: BTreeSet<&str> = EXPLANATIONS.iter().map(|(id, _)| *id).collect();
    assert_eq!(told, explained, "each id is explained and has a case that fails");
}

#[test]
fn the_releases_of_the_repository_fit_together() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mwrender.yaml");
    let mut session = Session::new();
    let state = State::load(&mut session, &StateOptions::new(file)).expect("the project");
    let cells = render(&session, &state).expect("it renders");
    let given: Vec<Release<'_>> = cells
        .iter()
        .map(|c| Release { cell: &c.cell, objects: c.objects.iter().map(|o| &o.object).collect() })
        .collect();
    assert!(given.len() > 90);
    let mut wrong = Vec::new();
    for (cell, release) in cells.iter().zip(&given) {
        wrong.extend(
            checks::values(&cell.values).into_iter().map(|d| format!("{}: {}", cell.cell, d.headline)),
        );
        let found = checks::objects(&release.objects).into_iter();
        wrong.extend(found.map(|f| format!("{}: {}", cell.cell, f.diagnostic.headline)));
    }
    let all = matrix(&state.project).expect("it was read");
    let found = checks::releases(&given, &all).into_iter();
    wrong.extend(found.map(|f| format!("{}: {}", cells[f.release].cell, f.diagnostic.headline)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // and that is not for want of looking: what a release needs cannot be taken away unnoticed
    for release in
        given.iter().filter(|r| matches!(&*r.cell.namespace, "mw-wikifunctions" | "mw-cron" | "mw-misc"))
    {
        for (number, object) in release.objects.iter().enumerate() {
            let needed = ["ConfigMap", "Secret", "Certificate", "Deployment", "PersistentVolumeClaim"];
            if !needed.contains(&&*object.key.kind) || release.cell.chart != "mediawiki" {
                continue;
            }
            let mut less = release.clone();
            less.objects.remove(number);
            let found = checks::releases(&[less], &[]);
            assert!(!found.is_empty(), "{} without {}", release.cell, object.key);
        }
    }
}
