//! Hiding what private layers set, by origin and wherever it lands.

use super::compare::DiffLine;
use crate::session::Session;
use mwrender_diagnostic::Pos;
use mwrender_diff::cause::{self, line_range};
use mwrender_diff::lines::{Line, Tag};
use mwrender_manifest::ObjectKey;
use mwrender_template::{Cause, How, Part, Tracked};

/// What stands for a secret.
const SECRET: &str = "<secret>";

/// One side of an object: its origins, if they are known.
type Side<'a> = Option<&'a Tracked>;

/// Hides secrets in the lines of an object. Of a hash over a secret, its fingerprint is shown.
///
/// Where the origins of the old side are not known, a line that is gone is hidden if it stands for or beside one that
/// shows a secret, and everything that a Secret held.
pub(super) fn hide(
    session: &Session,
    key: &ObjectKey,
    raw: &[Line],
    lines: &mut [DiffLine],
    new: Side<'_>,
    old: Side<'_>,
) {
    let private = |side: Side<'_>, line: &Line, position: Pos| {
        side.filter(|_| position.is_some()).and_then(|tracked| find(session, tracked, line, position))
    };
    let found: Vec<Option<Found>> =
        raw.iter().map(|l| private(new, l, l.new).or_else(|| private(old, l, l.old))).collect();
    for (line, found) in lines.iter_mut().zip(&found) {
        if let Some(found) = found {
            mask(session, line, found.prefix, !found.spreads);
        }
    }
    if old.is_some() {
        return;
    }
    let is_secret = key.kind == "Secret" && key.group.is_empty();
    let mut held = false;
    for i in 0..raw.len() {
        if !raw[i].text.starts_with(' ') {
            held = is_secret && ["data:", "stringData:"].contains(&raw[i].text.trim_end());
        }
        if raw[i].tag != Tag::Delete {
            continue;
        }
        let text = &raw[i].text;
        let indent = text.len() - text.trim_start().len();
        let entry = text.find(": ").map(|n| n + 2);
        match beside(raw, &found, i) {
            Some((keep, hash)) => mask(session, &mut lines[i], keep.max(indent), hash),
            None if held && indent > 0 => {
                mask(session, &mut lines[i], entry.filter(|_| indent <= 2).unwrap_or(indent), false);
            }
            None => {}
        }
    }
}

/// A line as it may be shown, if it shows a secret at `position`.
pub(crate) fn hidden(session: &Session, tracked: &Tracked, line: &Line, position: Pos) -> Option<String> {
    let found = find(session, tracked, line, position)?;
    Some(masked(session, &line.text, found.prefix, !found.spreads))
}

/// What a line shows of secrets.
fn find(session: &Session, tracked: &Tracked, line: &Line, position: Pos) -> Option<Found> {
    let origin = cause::origin(tracked, line, position, None);
    // a hash tells nothing of its neighbours
    let of = |how: fn(How) -> bool| {
        // a key's name is not its value
        let counts = |c: &&Cause| how(c.how) && c.part != Part::Key;
        origin.causes.iter().filter(counts).any(|c| session.sources().is_private(c.origin))
    };
    of(|how| how != How::Conditional).then(|| Found {
        prefix: prefix(session, tracked, line, position),
        spreads: of(|how| matches!(how, How::Direct | How::Operand)),
    })
}

/// A line that shows a secret.
struct Found {
    /// How many bytes of the line come before it.
    prefix: usize,
    /// Whether it shows a secret itself, and lines beside it may show others; else a hash over secrets.
    spreads: bool,
}

/// Whether a line that is gone stands in a run of changes with a line that shows a secret, or just beside one; how
/// much of it that line has too, and whether it is the hash that stood in the place of one.
fn beside(raw: &[Line], found: &[Option<Found>], at: usize) -> Option<(usize, bool)> {
    let changed = |l: &Line| l.tag != Tag::Equal;
    let from = raw[..at].iter().rposition(|l| !changed(l)).unwrap_or(0);
    let to = raw[at..].iter().position(|l| !changed(l)).map_or(raw.len(), |n| at + n + 1);
    let in_run = |i: usize| raw[i].tag == Tag::Insert && found[i].is_some();
    let at_edge = |i: usize| raw[i].tag == Tag::Equal && found[i].as_ref().is_some_and(|f| f.spreads);
    if !(from..to).any(|i| in_run(i) || at_edge(i)) {
        return None;
    }
    let shared = (from..to).filter(|i| in_run(*i)).filter_map(|i| {
        let Found { prefix, spreads } = *found[i].as_ref()?;
        let entry = raw[i].text[..prefix].ends_with(": ");
        (raw[i].text.get(..prefix) == raw[at].text.get(..prefix)).then_some((prefix, entry && !spreads))
    });
    Some(shared.max().unwrap_or((0, false)))
}

/// How much of a line may be shown: its key, if the secret comes after it, else its indentation.
fn prefix(session: &Session, tracked: &Tracked, line: &Line, position: Pos) -> usize {
    let indent = line.text.len() - line.text.trim_start_matches([' ']).len();
    let range = line_range(&tracked.text, position);
    let raw = &tracked.text[range.clone()];
    let secret = tracked
        .pieces_in(range.start as u32..range.end as u32)
        .filter(|p| {
            let of = tracked.causes(*p);
            let counts = |c: &&Cause| c.how != How::Conditional && c.part != Part::Key;
            of.iter().filter(counts).any(|c| session.sources().is_private(c.origin))
        })
        .map(|p| (p.start as usize).saturating_sub(range.start))
        .min();
    match (secret, raw.find(": "), line.text.find(": ")) {
        (Some(secret), Some(colon), Some(shown))
            if colon + 2 <= secret && raw[..colon].trim_start() == line.text[..shown].trim_start() =>
        {
            shown + 2
        }
        _ => indent,
    }
}

/// Hides what a line says from a byte on.
fn mask(session: &Session, line: &mut DiffLine, keep: usize, hash: bool) {
    line.text = masked(session, &line.text, keep, hash);
    line.words.clear();
}

fn masked(session: &Session, text: &str, keep: usize, hash: bool) -> String {
    let (shown, hidden) = text.split_at_checked(keep).unwrap_or((text, ""));
    if hash { format!("{shown}{}", session.fingerprint(hidden)) } else { format!("{shown}{SECRET}") }
}
