//! Comparing, cell by cell: which objects of both sides belong together.

use super::causes::{Context, Old, narrow_hashes};
use super::effects::Effects;
use super::origins::{Place, Reference, Resolver};
use super::{Against, DiffOptions};
use crate::cell::Cell;
use crate::deployed::shift;
use crate::error::Error;
use crate::render::{RenderedCell, RenderedObject};
use crate::session::Session;
use crate::state::{CellInputs, State};
use crate::tracker::Tracker;
use mwrender_diagnostic::{Diagnostic, Pos, SourceId, Span};
use mwrender_diff::Change;
use mwrender_diff::impact::Replicas;
use mwrender_diff::lines::Tag;
use mwrender_diff::pods::Reader;
use mwrender_manifest::{Object, ObjectKey, documents, read_stream};
use mwrender_values::Value;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// A cell that differs.
#[derive(Clone, Debug)]
pub struct CellDiff {
    /// The cell.
    pub cell: Cell,
    /// Whether it is new, gone or changed.
    pub change: Change,
    /// Its objects that differ.
    pub objects: Vec<ObjectDiff>,
    /// What changes and running pods do not notice.
    pub silent: Vec<Silent>,
}

/// An object that differs.
#[derive(Clone, Debug)]
pub struct ObjectDiff {
    /// What identifies it.
    pub key: ObjectKey,
    /// Whether it is new, gone or changed.
    pub change: Change,
    /// Its lines, those that are equal included.
    pub lines: Vec<DiffLine>,
    /// The pods that restart.
    pub restarts: Option<Restarts>,
    /// Fields that cannot be changed in place: applying would fail.
    pub immutable: Vec<String>,
    /// Whether the origins of a template are those of a similar text.
    pub approximate: bool,
}

/// The pods of an object restart: its pod template changed.
#[derive(Clone, Debug)]
pub struct Restarts {
    /// How many pods.
    pub replicas: Replicas,
    /// What changed in the pod template.
    pub changes: Vec<PodChange>,
    /// Whether nothing that the containers read changes: only labels of the pods, or a hash over a text of which
    /// they see no other part.
    pub spurious: bool,
}

/// A field of a pod template that changed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PodChange {
    /// The field: `checksum/sites`, `spec.containers[app].image`.
    pub field: String,
    /// Whether it is a hash of something.
    pub hash: bool,
    /// The values it comes from.
    pub causes: Vec<Reference>,
    /// The template line that wrote it, if that is what changed.
    pub template: Option<Place>,
}

/// An object whose change running pods do not notice until something else restarts them.
#[derive(Clone, Debug)]
pub struct Silent {
    /// The `ConfigMap` or `Secret`.
    pub object: ObjectKey,
    /// Its entries that changed and are read.
    pub entries: Vec<String>,
    /// What runs the pods.
    pub workload: ObjectKey,
    /// The containers that read them.
    pub readers: Vec<Reader>,
}

/// A line of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DiffLine {
    /// On which side it is.
    pub tag: Tag,
    /// Its text, masked where it shows a secret.
    pub text: String,
    /// The byte ranges that changed, where the line stands for another one.
    pub words: Vec<Range<usize>>,
    /// The template line that wrote it, innermost last.
    pub template: Vec<Place>,
    /// The values it comes from.
    pub causes: Vec<Reference>,
    /// What is known of a line that is gone.
    pub removed: Option<RemovedOrigin>,
    /// Whether the template line itself changed.
    pub template_changed: bool,
    /// Whether the causes were found by rendering with one changed value after another taken back, where tracking
    /// named none that differs.
    pub rendered: bool,
}

/// How the causes of a removed line are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RemovedOrigin {
    /// From the old inputs.
    Known,
    /// Another line stands in its place, and has the causes.
    Replaced,
    /// From what generated its neighbours.
    Near,
}

/// The old side of a cell.
struct OldCell<'a> {
    /// The render, where the inputs are known.
    rendered: Option<(&'a RenderedCell, &'a CellInputs)>,
    /// Its objects that are not, letter by letter, those of the new side.
    objects: Vec<Old<'a>>,
    /// Which objects of the new side it has letter by letter.
    same: Vec<bool>,
}

pub(super) fn compare(
    session: &Session,
    state: &State,
    rendered: &[RenderedCell],
    against: Against<'_>,
    options: &DiffOptions,
) -> Result<Vec<CellDiff>, Error> {
    let old = match against {
        Against::Inputs(state, cells) => Some((state, cells)),
        Against::Manifests(_) => None,
    };
    let resolver = Resolver::new(old.map(|(state, _)| state).into_iter().chain([state]));
    let context = Context { session, resolver: &resolver, options, hot_reloads: &state.hot_reloads };
    let old_by_cell: HashMap<(&str, &str, &str), (&RenderedCell, &CellInputs)> = old
        .map(|(state, cells)| cells.iter().zip(&state.cells).map(|(c, i)| (id(&c.cell), (c, i))).collect())
        .unwrap_or_default();
    let flat = match against {
        Against::Manifests(m) => flat_objects(session, &m.flat)?,
        Against::Inputs(..) => Vec::new(),
    };
    let results: Vec<Result<Option<CellDiff>, Error>> = rendered
        .par_iter()
        .zip(&state.cells)
        .map(|(cell, inputs)| {
            let old: Option<OldCell<'_>> = match against {
                Against::Inputs(..) => old_by_cell
                    .get(&id(&cell.cell))
                    .map(|(old, old_inputs)| changed_rendered(cell, old, old_inputs)),
                Against::Manifests(m) => match m.cells.get(&cell.cell.path()) {
                    Some(source) => match text_objects(session, *source, cell)? {
                        None => return Ok(None),
                        Some(objects) => Some(objects),
                    },
                    None if !flat.is_empty() => Some(flat_of(&flat, cell)),
                    None => None,
                },
            };
            context.cell(cell, inputs, old)
        })
        .collect();
    let mut cells = Vec::new();
    let mut faults = Vec::new();
    for result in results {
        match result {
            Ok(cell) => cells.extend(cell),
            Err(Error::Diagnostics(found)) => faults.extend(found),
            Err(e) => return Err(e),
        }
    }
    if !faults.is_empty() {
        return Err(Error::Diagnostics(faults));
    }
    cells.extend(gone(&context, state, against)?);
    Ok(cells)
}

fn id(cell: &Cell) -> (&str, &str, &str) {
    (&cell.environment, &cell.namespace, &cell.release)
}

/// Cells that are only on the old side.
fn gone(context: &Context<'_>, state: &State, against: Against<'_>) -> Result<Vec<CellDiff>, Error> {
    let known: HashSet<_> = state.cells.iter().map(|c| id(&c.cell)).collect();
    let mut cells = Vec::new();
    let removed = |cell: Cell, objects: Vec<Old<'_>>, mut tracked: Option<Tracker<'_>>| {
        let shown = objects.iter().filter(|o| shown(context.options, &o.object.key));
        let objects: Result<Vec<_>, Error> =
            shown.map(|o| context.removed(o, tracked.as_mut(), None)).collect();
        Ok::<_, Error>(CellDiff { cell, change: Change::Removed, objects: objects?, silent: Vec::new() })
    };
    if let Against::Inputs(state, rendered) = against {
        let gone = rendered.iter().zip(&state.cells).filter(|(c, _)| !known.contains(&id(&c.cell)));
        for (cell, inputs) in gone {
            let object = |o: &RenderedObject| Old {
                object: o.object.clone(),
                rendered: Some((cell, inputs, o.template)),
            };
            let objects = cell.objects.iter().map(object).collect();
            cells.push(removed(cell.cell.clone(), objects, Some(Tracker::new(cell, inputs)))?);
        }
    }
    if let Against::Manifests(manifests) = against {
        let paths: HashSet<String> = state.cells.iter().map(|c| c.cell.path()).collect();
        let mut gone: Vec<(&String, &SourceId)> =
            manifests.cells.iter().filter(|(p, _)| !paths.contains(*p)).collect();
        gone.sort();
        for (path, source) in gone {
            let names: Vec<&str> = path.trim_end_matches(".yaml").split('/').collect();
            let [environment, namespace, release] = names[..] else { continue };
            let text = str::to_string;
            let cell = Cell {
                environment: text(environment),
                service: text(namespace),
                namespace: text(namespace),
                release: text(release),
                chart: String::new(),
                layers: String::new(),
            };
            let objects = read_source(context.session, *source)?;
            let objects = objects.into_iter().map(|object| Old { object, rendered: None }).collect();
            cells.push(removed(cell, objects, None)?);
        }
    }
    Ok(cells)
}

fn shown(options: &DiffOptions, key: &ObjectKey) -> bool {
    options.show_only.is_empty()
        || options.show_only.iter().any(|only| match only.split_once('/') {
            Some((kind, name)) => kind.eq_ignore_ascii_case(&key.kind) && name == key.name,
            None => only.eq_ignore_ascii_case(&key.kind),
        })
}

fn read_source(session: &Session, source: SourceId) -> Result<Vec<Object>, Error> {
    let source = session.sources().get(source);
    let stream = read_stream(source.text()).map_err(|mut fault| {
        shift(&mut fault, source.start());
        Error::from(fault)
    })?;
    unique(&stream.objects, source.start())?;
    Ok(stream.objects)
}

/// Refuses a state with two objects of one identity: which one is deployed?
fn unique(objects: &[Object], start: Pos) -> Result<(), Error> {
    let mut seen: HashMap<&ObjectKey, &Object> = HashMap::new();
    for object in objects {
        if let Some(first) = seen.insert(&object.key, object) {
            let at = |o: &Object| Span::new(start.offset(o.value.origin.local_offset().unwrap_or(0)), 1);
            let what = format!("`{}` is in the deployed state twice", object.key);
            return Err(Diagnostic::error("duplicate-object", what)
                .primary(at(object), "here")
                .secondary(at(first), "and here")
                .into());
        }
    }
    Ok(())
}

/// The objects of a cell's file that are not, letter by letter, what is rendered. `None`: the file is.
fn text_objects<'a>(
    session: &Session,
    source: SourceId,
    cell: &RenderedCell,
) -> Result<Option<OldCell<'a>>, Error> {
    let source = session.sources().get(source);
    let text = source.text();
    if **text == *cell.manifest() {
        return Ok(None);
    }
    let new: HashMap<&str, usize> =
        cell.objects.iter().enumerate().map(|(i, o)| (cell.document(o), i)).collect();
    let mut same = vec![false; cell.objects.len()];
    let mut objects = Vec::new();
    let mut keys = Vec::new();
    for range in documents(text) {
        let document = text[range.clone()].trim_matches('\n');
        let body =
            document.strip_prefix("# Source: ").and_then(|d| d.split_once('\n')).map_or(document, |(_, b)| b);
        if let Some(i) = new.get(body.trim_matches('\n')) {
            if std::mem::replace(&mut same[*i], true) {
                keys.push(cell.objects[*i].object.clone());
            }
            continue;
        }
        let start = source.start().offset(range.start as u32);
        let stream = read_stream(&text[range.clone()]).map_err(|mut fault| {
            shift(&mut fault, start);
            Error::from(fault)
        })?;
        keys.extend(stream.objects.iter().cloned());
        objects.extend(stream.objects.into_iter().map(|object| Old { object, rendered: None }));
    }
    unique(&keys, source.start())?;
    Ok(Some(OldCell { rendered: None, objects, same }))
}

/// The old render of a cell, beside the new one.
fn changed_rendered<'a>(new: &RenderedCell, old: &'a RenderedCell, inputs: &'a CellInputs) -> OldCell<'a> {
    if Arc::ptr_eq(&new.objects, &old.objects) {
        // rendered once, for both
        return OldCell { rendered: None, objects: Vec::new(), same: vec![true; new.objects.len()] };
    }
    let texts: HashSet<&str> = old.objects.iter().map(|o| old.document(o)).collect();
    let same: Vec<bool> = new.objects.iter().map(|o| texts.contains(new.document(o))).collect();
    let same_keys: HashSet<&ObjectKey> =
        new.objects.iter().zip(&same).filter(|(_, same)| **same).map(|(o, _)| &o.object.key).collect();
    let objects = old
        .objects
        .iter()
        .filter(|o| !same_keys.contains(&o.object.key))
        .map(|o| Old { object: o.object.clone(), rendered: Some((old, inputs, o.template)) })
        .collect();
    OldCell { rendered: Some((old, inputs)), objects, same }
}

fn flat_objects(session: &Session, sources: &[SourceId]) -> Result<Vec<Object>, Error> {
    let mut objects = Vec::new();
    for source in sources {
        objects.extend(read_source(session, *source)?);
    }
    Ok(objects)
}

/// The objects of a cell among all those of an environment: those it renders, and those that carry its labels.
fn flat_of<'a>(flat: &[Object], cell: &RenderedCell) -> OldCell<'a> {
    let keys: HashSet<&ObjectKey> = cell.objects.iter().map(|o| &o.object.key).collect();
    let label = |o: &Object, name: &str| {
        let labels = o.value.get("metadata").and_then(|m| m.get("labels"));
        labels.and_then(|l| l.get(name)).and_then(Value::as_str).map(str::to_string)
    };
    let same_namespace = |o: &Object| o.key.namespace.is_empty() || o.key.namespace == cell.cell.namespace;
    let objects = flat
        .iter()
        .filter(|o| {
            keys.contains(&o.key)
                || same_namespace(o)
                    && label(o, "release").as_deref() == Some(&*cell.cell.release)
                    && label(o, "deployment").as_deref() == Some(&*cell.cell.namespace)
        })
        .map(|o| Old { object: o.clone(), rendered: None })
        .collect();
    OldCell { rendered: None, objects, same: vec![false; cell.objects.len()] }
}

impl Context<'_> {
    fn cell(
        &self,
        cell: &RenderedCell,
        inputs: &CellInputs,
        old: Option<OldCell<'_>>,
    ) -> Result<Option<CellDiff>, Error> {
        let change = if old.is_some() { Change::Changed } else { Change::Added };
        let OldCell { rendered, objects: old, same } = old.unwrap_or_else(|| OldCell {
            rendered: None,
            objects: Vec::new(),
            same: vec![false; cell.objects.len()],
        });
        let by_key: HashMap<&ObjectKey, &Old<'_>> = old.iter().map(|o| (&o.object.key, o)).collect();
        let mut tracked = Tracker::new(cell, inputs);
        let mut old_tracked = rendered.map(|(c, i)| Tracker::new(c, i));
        let effects = Effects::new(cell, &by_key, &same);
        let silent = effects.silent(self.hot_reloads);
        let mut objects = Vec::new();
        for (object, same) in cell.objects.iter().zip(same) {
            if same || !shown(self.options, &object.object.key) {
                continue;
            }
            match by_key.get(&object.object.key) {
                Some(old) if old.object.value == object.object.value => {}
                Some(old) => {
                    let mut found = self.object(cell, object, Some(old), &mut tracked, &mut old_tracked)?;
                    effects.judge(&mut found, &old.object, &object.object);
                    objects.push(found);
                }
                None => objects.push(self.object(cell, object, None, &mut tracked, &mut old_tracked)?),
            }
        }
        if old_tracked.is_none() {
            narrow_hashes(&mut objects);
        }
        let new: HashSet<&ObjectKey> = cell.objects.iter().map(|o| &o.object.key).collect();
        for old in old.iter().filter(|o| !new.contains(&o.object.key) && shown(self.options, &o.object.key)) {
            let mut removed = self.removed(old, old_tracked.as_mut(), Some((cell, inputs)))?;
            if old.rendered.is_none() {
                self.beside(&mut removed, cell, &mut tracked)?;
            }
            objects.push(removed);
        }
        Ok((!objects.is_empty()).then(|| CellDiff { cell: cell.cell.clone(), change, objects, silent }))
    }
}
