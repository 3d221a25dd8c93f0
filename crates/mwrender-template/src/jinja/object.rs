//! Our values as minijinja sees them.

use minijinja::Value as Jinja;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use mwrender_diagnostic::Pos;
use mwrender_values::{Data, Map, NumberKind, Value};
use std::sync::Arc;

/// A mapping.
#[derive(Debug)]
struct MapObject(Value);

/// A list.
#[derive(Debug)]
struct ListObject(Value);

/// A value of ours for minijinja.
pub(crate) fn to_jinja(value: &Value) -> Jinja {
    match &value.data {
        Data::Null => Jinja::from(()),
        Data::Bool(b) => Jinja::from(*b),
        Data::Number(n) => match n.kind {
            NumberKind::Int(i) => Jinja::from(i),
            NumberKind::Uint(u) => Jinja::from(u),
            NumberKind::Float(f) => Jinja::from(f),
        },
        Data::String(t) => Jinja::from(t.text.clone()),
        Data::List(_) => Jinja::from_object(ListObject(value.clone())),
        Data::Map(_) => Jinja::from_object(MapObject(value.clone())),
    }
}

/// The list or map of ours that an object is.
pub(crate) fn value_of(value: &Jinja) -> Option<&Value> {
    if let Some(map) = value.downcast_object_ref::<MapObject>() {
        return Some(&map.0);
    }
    value.downcast_object_ref::<ListObject>().map(|l| &l.0)
}

impl MapObject {
    fn map(&self) -> Option<&Arc<Map>> {
        self.0.as_map()
    }
}

impl Object for MapObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Jinja) -> Option<Jinja> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Jinja> {
        Some(to_jinja(&self.map()?.get(key)?.value))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let this = self.clone();
        let len = self.map().map_or(0, |m| m.len());
        Enumerator::Iter(Box::new((0..len).filter_map(move |i| {
            let (key, _) = this.map()?.get_index(i)?;
            Some(Jinja::from(key.clone()))
        })))
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        self.map().map(|m| m.len())
    }
}

impl Object for ListObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Jinja) -> Option<Jinja> {
        Some(to_jinja(self.0.at(key.as_usize()?)?))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.as_list().map_or(0, <[Value]>::len))
    }
}

/// A value of a template as one of ours. What was not ours has no origin.
pub(crate) fn from_jinja(value: &Jinja) -> Result<Value, minijinja::Error> {
    use minijinja::value::ValueKind;
    use mwrender_values::{Entry, Number};
    if let Some(ours) = value_of(value) {
        return Ok(ours.clone());
    }
    let data = match value.kind() {
        ValueKind::None | ValueKind::Undefined => Data::Null,
        ValueKind::Bool => Data::Bool(value.is_true()),
        ValueKind::Number => {
            let kind = if !value.is_integer() {
                NumberKind::Float(f64::try_from(value.clone())?)
            } else if let Ok(i) = i64::try_from(value.clone()) {
                NumberKind::Int(i)
            } else if let Ok(u) = u64::try_from(value.clone()) {
                NumberKind::Uint(u)
            } else {
                NumberKind::Float(f64::try_from(value.clone())?)
            };
            let spelling = crate::filters::number_text(kind);
            Data::Number(Number { kind, spelling: spelling.into(), int64: false })
        }
        ValueKind::Map => {
            let mut map = Map::default();
            for key in value.try_iter()? {
                let item = from_jinja(&value.get_item(&key)?)?;
                let text = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
                map.insert(text.into(), Entry { key_origin: Pos::NONE, value: item });
            }
            Data::Map(Arc::new(map))
        }
        ValueKind::Seq | ValueKind::Iterable => {
            Data::List(Arc::new(value.try_iter()?.map(|v| from_jinja(&v)).collect::<Result<Vec<_>, _>>()?))
        }
        _ => return Ok(Value::string(value.as_str().map_or_else(|| value.to_string(), str::to_owned))),
    };
    Ok(Value::new(data, Pos::NONE))
}
