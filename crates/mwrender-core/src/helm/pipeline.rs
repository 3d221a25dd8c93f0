//! Helm charts in the pipeline: directories with a `Chart.yaml`, whose templates are Go's.
//!
//! Their values are settled as Helm does it, their templates are executed together, and all else is as for our own
//! charts.

use super::network::Network;
use super::tell;
use crate::chart::{Chart, Defaults};
use crate::error::Error;
use crate::mounts::Mounts;
use crate::project::HelmSettings;
use crate::session::Session;
use crate::state::CellInputs;
use hmac::{Hmac, KeyInit, Mac};
use mwrender_diagnostic::{Diagnostic, Pos, SourceId, Span};
use mwrender_helm::engine::{self, Fault, Options, RenderedFile, Seed};
use mwrender_helm::schema::Mismatch;
use mwrender_helm::version::{Constraint, Version};
use mwrender_helm::{
    Capabilities, Charts, Decision, File, KubeVersion, Release, Settled, load, settle, with_values,
};
use mwrender_template::{Cause, How, Part, Pieces, Program, Rendered, Tracked};
use mwrender_values::coalesce::Coalesced;
use mwrender_values::path::Path;
use mwrender_values::{Data, NullHandling, Value};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

/// The file that makes a directory a Helm chart.
pub(crate) const METADATA: &str = "Chart.yaml";

/// What a project says about Helm, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    capabilities: Capabilities,
    nulls: NullHandling,
    skip_schema: bool,
}

impl Policy {
    /// # Errors
    /// A version is none.
    pub(crate) fn new(settings: &HelmSettings) -> Result<Policy, Error> {
        let mut capabilities = Capabilities::default();
        let mut nulls = NullHandling::default();
        if let Some(text) = &settings.version {
            let parsed = Version::parse(text).ok_or_else(|| {
                let what = format!("`{text}` is no version of Helm");
                Error::from(Diagnostic::error("project-file", what).help("write it as in `3.19.5`"))
            })?;
            let is = |text| Constraint::parse(text).is_ok_and(|constraint| constraint.matches(&parsed));
            nulls = match (is(">=3.19.5-0"), is(">=3.20.1-0")) {
                (_, true) => NullHandling::Since3_20_1,
                (true, false) => NullHandling::Since3_19_5,
                (false, false) => NullHandling::UpTo3_19_4,
            };
            capabilities.helm_version = format!("v{}", text.trim_start_matches('v'));
        }
        if let Some(text) = &settings.kube_version {
            capabilities.kube_version = KubeVersion::parse(text).map_err(|e| {
                Error::from(Diagnostic::error("project-file", format!("`{text}` is no version: {e}")))
            })?;
        }
        capabilities.api_versions.extend(settings.api_versions.iter().cloned());
        Ok(Policy { capabilities, nulls, skip_schema: settings.skip_schema_validation })
    }
}

/// Loads a Helm chart from the files below `directory`.
///
/// # Errors
/// It is none, it cannot be installed, or a template of it does not parse.
pub(crate) fn chart(
    session: &mut Session,
    mounts: &Mounts,
    (directory, name): (&str, &str),
    files: &[String],
    policy: &Policy,
) -> Result<Arc<Chart>, Error> {
    let mut read = Vec::new();
    let mut hash = Sha256::new();
    hash.update(format!("{directory}\n{policy:?}\n"));
    for path in files {
        let found = mounts.find(path)?.ok_or_else(|| {
            Error::from(Diagnostic::error("missing-file", format!("the link `{path}` leads to nothing")))
        })?;
        let bytes = found.read()?;
        hash.update(format!("{path}\n{}\n", bytes.len()));
        hash.update(&bytes);
        read.push((path, bytes));
    }
    let key: [u8; 32] = hash.finalize().into();
    if let Some(known) = session.helm_chart(&key) {
        return Ok(known);
    }
    let mut chart_files = Vec::new();
    for (path, bytes) in read {
        let below = path.strip_prefix(directory).unwrap_or(path).trim_start_matches('/');
        let mut file = File::new(below, &bytes);
        // texts that are in the source map have places; archives have none
        if file.text().is_some() {
            let mark = bytes.len() - file.data.len();
            let id = session.add_text(path, bytes, false)?;
            file.start = session.sources().get(id).start().offset(mark as u32);
        }
        chart_files.push(file);
    }
    let in_chart = |e: mwrender_helm::Error| in_chart(e, name);
    let loaded = load::folder(chart_files, directory, session.sources_mut()).map_err(in_chart)?;
    session.warn(&loaded.diagnostics);
    let helm = loaded.chart;
    installable(&helm, name)?;
    policy.capabilities.check(&helm.metadata).map_err(in_chart)?;
    let nothing = Value::empty_map(Pos::NONE);
    let settled = settle(&helm, &nothing, policy.nulls).map_err(in_chart)?;
    let mut files = Files::default();
    files.gather(session, &helm, &Path::default());
    let texts: Vec<SourceId> = files.defaults.iter().map(|d| d.source).chain(files.metadata).collect();
    session.parse(&texts)?;
    let metadata = files.metadata.and_then(|id| session.value(id).cloned());
    let program =
        HelmProgram { chart: Arc::clone(&helm), policy: policy.clone(), compiled: Mutex::default() };
    // faults of templates that need no values are known before anything is rendered
    program.compiled(&settled).map_err(|fault| Error::from(diagnostic(&fault, Pos::NONE)))?;
    let chart = Arc::new(Chart {
        name: name.to_string(),
        metadata: metadata.unwrap_or_else(|| Arc::new(nothing)),
        defaults: Arc::new(settled.values),
        defaults_sources: files.defaults,
        program: Box::new(program),
        template_sources: files.templates,
        helm: Some(HelmValues { chart: helm, nulls: policy.nulls, skip_schema: policy.skip_schema }),
    });
    session.keep_helm_chart(key, chart.clone());
    Ok(chart)
}

fn in_chart(error: mwrender_helm::Error, name: &str) -> Error {
    let note = format!("in the chart `{name}`");
    Error::Diagnostics(faults(error).into_iter().map(|d| d.note(note.clone())).collect())
}

/// What is wrong with a chart or its values: where no place is known, Helm's words alone.
fn faults(error: mwrender_helm::Error) -> Vec<Diagnostic> {
    if error.diagnostics.is_empty() {
        vec![Diagnostic::error("helm-chart", error.text)]
    } else {
        error.diagnostics
    }
}

/// Refuses what Helm refuses to install.
fn installable(chart: &mwrender_helm::Chart, name: &str) -> Result<(), Error> {
    let refused = |what: String| -> Error {
        let fault = Diagnostic::error("helm-chart", what);
        match chart.field_span("type").or_else(|| chart.field_span("name")) {
            Some(span) => fault.primary(span, "").into(),
            None => fault.into(),
        }
    };
    if chart.metadata.is_library() {
        return Err(refused(format!("the chart `{name}` is a library: other charts use it")));
    }
    match chart.missing().as_slice() {
        [] => Ok(()),
        missing => Err(refused(format!(
            "the chart `{name}` depends on charts that its directory `charts/` lacks: {}",
            missing.join(", ")
        ))),
    }
}

/// Which texts of a chart and those below it are what.
#[derive(Default)]
struct Files {
    metadata: Option<SourceId>,
    defaults: Vec<Defaults>,
    templates: Vec<SourceId>,
}

impl Files {
    /// `path`: where the values of the chart are among those of the outermost.
    fn gather(&mut self, session: &Session, chart: &mwrender_helm::Chart, path: &Path) {
        let find = |start: Pos| session.sources().find(start);
        if path.is_empty() {
            let places = chart.metadata.origins.values().copied();
            self.metadata = places.filter(|p| p.is_some()).min().and_then(find);
        }
        if let Some(source) = find(chart.values.origin) {
            self.defaults.push(Defaults { source, path: path.clone() });
        }
        self.templates.extend(chart.templates.iter().filter_map(|file| find(file.start)));
        for below in &chart.dependencies {
            let listed = chart.metadata.dependencies.iter().flatten();
            let listed = listed.filter(|d| d.name == below.metadata.name && !d.alias.is_empty());
            let mut names: Vec<&str> = listed.map(|d| d.alias.as_str()).collect();
            if names.is_empty() {
                names.push(&below.metadata.name);
            }
            for name in names {
                self.gather(session, below, &path.clone().key(Arc::from(name)));
            }
        }
    }
}

/// How the values of a Helm chart come about.
#[derive(Clone, Debug)]
pub(crate) struct HelmValues {
    chart: Arc<mwrender_helm::Chart>,
    pub(crate) nulls: NullHandling,
    skip_schema: bool,
}

impl HelmValues {
    /// What templates see, given the merged layers.
    pub(crate) fn settle(&self, merged: &Value) -> Coalesced {
        match settle(&self.chart, merged, self.nulls) {
            Ok(settled) => {
                let checked = || mwrender_helm::schema::check(&settled, &Network);
                let mismatch = if self.skip_schema { None } else { checked().err() };
                let Settled { values, deleted, mut diagnostics, .. } = settled;
                diagnostics.extend(mismatch.iter().flat_map(Mismatch::diagnostics));
                Coalesced { value: values, deleted, diagnostics }
            }
            Err(e) => Coalesced { value: merged.clone(), deleted: Vec::new(), diagnostics: faults(e) },
        }
    }
}

/// The templates of a Helm chart and of those below it.
struct HelmProgram {
    chart: Arc<mwrender_helm::Chart>,
    policy: Policy,
    /// For each set of charts that took part so far.
    compiled: Mutex<Vec<Arc<engine::Program>>>,
}

impl HelmProgram {
    fn compiled(&self, settled: &Settled) -> Result<Arc<engine::Program>, Box<Fault>> {
        let known = |programs: &Vec<Arc<engine::Program>>| {
            programs.iter().find(|p| p.is_for(&settled.charts)).cloned()
        };
        if let Some(program) = self.compiled.lock().ok().and_then(|programs| known(&programs)) {
            return Ok(program);
        }
        let program = Arc::new(engine::Program::compile(&settled.charts)?);
        if let Ok(mut programs) = self.compiled.lock() {
            programs.push(Arc::clone(&program));
        }
        Ok(program)
    }

    /// The charts that take part with the values of a context.
    fn settled(&self, context: &Value) -> Result<Settled, Box<Diagnostic>> {
        let nothing = Value::empty_map(Pos::NONE);
        let values = context.get("values").unwrap_or(&nothing);
        with_values(&self.chart, values, self.policy.nulls)
            .map_err(|e| Box::new(Diagnostic::error("helm-chart", e.text)))
    }

    fn execute(
        &self,
        context: &Value,
        settled: &Settled,
        track: bool,
    ) -> Result<engine::Rendered, Box<Diagnostic>> {
        let text = |key| context.get("release").and_then(|r| r.get(key)).and_then(Value::as_str);
        let release = Release::new(text("name").unwrap_or_default(), text("namespace").unwrap_or_default());
        let root = settled.values.origin;
        let program = self.compiled(settled).map_err(|fault| Box::new(diagnostic(&fault, root)))?;
        let options = Options { track, seed: seed(&release), ..Options::default() };
        let rendered = program.render(settled, &release, &self.policy.capabilities, options);
        rendered.map_err(|fault| Box::new(diagnostic(&fault, root)))
    }
}

/// What the random texts and keys of a release are made from: in one run the same each time, so that a release that is
/// rendered twice to be compared does not differ by them; in the next run others.
fn seed(release: &Release) -> Option<Seed> {
    static RUN: LazyLock<Option<[u8; 32]>> = LazyLock::new(|| {
        let mut key = [0; 32];
        getrandom::fill(&mut key).ok().map(|()| key)
    });
    let mut mac = Hmac::<Sha256>::new_from_slice(&(*RUN)?).ok()?;
    mac.update(format!("{}/{}", release.namespace, release.name).as_bytes());
    Some(Seed(mac.finalize().into_bytes().into()))
}

/// The directories of charts below, and the values that decided that they take part.
fn enabling(Settled { charts, values, .. }: &Settled) -> Vec<(String, Cause)> {
    let mut found = Vec::new();
    for id in charts.below(Charts::ROOT) {
        let Some(decision) = charts.decision(id, values) else { continue };
        let (origin, part) = match decision {
            Decision::Value(value) => (value.origin, Part::Value),
            Decision::Missing { container, key } => (container.origin, Part::Missing(key.into())),
        };
        let cause = Cause { origin, line: origin, part, how: How::Conditional };
        found.push((format!("{}/", charts.full_path(id)), cause));
    }
    found
}

/// Files that are applied: notes are for people.
fn manifests(rendered: &engine::Rendered) -> impl Iterator<Item = &RenderedFile> {
    rendered.files.iter().filter(|file| !file.is_notes() && !file.text.trim_ascii().is_empty())
}

impl Program for HelmProgram {
    fn render(&self, context: &Value) -> Vec<Rendered> {
        match self.settled(context).and_then(|settled| self.execute(context, &settled, false)) {
            Ok(rendered) => manifests(&rendered)
                .map(|file| Rendered { template: Arc::clone(&file.path), text: text(file) })
                .collect(),
            Err(fault) => vec![Rendered { template: Arc::from(""), text: Err(fault) }],
        }
    }

    fn render_one(&self, template: &str, context: &Value) -> Result<String, Box<Diagnostic>> {
        let rendered = self.execute(context, &self.settled(context)?, false)?;
        match rendered.files.iter().find(|file| *file.path == *template) {
            Some(file) => text(file),
            // the chart that has it takes no part with these values
            None => Ok(String::new()),
        }
    }

    fn track(&self, template: &str, context: &Value) -> Result<Vec<(Arc<str>, Tracked)>, Box<Diagnostic>> {
        let settled = self.settled(context)?;
        let rendered = self.execute(context, &settled, true)?;
        let lines = lines_of_texts(context);
        let enabling = enabling(&settled);
        let mut found = Vec::new();
        for file in &rendered.files {
            let within = enabling.iter().filter(|(directory, _)| file.path.starts_with(&**directory));
            let conditions: Vec<Cause> = within.map(|(_, cause)| cause.clone()).collect();
            let tracked = tracked(&rendered, file, text(file)?, (&lines, &conditions));
            found.push((Arc::clone(&file.path), tracked));
        }
        if found.iter().all(|(name, _)| **name != *template) {
            found.push((Arc::from(template), Tracked::default()));
        }
        Ok(found)
    }
}

fn text(file: &RenderedFile) -> Result<String, Box<Diagnostic>> {
    String::from_utf8(file.text.clone()).map_err(|e| {
        let valid = e.utf8_error().valid_up_to();
        let line = file.text[..valid].split(|b| *b == b'\n').count();
        let what = format!("line {line} of what `{}` renders is not UTF-8", file.path);
        Box::new(Diagnostic::error("template-error", what).help("a function such as `trunc` cuts bytes"))
    })
}

/// For each line of a text of several lines but its first, where the text begins.
fn lines_of_texts(context: &Value) -> HashMap<Pos, Pos> {
    let mut found = HashMap::new();
    mwrender_values::path::walk(context, &mut |_, _, value| {
        if let Data::String(text) = &value.data {
            found.extend(text.lines.iter().flat_map(|l| l.iter()).map(|line| (*line, value.origin)));
        }
    });
    found
}

/// A file's pieces in the shape of all engines.
fn tracked(
    rendered: &engine::Rendered,
    file: &RenderedFile,
    text: String,
    (lines, conditions): (&HashMap<Pos, Pos>, &[Cause]),
) -> Tracked {
    let cause = |(at, how): (Pos, mwrender_helm::How)| Cause {
        origin: lines.get(&at).copied().unwrap_or(at),
        line: at,
        part: Part::Value,
        how: match how {
            mwrender_helm::How::Direct => How::Direct,
            mwrender_helm::How::Operand => How::Operand,
            mwrender_helm::How::Conditional => How::Conditional,
            mwrender_helm::How::Hash => How::Hash,
        },
    };
    let mut pieces = Pieces::default();
    let mut last: Option<(u32, Vec<Cause>)> = None;
    for piece in &file.pieces {
        let range = piece.range();
        let mut causes: Vec<Cause> = rendered.causes(piece).into_iter().map(cause).collect();
        causes.extend_from_slice(conditions);
        if !range.is_empty() {
            let chain: Vec<Pos> = {
                let mut places = rendered.places(piece);
                places.reverse();
                places
            };
            let chain = pieces.chain(chain);
            let number = pieces.causes(causes.clone());
            pieces.push(range.start, chain, number);
            last = Some((chain, causes));
            continue;
        }
        // nothing was printed here: the character before it on its line depends on that, too, or else the one behind
        let Some((chain, before)) = &last else { continue };
        let Some(start) = text[..range.start].char_indices().next_back().filter(|(_, c)| *c != '\n') else {
            continue;
        };
        causes.retain(|c| !before.contains(c));
        causes.extend(before.iter().cloned());
        let both = pieces.causes(causes);
        pieces.push(start.0, *chain, both);
    }
    pieces.finish(text)
}

/// Whether Helm takes an object for a hook, and not for a part of the release.
pub(crate) fn is_hook(object: &Value) -> bool {
    let annotations = object.get("metadata").and_then(|m| m.get("annotations"));
    annotations.and_then(|a| a.get("helm.sh/hook")).is_some_and(|hook| hook.as_str().is_some())
}

/// Why a template failed, at its place.
fn diagnostic(fault: &Fault, root: Pos) -> Diagnostic {
    let mut told = Diagnostic::error(tell::id(fault.kind), fault.message.clone());
    let places: Vec<Pos> = fault.frames.iter().map(|f| f.at).filter(|p| p.is_some()).collect();
    if let Some((innermost, outer)) = places.split_last() {
        told = told.primary(Span::new(*innermost, 1), "");
        for place in outer.iter().rev() {
            told = told.secondary(Span::new(*place, 1), "from here");
        }
    }
    // that all values come from there says nothing
    for origin in fault.origins.iter().filter(|origin| **origin != root) {
        told = told.secondary(Span::new(*origin, 1), "with this value");
    }
    told.note(fault.text.clone())
}

/// Says more of a template that failed on a value that is not there: which layer deleted it.
pub(crate) fn tell(session: &Session, inputs: &CellInputs, fault: Diagnostic) -> Diagnostic {
    // Helm's words have the node: `at <.Values.mesh.tls.port>: nil pointer ...`
    let node = fault.notes.iter().rev().find_map(|note| {
        let (_, rest) = note.rsplit_once("at <")?;
        Some(rest.split_once(">: ")?.0.to_owned())
    });
    let file = fault.primary_span().and_then(|span| session.sources().location(span.start));
    let (Some(node), Some(file)) = (node, file) else { return fault };
    let given = crate::render::merged(session, inputs).value;
    let layers = tell::Layers { given: &given, defaults: &inputs.chart.defaults };
    match layers.absent(&fault.headline, &node, &file.file, session.sources()) {
        Some(note) => fault.note(note),
        None => fault,
    }
}
