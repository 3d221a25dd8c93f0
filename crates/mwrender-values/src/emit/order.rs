//! The order in which go-yaml writes the keys of a map.

use unicode_general_category::{GeneralCategory, get_general_category};

/// The entries of a map in go-yaml's order: letters after other characters, runs of digits by their number.
///
/// That comparison is not transitive (`a10` < `a1b` < `a9` < `a10`): for such keys Helm's own order changes from
/// run to run. Here it depends on the order of the map alone.
pub fn sorted<T: Copy>(entries: Vec<T>, key: impl Fn(&T) -> &str) -> Vec<T> {
    sort(entries, &key, less)
}

/// The same in the order of go-yaml v3, where letters come before other characters behind a digit.
pub fn sorted_v3<T: Copy>(entries: Vec<T>, key: impl Fn(&T) -> &str) -> Vec<T> {
    sort(entries, &key, |a, b| compare(a, b, true))
}

fn sort<T: Copy>(
    mut entries: Vec<T>,
    key: &impl Fn(&T) -> &str,
    less: impl Fn(&str, &str) -> bool,
) -> Vec<T> {
    // the order of bytes, which many maps come in, mostly is this one already
    if entries.windows(2).all(|pair| !less(key(&pair[1]), key(&pair[0]))) {
        return entries;
    }
    // the standard library's sorts may panic when the comparison is not an order
    let mut width = 1;
    while width < entries.len() {
        entries = entries.chunks(2 * width).flat_map(|pair| merged(pair, width, key, &less)).collect();
        width *= 2;
    }
    entries
}

/// Two sorted runs, the first `width` long, as one.
fn merged<T: Copy>(
    pair: &[T],
    width: usize,
    key: &impl Fn(&T) -> &str,
    less: &impl Fn(&str, &str) -> bool,
) -> Vec<T> {
    let (mut left, mut right) = pair.split_at(width.min(pair.len()));
    let mut out = Vec::with_capacity(pair.len());
    while let (Some((first, left_rest)), Some((second, right_rest))) =
        (left.split_first(), right.split_first())
    {
        if less(key(second), key(first)) {
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

/// Whether Go takes a character for a letter; `char::is_alphabetic` knows more of them, such as `ⅱ`.
fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    matches!(
        get_general_category(c),
        GeneralCategory::UppercaseLetter
            | GeneralCategory::LowercaseLetter
            | GeneralCategory::TitlecaseLetter
            | GeneralCategory::ModifierLetter
            | GeneralCategory::OtherLetter
    )
}

/// Whether Go takes a character for a decimal digit.
fn is_digit(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    get_general_category(c) == GeneralCategory::DecimalNumber
}

/// Whether one key comes before another.
fn less(a: &str, b: &str) -> bool {
    compare(a, b, false)
}

fn compare(a: &str, b: &str, v3: bool) -> bool {
    let shared =
        a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum::<usize>();
    let (rest_a, rest_b) = (&a[shared..], &b[shared..]);
    let (Some(x), Some(y)) = (rest_a.chars().next(), rest_b.chars().next()) else {
        return rest_a.len() < rest_b.len();
    };
    match (is_letter(x), is_letter(y)) {
        (true, true) => return x < y,
        (false, false) => {}
        (letter, _) if v3 && a[..shared].ends_with(is_digit) => return letter,
        (_, other) => return other,
    }
    // zeros within a number count as digits of it, those before it do not
    let within = (x == '0' || y == '0') && {
        a[..shared].chars().rev().take_while(|c| is_digit(*c)).any(|c| c != '0')
    };
    let number = |text: &str| {
        let digits = text.chars().take_while(|c| is_digit(*c));
        digits.fold((i64::from(within), 0usize), |(n, len), c| {
            // of whatever script they are
            let digit = i64::from(u32::from(c)) - i64::from(u32::from('0'));
            (n.wrapping_mul(10).wrapping_add(digit), len + 1)
        })
    };
    let (number_a, number_b) = (number(rest_a), number(rest_b));
    if number_a == number_b { x < y } else { number_a < number_b }
}
