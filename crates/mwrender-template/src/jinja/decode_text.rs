//! Reads marked text inside a template: `fromyaml` of a captured block.

use super::decode::{OpenMarks, Origin};
use super::marker::{self, Token};
use super::run::{self, Emission};
use crate::engine::How;
use mwrender_diagnostic::Pos;
use mwrender_values::{Data, Map, Value};
use std::ops::Range;
use std::sync::Arc;

pub(crate) use marker::strip;

/// Gives the values of a parsed text the origins that the marked text has. The positions that parsing left in
/// them are byte offsets in the plain text, plus one.
pub(crate) fn attribute(value: &mut Value, marked: &str, plain: &str) {
    run::with(|run| {
        let mut pieces: Vec<(usize, Origin)> = Vec::new();
        let mut open = OpenMarks::default();
        let mut at = 0;
        for token in marker::tokens(marked) {
            match token {
                Token::Text(visible) => {
                    pieces.push((at, open.origin()));
                    at += visible.len();
                }
                Token::Mark(mark) => open.mark(mark, run),
            }
        }
        // where the values start, to know where each ends
        let mut starts = Vec::new();
        collect_starts(value, &mut starts);
        starts.push(plain.len());
        starts.sort_unstable();
        let mut emission_of = |pos: Pos, extent: Extent<'_>| -> Pos {
            let Some(start) = (pos.raw() as usize).checked_sub(1) else { return Pos::NONE };
            let line_end = plain[start..].find('\n').map_or(plain.len(), |n| start + n);
            let next = starts.get(starts.partition_point(|s| *s <= start)).copied().unwrap_or(plain.len());
            let end = match extent {
                Extent::Line => line_end,
                Extent::Node | Extent::Text(_) => next,
            };
            let mut emission = emission(&pieces, plain, start..end.max(start + 1));
            if let Extent::Text(text) = extent
                && emission.causes.len() > 1
                && let Some(at) = plain[start..end].find(text)
            {
                emission.parts = parts(run, &pieces, start + at..start + at + text.len());
            }
            run::derived_origin(run.emission(emission))
        };
        rewrite(value, &mut emission_of);
        run.keep_value(value.clone());
    });
}

/// How far what is at a position reaches.
enum Extent<'t> {
    /// To the end of the line: the first line of a list or map, a line of a text.
    Line,
    /// To where the next value begins.
    Node,
    /// As [`Extent::Node`], for this text.
    Text(&'t str),
}

/// The origin of a range of the text.
fn emission(pieces: &[(usize, Origin)], plain: &str, range: Range<usize>) -> Emission {
    let mut emission = Emission::default();
    let mut depth = 0;
    let first = pieces.partition_point(|(s, _)| *s <= range.start).saturating_sub(1);
    for (i, (start, (chain, causes))) in pieces.iter().enumerate().skip(first) {
        if *start >= range.end {
            break;
        }
        let end = pieces.get(i + 1).map_or(plain.len(), |p| p.0);
        let visible = &plain[range.start.max(*start)..end.min(range.end).min(plain.len())];
        if visible.trim().is_empty() {
            continue;
        }
        let weight = chain.len() + if causes.is_empty() { 0 } else { 100 };
        if emission.chain.is_empty() || weight > depth {
            emission.chain.clone_from(chain);
            depth = weight;
        }
        for c in causes {
            if !emission.causes.contains(c) {
                emission.causes.push(c.clone());
            }
        }
    }
    // a text put together from several pieces is none of them
    if emission.causes.iter().filter(|c| c.how == How::Direct).count() > 1 {
        for c in &mut emission.causes {
            c.how = c.how.max(How::Operand);
        }
    }
    emission
}

/// The parts of a text that stands in the plain text letter by letter.
fn parts(run: &mut run::Run, pieces: &[(usize, Origin)], range: Range<usize>) -> Vec<(u32, u32)> {
    let first = pieces.partition_point(|(s, _)| *s <= range.start).saturating_sub(1);
    let within = pieces[first..].iter().take_while(|(s, _)| *s < range.end);
    within
        .map(|(start, (chain, causes))| {
            let emission = Emission { chain: chain.clone(), causes: causes.clone(), parts: Vec::new() };
            (start.saturating_sub(range.start) as u32, run.emission(emission))
        })
        .collect()
}

/// Removes positions, which would be taken for places in a source.
pub(crate) fn forget(value: &mut Value) {
    rewrite(value, &mut |_, _| Pos::NONE);
}

fn collect_starts(value: &Value, starts: &mut Vec<usize>) {
    let mut add = |pos: Pos| starts.extend((pos.raw() as usize).checked_sub(1));
    add(value.origin);
    match &value.data {
        Data::List(items) => items.iter().for_each(|v| collect_starts(v, starts)),
        Data::Map(map) => {
            for entry in map.values() {
                starts.extend((entry.key_origin.raw() as usize).checked_sub(1));
                collect_starts(&entry.value, starts);
            }
        }
        _ => {}
    }
}

fn rewrite(value: &mut Value, origin: &mut impl FnMut(Pos, Extent<'_>) -> Pos) {
    match &mut value.data {
        Data::List(items) => {
            let items = Arc::make_mut(items);
            for item in items.iter_mut() {
                rewrite(item, origin);
            }
            value.origin = origin(value.origin, Extent::Line);
        }
        Data::Map(map) => {
            let map: &mut Map = Arc::make_mut(map);
            for entry in map.values_mut() {
                entry.key_origin = origin(entry.key_origin, Extent::Node);
                rewrite(&mut entry.value, origin);
            }
            value.origin = origin(value.origin, Extent::Line);
        }
        Data::String(text) => {
            if let Some(lines) = &text.lines {
                text.lines = Some(lines.iter().map(|l| origin(*l, Extent::Line)).collect());
            }
            value.origin = origin(value.origin, Extent::Text(&text.text));
        }
        _ => value.origin = origin(value.origin, Extent::Node),
    }
}
