//! Naming the causes of an object's changed lines.

use super::compare::{DiffLine, ObjectDiff, PodChange, RemovedOrigin, Restarts};
use super::origins::{Place, Reference, Resolver};
use super::rendering::Sides;
use super::{DiffOptions, secrets};
use crate::error::Error;
use crate::render::{RenderedCell, RenderedObject};
use crate::session::Session;
use crate::state::CellInputs;
use crate::tracker::Tracker;
use crate::watch::HotReloads;
use mwrender_diagnostic::Pos;
use mwrender_diff::data;
use mwrender_diff::impact;
use mwrender_diff::lines::{self, Line, Tag};
use mwrender_diff::pods;
use mwrender_diff::words::changed_words;
use mwrender_diff::{Change, LineOrigin, cause};
use mwrender_manifest::Object;
use mwrender_template::{Cause, How, Part, Tracked};
use mwrender_values::path::Path;
use mwrender_values::{Data, Value};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// An object of the old side.
pub(super) struct Old<'a> {
    pub(super) object: Object,
    pub(super) rendered: Option<(&'a RenderedCell, &'a CellInputs, usize)>,
}

/// What naming causes needs.
pub(super) struct Context<'a> {
    pub(super) session: &'a Session,
    pub(super) resolver: &'a Resolver,
    pub(super) options: &'a DiffOptions,
    pub(super) hot_reloads: &'a HotReloads,
}

/// The tracked render of a template. That it fails where the plain one did not is an error: without origins nobody can
/// say that a change is not flagged.
fn track<'t>(tracker: &'t mut Tracker<'_>, template: usize) -> Result<&'t Tracked, Error> {
    let cell = tracker.cell();
    tracker.get(template).map_err(|fault| {
        let note = format!("the origins of what {} renders cannot be had", cell.cell);
        Error::Diagnostics(vec![fault.clone().note(note)])
    })
}

impl Context<'_> {
    pub(super) fn object(
        &self,
        cell: &RenderedCell,
        object: &RenderedObject,
        old: Option<&Old<'_>>,
        tracked: &mut Tracker<'_>,
        old_tracked: &mut Option<Tracker<'_>>,
    ) -> Result<ObjectDiff, Error> {
        let new = &object.object;
        let raw = match old {
            Some(old) => lines::diff_objects(&new.key.kind, &old.object.value, &new.value),
            None => lines::all_lines(&new.value, Tag::Insert),
        };
        let words = pair_words(&raw);
        let inputs = tracked.inputs();
        let source = Some(track(tracked, object.template)?);
        let mut approximate = source.is_some_and(|t| !t.exact);
        let old_rendered = old.and_then(|o| o.rendered);
        let both = old_tracked.as_ref().map(|t| (t.cell(), t.inputs()));
        let old_source = match (old_rendered, old_tracked.as_mut()) {
            (Some((_, _, template)), Some(tracked)) => Some(track(tracked, template)?),
            _ => None,
        };
        approximate |= old_source.is_some_and(|t| !t.exact);
        let held = match (source, both) {
            (Some(source), None) if old.is_some() => held(source, &raw),
            _ => HashSet::new(),
        };
        let mut lines: Vec<DiffLine> = Vec::with_capacity(raw.len());
        // changed lines of which no named value differs
        let mut unexplained: Vec<usize> = Vec::new();
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
                        let differs = self.attribute(&mut result, &origin, cell, both, changed.paired);
                        if both.is_some() && !differs {
                            unexplained.push(lines.len());
                        }
                    }
                }
                Tag::Delete => match (old_source, both) {
                    (Some(source), Some((old_cell, _))) => {
                        let origin = cause::origin(source, line, line.old, changed.ranges.as_deref());
                        let differs = self.attribute(
                            &mut result,
                            &origin,
                            old_cell,
                            Some((cell, inputs)),
                            changed.paired,
                        );
                        result.removed = Some(RemovedOrigin::Known);
                        // a hash depends on all that is hashed: where nothing of it is gone, what is new tells
                        if !differs && changed.paired && result.causes.iter().any(|c| c.how == How::Hash) {
                            result.causes.clear();
                            result.removed = Some(RemovedOrigin::Replaced);
                        } else if !differs {
                            unexplained.push(lines.len());
                        }
                    }
                    _ if changed.paired => result.removed = Some(RemovedOrigin::Replaced),
                    _ => {}
                },
            }
            lines.push(result);
        }
        if approximate && both.is_some() {
            unexplained = (0..raw.len()).filter(|i| raw[*i].tag != Tag::Equal).collect();
        }
        if let (false, Some(before), Some((old_cell, _))) = (unexplained.is_empty(), old, both) {
            let sides = Sides { before: &before.object, now: object, old: old_cell, new: cell, inputs };
            self.by_rendering(&sides, &raw, &mut lines, &unexplained);
        }
        if let Some(source) = source {
            self.near(&raw, &mut lines, source, cell);
        }
        if !self.options.show_secrets {
            secrets::hide(self.session, &new.key, &raw, &mut lines, source, old_source);
        }
        let (replicas, immutable) = match old {
            Some(old) => {
                let all = cell.objects.iter().map(|o| &o.object);
                let replicas =
                    impact::restarts(&old.object, new).then(|| impact::replicas(new, all)).flatten();
                (replicas, impact::immutable_changes(&old.object, new))
            }
            None => (None, Vec::new()),
        };
        let restarts = old.zip(replicas).map(|(old, replicas)| {
            let old_side = old_source.zip(both.map(|(cell, _)| cell));
            let changes = self.pod_changes(&old.object, new, (source, cell, inputs), old_side, both);
            // whether they are spurious is known when all objects of the release are
            Restarts { replicas, changes, spurious: false }
        });
        let change = if old.is_some() { Change::Changed } else { Change::Added };
        Ok(ObjectDiff { key: new.key.clone(), change, lines, restarts, immutable, approximate })
    }

    /// What changed in a pod template, field by field, with its causes.
    fn pod_changes(
        &self,
        old: &Object,
        new: &Object,
        (source, cell, inputs): (Option<&Tracked>, &RenderedCell, &CellInputs),
        old_side: Option<(&Tracked, &RenderedCell)>,
        other: Option<(&RenderedCell, &CellInputs)>,
    ) -> Vec<PodChange> {
        let (Some(before), Some(now)) = (impact::pod_template(old), impact::pod_template(new)) else {
            return Vec::new();
        };
        let mut found: Vec<PodChange> = Vec::new();
        for change in data::changes(before, now) {
            let mut line = bare(Line {
                tag: Tag::Insert,
                text: String::new(),
                old: Pos::NONE,
                new: Pos::NONE,
                embedded: false,
            });
            let raw =
                Line { tag: line.tag, text: String::new(), old: Pos::NONE, new: Pos::NONE, embedded: false };
            let paired = change.old.is_some() && change.new.is_some();
            match (&change.new, source, &change.old, old_side) {
                (Some(value), Some(source), ..) if value.origin.is_some() => {
                    let origin = cause::origin(source, &raw, value.origin, None);
                    self.attribute(&mut line, &origin, cell, other, paired);
                }
                (None, _, Some(value), Some((source, old_cell))) if value.origin.is_some() => {
                    let origin = cause::origin(source, &raw, value.origin, None);
                    self.attribute(&mut line, &origin, old_cell, Some((cell, inputs)), paired);
                }
                _ => {}
            }
            let template = line.template.pop().filter(|_| line.template_changed);
            let whole = if change.new.is_some() { now } else { before };
            let field = pods::field(whole, &change.path);
            // a hash over a text of several parts counts as computed from them
            let digest = |v: &Value| {
                v.as_str().is_some_and(|t| t.len() >= 32 && t.bytes().all(|b| b.is_ascii_hexdigit()))
            };
            let hash = line.causes.iter().any(|c| c.how == How::Hash)
                || change.new.as_ref().is_some_and(digest)
                    && line.causes.iter().any(|c| c.how == How::Operand);
            found.push(PodChange { field, hash, causes: line.causes, template });
        }
        found
    }

    /// An object that is on the old side only. Where its inputs are known, so is what made it: only values that are
    /// others now, or gone, count; all of them if the whole cell is gone.
    pub(super) fn removed(
        &self,
        old: &Old<'_>,
        tracked: Option<&mut Tracker<'_>>,
        new: Option<(&RenderedCell, &CellInputs)>,
    ) -> Result<ObjectDiff, Error> {
        let raw = lines::all_lines(&old.object.value, Tag::Delete);
        let mut lines: Vec<DiffLine> = raw.iter().cloned().map(bare).collect();
        let cell = tracked.as_ref().map(|t| t.cell());
        let source = match (old.rendered, tracked) {
            (Some((_, _, template)), Some(tracked)) => Some(track(tracked, template)?),
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
        Ok(ObjectDiff {
            key: old.object.key.clone(),
            change: Change::Removed,
            lines,
            restarts: None,
            immutable: Vec::new(),
            approximate: source.is_some_and(|t| !t.exact),
        })
    }

    /// An object that is gone and whose inputs are not known: the lists and conditions that generate the objects of
    /// its kind that are still there.
    pub(super) fn beside(
        &self,
        removed: &mut ObjectDiff,
        cell: &RenderedCell,
        tracked: &mut Tracker<'_>,
    ) -> Result<(), Error> {
        let siblings = cell.objects.iter().filter(|o| o.object.key.kind == removed.key.kind);
        let mut origin = LineOrigin::default();
        for sibling in siblings.take(2) {
            let source = track(tracked, sibling.template)?;
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
        Ok(())
    }

    /// Fills in where a line came from. `other` is the other side's cell, where its inputs are known: then only
    /// values that differ count. Tells whether there are such, or a template line that changed.
    fn attribute<'o>(
        &self,
        line: &mut DiffLine,
        origin: &'o LineOrigin,
        cell: &RenderedCell,
        other: Option<(&RenderedCell, &CellInputs)>,
        paired: bool,
    ) -> bool {
        let sources = self.session.sources();
        line.template = origin.chain.iter().filter_map(|p| sources.location(*p)).map(Place::from).collect();
        let mut differs = false;
        let mut causes: Vec<&'o Cause> =
            origin.causes.iter().filter(|c| sources.find(c.line).is_some()).collect();
        if let Some((other, inputs)) = other {
            line.template_changed = origin.chain.last().is_some_and(|p| self.is_new_line(*p, inputs));
            // the lines of a text are one value
            let mut known: HashMap<(Pos, &Part, bool), bool> = HashMap::new();
            let mut differs_here = |c: &&'o Cause| {
                let value = (c.origin, &c.part, c.how == How::Conditional);
                *known.entry(value).or_insert_with(|| self.differs(c, cell, other))
            };
            let differing: Vec<&Cause> = causes.iter().copied().filter(|c| differs_here(c)).collect();
            if !differing.is_empty() || line.template_changed {
                causes = self.leaves(&differing, cell, other);
                self.only_changed_lines(&mut causes, cell, other);
                differs = true;
            }
        } else if paired && causes.iter().any(|c| c.how != How::Conditional) {
            // the line stands for another one: it was there before, so no condition made it appear
            causes.retain(|c| c.how != How::Conditional);
        }
        let mut references: Vec<Reference> = Vec::new();
        for cause in causes {
            let reference = match other {
                Some((other, _)) => self.resolver.resolve_beside(self.session, cell, other, cause),
                None => self.resolver.resolve(self.session, cell, cause),
            };
            if let Some(reference) = reference
                && !references.iter().any(|r| r.place == reference.place && r.path == reference.path)
            {
                references.push(reference);
            }
        }
        // that a value is in the line says more than that it also decided that the line is there
        let told: HashSet<String> =
            references.iter().filter(|r| r.how < How::Conditional).map(|r| r.path.clone()).collect();
        references.retain(|r| r.how != How::Conditional || !told.contains(&r.path));
        line.causes = references;
        differs
    }

    /// Of the values in a hash, those that say most: of a list or map that is on both sides what differs in it, of one
    /// that is on this side only itself, and not all that is in it; of a text its lines that the other side does not
    /// have.
    fn leaves<'c>(&self, causes: &[&'c Cause], cell: &RenderedCell, other: &RenderedCell) -> Vec<&'c Cause> {
        let told: Vec<Hashed<'_>> = causes
            .iter()
            .map(|cause| {
                let path = self.resolver.cause_path(self.session, cause).filter(|_| cause.how == How::Hash);
                let both = path.as_ref().map(|p| self.resolver.both(p, &cell.values, &other.values));
                let (here, there) = both.unwrap_or_default();
                Hashed { new: path.is_some() && there.is_none(), path, here, there }
            })
            .collect();
        let under = |inner: &Path, outer: &Path| {
            inner.segments().len() > outer.segments().len() && inner.segments().starts_with(outer.segments())
        };
        // thousands of lines are of few texts
        let paths: HashMap<&Path, bool> =
            told.iter().filter_map(|o| Some((o.path.as_ref()?, o.new))).collect();
        let mut better: HashMap<&Path, bool> = HashMap::new();
        let mut texts: HashMap<&Path, Option<HashSet<Pos>>> = HashMap::new();
        let mut found = Vec::new();
        for (cause, hashed) in causes.iter().zip(&told) {
            let Some(path) = &hashed.path else {
                found.push(*cause);
                continue;
            };
            let said_better = *better.entry(path).or_insert_with(|| {
                paths
                    .iter()
                    .filter(|(o, _)| **o != path)
                    .any(|(o, new)| (*new && under(path, o)) || (!hashed.new && under(o, path)))
            });
            let lines = texts.entry(path).or_insert_with(|| changed_lines(hashed.here, hashed.there));
            if !said_better && lines.as_ref().is_none_or(|lines| lines.contains(&cause.line)) {
                found.push(*cause);
            }
        }
        found
    }

    /// Where one line shows several lines of a text, those that the other side does not have say most.
    fn only_changed_lines(&self, causes: &mut Vec<&Cause>, cell: &RenderedCell, other: &RenderedCell) {
        let shown = |c: &&Cause| matches!(c.how, How::Direct | How::Operand) && c.part == Part::Value;
        let mut texts: HashMap<Pos, Vec<Pos>> = HashMap::new();
        for cause in causes.iter().filter(|c| shown(c)) {
            texts.entry(cause.origin).or_default().push(cause.line);
        }
        for (origin, lines) in texts.into_iter().filter(|(_, lines)| lines.len() > 1) {
            let text = causes.iter().find(|c| c.origin == origin && shown(c));
            let path = text.and_then(|cause| self.resolver.cause_path(self.session, cause));
            let both = path.map(|path| self.resolver.both(&path, &cell.values, &other.values));
            let Some(changed) = both.and_then(|(here, there)| changed_lines(here, there)) else { continue };
            if lines.iter().any(|line| changed.contains(line)) {
                causes.retain(|c| c.origin != origin || !shown(c) || changed.contains(&c.line));
            }
        }
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
        // what the chart's metadata says is no path among the values
        let metadata = |cell: &RenderedCell| cell.context.get("chart").cloned();
        let field = metadata(cell).and_then(|chart| {
            let mut fields = chart.as_map()?.iter();
            fields
                .find(|(_, field)| field.value.origin == cause.origin)
                .map(|(key, field)| (key.clone(), field.value.clone()))
        });
        if let Some((key, here)) = field {
            return metadata(other).as_ref().and_then(|chart| chart.get(&key)) != Some(&here);
        }
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

/// The conditions under which lines stand that were there before: they held before too.
fn held(source: &Tracked, raw: &[Line]) -> HashSet<(Pos, Part)> {
    raw.iter()
        .filter(|l| l.tag == Tag::Equal && l.new.is_some())
        .flat_map(|l| cause::origin(source, l, l.new, None).causes)
        .filter(|c| c.how == How::Conditional)
        .map(|c| (c.line, c.part))
        .collect()
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
        rendered: false,
    }
}

/// A value in a hash, on both sides.
struct Hashed<'v> {
    path: Option<Path>,
    here: Option<&'v Value>,
    there: Option<&'v Value>,
    /// Whether it is on this side only.
    new: bool,
}

/// Where the lines of a text begin that another text does not have; where it has all, the first one that is at
/// another place. Nothing if these are not two texts of several lines.
fn changed_lines(here: Option<&Value>, there: Option<&Value>) -> Option<HashSet<Pos>> {
    let (Data::String(here), Data::String(there)) = (&here?.data, &there?.data) else { return None };
    let starts = here.lines.as_ref()?;
    let others: HashSet<&str> = there.text.lines().collect();
    let own = || here.text.lines().zip(starts.iter().copied());
    let mut found: HashSet<Pos> = own().filter(|(l, _)| !others.contains(l)).map(|(_, at)| at).collect();
    if found.is_empty() {
        let mut old = there.text.lines();
        let moved = own().find(|(line, _)| old.next() != Some(line));
        found.extend(moved.or_else(|| own().last()).map(|(_, at)| at));
    }
    Some(found)
}

fn is_container(value: &Value) -> bool {
    value.as_list().is_some() || value.as_map().is_some()
}

fn is_empty(value: &Value) -> bool {
    value.as_list().is_none_or(<[Value]>::is_empty) && value.as_map().is_none_or(|m| m.is_empty())
}

/// A hash depends on everything that was hashed. Against manifests alone it is not known which of it changed; what
/// other changed lines of the release come from tells.
pub(super) fn narrow_hashes(objects: &mut [ObjectDiff]) {
    let changed = |l: &&DiffLine| l.tag != Tag::Equal;
    let others: HashSet<Reference> = objects
        .iter()
        .flat_map(|o| o.lines.iter().filter(changed))
        .flat_map(|l| &l.causes)
        .filter(|c| matches!(c.how, How::Direct | How::Operand))
        .map(|c| Reference { how: How::Hash, ..c.clone() })
        .collect();
    for object in objects {
        let lines = object.lines.iter_mut().map(|l| &mut l.causes);
        let fields = object.restarts.iter_mut().flat_map(|r| &mut r.changes).map(|c| &mut c.causes);
        for causes in lines.chain(fields) {
            if causes.iter().any(|c| c.how == How::Hash && others.contains(c)) {
                causes.retain(|c| c.how != How::Hash || others.contains(c));
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of `new`, from 0, that are told of where a text is in a hash.
    fn told(old: &str, new: &str) -> Option<Vec<u32>> {
        let mut sources = mwrender_diagnostic::SourceMap::default();
        let mut read = |name: &str, text: &str| {
            let id = sources.add(name, format!("|\n  {}\n", text.replace('\n', "\n  ")));
            let source = sources.get(id);
            let read = mwrender_values::read::read(source.text(), source.start());
            read.ok().map(mwrender_values::read::Read::into_value)
        };
        let (old, new) = (read("old", old), read("new", new));
        let found = changed_lines(new.as_ref(), old.as_ref())?;
        let Data::String(text) = &new.as_ref()?.data else { return None };
        let starts = text.lines.as_ref()?;
        Some((0..).zip(starts.iter()).filter(|(_, at)| found.contains(at)).map(|(i, _)| i).collect())
    }

    #[test]
    fn lines_of_a_text_in_a_hash() {
        assert_eq!(told("a\nb\nc", "a\nx\nc\nz"), Some(vec![1, 3]));
        // lines that are gone show where the next one stands now
        assert_eq!(told("a\nb\nc", "a\nc"), Some(vec![1]));
        assert_eq!(told("a\nb", "b\na"), Some(vec![0]));
        assert_eq!(told("a\nb\nc", "a\nb"), Some(vec![1]));
    }
}
