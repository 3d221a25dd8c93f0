//! Keys that are refused when all is decoded: by then a map may have lost them with the value that they were in.

use super::keys::{anchors, children, end, written};
use crate::read::events::{Event, Style};
use std::collections::HashMap;
use std::ops::Range;

type Events<'t> = [(Event<'t>, Range<usize>)];

/// The event of a key that `sigs.k8s.io/yaml` refuses, if there is one; of several, Go names any.
pub(super) fn key(events: &Events<'_>) -> Option<usize> {
    let root = events.iter().position(|(event, _)| !matches!(event, Event::DocumentStart))?;
    Search { events, anchors: anchors(events), known: HashMap::new() }.node(root)
}

struct Search<'e, 't> {
    events: &'e Events<'t>,
    /// Where the nodes with anchors begin.
    anchors: HashMap<usize, usize>,
    /// What was found in nodes with anchors.
    known: HashMap<usize, Option<usize>>,
}

impl Search<'_, '_> {
    fn node(&mut self, at: usize) -> Option<usize> {
        let (found, anchor) = match &self.events[at].0 {
            Event::Alias { anchor } => return self.known.get(anchor).copied().flatten(),
            Event::ListStart { anchor, .. } => (self.list(at + 1), *anchor),
            Event::MapStart { anchor, .. } => (self.map(at + 1), *anchor),
            _ => return None,
        };
        self.known.insert(anchor, found);
        found
    }

    fn list(&mut self, mut at: usize) -> Option<usize> {
        let mut found = None;
        while !matches!(self.events.get(at), None | Some((Event::ListEnd, _))) {
            // to its end, for what its anchors stand for
            found = found.or(self.node(at));
            at = end(self.events, at);
        }
        found
    }

    fn map(&mut self, at: usize) -> Option<usize> {
        let mut entries = HashMap::new();
        self.entries(at, &mut entries);
        entries.into_values().flatten().min()
    }

    /// Collects what was found at the keys of a map, of which the last one counts.
    fn entries(&mut self, mut at: usize, entries: &mut HashMap<String, Option<usize>>) {
        while !matches!(self.events.get(at), None | Some((Event::MapEnd, _))) {
            let value = end(self.events, at);
            let within = self.node(value);
            let is_merge = matches!(&self.events[at].0,
                Event::Scalar { text, style: Style::Plain, tag: None, .. } if text == "<<");
            if is_merge {
                self.merge(value, entries);
            } else {
                let (name, is_refused) = written(self.events, &self.anchors, at);
                entries.insert(name, if is_refused { Some(at) } else { within });
            }
            at = end(self.events, value);
        }
    }

    fn merge(&mut self, at: usize, entries: &mut HashMap<String, Option<usize>>) {
        match &self.events[at].0 {
            Event::MapStart { .. } => self.entries(at + 1, entries),
            Event::ListStart { .. } => {
                for item in children(self.events, at).into_iter().rev() {
                    self.merge(item.start, entries);
                }
            }
            Event::Alias { anchor } => {
                if let Some(target) = self.anchors.get(anchor).copied().filter(|target| *target < at) {
                    self.merge(target, entries);
                }
            }
            _ => {}
        }
    }
}
