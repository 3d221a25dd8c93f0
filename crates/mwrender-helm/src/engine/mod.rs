//! The engine: from the charts of a render and their values to the text of each file.
//!
//! All templates of all charts are one set. Deeper paths come first, and among those of one depth later names: in
//! that order they are parsed, so that the definition in the shallowest and first file stays, and executed, so that
//! what a file sets in `.Values` is seen by all behind it.

pub(crate) mod data;
mod fault;
mod files;
mod glob;
mod objects;
mod rendered;
pub(crate) mod structs;

pub use data::quoted;
pub use fault::{Fault, FaultKind, Frame};
pub use rendered::{Rendered, RenderedFile};

use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::charts::{ChartId, Charts};
use crate::functions::{functions, helm::Memory};
use crate::release::Release;
use crate::settle::Settled;
use mwrender_diagnostic::Pos;
use mwrender_gotemplate::{Funcs, Map, MissingKey, Origin, Run, Set, Str, Type, Value};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

/// The name of Helm's set, which messages show.
pub(crate) const SET: &str = "gotpl";

/// What Go prints for nothing, and Helm deletes.
pub(crate) const NO_VALUE: &[u8] = b"<no value>";

/// Where [`NO_VALUE`] is in a text.
pub(crate) fn no_values(text: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memmem::find_iter(text, NO_VALUE)
}

/// The templates of the charts of a render, parsed. It may render many times, from several threads at once.
#[derive(Debug)]
pub struct Program {
    set: Set,
    charts: Vec<(String, Arc<Chart>)>,
    /// What is executed, in order.
    files: Vec<Executed>,
    starts: Arc<HashMap<Box<str>, Pos>>,
}

#[derive(Debug)]
struct Executed {
    path: Box<str>,
    /// The place of its chart among those that take part.
    chart: usize,
    base: Box<str>,
}

/// How to render.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether to find out where each piece of the output comes from.
    pub track: bool,
    /// The steps that templates may take: one for each node, and one for each 64 bytes of text.
    pub fuel: u64,
    /// The bytes of stack that templates may take. The thread must have at least one MiB more. Helm's limit of
    /// 1,000 templates within each other needs about 64 MiB, most of which is never touched.
    pub stack: usize,
    /// Whether `required` and `fail` let pass, as in `helm lint`.
    pub lenient: bool,
    /// What random texts, keys and certificates are made from: with the same seed a file draws the same ones in each
    /// render. Without one they are new each time, as in Helm.
    pub seed: Option<Seed>,
}

/// What random numbers are made from. Who knows it knows the keys that were made, so it does not show itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed")
    }
}

impl Default for Options {
    fn default() -> Options {
        Options { track: false, fuel: 1_000_000_000, stack: 768 * 1024, lenient: false, seed: None }
    }
}

impl Program {
    /// Parses the templates of the charts that take part.
    ///
    /// # Errors
    /// A template is none.
    pub fn compile(charts: &Charts) -> Result<Program, Box<Fault>> {
        static FUNCTIONS: LazyLock<Arc<Funcs>> = LazyLock::new(|| Arc::new(functions()));
        let templates = charts.templates();
        let starts = templates.iter().filter(|(.., file)| file.start.is_some());
        let starts: HashMap<Box<str>, Pos> =
            starts.map(|(path, _, file)| ((**path).into(), file.start)).collect();
        let starts = Arc::new(starts);
        let mut set = Set::new(Arc::clone(&FUNCTIONS)).named(SET).missing_key(MissingKey::Zero);
        for (path, _, file) in &templates {
            set.parse(path, &file.data).map_err(|error| Box::new(Fault::parse(&error, &starts)))?;
        }
        let ids = charts.below(Charts::ROOT);
        let files = templates.into_iter().filter(|(.., file)| !file.is_partial());
        let files = files.filter_map(|(path, chart, _)| {
            Some(Executed {
                // a chart of two aliases stands there twice: the later one counts
                chart: ids.iter().rposition(|id| *id == chart)?,
                base: format!("{}/templates", charts.full_path(chart)).into(),
                path: path.into(),
            })
        });
        Ok(Program { set, charts: names(charts), files: files.collect(), starts })
    }

    /// Whether it was made from these charts: other values may leave out other charts.
    pub fn is_for(&self, charts: &Charts) -> bool {
        let names = names(charts);
        let mut both = self.charts.iter().zip(&names);
        self.charts.len() == names.len() && both.all(|(a, b)| a.0 == b.0 && Arc::ptr_eq(&a.1, &b.1))
    }

    /// Renders all files that are not partials.
    ///
    /// # Errors
    /// A template fails, or takes too many steps or too much stack.
    ///
    /// # Panics
    /// If the program is not [for](Program::is_for) the charts.
    pub fn render(
        &self,
        settled: &Settled,
        release: &Release,
        capabilities: &Capabilities,
        options: Options,
    ) -> Result<Rendered, Box<Fault>> {
        assert!(self.is_for(&settled.charts), "the program was compiled from other charts");
        let scopes = scopes(settled, release, capabilities, options.track);
        let memory = Rc::new(Memory::new(options.lenient, options.seed));
        let mut run = Run::new().fuel(options.fuel).stack(options.stack).host(memory.clone());
        if options.track {
            run = run.track();
        }
        let mut files = Vec::with_capacity(self.files.len());
        for file in &self.files {
            memory.chance.begin(&file.path);
            let scope = &scopes[file.chart];
            let template = [("Name", &file.path), ("BasePath", &file.base)];
            let template = template.map(|(key, value)| (Str::from(key), Value::from(&**value)));
            scope.insert("Template", Map::of(&data::VALUES, template).into());
            match self.set.execute(&file.path, &Value::from(scope.clone()), &mut run) {
                Ok(output) => files.push(rendered::file(&file.path, output)),
                Err(error) => return Err(Box::new(Fault::execution(&error, &run, &self.starts))),
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Rendered::new(files, run.into_trace(), Arc::clone(&self.starts)))
    }
}

fn names(charts: &Charts) -> Vec<(String, Arc<Chart>)> {
    let ids = charts.below(Charts::ROOT).into_iter();
    ids.map(|id| (charts.full_path(id), Arc::clone(&charts.get(id).chart))).collect()
}

/// What the templates of each chart see.
fn scopes(settled: &Settled, release: &Release, capabilities: &Capabilities, track: bool) -> Vec<Map> {
    let given = if track { data::value_by_line(&settled.values) } else { data::value(&settled.values) };
    let given = given.as_map().cloned().unwrap_or_else(|| Map::new(&data::VALUES));
    let release = [
        ("Name", Value::from(&*release.name)),
        ("Namespace", Value::from(&*release.namespace)),
        ("IsUpgrade", Value::from(release.is_upgrade)),
        ("IsInstall", Value::from(release.is_install)),
        ("Revision", Value::int(release.revision)),
        ("Service", Value::from("Helm")),
    ];
    let release: Map = release.into_iter().map(|(key, value)| (Str::from(key), value)).collect();
    let common = [
        (Str::from("Release"), Value::from(release)),
        (Str::from("Capabilities"), objects::capabilities(capabilities)),
    ];
    let mut scopes = Vec::new();
    let values = given.clone().as_type(&data::VALUES);
    scope(
        &settled.charts,
        Charts::ROOT,
        &values,
        Origin::new(settled.values.origin.raw()),
        &common,
        &mut scopes,
    );
    scopes
}

/// Adds what the templates of a chart see, and of those below it; each chart before those below it.
fn scope(
    charts: &Charts,
    id: ChartId,
    values: &Map,
    origin: Origin,
    common: &[(Str, Value); 2],
    scopes: &mut Vec<Map>,
) -> Map {
    let node = charts.get(id);
    let below = Map::new(Type::MAP);
    let own = [
        ("Chart", objects::chart(charts, id)),
        ("Files", files::files(&node.chart.files)),
        ("Values", Value::from(values.clone()).with_origin(origin)),
        ("Subcharts", below.clone().into()),
    ];
    let own = own.into_iter().map(|(key, value)| (Str::from(key), value));
    let seen = Map::of(&data::VALUES, own.chain(common.iter().cloned()));
    scopes.push(seen.clone());
    for subchart in &node.dependencies {
        let name = &charts.get(*subchart).name;
        // looked up as a path: a chart with a dot in its name gets nothing
        let inner = data::table(values, name).unwrap_or_else(|_| Map::new(&data::VALUES));
        let origin = values.get(name.as_bytes()).map(|value| value.origin()).unwrap_or_default();
        let inner = scope(charts, *subchart, &inner.clone().as_type(&data::VALUES), origin, common, scopes);
        below.insert(name.as_str(), inner.clone().as_type(Type::MAP).into());
    }
    seen
}
