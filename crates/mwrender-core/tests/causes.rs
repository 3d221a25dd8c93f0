//! An independent proof of causes: with the values that a changed line names taken back, the line is as before; with
//! only them, it is as after. The proof renders plainly and knows nothing of origins.

use mwrender_core::diagnostic::SourceMap;
use mwrender_core::diff::{Against, DiffLine, DiffOptions, ObjectDiff, RemovedOrigin, diff};
use mwrender_core::differences::data::{DataChange, changes};
use mwrender_core::differences::partly::partly;
use mwrender_core::differences::{Change, Line, Tag, diff_objects};
use mwrender_core::manifest::{Object, read_stream};
use mwrender_core::render::context;
use mwrender_core::state::CellInputs;
use mwrender_core::template::How;
use mwrender_core::values::Value;
use mwrender_core::values::path::Path;
use mwrender_core::{Error, RenderedCell, Session, State, StateOptions, render};
use std::collections::HashMap;
use std::path::{Path as FilePath, PathBuf};

/// The lines between an object and the one with its identity that a template writes with other values; nothing if
/// the template refuses them, as it may where a part of a change makes no sense by itself.
fn lines_with(inputs: &CellInputs, template: &str, values: &Value, of: &Object) -> Option<Vec<Line>> {
    let text = inputs.chart.program.render_one(template, &context(inputs, values)).ok()?;
    let stream = read_stream(&text).expect("objects");
    let found = stream.objects.into_iter().find(|o| o.key == of.key);
    Some(found.map(|object| diff_objects(&of.key.kind, &of.value, &object.value)).unwrap_or_default())
}

/// The lines without some changes, and with only them.
type Rendered = (Option<Vec<Line>>, Option<Vec<Line>>);

/// How often a line was added or removed.
fn count(lines: &[Line], like: &DiffLine) -> usize {
    lines.iter().filter(|l| l.tag == like.tag && l.text == like.text).count()
}

/// What is proven of the lines of an object.
#[derive(Debug, Default, PartialEq)]
struct Proof {
    lines: usize,
    /// Lines of which the template refuses the proof.
    refused: usize,
    faults: Vec<String>,
}

struct Sides<'a> {
    old: (&'a RenderedCell, &'a CellInputs),
    new: (&'a RenderedCell, &'a CellInputs),
    /// All changes of the cell's values.
    changes: Vec<DataChange>,
    sources: &'a SourceMap,
}

impl Sides<'_> {
    /// What keeps the lines of an object that is on one side only from being proven.
    fn reasons(&self, told: &ObjectDiff) -> Vec<String> {
        let names_a_change = |line: &DiffLine| {
            line.causes.iter().any(|cause| {
                let path: Path = cause.path.parse().expect("paths read back");
                self.changes.iter().any(|c| c.path.starts_with(&path) || path.starts_with(&c.path))
            })
        };
        let lines = told.lines.iter().filter(|line| !names_a_change(line));
        lines.map(|line| format!("{}: `{}` names no change", told.key, line.text)).collect()
    }

    fn object(&self, told: &ObjectDiff, proof: &mut Proof) {
        if told.change != Change::Changed {
            // of what is new or gone as a whole, each line has the reason
            let reasons = self.reasons(told);
            proof.lines += told.lines.len();
            proof.faults.extend(reasons);
            return;
        }
        let find = |cell: &RenderedCell| {
            cell.objects.iter().find(|o| o.object.key == told.key).cloned().expect("it is on both sides")
        };
        let (before, now) = (find(self.old.0), find(self.new.0));
        let all = diff_objects(&told.key.kind, &before.object.value, &now.object.value);
        let mut known: HashMap<Vec<Path>, Rendered> = HashMap::new();
        for line in told.lines.iter().filter(|l| l.tag != Tag::Equal) {
            // another line stands in its place and has the causes
            if line.removed == Some(RemovedOrigin::Replaced) {
                continue;
            }
            proof.lines += 1;
            let mut named: Vec<Path> = Vec::new();
            let mut each: Vec<(&str, Vec<Path>)> = Vec::new();
            // a hash differs by what is gone and by what is new: the line on either side names its own
            let key = |l: &DiffLine| l.text.split(':').next().map(str::to_string);
            let hashed = |l: &DiffLine| l.causes.iter().any(|c| c.how == How::Hash);
            let beside = told.lines.iter().filter(|l| hashed(line) && hashed(l) && key(l) == key(line));
            for (n, cause) in line.causes.iter().chain(beside.flat_map(|l| &l.causes)).enumerate() {
                let path: Path = cause.path.parse().expect("paths read back");
                // what was replaced by another item is told where the other one is
                let stood = |c: &&DataChange| {
                    let at = c.old.as_ref().and_then(|v| self.sources.location(v.origin));
                    at.is_some_and(|at| at.file == cause.place.file && at.line == cause.place.line)
                };
                let found = self.changes.iter().filter(|c| {
                    c.path.starts_with(&path)
                        || path.starts_with(&c.path)
                        || line.tag == Tag::Delete && stood(c)
                });
                let found: Vec<Path> = found.map(|c| c.path.clone()).collect();
                if n < line.causes.len() && found.is_empty() {
                    let fault =
                        format!("{}: `{}` names {}, which is no change", told.key, line.text, cause.path);
                    proof.faults.push(fault);
                }
                if n < line.causes.len() {
                    each.push((&cause.path, found.clone()));
                }
                named.extend(found);
            }
            named.sort();
            named.dedup();
            if named.is_empty() {
                proof
                    .faults
                    .push(format!("{}: `{}` names no change: {:?}", told.key, line.text, line.causes));
                continue;
            }
            let mut rendered = |named: &[Path]| -> Rendered {
                let render = || {
                    let (old, new) = (&self.old.0.values, &self.new.0.values);
                    let without = partly(old, new, &mut |path| !named.contains(path));
                    let only = partly(old, new, &mut |path| named.contains(path));
                    (
                        lines_with(self.new.1, &self.new.0.templates[now.template], &without, &before.object),
                        lines_with(self.old.1, &self.old.0.templates[before.template], &only, &before.object),
                    )
                };
                known.entry(named.to_vec()).or_insert_with(render).clone()
            };
            // each of several causes takes part: it alone is enough for the line, or without it alone there is none
            if each.len() > 1 {
                for (path, changes) in &each {
                    let (without, only) = rendered(changes);
                    let needed = without.is_none_or(|lines| count(&lines, line) < count(&all, line));
                    let enough = only.is_none_or(|lines| count(&lines, line) > 0);
                    if !needed && !enough {
                        proof.faults.push(format!("{}: `{}` does not need {path}", told.key, line.text));
                    }
                }
            }
            let (without, only) = rendered(&named);
            let (Some(without), Some(only)) = (without, only) else {
                proof.refused += 1;
                continue;
            };
            if count(&without, line) >= count(&all, line) {
                proof.faults.push(format!("{}: `{}` is there without {named:?}", told.key, line.text));
            }
            if count(&only, line) == 0 {
                proof.faults.push(format!("{}: `{}` is not there with only {named:?}", told.key, line.text));
            }
        }
    }
}

/// Proves the causes of what a directory laid over a mount changes in some releases of a project.
fn prove(options: &StateOptions, mount: &str, overlay: &FilePath) -> Result<Proof, Error> {
    let mut session = Session::new();
    let old = State::load(&mut session, options)?;
    let mut options = options.clone();
    options.mounts.push((mount.to_string(), overlay.to_path_buf().into()));
    let new = State::load(&mut session, &options)?;
    let (before, now) = (render(&session, &old)?, render(&session, &new)?);
    let options = DiffOptions { show_secrets: true, ..DiffOptions::default() };
    let report = diff(&session, &new, &now, Against::Inputs(&old, &before), &options)?;
    let mut proof = Proof::default();
    for told in &report.cells {
        let at = now.iter().position(|c| c.cell == told.cell).expect("it is rendered");
        let sides = Sides {
            old: (&before[at], &old.cells[at]),
            new: (&now[at], &new.cells[at]),
            changes: changes(&before[at].values, &now[at].values),
            sources: session.sources(),
        };
        for object in &told.objects {
            sides.object(object, &mut proof);
        }
    }
    Ok(proof)
}

/// Proves the causes of all overlays in a directory, and counts the lines.
fn prove_all(options: &StateOptions, mount: &str, directory: &FilePath) -> usize {
    let mut found: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("the overlays are there")
        .map(|e| e.expect("it reads").path())
        .filter(|p| p.is_dir())
        .collect();
    found.sort();
    assert!(found.len() >= 5);
    let mut lines = 0;
    for overlay in found {
        let proof = prove(options, mount, &overlay).expect("both sides render");
        assert!(proof.faults.is_empty(), "{}:\n{}", overlay.display(), proof.faults.join("\n"));
        assert!(proof.lines > 0 && proof.refused == 0, "{}: {proof:?}", overlay.display());
        lines += proof.lines;
    }
    lines
}

#[test]
fn examples_are_proven() {
    let root = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut options = StateOptions::new(root.join("mwrender.yaml"));
    options.selection.environments = vec!["eqiad".to_string()];
    options.selection.selectors =
        ["mw-web,name=main", "mw-debug,name=next", "mw-mcrouter", "mw-cron", "mw-wikifunctions,name=main"]
            .iter()
            .map(|s| format!("namespace={s}"))
            .collect();
    assert!(prove_all(&options, "/etc/helmfile-defaults", &root.join("values/examples")) > 50);
}

#[test]
fn helm_charts_are_proven() {
    let project = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("tests/helm-project");
    let options = StateOptions::new(project.join("mwrender.yaml"));
    assert!(prove_all(&options, "/etc/puppet", &project.join("changes")) > 50);
}
