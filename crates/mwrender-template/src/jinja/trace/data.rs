//! Values to YAML and JSON text and back: each line keeps the origin of the value that it is.

use super::causes::{Causes, Chain, Known, Set};
use super::run::{Result, Run};
use super::text::{Kind, Text};
use super::value::Val;
use crate::engine::How;
use crate::filters::yaml::read;
use mwrender_diagnostic::Pos;
use mwrender_values::emit::Sink;
use mwrender_values::emit::json::{self, JsonStyle};
use mwrender_values::emit::yaml::{self, YamlStyle};
use mwrender_values::{Data, Map, Value};
use std::sync::Arc;

impl Run<'_> {
    /// Block YAML without a line break at its end.
    pub(super) fn write_yaml(&mut self, value: &Val, at: Pos) -> Result<Val> {
        let ours = self.value(value)?;
        let chain = self.here(at);
        let mut sink = PieceSink::new(&mut self.causes, chain, false);
        yaml::write(&ours, YamlStyle::default(), &mut sink);
        let mut text = sink.out;
        if text.text.ends_with('\n') {
            text.text.pop();
            let end = text.len() as u32;
            for piece in text.pieces.iter_mut().filter(|p| p.start >= end) {
                piece.start = end;
                if piece.kind == Kind::Bytes {
                    piece.kind = Kind::Line;
                }
            }
        }
        Ok(Val::text(text))
    }

    /// JSON, compact or indented.
    pub(super) fn write_json(&mut self, value: &Val, indent: usize, at: Pos) -> Result<Val> {
        let ours = self.value(value)?;
        let chain = self.here(at);
        let mut sink = PieceSink::new(&mut self.causes, chain, indent == 0);
        json::write(&ours, JsonStyle { indent, ..JsonStyle::default() }, &mut sink);
        Ok(Val::text(sink.out))
    }

    /// The value that a text is. What is in it has the origins of the text's pieces.
    pub(super) fn parse(&mut self, text: &Text, filter: &str) -> Result<Val> {
        let mut value = read(&text.text, filter)?;
        let mut starts = Vec::new();
        collect_starts(&value, &mut starts);
        starts.push(text.len());
        starts.sort_unstable();
        let ends = Ends { text: &text.text, starts };
        self.attribute_to(&mut value, text, &ends);
        Ok(Val::read(value))
    }

    /// Replaces positions, which are byte offsets in the text plus one, by origins that stand for what its pieces
    /// say.
    fn attribute_to(&mut self, value: &mut Value, text: &Text, ends: &Ends<'_>) {
        let last = last_start(value);
        let start = (value.origin.raw() as usize).saturating_sub(1);
        match &mut value.data {
            Data::List(items) => {
                for item in Arc::make_mut(items) {
                    self.attribute_to(item, text, ends);
                }
                value.origin = self.container(text, start, ends.next(last));
            }
            Data::Map(map) => {
                let map: &mut Map = Arc::make_mut(map);
                for entry in map.values_mut() {
                    let start = (entry.key_origin.raw() as usize).saturating_sub(1);
                    let known = self.range(text, start..ends.next(start).max(start));
                    entry.key_origin = self.causes.origin(known);
                    self.attribute_to(&mut entry.value, text, ends);
                }
                value.origin = self.container(text, start, ends.next(last));
            }
            Data::String(content) => {
                if let Some(lines) = &content.lines {
                    let line = |at: &Pos| {
                        let start = (at.raw() as usize).saturating_sub(1);
                        let known = self.range(text, start..ends.line(start).max(start));
                        self.causes.origin(known)
                    };
                    content.lines = Some(lines.iter().map(line).collect());
                }
                let end = ends.next(start).max(start);
                let mut known = self.range(text, start..end);
                if self.causes.count(known.causes) > 1
                    && let Some(at) = text.text[start..end].find(&*content.text)
                {
                    let start = start + at;
                    known.pieces = self.causes.keep_pieces(text.slice(start..start + content.text.len()));
                }
                value.origin = self.causes.origin(known);
            }
            _ => {
                let known = self.range(text, start..ends.next(start).max(start));
                value.origin = self.causes.origin(known);
            }
        }
    }

    /// The origin of a list or map that was parsed: it is there for the reasons of its first piece, and what is in
    /// it was decided by what the notes in it say.
    fn container(&mut self, text: &Text, start: usize, end: usize) -> Pos {
        let first = self.range(text, start..(start + 1).min(text.len()).max(start));
        let causes = self.causes.reasons(first.causes);
        let notes: Vec<Set> = text
            .pieces_in(start..end.max(start))
            .filter(|(_, p)| p.kind != Kind::Bytes)
            .map(|(_, p)| p.causes)
            .collect();
        let notes = self.causes.union_all(notes);
        let shape = self.causes.raise(notes, How::Conditional);
        self.causes.origin(Known { causes, shape, chain: first.chain, ..Known::default() })
    }
}

/// Where what begins at a byte ends.
struct Ends<'t> {
    text: &'t str,
    /// Where values and keys start, and the end, in order.
    starts: Vec<usize>,
}

impl Ends<'_> {
    /// Where the next value or key begins.
    fn next(&self, start: usize) -> usize {
        let next = self.starts.get(self.starts.partition_point(|s| *s <= start));
        next.copied().unwrap_or(self.text.len())
    }

    /// The start of the next line.
    fn line(&self, start: usize) -> usize {
        self.text[start..].find('\n').map_or(self.text.len(), |n| start + n + 1)
    }
}

/// The byte at which the last value within a value starts.
fn last_start(value: &Value) -> usize {
    let own = (value.origin.raw() as usize).saturating_sub(1);
    let within = match &value.data {
        Data::List(items) => items.last().map(last_start),
        Data::Map(map) => map.values().last().map(|e| last_start(&e.value)),
        _ => None,
    };
    within.map_or(own, |w| w.max(own))
}

fn collect_starts(value: &Value, starts: &mut Vec<usize>) {
    starts.extend((value.origin.raw() as usize).checked_sub(1));
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

/// Where emitters write to: each piece of text is that of the value that it is.
struct PieceSink<'c> {
    causes: &'c mut Causes,
    out: Text,
    /// The values that are being written, the innermost last.
    open: Vec<Open>,
    chain: Chain,
    /// Whether all is on one line.
    compact: bool,
}

/// A value that is being written.
struct Open {
    origin: Pos,
    key: Known,
    value: Known,
    /// What is known of the line of a text that is being written.
    line: Option<Known>,
    /// Whether it is a text of several lines.
    long: bool,
    empty: bool,
}

impl<'c> PieceSink<'c> {
    fn new(causes: &'c mut Causes, chain: Chain, compact: bool) -> Self {
        PieceSink { causes, out: Text::default(), open: Vec::new(), chain, compact }
    }
}

impl Sink for PieceSink<'_> {
    fn text(&mut self, text: &str) {
        let (visible, end) = text.strip_suffix('\n').map_or((text, ""), |v| (v, "\n"));
        // a comma between items is there because of the next one, so it belongs to the list
        let comma = visible.starts_with(',');
        let level = self.open.len().checked_sub(if comma { 2 } else { 1 });
        let (mut causes, mut chain) = (Set::EMPTY, self.chain);
        let mut parts = None;
        if let Some(open) = level.and_then(|l| self.open.get(l)) {
            let known = open.line.unwrap_or(open.value);
            let mut own = known.causes;
            if open.long && open.line.is_none() {
                // what stands before its first line is not the text
                own = self.causes.raise(own, How::Operand);
            }
            causes = self.causes.union(own, open.key.causes);
            if comma || open.empty {
                causes = self.causes.union(causes, open.value.shape);
            }
            if comma {
                causes = self.causes.raise(causes, How::Conditional);
            }
            chain = known.chain;
            if chain == Chain::default() || open.key.chain != Chain::default() && open.line.is_none() {
                chain = open.key.chain;
            }
            if chain == Chain::default() {
                chain = self.chain;
            }
            if known.pieces != 0 {
                parts = self.causes.pieces(known);
            }
        }
        let at = parts.as_ref().and_then(|p| visible.find(&p.text));
        match (parts, at) {
            // the quotes around it, and its key, are none of its parts
            (Some(parts), Some(at)) => {
                let key = self.open.last().map_or(Set::EMPTY, |o| o.key.causes);
                self.out.push(&visible[..at], chain, key);
                let reasons = self.causes.reasons(causes);
                self.out.append(&parts, chain, |s| self.causes.union(s, reasons));
                self.out.push(&visible[at + parts.len()..], chain, Set::EMPTY);
            }
            _ => self.out.push(visible, chain, causes),
        }
        // a line of a text may be blank
        let of_line = self.open.last().is_some_and(|o| o.line.is_some());
        self.out.push(end, chain, if of_line { causes } else { Set::EMPTY });
    }

    fn enter(&mut self, value: &Value, key_origin: Pos) {
        let mut known = self.causes.known(value.origin, false);
        let key = self.causes.known(key_origin, true);
        // what is written out has the place of what it is in
        if known.chain == Chain::default()
            && let Some(outer) = self.open.last()
        {
            let outer = [outer.key.chain, outer.value.chain].into_iter().find(|c| *c != Chain::default());
            known.chain = outer.unwrap_or_default();
        }
        let empty = match &value.data {
            Data::List(items) => items.is_empty(),
            Data::Map(map) => map.is_empty(),
            _ => false,
        };
        let long = value.as_str().is_some_and(|t| t.contains('\n'));
        self.open.push(Open { origin: value.origin, key, value: known, line: None, long, empty });
    }

    fn leave(&mut self) {
        if let Some(open) = self.open.pop() {
            self.out.note(open.value.shape, if self.compact { Kind::Line } else { Kind::Region });
        }
    }

    fn line(&mut self, origin: Pos) {
        let Some(open) = self.open.last() else { return };
        let mut known = self.causes.known_line(open.origin, origin);
        if known.chain == Chain::default() {
            known.chain = open.value.chain;
        }
        if let Some(open) = self.open.last_mut() {
            open.line = Some(known);
        }
    }
}
