//! Values that templates read and no layer sets.

use super::Subject;
use super::paths::{PathId, Paths, Presence};
use super::reads::Reads;
use super::suggest::similar;
use crate::charts::Charts;
use mwrender_diagnostic::{Diagnostic, Severity};
use std::collections::BTreeSet;

pub(super) fn check(subject: &Subject<'_>, reads: &Reads<'_>) -> Vec<Diagnostic> {
    let documented = documented(subject);
    let paths = &reads.paths;
    let mut found: Vec<Diagnostic> = Vec::new();
    for (path, read) in &reads.unset {
        let Some(key) = paths.key(*path) else { continue };
        // what is there for others to set needs no default, if it is tested
        let optional = documented.contains(key) || is_open(paths, *path);
        if optional && !read.bare {
            continue;
        }
        let name = paths.name(*path);
        // one read of what was merged from several maps
        if let Some(known) = found.iter_mut().find(|known| known.primary_span() == Some(read.place)) {
            known.notes.push(format!("nor does one set `.Values.{name}`, which would do"));
            continue;
        }
        let (severity, does) =
            if read.bare { (Severity::Warning, "is read") } else { (Severity::Note, "is asked for") };
        let headline = format!("`.Values.{name}` {does}, but no layer sets it");
        let mut diagnostic = Diagnostic::new("unset-value", severity, headline).primary(read.place, "");
        let above = paths.parent(*path).unwrap_or(Paths::ROOT);
        diagnostic = match similar(key, paths.set_keys(above)) {
            Some(like) => diagnostic.help(format!("did you mean `{like}`, which is set?")),
            None if read.bare => diagnostic.help("set it in the chart's values.yaml, or test it first"),
            None => diagnostic,
        };
        found.push(diagnostic);
    }
    found
}

/// Whether it is a key of an empty map, or of the values that all charts share.
fn is_open(paths: &Paths<'_>, path: PathId) -> bool {
    let Some(above) = paths.parent(path) else { return false };
    let is_global = |path| paths.key(path) == Some("global") && paths.parent(path) == Some(Paths::ROOT);
    paths.presence(above) == Presence::Empty || is_global(above) || is_global(path)
}

/// Keys that `values.yaml` has in comments: `# key: value`.
fn documented(subject: &Subject<'_>) -> BTreeSet<String> {
    let chart = &subject.settled.charts.get(Charts::ROOT).chart;
    let text = subject.sources.find(chart.values.origin).map(|id| subject.sources.get(id).text());
    let mut keys = BTreeSet::new();
    for line in text.into_iter().flat_map(|text| text.lines()) {
        let Some((_, comment)) = line.split_once('#') else { continue };
        let comment = comment.trim_start_matches(['#', ' ', '-', '@']);
        let comment = comment.strip_prefix("param ").unwrap_or(comment);
        let key = comment.split([':', ' ', '\t']).next().unwrap_or_default();
        keys.extend(key.split('.').next_back().map(str::to_owned));
    }
    keys
}
