//! Where a line of rendered text came from.

use crate::lines::Line;
use mwrender_diagnostic::Pos;
use mwrender_template::{Cause, Tracked};
use std::ops::Range;

/// The template position and the values that wrote a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LineOrigin {
    /// Template positions: the outermost include first, the line that wrote it last.
    pub chain: Vec<Pos>,
    /// The values it depends on, the most direct first.
    pub causes: Vec<Cause>,
}

/// The line of `text` that holds a local position, without its line break.
pub fn line_range(text: &str, position: Pos) -> Range<usize> {
    let offset = (position.local_offset().unwrap_or(0) as usize).min(text.len());
    let start = text[..offset].rfind('\n').map_or(0, |n| n + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |n| offset + n);
    start..end
}

/// The origin of a line of rendered text. `words` are the ranges of the diff's line that changed: where the
/// rendered line is spelled as the diff's, only what wrote these words counts.
pub fn origin(tracked: &Tracked, line: &Line, position: Pos, words: Option<&[Range<usize>]>) -> LineOrigin {
    let range = line_range(&tracked.text, position);
    let raw = &tracked.text[range.clone()];
    let shown = line.text.trim_start();
    let within = raw.find(shown).filter(|_| !shown.is_empty());
    let shift = line.text.len() - shown.len();
    let ranges: Vec<Range<usize>> = match (words, within) {
        (Some(words), Some(at)) if !words.is_empty() => words
            .iter()
            .filter(|w| w.start >= shift)
            .map(|w| range.start + at + w.start - shift..range.start + at + w.end - shift)
            // where something is gone, what stands beside the gap tells
            .map(|w| {
                if w.is_empty() {
                    w.start.saturating_sub(1).max(range.start)..(w.end + 1).min(range.end)
                } else {
                    w
                }
            })
            .collect(),
        _ => Vec::new(),
    };
    let mut found = collect(tracked, if ranges.is_empty() { std::slice::from_ref(&range) } else { &ranges });
    if found.causes.is_empty() && !ranges.is_empty() {
        found = collect(tracked, std::slice::from_ref(&range));
    }
    found
}

fn collect(tracked: &Tracked, ranges: &[Range<usize>]) -> LineOrigin {
    let mut found = LineOrigin::default();
    let mut depth = 0;
    let mut seen = Vec::new();
    for range in ranges {
        for piece in tracked.pieces_in(range.start as u32..range.end as u32) {
            let visible = !tracked.text[range.clone()].trim().is_empty();
            let chain = tracked.chain(piece);
            let causes = tracked.causes(piece);
            // the position that says most: where a value was printed, else the deepest one
            let weight = chain.len() + if causes.is_empty() { 0 } else { 100 };
            if visible && (found.chain.is_empty() || weight > depth) {
                found.chain = chain.to_vec();
                depth = weight;
            }
            if !seen.contains(&causes.as_ptr()) {
                seen.push(causes.as_ptr());
                found.causes.extend_from_slice(causes);
            }
        }
    }
    // a value that is in the line in several ways is there in the closest
    found.causes.sort_unstable();
    found.causes.dedup_by(|b, a| a.line == b.line && a.part == b.part);
    found.causes.sort_by_key(|c| c.how);
    found
}
