//! Errors of templates, told with places: the line, what included it, and where the values on it come from.

use super::Failure;
use mwrender_diagnostic::{Diagnostic, Pos, SourceMap, Span};
use mwrender_helm::engine::{Fault, FaultKind, Rendered};
use mwrender_helm::manifests::ManifestError;
use mwrender_helm::{Charts, Settled};
use mwrender_values::{Path as ValuePath, Segment, Value};
use std::path::Path;

/// What errors are told from.
pub(super) struct Context<'c> {
    pub(super) settled: &'c Settled,
    /// The layers, without the chart's defaults: nulls are still in there.
    pub(super) given: &'c Value,
    pub(super) path: &'c Path,
}

/// So many origins are shown; the rest says no more.
const MOST: usize = 6;

impl Context<'_> {
    pub(super) fn fault(&self, fault: &Fault, sources: &SourceMap) -> Failure {
        let mut diagnostic = Diagnostic::error(id(fault.kind), first_line(&fault.message));
        let known: Vec<_> = fault.frames.iter().filter(|frame| frame.at.is_some()).collect();
        if let Some((last, outer)) = known.split_last() {
            let text = fault.message.split('"').nth(1).filter(|_| last.node.is_empty());
            diagnostic = diagnostic.primary(node(sources, last.at, text.unwrap_or(&last.node)), "");
            // the innermost of many are the ones to look at
            for frame in outer.iter().rev().take(MOST) {
                diagnostic = diagnostic.secondary(node(sources, frame.at, &frame.node), "included from here");
            }
        }
        for frame in fault.frames.iter().filter(|frame| !frame.at.is_some() && frame.file == "gotpl") {
            let note = format!("in a text that `tpl` was given, line {}: `{}`", frame.line, frame.node);
            diagnostic = diagnostic.note(note);
        }
        if let Some(last) = fault.frames.last() {
            let defaults = &self.settled.charts.get(Charts::ROOT).chart.values;
            let layers = Layers { given: self.given, defaults };
            if let Some(note) = layers.absent(&fault.message, &last.node, &last.file, sources) {
                diagnostic = diagnostic.note(note);
            }
        }
        for origin in fault.origins.iter().take(MOST).filter(|at| sources.find(**at).is_some()) {
            let Some((label, losers)) = self.value(*origin, sources) else { continue };
            diagnostic = diagnostic.secondary(Span::new(*origin, 1), label);
            for loser in losers {
                diagnostic = diagnostic.note(loser);
            }
        }
        Failure { text: fault.text.clone(), diagnostics: vec![diagnostic] }
    }

    /// What a value is, and what it replaced.
    fn value(&self, origin: Pos, sources: &SourceMap) -> Option<(String, Vec<String>)> {
        let (path, value) = find(&self.settled.values, origin, &mut Vec::new())?;
        // maps are laid over each other all the time
        let replaced = value.losers().filter(|_| value.as_map().is_none());
        let losers = replaced.filter_map(|loser| {
            let place = sources.location(loser.origin)?;
            Some(format!("`.Values.{path}` was {} in {place}", loser.kind_name()))
        });
        Some((format!("`.Values.{path}` is {} here", value.kind_name()), losers.take(MOST).collect()))
    }

    /// A document that is no manifest: the text as rendered, and the line of the template that made the place.
    pub(super) fn manifest(
        &self,
        error: ManifestError,
        rendered: &Rendered,
        tracked: Option<&Rendered>,
        sources: &mut SourceMap,
    ) -> Failure {
        let ManifestError { error, file: number, range } = error;
        let file = &rendered.files[number];
        let text = String::from_utf8_lossy(&file.text[range.clone()]).into_owned();
        let id = sources.add(format!("{} (rendered)", file.path), text);
        let start = sources.get(id).start();
        let tracked =
            tracked.filter(|tracked| tracked.files.get(number).is_some_and(|f| f.text == file.text));
        let diagnostics = error.diagnostics.into_iter().map(|mut diagnostic| {
            let mut made = None;
            for annotation in &mut diagnostic.annotations {
                if let Some(offset) = annotation.span.start.local_offset() {
                    annotation.span.start = start.offset(offset);
                    made = made.or(Some(range.start + offset as usize));
                }
            }
            let place = made.zip(tracked).and_then(|(at, tracked)| {
                let piece = tracked.files[number].pieces_in(at..at + 1).find(|p| !p.range().is_empty())?;
                tracked.places(piece).first().copied()
            });
            match place {
                Some(place) => {
                    diagnostic.secondary(Span::new(place, 1), "the text around it comes from here")
                }
                None => {
                    let chart = self.path.display();
                    diagnostic.note(format!("this is what a template of the chart in `{chart}` rendered"))
                }
            }
        });
        Failure { text: error.text, diagnostics: diagnostics.collect() }
    }
}

/// The values before nulls deleted anything.
pub(super) struct Layers<'v> {
    /// All layers merged, without the chart's defaults: nulls are still in there.
    pub(super) given: &'v Value,
    /// The chart's defaults.
    pub(super) defaults: &'v Value,
}

impl Layers<'_> {
    /// Why there is nothing at a path of the failing node, which is in a file.
    pub(super) fn absent(
        &self,
        message: &str,
        node: &str,
        file: &str,
        sources: &SourceMap,
    ) -> Option<String> {
        let field = message.strip_prefix("nil pointer evaluating interface {}.")?;
        let (_, steps) = node.trim_start_matches('$').split_once(".Values.")?;
        let steps: Vec<&str> = steps.split('.').take_while(|step| *step != field).collect();
        if steps.is_empty() {
            return None;
        }
        let shown = steps.join(".");
        let mut path = prefix(file);
        path.extend(steps.iter().map(|step| (*step).to_owned()));
        let given = path.iter().try_fold(self.given, |value, step| value.get(step));
        let default = self.default(&path, sources);
        let why = match given {
            Some(value) if value.is_null() => {
                let place = sources.location(value.origin).map_or_else(String::new, |l| format!(" by {l}"));
                let losers = value.losers().filter_map(|loser| {
                    Some(format!("was {} in {}", loser.kind_name(), sources.location(loser.origin)?))
                });
                let parts = std::iter::once(format!("set to null{place}")).chain(losers).chain(default);
                parts.collect::<Vec<_>>().join(", ")
            }
            _ => default.unwrap_or_else(|| "no file and no setting sets it".to_owned()),
        };
        Some(format!("`.Values.{shown}` is null here: {why}"))
    }

    /// What the chart's own values have at a path, if a null deleted it or is there.
    fn default(&self, path: &[String], sources: &SourceMap) -> Option<String> {
        let value = path.iter().try_fold(self.defaults, |value, step| value.get(step))?;
        let place = sources.location(value.origin)?;
        Some(if value.is_null() {
            format!("it is null in {place}")
        } else {
            format!("was {} in {place}", value.kind_name())
        })
    }
}

/// The keys under which the values of a file's chart are.
fn prefix(file: &str) -> Vec<String> {
    let folders = file.split("/templates/").next().unwrap_or_default();
    folders.split("/charts/").skip(1).map(str::to_owned).collect()
}

/// What a fault of a template is called.
pub(super) fn id(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Parse => "template-syntax",
        FaultKind::Refused => "template-refused",
        FaultKind::Fuel | FaultKind::Depth => "template-limit",
        _ => "template-error",
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// The place of a node, which Go gives the column of one of its later parts; where it is not found, of that part.
fn node(sources: &SourceMap, at: Pos, text: &str) -> Span {
    let Some(id) = sources.find(at) else { return Span::new(at, 1) };
    let source = sources.get(id);
    let offset = (at.raw() - source.start().raw()) as usize;
    let whole = source.text();
    let Some((before, after)) = whole.split_at_checked(offset) else { return Span::new(at, 1) };
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let rest = after.lines().next().unwrap_or_default();
    let end = offset + rest.len();
    let found = whole[line..end].match_indices(text).map(|(found, _)| line + found);
    let covers = |found: &usize| *found + text.len() > offset || rest.is_empty();
    match found.filter(covers).last().filter(|_| !text.is_empty()) {
        Some(found) => Span::new(source.start().offset(found as u32), text.len() as u32),
        None => Span::new(at, 1),
    }
}

/// The value that was read at a place, and the way to it.
fn find<'v>(value: &'v Value, at: Pos, steps: &mut Vec<Segment>) -> Option<(ValuePath, &'v Value)> {
    if value.origin == at && !steps.is_empty() {
        return Some((ValuePath::from(steps.clone()), value));
    }
    if let Some(map) = value.as_map() {
        for (key, entry) in map.iter() {
            steps.push(Segment::Key(std::sync::Arc::clone(key)));
            let found = find(&entry.value, at, steps);
            steps.pop();
            if found.is_some() {
                return found;
            }
        }
    }
    for (index, item) in value.as_list().into_iter().flatten().enumerate() {
        steps.push(Segment::Index(index));
        let found = find(item, at, steps);
        steps.pop();
        if found.is_some() {
            return found;
        }
    }
    None
}
