//! Where emitters write to in a tracked render: each line is bracketed by markers of the value that it is.

use super::marker::{self, Mark};
use super::run::{self, Emission};
use crate::engine::{Cause, How, Part};
use mwrender_diagnostic::Pos;
use mwrender_values::emit::Sink;
use mwrender_values::{Data, Value};
use std::sync::Arc;

/// A value that is being written: its emission, that of its line, and its characters if it is a text.
type Written = (Option<u32>, Option<u32>, Option<Arc<str>>);

/// Text with markers.
#[derive(Debug, Default)]
pub(crate) struct MarkedSink {
    out: String,
    /// The emissions of the values that are being written, the innermost last; each with that of its line and
    /// with its characters if it is a text.
    values: Vec<Written>,
    open: Option<u32>,
}

impl MarkedSink {
    /// The text.
    pub(crate) fn finish(mut self) -> String {
        self.switch(None);
        self.out
    }

    fn switch(&mut self, to: Option<u32>) {
        if self.open == to {
            return;
        }
        if self.open.is_some() {
            marker::push(&mut self.out, Mark::EmitEnd);
        }
        if let Some(number) = to {
            marker::push(&mut self.out, Mark::Emit(number));
        }
        self.open = to;
    }

    /// Writes the text of a value. A text that was put together keeps the origins of its parts.
    fn parts(&mut self, emission: Option<u32>, visible: &str) {
        let parts =
            run::with(|r| emission.and_then(|e| r.get_emission(e)).map(|e| e.parts.clone())).flatten();
        let parts = parts.unwrap_or_default();
        // a key or quotes around it are none of its parts
        let is_text = self.values.last().and_then(|v| v.2.as_deref()) == Some(visible);
        if parts.is_empty() || !is_text {
            self.out.push_str(visible);
            return;
        }
        for (i, (start, number)) in parts.iter().enumerate() {
            let end = parts.get(i + 1).map_or(visible.len(), |p| p.0 as usize);
            let Some(part) = visible.get(*start as usize..end) else { continue };
            marker::push(&mut self.out, Mark::Emit(*number));
            self.out.push_str(part);
            marker::push(&mut self.out, Mark::EmitEnd);
        }
    }

    fn emission(origin: Pos, key: Pos) -> Option<u32> {
        run::with(|r| {
            let mut emission = Emission::default();
            let mut add = |r: &run::Run, pos: Pos, part: Part| {
                if let Some(e) = run::derived_emission(pos).and_then(|e| r.get_emission(e)) {
                    if emission.chain.is_empty() {
                        emission.chain.clone_from(&e.chain);
                        emission.parts.clone_from(&e.parts);
                    }
                    for c in &e.causes {
                        if !emission.causes.contains(c) {
                            emission.causes.push(c.clone());
                        }
                    }
                } else if pos.is_some() {
                    emission.causes.push(Cause { origin: pos, line: pos, part, how: How::Direct });
                }
            };
            add(r, origin, Part::Value);
            add(r, key, Part::Key);
            (emission != Emission::default()).then(|| r.emission(emission))
        })
        .flatten()
    }
}

impl Sink for MarkedSink {
    fn text(&mut self, text: &str) {
        // a comma between items is there because of the next item, so it belongs to the list
        let level = if text.starts_with(',') {
            self.values.len().saturating_sub(2)
        } else {
            self.values.len().saturating_sub(1)
        };
        let current = self.values.get(level).and_then(|(value, line, _)| line.or(*value));
        let (visible, end) = text.strip_suffix('\n').map_or((text, ""), |v| (v, "\n"));
        if !visible.is_empty() {
            self.switch(current);
            self.parts(current, visible);
        }
        if !end.is_empty() {
            self.switch(None);
            self.out.push('\n');
        }
    }

    fn enter(&mut self, value: &Value, key_origin: Pos) {
        let text = if let Data::String(t) = &value.data { Some(t.text.clone()) } else { None };
        self.values.push((Self::emission(value.origin, key_origin), None, text));
    }

    fn leave(&mut self) {
        self.values.pop();
    }

    fn line(&mut self, origin: Pos) {
        let emission = run::with(|r| {
            if let Some(derived) = run::derived_emission(origin) {
                return Some(derived);
            }
            let (value, ..) = self.values.last()?;
            let mut own = r.get_emission((*value)?)?.clone();
            for c in &mut own.causes {
                c.line = origin;
            }
            Some(r.emission(own))
        })
        .flatten();
        if let Some(last) = self.values.last_mut() {
            last.1 = emission;
        }
    }
}
