//! Walks `tests/inputs`: each file has named sections with layers and settings, and what comes of them.
//!
//! Sections begin with `-- name --`. Given are `layer NAME`, `defaults`, `nulls VERSION` and `set FLAG` (a setting
//! in each line); what follows `=>` is compared: `=> json`, `=> yaml`, `=> origins`, `=> diagnostics`,
//! `=> explain PATH`, `=> at NAME:LINE`. With `MWRENDER_BLESS=1` the results are written instead.

use crate::sections::{self, sections};
use mwrender_diagnostic::{Diagnostic, SourceMap, print};
use mwrender_values::coalesce::{NullHandling, coalesce, merge};
use mwrender_values::emit::{json, yaml};
use mwrender_values::path::{Path, at_line, explain, leaves};
use mwrender_values::set::{SetKind, apply};
use mwrender_values::{Data, Value, read};
use std::fmt::Write;

#[derive(Default)]
struct Case {
    sources: SourceMap,
    diagnostics: Vec<Diagnostic>,
    defaults: Option<Value>,
    layers: Vec<Value>,
    settings: Vec<(SetKind, String)>,
    nulls: NullHandling,
}

impl Case {
    fn read(&mut self, name: &str, text: &str) -> Value {
        let id = self.sources.add(name, text);
        match read::read(text, self.sources.get(id).start()) {
            Ok(read) => {
                self.diagnostics.extend(read.diagnostics.iter().cloned());
                read.into_value()
            }
            Err(fault) => {
                self.diagnostics.push(*fault);
                Value::new(Data::Null, mwrender_diagnostic::Pos::NONE)
            }
        }
    }

    fn result(&mut self) -> Value {
        let merged = merge(&self.layers);
        self.diagnostics.extend(merged.diagnostics);
        let mut value = merged.value;
        for kind in SetKind::ORDER {
            for (k, text) in self.settings.clone() {
                if k == kind {
                    let id = self.sources.add(kind.flag(), text.as_str());
                    let at = self.sources.get(id).start();
                    let mut file = |path: &str, _| Ok(Value::string(format!("what is in {path}")));
                    if let Err(fault) = apply(&mut value, kind, &text, at, &mut file) {
                        self.diagnostics.push(fault.into());
                    }
                }
            }
        }
        if let Some(defaults) = &self.defaults {
            let values = coalesce(defaults, &value, self.nulls);
            self.diagnostics.extend(values.diagnostics);
            return values.value;
        }
        value
    }

    fn place(&self, value: &Value) -> String {
        self.sources
            .location(value.origin)
            .map_or_else(|| "nowhere".to_owned(), |l| format!("{}:{}:{}", l.file, l.line, l.column))
    }

    fn origins(&self, value: &Value) -> String {
        let mut out = String::new();
        for (path, leaf) in leaves(value) {
            let _ = write!(out, "{path}: {}", self.place(leaf));
            for loser in leaf.losers() {
                let shown = json::to_string(loser, json::JsonStyle::default());
                let _ = write!(out, ", over {shown} at {}", self.place(loser));
            }
            out.push('\n');
            if let Data::String(text) = &leaf.data
                && let Some(starts) = &text.lines
            {
                for (line, at) in text.text.split('\n').zip(starts.iter()) {
                    let at = self.sources.location(*at);
                    let at = at.map(|l| format!("{}:{}", l.line, l.column)).unwrap_or_default();
                    let _ = writeln!(out, "  {at} {line:?}");
                }
            }
        }
        out
    }

    fn explained(&self, path: &str) -> String {
        let path: Path = path.parse().expect("a path in a test case");
        let none = Value::empty_map(mwrender_diagnostic::Pos::NONE);
        let why = explain(self.defaults.as_ref().unwrap_or(&none), &self.layers, self.nulls, &path);
        let mut out = String::new();
        for setting in &why.settings {
            let shown = json::to_string(&setting.value, json::JsonStyle::default());
            let place = self.place(&setting.value);
            let _ = writeln!(out, "{:?} {} = {shown} at {place}", setting.effect, setting.path);
        }
        let shown =
            why.result.map_or("nothing".to_owned(), |v| json::to_string(&v, json::JsonStyle::default()));
        let _ = writeln!(out, "result: {shown}");
        out
    }

    fn at(&self, place: &str) -> String {
        let (name, line) = place.rsplit_once(':').expect("NAME:LINE in a test case");
        let (id, _) = self.sources.iter().find(|(_, s)| &**s.name() == name).expect("a layer of that name");
        let line = line.parse().expect("a line number");
        let mut out = String::new();
        for tree in self.layers.iter().chain(&self.defaults) {
            for found in at_line(tree, &self.sources, id, line) {
                let within = found.line.map(|n| format!(", line {n} of it")).unwrap_or_default();
                let _ = writeln!(out, "{}{within}", found.path);
            }
        }
        out
    }
}

fn run(text: &str) -> String {
    let (mut out, sections) = sections(text);
    let mut case = Case::default();
    for (name, body) in &sections {
        let (kind, rest) = name.split_once(' ').unwrap_or((name, ""));
        match kind {
            "layer" => {
                let value = case.read(rest, body);
                case.layers.push(value);
            }
            "defaults" => case.defaults = Some(case.read("chart/values.yaml", body)),
            "set" => {
                let kind = SetKind::ORDER.into_iter().find(|k| k.flag() == rest).expect("a flag");
                case.settings.extend(body.lines().map(|l| (kind, l.to_owned())));
            }
            "nulls" => {
                case.nulls = match rest {
                    "3.17" => NullHandling::UpTo3_19_4,
                    "3.21" => NullHandling::Since3_20_1,
                    "keep" => NullHandling::Keep,
                    _ => NullHandling::Since3_19_5,
                };
            }
            _ => {}
        }
    }
    let result = case.result();
    for (name, body) in sections {
        let _ = writeln!(out, "-- {name} --");
        let Some(wanted) = name.strip_prefix("=> ") else {
            out.push_str(&body);
            continue;
        };
        match wanted.split_once(' ').unwrap_or((wanted, "")) {
            ("json", _) => {
                let style = json::JsonStyle { indent: 2, ..Default::default() };
                out.push_str(&json::to_string(&result, style));
                out.push('\n');
            }
            ("yaml", _) => out.push_str(&yaml::to_string(&result, yaml::YamlStyle::default())),
            ("origins", _) => out.push_str(&case.origins(&result)),
            ("diagnostics", _) => {
                for diagnostic in &case.diagnostics {
                    out.push_str(&print::full(diagnostic, &case.sources, false));
                    out.push('\n');
                }
            }
            ("explain", path) => out.push_str(&case.explained(path)),
            ("at", place) => out.push_str(&case.at(place)),
            _ => panic!("unknown section `{name}`"),
        }
    }
    out
}

#[test]
fn corpus() {
    sections::corpus(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/inputs"), 30, run);
}
