//! What is wrong, or looks wrong, with a chart: what `helm lint` checks, and more.
//!
//! Errors are what `helm lint` fails on. Warnings are most likely mistakes, whoever finds them; notes are worth knowing.
//! What `helm lint` finds is told apart ([`Findings::helm`]), so that a caller can fail where it does.
//!
//! In reading order: `findings`, `chart_file`, `files`, `values` and `objects` over `documents` (what Helm checks), `reads` (which values templates read, over
//! `paths` and `shape`), `unset` and `unread` (what follows from it), `defines`, `calls`, `printed`.

mod addresses;
mod calls;
mod chart_file;
mod defines;
mod deprecated;
mod documents;
mod explanations;
mod faults;
mod files;
mod findings;
mod objects;
mod paths;
mod printed;
mod reads;
mod shape;
mod suggest;
mod templates;
mod unread;
mod unset;
mod values;

pub use explanations::EXPLANATIONS;
pub use findings::Findings;

use crate::charts::Charts;
use crate::engine::{FaultKind, Program, Rendered};
use crate::error::Error;
use crate::file::File;
use crate::functions::functions;
use crate::load;
use crate::schema::{self, Fetch, Mismatch};
use crate::settle::{Settled, settle_twice};
use crate::{Capabilities, Options, Release};
use mwrender_diagnostic::{Diagnostic, SourceMap, Span};
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
    /// Whether values are checked against `values.schema.json` of the chart alone, as `helm lint` does where schemas
    /// are to be skipped, and not with those of the charts below it.
    pub skip_schema: bool,
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

/// Looks at a chart.
///
/// An empty list of files is an error, too: there is no `Chart.yaml`.
pub fn lint(request: Request<'_>, sources: &mut SourceMap) -> Findings {
    let mut findings = Findings::default();
    look(request, sources, &mut findings);
    findings.sorted()
}

/// Why `helm lint` says nothing of templates where values are no map.
const UNSETTLED: &str =
    "helm lint says nothing of it, and looks at no template where values are not of their kind";

/// Why it says nothing of them where there is no folder.
const NO_FOLDER: &str = "helm lint does not get here: it stops where `templates` is no folder";

fn look(mut request: Request<'_>, sources: &mut SourceMap, findings: &mut Findings) {
    let Some(chart_file) = request.files.iter_mut().find(|file| &*file.name == "Chart.yaml") else {
        let headline = format!("{} has no Chart.yaml", request.name);
        return findings.helms([Diagnostic::error("invalid-chart", headline)]);
    };
    register(chart_file, request.name, sources);
    let chart_file = chart_file.clone();
    findings.helms(chart_file::check(&chart_file));
    findings.ours(chart_file::words(&chart_file));
    findings.helms(files::present(&request.files, &chart_file));
    for file in &mut request.files {
        if matches!(&*file.name, "values.yaml" | "values.schema.json") {
            register(file, request.name, sources);
        }
    }
    let own_values = values::Files::of(&request.files);
    let has_folder = !request.files.iter().any(|file| &*file.name == "templates");
    let files = std::mem::take(&mut request.files);
    let loaded = match load::folder(files, request.name, sources) {
        Ok(loaded) => loaded,
        Err(error) => {
            let unusable = unusable(error, &chart_file, findings);
            return findings.helms(unusable);
        }
    };
    let own = format!("{}/", request.name);
    let inner = format!("{own}charts/");
    findings.ours(loaded.diagnostics.into_iter().filter(|diagnostic| {
        let place = diagnostic.primary_span().and_then(|span| sources.location(span.start));
        place.is_none_or(|place| place.file.starts_with(&*own) && !place.file.starts_with(&*inner))
    }));
    findings.helms(chart_file::dependencies(&loaded.chart));
    let (of_values, given) = own_values.check(&loaded.chart, &request);
    findings.helms(of_values);
    let mut inner = Findings::default();
    let settled = settle_twice(&loaded.chart, &given, NullHandling::default());
    match settled {
        Ok(settled) => {
            inner.helms(files::templates(&loaded.chart));
            if !request.skip_schema {
                let mismatch = schema::check(&settled, request.fetch).err();
                inner.helms(mismatch.iter().flat_map(Mismatch::diagnostics));
            }
            let subject = Subject { settled: &settled, given: request.given, sources };
            templates(&subject, &request, &mut inner);
            if has_folder {
                findings.merge(inner);
            } else {
                findings.unreached(inner, NO_FOLDER);
            }
        }
        Err(error) => {
            inner.helms(files::templates(&loaded.chart));
            inner.helms(unusable(error, &chart_file, findings));
            findings.unreached(inner, UNSETTLED);
        }
    }
}

/// Puts a text into the source map.
fn register(file: &mut File, name: &str, sources: &mut SourceMap) {
    if let Some(text) = file.text() {
        let id = sources.add(format!("{name}/{}", file.name), text);
        file.start = sources.get(id).start();
    }
}

/// Why there is no chart, unless that was found already.
fn unusable(error: Error, chart_file: &File, findings: &Findings) -> Vec<Diagnostic> {
    if findings.has_errors() && error.text.starts_with("validation:") {
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
fn templates(subject: &Subject<'_>, request: &Request<'_>, findings: &mut Findings) {
    let charts = &subject.settled.charts;
    let funcs = Arc::new(functions());
    let templates = templates::templates(charts, &funcs);
    let faults: Vec<Diagnostic> =
        templates.iter().filter_map(|template| faults::parse(template, &funcs)).collect();
    if faults.is_empty() {
        rendered(subject, request, findings);
    }
    findings.helms(faults);
    findings.ours(defines::check(&templates));
    findings.ours(calls::check(&templates));
    findings.ours(values(subject, &templates, &funcs));
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
fn rendered(subject: &Subject<'_>, request: &Request<'_>, findings: &mut Findings) {
    let charts = &subject.settled.charts;
    let program = match Program::compile(charts) {
        Ok(program) => program,
        Err(fault) => return findings.helms([faults::render(&fault)]),
    };
    let render = |lenient| -> Result<Rendered, _> {
        let options = Options { track: true, lenient, ..request.options };
        program.render(subject.settled, request.release, request.capabilities, options)
    };
    let result = match render(false) {
        Err(fault) if fault.kind == FaultKind::Refused => {
            findings.helms([faults::render(&fault)]);
            render(true)
        }
        result => result,
    };
    let rendered = match result {
        Ok(rendered) => rendered,
        Err(fault) => return findings.helms([faults::render(&fault)]),
    };
    let own = charts.full_path(Charts::ROOT);
    for file in &charts.get(Charts::ROOT).chart.templates {
        let path = format!("{own}/{}", file.name);
        if let Some(text) = rendered.files.iter().find(|rendered| *rendered.path == *path) {
            findings.merge(objects::check(&rendered, text, file.start, request.capabilities));
        }
    }
    findings.ours(printed::check(subject, &rendered, &format!("{own}/templates/")));
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
