//! Regular expressions as Go's `regexp` has them. Compiled patterns are kept.

mod class;
mod names;
mod pattern;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use mwrender_gotemplate::{Context, Failure, Funcs, How, List, Tracks, Type, Value};
use regex::bytes::{CaptureLocations, RegexBuilder};

use super::args::{Body, Out, add_all, bytes, charge_list, charge_text, int, with};
use super::chars::{chars, is_digit, is_letter};
use super::lists::capacity;
use super::strings::whole;

pub(super) fn add(funcs: &mut Funcs) {
    let two = "string, string";
    add_both(
        funcs,
        Tracks::Operands,
        two,
        "bool",
        "Match",
        [
            // the only one that takes a bad pattern as one that does not match
            |_, a| Ok(Value::from(compiled(&a[0]).is_ok_and(|r| r.is_match(bytes(&a[1]))))),
            |_, a| Ok(Value::from(or_error(&a[0])?.is_match(bytes(&a[1])))),
        ],
    );
    add_both(
        funcs,
        Tracks::Own,
        two,
        "string",
        "Find",
        [|c, a| Ok(find(c, a, &*or_panic(&a[0])?)), |c, a| Ok(find(c, a, &*or_error(&a[0])?))],
    );
    let three = "string, string, int";
    add_both(
        funcs,
        Tracks::Operands,
        three,
        "[]string",
        "FindAll",
        [|c, a| find_all(c, a, &*or_panic(&a[0])?), |c, a| find_all(c, a, &*or_error(&a[0])?)],
    );
    add_both(
        funcs,
        Tracks::Operands,
        three,
        "[]string",
        "Split",
        [|c, a| split(c, a, &*or_panic(&a[0])?), |c, a| split(c, a, &*or_error(&a[0])?)],
    );
    let three = "string, string, string";
    add_both(
        funcs,
        Tracks::Own,
        three,
        "string",
        "ReplaceAll",
        [|c, a| replace(c, a, &*or_panic(&a[0])?, false), |c, a| replace(c, a, &*or_error(&a[0])?, false)],
    );
    add_both(
        funcs,
        Tracks::Own,
        three,
        "string",
        "ReplaceAllLiteral",
        [|c, a| replace(c, a, &*or_panic(&a[0])?, true), |c, a| replace(c, a, &*or_error(&a[0])?, true)],
    );
    add_all(
        funcs,
        Tracks::Own,
        "func(string) string",
        &[("regexQuoteMeta", |c, a| Ok(whole(c, &a[0], quote_meta(bytes(&a[0])))))],
    );
}

/// Enters a function and its variant that reports bad patterns in other words.
fn add_both(funcs: &mut Funcs, tracks: Tracks, params: &str, result: &str, name: &str, bodies: [Body; 2]) {
    let [plain, must] = bodies;
    add_all(funcs, tracks, &format!("func({params}) {result}"), &[(&format!("regex{name}"), plain)]);
    let signature = format!("func({params}) ({result}, error)");
    add_all(funcs, tracks, &signature, &[(&format!("mustRegex{name}"), must)]);
}

/// A pattern that was compiled.
struct Regex {
    program: regex::bytes::Regex,
    names: Vec<Vec<u8>>,
    is_empty: bool,
}

type Kept = HashMap<Box<[u8]>, Result<Rc<Regex>, Vec<u8>>>;

/// So many patterns are kept by each thread.
const MOST_KEPT: usize = 1000;

/// What one pattern may use of the memory.
const LARGEST: usize = 64 << 20;

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::default();
}

/// The pattern, or what Go says against it.
fn compiled(pattern: &Value) -> Result<Rc<Regex>, Vec<u8>> {
    let pattern = bytes(pattern);
    KEPT.with_borrow_mut(|kept| {
        if let Some(found) = kept.get(pattern) {
            return found.clone();
        }
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        let made = compile(pattern).map(Rc::new);
        kept.insert(pattern.into(), made.clone());
        made
    })
}

/// Whether a pattern of Go's matches somewhere in a text.
///
/// # Errors
/// It is none: Go's message.
pub(crate) fn is_match(pattern: &str, text: &str) -> Result<bool, String> {
    let regex = compiled(&Value::from(pattern)).map_err(|text| shown(&text))?;
    Ok(regex.is_match(text.as_bytes()))
}

fn compile(all: &[u8]) -> Result<Regex, Vec<u8>> {
    let pattern = pattern::read(all)?;
    let regex = RegexBuilder::new(&pattern.text).size_limit(LARGEST).nest_limit(8000).build();
    let regex = regex.map_err(|_| pattern::wrong("expression too large", all))?;
    Ok(Regex { program: regex, names: pattern.names, is_empty: all.is_empty() })
}

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// As the functions with `must` report a bad pattern.
fn or_error(pattern: &Value) -> Result<Rc<Regex>, Failure> {
    compiled(pattern).map_err(|text| shown(&text).into())
}

/// As the others do, which panic in Go.
fn or_panic(pattern: &Value) -> Result<Rc<Regex>, Failure> {
    compiled(pattern).map_err(|text| {
        let quoted = quoted(bytes(pattern));
        format!("regexp: Compile({quoted}): {}", shown(&text)).into()
    })
}

/// Between backquotes if that is possible.
fn quoted(pattern: &[u8]) -> String {
    let text = mwrender_gotemplate::printf(b"%#q", &[Value::from(pattern.to_vec())]);
    text.map_or_else(|_| String::new(), |text| shown(&text))
}

/// A text in which each byte that is no UTF-8 is U+FFFD, as patterns see it, and how to get back.
struct Seen<'t> {
    text: Cow<'t, [u8]>,
    /// Where such bytes are in `text`.
    broken: Vec<usize>,
}

impl Seen<'_> {
    fn new(all: &[u8]) -> Seen<'_> {
        if std::str::from_utf8(all).is_ok() {
            return Seen { text: Cow::Borrowed(all), broken: Vec::new() };
        }
        let (mut text, mut broken) = (Vec::new(), Vec::new());
        for (_, width, c) in chars(all) {
            if width == 1 && !c.is_ascii() {
                broken.push(text.len());
            }
            super::chars::push(&mut text, c);
        }
        Seen { text: Cow::Owned(text), broken }
    }

    /// An offset in the text that was given.
    fn original(&self, at: usize) -> usize {
        at - 2 * self.broken.partition_point(|broken| *broken < at)
    }

    /// Where the next character begins; behind the end at the end.
    fn after(&self, at: usize) -> usize {
        let rest = self.text.get(at + 1..).unwrap_or_default();
        at + 1 + rest.iter().take_while(|b| (0x80..0xC0).contains(*b)).count()
    }
}

impl Regex {
    fn is_match(&self, all: &[u8]) -> bool {
        let seen = Seen::new(all);
        self.find(&seen, 0).is_some()
    }

    /// The first match from an offset on.
    fn find(&self, seen: &Seen<'_>, from: usize) -> Option<(usize, usize)> {
        let mut at = from;
        while at <= seen.text.len() {
            let found = self.program.find_at(&seen.text, at)?;
            // `\B` also matches within a character
            if !found.is_empty() || is_boundary(&seen.text, found.start()) {
                return Some((found.start(), found.end()));
            }
            at = seen.after(found.start());
        }
        None
    }

    /// Calls `each` with all matches, at most `most` of them.
    fn find_each(&self, seen: &Seen<'_>, most: i64, mut each: impl FnMut(usize, usize)) {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let (mut at, mut count, mut previous) = (0, 0, None);
        while count < most && at <= seen.text.len() {
            let Some((start, end)) = self.find(seen, at) else { break };
            // no empty match right behind another one
            let accepted = !(end == at && previous == Some(start));
            at = if end == at { seen.after(at) } else { end };
            previous = Some(end);
            if accepted {
                each(start, end);
                count += 1;
            }
        }
    }
}

fn is_boundary(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|b| !(0x80..0xC0).contains(b))
}

fn find(context: &Context<'_>, args: &[Value], regex: &Regex) -> Value {
    let all = bytes(&args[1]);
    let seen = Seen::new(all);
    let found = regex.find(&seen, 0).map(|(from, to)| &all[seen.original(from)..seen.original(to)]);
    let made = whole(context, &args[1], found.unwrap_or_default().to_vec());
    with(context, made, How::Operand, &args[..1])
}

fn find_all(context: &mut Context<'_>, args: &[Value], regex: &Regex) -> Out {
    let all = bytes(&args[1]);
    let seen = Seen::new(all);
    let mut found = Vec::new();
    regex.find_each(&seen, int(&args[2]), |from, to| {
        found.push(Value::string(&all[seen.original(from)..seen.original(to)]));
    });
    charge_list(context, found.len())?;
    Ok(strings(found))
}

/// A `[]string`, nil if there is nothing in it. Go makes room for ten matches, and for more as slices grow.
fn strings(found: Vec<Value>) -> Value {
    const ROOM: [usize; 9] = [10, 20, 43, 87, 191, 383, 679, 1151, 1703];
    if found.is_empty() {
        return List::nil(Type::STRINGS).into();
    }
    let room = ROOM.into_iter().find(|room| *room >= found.len()).unwrap_or_default();
    List::with_capacity(Type::STRINGS, found, room).into()
}

fn split(context: &mut Context<'_>, args: &[Value], regex: &Regex) -> Out {
    let (all, most) = (bytes(&args[1]), int(&args[2]));
    if most == 0 {
        return Ok(List::nil(Type::STRINGS).into());
    }
    if all.is_empty() && !regex.is_empty {
        return Ok(List::new(Type::STRINGS, vec![Value::string("")]).into());
    }
    let seen = Seen::new(all);
    let mut parts = Vec::new();
    let (mut begin, mut end) = (0, 0);
    let mut matches = 0;
    regex.find_each(&seen, most, |from, to| {
        matches += 1;
        if most > 0 && parts.len() as i64 == most - 1 {
            return;
        }
        end = seen.original(from);
        if to != 0 {
            parts.push(Value::string(&all[begin..end]));
        }
        begin = seen.original(to);
    });
    if end != all.len() {
        parts.push(Value::string(&all[begin..]));
    }
    charge_list(context, parts.len())?;
    let room = capacity(matches, parts.len());
    Ok(List::with_capacity(Type::STRINGS, parts, room).into())
}

fn replace(context: &mut Context<'_>, args: &[Value], regex: &Regex, literal: bool) -> Out {
    let (all, replacement) = (bytes(&args[1]), bytes(&args[2]));
    let literal = literal || !replacement.contains(&b'$');
    let seen = Seen::new(all);
    let mut locations = regex.program.capture_locations();
    let mut out = Vec::with_capacity(all.len());
    let (mut last, mut at) = (0, 0);
    while at <= seen.text.len() {
        let Some((start, end)) = regex.find(&seen, at) else { break };
        out.extend_from_slice(&all[seen.original(last)..seen.original(start)]);
        if end > last || start == 0 {
            if literal {
                out.extend_from_slice(replacement);
            } else {
                // the same match, with its groups
                regex.program.captures_read_at(&mut locations, &seen.text, at.max(start));
                expand(&mut out, replacement, regex, &locations, |from, to| {
                    &all[seen.original(from)..seen.original(to)]
                });
            }
        }
        charge_text(context, Some(out.len()))?;
        last = end;
        at = if seen.after(at) > end { seen.after(at) } else { end };
    }
    out.extend_from_slice(&all[seen.original(last)..]);
    charge_text(context, Some(out.len()))?;
    Ok(with(context, whole(context, &args[1], out), How::Operand, [&args[0], &args[2]]))
}

/// Appends a replacement: `$1`, `${1}`, `$name` and `${name}` stand for groups, `$$` for `$`.
fn expand<'t>(
    out: &mut Vec<u8>,
    replacement: &[u8],
    regex: &Regex,
    groups: &CaptureLocations,
    part: impl Fn(usize, usize) -> &'t [u8],
) {
    let mut rest = replacement;
    while let Some(at) = memchr::memchr(b'$', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        if let [b'$', behind @ ..] = rest {
            out.push(b'$');
            rest = behind;
            continue;
        }
        let Some((name, behind)) = group_name(rest) else {
            out.push(b'$');
            continue;
        };
        rest = behind;
        let group = match number(name) {
            Some(number) => groups.get(number),
            None => {
                let named = regex.names.iter().enumerate().filter(|(_, known)| *known == name);
                named.into_iter().find_map(|(i, _)| groups.get(i + 1))
            }
        };
        if let Some((from, to)) = group {
            out.extend_from_slice(part(from, to));
        }
    }
    out.extend_from_slice(rest);
}

/// The name of a group at the beginning, and what is behind it.
fn group_name(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (braced, text) = match text {
        [b'{', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let is_name = |c: char| c == '_' || is_letter(c) || is_digit(c);
    let end = chars(text).find(|(_, _, c)| !is_name(*c)).map_or(text.len(), |(at, _, _)| at);
    let (name, rest) = text.split_at(end);
    match rest {
        _ if name.is_empty() => None,
        [b'}', rest @ ..] if braced => Some((name, rest)),
        _ if braced => None,
        _ => Some((name, rest)),
    }
}

/// A number without leading zeros.
fn number(name: &[u8]) -> Option<usize> {
    if name.len() > 1 && name[0] == b'0' || name.len() > 9 {
        return None;
    }
    std::str::from_utf8(name)
        .ok()
        .filter(|n| n.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|n| n.parse().ok())
}

fn quote_meta(all: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(all.len() * 2);
    for byte in all {
        if b"\\.+*?()|[]{}^$".contains(byte) {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out
}
