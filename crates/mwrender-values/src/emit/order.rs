//! The order in which go-yaml writes the keys of a map.

use crate::value::{Entry, Map};
use std::sync::Arc;

/// The entries of a map in go-yaml's order: letters after other characters, runs of digits by their number.
///
/// That comparison is not transitive (`a10` < `a1b` < `a9` < `a10`): for such keys Helm's own order changes from
/// run to run. Here it depends on the order of the map alone.
pub(super) fn sorted(map: &Map) -> Vec<(&Arc<str>, &Entry)> {
    let mut entries: Vec<_> = map.iter().collect();
    // the standard library's sorts may panic when the comparison is not an order
    let mut width = 1;
    while width < entries.len() {
        entries = entries.chunks(2 * width).flat_map(|pair| merged(pair, width)).collect();
        width *= 2;
    }
    entries
}

type Pair<'m> = (&'m Arc<str>, &'m Entry);

/// Two sorted runs, the first `width` long, as one.
fn merged<'m>(pair: &[Pair<'m>], width: usize) -> Vec<Pair<'m>> {
    let (mut left, mut right) = pair.split_at(width.min(pair.len()));
    let mut out = Vec::with_capacity(pair.len());
    while let (Some((first, left_rest)), Some((second, right_rest))) =
        (left.split_first(), right.split_first())
    {
        if less(second.0, first.0) {
            out.push(*second);
            right = right_rest;
        } else {
            out.push(*first);
            left = left_rest;
        }
    }
    out.extend_from_slice(left);
    out.extend_from_slice(right);
    out
}

/// Whether one key comes before another.
fn less(a: &str, b: &str) -> bool {
    let shared =
        a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum::<usize>();
    let (rest_a, rest_b) = (&a[shared..], &b[shared..]);
    let (Some(x), Some(y)) = (rest_a.chars().next(), rest_b.chars().next()) else {
        return rest_a.len() < rest_b.len();
    };
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x < y,
        (false, false) => {}
        (_, other) => return other,
    }
    // zeros within a number count as digits of it, those before it do not
    let within = (x == '0' || y == '0') && {
        let digits = a[..shared].bytes().rev().take_while(u8::is_ascii_digit);
        digits.into_iter().any(|b| b != b'0')
    };
    let number = |text: &str| {
        let digits = text.bytes().take_while(u8::is_ascii_digit);
        digits.fold((i64::from(within), 0usize), |(n, len), b| {
            (n.wrapping_mul(10).wrapping_add(i64::from(b - b'0')), len + 1)
        })
    };
    let (number_a, number_b) = (number(rest_a), number(rest_b));
    if number_a == number_b { x < y } else { number_a < number_b }
}
