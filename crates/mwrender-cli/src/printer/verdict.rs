//! What a diff means, for people: watched files, flags, restarts, what to do next.

use super::human::WHOLE;
use super::restarts::restarts;
use super::{Mixture, Style, count, wrap};
use mwrender_core::State;
use mwrender_core::diff::{FileChange, FileState, Report, Step};
use mwrender_core::mix::{Share, Size};
use mwrender_core::window::Standing;
use std::fmt::Write;

pub(super) fn verdict(out: &mut String, report: &Report, against: &str, distinct: usize, style: Style) {
    files(out, report, style);
    if report.cells.is_empty() {
        let _ = writeln!(out, "no differences: {} as {against} has them", count(report.compared, "release"));
        flags(out, report, style);
        out.push('\n');
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
}

/// What a catalog compiler says about its hosts.
pub(super) fn hosts(out: &mut String, state: &State) {
    for (host, compiled) in &state.hosts {
        let _ = writeln!(out, "the catalog compiler says of {host}: {compiled}\n");
    }
}

/// Flagged files that are on one side only: told on top, for nothing else may show it.
pub(super) fn presence(out: &mut String, report: &Report, style: Style) {
    let flagged =
        |f: &&FileChange| report.verdict.flags.iter().any(|flag| flag.window && flag.file == f.file);
    let before = out.len();
    for file in report.files.iter().filter(flagged) {
        let what = match file.state {
            FileState::Added => "the file is new",
            FileState::Removed => "the file is gone",
            FileState::Noop | FileState::Changed => continue,
        };
        let _ = writeln!(out, "{} {}: {what}", style.red("FLAGGED"), file.file);
    }
    if out.len() > before {
        out.push('\n');
    }
}

/// Watched files whose text differs, as data.
fn files(out: &mut String, report: &Report, style: Style) {
    for file in &report.files {
        let what = match file.state {
            FileState::Noop => "formatting only".to_string(),
            FileState::Changed => effect(file),
            FileState::Added => format!("the file is new: {}", effect(file)),
            FileState::Removed => format!("the file is gone: {}", effect(file)),
        };
        let _ = writeln!(out, "{}", style.bold(&format!("{} {}: {what}", file.state.word(), file.file)));
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

/// What a file's changed data do: `no effect on manifests`, `changes 3 releases, restart in 2`.
fn effect(file: &FileChange) -> String {
    match (file.reaches, file.restarts) {
        (0, _) => "no effect on manifests".to_string(),
        (n, 0) => format!("changes {}, no restart", count(n, "release")),
        (n, m) if n == m => format!("changes {}, restart", count(n, "release")),
        (n, m) => format!("changes {}, restart in {m}", count(n, "release")),
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

/// The share of each owner in a change.
pub(super) fn shares(out: &mut String, mixture: &Mixture, style: Style) {
    let size = |size: Size| {
        format!(
            "{}% of its lines: {} of {} in {}",
            mixture.percent(size),
            count(size.lines, "line"),
            count(size.objects, "object"),
            count(size.releases, "release")
        )
    };
    let whole = mixture.whole;
    let head = format!(
        "share of the whole change: {} of {} in {}",
        count(whole.lines, "line"),
        count(whole.objects, "object"),
        count(whole.releases, "release")
    );
    let _ = writeln!(out, "{}", style.bold(&head));
    let part = format!("{} {}", mixture.word, mixture.named);
    let alone = |s: &Share| format!("{} alone", s.owner);
    let width = mixture.shares.iter().map(|s| alone(s).len()).chain([part.len()]).max().unwrap_or(0);
    let _ = writeln!(out, "  {part:width$}  {}", size(mixture.part));
    for share in &mixture.shares {
        let _ = writeln!(out, "  {:width$}  {}", alone(share), size(share.size));
        for file in &share.files {
            let _ = writeln!(out, "    {file}");
        }
    }
    out.push('\n');
}

/// What to do next, step by step.
pub(super) fn next(out: &mut String, steps: &[Step], style: Style) {
    if steps.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", style.bold("what to do next"));
    for (i, step) in steps.iter().enumerate() {
        let number = format!("{}. ", i + 1);
        let text = wrap(&step.text, 98 - number.len(), "");
        for (j, line) in text.lines().enumerate() {
            let margin = if j == 0 { number.clone() } else { " ".repeat(number.len()) };
            let _ = writeln!(out, "  {margin}{line}");
        }
        for command in &step.commands {
            let _ = writeln!(out, "       {command}");
        }
    }
    out.push('\n');
}
