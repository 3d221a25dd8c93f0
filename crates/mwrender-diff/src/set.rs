//! Which objects of two sets belong together.

use indexmap::IndexMap;
use mwrender_manifest::ObjectKey;

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// It is only in the new set.
    Added,
    /// It is only in the old set.
    Removed,
    /// It is in both, with another content.
    Changed,
}

impl Change {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Changed => "changed",
        }
    }
}

/// Pairs two sets of objects by identity: first the new set in its order, then what is only in the old one.
///
/// Where a set has an identity twice, the last one counts; callers report that before.
pub fn pair<'a, T>(
    old: impl IntoIterator<Item = (&'a ObjectKey, T)>,
    new: impl IntoIterator<Item = (&'a ObjectKey, T)>,
) -> Vec<(&'a ObjectKey, Option<T>, Option<T>)> {
    let mut old: IndexMap<&ObjectKey, T> = old.into_iter().collect();
    let mut pairs = Vec::new();
    for (key, object) in new {
        pairs.push((key, old.shift_remove(key), Some(object)));
    }
    pairs.extend(old.into_iter().map(|(key, object)| (key, Some(object), None)));
    pairs
}
