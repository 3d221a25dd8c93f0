//! Values as texts, as minijinja has them, and as the emitters take them.

use super::causes::{Chain, Known, Set};
use super::run::{Fault, Result, Run};
use super::text::Text;
use super::value::{Data, Turn, Val};
use crate::jinja::object;
use minijinja::Value as Jinja;
use mwrender_diagnostic::Pos;
use mwrender_values::Value;
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

impl Val {
    /// A value as minijinja has it.
    pub(super) fn plain(&self) -> Jinja {
        match &self.data {
            Data::Value(v) => object::to_jinja(v),
            Data::Text(t) => Jinja::from(t.text.as_str()),
            Data::Seq(s) => {
                let items: Vec<Jinja> = s.items.iter().map(Val::plain).collect();
                if s.tuple { Jinja::from(minijinja::value::Tuple::from(items)) } else { Jinja::from(items) }
            }
            Data::Dict(d) => map(d.iter().map(|(k, (_, v))| (k, v))),
            Data::Space(s) => map(std::cell::RefCell::borrow(s).iter()),
            Data::Module(m) => map(m.iter()),
            Data::Loop(turn) => {
                map(Turn::ATTRIBUTES.iter().map(|n| (Arc::<str>::from(*n), turn.attribute(n))))
            }
            Data::Other(j) => j.clone(),
            Data::Macro(m) => Jinja::from(format!("<macro {}>", m.definition.name)),
            Data::Undefined(_) => Jinja::UNDEFINED,
        }
    }

    /// Whether a value is true.
    pub(super) fn is_true(&self) -> bool {
        match &self.data {
            Data::Text(t) => !t.text.is_empty(),
            Data::Seq(s) => !s.items.is_empty(),
            Data::Dict(d) => !d.is_empty(),
            Data::Undefined(_) => false,
            Data::Space(_) | Data::Macro(_) | Data::Module(_) | Data::Loop(_) => true,
            Data::Value(_) | Data::Other(_) => self.plain().is_true(),
        }
    }
}

/// A map of minijinja's.
fn map<K: Borrow<Arc<str>>, V: Borrow<Val>>(entries: impl Iterator<Item = (K, V)>) -> Jinja {
    let entries = entries.map(|(k, v)| (Jinja::from(k.borrow().clone()), v.borrow().plain()));
    Jinja::from(entries.collect::<BTreeMap<Jinja, Jinja>>())
}

impl Run<'_> {
    /// The text that a scalar prints as, with its pieces; nothing for lists, maps and what is undefined.
    pub(super) fn text_of(&mut self, value: &Val) -> Option<Text> {
        match &value.data {
            Data::Text(text) => {
                if value.extra.is_empty() {
                    return Some((**text).clone());
                }
                let mut out = Text::default();
                out.append(text, Chain::default(), |s| self.causes.union(s, value.extra));
                Some(out)
            }
            Data::Value(v) => {
                if let mwrender_values::Data::String(text) = &v.data {
                    return Some(self.read_text(v.origin, text, value.extra));
                }
                let printed = crate::filters::scalar_text(&object::to_jinja(v))?;
                let known = self.causes.known(v.origin, false);
                let causes = self.causes.union(known.causes, value.extra);
                Some(Text::of(printed, known.chain, causes))
            }
            Data::Other(j) => {
                let printed = crate::filters::scalar_text(j)?;
                Some(Text::of(printed, Chain::default(), value.extra))
            }
            _ => None,
        }
    }

    /// A text that was read, line by line.
    fn read_text(&mut self, origin: Pos, text: &mwrender_values::Text, extra: Set) -> Text {
        let Some(lines) = &text.lines else {
            let known = self.causes.known(origin, false);
            let causes = self.causes.union(known.causes, extra);
            return Text::of(&*text.text, known.chain, causes);
        };
        let mut out = Text::default();
        for (i, line) in text.text.split_inclusive('\n').enumerate() {
            let known = match lines.get(i) {
                Some(at) => self.causes.known_line(origin, *at),
                None => self.causes.known(origin, false),
            };
            let causes = self.causes.union(known.causes, extra);
            out.push(line, known.chain, causes);
        }
        out
    }

    /// A value of minijinja's that depends on `extra`. Values of ours in it keep their origins.
    pub(super) fn tracked(&mut self, value: Jinja, extra: Set) -> Val {
        use minijinja::value::ValueKind;
        if let Some(ours) = object::value_of(&value) {
            return Val { data: Data::Value(ours.clone()), extra };
        }
        let is_group = || value.get_attr("grouper").is_ok_and(|g| !g.is_undefined());
        let data = match value.kind() {
            ValueKind::Undefined => Data::Undefined(None),
            ValueKind::Seq if !is_group() => match value.try_iter() {
                Ok(items) => {
                    let items: Vec<Jinja> = items.collect();
                    let items = items.into_iter().map(|v| self.tracked(v, extra)).collect();
                    let tuple = value.downcast_object_ref::<minijinja::value::Tuple>().is_some();
                    Data::Seq(Rc::new(super::value::Seq { items, shape: extra, tuple }))
                }
                Err(_) => Data::Other(value),
            },
            ValueKind::Map => match self.dict(&value, extra) {
                Some(dict) => Data::Dict(Rc::new(dict)),
                None => Data::Other(value),
            },
            _ => Data::Other(value),
        };
        Val { data, extra }
    }

    fn dict(&mut self, map: &Jinja, extra: Set) -> Option<indexmap::IndexMap<Arc<str>, (Known, Val)>> {
        let mut dict = indexmap::IndexMap::new();
        for key in map.try_iter().ok()? {
            let value = map.get_item(&key).ok()?;
            dict.insert(Arc::from(key.as_str()?), (Known::default(), self.tracked(value, extra)));
        }
        Some(dict)
    }

    /// A value with origins that stand for all that is known of it, as the emitters take it.
    pub(super) fn value(&mut self, value: &Val) -> Result<Value> {
        use mwrender_values::{Data as Values, Entry, Map};
        Ok(match &value.data {
            Data::Value(v) => {
                let mut own = self.with_extra(v, value.extra);
                // a number of its own loses its spelling, as it does in minijinja
                if let Values::Number(number) = &mut own.data {
                    number.spelling = crate::filters::number_text(number.kind).into();
                }
                own
            }
            Data::Text(text) => self.text_value(text, value.extra),
            Data::Seq(s) => {
                let mut items = Vec::with_capacity(s.items.len());
                for item in &s.items {
                    let item = self.inherit(item.clone(), value.extra);
                    items.push(self.value(&item)?);
                }
                let known = Known { causes: value.extra, shape: s.shape, ..Known::default() };
                Value::new(Values::List(Arc::new(items)), self.causes.origin(known))
            }
            Data::Dict(d) => {
                let mut map = Map::default();
                for (key, (known, item)) in d.iter() {
                    let key_origin = self.causes.origin(*known);
                    let inner = self.inherit(item.clone(), value.extra);
                    map.insert(key.clone(), Entry { key_origin, value: self.value(&inner)? });
                }
                let known = Known { causes: value.extra, ..Known::default() };
                Value::new(Values::Map(Arc::new(map)), self.causes.origin(known))
            }
            _ => {
                let plain = object::from_jinja(&value.plain()).map_err(Box::<Fault>::from)?;
                let whole = self.whole(value);
                self.with_extra(&plain, whole)
            }
        })
    }

    /// A value in one that depends on `extra`.
    pub(super) fn inherit(&mut self, mut value: Val, extra: Set) -> Val {
        value.extra = self.causes.union(value.extra, extra);
        value
    }

    /// A value that was read, but depends on more.
    fn with_extra(&mut self, value: &Value, extra: Set) -> Value {
        use mwrender_values::{Data as Values, Entry};
        if extra.is_empty() {
            return value.clone();
        }
        let known = self.causes.known(value.origin, false);
        let known = Known { causes: self.causes.union(known.causes, extra), ..known };
        let origin = self.causes.origin(known);
        let data = match &value.data {
            Values::List(items) => {
                Values::List(Arc::new(items.iter().map(|v| self.with_extra(v, extra)).collect()))
            }
            Values::Map(map) => {
                let entries = map.iter().map(|(key, entry)| {
                    let known = self.causes.known(entry.key_origin, true);
                    let known = Known { causes: self.causes.union(known.causes, extra), ..known };
                    let value = self.with_extra(&entry.value, extra);
                    (key.clone(), Entry { key_origin: self.causes.origin(known), value })
                });
                Values::Map(Arc::new(entries.collect()))
            }
            Values::String(text) => {
                let lines = text.lines.as_ref().map(|lines| {
                    let line = |at: &Pos| {
                        let of = self.causes.known_line(value.origin, *at);
                        let of = Known { causes: self.causes.union(of.causes, extra), ..of };
                        self.causes.origin(of)
                    };
                    lines.iter().map(line).collect()
                });
                Values::String(mwrender_values::Text { text: text.text.clone(), lines })
            }
            other => other.clone(),
        };
        Value::new(data, origin)
    }

    /// A text as a value, each of its lines with an origin of its own.
    pub(super) fn text_value(&mut self, text: &Text, extra: Set) -> Value {
        let whole = text.causes(&mut self.causes);
        let mut known =
            Known { causes: self.causes.union(whole, extra), chain: first_chain(text), ..Known::default() };
        let mut lines = Vec::new();
        if text.text.contains('\n') {
            let mut at = 0;
            for line in text.text.split_inclusive('\n') {
                let of = self.range(text, at..at + line.len());
                let pieces = self.causes.keep_pieces(text.slice(at..at + line.trim_end_matches('\n').len()));
                let of = Known { causes: self.causes.union(of.causes, extra), pieces, ..of };
                lines.push(self.causes.origin(of));
                at += line.len();
            }
        } else {
            known.pieces = self.causes.keep_pieces(text.clone());
        }
        let origin = self.causes.origin(known);
        let lines = (!lines.is_empty()).then(|| Arc::from(lines));
        let data = mwrender_values::Text { text: Arc::from(text.text.as_str()), lines };
        Value::new(mwrender_values::Data::String(data), origin)
    }
}

/// The first template position in a text.
fn first_chain(text: &Text) -> Chain {
    text.pieces.iter().map(|p| p.chain).find(|c| *c != Chain::default()).unwrap_or_default()
}
