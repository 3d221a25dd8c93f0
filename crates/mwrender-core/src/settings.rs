//! Single settings of the project file: `set: {php.servergroup: kube-mw-web}`.

use mwrender_values::{Data, Entry, Map, Value};
use std::sync::Arc;

/// The map of values that a map of dotted keys stands for. A dot after a backslash is part of a name.
pub(crate) fn nest(settings: &Value) -> Value {
    let mut root = Map::default();
    for (key, entry) in settings.as_map().map(|m| m.iter()).into_iter().flatten() {
        let mut names: Vec<String> = vec![String::new()];
        let mut characters = key.chars();
        while let Some(c) = characters.next() {
            match c {
                '\\' => names.last_mut().expect("never empty").extend(characters.next()),
                '.' => names.push(String::new()),
                _ => names.last_mut().expect("never empty").push(c),
            }
        }
        insert(&mut root, &names, entry);
    }
    Value::new(Data::Map(Arc::new(root)), settings.origin)
}

fn insert(map: &mut Map, names: &[String], entry: &Entry) {
    let [name, rest @ ..] = names else { return };
    if rest.is_empty() {
        map.insert(Arc::from(name.as_str()), entry.clone());
        return;
    }
    let slot = map.entry(Arc::from(name.as_str())).or_insert_with(|| Entry {
        key_origin: entry.key_origin,
        value: Value::empty_map(entry.key_origin),
    });
    let mut inner = slot.value.as_map().map(|m| (**m).clone()).unwrap_or_default();
    insert(&mut inner, rest, entry);
    slot.value.data = Data::Map(Arc::new(inner));
}
