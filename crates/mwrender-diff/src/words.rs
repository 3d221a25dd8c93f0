//! Which words of a line changed.

use similar::{ChangeTag, TextDiff};
use std::ops::Range;

/// Byte ranges of a line, in order.
pub type Ranges = Vec<Range<usize>>;

/// The byte ranges of an old and a new line that differ, word by word. Where a line lacks what the other has, its
/// range is empty. Lines with little in common give none: highlighting everything tells nothing.
///
/// ```
/// use mwrender_diff::words::changed_words;
/// let (old, new) = changed_words("server 10.0.0.1:11211", "server 10.0.0.9:11211").unwrap();
/// assert_eq!((&"server 10.0.0.1:11211"[old[0].clone()], &"server 10.0.0.9:11211"[new[0].clone()]), ("1", "9"));
/// ```
pub fn changed_words(old: &str, new: &str) -> Option<(Ranges, Ranges)> {
    let (a, b) = (split(old), split(new));
    let diff = TextDiff::from_slices(&a, &b);
    if diff.ratio() < 0.3 {
        return None;
    }
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    for change in diff.iter_all_changes() {
        let len = change.value().len();
        match change.tag() {
            ChangeTag::Equal => {
                i += len;
                j += len;
            }
            ChangeTag::Delete => {
                extend(&mut left, i..i + len);
                extend(&mut right, j..j);
                i += len;
            }
            ChangeTag::Insert => {
                extend(&mut left, i..i);
                extend(&mut right, j..j + len);
                j += len;
            }
        }
    }
    Some((left, right))
}

/// How many lines of a text are gone, and how many are new.
pub fn changed_lines(old: &str, new: &str) -> (usize, usize) {
    let diff = TextDiff::from_lines(old, new);
    let count = |tag| diff.iter_all_changes().filter(|c| c.tag() == tag).count();
    (count(ChangeTag::Delete), count(ChangeTag::Insert))
}

fn extend(ranges: &mut Vec<Range<usize>>, next: Range<usize>) {
    match ranges.last_mut() {
        Some(last) if last.end == next.start => last.end = next.end,
        _ => ranges.push(next),
    }
}

/// Words are runs of letters and digits; all else stands alone.
fn split(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut in_word = false;
    for (i, c) in line.char_indices() {
        let word = c.is_alphanumeric();
        if i > start && !(word && in_word) {
            words.push(&line[start..i]);
            start = i;
        }
        in_word = word;
    }
    if start < line.len() {
        words.push(&line[start..]);
    }
    words
}
