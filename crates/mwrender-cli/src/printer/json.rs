//! Reports for programs. Here the diff's, `mwrender.diff/v1` and `mwrender.pending/v1`.

pub(crate) mod values;

use super::Mixture;
use mwrender_core::cell::Cell;
use mwrender_core::diff::{DiffLine, Pending, Place, Reference, RemovedOrigin, Report, Silent, Step, Told};
use mwrender_core::differences::Tag;
use mwrender_core::differences::impact::Replicas;
use mwrender_core::differences::pods::{Reader, Reading};
use mwrender_core::golden::Fault;
use mwrender_core::manifest::ObjectKey;
use mwrender_core::mix::{Share, Size};
use mwrender_core::window::{Occurrence, Standing};
use mwrender_core::{Session, State};
use serde_json::{Value, json};
use std::path::Path;

/// The report.
pub(crate) fn report(
    session: &Session,
    state: &State,
    report: &Report,
    next: &[Step],
    against: &str,
) -> anyhow::Result<String> {
    let mut whole = json!({"schema": "mwrender.diff/v1"});
    if let (Some(whole), Value::Object(parts)) = (whole.as_object_mut(), comparison(report, against)) {
        whole.extend(parts);
    }
    whole["hosts"] = hosts(state);
    whole["next"] = next.iter().map(step).collect();
    whole["board"] = super::board::json(state, report, None);
    whole["inputs"] = inputs(session, state);
    Ok(serde_json::to_string_pretty(&whole)? + "\n")
}

/// The report on three states.
pub(crate) fn pending(
    session: &Session,
    state: &State,
    found: &Pending,
    next: &[Step],
    mixture: Option<&Mixture>,
    against: &str,
) -> anyhow::Result<String> {
    let both: Vec<Value> = found
        .both
        .iter()
        .map(|o| {
            let mut overlap = cell(&o.cell);
            overlap["object"] = key(&o.object);
            overlap["line"] = json!(o.line);
            overlap
        })
        .collect();
    let whole = json!({
        "schema": "mwrender.pending/v1",
        "pending": comparison(&found.pending, against),
        "introduced": comparison(&found.introduced, "base"),
        "both": both,
        "part": mixture.map(part),
        "hosts": hosts(state),
        "next": next.iter().map(step).collect::<Vec<_>>(),
        "board": super::board::json(state, &found.introduced, Some(&found.pending)),
        "inputs": inputs(session, state),
    });
    Ok(serde_json::to_string_pretty(&whole)? + "\n")
}

/// What is wrong with golden files, of how many.
pub(crate) fn golden(directory: &Path, files: usize, found: &[(String, Fault)]) -> anyhow::Result<String> {
    let fault = |(path, fault): &(String, Fault)| {
        let word = match fault {
            Fault::Differs => "differs",
            Fault::Missing => "missing",
            Fault::Obsolete => "obsolete",
        };
        json!({"path": directory.join(path).display().to_string(), "fault": word})
    };
    let faults: Vec<Value> = found.iter().map(fault).collect();
    let whole = json!({"schema": "mwrender.golden/v1", "files": files, "faults": faults});
    Ok(serde_json::to_string_pretty(&whole)? + "\n")
}

fn inputs(session: &Session, state: &State) -> Value {
    let list: Vec<Value> = state
        .inputs
        .iter()
        .map(|i| json!({"path": i.path, "present": i.source.is_some(), "private": i.private, "sha256": i.source.filter(|_| !i.private).map(|s| session.sha256(s))}))
        .collect();
    json!(list)
}

fn comparison(report: &Report, against: &str) -> Value {
    let cells: Vec<Value> = report
        .cells
        .iter()
        .map(|c| {
            let objects: Vec<Value> = c
                .objects
                .iter()
                .map(|o| {
                    let mut object = key(&o.key);
                    object["change"] = json!(o.change.as_str());
                    object["restarts"] = json!(o.restarts.as_ref().map(|r| replicas(r.replicas)));
                    object["immutable"] = json!(o.immutable);
                    object["approximate"] = json!(o.approximate);
                    object["lines"] =
                        json!(o.lines.iter().filter(|l| l.tag != Tag::Equal).map(line).collect::<Vec<_>>());
                    object
                })
                .collect();
            let mut value = cell(&c.cell);
            value["change"] = json!(c.change.as_str());
            value["objects"] = json!(objects);
            value
        })
        .collect();
    let flags: Vec<Value> = report
        .verdict
        .flags
        .iter()
        .map(|f| {
            json!({
                "file": &*f.file, "owner": f.owner, "window": f.window, "reason": f.reason, "next": f.next,
                "releases": f.cells.iter().map(cell).collect::<Vec<_>>(),
            })
        })
        .collect();
    let restarts: Vec<Value> = report
        .verdict
        .restarts
        .iter()
        .map(|r| {
            let mut value = cell(&r.cell);
            value["object"] = key(&r.object);
            value["pods"] = replicas(r.restarts.replicas);
            value["spurious"] = json!(r.restarts.spurious);
            value["changes"] = r
                .restarts
                .changes
                .iter()
                .map(|c| {
                    json!({
                        "field": c.field,
                        "causes": c.causes.iter().map(cause).collect::<Vec<_>>(),
                        "template": c.template.as_ref().map(place),
                    })
                })
                .collect();
            value
        })
        .collect();
    let files: Vec<Value> = report
        .files
        .iter()
        .map(|f| {
            let told = |c: &Told| {
                let place = |p: &Option<Place>| p.as_ref().map(place);
                json!({"path": c.path, "text": c.text, "old": place(&c.old), "new": place(&c.new)})
            };
            json!({
                "file": &*f.file,
                "state": f.state.as_str(),
                "word": f.state.word(),
                "changes": f.changes.iter().map(told).collect::<Vec<_>>(),
                "readers": f.readers,
                "reaches": f.reaches,
                "restarts": f.restarts,
            })
        })
        .collect();
    json!({
        "against": against,
        "causes": if report.both_inputs { "changed in" } else { "from" },
        "compared": report.compared,
        "flagged": report.verdict.is_flagged(),
        "blocked": report.verdict.is_blocked(),
        "window": report.verdict.window.as_ref().map(window),
        "releases": cells,
        "files": files,
        "flags": flags,
        "restarts": restarts,
        "silent": report.verdict.silent.iter().map(silent).collect::<Vec<_>>(),
    })
}

fn window(standing: &Standing) -> Value {
    let of = |o: &Occurrence| json!({"name": o.name(), "from": o.from(), "to": o.to(), "zone": o.zone()});
    match standing {
        Standing::Inside(open) => json!({"open": of(open), "next": null}),
        Standing::Outside(next) => json!({"open": null, "next": next.as_ref().map(of)}),
    }
}

pub(super) fn cell(cell: &Cell) -> Value {
    json!({"environment": cell.environment, "namespace": cell.namespace, "release": cell.release})
}

fn key(key: &ObjectKey) -> Value {
    json!({"group": key.group, "kind": key.kind, "namespace": key.namespace, "name": key.name})
}

fn silent((at, silent): &(Cell, Silent)) -> Value {
    let mut value = cell(at);
    let reader = |r: &Reader| json!({"container": r.container, "reading": reading(r.reading)});
    value["object"] = key(&silent.object);
    value["entries"] = json!(silent.entries);
    value["workload"] = key(&silent.workload);
    value["readers"] = silent.readers.iter().map(reader).collect();
    value
}

fn step(step: &Step) -> Value {
    json!({"text": step.text, "commands": step.commands})
}

fn part(mixture: &Mixture) -> Value {
    let size = |size: Size| {
        json!({
            "releases": size.releases, "objects": size.objects, "lines": size.lines,
            "percent": mixture.percent(size),
        })
    };
    let share = |s: &Share| json!({"owner": s.owner, "files": s.files, "size": size(s.size)});
    json!({
        "of": mixture.word,
        "layers": mixture.named,
        "size": size(mixture.part),
        "whole": size(mixture.whole),
        "shares": mixture.shares.iter().map(share).collect::<Vec<_>>(),
    })
}

fn hosts(state: &State) -> Value {
    state.hosts.iter().map(|(name, state)| json!({"name": name, "state": state.as_str()})).collect()
}

fn reading(reading: Reading) -> &'static str {
    match reading {
        Reading::Environment => "environment",
        Reading::SubPath => "subPath",
        Reading::Init => "init",
        Reading::Directory => "directory",
    }
}

fn replicas(replicas: Replicas) -> Value {
    match replicas {
        Replicas::Fixed(n) => json!({"count": n, "of": "replicas"}),
        Replicas::AtLeast(n) => json!({"count": n, "of": "minReplicas"}),
        Replicas::PerNode => json!({"count": null, "of": "nodes"}),
    }
}

fn line(line: &DiffLine) -> Value {
    json!({
        "change": if line.tag == Tag::Insert { "added" } else { "removed" },
        "text": line.text,
        "words": line.words.iter().map(|w| [w.start, w.end]).collect::<Vec<_>>(),
        "template": line.template.last().map(place),
        "includes": line.template.iter().rev().skip(1).map(place).collect::<Vec<_>>(),
        "template_changed": line.template_changed,
        "origin": match line.removed {
            _ if line.rendered => "rendered",
            None if line.tag == Tag::Delete => "unknown",
            None | Some(RemovedOrigin::Known) => "known",
            Some(RemovedOrigin::Replaced) => "replaced",
            Some(RemovedOrigin::Near) => "near",
        },
        "causes": line.causes.iter().map(cause).collect::<Vec<_>>(),
    })
}

fn place(place: &Place) -> Value {
    json!({"file": &*place.file, "line": place.line, "column": place.column})
}

fn cause(cause: &Reference) -> Value {
    json!({
        "how": cause.how.as_str(),
        "file": &*cause.place.file,
        "line": cause.place.line,
        "column": cause.place.column,
        "path": cause.path,
        "missing": cause.missing,
        "overrides": cause.overrides.as_ref().map(place),
        "counterpart": cause.counterpart.as_ref().map(place),
        "private": cause.private,
    })
}
