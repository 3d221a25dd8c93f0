//! Few of many that are enough.

/// Of items that are enough for something together, few that still are: without any one of them the rest is not
/// enough. Nothing if all are not enough, or if `enough` gives up by answering nothing.
///
/// This is the minimising delta debugging of Zeller and Hildebrandt (2002). Where what is enough grows with the
/// items, it asks at most about as often as twice the number of items found, times the logarithm of all; in the
/// worst case as often as the square of all.
///
/// ```
/// use mwrender_diff::fewest::fewest;
/// let mut both = |some: &[u32]| Some(some.contains(&3) && some.contains(&90));
/// assert_eq!(fewest(&(0..100).collect::<Vec<_>>(), &mut both), Some(vec![3, 90]));
/// assert_eq!(fewest(&[1, 2], &mut both), None);
/// ```
pub fn fewest<T: Clone>(all: &[T], enough: &mut impl FnMut(&[T]) -> Option<bool>) -> Option<Vec<T>> {
    if all.is_empty() || !enough(all)? {
        return None;
    }
    let mut items = all.to_vec();
    let mut parts = 2;
    'smaller: while items.len() > 1 {
        let size = items.len().div_ceil(parts);
        for part in items.chunks(size) {
            if enough(part)? {
                items = part.to_vec();
                parts = 2;
                continue 'smaller;
            }
        }
        for start in (0..items.len()).step_by(size) {
            let rest = [&items[..start], &items[(start + size).min(items.len())..]].concat();
            // of two parts, the rest of each is the other
            if parts > 2 && enough(&rest)? {
                items = rest;
                parts -= 1;
                continue 'smaller;
            }
        }
        if size == 1 {
            break;
        }
        parts = (parts * 2).min(items.len());
    }
    Some(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Any of some sets is enough: what is found is one of them, without more.
        #[test]
        fn nothing_can_be_left_out(sets in prop::collection::vec(prop::collection::btree_set(0u8..40, 1..5), 1..4)) {
            let mut asked = 0;
            let mut enough = |some: &[u8]| {
                asked += 1;
                Some(sets.iter().any(|set| set.iter().all(|n| some.contains(n))))
            };
            let found = fewest(&(0..40).collect::<Vec<u8>>(), &mut enough).expect("all are enough");
            prop_assert!(enough(&found).expect("it answers"));
            for n in &found {
                let rest: Vec<u8> = found.iter().copied().filter(|m| m != n).collect();
                prop_assert!(!enough(&rest).expect("it answers"), "{} can go from {:?}", n, found);
            }
            prop_assert!(asked < 600);
        }
    }

    #[test]
    fn it_gives_up() {
        let mut left = 3;
        let mut enough = |some: &[u8]| {
            left -= 1;
            (left > 0).then(|| some.contains(&1) && some.contains(&9))
        };
        assert_eq!(fewest(&(0..10).collect::<Vec<_>>(), &mut enough), None);
    }
}
