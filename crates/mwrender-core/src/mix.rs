//! What would change if: a change with some of its layers left at base, or with only these changed.

use crate::diff::{Against, DiffOptions, Report, diff};
use crate::error::Error;
use crate::render::{RenderedCell, render_beside};
use crate::session::Session;
use crate::state::{CellInputs, Input, Layer, State};
use crate::watch::{Watch, glob};
use mwrender_diagnostic::Diagnostic;
use mwrender_diff::Tag;
use std::collections::{BTreeMap, BTreeSet};

/// Whose layers those are that no watch rule speaks of.
const UNWATCHED: &str = "this project";

/// Which part of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOf {
    /// All but the chosen layers: those are left at base.
    Without,
    /// Only the chosen layers; all else is left at base, charts too.
    Only,
}

/// Two states of the inputs, both rendered.
#[derive(Clone, Copy)]
pub struct Both<'a> {
    /// What is merged.
    pub base: &'a State,
    /// Its cells.
    pub base_cells: &'a [RenderedCell],
    /// What the change makes of it.
    pub proposed: &'a State,
    /// Its cells.
    pub proposed_cells: &'a [RenderedCell],
}

/// What one owner's files do alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Who writes them, as the watch rules say; charts and what nobody watches are this project's.
    pub owner: String,
    /// The files of theirs that differ.
    pub files: Vec<String>,
    /// How much changes.
    pub size: Size,
}

/// How much changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Releases that differ.
    pub releases: usize,
    /// Objects of theirs that differ.
    pub objects: usize,
    /// Lines of these that differ, those that are gone and those that are new.
    pub lines: usize,
}

impl Size {
    /// The size of a report.
    pub fn of(report: &Report) -> Size {
        let objects = || report.cells.iter().flat_map(|c| &c.objects);
        let lines = objects().flat_map(|o| &o.lines).filter(|l| l.tag != Tag::Equal);
        Size { releases: report.cells.len(), objects: objects().count(), lines: lines.count() }
    }
}

/// The files that are meant by a path as deployed, a pattern of such paths, or an owner of a watch rule.
///
/// # Errors
/// There is no such layer.
pub fn layers(both: Both<'_>, named: &[String]) -> Result<BTreeSet<String>, Error> {
    let all = owners(both)?;
    let mut found = BTreeSet::new();
    for name in named {
        let pattern = glob(name).map(|g| g.compile_matcher());
        let before = found.len();
        for (path, owner) in &all {
            if path == name || owner == name || pattern.as_ref().is_ok_and(|p| p.is_match(path)) {
                found.insert(path.clone());
            }
        }
        if found.len() == before && !all.iter().any(|(p, o)| p == name || o == name) {
            let mut known: Vec<String> = all.values().cloned().collect();
            known.sort();
            known.dedup();
            let near = crate::similar(name, all.keys().chain(&known).map(String::as_str));
            let diagnostic = Diagnostic::error(
                "unknown-layer",
                format!("no release has a layer `{name}`, and nobody of that name owns one"),
            );
            return Err(match near {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.note(format!("owners are: {}", known.join(", "))),
            }
            .into());
        }
    }
    Ok(found)
}

/// All files of both states, with their owners.
fn owners(both: Both<'_>) -> Result<BTreeMap<String, String>, Error> {
    let watch = Watch::new(&both.proposed.project.watch)?;
    let mut found = BTreeMap::new();
    for cell in both.base.cells.iter().chain(&both.proposed.cells) {
        for layer in &cell.layers {
            match watch.rule(&layer.path, &cell.cell.namespace) {
                Some(rule) => {
                    found.insert(layer.path.clone(), watch.get(rule).owner.clone());
                }
                None => {
                    found.entry(layer.path.clone()).or_insert_with(|| UNWATCHED.to_string());
                }
            }
        }
    }
    for input in both.base.inputs.iter().chain(&both.proposed.inputs) {
        if !found.contains_key(&input.path)
            && let Some(rule) = watch.rule_for_any(&input.path)
        {
            found.insert(input.path.clone(), watch.get(rule).owner.clone());
        }
    }
    Ok(found)
}

/// A part of a change, as a state of its own, rendered.
///
/// # Errors
/// The mixture does not render.
pub fn part(
    session: &Session,
    both: Both<'_>,
    chosen: &BTreeSet<String>,
    part: PartOf,
) -> Result<(State, Vec<RenderedCell>), Error> {
    let (start, other) = match part {
        PartOf::Without => (both.proposed, both.base),
        PartOf::Only => (both.base, both.proposed),
    };
    let cells = start
        .cells
        .iter()
        .map(|cell| mixed(cell, other.cells.iter().find(|o| o.cell == cell.cell), chosen))
        .collect();
    let mut inputs: Vec<Input> = start.inputs.iter().filter(|i| !chosen.contains(&i.path)).cloned().collect();
    inputs.extend(other.inputs.iter().filter(|i| chosen.contains(&i.path)).cloned());
    inputs.sort_by(|a, b| a.path.cmp(&b.path));
    let state = start.with(cells, inputs);
    let known = [(both.base, both.base_cells), (both.proposed, both.proposed_cells)];
    let rendered = render_beside(session, &state, &known)?;
    Ok((state, rendered))
}

/// A cell with some of its layers from another state. A layer that the other state does not have is absent.
fn mixed(cell: &CellInputs, other: Option<&CellInputs>, chosen: &BTreeSet<String>) -> CellInputs {
    let mut cell = cell.clone();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for layer in &mut cell.layers {
        // settings of a service and of a release are two layers of one file
        let nth = seen.entry(layer.path.clone()).or_default();
        let at = *nth;
        *nth += 1;
        if !chosen.contains(&layer.path) {
            continue;
        }
        let theirs = other.and_then(|o| o.layers.iter().filter(|l| l.path == layer.path).nth(at));
        *layer = match theirs {
            Some(theirs) => theirs.clone(),
            None => Layer { path: layer.path.clone(), source: None, value: None, private: layer.private },
        };
    }
    cell
}

/// The share of each owner in a change: what their files change alone. Where two must change together for a line to
/// change, it is in nobody's share; where either does, in both.
///
/// # Errors
/// A mixture does not render.
pub fn shares(session: &Session, both: Both<'_>, options: &DiffOptions) -> Result<Vec<Share>, Error> {
    let source =
        |state: &State, path: &str| state.inputs.iter().find(|i| i.path == path).and_then(|i| i.source);
    let owners = owners(both)?;
    let mut by_owner: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, owner) in &owners {
        if source(both.base, path) != source(both.proposed, path) {
            by_owner.entry(owner.clone()).or_default().insert(path.clone());
        }
    }
    let mut found = Vec::new();
    let against = Against::Inputs(both.base, both.base_cells);
    let mut add = |owner: String, paths: &BTreeSet<String>, mixture: (State, Vec<RenderedCell>)| {
        let (state, cells) = mixture;
        let size = Size::of(&diff(session, &state, &cells, against, options)?);
        found.push(Share { owner, files: paths.iter().cloned().collect(), size });
        Ok::<(), Error>(())
    };
    // charts, releases and settings are no files of layers: what changes with all of those left at base
    let all: BTreeSet<String> = owners.into_keys().filter(|p| p.starts_with('/')).collect();
    for (owner, paths) in &by_owner {
        if owner != UNWATCHED {
            add(owner.clone(), paths, part(session, both, paths, PartOf::Only)?)?;
        }
    }
    let own = by_owner.remove(UNWATCHED).unwrap_or_default();
    let (state, cells) = part(session, both, &all, PartOf::Without)?;
    if cells.len() != both.base_cells.len()
        || state.cells.iter().zip(&both.base.cells).any(|(a, b)| !a.renders_as(b))
    {
        add(UNWATCHED.to_string(), &own, (state, cells))?;
    }
    Ok(found)
}
