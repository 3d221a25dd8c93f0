//! What each matcher takes and finds.

use memchr::memmem;

use super::parse::Set;
use crate::functions::chars;

/// What a matcher found: where, and the lengths in bytes that it takes there, upwards.
type Found = Option<(usize, Vec<usize>)>;

/// A part of a pattern that matches names.
#[derive(Clone)]
pub(super) enum Matcher {
    Nothing,
    Text(String),
    Set(Set),
    /// `*` if it stays within a step, else `**`.
    Run {
        step: bool,
    },
    /// A text and then a [`Matcher::Run`].
    Prefix {
        text: String,
        step: bool,
    },
    /// A [`Matcher::Run`] and then a text.
    Suffix {
        text: String,
        step: bool,
    },
    /// A text, `**`, and a text. The texts may overlap.
    Ends {
        prefix: String,
        suffix: String,
    },
    /// `**`, a text, and `**`.
    Contains(String),
    /// Some characters or, unless `exact`, more, in which a text does not occur.
    Every {
        count: usize,
        exact: bool,
        without: String,
    },
    AnyOf(Vec<Matcher>),
    /// Matchers of fixed length; `length` is the sum.
    Row {
        matchers: Vec<Matcher>,
        length: usize,
    },
    Tree(Box<Tree>),
}

/// A matcher that is searched for, and those of what is before and behind it.
#[derive(Clone)]
pub(super) struct Tree {
    pub(super) value: Matcher,
    pub(super) left: Option<Matcher>,
    pub(super) right: Option<Matcher>,
    left_length: Option<usize>,
    right_length: Option<usize>,
    length: Option<usize>,
}

/// The first character and its width in bytes; U+FFFD of width 1 where the bytes are not UTF-8, of width 0 at the
/// end.
pub(super) fn first(text: &[u8]) -> (char, usize) {
    if text.is_empty() { (char::REPLACEMENT_CHARACTER, 0) } else { chars::first(text) }
}

/// The characters with the places where they start.
fn characters(text: &[u8]) -> impl Iterator<Item = (usize, char)> + '_ {
    chars::chars(text).map(|(start, _, c)| (start, c))
}

fn count(text: &[u8]) -> usize {
    characters(text).count()
}

/// Where characters start, and the end.
fn starts(text: &[u8]) -> impl Iterator<Item = usize> + '_ {
    characters(text).map(|(start, _)| start).chain([text.len()])
}

/// Where characters end; what is not UTF-8 counts as the three bytes of U+FFFD.
fn ends(text: &[u8]) -> impl Iterator<Item = usize> + '_ {
    characters(text).map(|(start, c)| start + c.len_utf8())
}

fn find(text: &[u8], part: &str) -> Option<usize> {
    memmem::find(text, part.as_bytes())
}

/// What a run takes at most.
fn run(text: &[u8], step: bool) -> &[u8] {
    let end = if step { memchr::memchr(b'/', text) } else { None };
    &text[..end.unwrap_or(text.len())]
}

impl Matcher {
    /// The length in characters, if it is known.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Matcher::Nothing => Some(0),
            Matcher::Text(text) => Some(text.chars().count()),
            Matcher::Set(_) => Some(1),
            Matcher::Row { length, .. } => Some(*length),
            Matcher::Tree(tree) => tree.length,
            Matcher::AnyOf(matchers) => {
                let mut length = None;
                for matcher in matchers {
                    match (length, matcher.len()) {
                        (None, first) => length = first,
                        (known, other) if known != other => return None,
                        _ => {}
                    }
                }
                length
            }
            _ => None,
        }
    }

    /// Whether the matcher takes a whole text; the text of an error where gobwas/glob panics, or where it would take more
    /// steps than there is fuel.
    pub(super) fn matches(&self, text: &[u8], fuel: &mut u32) -> Result<bool, String> {
        Ok(match self {
            Matcher::Nothing => text.is_empty(),
            Matcher::Text(own) => own.as_bytes() == text,
            Matcher::Set(set) => {
                let (c, width) = first(text);
                text.len() == width && set.has(c)
            }
            Matcher::Run { step } => run(text, *step) == text,
            Matcher::Prefix { text: prefix, step } => {
                text.strip_prefix(prefix.as_bytes()).is_some_and(|rest| run(rest, *step) == rest)
            }
            Matcher::Suffix { text: suffix, step } => {
                text.strip_suffix(suffix.as_bytes()).is_some_and(|rest| run(rest, *step) == rest)
            }
            Matcher::Ends { prefix, suffix } => {
                text.starts_with(prefix.as_bytes()) && text.ends_with(suffix.as_bytes())
            }
            Matcher::Contains(part) => find(text, part).is_some(),
            Matcher::Every { count: least, exact, without } => {
                let n = count(text);
                n >= *least && (!exact || n == *least) && find(text, without).is_none()
            }
            Matcher::AnyOf(matchers) => {
                for matcher in matchers {
                    if matcher.matches(text, fuel)? {
                        return Ok(true);
                    }
                }
                false
            }
            Matcher::Row { matchers, length } => count(text) == *length && row(matchers, text, fuel)?,
            Matcher::Tree(tree) => tree.matches(text, fuel)?,
        })
    }

    /// Where the matcher takes a part of a text first.
    fn find(&self, text: &[u8], fuel: &mut u32) -> Result<Found, String> {
        Ok(match self {
            Matcher::Nothing => Some((0, vec![0])),
            Matcher::Text(own) => find(text, own).map(|at| (at, vec![own.len()])),
            Matcher::Set(set) => {
                characters(text).find(|(_, c)| set.has(*c)).map(|(at, c)| (at, vec![c.len_utf8()]))
            }
            Matcher::Run { step } => Some((0, starts(run(text, *step)).collect())),
            Matcher::Prefix { text: prefix, step } => find(text, prefix).map(|at| {
                let behind = run(&text[at + prefix.len()..], *step);
                (at, [0].into_iter().chain(ends(behind)).map(|end| prefix.len() + end).collect())
            }),
            Matcher::Suffix { text: suffix, step } => find(text, suffix).map(|at| {
                let slash = if *step { memchr::memrchr(b'/', &text[..at]) } else { None };
                let start = slash.map_or(0, |slash| slash + 1);
                (start, vec![at + suffix.len() - start])
            }),
            Matcher::Ends { prefix, suffix } => find(text, prefix).and_then(|at| {
                let mut lengths = Vec::new();
                let mut rest = &text[at..];
                while let Some(last) = memmem::rfind(rest, suffix.as_bytes()) {
                    lengths.push(last + suffix.len());
                    rest = &rest[..last];
                }
                lengths.reverse();
                (!lengths.is_empty()).then_some((at, lengths))
            }),
            Matcher::Contains(part) => find(text, part).map(|at| {
                let behind = at + part.len();
                (0, starts(&text[behind..]).map(|start| behind + start).collect())
            }),
            Matcher::Every { count: least, exact, without } => {
                let until = &text[..find(text, without).unwrap_or(text.len())];
                let allowed: Vec<_> = starts(until).collect();
                let most = if *exact { *least } else { usize::MAX };
                let reached: Vec<_> = ends(text).take(most).collect();
                let mut lengths: Vec<_> = ends(text).skip(least - 1).collect();
                lengths.retain(|end| allowed.contains(end) && reached.contains(end));
                (!lengths.is_empty()).then_some((0, lengths))
            }
            Matcher::AnyOf(matchers) => {
                let mut best: Found = None;
                for matcher in matchers {
                    let Some((at, lengths)) = matcher.find(text, fuel)? else { continue };
                    match &mut best {
                        Some((first, all)) if *first == at => {
                            all.extend(lengths);
                            all.sort_unstable();
                            all.dedup();
                        }
                        Some((first, _)) if *first < at => {}
                        _ => best = Some((at, lengths)),
                    }
                }
                best
            }
            Matcher::Row { matchers, length } => {
                for (start, _) in characters(text) {
                    let rest = &text[start..];
                    if rest.len() < *length {
                        break;
                    }
                    if row(matchers, rest, fuel)? {
                        return Ok(Some((start, vec![*length])));
                    }
                }
                None
            }
            Matcher::Tree(_) => None,
        })
    }
}

/// Whether matchers of fixed length take the begin of a text one by one.
///
/// Each gets the text up to the first byte of its last character. One without a length gets all of it.
fn row(matchers: &[Matcher], text: &[u8], fuel: &mut u32) -> Result<bool, String> {
    let mut at = 0;
    for matcher in matchers {
        let length = matcher.len().unwrap_or(0);
        let most = if length == 0 { usize::MAX } else { length };
        let (mut seen, mut last) = (0, 0);
        for (start, _) in characters(&text[at..]).take(most) {
            seen += 1;
            last = start;
        }
        if seen < length {
            return Ok(false);
        }
        let end = at + last + 1;
        let Some(part) = text.get(at..end) else {
            let length = text.len();
            return Err(format!("runtime error: slice bounds out of range [:{end}] with length {length}"));
        };
        if !matcher.matches(part, fuel)? {
            return Ok(false);
        }
        at = end;
    }
    Ok(true)
}

/// Whether what is before or behind takes a part; nothing takes nothing.
fn side(matcher: Option<&Matcher>, part: &[u8], fuel: &mut u32) -> Result<bool, String> {
    matcher.map_or(Ok(part.is_empty()), |matcher| matcher.matches(part, fuel))
}

impl Tree {
    pub(super) fn new(value: Matcher, left: Option<Matcher>, right: Option<Matcher>) -> Tree {
        let left_length = left.as_ref().map_or(Some(0), Matcher::len);
        let right_length = right.as_ref().map_or(Some(0), Matcher::len);
        let length = [left_length, value.len(), right_length].into_iter().sum();
        Tree { value, left, right, left_length, right_length, length }
    }

    fn matches(&self, text: &[u8], fuel: &mut u32) -> Result<bool, String> {
        if self.length.is_some_and(|length| length > text.len()) {
            return Ok(false);
        }
        let mut offset = self.left_length.unwrap_or(0);
        let limit = text.len().saturating_sub(self.right_length.unwrap_or(0));
        while offset < limit {
            *fuel = fuel.checked_sub(1).ok_or("the pattern takes too many steps")?;
            let Some((index, lengths)) = self.value.find(&text[offset..limit], fuel)? else {
                return Ok(false);
            };
            let at = offset + index;
            if side(self.left.as_ref(), &text[..at], fuel)? {
                for length in lengths.into_iter().rev() {
                    if side(self.right.as_ref(), text.get(at + length..).unwrap_or_default(), fuel)? {
                        return Ok(true);
                    }
                }
            }
            offset = at + first(&text[at..]).1;
        }
        Ok(false)
    }
}
