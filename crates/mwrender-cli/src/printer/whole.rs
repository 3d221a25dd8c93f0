//! Objects that are new or gone altogether.
//!
//! What all lines have in common, such as the condition under which the object is there, is said once, before them.

use super::human::told;
use super::{Style, count, wrap};
use mwrender_core::diff::{DiffLine, ObjectDiff, RemovedOrigin};
use mwrender_core::differences::Change;
use std::fmt::Write;

/// How many lines are shown.
const SHOWN: usize = 12;

/// How many causes of one line are shown.
const CAUSES: usize = 5;

/// The lines of an object, with where they come or came from; `changed` says that only values that changed count.
pub(super) fn lines(out: &mut String, object: &ObjectDiff, changed: bool, style: Style) {
    let added = object.change == Change::Added;
    let (mark, colour) = if added { ('+', "32") } else { ('-', "31") };
    let near = object.lines.iter().any(|l| l.removed == Some(RemovedOrigin::Near));
    let verb = match (added, near) {
        (true, _) if changed => "changed in",
        (true, _) => "from",
        (false, false) => "was from",
        (false, true) => "was generated beside",
    };
    let common = if near { near_causes(object) } else { common(object) };
    for text in &common {
        // writing to a String cannot fail
        let _ = writeln!(out, "  {}", style.dim(&format!("{verb} {text}")));
    }
    let template = object.lines.iter().find_map(|l| l.template.first());
    let values = files(object.lines.iter().flat_map(|l| &l.causes).map(|c| &*c.place.file));
    if let Some(template) = template {
        let from = if added { "from" } else { verb };
        let mut text = format!("{from} template {}", template.file);
        if !values.is_empty() && !near && !changed {
            let _ = write!(text, ", with values of {}", values.join(", "));
        }
        out.push_str(&style.dim(wrap(&text, 98, "  ").trim_end_matches('\n')));
        out.push('\n');
    }
    let shown = &object.lines[..object.lines.len().min(SHOWN)];
    let of = |line: &DiffLine| if near { Vec::new() } else { causes(line, &common) };
    let mut i = 0;
    while i < shown.len() {
        let from = of(&shown[i]);
        let same = |l: &DiffLine| of(l) == from;
        let end = shown[i..].iter().position(|l| !same(l)).map_or(shown.len(), |n| i + n);
        for line in &shown[i..end] {
            let _ = writeln!(out, "{}", style.words(colour, &format!("{mark} {}", line.text), &[]));
        }
        for text in from.iter().take(CAUSES) {
            let _ = writeln!(out, "      {}", style.dim(&format!("{verb} {text}")));
        }
        if from.len() > CAUSES {
            let more = format!("and {} more", count(from.len() - CAUSES, "value"));
            let _ = writeln!(out, "      {}", style.dim(&more));
        }
        i = end;
    }
    if object.lines.len() > SHOWN {
        let _ = writeln!(out, "  ... {} more", count(object.lines.len() - SHOWN, "line"));
    }
}

/// What every line comes from.
fn common(object: &ObjectDiff) -> Vec<String> {
    let Some((first, rest)) = object.lines.split_first() else { return Vec::new() };
    let mut common: Vec<String> = first.causes.iter().map(|c| told(first, c)).collect();
    for line in rest {
        let of: Vec<String> = line.causes.iter().map(|c| told(line, c)).collect();
        common.retain(|c| of.contains(c));
    }
    common.dedup();
    common
}

/// What generated the neighbours of an object of which nothing else is known.
fn near_causes(object: &ObjectDiff) -> Vec<String> {
    object.lines.iter().flat_map(|l| l.causes.iter().map(|c| told(l, c))).collect()
}

/// What a line comes from besides.
fn causes(line: &DiffLine, common: &[String]) -> Vec<String> {
    let mut texts: Vec<String> =
        line.causes.iter().map(|c| told(line, c)).filter(|c| !common.contains(c)).collect();
    texts.dedup();
    texts
}

/// Each name once, in the order of the lines.
fn files<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}
