//! What a diff means, for people: watched files, flags, restarts, what to do next.

use super::human::WHOLE;
use super::{Style, cells, count, pods, wrap};
use mwrender_core::State;
use mwrender_core::cell::Cell;
use mwrender_core::diff::{FileState, Report};
use mwrender_core::window::Standing;
use std::fmt::Write;

pub(super) fn verdict(
    out: &mut String,
    state: &State,
    report: &Report,
    against: &str,
    distinct: usize,
    style: Style,
) {
    files(out, report, style);
    if report.cells.is_empty() {
        let _ = writeln!(out, "no differences: {} as {against} has them", count(report.compared, "release"));
        flags(out, report, style);
        out.push('\n');
        next(out, state, report, style);
        return;
    }
    let head = format!(
        "{} of {} {} from {against}, in {}",
        report.cells.len(),
        count(report.compared, "release"),
        if report.cells.len() == 1 { "differs" } else { "differ" },
        count(distinct, "distinct change")
    );
    let _ = writeln!(out, "{}", style.bold(&head));
    out.push_str(&wrap(&cells(report.cells.iter().map(|c| &c.cell)), 100, "  "));
    out.push('\n');
    flags(out, report, style);
    restarts(out, report, style);
    for (cell, object, fields) in &report.verdict.replaces {
        let what = format!(
            "replace: {cell} {object}: the apply would fail, {} cannot be changed in place",
            fields.join(", ")
        );
        let _ = writeln!(out, "{}", style.red(&what));
    }
    out.push('\n');
    next(out, state, report, style);
}

/// Watched files whose text differs, as data.
fn files(out: &mut String, report: &Report, style: Style) {
    for file in &report.files {
        let effect = match (file.state, file.reaches) {
            (FileState::Noop, _) => ": formatting only".to_string(),
            (_, 0) => ": no effect on manifests".to_string(),
            (_, n) => format!(": changes {}", count(n, "release")),
        };
        let _ = writeln!(out, "{}", style.bold(&format!("{} {}{effect}", file.file, file.state.as_str())));
        for told in file.changes.iter().take(WHOLE) {
            let line = told
                .new
                .as_ref()
                .or(told.old.as_ref())
                .map_or_else(String::new, |p| format!("line {}: ", p.line));
            let _ = writeln!(out, "  {line}{}: {}", told.path, told.text);
        }
        if file.changes.len() > WHOLE {
            let _ = writeln!(out, "  and {} more", count(file.changes.len() - WHOLE, "change"));
        }
    }
    if !report.files.is_empty() {
        out.push('\n');
    }
}

fn flags(out: &mut String, report: &Report, style: Style) {
    let (flagged, others): (Vec<_>, Vec<_>) = report.verdict.flags.iter().partition(|f| f.window);
    if flagged.is_empty() && !report.cells.is_empty() {
        let _ = writeln!(
            out,
            "not flagged: no changed line comes from a file that is bound to an infrastructure window"
        );
    }
    for flag in &flagged {
        let _ = writeln!(out, "{} {} ({}): {}", style.red("FLAGGED"), flag.file, flag.owner, flag.reason);
        let effect = match flag.cells.len() {
            0 => "no effect on manifests".to_string(),
            n => format!("changes {}", count(n, "release")),
        };
        let _ = writeln!(out, "  {effect}");
    }
    match &report.verdict.window {
        None => {}
        Some(Standing::Inside(window)) => {
            let _ = writeln!(out, "  may be merged now: the window {window} is open");
        }
        Some(Standing::Outside(Some(window))) => {
            let _ = writeln!(out, "  no window is open: the next one is {window}");
        }
        Some(Standing::Outside(None)) => {
            let _ = writeln!(out, "  no window is open, and within a year there is none");
        }
    }
    for flag in &others {
        let _ = writeln!(out, "not flagged: {} ({}): {}", flag.file, flag.owner, flag.reason);
    }
}

fn restarts(out: &mut String, report: &Report, style: Style) {
    let restarts = &report.verdict.restarts;
    if restarts.is_empty() {
        let _ = writeln!(out, "no pods restart");
        return;
    }
    let mut groups: Vec<(String, Vec<&Cell>)> = Vec::new();
    for restart in restarts {
        let what = pods(restart.replicas);
        match groups.iter_mut().find(|(w, _)| *w == what) {
            Some((_, cells)) => cells.push(&restart.cell),
            None => groups.push((what, vec![&restart.cell])),
        }
    }
    let _ =
        writeln!(out, "{}", style.yellow(&format!("pods restart in {}:", count(restarts.len(), "release"))));
    for (what, found) in groups {
        let each = if found.len() > 1 { " each" } else { "" };
        out.push_str(&wrap(&format!("{what}{each}: {}", cells(found)), 100, "  "));
    }
}

fn next(out: &mut String, state: &State, report: &Report, style: Style) {
    let steps: Vec<&str> = report
        .verdict
        .flags
        .iter()
        .filter(|f| f.window)
        .map(|f| f.next.trim())
        .filter(|n| !n.is_empty())
        .collect();
    let mut told: Vec<&str> = Vec::new();
    let _ = state;
    for step in steps {
        if !told.contains(&step) {
            if told.is_empty() {
                let _ = writeln!(out, "{}", style.bold("what to do next"));
            }
            told.push(step);
            out.push_str(&wrap(step, 98, "  "));
        }
    }
    if !told.is_empty() {
        out.push('\n');
    }
}
