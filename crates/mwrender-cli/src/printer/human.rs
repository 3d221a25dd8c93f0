//! The diff for people.
//!
//! What many releases have in common is shown once, with their names.

use super::{Mixture, Style, board, cells, count, verdict, whole, wrap};
use crate::args::Diff;
use mwrender_core::cell::Cell;
use mwrender_core::diff::{DiffLine, ObjectDiff, Pending, Place, Reference, RemovedOrigin, Report, Step};
use mwrender_core::differences::{Change, Tag};
use mwrender_core::template::How;
use mwrender_core::{Session, State};
use std::collections::HashMap;
use std::fmt::Write;

/// Objects of several cells that differ in the same way.
struct Group<'a> {
    object: &'a ObjectDiff,
    /// Whether the releases are new, gone or changed.
    change: Change,
    cells: Vec<&'a Cell>,
    names: Vec<&'a str>,
}

/// The report.
pub(crate) fn report(
    session: &Session,
    state: &State,
    report: &Report,
    next: &[Step],
    against: &str,
    options: &Diff,
    style: Style,
) -> String {
    let mut out = String::new();
    verdict::hosts(&mut out, state);
    board::write(&mut out, state, report, None, style);
    verdict::presence(&mut out, report, style);
    let groups = group(report);
    if !options.summary {
        for group in &groups {
            object(&mut out, group, report.both_inputs, options.context, style);
        }
    }
    verdict::verdict(&mut out, report, against, groups.len(), style);
    verdict::next(&mut out, next, style);
    inputs(&mut out, session, state, style);
    out
}

/// What else a report on three states tells.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'a> {
    /// What to do next.
    pub(crate) next: &'a [Step],
    /// Which part of the change it is about.
    pub(crate) mixture: Option<&'a Mixture>,
}

/// The report on three states: what was pending, then what the change introduces.
pub(crate) fn pending(
    session: &Session,
    state: &State,
    found: &Pending,
    parts: Parts<'_>,
    against: &str,
    options: &Diff,
    style: Style,
) -> String {
    let mut out = String::new();
    // writing to a String cannot fail
    verdict::hosts(&mut out, state);
    board::write(&mut out, state, &found.introduced, Some(&found.pending), style);
    verdict::presence(&mut out, &found.introduced, style);
    let introduced = match parts.mixture {
        None => "INTRODUCED by this change".to_string(),
        Some(m) => format!("INTRODUCED by this change {} {}", m.word, m.named),
    };
    for (title, report, old) in [
        (format!("ALREADY PENDING: merged, and not in {against}"), &found.pending, against),
        (introduced, &found.introduced, "base"),
    ] {
        let _ = writeln!(out, "{}\n", style.bold(&title));
        let groups = group(report);
        if !options.summary {
            for group in &groups {
                object(&mut out, group, report.both_inputs, options.context, style);
            }
        }
        verdict::verdict(&mut out, report, old, groups.len(), style);
    }
    if !found.both.is_empty() {
        let _ = writeln!(
            out,
            "{}",
            style.yellow(&format!("{} pending and changed again:", count(found.both.len(), "line")))
        );
        for overlap in found.both.iter().take(WHOLE) {
            let _ = writeln!(out, "  {} {}: {}", overlap.cell, overlap.object, overlap.line);
        }
        let _ = writeln!(out);
    }
    if let Some(mixture) = parts.mixture {
        verdict::shares(&mut out, mixture, style);
    }
    verdict::next(&mut out, parts.next, style);
    inputs(&mut out, session, state, style);
    out
}

fn group(report: &Report) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known: HashMap<(Change, &str, Change, Vec<Shape<'_>>), usize> = HashMap::new();
    for cell in &report.cells {
        for object in &cell.objects {
            let lines = object.lines.iter().filter(|l| l.tag != Tag::Equal).map(shape).collect();
            let key = (cell.change, &*object.key.kind, object.change, lines);
            let index = *known.entry(key).or_insert_with(|| {
                groups.push(Group { object, change: cell.change, cells: Vec::new(), names: Vec::new() });
                groups.len() - 1
            });
            groups[index].cells.push(&cell.cell);
            if !groups[index].names.contains(&&*object.key.name) {
                groups[index].names.push(&object.key.name);
            }
        }
    }
    groups
}

/// What makes two changed lines the same change: what changed of them, and why. The rest of a line, and the lines
/// around it, often name the release.
type Shape<'a> = (Tag, Vec<&'a str>, Option<&'a Place>, &'a [Reference], Option<RemovedOrigin>);

fn shape(line: &DiffLine) -> Shape<'_> {
    let words: Vec<&str> = line.words.iter().filter_map(|w| line.text.get(w.clone())).collect();
    let text = match line.causes.iter().any(|c| c.how == How::Hash) || is_digest(&words) {
        // hashes differ from release to release although the same went into them
        true => vec![line.text.split(':').next().unwrap_or_default()],
        false if line.words.is_empty() => vec![&*line.text],
        false => words,
    };
    (line.tag, text, line.template.last(), &line.causes, line.removed)
}

/// Whether all that changed of a line are hashes.
fn is_digest(words: &[&str]) -> bool {
    let digest = |w: &&str| w.len() >= 32 && w.bytes().all(|b| b.is_ascii_hexdigit());
    !words.is_empty() && words.iter().all(digest)
}

fn object(out: &mut String, group: &Group<'_>, both: bool, context: usize, style: Style) {
    let object = group.object;
    let name = match group.names.as_slice() {
        [one] => (*one).to_string(),
        [first, rest @ ..] => format!("{first} and {}", others(rest.len())),
        [] => String::new(),
    };
    // writing to a String cannot fail
    let _ =
        writeln!(out, "{}", style.bold(&format!("{} {name}: {}", object.key.kind, object.change.as_str())));
    out.push_str(&wrap(&cells(group.cells.iter().copied()), 100, "  "));
    if object.restarts.is_some() {
        let _ = writeln!(out, "  {}", style.yellow("the pod template changes: pods restart"));
    }
    if !object.immutable.is_empty() {
        let what = format!(
            "replace: the apply would fail, {} cannot be changed in place",
            object.immutable.join(", ")
        );
        let _ = writeln!(out, "  {}", style.red(&what));
    }
    if object.approximate {
        let _ = writeln!(out, "  the origins in this template are approximate");
    }
    match object.change {
        Change::Changed => hunks(out, &object.lines, both, context, style),
        // of a release that is new or gone, all values count
        Change::Added | Change::Removed => {
            whole::lines(out, object, both && group.change == Change::Changed, style);
        }
    }
    out.push('\n');
}

/// `1 other`, `2 others`.
fn others(n: usize) -> String {
    if n == 1 { "1 other".to_string() } else { format!("{n} others") }
}

/// How many changes of a list of them are shown.
pub(super) const WHOLE: usize = 12;

fn hunks(out: &mut String, lines: &[DiffLine], both: bool, context: usize, style: Style) {
    let mut show = vec![false; lines.len()];
    for (i, line) in lines.iter().enumerate() {
        if line.tag != Tag::Equal {
            let to = (i + context + 1).min(lines.len());
            show[i.saturating_sub(context)..to].fill(true);
        }
    }
    let mut i = 0;
    while i < lines.len() {
        if !show[i] {
            i += 1;
            continue;
        }
        let end = show[i..].iter().position(|s| !s).map_or(lines.len(), |n| i + n);
        let place = parents(lines, i);
        let _ = writeln!(out, "{}", style.dim(format!("@@ {place}").trim_end()));
        hunk(out, &lines[i..end], both, style);
        i = end;
    }
}

/// The keys under which a line stands, from the lines before it with less indentation.
fn parents(lines: &[DiffLine], at: usize) -> String {
    let indent = |text: &str| text.len() - text.trim_start_matches([' ', '-']).len();
    let mut names = Vec::new();
    let mut limit = indent(&lines[at].text);
    if lines[at].text.trim().is_empty() {
        limit = usize::MAX;
    }
    for line in lines[..at].iter().rev() {
        let here = indent(&line.text);
        let opens =
            line.text.ends_with(':') || line.text.trim_end_matches(['-', '+', '2', '4']).ends_with(" |");
        if here < limit && !line.text.trim().is_empty() {
            limit = here;
            if opens {
                let name = line.text.trim_start_matches([' ', '-']).split(':').next().unwrap_or_default();
                names.push(name.to_string());
            }
        }
    }
    names.reverse();
    names.join(".")
}

/// Lines with their causes. Lines in a row with the same causes share them.
fn hunk(out: &mut String, lines: &[DiffLine], both: bool, style: Style) {
    let mut i = 0;
    while i < lines.len() {
        let line = &lines[i];
        if line.tag == Tag::Equal {
            let _ = writeln!(out, "  {}", line.text);
            i += 1;
            continue;
        }
        let same = |other: &DiffLine| other.tag == line.tag && causes(other, both) == causes(line, both);
        let end = lines[i..].iter().position(|l| !same(l)).map_or(lines.len(), |n| i + n);
        for line in &lines[i..end] {
            let (mark, colour) = if line.tag == Tag::Delete { ("-", "31") } else { ("+", "32") };
            let text = style.words(colour, &line.text, &line.words);
            let _ = writeln!(out, "{} {text}", style.paint(colour, mark));
        }
        for cause in causes(line, both) {
            let _ = writeln!(out, "      {}", style.dim(&cause));
        }
        i = end;
    }
}

/// How many causes of one line are shown.
const CAUSES: usize = 5;

fn causes(line: &DiffLine, both: bool) -> Vec<String> {
    let verb = match (line.removed, both) {
        (Some(RemovedOrigin::Replaced), _) => return Vec::new(),
        (Some(RemovedOrigin::Near), _) => "was generated beside",
        (Some(RemovedOrigin::Known), _) => "was from",
        (None, true) if line.template_changed => "from",
        (None, true) => "changed in",
        (None, false) => "from",
    };
    let mut texts: Vec<String> =
        line.causes.iter().take(CAUSES).map(|c| format!("{verb} {}", told(line, c))).collect();
    if line.causes.len() > CAUSES {
        texts.push(format!("and {} more", count(line.causes.len() - CAUSES, "value")));
    }
    if line.rendered {
        texts.push("found by rendering without it".to_string());
    }
    if let Some(place) = line.template.last() {
        let changed = if line.template_changed { "changed template" } else { "template" };
        let near = if line.removed == Some(RemovedOrigin::Near) { "was generated beside " } else { "" };
        texts.push(format!("{near}{changed} {place}"));
    }
    texts.dedup();
    texts
}

/// A cause of a line; where the line stands for no other one, with where the other side has the value.
pub(super) fn told(line: &DiffLine, cause: &Reference) -> String {
    let word = if line.tag == Tag::Delete { "now" } else { "before" };
    match &cause.counterpart {
        Some(place) if line.words.is_empty() && cause.overrides.as_ref() != Some(place) => {
            format!("{}, {word} {place}", reference(cause))
        }
        _ => reference(cause),
    }
}

pub(crate) fn reference(reference: &Reference) -> String {
    let mut text = format!("{}", reference.place);
    if !reference.path.is_empty() {
        let _ = write!(text, " ({}{})", reference.path, if reference.missing { ", not set" } else { "" });
    }
    match reference.how {
        How::Direct => {}
        How::Operand => text.push_str(", operand"),
        How::Conditional => text.push_str(", conditional"),
        How::Hash => text.push_str(", in the hash"),
    }
    if let Some(lower) = &reference.overrides {
        let _ = write!(text, ", overrides {lower}");
    }
    text
}

fn inputs(out: &mut String, session: &Session, state: &State, style: Style) {
    let present = state.inputs.iter().filter(|i| i.source.is_some()).count();
    let absent = state.inputs.len() - present;
    let _ = writeln!(out, "{}", style.dim(&format!("inputs: {present} files, {absent} absent")));
    for input in &state.inputs {
        let hash = match input.source {
            Some(_) if input.private => format!("{:64}", "private"),
            Some(source) => session.sha256(source),
            None => format!("{:64}", "absent"),
        };
        let _ = writeln!(out, "{}", style.dim(&format!("  {hash}  {}", input.path)));
    }
}
