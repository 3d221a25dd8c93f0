//! Keywords about arrays.

use serde_json::Value;

use super::Problem;
use super::dialect::Words;
use super::draft::Draft;
use super::evaluate::{Found, Rest, Walk, count};
use super::number::equal;

/// The first two items that are equal.
fn twins(items: &[Value]) -> Option<(usize, usize)> {
    (1..items.len()).find_map(|second| {
        let first = items[..second].iter().position(|other| equal(other, &items[second]))?;
        Some((first, second))
    })
}

impl<'w> Walk<'w> {
    pub(super) fn array(
        &self,
        words: Words<'w>,
        items: &[Value],
        rest: &mut Rest,
        found: &mut Found<'_, 'w>,
    ) {
        found.limit(words, ["minItems", "maxItems"], count(items.len()));
        if words.get("uniqueItems") == Some(&Value::Bool(true))
            && let Some((first, second)) = twins(items)
        {
            found.add(&["uniqueItems"], Problem::Unique(first, second), Vec::new());
        }
        self.items(words, items, rest, found);
        if found.place.draft > Draft::D4
            && let Some(schema) = words.get("contains")
        {
            self.contains(schema, words, items, rest, found);
        }
    }

    /// The first items by schemas of their own, and those behind by another.
    fn items(&self, words: Words<'w>, items: &[Value], rest: &mut Rest, found: &mut Found<'_, 'w>) {
        let (first, behind) = match (found.place.draft >= Draft::D2020, words.get("items")) {
            (true, _) => ("prefixItems", "items"),
            (false, Some(Value::Array(_))) => ("items", "additionalItems"),
            (false, _) => ("", "items"),
        };
        let own = words.get(first).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for (index, (schema, item)) in own.iter().zip(items).enumerate() {
            rest.items.remove(&index);
            self.entry(schema, &[first, &index.to_string()], &index.to_string(), item, found);
        }
        let Some(schema) = words.get(behind) else { return };
        let more = items.get(own.len()..).unwrap_or_default();
        if behind == "additionalItems"
            && let Value::Bool(allowed) = schema
        {
            rest.items.clear();
            if !allowed && !more.is_empty() {
                found.add(&[behind], Problem::AdditionalItems(more.len()), Vec::new());
            }
            return;
        }
        rest.items.clear();
        for (index, item) in more.iter().enumerate() {
            // these are counted from 0 again
            self.entry(schema, &[behind], &index.to_string(), item, found);
        }
    }

    fn contains(
        &self,
        schema: &'w Value,
        words: Words<'w>,
        items: &[Value],
        rest: &mut Rest,
        found: &mut Found<'_, 'w>,
    ) {
        let (mut matched, mut causes) = (Vec::new(), Vec::new());
        for (index, item) in items.iter().enumerate() {
            let mut instance = found.instance.to_vec();
            instance.push(index.to_string());
            let place = found.place.below(&["contains"]);
            match self.schema(schema, &place, item, &instance, &mut Rest::of(item)) {
                Some(node) => causes.push(node),
                None => {
                    matched.push(index);
                    if found.place.draft >= Draft::D2020 {
                        rest.items.remove(&index);
                    }
                }
            }
        }
        let counted = found.place.draft >= Draft::D2019;
        let limit = |word: &str| words.get(word).and_then(Value::as_f64).filter(|_| counted);
        match limit("minContains") {
            Some(least) if count(matched.len()) < least => {
                found.add(&["minContains"], Problem::MinContains(matched.clone(), least), causes);
            }
            None if matched.is_empty() => found.add(&["contains"], Problem::Contains, causes),
            _ => {}
        }
        if let Some(most) = limit("maxContains").filter(|most| count(matched.len()) > *most) {
            found.add(&["maxContains"], Problem::MaxContains(matched, most), Vec::new());
        }
    }
}
