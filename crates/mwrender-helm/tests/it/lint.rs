//! Walks `tests/lint`: each file holds the files of a chart as sections, `given` with values, and the findings behind
//! `=> findings`. With `MWRENDER_BLESS=1` these are written instead.

use crate::sections::{corpus, sections};
use mwrender_diagnostic::{Diagnostic, Pos, SourceMap, print};
use mwrender_helm::lint::{EXPLANATIONS, Request, lint};
use mwrender_helm::schema::Offline;
use mwrender_helm::{Capabilities, File, Options, Release};
use mwrender_values::{Value, read};
use std::fmt::Write;

/// What there is where a case does not say otherwise.
const CHART: &str = "{apiVersion: v2, name: web, version: 1.0.0, icon: 'https://example.org/icon.png'}\n";

fn shown(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let mut text = print::concise(diagnostic, sources) + "\n";
    for other in diagnostic.annotations.iter().filter(|a| !a.primary) {
        let place = sources.location(other.span.start).map_or_else(String::new, |at| at.to_string());
        writeln!(text, "    {place}: {}", other.label).unwrap();
    }
    for note in &diagnostic.notes {
        writeln!(text, "    note: {note}").unwrap();
    }
    for help in &diagnostic.help {
        writeln!(text, "    help: {help}").unwrap();
    }
    text
}

fn run(case: &str) -> String {
    let (intro, sections) = sections(case);
    let mut sources = SourceMap::default();
    let mut files = Vec::new();
    let mut given = Value::empty_map(Pos::NONE);
    for (name, body) in &sections {
        match *name {
            "=> findings" => {}
            "given" => {
                let id = sources.add("given.yaml", body.as_str());
                given = read::read(body, sources.get(id).start()).expect("YAML").into_value();
            }
            name => files.push(File::new(name, body.as_bytes())),
        }
    }
    if !files.iter().any(|file| &*file.name == "Chart.yaml") {
        files.push(File::new("Chart.yaml", CHART.as_bytes()));
    }
    let request = Request {
        files,
        name: "web",
        given: &given,
        release: &Release::new("test-release", "default"),
        capabilities: &Capabilities::default(),
        options: Options::default(),
        fetch: &Offline,
    };
    let found = lint(request, &mut sources);
    let findings: String = found.iter().map(|diagnostic| shown(diagnostic, &sources)).collect();
    let mut out = intro;
    for (name, body) in sections.iter().filter(|(name, _)| *name != "=> findings") {
        write!(out, "-- {name} --\n{body}").unwrap();
    }
    write!(out, "-- => findings --\n{findings}").unwrap();
    out
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lint");

#[test]
fn findings() {
    corpus(FOLDER, 20, run);
}

/// Each id that is explained has a case.
#[test]
fn every_id_is_found() {
    let mut cases = String::new();
    for entry in std::fs::read_dir(FOLDER).expect("the corpus is there") {
        cases += &std::fs::read_to_string(entry.expect("a readable folder").path()).expect("a readable case");
    }
    for (id, _) in EXPLANATIONS {
        assert!(cases.contains(&format!("[{id}]: ")), "no case finds {id}");
    }
}
