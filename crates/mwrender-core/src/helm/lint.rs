//! `helm lint`: charts on disk, with values, to findings.

use super::network::Network;
use super::{Failure, capabilities, read, with_stack};
use mwrender_diagnostic::{Diagnostic, Severity, SourceMap};
use mwrender_helm::lint::{Findings, Request, lint as look};
use mwrender_helm::{File, Release, archive};
use mwrender_values::set::SetKind;
use std::collections::HashSet;
use std::path::Path;

/// What to look at, in the words of `helm lint`.
#[derive(Clone, Debug, Default)]
pub struct LintOptions {
    /// The charts: folders or archives.
    pub charts: Vec<String>,
    /// `--values`: files, the lowest first; `-` is standard input.
    pub values: Vec<String>,
    /// `--set` and its kin, in any order.
    pub settings: Vec<(SetKind, String)>,
    /// `--namespace`, or what the environment says.
    pub namespace: String,
    /// `--kube-version`.
    pub kube_version: Option<String>,
    /// `--with-subcharts`: charts below `charts/` of the folders are looked at by themselves, too.
    pub with_subcharts: bool,
    /// `--skip-schema-validation`: values are checked against the schema of the chart alone.
    pub skip_schema: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Linted {
    /// How many charts were looked at.
    pub charts: usize,
    /// The findings, chart by chart, errors first.
    pub found: Vec<Diagnostic>,
    /// The greatest severity of what `helm lint` finds, too.
    pub helm: Option<Severity>,
    /// The texts that they speak of.
    pub sources: SourceMap,
}

/// Looks at charts. That there is no chart at a path is a finding, since there may be others.
///
/// Each chart gets the values that are given. In `helm lint`, what the `values.yaml` of one chart adds to them below
/// the first level, and what nulls delete, stays for the next chart.
///
/// # Errors
/// Values, settings or a version cannot be read.
pub fn lint(options: &LintOptions) -> Result<Linted, Failure> {
    let done = with_stack(|limits| {
        let mut linted = Linted::default();
        let capabilities = capabilities(options.kube_version.as_deref())?;
        let given = read::values(&options.values, &options.settings, &mut linted.sources)?;
        linted.found.extend(words(options, &linted.sources));
        let release = Release::linted(options.namespace.as_str());
        for chart in charts(options) {
            let findings = match files(Path::new(&chart)) {
                Ok((files, name)) => {
                    let request = Request {
                        files,
                        name: &name,
                        given: &given,
                        release: &release,
                        capabilities: &capabilities,
                        options: limits,
                        skip_schema: options.skip_schema,
                        fetch: &Network,
                    };
                    look(request, &mut linted.sources)
                }
                Err(failure) => {
                    let headline = failure.text.lines().next().unwrap_or_default();
                    let found = vec![Diagnostic::error("invalid-chart", headline)];
                    Findings { found, helm: Some(Severity::Error) }
                }
            };
            linted.helm = linted.helm.max(findings.helm);
            linted.found.extend(findings.found);
            linted.charts += 1;
        }
        // a chart within a chart is read twice
        let mut told = HashSet::new();
        let sources = &linted.sources;
        linted.found.retain(|diagnostic| {
            let place = diagnostic.primary_span().and_then(|span| sources.location(span.start));
            told.insert((diagnostic.id, diagnostic.headline.clone(), place))
        });
        linted.found.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
        Ok(linted)
    });
    done.unwrap_or_else(|error| Err(Failure::new(format!("no thread to render on: {error}"))))
}

/// Whether `helm lint` takes a path for an archive.
fn is_archive(path: &str) -> bool {
    path.ends_with(".tgz") || path.ends_with(".tar.gz")
}

/// All charts to look at.
fn charts(options: &LintOptions) -> Vec<String> {
    let mut charts = options.charts.clone();
    if options.with_subcharts {
        for chart in &options.charts {
            below(&Path::new(chart).join("charts"), &mut charts);
        }
    }
    charts
}

/// The charts below a folder, links not followed, as `helm lint` finds them: archives, and folders with a `Chart.yaml`.
fn below(path: &Path, charts: &mut Vec<String>) {
    let Ok(metadata) = std::fs::symlink_metadata(path) else { return };
    let shown = path.display().to_string();
    if path.file_name().is_some_and(|name| name == "Chart.yaml") {
        charts.extend(path.parent().map(|parent| parent.display().to_string()));
    } else if is_archive(&shown) {
        charts.push(shown);
    }
    if metadata.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        let mut entries: Vec<_> = entries.map(|entry| entry.path()).collect();
        entries.sort();
        for entry in entries {
            below(&entry, charts);
        }
    }
}

/// The files of a chart, and the name that messages give it.
fn files(path: &Path) -> Result<(Vec<File>, String), Failure> {
    let shown = path.display().to_string();
    if is_archive(&shown) {
        return Ok((archive::unpack(&read::bytes_of(path)?)?, shown));
    }
    if let Err(error) = std::fs::metadata(path.join("Chart.yaml")) {
        return Err(Failure::new(format!("{shown} is no chart: Chart.yaml: {}", super::reason(&error))));
    }
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (mut files, name, _) = read::files(&path)?;
    if path.join("values.yaml").is_dir() {
        // an empty folder, too, is told
        files.push(File::new("values.yaml/", b""));
    }
    Ok((files, name))
}

/// What the texts of the layers say: keys given twice, and keys that are booleans.
fn words(options: &LintOptions, sources: &SourceMap) -> Vec<Diagnostic> {
    let layers =
        sources.iter().filter(|(_, source)| options.values.iter().any(|path| **path == **source.name()));
    let read =
        layers.filter_map(|(_, source)| mwrender_values::read::read(source.text(), source.start()).ok());
    read.flat_map(|read| read.diagnostics).collect()
}
