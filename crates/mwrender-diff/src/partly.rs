//! A value between two: with some of the changes from one to the other.

use crate::align::align;
use mwrender_values::path::Path;
use mwrender_values::{Data, Entry, Map, Value};
use std::sync::Arc;

/// `old` with those of its changes to `new` that `take` asks for. It is asked with the paths that
/// [`changes`](crate::data::changes) gives: of the new value, or of the old one for what is gone.
///
/// With all changes it is `new`, with none `old`; so it tells what a single change does, or what would be without it.
///
/// ```
/// use mwrender_diff::partly::partly;
/// let read = |text| mwrender_values::read::read(text, Default::default()).unwrap().into_value();
/// let (old, new) = (read("{a: 1, b: 1, c: [x, y]}"), read("{a: 2, b: 2, c: [y]}"));
/// let some = partly(&old, &new, &mut |path| path.to_string() == "b");
/// assert_eq!(some, read("{a: 1, b: 2, c: [x, y]}"));
/// ```
pub fn partly(old: &Value, new: &Value, take: &mut dyn FnMut(&Path) -> bool) -> Value {
    within(&Path::default(), old, new, take)
}

fn within(path: &Path, old: &Value, new: &Value, take: &mut dyn FnMut(&Path) -> bool) -> Value {
    if old == new {
        return new.clone();
    }
    match (&old.data, &new.data) {
        (Data::Map(a), Data::Map(b)) => {
            let mut map = Map::default();
            for (key, entry) in b.iter() {
                let here = path.clone().key(key.clone());
                let value = match a.get(key) {
                    Some(was) => within(&here, &was.value, &entry.value, take),
                    None if take(&here) => entry.value.clone(),
                    None => continue,
                };
                map.insert(key.clone(), Entry { key_origin: entry.key_origin, value });
            }
            for (key, entry) in a.iter().filter(|(key, _)| !b.contains_key(*key)) {
                if !take(&path.clone().key(key.clone())) {
                    map.insert(key.clone(), entry.clone());
                }
            }
            Value::new(Data::Map(Arc::new(map)), new.origin)
        }
        (Data::List(a), Data::List(b)) => {
            Value::new(Data::List(Arc::new(items(path, a, b, take))), new.origin)
        }
        _ if take(path) => new.clone(),
        _ => old.clone(),
    }
}

fn items(path: &Path, old: &[Value], new: &[Value], take: &mut dyn FnMut(&Path) -> bool) -> Vec<Value> {
    let pairs = align(old, new);
    // the old items that have no counterpart at their place: gone, or moved to the item of this number
    let mut gone: Vec<(usize, Option<usize>)> =
        (0..old.len()).filter(|j| !pairs.contains(&Some(*j))).map(|j| (j, None)).collect();
    let mut taken = vec![false; new.len()];
    for (i, _) in pairs.iter().enumerate().filter(|(_, pair)| pair.is_none()) {
        let moved = gone.iter_mut().find(|(j, to)| to.is_none() && old[*j] == new[i]);
        taken[i] = take(&path.clone().index(i));
        if let Some(moved) = moved {
            moved.1 = Some(i);
        }
    }
    let mut stays = |(j, to): (usize, Option<usize>)| match to {
        Some(i) => !taken[i],
        None => !take(&path.clone().index(j)),
    };
    let mut left: Vec<usize> = Vec::new();
    for entry in gone {
        if stays(entry) {
            left.push(entry.0);
        }
    }
    let mut left = left.into_iter().peekable();
    let mut found = Vec::new();
    for (i, pair) in pairs.iter().enumerate() {
        if let Some(j) = pair {
            while let Some(k) = left.next_if(|k| k < j) {
                found.push(old[k].clone());
            }
            found.push(within(&path.clone().index(i), &old[*j], &new[i], take));
        } else if taken[i] {
            found.push(new[i].clone());
        }
    }
    found.extend(left.map(|k| old[k].clone()));
    found
}
