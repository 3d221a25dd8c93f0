//! What is wrong, or looks wrong, with a chart: what `helm lint` checks, and more.
//!
//! Errors are what `helm lint` fails on. Warnings are most likely mistakes, notes are worth knowing.
//!
//! In reading order: `chart_file`, `files` and `objects` (what Helm checks), `reads` (which values templates read, over
//! `paths` and `shape`), `unset` and `unread` (what follows from it), `defines`, `calls`, `printed`.

mod addresses;
mod calls;
mod chart_file;
mod defines;
mod deprecated;
mod explanations;
mod faults;
mod files;
mod objects;
mod paths;
mod printed;
mod reads;
mod shape;
mod suggest;
mod templates;
mod unread;
mod unset;

pub use explanations::EXPLANATIONS;

use crate::charts::Charts;
use crate::engine::{FaultKind, Program, Rendered};
use crate::error::Error;
use crate::file::File;
use crate::functions::functions;
use crate::load;
use crate::schema::{self, Fetch, Mismatch};
use crate::settle::{Settled, settle};
use crate::{Capabilities, Options, Release};
use mwrender_diagnostic::{Diagnostic, Severity, SourceMap, Span};
use mwrender_gotemplate::Funcs;
use mwrender_values::{Data, NullHandling, Value};
use std::sync::Arc;

/// What to look at.
#[derive(Clone, Debug)]
pub struct Request<'r> {
    /// The files of the chart, links followed.
    pub files: Vec<File>,
    /// The name of the folder, for messages.
    pub name: &'r str,
    /// The merged layers, without the defaults of charts.
    pub given: &'r Value,
    /// The release that is rendered.
    pub release: &'r Release,
    /// The cluster that is rendered for.
    pub capabilities: &'r Capabilities,
    /// Limits of the render.
    pub options: Options,
    /// Gets what schemas refer to on the network.
    pub fetch: &'r dyn Fetch,
}

/// What is looked at, once it is a chart.
#[derive(Clone, Copy)]
struct Subject<'s> {
    settled: &'s Settled,
    given: &'s Value,
    sources: &'s SourceMap,
}

/// Looks at a chart. What is found comes in the order of severity, then of places.
///
/// An empty list of files is an error, too: there is no `Chart.yaml`.
pub fn lint(request: Request<'_>, sources: &mut SourceMap) -> Vec<Diagnostic> {
    let mut found = look(request, sources);
    found.sort_by_key(|d| (std::cmp::Reverse(d.severity), d.primary_span().map(|span| span.start), d.id));
    found.dedup();
    found
}

fn look(mut request: Request<'_>, sources: &mut SourceMap) -> Vec<Diagnostic> {
    let Some(chart_file) = request.files.iter_mut().find(|file| &*file.name == "Chart.yaml") else {
        return vec![Diagnostic::error("invalid-chart", format!("{} has no Chart.yaml", request.name))];
    };
    if let Some(text) = chart_file.text() {
        let id = sources.add(format!("{}/Chart.yaml", request.name), text);
        chart_file.start = sources.get(id).start();
    }
    let chart_file = chart_file.clone();
    let mut found = chart_file::check(&chart_file);
    found.extend(files::present(&request.files, &chart_file));
    let files = std::mem::take(&mut request.files);
    let loaded = match load::folder(files, request.name, sources) {
        Ok(loaded) => loaded,
        Err(error) => {
            found.extend(unusable(error, &chart_file, &found));
            return found;
        }
    };
    let own = format!("{}/", request.name);
    let inner = format!("{own}charts/");
    found.extend(loaded.diagnostics.into_iter().filter(|diagnostic| {
        let place = diagnostic.primary_span().and_then(|span| sources.location(span.start));
        place.is_none_or(|place| place.file.starts_with(&*own) && !place.file.starts_with(&*inner))
    }));
    found.extend(chart_file::dependencies(&loaded.chart));
    found.extend(files::templates(&loaded.chart));
    match settle(&loaded.chart, request.given, NullHandling::default()) {
        Ok(settled) => {
            let mismatch = schema::check(&settled, request.fetch).err();
            found.extend(mismatch.iter().flat_map(Mismatch::diagnostics));
            let subject = Subject { settled: &settled, given: request.given, sources };
            found.extend(templates(&subject, &request));
        }
        Err(error) => found.extend(unusable(error, &chart_file, &found)),
    }
    found
}

/// Why there is no chart, unless that was found already.
fn unusable(error: Error, chart_file: &File, found: &[Diagnostic]) -> Vec<Diagnostic> {
    let known = found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    if known && error.text.starts_with("validation:") {
        return Vec::new();
    }
    let placed = error.diagnostics.iter().any(|diagnostic| diagnostic.primary_span().is_some());
    if placed && !error.text.starts_with("validation:") {
        return error.diagnostics;
    }
    let text = error.text.lines().next().unwrap_or_default();
    let text = text.strip_prefix("validation: ").unwrap_or(text).to_owned();
    let place = error.diagnostics.iter().find_map(Diagnostic::primary_span);
    let place = place.unwrap_or(Span::new(chart_file.start, 1));
    vec![Diagnostic::error("invalid-chart", text).primary(place, "")]
}

/// What the texts of templates say, and what they render.
fn templates(subject: &Subject<'_>, request: &Request<'_>) -> Vec<Diagnostic> {
    let charts = &subject.settled.charts;
    let funcs = Arc::new(functions());
    let templates = templates::templates(charts, &funcs);
    let mut found: Vec<Diagnostic> =
        templates.iter().filter_map(|template| faults::parse(template, &funcs)).collect();
    if found.is_empty() {
        found.extend(rendered(subject, request));
    }
    found.extend(defines::check(&templates));
    found.extend(calls::check(&templates));
    found.extend(values(subject, &templates, &funcs));
    found
}

/// What is read and what is set.
fn values(
    subject: &Subject<'_>,
    templates: &[templates::Template<'_>],
    funcs: &Arc<Funcs>,
) -> Vec<Diagnostic> {
    let charts = &subject.settled.charts;
    let texts = texts(charts, subject.given);
    let layers = vec![subject.given, &subject.settled.values];
    let mut reads = reads::reads(charts, templates, funcs, layers, &texts);
    unread::mark_dependencies(charts, &mut reads.paths);
    let mut found = unset::check(subject, &reads);
    found.extend(unread::check(subject, &reads));
    found
}

/// Renders the chart and looks at what comes of it.
fn rendered(subject: &Subject<'_>, request: &Request<'_>) -> Vec<Diagnostic> {
    let charts = &subject.settled.charts;
    let program = match Program::compile(charts) {
        Ok(program) => program,
        Err(fault) => return vec![faults::render(&fault)],
    };
    let render = |lenient| -> Result<Rendered, _> {
        let options = Options { track: true, lenient, ..request.options };
        program.render(subject.settled, request.release, request.capabilities, options)
    };
    let mut found = Vec::new();
    let result = match render(false) {
        Err(fault) if fault.kind == FaultKind::Refused => {
            found.push(faults::render(&fault));
            render(true)
        }
        result => result,
    };
    let rendered = match result {
        Ok(rendered) => rendered,
        Err(fault) => {
            found.push(faults::render(&fault));
            return found;
        }
    };
    let own = charts.full_path(Charts::ROOT);
    for file in &charts.get(Charts::ROOT).chart.templates {
        let path = format!("{own}/{}", file.name);
        if let Some(text) = rendered.files.iter().find(|rendered| *rendered.path == *path) {
            found.extend(objects::check(&rendered, text, file.start, request.capabilities));
        }
    }
    found.extend(printed::check(subject, &rendered, &format!("{own}/templates/")));
    found
}

/// Texts that are templates, perhaps: `tpl` may get them.
fn texts<'s>(charts: &'s Charts, given: &'s Value) -> Vec<&'s str> {
    let mut found = Vec::new();
    strings(given, &mut found);
    for id in charts.below(Charts::ROOT) {
        let chart = &charts.get(id).chart;
        strings(&chart.values, &mut found);
        found.extend(chart.files.iter().filter_map(|file| file.text()));
    }
    found.retain(|text| text.contains("{{"));
    found.sort_unstable();
    found.dedup();
    found
}

fn strings<'s>(value: &'s Value, found: &mut Vec<&'s str>) {
    match &value.data {
        Data::String(text) => found.push(&text.text),
        Data::List(items) => items.iter().for_each(|item| strings(item, found)),
        Data::Map(map) => map.values().for_each(|entry| strings(&entry.value, found)),
        _ => {}
    }
}
