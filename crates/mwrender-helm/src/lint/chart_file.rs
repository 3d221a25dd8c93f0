//! `Chart.yaml` and the dependencies, as `helm lint` checks them.

use super::addresses::{is_email, is_page, is_url};
use crate::chart::Chart;
use crate::error::quoted;
use crate::file::File;
use crate::metadata::Metadata;
use crate::version::{Constraint, Version};
use mwrender_diagnostic::{Diagnostic, Span};
use mwrender_values::{Entry, Value, read};
use std::collections::BTreeSet;

/// A chart file as it was written.
struct Written<'v> {
    file: &'v File,
    value: &'v Value,
    found: Vec<Diagnostic>,
}

/// What the words of `Chart.yaml` are besides what they mean: keys given twice and the like.
pub(super) fn words(file: &File) -> Vec<Diagnostic> {
    let read = file.text().and_then(|text| read::read(text, file.start).ok());
    read.map(|read| read.diagnostics.clone()).unwrap_or_default()
}

/// Checks the text of `Chart.yaml`; that it is YAML, and of the right types, is found where it is loaded.
pub(super) fn check(file: &File) -> Vec<Diagnostic> {
    let value = read::text_as_go(&file.data).ok().and_then(|text| read::read_as_go(&text, file.start).ok());
    let Some(value) = value else { return Vec::new() };
    let mut metadata = Metadata::default();
    if metadata.read(&value).is_err() {
        return Vec::new();
    }
    let mut written = Written { file, value: &value, found: Vec::new() };
    written.name(&metadata);
    written.versions(&metadata);
    written.people(&metadata);
    written.links(&metadata);
    written.v2_only(&metadata);
    written.found
}

impl Written<'_> {
    fn entry(&self, key: &str) -> Option<&Entry> {
        self.value.as_map()?.get(key)
    }

    /// The key, or the beginning of the file.
    fn place(&self, key: &str) -> Span {
        match self.entry(key) {
            Some(entry) if entry.key_origin.is_some() => Span::new(entry.key_origin, key.len() as u32),
            _ => Span::new(self.file.start, 1),
        }
    }

    fn fault(&mut self, key: &str, headline: impl Into<String>) {
        let place = self.place(key);
        self.found.push(Diagnostic::error("chart-file", headline).primary(place, ""));
    }

    fn fault_with_help(&mut self, key: &str, headline: impl Into<String>, help: &str) {
        let place = self.place(key);
        self.found.push(Diagnostic::error("chart-file", headline).primary(place, "").help(help));
    }

    fn name(&mut self, metadata: &Metadata) {
        if metadata.name.is_empty() {
            self.fault("name", "the chart has no `name`");
        } else if metadata.name.contains('/') && metadata.name != "/" {
            self.fault("name", format!("the chart's name {} is invalid", quoted(&metadata.name)));
        }
        match &*metadata.api_version {
            "v1" | "v2" => {}
            "" => {
                self.fault_with_help("apiVersion", "the chart has no `apiVersion`", "write `apiVersion: v2`");
            }
            other => self.fault_with_help(
                "apiVersion",
                format!("`apiVersion` {} is not one of v1 and v2", quoted(other)),
                "write `apiVersion: v2`",
            ),
        }
    }

    fn versions(&mut self, metadata: &Metadata) {
        let version = &metadata.version;
        if version.is_empty() {
            self.fault("version", "the chart has no `version`");
        } else {
            match Version::parse(version) {
                None => {
                    self.fault("version", format!("`version` {} is no semantic version", quoted(version)));
                }
                Some(parsed) if !Constraint::parse(">0.0.0-0").is_ok_and(|c| c.matches(&parsed)) => {
                    self.fault("version", format!("`version` {version} is not greater than 0.0.0-0"));
                }
                Some(_) => {}
            }
        }
        for key in ["version", "appVersion"] {
            let Some(entry) = self.entry(key) else { continue };
            if entry.value.as_str().is_none() {
                let kind = entry.value.kind_name();
                let help = "quote it: Helm reads a number, and 1.10 becomes 1.1";
                self.fault_with_help(key, format!("`{key}` is {kind} and not a text"), help);
            }
        }
    }

    fn people(&mut self, metadata: &Metadata) {
        for maintainer in &metadata.maintainers {
            let Some(maintainer) = maintainer else {
                self.fault("maintainers", "an entry of `maintainers` is empty");
                continue;
            };
            if maintainer.name.is_empty() {
                self.fault("maintainers", "an entry of `maintainers` has no `name`");
            } else if !maintainer.email.is_empty() && !is_email(&maintainer.email) {
                let email = quoted(&maintainer.email);
                self.fault(
                    "maintainers",
                    format!("the address {email} of a maintainer is no e-mail address"),
                );
            } else if !maintainer.url.is_empty() && !is_page(&maintainer.url) {
                let url = quoted(&maintainer.url);
                self.fault("maintainers", format!("the page {url} of a maintainer is no URL"));
            }
        }
    }

    fn links(&mut self, metadata: &Metadata) {
        for source in metadata.sources.iter().filter(|source| source.is_empty() || !is_url(source)) {
            self.fault("sources", format!("the source {} is no URL", quoted(source)));
        }
        if metadata.icon.is_empty() {
            let place = Span::new(self.file.start, 1);
            let headline = "the chart has no `icon`, which lists of charts show";
            self.found.push(Diagnostic::note_only("chart-icon", headline).primary(place, ""));
        } else if !is_url(&metadata.icon) {
            self.fault("icon", format!("the icon {} is no URL", quoted(&metadata.icon)));
        }
    }

    fn v2_only(&mut self, metadata: &Metadata) {
        if metadata.api_version == "v2" {
            return;
        }
        let help = "write `apiVersion: v2`";
        if !metadata.kind.is_empty() {
            self.fault_with_help("type", "`type` needs `apiVersion: v2`", help);
        }
        if !metadata.dependencies.is_empty() {
            self.fault_with_help("dependencies", "`dependencies` need `apiVersion: v2`", help);
        }
    }
}

/// Whether `charts/` has what `Chart.yaml` lists, and nothing else.
pub(super) fn dependencies(chart: &Chart) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let place = chart.field_span("dependencies").or_else(|| chart.field_span("name"));
    let at = |diagnostic: Diagnostic| match place {
        Some(place) => diagnostic.primary(place, ""),
        None => diagnostic,
    };
    let missing: BTreeSet<&str> = chart.missing().into_iter().collect();
    for name in missing {
        let headline = format!("the dependency `{name}` is not in charts/");
        let help = "run `helm dependency build`";
        found.push(at(Diagnostic::warning("missing-dependency", headline).help(help)));
    }
    let listed: BTreeSet<&str> =
        chart.metadata.dependencies.iter().flatten().map(|dependency| dependency.name.as_str()).collect();
    for below in &chart.dependencies {
        let name = &below.metadata.name;
        if !listed.contains(name.as_str()) {
            let headline = format!("charts/ has the chart `{name}`, which Chart.yaml does not list");
            found.push(at(Diagnostic::error("unlisted-dependency", headline)));
        }
    }
    found
}
