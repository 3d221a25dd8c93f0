//! `helm lint`: charts on disk, with values, to findings.

use super::network::Network;
use super::{Failure, Fetch, capabilities, read, with_stack};
use mwrender_diagnostic::{Diagnostic, SourceMap};
use mwrender_helm::lint::{Request, lint as look};
use mwrender_helm::{File, Release, archive};
use mwrender_values::set::SetKind;
use std::collections::{BTreeMap, HashSet};

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
    /// `--with-subcharts`: charts within the charts are looked at by themselves, too.
    pub with_subcharts: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Linted {
    /// How many charts were looked at.
    pub charts: usize,
    /// The findings, chart by chart, errors first.
    pub found: Vec<Diagnostic>,
    /// The texts that they speak of.
    pub sources: SourceMap,
}

/// The name that Helm gives the release in `helm lint`.
const RELEASE: &str = "test-release";

/// Looks at charts.
///
/// # Errors
/// Values or settings cannot be read, or there is no chart at a path.
pub fn lint(options: &LintOptions) -> Result<Linted, Failure> {
    let done = with_stack(|limits| {
        let mut linted = Linted::default();
        let capabilities = capabilities(options.kube_version.as_deref())?;
        let given = read::values(&options.values, &options.settings, &mut linted.sources)?;
        linted.found.extend(words(options, &linted.sources));
        let release = Release::new(RELEASE, options.namespace.as_str());
        for chart in &options.charts {
            let (files, name, _) = read::files(&read::locate(chart, Fetch::default())?)?;
            let below = if options.with_subcharts { subcharts(&files, &name) } else { Vec::new() };
            for (name, files) in std::iter::once((name, files)).chain(below) {
                let request = Request {
                    files,
                    name: &name,
                    given: &given,
                    release: &release,
                    capabilities: &capabilities,
                    options: limits,
                    fetch: &Network,
                };
                linted.found.extend(look(request, &mut linted.sources));
                linted.charts += 1;
            }
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

/// What the texts of the layers say: keys given twice, and keys that are booleans.
fn words(options: &LintOptions, sources: &SourceMap) -> Vec<Diagnostic> {
    let layers =
        sources.iter().filter(|(_, source)| options.values.iter().any(|path| **path == **source.name()));
    let read =
        layers.filter_map(|(_, source)| mwrender_values::read::read(source.text(), source.start()).ok());
    read.flat_map(|read| read.diagnostics).collect()
}

/// The charts within a chart, each with its files.
fn subcharts(files: &[File], name: &str) -> Vec<(String, Vec<File>)> {
    let mut found: BTreeMap<String, Vec<File>> = BTreeMap::new();
    for file in files {
        let Some(inner) = file.name.strip_prefix("charts/") else { continue };
        if !inner.contains('/') {
            if inner.ends_with(".tgz")
                && let Ok(files) = archive::unpack(&file.data)
            {
                found.insert(format!("{name}/charts/{inner}"), files);
            }
            continue;
        }
        let Some((folder, rest)) = inner.split_once('/') else { continue };
        let file = File { name: rest.into(), ..file.clone() };
        found.entry(format!("{name}/charts/{folder}")).or_default().push(file);
    }
    let mut all = Vec::new();
    for (name, files) in found {
        if files.iter().any(|file| &*file.name == "Chart.yaml") {
            let below = subcharts(&files, &name);
            all.push((name, files));
            all.extend(below);
        }
    }
    all
}
