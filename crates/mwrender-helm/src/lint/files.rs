//! The files of a chart: which there are, and what their texts may not say any more.

use crate::chart::Chart;
use crate::file::{File, extension};
use mwrender_diagnostic::{Diagnostic, Span};
use regex::bytes::Regex;
use std::sync::LazyLock;

/// Checks which files there are. `chart_file` is `Chart.yaml`.
pub(super) fn present(files: &[File], chart_file: &File) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let place = Span::new(chart_file.start, 1);
    if !files.iter().any(|file| &*file.name == "values.yaml") {
        let headline = "the chart has no values.yaml, so nobody sees what can be set";
        found.push(Diagnostic::note_only("no-values-file", headline).primary(place, ""));
    }
    if files.iter().any(|file| &*file.name == "templates") {
        let headline = "`templates` is a file and no directory, so the chart has no templates";
        found.push(Diagnostic::warning("templates-not-a-directory", headline).primary(place, ""));
    }
    found
}

/// Checks the texts of templates.
pub(super) fn templates(chart: &Chart) -> Vec<Diagnostic> {
    static CRD_INSTALL: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#""?helm\.sh/hook"?:\s+crd-install"#).expect("a pattern"));
    static RELEASE_TIME: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\.Release\.Time").expect("a pattern"));
    let mut found = Vec::new();
    for file in &chart.templates {
        let at = |offset: usize, length: usize| Span::new(file.start.offset(offset as u32), length as u32);
        let ending = extension(&file.name);
        if !matches!(ending, ".yaml" | ".yml" | ".tpl" | ".txt") {
            let headline = format!("a template may not be named `{}`", file.name);
            let help = "name it .yaml, .yml, .tpl or .txt, or move it out of templates/";
            found.push(Diagnostic::error("template-extension", headline).primary(at(0, 1), "").help(help));
        }
        if !matches!(ending, ".yaml" | ".yml") {
            continue;
        }
        if let Some(hit) = CRD_INSTALL.find(&file.data) {
            let headline = "Helm 3 has no `crd-install` hook";
            let help = "put custom resource definitions into crds/";
            let place = at(hit.start(), hit.len());
            found.push(Diagnostic::warning("crd-install-hook", headline).primary(place, "").help(help));
        }
        if let Some(hit) = RELEASE_TIME.find(&file.data) {
            let headline = "Helm 3 has no `.Release.Time`";
            let place = at(hit.start(), hit.len());
            found.push(Diagnostic::error("release-time", headline).primary(place, "").help("use `now`"));
        }
    }
    found
}
