//! What changed between two values, as data.

use crate::align::align;
use mwrender_values::path::Path;
use mwrender_values::{Data, Value};

/// A change of data.
#[derive(Clone, Debug)]
pub struct DataChange {
    /// Where: in the new value, or in the old one for what is gone.
    pub path: Path,
    /// What became of it.
    pub kind: DataChangeKind,
    /// The value before.
    pub old: Option<Value>,
    /// The value now.
    pub new: Option<Value>,
}

/// What became of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataChangeKind {
    /// It has another value. In a list it keeps its place.
    Changed,
    /// The key or item is new.
    Added,
    /// The key or item is gone.
    Removed,
    /// An item came in between: this many items behind it moved.
    Inserted(usize),
    /// An item went: this many items behind it moved.
    TakenOut(usize),
    /// An item is at another place of the same list: it was at this one.
    MovedFrom(usize),
}

/// What changed from one value to another, leaf by leaf. Formatting and the order of keys are no change.
///
/// ```
/// use mwrender_diff::data::{DataChangeKind, changes};
/// let read = |text| mwrender_values::read::read(text, Default::default()).unwrap().into_value();
/// let found = changes(&read("servers: [a, b, c]"), &read("servers: [a, x, b, c]"));
/// assert_eq!(found[0].path.to_string(), "servers[1]");
/// assert_eq!(found[0].kind, DataChangeKind::Inserted(2));
/// ```
pub fn changes(old: &Value, new: &Value) -> Vec<DataChange> {
    let mut found = Vec::new();
    walk(&mut Path::default(), old, new, &mut found);
    found
}

fn walk(path: &mut Path, old: &Value, new: &Value, found: &mut Vec<DataChange>) {
    if old == new {
        return;
    }
    match (&old.data, &new.data) {
        (Data::Map(a), Data::Map(b)) => {
            for (key, entry) in b.iter() {
                let here = path.clone().key(key.clone());
                match a.get(key) {
                    Some(before) => walk(&mut here.clone(), &before.value, &entry.value, found),
                    None => push(found, here, DataChangeKind::Added, None, Some(&entry.value)),
                }
            }
            for (key, entry) in a.iter().filter(|(key, _)| !b.contains_key(*key)) {
                push(found, path.clone().key(key.clone()), DataChangeKind::Removed, Some(&entry.value), None);
            }
        }
        (Data::List(a), Data::List(b)) => lists(path, a, b, found),
        _ => push(found, path.clone(), DataChangeKind::Changed, Some(old), Some(new)),
    }
}

fn lists(path: &Path, old: &[Value], new: &[Value], found: &mut Vec<DataChange>) {
    let pairs = align(old, new);
    let mut kept = vec![false; old.len()];
    for i in pairs.iter().flatten() {
        kept[*i] = true;
    }
    let mut gone: Vec<usize> = (0..old.len()).filter(|i| !kept[*i]).collect();
    for (i, pair) in pairs.iter().enumerate() {
        let here = path.clone().index(i);
        match pair {
            Some(j) => walk(&mut here.clone(), &old[*j], &new[i], found),
            None => {
                if let Some(at) = gone.iter().position(|j| old[*j] == new[i]) {
                    let from = gone.remove(at);
                    push(found, here, DataChangeKind::MovedFrom(from), Some(&old[from]), Some(&new[i]));
                } else {
                    let behind = pairs[i..].iter().flatten().count();
                    let kind =
                        if behind == 0 { DataChangeKind::Added } else { DataChangeKind::Inserted(behind) };
                    push(found, here, kind, None, Some(&new[i]));
                }
            }
        }
    }
    for j in gone {
        let behind = kept[j..].iter().filter(|k| **k).count();
        let kind = if behind == 0 { DataChangeKind::Removed } else { DataChangeKind::TakenOut(behind) };
        push(found, path.clone().index(j), kind, Some(&old[j]), None);
    }
}

fn push(
    found: &mut Vec<DataChange>,
    path: Path,
    kind: DataChangeKind,
    old: Option<&Value>,
    new: Option<&Value>,
) {
    found.push(DataChange { path, kind, old: old.cloned(), new: new.cloned() });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(old: &str, new: &str) -> Vec<String> {
        let read = |text: &str| {
            mwrender_values::read::read(text, mwrender_diagnostic::Pos::NONE)
                .map(mwrender_values::read::Read::into_value)
        };
        let (Ok(old), Ok(new)) = (read(old), read(new)) else { return vec!["not YAML".to_string()] };
        changes(&old, &new).iter().map(|c| format!("{} {:?}", c.path, c.kind)).collect()
    }

    #[test]
    fn as_a_person_would_say_it() {
        assert_eq!(told("{a: 1, b: {c: 2}}", "{b: {c: 2}, a: 1}"), Vec::<String>::new());
        assert_eq!(told("[a, b, c]", "[a, x, c]"), ["[1] Changed"]);
        assert_eq!(told("[a, b, c]", "[x, a, b, c]"), ["[0] Inserted(3)"]);
        assert_eq!(told("[a, b, c]", "[a, b, c, x]"), ["[3] Added"]);
        assert_eq!(told("[a, b, c]", "[b, c]"), ["[0] TakenOut(2)"]);
        assert_eq!(told("[a, b, c]", "[a, b]"), ["[2] Removed"]);
        assert_eq!(told("[a, b, c, d]", "[b, c, d, a]"), ["[3] MovedFrom(0)"]);
        assert_eq!(told("{a: 1}", "{a: x, b: 2}"), ["a Changed", "b Added"]);
        assert_eq!(
            told("- {name: x, v: 1}\n- {name: y, v: 1}", "- {name: x, v: 2}\n- {name: y, v: 1}"),
            ["[0].v Changed"]
        );
    }
}
