//! Our values as minijinja sees them: containers that say what is read from them.

use super::run::{self, Access, UNTRACKED};
use minijinja::Value as Jinja;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use mwrender_diagnostic::Pos;
use mwrender_values::{Data, Map, NumberKind, Value};
use std::sync::Arc;

/// A mapping. `access` is the read that gave it, in a tracked render.
#[derive(Debug)]
pub(crate) struct MapObject {
    pub(crate) value: Value,
    access: Access,
}

/// A list.
#[derive(Debug)]
pub(crate) struct ListObject {
    pub(crate) value: Value,
    access: Access,
}

/// A value of ours for minijinja. Texts keep their address, which identifies them.
pub(crate) fn to_jinja(value: &Value, tracked: bool) -> Jinja {
    let access =
        if tracked { run::with(|r| r.touch(value, UNTRACKED)).unwrap_or(UNTRACKED) } else { UNTRACKED };
    convert(value, access)
}

fn convert(value: &Value, access: Access) -> Jinja {
    match &value.data {
        Data::Null => Jinja::from(()),
        Data::Bool(b) => Jinja::from(*b),
        Data::Number(n) => match n.kind {
            NumberKind::Int(i) => Jinja::from(i),
            NumberKind::Uint(u) => Jinja::from(u),
            NumberKind::Float(f) => Jinja::from(f),
        },
        Data::String(t) => Jinja::from(t.text.clone()),
        Data::List(_) => Jinja::from_object(ListObject { value: value.clone(), access }),
        Data::Map(_) => Jinja::from_object(MapObject { value: value.clone(), access }),
    }
}

fn child(value: &Value, parent: Access) -> Jinja {
    let access = if parent == UNTRACKED {
        UNTRACKED
    } else {
        run::with(|r| r.touch(value, parent)).unwrap_or(UNTRACKED)
    };
    convert(value, access)
}

/// The value of ours that an object stands for.
pub(crate) fn value_of(value: &Jinja) -> Option<&Value> {
    if let Some(map) = value.downcast_object_ref::<MapObject>() {
        return Some(&map.value);
    }
    value.downcast_object_ref::<ListObject>().map(|l| &l.value)
}

/// The read that gave a container.
pub(crate) fn access_of(value: &Jinja) -> Option<Access> {
    let access = if let Some(map) = value.downcast_object_ref::<MapObject>() {
        map.access
    } else {
        value.downcast_object_ref::<ListObject>()?.access
    };
    (access != UNTRACKED).then_some(access)
}

impl MapObject {
    fn map(&self) -> Option<&Arc<Map>> {
        self.value.as_map()
    }

    fn origin(&self) -> Pos {
        self.value.origin
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
        if let Some(entry) = self.map()?.get(key) {
            return Some(child(&entry.value, self.access));
        }
        if self.access != UNTRACKED {
            run::with(|r| r.touch_missing(self.origin(), key, self.access));
        }
        None
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let this = self.clone();
        let len = self.map().map_or(0, |m| m.len());
        Enumerator::Iter(Box::new((0..len).filter_map(move |i| {
            let (key, entry) = this.map()?.get_index(i)?;
            if this.access != UNTRACKED {
                run::with(|r| r.know_key(key, entry.key_origin));
            }
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
        Some(child(self.value.at(key.as_usize()?)?, self.access))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.value.as_list().map_or(0, <[Value]>::len))
    }
}

/// A value of a template as one of ours. In a tracked render texts that came from values keep their origin.
pub(crate) fn from_jinja(value: &Jinja) -> Result<Value, minijinja::Error> {
    use minijinja::value::ValueKind;
    use mwrender_values::{Entry, Number, Text};
    if let Some(ours) = value_of(value) {
        return Ok(ours.clone());
    }
    let text_of = |text: &str| {
        let origin = run::with(|r| {
            let causes = r.causes_of_text(text).cloned()?;
            Some(run::derived_origin(r.emission(run::Emission { causes, ..Default::default() })))
        });
        (Text { text: Arc::from(text), lines: None }, origin.flatten().unwrap_or(Pos::NONE))
    };
    Ok(match value.kind() {
        ValueKind::None | ValueKind::Undefined => Value::new(Data::Null, Pos::NONE),
        ValueKind::Bool => Value::new(Data::Bool(value.is_true()), Pos::NONE),
        ValueKind::Number => {
            let kind = if let Ok(i) = i64::try_from(value.clone()) {
                NumberKind::Int(i)
            } else if let Ok(u) = u64::try_from(value.clone()) {
                NumberKind::Uint(u)
            } else {
                NumberKind::Float(f64::try_from(value.clone())?)
            };
            let kind =
                if value.is_integer() { kind } else { NumberKind::Float(f64::try_from(value.clone())?) };
            let spelling = crate::filters::number_text(kind);
            Value::new(Data::Number(Number { kind, spelling: spelling.into() }), Pos::NONE)
        }
        ValueKind::Map => {
            let mut map = Map::default();
            for key in value.try_iter()? {
                let item = from_jinja(&value.get_item(&key)?)?;
                let (text, key_origin) =
                    text_of(key.as_str().map_or_else(|| key.to_string(), str::to_owned).as_str());
                let key_origin = key.as_str().map_or(key_origin, |k| text_of(k).1);
                map.insert(text.text, Entry { key_origin, value: item });
            }
            Value::new(Data::Map(Arc::new(map)), Pos::NONE)
        }
        ValueKind::Seq | ValueKind::Iterable => {
            let items = value.try_iter()?.map(|v| from_jinja(&v)).collect::<Result<Vec<_>, _>>()?;
            Value::new(Data::List(Arc::new(items)), Pos::NONE)
        }
        _ => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let (text, origin) = match value.as_str() {
                Some(known) => text_of(known),
                None => text_of(&text),
            };
            Value::new(Data::String(text), origin)
        }
    })
}
