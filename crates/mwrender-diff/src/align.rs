//! Which items of two lists belong together.

use mwrender_values::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::HashMap;

/// Gives equal values equal numbers, so that lists of them compare as sequences of numbers.
#[derive(Default)]
pub(crate) struct Numbers<'v> {
    known: HashMap<u64, Vec<(&'v Value, usize)>>,
    next: usize,
}

impl<'v> Numbers<'v> {
    /// The number of a value.
    pub(crate) fn of(&mut self, value: &'v Value) -> usize {
        let bucket = self.known.entry(fingerprint(value)).or_default();
        if let Some((_, number)) = bucket.iter().find(|(known, _)| *known == value) {
            return *number;
        }
        bucket.push((value, self.next));
        self.next += 1;
        self.next - 1
    }
}

/// Equal values have equal fingerprints.
fn fingerprint(value: &Value) -> u64 {
    use mwrender_values::{Data, NumberKind};
    use std::hash::{DefaultHasher, Hash, Hasher};
    fn feed(value: &Value, hasher: &mut DefaultHasher) {
        match &value.data {
            Data::Null => 0u8.hash(hasher),
            Data::Bool(b) => b.hash(hasher),
            // an integer equals the float of its value
            Data::Number(n) => match n.kind {
                #[expect(clippy::cast_precision_loss, reason = "only equal values must agree")]
                NumberKind::Int(i) => (i as f64).to_bits().hash(hasher),
                #[expect(clippy::cast_precision_loss, reason = "only equal values must agree")]
                NumberKind::Uint(u) => (u as f64).to_bits().hash(hasher),
                // both zeros are equal
                NumberKind::Float(f) => (f + 0.0).to_bits().hash(hasher),
            },
            Data::String(t) => t.text.hash(hasher),
            Data::List(items) => items.iter().for_each(|v| feed(v, hasher)),
            Data::Map(map) => {
                map.len().hash(hasher);
                // keys in any order are equal: a sum does not depend on it
                let sum = map.iter().fold(0u64, |sum, (key, entry)| {
                    let mut inner = DefaultHasher::new();
                    key.hash(&mut inner);
                    feed(&entry.value, &mut inner);
                    sum.wrapping_add(inner.finish())
                });
                sum.hash(hasher);
            }
        }
    }
    let mut hasher = DefaultHasher::new();
    feed(value, &mut hasher);
    hasher.finish()
}

/// For each item of `new`, the item of `old` that it is or stands for: equal ones in order, and what stands between
/// the same neighbours by `name`, else one after the other. Nothing for items that were inserted.
///
/// ```
/// use mwrender_diff::align::align;
/// let list = |text| mwrender_values::read::read(text, Default::default()).unwrap().into_value();
/// let (old, new) = (list("[a, b, c]"), list("[a, x, b, d]"));
/// let pairs = align(old.as_list().unwrap(), new.as_list().unwrap());
/// assert_eq!(pairs, [Some(0), None, Some(1), Some(2)]);
/// ```
pub fn align(old: &[Value], new: &[Value]) -> Vec<Option<usize>> {
    let mut numbers = Numbers::default();
    let a: Vec<usize> = old.iter().map(|v| numbers.of(v)).collect();
    let b: Vec<usize> = new.iter().map(|v| numbers.of(v)).collect();
    let mut pairs = vec![None; new.len()];
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                for i in 0..len {
                    pairs[new_index + i] = Some(old_index + i);
                }
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let name = |v: &Value| v.get("name").and_then(Value::as_str).map(str::to_string);
                let mut free: Vec<usize> = (old_index..old_index + old_len).collect();
                let mut unnamed = Vec::new();
                for i in new_index..new_index + new_len {
                    match name(&new[i]) {
                        Some(wanted) => {
                            if let Some(at) =
                                free.iter().position(|j| name(&old[*j]).as_ref() == Some(&wanted))
                            {
                                pairs[i] = Some(free.remove(at));
                            }
                        }
                        None => unnamed.push(i),
                    }
                }
                for (i, j) in unnamed.into_iter().zip(free) {
                    pairs[i] = Some(j);
                }
            }
            DiffOp::Delete { .. } | DiffOp::Insert { .. } => {}
        }
    }
    pairs
}
