//! Patterns: Go's syntax, checked as Go checks it, in the syntax of the regex crate.
//!
//! Both crates mean the same by most of it. What differs is spelled out: classes such as `\d` and `\b` are ASCII's in
//! Go, braces that repeat nothing are literals, and a repetition applies to what was last in front of it.

use std::fmt::Write;

use super::class::{self, escape};
use super::names::NOTHING;
use crate::functions::chars::first;

/// Groups nest no deeper in Go.
const DEEPEST: usize = 1000;

/// Repetitions within each other multiply to no more.
const MOST_REPEATS: u64 = 1000;

/// A pattern in the syntax of the regex crate.
pub(super) struct Pattern {
    pub(super) text: String,
    /// The names of the groups from the first on, empty for those without.
    pub(super) names: Vec<Vec<u8>>,
}

/// Go's text for what is wrong at some part of a pattern.
pub(super) fn wrong(what: &str, part: &[u8]) -> Vec<u8> {
    [b"error parsing regexp: ", what.as_bytes(), b": `", part, b"`"].concat()
}

type Checked<T> = Result<T, Vec<u8>>;

/// What a repetition would apply to.
#[derive(Clone, Copy)]
struct Item {
    /// Where its text ends in what is written; flags may stand behind it.
    start: usize,
    end: usize,
    /// How often its repetitions repeat what is within.
    repeats: u64,
}

struct Group {
    start: usize,
    /// Whether repetitions were lazy in front of it.
    lazy: bool,
    items: Vec<Item>,
    repeats: u64,
}

struct Parser<'p> {
    all: &'p [u8],
    at: usize,
    out: String,
    names: Vec<Vec<u8>>,
    /// The innermost last; the first is the whole pattern.
    groups: Vec<Group>,
    /// Whether repetitions are lazy here, and greedy behind `?`: the flag `U`, which Go looks at where a repetition is
    /// and the regex crate where the item is that is repeated.
    lazy: bool,
}

/// Reads a pattern.
pub(super) fn read(all: &[u8]) -> Checked<Pattern> {
    let whole = Group { start: 0, lazy: false, items: Vec::new(), repeats: 1 };
    let mut parser =
        Parser { all, at: 0, out: String::new(), names: Vec::new(), groups: vec![whole], lazy: false };
    parser.pattern()?;
    Ok(Pattern { text: parser.out, names: parser.names })
}

/// The first character, which must be UTF-8, and what is behind it.
pub(super) fn next(text: &[u8]) -> Checked<(char, &[u8])> {
    if text.is_empty() {
        return Ok((char::REPLACEMENT_CHARACTER, text));
    }
    let (c, width) = first(text);
    if c == char::REPLACEMENT_CHARACTER && width == 1 {
        return Err(wrong("invalid UTF-8", text));
    }
    Ok((c, &text[width..]))
}

impl<'p> Parser<'p> {
    fn rest(&self) -> &'p [u8] {
        &self.all[self.at..]
    }

    fn pattern(&mut self) -> Checked<()> {
        // where the repetition before began, if it was right before
        let mut repeated = None;
        while let [c, ..] = *self.rest() {
            let before = self.at;
            let mut repeats = false;
            match c {
                b'(' => self.open()?,
                b'|' => {
                    self.out.push('|');
                    self.at += 1;
                    let group = self.group();
                    group.items.clear();
                }
                b')' => self.close()?,
                b'^' => self.assertion("^", 1),
                b'$' => self.assertion("$", 1),
                b'.' => self.item(".", 1),
                b'[' => {
                    let (class, rest) = class::bracketed(self.rest())?;
                    let length = self.rest().len() - rest.len();
                    self.item(&class, length);
                }
                b'*' | b'+' | b'?' => {
                    let op = char::from(c).to_string();
                    self.repeat(&op, 1, None, repeated)?;
                    repeats = true;
                }
                b'{' => match counts(self.rest()) {
                    Some((bounds, length)) => {
                        self.repeat_counted(bounds, length, repeated)?;
                        repeats = true;
                    }
                    None => self.item("\\{", 1),
                },
                b'\\' => self.escaped()?,
                _ => {
                    let (c, rest) = next(self.rest())?;
                    let length = self.rest().len() - rest.len();
                    self.item(&escape(u32::from(c)), length);
                }
            }
            repeated = repeats.then_some(before);
        }
        if self.groups.len() > 1 {
            return Err(wrong("missing closing )", self.all));
        }
        Ok(())
    }

    fn group(&mut self) -> &mut Group {
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    /// Writes something that may be repeated.
    fn item(&mut self, text: &str, length: usize) {
        let start = self.out.len();
        self.out.push_str(text);
        let item = Item { start, end: self.out.len(), repeats: 1 };
        self.group().items.push(item);
        self.at += length;
    }

    /// In Go also assertions may be repeated.
    fn assertion(&mut self, text: &str, length: usize) {
        self.item(&format!("(?:{text})"), length);
    }

    fn open(&mut self) -> Checked<()> {
        if self.groups.len() > DEEPEST {
            return Err(wrong("expression nests too deeply", self.all));
        }
        let (start, lazy) = (self.out.len(), self.lazy);
        if self.rest().starts_with(b"(?") {
            return self.open_special(start, lazy);
        }
        self.out.push('(');
        self.names.push(Vec::new());
        self.groups.push(Group { start, lazy, items: Vec::new(), repeats: 1 });
        self.at += 1;
        Ok(())
    }

    /// `(?P<name>`, `(?flags)` or `(?flags:`.
    fn open_special(&mut self, start: usize, lazy: bool) -> Checked<()> {
        let text = self.rest();
        let skipped = match text {
            [_, _, b'P', b'<', _, ..] => 4,
            [_, _, b'<', _, ..] => 3,
            _ => return self.flags(start, lazy),
        };
        let Some(end) = text.iter().position(|b| *b == b'>') else {
            check_utf8(text)?;
            return Err(wrong("invalid named capture", text));
        };
        let name = &text[skipped..end];
        check_utf8(name)?;
        if name.is_empty() || !name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
            return Err(wrong("invalid named capture", &text[..=end]));
        }
        self.out.push('(');
        self.names.push(name.to_vec());
        self.groups.push(Group { start, lazy, items: Vec::new(), repeats: 1 });
        self.at += end + 1;
        Ok(())
    }

    fn flags(&mut self, start: usize, lazy: bool) -> Checked<()> {
        let text = self.rest();
        let mut rest = &text[2..];
        let (mut negated, mut seen) = (false, false);
        let mut now = lazy;
        let mut written = [("i", None), ("m", None), ("s", None)];
        while !rest.is_empty() {
            let (c, behind) = next(rest)?;
            rest = behind;
            match c {
                'U' => (now, seen) = (!negated, true),
                '-' if !negated => (negated, seen) = (true, false),
                ':' | ')' if !negated || seen => {
                    let having = |on: bool| {
                        let flags = written.iter().filter(move |(_, given)| *given == Some(on));
                        flags.map(|(flag, _)| *flag).collect::<String>()
                    };
                    let (on, off) = (having(true), having(false));
                    let off = if off.is_empty() { off } else { format!("-{off}") };
                    if c == ':' {
                        let _ = write!(self.out, "(?{on}{off}:");
                        self.groups.push(Group { start, lazy, items: Vec::new(), repeats: 1 });
                    } else if !(on.is_empty() && off.is_empty()) {
                        let _ = write!(self.out, "(?{on}{off})");
                    }
                    self.lazy = now;
                    self.at += text.len() - rest.len();
                    return Ok(());
                }
                'i' | 'm' | 's' => {
                    for (flag, given) in &mut written {
                        if flag.starts_with(c) {
                            *given = Some(!negated);
                        }
                    }
                    seen = true;
                }
                _ => break,
            }
        }
        Err(wrong("invalid or unsupported Perl syntax", &text[..text.len() - rest.len()]))
    }

    fn close(&mut self) -> Checked<()> {
        if self.groups.len() < 2 {
            return Err(wrong("unexpected )", self.all));
        }
        let Some(group) = self.groups.pop() else { return Ok(()) };
        self.out.push(')');
        self.at += 1;
        self.lazy = group.lazy;
        let item = Item { start: group.start, end: self.out.len(), repeats: group.repeats };
        let outer = self.group();
        outer.repeats = outer.repeats.max(item.repeats);
        outer.items.push(item);
        Ok(())
    }

    /// Repeats the last item.
    fn repeat(
        &mut self,
        op: &str,
        length: usize,
        times: Option<u64>,
        repeated: Option<usize>,
    ) -> Checked<()> {
        let before = self.at;
        self.at += length;
        let mut op = op.to_owned();
        let marked = self.rest().starts_with(b"?");
        self.at += usize::from(marked);
        if marked != self.lazy {
            op.push('?');
        }
        if let Some(start) = repeated {
            return Err(wrong("invalid nested repetition operator", &self.all[start..self.at]));
        }
        let part = &self.all[before..self.at];
        let Some(item) = self.group().items.last().copied() else {
            return Err(wrong("missing argument to repetition operator", part));
        };
        let repeats = item.repeats * times.unwrap_or(1);
        if times.is_some_and(|times| times >= 2) && repeats > MOST_REPEATS {
            return Err(wrong("invalid repeat count", part));
        }
        // flags may have been written behind it
        self.out.insert_str(item.end, &op);
        self.out.insert(item.end + op.len(), ')');
        self.out.insert_str(item.start, "(?:");
        let group = self.group();
        group.repeats = group.repeats.max(repeats);
        if let Some(last) = group.items.last_mut() {
            last.end += op.len() + 4;
            last.repeats = if times == Some(0) { 1 } else { repeats };
        }
        Ok(())
    }

    fn repeat_counted(
        &mut self,
        (min, max): (Option<u64>, Bound),
        length: usize,
        repeated: Option<usize>,
    ) -> Checked<()> {
        let within = |n: u64| n <= MOST_REPEATS;
        let (Some(min), true) = (
            min.filter(|n| within(*n)),
            match max {
                Bound::Most(max) => max.is_some_and(|max| within(max) && min.is_none_or(|min| min <= max)),
                Bound::None => true,
            },
        ) else {
            return Err(wrong("invalid repeat count", &self.rest()[..length]));
        };
        let (op, times) = match max {
            Bound::Most(max) => {
                let max = max.unwrap_or(min);
                (format!("{{{min},{max}}}"), max)
            }
            Bound::None => (format!("{{{min},}}"), min),
        };
        self.repeat(&op, length, Some(times), repeated)
    }

    fn escaped(&mut self) -> Checked<()> {
        let text = self.rest();
        match text.get(1) {
            Some(b'A') => self.assertion("\\A", 2),
            Some(b'z') => self.assertion("\\z", 2),
            Some(b'b') => self.assertion("(?-u:\\b)", 2),
            Some(b'B') => self.assertion("(?-u:\\B)", 2),
            Some(b'C') => return Err(wrong("invalid escape sequence", &text[..2])),
            Some(b'Q') => {
                let quoted = &text[2..];
                let end = memchr::memmem::find(quoted, b"\\E");
                let mut left = &quoted[..end.unwrap_or(quoted.len())];
                while !left.is_empty() {
                    let (c, behind) = next(left)?;
                    left = behind;
                    self.item(&escape(u32::from(c)), 0);
                }
                self.at += end.map_or(text.len(), |end| end + 4);
            }
            _ => {
                if let Some((class, rest)) = class::unicode(text)? {
                    self.item(&class, text.len() - rest.len());
                } else if let Some(class) = class::perl(text) {
                    self.item(class, 2);
                } else {
                    let (c, rest) = class::escaped(text)?;
                    let shown = if (0xD800..0xE000).contains(&c) { NOTHING.to_owned() } else { escape(c) };
                    self.item(&shown, text.len() - rest.len());
                }
            }
        }
        Ok(())
    }
}

pub(super) fn check_utf8(text: &[u8]) -> Checked<()> {
    match std::str::from_utf8(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(wrong("invalid UTF-8", &text[error.valid_up_to()..])),
    }
}

/// How often at most: `None` within is too large a number.
#[derive(Clone, Copy)]
enum Bound {
    None,
    Most(Option<u64>),
}

/// `{2}`, `{2,}` or `{2,3}` at the beginning, and its length.
fn counts(text: &[u8]) -> Option<((Option<u64>, Bound), usize)> {
    let (min, mut rest) = number(&text[1..])?;
    let mut max = Bound::Most(min);
    if let [b',', behind @ ..] = rest {
        (max, rest) = match behind {
            [b'}', ..] => (Bound::None, behind),
            _ => {
                let (most, behind) = number(behind)?;
                (Bound::Most(most), behind)
            }
        };
    }
    let [b'}', rest @ ..] = rest else { return None };
    Some(((min, max), text.len() - rest.len()))
}

/// A number without leading zeros; `None` within is too large a one.
fn number(text: &[u8]) -> Option<(Option<u64>, &[u8])> {
    let length = text.iter().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(length);
    if digits.is_empty() || digits.len() > 1 && digits[0] == b'0' {
        return None;
    }
    let value = digits.iter().fold(0u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0')));
    Some(((value <= MOST_REPEATS).then_some(value), rest))
}
