//! What values depend on.

use super::causes::{Chain, Known, Set};
use super::run::Run;
use super::text::{Kind, Text};
use super::value::{Data, Missing, Val};
use crate::engine::{Cause, How, Part};
use mwrender_values::Value;
use std::sync::Arc;

impl Run<'_> {
    /// What a value depends on itself, without what is in it.
    pub(super) fn own(&mut self, value: &Val) -> Set {
        let own = match &value.data {
            Data::Value(v) => self.causes.known(v.origin, false).causes,
            Data::Text(t) => t.causes(&mut self.causes),
            Data::Seq(s) if s.tuple => match s.items.first() {
                Some(first) => self.own(first),
                None => Set::EMPTY,
            },
            Data::Undefined(Some(missing)) => self.missing(missing),
            _ => Set::EMPTY,
        };
        self.causes.union(own, value.extra)
    }

    /// What it depends on that there is no such value.
    fn missing(&mut self, missing: &Missing) -> Set {
        match missing {
            Missing::Null(origin) => self.causes.known(*origin, false).causes,
            Missing::Key(map, _) if map.origin.local_offset().is_some() => {
                let known = self.causes.known(map.origin, false);
                self.causes.union(known.causes, known.shape)
            }
            Missing::Key(map, key) if map.origin.is_some() => self.causes.one(Cause {
                origin: map.origin,
                line: map.origin,
                part: Part::Missing(key.clone()),
                how: How::Direct,
            }),
            Missing::Key(..) => Set::EMPTY,
        }
    }

    /// What decided which items a list or map has.
    pub(super) fn shape(&mut self, value: &Val) -> Set {
        let shape = match &value.data {
            Data::Value(v) => {
                let known = self.causes.known(v.origin, false);
                self.causes.union(known.causes, known.shape)
            }
            Data::Seq(s) => s.shape,
            _ => Set::EMPTY,
        };
        self.causes.union(shape, value.extra)
    }

    /// What it depends on whether a value is true.
    pub(super) fn truth(&mut self, value: &Val) -> Set {
        match &value.data {
            Data::Value(v) if v.as_list().is_some() || v.as_map().is_some() => self.shape(value),
            Data::Seq(_) => self.shape(value),
            _ => self.own(value),
        }
    }

    /// Everything that a value and what is in it depend on.
    pub(super) fn whole(&mut self, value: &Val) -> Set {
        let inner = match &value.data {
            Data::Value(v) => self.whole_value(v),
            Data::Seq(s) => {
                let items: Vec<Set> = s.items.iter().map(|v| self.whole(v)).collect();
                let items = self.causes.union_all(items);
                self.causes.union(items, s.shape)
            }
            Data::Dict(d) => {
                let mut all = Vec::new();
                for (key, value) in d.values() {
                    all.push(key.causes);
                    all.push(self.whole(value));
                }
                self.causes.union_all(all)
            }
            Data::Space(space) => {
                let fields: Vec<Val> = space.borrow().values().cloned().collect();
                let all: Vec<Set> = fields.iter().map(|v| self.own(v)).collect();
                self.causes.union_all(all)
            }
            Data::Loop(turn) => turn.causes,
            _ => return self.own(value),
        };
        self.causes.union(inner, value.extra)
    }

    fn whole_value(&mut self, value: &Value) -> Set {
        use mwrender_values::Data as Values;
        let address = match &value.data {
            Values::List(items) => Arc::as_ptr(items).addr(),
            Values::Map(map) => Arc::as_ptr(map).addr(),
            _ => return self.causes.known(value.origin, false).causes,
        };
        // the same list or map in another place has another origin
        if let Some((known, set)) = self.wholes.get(&address)
            && known.origin == value.origin
        {
            return *set;
        }
        let known = self.causes.known(value.origin, false);
        let mut all = vec![known.causes, known.shape];
        match &value.data {
            Values::List(items) => {
                for item in items.iter() {
                    all.push(self.whole_value(item));
                }
            }
            Values::Map(map) => {
                for entry in map.values() {
                    all.push(self.causes.known(entry.key_origin, true).causes);
                    all.push(self.whole_value(&entry.value));
                }
            }
            _ => {}
        }
        let set = self.causes.union_all(all);
        // the value is kept, so that its address stays its own
        self.wholes.insert(address, (value.clone(), set));
        set
    }

    /// What is known of a range of a text: what its visible pieces and the notes in its lines say.
    pub(super) fn range(&mut self, text: &Text, range: std::ops::Range<usize>) -> Known {
        let (mut sets, mut blank) = (Vec::new(), Vec::new());
        let mut notes = Vec::new();
        let mut chain = (0, Chain::default());
        for (bytes, piece) in text.pieces_in(range) {
            match piece.kind {
                Kind::Line => notes.push(piece.causes),
                Kind::Region => {}
                Kind::Bytes => {
                    if text.text[bytes].trim().is_empty() {
                        blank.push(piece.causes);
                        continue;
                    }
                    sets.push(piece.causes);
                    let depth = self.causes.depth(piece.chain);
                    let weight = depth + if piece.causes.is_empty() { 1 } else { 100 };
                    if piece.chain != Chain::default() && weight > chain.0 {
                        chain = (weight, piece.chain);
                    }
                }
            }
        }
        let own = self.causes.union_all(if sets.is_empty() { blank } else { sets });
        let own = self.causes.joined(own);
        notes.push(own);
        Known { causes: self.causes.union_all(notes), chain: chain.1, ..Known::default() }
    }
}
