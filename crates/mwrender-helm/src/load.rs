//! From files to a chart.

use crate::archive;
use crate::chart::Chart;
use crate::decode;
use crate::error::{Error, ErrorKind};
use crate::file::{self, File};
use crate::ignore::Ignore;
use crate::lock;
use crate::metadata::Metadata;
use crate::schema::Schema;
use mwrender_diagnostic::{Diagnostic, Pos, SourceMap, Span};
use mwrender_values::{Data, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A chart, and what Helm prints on standard error while it loads one, without the time.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The chart.
    pub chart: Arc<Chart>,
    /// Helm's warnings.
    pub warnings: Vec<String>,
    /// What reading the YAML files found: keys given twice and the like.
    pub diagnostics: Vec<Diagnostic>,
}

/// Loads a chart from the files of a folder, in any order; links must have been followed.
///
/// `.helmignore` leaves out what it says. Texts that are in no source map yet are added under `name`, a `/` and
/// their own name.
///
/// ```
/// use mwrender_diagnostic::SourceMap;
/// use mwrender_helm::{File, load};
/// let files = [
///     File::new("Chart.yaml", b"apiVersion: v2\nname: web\nversion: 1.0.0"),
///     File::new("values.yaml", b"replicas: 2"),
/// ];
/// let mut sources = SourceMap::default();
/// let chart = load::folder(files.to_vec(), "charts/web", &mut sources).unwrap().chart;
/// let replicas = chart.values.get("replicas").unwrap();
/// assert_eq!(sources.location(replicas.origin).unwrap().to_string(), "charts/web/values.yaml:1");
/// ```
///
/// # Errors
/// The chart is none, or a file is larger than [`archive::MAX_FILE_SIZE`].
pub fn folder(mut files: Vec<File>, name: &str, sources: &mut SourceMap) -> Result<Loaded, Error> {
    let ignore = match files.iter().find(|f| &*f.name == ".helmignore") {
        Some(file) => Ignore::parse(&String::from_utf8_lossy(&file.data))?,
        None => Ignore::default(),
    };
    files.retain(|file| !ignore.ignores_within(&file.name));
    // folder by folder, as Helm walks
    files.sort_by(|a, b| a.name.split('/').cmp(b.name.split('/')));
    if let Some(large) = files.iter().find(|f| f.data.len() as u64 > archive::MAX_FILE_SIZE) {
        let (base, max) = (large.name.rsplit('/').next().unwrap_or_default(), archive::MAX_FILE_SIZE);
        let text =
            format!("chart file {} is larger than the maximum file size {max}", crate::error::quoted(base));
        return Err(Error::new(ErrorKind::Chart, text));
    }
    files_as_they_are(files, name, sources)
}

/// Loads a chart from a `.tgz`; as [`folder`], but without `.helmignore`.
///
/// # Errors
/// The archive is refused ([`archive::unpack`]) or the chart is none.
pub fn packed(packed: &[u8], name: &str, sources: &mut SourceMap) -> Result<Loaded, Error> {
    files_as_they_are(archive::unpack(packed)?, name, sources)
}

/// Loads a chart from files that are all part of it.
///
/// # Errors
/// The chart is none.
pub fn files_as_they_are(files: Vec<File>, name: &str, sources: &mut SourceMap) -> Result<Loaded, Error> {
    let mut loader = Loader { sources, warnings: Vec::new(), diagnostics: Vec::new() };
    let chart = loader.load(files, name, 0)?;
    Ok(Loaded { chart: Arc::new(chart), warnings: loader.warnings, diagnostics: loader.diagnostics })
}

/// How many charts may be within each other.
const MAX_DEPTH: usize = 64;

struct Loader<'s> {
    sources: &'s mut SourceMap,
    warnings: Vec<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Loader<'_> {
    /// Puts a text into the source map, unless it is there.
    fn register(&mut self, file: &mut File, name: &str) {
        if !file.start.is_some()
            && let Some(text) = file.text()
        {
            let id = self.sources.add(format!("{name}/{}", file.name), text);
            file.start = self.sources.get(id).start();
        }
    }

    fn yaml(&mut self, file: &mut File, name: &str) -> Result<Value, Error> {
        self.register(file, name);
        let within = |error: Error| error.within(&format!("cannot load {}", file.name));
        let text = mwrender_values::read::text_as_go(&file.data).map_err(|words| {
            let words = format!("error converting YAML to JSON: {words}");
            within(Error::new(ErrorKind::Chart, words))
        })?;
        if !file.start.is_some() {
            // it was no text before it was read
            let id = self.sources.add(format!("{name}/{}", file.name), &*text);
            file.start = self.sources.get(id).start();
        }
        let value = decode::yaml(&text, file.start).map_err(within)?;
        if let Ok(read) = mwrender_values::read::read(&text, file.start) {
            self.diagnostics.extend(read.diagnostics);
        }
        Ok(value)
    }

    fn load(&mut self, mut files: Vec<File>, name: &str, depth: usize) -> Result<Chart, Error> {
        let mut metadata: Option<Metadata> = None;
        for file in files.iter_mut().filter(|f| &*f.name == "Chart.yaml") {
            let value = self.yaml(file, name)?;
            let metadata = metadata.get_or_insert_default();
            metadata.read(&value).map_err(|e| e.within("cannot load Chart.yaml"))?;
            // charts for Helm 2 had none
            if metadata.api_version.is_empty() {
                "v1".clone_into(&mut metadata.api_version);
            }
        }
        let mut chart = Chart {
            metadata: Metadata::default(),
            lock: None,
            values: Value::empty_map(Pos::NONE),
            schema: None,
            templates: Vec::new(),
            files: Vec::new(),
            dependencies: Vec::new(),
        };
        let mut charts: BTreeMap<String, Vec<File>> = BTreeMap::new();
        for mut file in files {
            match &*file.name {
                "Chart.yaml" => {}
                "Chart.lock" => chart.lock = Some(self.lock(&mut file, name)?),
                "values.yaml" => {
                    let value = self.yaml(&mut file, name)?;
                    match value.data {
                        Data::Map(_) => chart.values = value,
                        Data::Null => {}
                        _ => {
                            let fault = decode::wrong_document(&value, decode::types::VALUES);
                            return Err(fault.within("cannot load values.yaml"));
                        }
                    }
                }
                "values.schema.json" => {
                    self.register(&mut file, name);
                    chart.schema = Some(Schema::new(file));
                }
                "requirements.yaml" => {
                    let metadata = metadata.get_or_insert_default();
                    let v1 = metadata.api_version == "v1";
                    if !v1 {
                        self.warnings.push(OLD_REQUIREMENTS.to_owned());
                    }
                    let value = self.yaml(&mut file, name)?;
                    metadata.read(&value).map_err(|e| e.within("cannot load requirements.yaml"))?;
                    if metadata.api_version == "v1" {
                        chart.files.push(file);
                    }
                }
                "requirements.lock" => {
                    chart.lock = Some(self.lock(&mut file, name)?);
                    let metadata = metadata.get_or_insert_default();
                    if metadata.api_version == "v1" {
                        chart.files.push(file);
                    } else {
                        self.warnings.push(OLD_LOCK.to_owned());
                    }
                }
                path if path.starts_with("templates/") => {
                    self.register(&mut file, name);
                    chart.templates.push(file);
                }
                path => match path.strip_prefix("charts/") {
                    Some(inner) if file::extension(path) != ".prov" => {
                        let first = inner.split('/').next().unwrap_or_default().to_owned();
                        file.name = Arc::from(inner);
                        charts.entry(first).or_default().push(file);
                    }
                    _ => chart.files.push(file),
                },
            }
        }
        let Some(mut metadata) = metadata else {
            return Err(Error::new(ErrorKind::Chart, "Chart.yaml file is missing"));
        };
        metadata.validate().map_err(|error| match sourceless(&metadata) {
            Some(origin) => {
                let headline = error.text.clone();
                error.with(Diagnostic::error("invalid-chart", headline).primary(Span::new(origin, 1), ""))
            }
            None => error,
        })?;
        chart.metadata = metadata;
        for (entry, files) in charts {
            if entry.starts_with(['_', '.']) {
                continue;
            }
            let inner = self.subchart(&entry, files, name, &chart.metadata.name, depth)?;
            chart.dependencies.push(Arc::new(inner));
        }
        Ok(chart)
    }

    fn lock(&mut self, file: &mut File, name: &str) -> Result<Value, Error> {
        let value = self.yaml(file, name)?;
        lock::check(&value).map_err(|error| error.within(&format!("cannot load {}", file.name)))?;
        Ok(value)
    }

    /// Loads what `charts/` has under a name.
    fn subchart(
        &mut self,
        entry: &str,
        files: Vec<File>,
        name: &str,
        parent: &str,
        depth: usize,
    ) -> Result<Chart, Error> {
        let within = |error: Error| error.within(&format!("error unpacking subchart {entry} in {parent}"));
        if depth >= MAX_DEPTH {
            let text = format!("more than {MAX_DEPTH} charts are within each other");
            return Err(within(Error::new(ErrorKind::Chart, text)));
        }
        let inner_name = format!("{name}/charts/{entry}");
        let files = if file::extension(entry) == ".tgz" {
            let file = &files[0];
            if &*file.name != entry {
                let text =
                    format!("error unpacking subchart tar in {parent}: expected {entry}, got {}", file.name);
                return Err(Error::new(ErrorKind::Chart, text));
            }
            archive::unpack(&file.data).map_err(within)?
        } else {
            let inner = files.into_iter().filter_map(|file| {
                let (_, inner) = file.name.split_once('/')?;
                Some(File { name: Arc::from(inner), ..file })
            });
            inner.collect()
        };
        self.load(files, &inner_name, depth + 1).map_err(within)
    }
}

/// Where a chart's file begins, as far as known.
fn sourceless(metadata: &Metadata) -> Option<Pos> {
    metadata.origins.values().copied().filter(|p| p.is_some()).min()
}

const OLD_REQUIREMENTS: &str = "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". We recommend \
                                migrating dependencies to Chart.yaml.";
const OLD_LOCK: &str = "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". We recommend \
                        migrating to Chart.lock.";
