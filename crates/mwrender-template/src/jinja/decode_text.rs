//! Reads marked text inside a template: `fromyaml` of a captured block.

use super::decode::{OpenMarks, Origin};
use super::marker::{self, Token};
use super::run::{self, Emission};
use mwrender_diagnostic::Pos;
use mwrender_values::{Data, Map, Value};
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
        let mut emission_of = |pos: Pos, to_end_of_line: bool| -> Pos {
            let Some(start) = (pos.raw() as usize).checked_sub(1) else { return Pos::NONE };
            let line_end = plain[start..].find('\n').map_or(plain.len(), |n| start + n);
            let next = starts.get(starts.partition_point(|s| *s <= start)).copied().unwrap_or(plain.len());
            let end = if to_end_of_line { line_end } else { next };
            let mut emission = Emission::default();
            let mut depth = 0;
            let first = pieces.partition_point(|(s, _)| *s <= start).saturating_sub(1);
            for (i, (piece_start, (chain, causes))) in pieces.iter().enumerate().skip(first) {
                if *piece_start >= end.max(start + 1) {
                    break;
                }
                let piece_end = pieces.get(i + 1).map_or(plain.len(), |p| p.0);
                let visible = &plain[start.max(*piece_start)..piece_end.min(end.max(start + 1)).min(plain.len())];
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
            let pieces = emission.causes.iter().filter(|c| c.how == crate::How::Direct).count();
            if pieces > 1 {
                for c in &mut emission.causes {
                    c.how = c.how.max(crate::How::Operand);
                }
            }
            run::derived_origin(run.emission(emission))
        };
        rewrite(value, &mut emission_of);
        run.keep_value(value.clone());
    });
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

fn rewrite(value: &mut Value, origin: &mut impl FnMut(Pos, bool) -> Pos) {
    match &mut value.data {
        Data::List(items) => {
            let items = Arc::make_mut(items);
            items.iter_mut().for_each(|v| rewrite(v, origin));
            value.origin = origin(value.origin, true);
        }
        Data::Map(map) => {
            let map: &mut Map = Arc::make_mut(map);
            for entry in map.values_mut() {
                entry.key_origin = origin(entry.key_origin, false);
                rewrite(&mut entry.value, origin);
            }
            value.origin = origin(value.origin, true);
        }
        Data::String(text) => {
            if let Some(lines) = &text.lines {
                text.lines = Some(lines.iter().map(|l| origin(*l, true)).collect());
            }
            value.origin = origin(value.origin, false);
        }
        _ => value.origin = origin(value.origin, false),
    }
}
