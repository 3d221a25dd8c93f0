//! Walks `tests/lint`: each file holds the files of a chart as sections, `given` with values, and the findings behind
//! `=> findings`; behind `=> helm lint` stands the greatest severity of what `helm lint` finds, too. With `MWRENDER_BLESS=1` these are written instead.

use crate::sections::{corpus, sections};
use mwrender_diagnostic::{Diagnostic, Pos, Severity, SourceMap, print};
use mwrender_helm::lint::{EXPLANATIONS, Findings, Request, lint};
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

fn look(files: Vec<File>, given: &Value, sources: &mut SourceMap) -> Findings {
    let request = Request {
        files,
        name: "web",
        given,
        release: &Release::linted("default"),
        capabilities: &Capabilities::default(),
        options: Options::default(),
        skip_schema: false,
        fetch: &Offline,
    };
    lint(request, sources)
}

fn run(case: &str) -> String {
    let (intro, sections) = sections(case);
    let mut sources = SourceMap::default();
    let mut files = Vec::new();
    let mut given = Value::empty_map(Pos::NONE);
    for (name, body) in &sections {
        match *name {
            "=> findings" | "=> helm lint" => {}
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
    let Findings { found, helm } = look(files, &given, &mut sources);
    let findings: String = found.iter().map(|diagnostic| shown(diagnostic, &sources)).collect();
    let mut out = intro;
    for (name, body) in sections.iter().filter(|(name, _)| !name.starts_with("=> ")) {
        write!(out, "-- {name} --\n{body}").unwrap();
    }
    write!(out, "-- => findings --\n{findings}").unwrap();
    writeln!(out, "-- => helm lint --\n{}", helm.map_or("nothing", Severity::as_str)).unwrap();
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

/// `tests/parity/lint.jsonl`: charts, some with values (`given`), and the greatest severity of what `helm lint` 3.19.5
/// found in each (`helm`).
#[test]
fn helm_fails_where_it_did() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parity/lint.jsonl");
    let text = std::fs::read_to_string(path).expect("the cases are there");
    let mut wrong = String::new();
    let mut count = 0;
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        let files = case["files"].as_object().expect("files");
        let files = files.iter().map(|(name, body)| File::new(&**name, text(body).as_bytes()));
        let mut sources = SourceMap::default();
        let given = case.get("given").map_or_else(
            || Value::empty_map(Pos::NONE),
            |given| {
                let id = sources.add("given.yaml", text(given));
                let source = sources.get(id);
                read::read_as_go(source.text(), source.start()).expect("YAML")
            },
        );
        let findings = look(files.collect(), &given, &mut sources);
        let helm = findings.helm.filter(|severity| *severity > Severity::Note);
        let helm = helm.map_or("nothing", Severity::as_str);
        if case["helm"] != helm {
            writeln!(wrong, "{}: helm lint finds {}, here it is {helm}", case["name"], case["helm"]).unwrap();
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 1000, "{count}");
}
