//! Why a value is what it is, and what a value reaches.

use crate::cell::Cell;
use crate::diff::origins::Resolver;
use crate::diff::{Place, Reference, secrets};
use crate::error::Error;
use crate::render::{self, RenderedCell};
use crate::session::Session;
use crate::state::{CellInputs, State};
use crate::tracker::Tracker;
use mwrender_diagnostic::{Diagnostic, Pos, SourceId};
use mwrender_diff::cause;
use mwrender_diff::lines::{Line, Tag};
use mwrender_manifest::ObjectKey;
use mwrender_values::path::{Effect, Path, at_line, explain};
use mwrender_values::{Data, Value};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::Path as FilePath;

/// What layers say about a path, for the cells in which they say the same.
#[derive(Clone, Debug)]
pub struct Why {
    /// The path.
    pub path: Path,
    /// What each layer says, the lowest first.
    pub settings: Vec<Said>,
    /// The result; nothing if the path leads nowhere.
    pub result: Option<Value>,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// What one layer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Where.
    pub place: Option<Place>,
    /// The layer: a path, or the chart's defaults.
    pub layer: String,
    /// The value there.
    pub value: Value,
    /// What came of it.
    pub effect: Effect,
    /// Whether the layer is private.
    pub private: bool,
}

/// All cells' explanations of a path, those that agree joined.
pub fn why(session: &Session, state: &State, path: &Path) -> Vec<Why> {
    let mut found: Vec<Why> = Vec::new();
    for inputs in &state.cells {
        let (settings, result) = said(session, inputs, path);
        if settings.is_empty() {
            continue;
        }
        match found.iter_mut().find(|w| w.settings == settings && w.result == result) {
            Some(known) => known.cells.push(inputs.cell.clone()),
            None => {
                found.push(Why { path: path.clone(), settings, result, cells: vec![inputs.cell.clone()] });
            }
        }
    }
    found
}

fn said(session: &Session, inputs: &CellInputs, path: &Path) -> (Vec<Said>, Option<Value>) {
    let mut names: Vec<(&str, bool)> =
        inputs.layers.iter().filter(|l| l.value.is_some()).map(|l| (&*l.path, l.private)).collect();
    let mut layers: Vec<Value> = inputs.layers.iter().filter_map(|l| l.value.as_deref().cloned()).collect();
    // settings of the command line are a layer of their own here
    let mut set = Value::empty_map(Pos::NONE);
    inputs.settings.apply(session.sources(), &mut set);
    if set.as_map().is_some_and(|m| !m.is_empty()) {
        names.push(("the command line", false));
        layers.push(set);
    }
    let explanation = explain(&inputs.chart.defaults, &layers, inputs.chart.nulls(), path);
    let settings = explanation.settings.into_iter().map(|s| {
        let (layer, private) = s.layer.map_or(("the chart's defaults", false), |i| names[i]);
        let at = if s.value.origin.is_some() && s.value.as_map().is_none() {
            s.value.origin
        } else {
            s.key_origin
        };
        let place = session.sources().location(at).map(Place::from);
        Said { place, layer: layer.to_string(), value: s.value, effect: s.effect, private }
    });
    (settings.collect(), explanation.result)
}

/// The paths of the values that a line of a values file is about.
pub fn paths_at(session: &Session, source: SourceId, line: u32) -> Vec<Path> {
    let Some(value) = session.value(source) else { return Vec::new() };
    at_line(value, session.sources(), source, line).into_iter().map(|f| f.path).collect()
}

/// The values file that a name means: a path as deployed, or where it is read from.
pub fn find_input(session: &Session, state: &State, name: &str) -> Option<SourceId> {
    let same = |a: &FilePath, b: &FilePath| {
        a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
    };
    let plain = name.trim_start_matches("./");
    for input in &state.inputs {
        let Some(id) = input.source else { continue };
        if input.path == plain || **session.sources().get(id).name() == *plain {
            return Some(id);
        }
    }
    for input in &state.inputs {
        let (Some(id), Ok(Some(found))) = (input.source, state.mounts.find(&input.path)) else { continue };
        if same(FilePath::new(&found.describe()), FilePath::new(name)) {
            return Some(id);
        }
    }
    let mut defaults = state.cells.iter().flat_map(|c| &c.chart.defaults_sources).map(|d| d.source);
    defaults.find(|id| **session.sources().get(*id).name() == *plain)
}

/// Where a line of a rendered file came from.
#[derive(Clone, Debug)]
pub struct LineWhy {
    /// The cell.
    pub cell: Cell,
    /// The object that the line is in.
    pub object: ObjectKey,
    /// The line, masked where it shows a secret.
    pub text: String,
    /// Template positions, the innermost last.
    pub template: Vec<Place>,
    /// The values.
    pub causes: Vec<Reference>,
    /// Whether the file is not as rendered now, so that the line may have moved.
    pub stale: bool,
    /// Whether the origins are approximate.
    pub approximate: bool,
}

/// The cell whose rendered file a path names, as golden and `--output-dir` lay them out.
pub fn cell_of_file<'a>(state: &'a State, file: &str) -> Option<&'a CellInputs> {
    let path = FilePath::new(file);
    state.cells.iter().find(|c| path.ends_with(c.cell.path()))
}

/// Why a line of a rendered file is what it is. `text` is the file's content.
///
/// # Errors
/// The cell cannot be rendered, or the file has no such line.
pub fn why_line(
    session: &Session,
    state: &State,
    inputs: &CellInputs,
    text: &str,
    line: u32,
) -> Result<LineWhy, Error> {
    let cell = render::render_one(session, inputs)?;
    let manifest = cell.manifest();
    let wanted = text
        .lines()
        .nth(line.saturating_sub(1) as usize)
        .ok_or_else(|| Error::Usage(format!("{} has no line {line}", inputs.cell.path())))?;
    // the same line of what is rendered now, or the nearest that reads the same
    let same: Vec<usize> =
        manifest.lines().enumerate().filter(|(_, l)| *l == wanted).map(|(i, _)| i).collect();
    let target = line as usize - 1;
    let Some(at) = same.into_iter().min_by_key(|i| i.abs_diff(target)) else {
        let what = format!("line {line} is not rendered any more: `{}`", wanted.trim());
        return Err(Diagnostic::error("stale-line", what)
            .help("see `mwrender diff` for what changed")
            .into());
    };
    let mut first = 0;
    for object in cell.objects.iter() {
        let document = cell.document(object);
        let lines = document.lines().count();
        let body = first + 2;
        if at >= body && at < body + lines {
            let offset = object.object.range.start
                + leading(&cell.texts[object.template][object.object.range.clone()]);
            let before: usize = document.split_inclusive('\n').take(at - body).map(str::len).sum();
            let mut tracker = Tracker::new(&cell, inputs);
            let tracked = tracker.get(object.template).map_err(|fault| Error::from(fault.clone()))?;
            let position = Pos::local((offset + before) as u32);
            let shown = Line {
                tag: Tag::Equal,
                text: wanted.to_string(),
                old: Pos::NONE,
                new: position,
                embedded: false,
            };
            let origin = cause::origin(tracked, &shown, position, None);
            let resolver = Resolver::new([state]);
            let mut causes: Vec<Reference> = Vec::new();
            for cause in origin.causes.iter().filter_map(|c| resolver.resolve(session, &cell, c)) {
                // the key and the value of an entry are one place to look at
                let same = |c: &Reference| {
                    (&c.place.file, c.place.line, &c.path)
                        == (&cause.place.file, cause.place.line, &cause.path)
                };
                if !causes.iter().any(same) {
                    causes.push(cause);
                }
            }
            let hidden = secrets::hidden(session, tracked, &shown, position);
            return Ok(LineWhy {
                cell: inputs.cell.clone(),
                object: object.object.key.clone(),
                text: hidden.unwrap_or_else(|| wanted.to_string()),
                template: origin
                    .chain
                    .iter()
                    .filter_map(|p| session.sources().location(*p))
                    .map(Place::from)
                    .collect(),
                causes,
                stale: manifest != text,
                approximate: !tracked.exact,
            });
        }
        first = body + lines;
    }
    Err(Error::Usage(format!("line {line} is a separator between objects")))
}

fn leading(document: &str) -> usize {
    document.len() - document.trim_start_matches('\n').len()
}

/// An object that a value reaches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Affected {
    /// The cell.
    pub cell: Cell,
    /// The object.
    pub object: ObjectKey,
    /// How many of its lines.
    pub lines: usize,
}

/// What is asked for the reach of.
#[derive(Clone, Debug)]
pub enum Reach {
    /// A file, or one line of it.
    File(SourceId, Option<u32>),
    /// A path, wherever it is set.
    Path(Path),
}

/// The objects that a file, a line or a path reaches, found by rendering with origins.
///
/// # Errors
/// A cell cannot be rendered.
pub fn affected(session: &Session, state: &State, reach: &Reach) -> Result<Vec<Affected>, Error> {
    let resolver = Resolver::new([state]);
    let results: Vec<Result<Vec<Affected>, Error>> =
        state.cells.par_iter().map(|inputs| affected_cell(session, inputs, reach, &resolver)).collect();
    let mut all = Vec::new();
    for result in results {
        all.extend(result?);
    }
    Ok(all)
}

fn affected_cell(
    session: &Session,
    inputs: &CellInputs,
    reach: &Reach,
    resolver: &Resolver,
) -> Result<Vec<Affected>, Error> {
    let reads = |id: SourceId| {
        inputs.layers.iter().any(|l| l.source == Some(id))
            || inputs.chart.defaults_sources.iter().any(|d| d.source == id)
    };
    let mut lines: Vec<Pos> = Vec::new();
    if let Reach::File(id, line) = reach {
        if !reads(*id) {
            return Ok(Vec::new());
        }
        if let Some(line) = line {
            lines = origins_of_line(session, *id, *line);
        }
    }
    let cell = render::render_one(session, inputs)?;
    let hits = |cause: &crate::template::Cause| match reach {
        Reach::File(id, None) => session.sources().find(cause.origin) == Some(*id),
        Reach::File(_, Some(_)) => lines.contains(&cause.line) || lines.contains(&cause.origin),
        Reach::Path(path) => resolver.cause_path(session, cause).is_some_and(|p| p.starts_with(path)),
    };
    let mut found = Vec::new();
    let templates: BTreeSet<usize> = cell.objects.iter().map(|o| o.template).collect();
    let mut tracker = Tracker::new(&cell, inputs);
    for template in templates {
        let tracked = tracker.get(template).map_err(|fault| Error::from(fault.clone()))?;
        for object in cell.objects.iter().filter(|o| o.template == template) {
            let count = lines_hit(&cell, object, tracked, &hits);
            if count > 0 {
                found.push(Affected {
                    cell: cell.cell.clone(),
                    object: object.object.key.clone(),
                    lines: count,
                });
            }
        }
    }
    Ok(found)
}

fn lines_hit(
    cell: &RenderedCell,
    object: &render::RenderedObject,
    tracked: &crate::template::Tracked,
    hits: &impl Fn(&crate::template::Cause) -> bool,
) -> usize {
    let text = &cell.texts[object.template];
    let range = object.object.range.clone();
    let mut lines = BTreeSet::new();
    let mut known: std::collections::HashMap<*const crate::template::Cause, bool> =
        std::collections::HashMap::new();
    for piece in tracked.pieces_in(range.start as u32..range.end as u32) {
        let causes = tracked.causes(piece);
        let hit = *known.entry(causes.as_ptr()).or_insert_with(|| causes.iter().any(hits));
        if hit {
            lines.insert(text[..piece.start as usize].rfind('\n').map_or(0, |n| n + 1));
        }
    }
    lines.len()
}

/// The positions at which the values of a line start.
fn origins_of_line(session: &Session, id: SourceId, line: u32) -> Vec<Pos> {
    let Some(value) = session.value(id) else { return Vec::new() };
    let mut positions = Vec::new();
    for found in at_line(value, session.sources(), id, line) {
        match (&found.value.data, found.line) {
            (Data::String(text), Some(k)) => {
                positions.extend(text.lines.as_ref().and_then(|l| l.get(k)).copied());
            }
            _ => positions.push(found.value.origin),
        }
    }
    positions
}
