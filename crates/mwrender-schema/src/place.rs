//! From the path of a value to the value, its name as people write it, and its place.

use crate::origins::Origins;
use jsonschema::paths::{Location, LocationSegment};
use mwrender_diagnostic::{Pos, Span};
use mwrender_values::{Data, Value};

/// A value in a tree.
pub(crate) struct Place<'a> {
    pub(crate) value: &'a Value,
    /// `mw.sites[2].name`; empty at the root.
    pub(crate) name: String,
    /// The key (or item) that has it: the nearest one that was read from somewhere.
    key: Span,
}

impl<'a> Place<'a> {
    /// Walks down from the root.
    pub(crate) fn find(root: &'a Value, path: &Location, origins: &dyn Origins) -> Place<'a> {
        let mut place = Place { value: root, name: String::new(), key: Span::new(root.origin, 1) };
        for segment in path.segments() {
            match segment {
                LocationSegment::Property(key) => place.enter(&key, origins),
                LocationSegment::Index(index) => {
                    if let Some(item) = place.value.at(index) {
                        place.value = item;
                        if item.origin.is_some() {
                            place.key = Span::new(item.origin, 1);
                        }
                    }
                    place.name = format!("{}[{index}]", place.name);
                }
            }
        }
        place
    }

    /// What this map has under a key.
    pub(crate) fn into_key(mut self, key: &str, origins: &dyn Origins) -> Place<'a> {
        self.enter(key, origins);
        self
    }

    fn enter(&mut self, key: &str, origins: &dyn Origins) {
        self.key = self.key_span(key, origins);
        if let Some(value) = self.value.get(key) {
            self.value = value;
        }
        self.name = self.name_of(key);
    }

    /// The place of a key of this map, or of the map if the key was not read from anywhere.
    pub(crate) fn key_span(&self, key: &str, origins: &dyn Origins) -> Span {
        let origin = self.value.as_map().and_then(|m| m.get(key)).map_or(Pos::NONE, |e| e.key_origin);
        if origin.is_some() { Span::new(origin, length(origin, key.len(), origins)) } else { self.key }
    }

    /// The name of a key of this map.
    pub(crate) fn name_of(&self, key: &str) -> String {
        let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        match (plain, self.name.is_empty()) {
            (true, true) => key.to_owned(),
            (true, false) => format!("{}.{key}", self.name),
            (false, _) => format!("{}[\"{key}\"]", self.name),
        }
    }

    /// Where the value would be edited: itself if it is written on its line, else its key.
    pub(crate) fn span(&self, origins: &dyn Origins) -> Span {
        let origin = self.value.origin;
        let len = match &self.value.data {
            _ if !origin.is_some() => return self.key,
            Data::List(_) | Data::Map(_) => return self.key,
            Data::Null => 4,
            Data::Bool(b) => b.to_string().len(),
            Data::Number(n) => n.spelling.len(),
            Data::String(text) => {
                // an empty value has no text of its own
                text.text.lines().next().map_or(0, str::len).max(1)
            }
        };
        Span::new(origin, length(origin, len, origins))
    }

    /// The place of the key that has the value.
    pub(crate) fn key(&self) -> Span {
        self.key
    }

    /// The value as a message may quote it, or nothing if it is secret or not a scalar.
    pub(crate) fn quoted(&self, origins: &dyn Origins) -> Option<String> {
        if origins.is_private(self.value.origin) {
            return None;
        }
        match &self.value.data {
            Data::Null => Some("null".into()),
            Data::Bool(b) => Some(b.to_string()),
            Data::Number(n) => Some(n.spelling.to_string()),
            Data::String(t) => {
                let line = t.text.lines().next().unwrap_or_default();
                let short: String = line.chars().take(60).collect();
                Some(if short.len() < t.text.len() { format!("{short}…") } else { short })
            }
            Data::List(_) | Data::Map(_) => None,
        }
    }
}

/// The length of a scalar at a place: with its quotes, if it has any.
fn length(at: Pos, bare: usize, origins: &dyn Origins) -> u32 {
    let quoted = origins.text_at(at).and_then(|text| {
        let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let line = text.lines().next()?;
        Some(line[1..].find(quote).map_or(line.len(), |n| n + 2))
    });
    quoted.unwrap_or(bare) as u32
}
