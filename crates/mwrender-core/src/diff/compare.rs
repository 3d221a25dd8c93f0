//! Comparing, cell by cell and object by object.

use super::origins::{Place, Reference, Resolver};
use super::{Against, DiffOptions, secrets};
use crate::cell::Cell;
use crate::deployed::shift;
use crate::error::Error;
use crate::render::{RenderedCell, RenderedObject};
use crate::session::Session;
use crate::state::{CellInputs, State};
use mwrender_diagnostic::{Diagnostic, Pos, SourceId, Span};
use mwrender_diff::impact::{self, Replicas};
use mwrender_diff::lines::{self, Line, Tag};
use mwrender_diff::words::changed_words;
use mwrender_diff::{Change, LineOrigin, cause};
use mwrender_manifest::{Object, ObjectKey, documents, read_stream};
use mwrender_template::{Cause, How, Part, Tracked};
use mwrender_values::Value;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A cell that differs.
#[derive(Clone, Debug)]
pub struct CellDiff {
    /// The cell.
    pub cell: Cell,
    /// Whether it is new, gone or changed.
    pub change: Change,
    /// Its objects that differ.
    pub objects: Vec<ObjectDiff>,
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
    pub restarts: Option<Replicas>,
    /// Fields that cannot be changed in place: applying would fail.
    pub immutable: Vec<String>,
    /// Whether the origins of a template are those of a similar text.
    pub approximate: bool,
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

/// An object of the old side.
struct Old<'a> {
    object: Object,
    rendered: Option<(&'a RenderedCell, &'a CellInputs, usize)>,
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
    let resolver = Resolver::new(state.project_source);
    let context = Context { session, resolver: &resolver, options };
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
                    Some(source) => match text_objects(session, *source, cell, inputs)? {
                        None => return Ok(None),
                        Some(objects) => Some(objects),
                    },
                    None if !flat.is_empty() => Some(flat_of(&flat, cell)),
                    None => None,
                },
            };
            Ok(context.cell(cell, inputs, old))
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
    let removed = |cell: Cell, objects: Vec<Old<'_>>, mut tracked: Option<TrackedCell<'_>>| CellDiff {
        cell,
        change: Change::Removed,
        objects: objects
            .iter()
            .filter(|o| shown(context.options, &o.object.key))
            .map(|o| context.removed(o, tracked.as_mut(), None))
            .collect(),
    };
    if let Against::Inputs(state, rendered) = against {
        let gone = rendered.iter().zip(&state.cells).filter(|(c, _)| !known.contains(&id(&c.cell)));
        for (cell, inputs) in gone {
            let object = |o: &RenderedObject| Old {
                object: o.object.clone(),
                rendered: Some((cell, inputs, o.template)),
            };
            let objects = cell.objects.iter().map(object).collect();
            cells.push(removed(cell.cell.clone(), objects, Some(TrackedCell::new(cell, inputs))));
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
            cells.push(removed(cell, objects, None));
        }
    }
    Ok(cells)
}

fn bare(line: Line) -> DiffLine {
    DiffLine {
        tag: line.tag,
        text: line.text,
        words: Vec::new(),
        template: Vec::new(),
        causes: Vec::new(),
        removed: None,
        template_changed: false,
    }
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
    inputs: &CellInputs,
) -> Result<Option<OldCell<'a>>, Error> {
    let source = session.sources().get(source);
    let text = source.text();
    if **text == *cell.manifest(inputs) {
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

struct Context<'a> {
    session: &'a Session,
    resolver: &'a Resolver,
    options: &'a DiffOptions,
}

/// Tracked renders of a cell's templates, made when an object of theirs differs.
struct TrackedCell<'a> {
    cell: &'a RenderedCell,
    inputs: &'a CellInputs,
    templates: HashMap<usize, Option<Tracked>>,
}

impl<'a> TrackedCell<'a> {
    fn new(cell: &'a RenderedCell, inputs: &'a CellInputs) -> Self {
        TrackedCell { cell, inputs, templates: HashMap::new() }
    }

    fn get(&mut self, template: usize) -> Option<&Tracked> {
        let (cell, inputs) = (self.cell, self.inputs);
        self.templates.entry(template).or_insert_with(|| cell.track(inputs, template).ok()).as_ref()
    }
}

impl Context<'_> {
    fn cell(&self, cell: &RenderedCell, inputs: &CellInputs, old: Option<OldCell<'_>>) -> Option<CellDiff> {
        let change = if old.is_some() { Change::Changed } else { Change::Added };
        let OldCell { rendered, objects: old, same } = old.unwrap_or_else(|| OldCell {
            rendered: None,
            objects: Vec::new(),
            same: vec![false; cell.objects.len()],
        });
        let by_key: HashMap<&ObjectKey, &Old<'_>> = old.iter().map(|o| (&o.object.key, o)).collect();
        let mut tracked = TrackedCell::new(cell, inputs);
        let mut old_tracked = rendered.map(|(c, i)| TrackedCell::new(c, i));
        let mut objects = Vec::new();
        for (object, same) in cell.objects.iter().zip(same) {
            if same || !shown(self.options, &object.object.key) {
                continue;
            }
            match by_key.get(&object.object.key) {
                Some(old) if old.object.value == object.object.value => {}
                Some(old) => {
                    objects.push(self.object(cell, object, Some(old), &mut tracked, &mut old_tracked));
                }
                None => objects.push(self.object(cell, object, None, &mut tracked, &mut old_tracked)),
            }
        }
        if old_tracked.is_none() {
            narrow_hashes(&mut objects);
        }
        let new: HashSet<&ObjectKey> = cell.objects.iter().map(|o| &o.object.key).collect();
        for old in old.iter().filter(|o| !new.contains(&o.object.key) && shown(self.options, &o.object.key)) {
            let mut removed = self.removed(old, old_tracked.as_mut(), Some((cell, inputs)));
            if old.rendered.is_none() {
                self.beside(&mut removed, cell, &mut tracked);
            }
            objects.push(removed);
        }
        (!objects.is_empty()).then(|| CellDiff { cell: cell.cell.clone(), change, objects })
    }

    fn object(
        &self,
        cell: &RenderedCell,
        object: &RenderedObject,
        old: Option<&Old<'_>>,
        tracked: &mut TrackedCell<'_>,
        old_tracked: &mut Option<TrackedCell<'_>>,
    ) -> ObjectDiff {
        let new = &object.object;
        let raw = match old {
            Some(old) => lines::diff_objects(&new.key.kind, &old.object.value, &new.value),
            None => lines::all_lines(&new.value, Tag::Insert),
        };
        let words = pair_words(&raw);
        let inputs = tracked.inputs;
        let source = tracked.get(object.template);
        let approximate = source.is_some_and(|t| !t.exact);
        let old_rendered = old.and_then(|o| o.rendered);
        let both = old_tracked.as_ref().map(|t| (t.cell, t.inputs));
        let old_source = match (old_rendered, old_tracked.as_mut()) {
            (Some((_, _, template)), Some(tracked)) => tracked.get(template),
            _ => None,
        };
        // a condition under which lines stand that were there before held before too
        let held: HashSet<(Pos, Part)> = match (source, both) {
            (Some(source), None) if old.is_some() => raw
                .iter()
                .filter(|l| l.tag == Tag::Equal && l.new.is_some())
                .flat_map(|l| cause::origin(source, l, l.new, None).causes)
                .filter(|c| c.how == How::Conditional)
                .map(|c| (c.line, c.part))
                .collect(),
            _ => HashSet::new(),
        };
        let mut lines: Vec<DiffLine> = Vec::with_capacity(raw.len());
        for (line, changed) in raw.iter().zip(&words) {
            let mut result = bare(line.clone());
            result.words = changed.ranges.clone().unwrap_or_default();
            match line.tag {
                Tag::Equal => {}
                Tag::Insert => {
                    if let Some(source) = source {
                        let mut origin = cause::origin(source, line, line.new, changed.ranges.as_deref());
                        let new_here = |c: &Cause| {
                            c.how != How::Conditional || !held.contains(&(c.line, c.part.clone()))
                        };
                        if origin.causes.iter().any(new_here) {
                            origin.causes.retain(new_here);
                        }
                        self.attribute(&mut result, &origin, cell, both, changed.paired);
                    }
                }
                Tag::Delete => match (old_source, both) {
                    (Some(source), Some((old_cell, _))) => {
                        let origin = cause::origin(source, line, line.old, changed.ranges.as_deref());
                        self.attribute(&mut result, &origin, old_cell, Some((cell, inputs)), changed.paired);
                        result.removed = Some(RemovedOrigin::Known);
                    }
                    _ if changed.paired => result.removed = Some(RemovedOrigin::Replaced),
                    _ => {}
                },
            }
            lines.push(result);
        }
        if let Some(source) = source {
            self.near(&raw, &mut lines, source, cell);
        }
        if !self.options.show_secrets {
            secrets::hide(self.session, &new.key, &raw, &mut lines, source, old_source);
        }
        let (restarts, immutable) = match old {
            Some(old) => {
                let all = cell.objects.iter().map(|o| &o.object);
                let restarts =
                    impact::restarts(&old.object, new).then(|| impact::replicas(new, all)).flatten();
                (restarts, impact::immutable_changes(&old.object, new))
            }
            None => (None, Vec::new()),
        };
        let change = if old.is_some() { Change::Changed } else { Change::Added };
        ObjectDiff { key: new.key.clone(), change, lines, restarts, immutable, approximate }
    }

    /// An object that is on the old side only. Where its inputs are known, so is what made it: only values that are
    /// others now, or gone, count; all of them if the whole cell is gone.
    fn removed(
        &self,
        old: &Old<'_>,
        tracked: Option<&mut TrackedCell<'_>>,
        new: Option<(&RenderedCell, &CellInputs)>,
    ) -> ObjectDiff {
        let raw = lines::all_lines(&old.object.value, Tag::Delete);
        let mut lines: Vec<DiffLine> = raw.iter().cloned().map(bare).collect();
        let cell = tracked.as_ref().map(|t| t.cell);
        let source = match (old.rendered, tracked) {
            (Some((_, _, template)), Some(tracked)) => tracked.get(template),
            _ => None,
        };
        if let (Some(source), Some(cell)) = (source, cell) {
            for (line, result) in raw.iter().zip(&mut lines) {
                let mut origin = cause::origin(source, line, line.old, None);
                origin.causes.retain(|c| new.is_none_or(|(new, _)| self.differs(c, cell, new)));
                self.attribute(result, &origin, cell, new, false);
                result.removed = Some(RemovedOrigin::Known);
            }
        }
        if !self.options.show_secrets {
            secrets::hide(self.session, &old.object.key, &raw, &mut lines, None, source);
        }
        ObjectDiff {
            key: old.object.key.clone(),
            change: Change::Removed,
            lines,
            restarts: None,
            immutable: Vec::new(),
            approximate: source.is_some_and(|t| !t.exact),
        }
    }

    /// An object that is gone and whose inputs are not known: the lists and conditions that generate the objects of
    /// its kind that are still there.
    fn beside(&self, removed: &mut ObjectDiff, cell: &RenderedCell, tracked: &mut TrackedCell<'_>) {
        let siblings = cell.objects.iter().filter(|o| o.object.key.kind == removed.key.kind);
        let mut origin = LineOrigin::default();
        for sibling in siblings.take(2) {
            let Some(source) = tracked.get(sibling.template) else { continue };
            let start = Line {
                tag: Tag::Equal,
                text: String::new(),
                old: Pos::NONE,
                new: sibling.object.value.origin,
                embedded: false,
            };
            let found = cause::origin(source, &start, start.new, None);
            for c in found.causes.iter().filter_map(|c| self.container(cell, c)) {
                if !origin.causes.contains(&c) {
                    origin.causes.push(c);
                }
            }
            origin.chain = found.chain;
        }
        if let (Some(first), false) = (removed.lines.first_mut(), origin.causes.is_empty()) {
            self.attribute(first, &origin, cell, None, false);
            first.removed = Some(RemovedOrigin::Near);
        }
    }

    /// Fills in where a line came from. `other` is the other side's cell, where its inputs are known: then only
    /// values that differ count.
    fn attribute(
        &self,
        line: &mut DiffLine,
        origin: &LineOrigin,
        cell: &RenderedCell,
        other: Option<(&RenderedCell, &CellInputs)>,
        paired: bool,
    ) {
        let sources = self.session.sources();
        line.template = origin.chain.iter().filter_map(|p| sources.location(*p)).map(Place::from).collect();
        let mut causes: Vec<&Cause> =
            origin.causes.iter().filter(|c| sources.find(c.line).is_some()).collect();
        if let Some((other, inputs)) = other {
            line.template_changed = origin.chain.last().is_some_and(|p| self.is_new_line(*p, inputs));
            let differing: Vec<&Cause> =
                causes.iter().copied().filter(|c| self.differs(c, cell, other)).collect();
            if !differing.is_empty() || line.template_changed {
                causes = differing;
            }
        } else if paired && causes.iter().any(|c| c.how != How::Conditional) {
            // the line stands for another one: it was there before, so no condition made it appear
            causes.retain(|c| c.how != How::Conditional);
        }
        let mut references: Vec<Reference> = Vec::new();
        for cause in causes {
            if let Some(reference) = self.resolver.resolve(self.session, cell, cause)
                && !references.iter().any(|r| r.place == reference.place && r.path == reference.path)
            {
                references.push(reference);
            }
        }
        line.causes = references;
    }

    /// Whether the other side's chart has no such template line.
    fn is_new_line(&self, position: Pos, other: &CellInputs) -> bool {
        let sources = self.session.sources();
        let Some(id) = sources.find(position) else { return false };
        if other.chart.template_sources.contains(&id) {
            return false;
        }
        let (source, location) = (sources.get(id), sources.location(position));
        let Some(line) = location.and_then(|l| source.line(l.line)) else { return false };
        let same_name =
            other.chart.template_sources.iter().map(|o| sources.get(*o)).find(|o| o.name() == source.name());
        same_name.is_none_or(|o| !o.text().lines().any(|l| l == line))
    }

    /// Whether the value of a cause is another one in the other cell.
    fn differs(&self, cause: &Cause, cell: &RenderedCell, other: &RenderedCell) -> bool {
        let Some(path) = self.resolver.cause_path(self.session, cause) else { return false };
        let (here, there) = self.resolver.both(&path, &cell.values, &other.values);
        match (cause.part.clone(), here, there) {
            (Part::Key | Part::Missing(_), here, there) => here.is_some() != there.is_some(),
            // a list or map decides by being there and by having something in it
            (Part::Value, Some(here), Some(there))
                if cause.how == How::Conditional && is_container(here) && is_container(there) =>
            {
                is_empty(here) != is_empty(there)
            }
            (Part::Value, here, there) => here != there,
        }
    }

    /// A removed line whose origin is not known: the list, map or condition that generated its neighbours.
    fn near(&self, raw: &[Line], lines: &mut [DiffLine], source: &Tracked, cell: &RenderedCell) {
        for i in 0..raw.len() {
            if raw[i].tag != Tag::Delete || lines[i].removed.is_some() {
                continue;
            }
            let before = raw[..i].iter().rposition(|l| l.new.is_some());
            let after = raw[i..].iter().position(|l| l.new.is_some()).map(|n| i + n);
            let mut best: Option<(LineOrigin, Vec<Cause>)> = None;
            for neighbour in [before, after].into_iter().flatten() {
                let origin = cause::origin(source, &raw[neighbour], raw[neighbour].new, None);
                let containers: Vec<Cause> =
                    origin.causes.iter().filter_map(|c| self.container(cell, c)).collect();
                if best.as_ref().is_none_or(|(_, found)| found.is_empty() && !containers.is_empty()) {
                    best = Some((origin, containers));
                }
            }
            if let Some((origin, causes)) = best {
                let origin = LineOrigin { chain: origin.chain, causes };
                self.attribute(&mut lines[i], &origin, cell, None, false);
                lines[i].removed = Some(RemovedOrigin::Near);
            }
        }
    }

    /// The list or map that holds a value.
    fn container(&self, cell: &RenderedCell, cause: &Cause) -> Option<Cause> {
        let mut path = self.resolver.cause_path(self.session, cause)?;
        path.pop()?;
        let value = path.lookup(&cell.values)?;
        if path.is_empty() || !value.origin.is_some() {
            return None;
        }
        Some(Cause { origin: value.origin, line: value.origin, part: Part::Value, how: How::Conditional })
    }
}

fn is_container(value: &Value) -> bool {
    value.as_list().is_some() || value.as_map().is_some()
}

fn is_empty(value: &Value) -> bool {
    value.as_list().is_none_or(<[Value]>::is_empty) && value.as_map().is_none_or(|m| m.is_empty())
}

/// A hash depends on everything that was hashed. Against manifests alone it is not known which of it changed; what
/// other changed lines of the release come from tells.
fn narrow_hashes(objects: &mut [ObjectDiff]) {
    let changed = |l: &&DiffLine| l.tag != Tag::Equal;
    let others: HashSet<Reference> = objects
        .iter()
        .flat_map(|o| o.lines.iter().filter(changed))
        .flat_map(|l| &l.causes)
        .filter(|c| matches!(c.how, How::Direct | How::Operand))
        .map(|c| Reference { how: How::Hash, ..c.clone() })
        .collect();
    for line in objects.iter_mut().flat_map(|o| &mut o.lines) {
        if line.causes.iter().any(|c| c.how == How::Hash && others.contains(c)) {
            line.causes.retain(|c| c.how != How::Hash || others.contains(c));
        }
    }
}

/// What is known of a line from the lines beside it.
struct Words {
    /// What changed of it, if it stands for another line and has something in common with it.
    ranges: Option<Vec<Range<usize>>>,
    /// Whether it stands for another line.
    paired: bool,
}

/// Pairs removed lines with those that stand in their place.
fn pair_words(lines: &[Line]) -> Vec<Words> {
    let mut words: Vec<Words> = lines.iter().map(|_| Words { ranges: None, paired: false }).collect();
    let mut i = 0;
    while i < lines.len() {
        let run = |from: usize, tag: Tag| lines[from..].iter().take_while(|l| l.tag == tag).count();
        let deleted = run(i, Tag::Delete);
        let inserted = run(i + deleted, Tag::Insert);
        if deleted == 0 || inserted == 0 {
            i += (deleted + inserted).max(1);
            continue;
        }
        for k in 0..deleted.min(inserted) {
            let (a, b) = (i + k, i + deleted + k);
            if let Some((left, right)) = changed_words(&lines[a].text, &lines[b].text) {
                words[a] = Words { ranges: Some(left), paired: true };
                words[b] = Words { ranges: Some(right), paired: true };
            } else if deleted == inserted {
                words[a].paired = true;
                words[b].paired = true;
            }
        }
        i += deleted + inserted;
    }
    words
}
