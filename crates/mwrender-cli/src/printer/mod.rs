//! Reports as text.

mod board;
pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod reports;
mod restarts;
mod verdict;
mod whole;

use mwrender_core::cell::Cell;
use mwrender_core::differences::impact::Replicas;
use mwrender_core::mix::{Share, Size};

/// Colours, or none.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    colour: bool,
}

impl Style {
    /// Colours if wanted.
    pub(crate) fn new(colour: bool) -> Style {
        Style { colour }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.paint("31", text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.paint("33", text)
    }

    /// Text with ranges of it set off, within a colour.
    pub(crate) fn words(self, colour: &str, text: &str, ranges: &[std::ops::Range<usize>]) -> String {
        if !self.colour || ranges.is_empty() {
            return self.paint(colour, text);
        }
        let mut out = String::new();
        let mut at = 0;
        for range in ranges {
            let (Some(before), Some(word)) = (text.get(at..range.start), text.get(range.clone())) else {
                break;
            };
            out.push_str(&self.paint(colour, before));
            out.push_str(&self.paint(&format!("{colour};7"), word));
            at = range.end;
        }
        out.push_str(&self.paint(colour, text.get(at..).unwrap_or_default()));
        out
    }
}

/// What a part of a change is, and the share of each owner in all of it.
pub(crate) struct Mixture {
    /// `without` or `only`.
    pub(crate) word: &'static str,
    /// The layers as they were named.
    pub(crate) named: String,
    /// How much the whole change changes.
    pub(crate) whole: Size,
    /// How much the part changes.
    pub(crate) part: Size,
    /// The share of each owner.
    pub(crate) shares: Vec<Share>,
}

impl Mixture {
    /// How many of a hundred changed lines.
    pub(crate) fn percent(&self, size: Size) -> usize {
        (size.lines * 100 + self.whole.lines / 2).checked_div(self.whole.lines).unwrap_or(0)
    }
}

/// The number of pods, in words.
pub(crate) fn pods(replicas: Replicas) -> String {
    match replicas {
        Replicas::Fixed(1) => "1 pod".to_string(),
        Replicas::Fixed(n) => format!("{n} pods"),
        Replicas::AtLeast(n) => format!("at least {n} pods (minReplicas of its HorizontalPodAutoscaler)"),
        Replicas::PerNode => "one pod on each node".to_string(),
    }
}

/// `1 release`, `2 releases`.
pub(crate) fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Cells in few words: `mw-web/{main,canary} in eqiad and codfw; mw-debug/next in eqiad`.
pub(crate) fn cells<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> String {
    use std::collections::BTreeMap;
    let mut by_service: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for cell in cells {
        let releases = by_service.entry(&cell.namespace).or_default().entry(&cell.release).or_default();
        if !releases.contains(&&*cell.environment) {
            releases.push(&cell.environment);
        }
    }
    let mut groups: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
    for (namespace, releases) in by_service {
        let mut by_environments: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
        for (release, environments) in releases {
            match by_environments.iter_mut().find(|(e, _)| *e == environments) {
                Some((_, names)) => names.push(release),
                None => by_environments.push((environments, vec![release])),
            }
        }
        for (environments, releases) in by_environments {
            let name = match releases.as_slice() {
                [one] => format!("{namespace}/{one}"),
                many => format!("{namespace}/{{{}}}", many.join(",")),
            };
            match groups.iter_mut().find(|(e, _)| *e == environments) {
                Some((_, names)) => names.push(name),
                None => groups.push((environments, vec![name])),
            }
        }
    }
    let parts: Vec<String> = groups
        .iter()
        .map(|(environments, names)| format!("{} in {}", names.join(", "), environments.join(" and ")))
        .collect();
    parts.join("; ")
}

/// A text in lines of at most `width` columns, broken at spaces.
pub(crate) fn wrap(text: &str, width: usize, margin: &str) -> String {
    let mut out = String::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.len() + 1 + word.len() > width {
            out.push_str(margin);
            out.push_str(&line);
            out.push('\n');
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    out.push_str(margin);
    out.push_str(&line);
    out.push('\n');
    out
}
