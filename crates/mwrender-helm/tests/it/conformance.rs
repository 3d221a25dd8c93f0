//! Cases that others wrote, if their folder is there: Sprig's own, and probes of single behaviours that were run on
//! Helm 3.19.5.
//!
//! What is not compared is listed, case by case, by its line in the file. A case that is listed and agrees is a
//! failure, too.

use crate::sprig::shared;
use mwrender_diagnostic::{Pos, SourceMap};
use mwrender_gotemplate::{Fields, List, Map, Object, Run, Set, Str, Type, Value};
use mwrender_helm::{Capabilities, File, Options, Program, Release, load, settle};
use mwrender_values::{NullHandling, Value as Tree};
use serde_json::Value as Json;
use std::any::Any;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// The cases of a file by their lines, from 1. Where there is no folder, it says so where it is seen.
fn cases(file: &str, count: usize) -> Option<Vec<(usize, Json)>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        // past the test harness, which keeps to itself what a test prints that does not fail
        let _ = writeln!(std::io::stderr(), "\nNOT COMPARED: there is no {}", path.display());
        return None;
    };
    let lines = text.lines().zip(1..);
    let cases: Vec<_> = lines.map(|(line, at)| (at, serde_json::from_str(line).expect("a case"))).collect();
    assert_eq!(cases.len(), count, "{file} is another one: the lists of lines here are not for it");
    Some(cases)
}

fn text(field: &Json) -> &str {
    field.as_str().unwrap_or_default()
}

/// What is the same in random texts of one kind: where PEM has its marks, else whether there is anything.
fn shape(text: &str) -> Vec<&str> {
    let marks: Vec<&str> = text.lines().filter(|line| line.starts_with("-----")).collect();
    if marks.is_empty() && !text.is_empty() { vec!["text"] } else { marks }
}

/// Compares all cases but those listed with their reasons.
fn compare(
    cases: &[(usize, Json)],
    departures: &[(usize, &str)],
    theirs: impl Fn(&Json) -> String,
    ours: impl Fn(&Json) -> String,
) {
    let departures: BTreeMap<usize, &str> = departures.iter().copied().collect();
    let mut wrong = Vec::new();
    for (line, case) in cases {
        let (theirs, mut answer) = (theirs(case), ours(case));
        let told = departures.get(line);
        // what is random may agree by chance, but not always
        let is_random = told.is_some_and(|reason| reason.starts_with("random"));
        for _ in 0..if is_random { 50 } else { 0 } {
            if answer != theirs {
                break;
            }
            answer = ours(case);
        }
        if is_random && shape(&answer) != shape(&theirs) {
            wrong.push(format!("line {line} has another shape: {answer:?}"));
        }
        let ours = answer;
        if (theirs == ours) == told.is_some() {
            let told = told.map(|reason| format!(" agrees, and is listed: {reason}")).unwrap_or_default();
            wrong.push(format!(
                "line {line}{told}: {}\n  theirs: {theirs:?}\n  ours:   {ours:?}",
                text(&case["tpl"])
            ));
        }
    }
    for line in departures.keys() {
        assert!(cases.iter().any(|(at, _)| at == line), "there is no line {line}");
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Probes that differ.
const PROBES: [(usize, &str); 0] = [];

fn probe(case: &Json) -> String {
    let file = |name: &str, text: &str| File::new(name, text.as_bytes());
    let files = vec![
        file("Chart.yaml", "{apiVersion: v2, name: c, version: 1.2.3, appVersion: \"9.9\"}"),
        file("values.yaml", text(&case["values"])),
        file("templates/t.txt", text(&case["tpl"])),
    ];
    let mut sources = SourceMap::default();
    let loaded = match load::folder(files, "c", &mut sources) {
        Ok(loaded) => loaded,
        Err(error) => return format!("ERR {error}"),
    };
    let settled =
        settle(&loaded.chart, &Tree::empty_map(Pos::NONE), NullHandling::default()).expect("values");
    let rendered = Program::compile(&settled.charts).and_then(|program| {
        let options = Options { stack: 128 << 20, ..Options::default() };
        program.render(&settled, &Release::new("rel", "ns"), &Capabilities::default(), options)
    });
    let ours = match rendered {
        Ok(rendered) => String::from_utf8_lossy(&rendered.files[0].text).into_owned(),
        Err(fault) => format!("ERR {fault}"),
    };
    // of the longest answer only the length is recorded
    let is_short = text(&case["result"]).starts_with("(recursion chain, ");
    if is_short { format!("(recursion chain, {} chars)", ours.len()) } else { ours }
}

#[test]
fn probes() {
    let Some(cases) = cases("probes.jsonl", 300) else { return };
    let theirs = |case: &Json| {
        let exact = &case["differs"]["v3.19.5-exact"];
        text(if exact.is_string() { exact } else { &case["result"] }).to_owned()
    };
    // as deep as Helm goes
    let run = move || compare(&cases, &PROBES, theirs, probe);
    let thread = std::thread::Builder::new().stack_size(160 << 20).spawn(run).expect("a thread");
    thread.join().expect("the probes agree");
}

const RANDOM: &str = "random: a salt, an identifier, a number or letters";
const KEY: &str = "random: a new private key";
const CERTIFICATE: &str = "random: a new key, serial number and time";
const CLOCK: &str = "the time since then, when the case was recorded";
const NOW: &str = "the time at which the case was recorded: what is no time stands for now";
const FAIL: &str = "Helm has a `fail` of its own, whose message the engine takes out of its marks";
const NO_ENV: &str = "Helm takes the functions for the environment away";
const HOST: &str = "Helm looks no host up when it renders without a cluster: the address is empty";

/// Cases of Sprig's that differ.
const SPRIG: [(usize, &str); 39] = [
    (5, RANDOM),
    (6, RANDOM),
    (7, RANDOM),
    (16, KEY),
    (17, KEY),
    (18, KEY),
    (19, KEY),
    (20, KEY),
    (22, KEY),
    (23, RANDOM),
    (24, RANDOM),
    (25, RANDOM),
    (26, RANDOM),
    (29, CERTIFICATE),
    (30, CERTIFICATE),
    (31, CERTIFICATE),
    (32, CERTIFICATE),
    (33, CERTIFICATE),
    (34, CERTIFICATE),
    (35, CERTIFICATE),
    (36, CERTIFICATE),
    (37, CERTIFICATE),
    (38, CERTIFICATE),
    (39, CERTIFICATE),
    (41, CLOCK),
    (42, CLOCK),
    (43, CLOCK),
    (48, NOW),
    (137, FAIL),
    (144, NO_ENV),
    (145, NO_ENV),
    (169, RANDOM),
    (301, HOST),
    (330, RANDOM),
    (332, RANDOM),
    (406, RANDOM),
    (407, RANDOM),
    (408, RANDOM),
    (409, RANDOM),
];

/// What Sprig's cases give their templates besides maps, lists and scalars.
struct Given {
    ty: String,
    fields: Map,
}

impl Object for Given {
    fn type_name(&self) -> &str {
        &self.ty
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.fields.get(name.as_bytes())
    }

    fn fields(&self) -> Fields {
        Fields { pointer: self.ty.starts_with('*'), fields: Vec::new() }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Data as a Go program writes it: numbers without a point are `int`.
fn typed(json: &Json) -> Value {
    match json {
        Json::Null => Value::NIL,
        Json::Bool(b) => Value::from(*b),
        Json::Number(n) => n.as_i64().map_or_else(|| Value::from(n.as_f64().unwrap_or_default()), Value::int),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => items.iter().map(typed).collect::<List>().into(),
        Json::Object(entries) => {
            entries.iter().map(|(k, v)| (Str::from(k.as_str()), typed(v))).collect::<Map>().into()
        }
    }
}

/// What a template gets, of the Go type that the case tells.
fn given(case: &Json) -> Value {
    let data: Json = serde_json::from_str(text(&case["vars_json"])).unwrap_or_default();
    let go = text(&case["vars"]);
    let fields = || typed(&data).as_map().cloned().unwrap_or_else(|| Map::new(Type::MAP));
    let object = |ty: String| Value::object(Given { ty, fields: fields() });
    if let Some(ty) = go.strip_prefix("(").and_then(|rest| rest.split_once(")(")) {
        return object(ty.0.to_owned());
    }
    match go.split_once('{') {
        Some(("[]string", _)) => {
            let items = typed(&data).as_list().map(List::to_vec).unwrap_or_default();
            List::new(Type::STRINGS, items).into()
        }
        Some((ty, _)) if ty.starts_with('&') => object(ty.replacen('&', "*", 1)),
        Some((ty, _)) if ty.starts_with("sprig.") => object(ty.to_owned()),
        _ => typed(&data),
    }
}

fn sprig_case(case: &Json) -> String {
    let template = text(&case["tpl"]);
    // a time can only be had from a function
    let template = if text(&case["vars"]).contains("time.Date(") {
        let data: Json = serde_json::from_str(text(&case["vars_json"])).unwrap_or_default();
        let time = text(&data["Time"]);
        let made = format!("{{{{- $time := mustToDate \"2006-01-02T15:04:05Z07:00\" \"{time}\" -}}}}");
        made + &template.replace(".Time", "$time")
    } else {
        template.to_owned()
    };
    let mut set = Set::new(Arc::clone(shared()));
    let ran = set.parse("test", &template).and_then(|()| set.execute("test", &given(case), &mut Run::new()));
    match ran {
        Ok(output) => String::from_utf8_lossy(&output.text).into_owned(),
        Err(error) => format!("ERR {error}"),
    }
}

#[test]
fn sprigs_own() {
    let Some(cases) = cases("sprig_cases.jsonl", 419) else { return };
    let theirs = |case: &Json| match case["err"].as_str() {
        Some(error) => format!("ERR {error}"),
        None => text(&case["out"]).to_owned(),
    };
    compare(&cases, &SPRIG, theirs, sprig_case);
}
