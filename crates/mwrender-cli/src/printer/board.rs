//! All releases by state, at a glance: a letter for each, in a column for each environment.

use super::{Style, count, wrap};
use mwrender_core::State;
use mwrender_core::cell::Cell;
use mwrender_core::diff::{BoardCell, CellState, Report, board};
use std::fmt::Write;

/// The cells of a board.
fn cells(state: &State) -> Vec<&Cell> {
    state.cells.iter().map(|c| &c.cell).collect()
}

/// The board for programs.
pub(super) fn json(state: &State, report: &Report, pending: Option<&Report>) -> serde_json::Value {
    let all = cells(state);
    let told = board(&all, report, pending).into_iter().map(|s| {
        let mut value = super::json::cell(s.cell);
        value["state"] = s.state.as_str().into();
        value["pending"] = s.pending.into();
        value
    });
    told.collect()
}

/// The letter for a release: a capital where something is pending there, too.
fn letter(standing: &BoardCell<'_>) -> char {
    match (standing.state, standing.pending) {
        (CellState::Flagged, false) => 'f',
        (CellState::Flagged, true) => 'F',
        (CellState::Changed, false) => 'c',
        (CellState::Changed, true) => 'C',
        (CellState::Pending, _) => 'p',
        (CellState::Same, _) => '.',
    }
}

/// The board for people; nothing if all is the same.
pub(super) fn write(
    out: &mut String,
    state: &State,
    report: &Report,
    pending: Option<&Report>,
    style: Style,
) {
    let all = cells(state);
    let found = board(&all, report, pending);
    if found.iter().all(|s| s.state == CellState::Same) {
        return;
    }
    let mut legend = Vec::new();
    for (state, letter) in [
        (CellState::Flagged, "f"),
        (CellState::Changed, "c"),
        (CellState::Pending, "p"),
        (CellState::Same, "."),
    ] {
        match found.iter().filter(|s| s.state == state).count() {
            0 => {}
            n => legend.push(format!("{n} {} ({letter})", state.as_str())),
        }
    }
    let both = |s: &&BoardCell<'_>| s.pending && s.state != CellState::Pending;
    match found.iter().filter(both).count() {
        0 => {}
        n => legend.push(format!("{n} of them pending, too (capital)")),
    }
    // writing to a String cannot fail
    let _ = writeln!(
        out,
        "{}",
        style.bold(&format!("{} by state: {}", count(found.len(), "release"), legend.join(", ")))
    );
    for row in rows(&found) {
        let line = format!("  {}", row.trim_end());
        let _ = writeln!(out, "{line}");
    }
    out.push('\n');
}

/// The rows, the names of the environments first. Services with the same releases in the same states share one.
fn rows(found: &[BoardCell<'_>]) -> Vec<String> {
    let unique = |names: &mut dyn Iterator<Item = &str>| {
        let mut seen: Vec<String> = Vec::new();
        for name in names {
            if !seen.iter().any(|s| s == name) {
                seen.push(name.to_string());
            }
        }
        seen
    };
    let environments = unique(&mut found.iter().map(|s| &*s.cell.environment));
    let services = unique(&mut found.iter().map(|s| &*s.cell.namespace));
    let mut groups: Vec<(Vec<String>, Vec<String>, Vec<String>)> = Vec::new();
    for service in services {
        let of: Vec<&BoardCell<'_>> = found.iter().filter(|s| s.cell.namespace == service).collect();
        let releases = unique(&mut of.iter().map(|s| &*s.cell.release));
        let letters: Vec<String> = environments
            .iter()
            .map(|environment| {
                let at = |release: &String| {
                    let here =
                        of.iter().find(|s| s.cell.environment == *environment && s.cell.release == *release);
                    here.map_or(' ', |s| letter(s))
                };
                releases.iter().map(at).collect()
            })
            .collect();
        match groups.iter_mut().find(|(r, l, _)| *r == releases && *l == letters) {
            Some((_, _, services)) => services.push(service),
            None => groups.push((releases, letters, vec![service])),
        }
    }
    let widths: Vec<usize> = environments
        .iter()
        .enumerate()
        .map(|(i, name)| groups.iter().map(|(_, l, _)| l[i].len()).max().unwrap_or(0).max(name.len()))
        .collect();
    let columns = |texts: &[String]| -> String {
        let padded = texts.iter().zip(&widths).map(|(text, width)| format!("{text:width$}  "));
        padded.collect::<Vec<_>>().concat()
    };
    let mut rows = vec![columns(&environments)];
    let margin = " ".repeat(widths.iter().map(|w| w + 2).sum::<usize>());
    for (releases, letters, services) in groups {
        let names = format!("{}: {}", releases.join(" "), services.join(", "));
        let told = wrap(&names, 98usize.saturating_sub(margin.len()).max(20), "");
        let mut lines = told.lines();
        rows.push(format!("{}{}", columns(&letters), lines.next().unwrap_or_default()));
        rows.extend(lines.map(|l| format!("{margin}{l}")));
    }
    rows
}
