//! Strings: trimming, cutting, replacing, indenting. What is left of a string keeps its pieces.

use std::ops::Range;

use mwrender_gotemplate::{Context, Failure, Funcs, How, Kind, Tracks, Value};

use super::args::{Out, add_all, bytes, charge_text, int, with};
use super::chars;

pub(super) fn add(funcs: &mut Funcs) {
    let one = "func(string) string";
    let two = "func(string, string) string";
    add_all(
        funcs,
        Tracks::Own,
        one,
        &[
            ("trim", |c, a| Ok(cut(c, &a[0], space(bytes(&a[0])), Cut::Ends))),
            ("upper", |c, a| Ok(mapped(c, &a[0], |b| cased(b, u8::to_ascii_uppercase, chars::upper)))),
            ("lower", |c, a| Ok(mapped(c, &a[0], |b| cased(b, u8::to_ascii_lowercase, chars::lower)))),
            ("title", |c, a| Ok(whole(c, &a[0], title(bytes(&a[0]))))),
            ("untitle", |c, a| Ok(whole(c, &a[0], untitle(bytes(&a[0]))))),
            ("swapcase", |c, a| Ok(whole(c, &a[0], swap_case(bytes(&a[0]))))),
            ("nospace", |c, a| Ok(whole(c, &a[0], without_space(bytes(&a[0]))))),
        ],
    );
    add_all(
        funcs,
        Tracks::Own,
        two,
        &[
            ("trimAll", trim_all),
            ("trimall", trim_all),
            ("trimPrefix", trim_prefix),
            ("trimSuffix", trim_suffix),
        ],
    );
    add_all(funcs, Tracks::Own, "func(string, string, string) string", &[("replace", replace)]);
    add_all(
        funcs,
        Tracks::Own,
        "func(int, string) string",
        &[
            ("trunc", trunc),
            ("repeat", repeat),
            ("indent", |c, a| indent(c, a, b"")),
            ("nindent", |c, a| indent(c, a, b"\n")),
        ],
    );
    add_all(funcs, Tracks::Own, "func(int, int, string) string", &[("substr", substr)]);
    add_all(
        funcs,
        Tracks::Operands,
        "func(string, string) bool",
        &[
            ("contains", |_, a| Ok(Value::from(memchr::memmem::find(bytes(&a[1]), bytes(&a[0])).is_some()))),
            ("hasPrefix", |_, a| Ok(Value::from(bytes(&a[1]).starts_with(bytes(&a[0]))))),
            ("hasSuffix", |_, a| Ok(Value::from(bytes(&a[1]).ends_with(bytes(&a[0]))))),
        ],
    );
}

/// A string made from all of another one.
pub(super) fn whole(context: &Context<'_>, value: &Value, made: Vec<u8>) -> Value {
    if !context.tracks() {
        return Value::from(made);
    }
    let mut text = context.text();
    text.push_instead(&made, value, &(0..bytes(value).len()));
    text.finish()
}

/// What decided where a string was cut.
#[derive(Clone, Copy, PartialEq)]
enum Cut {
    /// What was cut off.
    Ends,
    /// Bytes were counted from the beginning.
    FromStart,
    /// Bytes were counted from the end.
    FromEnd,
}

/// A part of a string.
fn cut(context: &Context<'_>, value: &Value, range: Range<usize>, cut: Cut) -> Value {
    let all = bytes(value);
    let whole = range.len() == all.len();
    let Kind::Text(_) = value.kind() else {
        return if whole { value.clone() } else { Value::string(&all[range]).with_origin(value.origin()) };
    };
    let mut text = context.text();
    // what was counted is on the same line, unless there are several: then it decides which lines are left
    if cut != Cut::Ends && all.contains(&b'\n') {
        let counted = if cut == Cut::FromStart { 0..range.end } else { range.start..all.len() };
        text.push_instead(&all[range], value, &counted);
        return text.finish();
    }
    if whole {
        return value.clone();
    }
    if range.start > 0 && cut != Cut::FromEnd {
        text.push_instead(b"", value, &(0..range.start));
    }
    text.push_part(value, range.clone());
    if range.end < all.len() && cut != Cut::FromStart {
        text.push_instead(b"", value, &(range.end..all.len()));
    }
    text.finish()
}

/// Each piece through a function that maps characters one by one.
fn mapped(context: &Context<'_>, value: &Value, map: impl Fn(&[u8]) -> Vec<u8>) -> Value {
    let all = bytes(value);
    let Kind::Text(pieces) = value.kind() else {
        return Value::from(map(all)).with_origin(value.origin());
    };
    let splits_none = |at: usize| at == all.len() || all[at] < 0x80 || all[at] >= 0xC0;
    if !pieces.pieces().iter().all(|piece| splits_none(piece.range().start)) {
        return whole(context, value, map(all));
    }
    let mut text = context.text();
    for piece in pieces.pieces() {
        text.push_instead(&map(&all[piece.range()]), value, &piece.range());
    }
    text.finish()
}

fn cased(all: &[u8], ascii: fn(&u8) -> u8, any: fn(char) -> char) -> Vec<u8> {
    if all.is_ascii() { all.iter().map(ascii).collect() } else { chars::map(all, any) }
}

/// What is left without the characters at the ends that are not wanted.
fn trimmed(all: &[u8], unwanted: impl Fn(char) -> bool) -> Range<usize> {
    let (mut start, mut end) = (0, all.len());
    while start < end {
        let (c, width) = chars::first(&all[start..end]);
        if !unwanted(c) {
            break;
        }
        start += width;
    }
    while start < end {
        let (c, width) = chars::last(&all[start..end]);
        if !unwanted(c) {
            break;
        }
        end -= width;
    }
    start..end
}

fn space(all: &[u8]) -> Range<usize> {
    trimmed(all, char::is_whitespace)
}

fn trim_all(context: &mut Context<'_>, args: &[Value]) -> Out {
    let set: Vec<char> = chars::chars(bytes(&args[0])).map(|(_, _, c)| c).collect();
    let range = trimmed(bytes(&args[1]), |c| set.contains(&c));
    Ok(with(context, cut(context, &args[1], range, Cut::Ends), How::Operand, &args[..1]))
}

fn trim_prefix(context: &mut Context<'_>, args: &[Value]) -> Out {
    let all = bytes(&args[1]);
    let start = if all.starts_with(bytes(&args[0])) { bytes(&args[0]).len() } else { 0 };
    Ok(with(context, cut(context, &args[1], start..all.len(), Cut::Ends), How::Operand, &args[..1]))
}

fn trim_suffix(context: &mut Context<'_>, args: &[Value]) -> Out {
    let all = bytes(&args[1]);
    let cut_off = if all.ends_with(bytes(&args[0])) { bytes(&args[0]).len() } else { 0 };
    Ok(with(context, cut(context, &args[1], 0..all.len() - cut_off, Cut::Ends), How::Operand, &args[..1]))
}

fn trunc(context: &mut Context<'_>, args: &[Value]) -> Out {
    let (count, length) = (int(&args[0]), bytes(&args[1]).len());
    let wanted = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    let (range, side) = match count {
        0.. => (0..wanted.min(length), Cut::FromStart),
        _ => (length - wanted.min(length)..length, Cut::FromEnd),
    };
    Ok(with(context, cut(context, &args[1], range, side), How::Operand, &args[..1]))
}

fn substr(context: &mut Context<'_>, args: &[Value]) -> Out {
    let (start, end, length) = (int(&args[0]), int(&args[1]), bytes(&args[2]).len());
    let failed = |text: String| Failure::from(format!("runtime error: slice bounds out of range {text}"));
    let at = |index: i64| usize::try_from(index).ok().filter(|i| *i <= length);
    let range = if start < 0 {
        let past = if end < 0 { format!("[:{end}]") } else { format!("[:{end}] with length {length}") };
        0..at(end).ok_or_else(|| failed(past))?
    } else if end < 0 || at(end).is_none() {
        at(start).ok_or_else(|| failed(format!("[{start}:{length}]")))?..length
    } else {
        let to = at(end).unwrap_or(length);
        let from = at(start).filter(|from| *from <= to);
        from.ok_or_else(|| failed(format!("[{start}:{end}]")))?..to
    };
    Ok(with(context, cut(context, &args[2], range, Cut::FromStart), How::Operand, &args[..2]))
}

fn repeat(context: &mut Context<'_>, args: &[Value]) -> Out {
    let count = int(&args[0]);
    let Ok(count) = usize::try_from(count) else { return Err("strings: negative Repeat count".into()) };
    let all = bytes(&args[1]);
    charge_text(context, all.len().checked_mul(count))?;
    let made = if !context.tracks() {
        Value::from(all.repeat(count))
    } else if all.is_empty() || count == 0 {
        whole(context, &args[1], Vec::new())
    } else {
        let mut text = context.text();
        for _ in 0..count {
            text.push_value(&args[1]);
        }
        text.finish()
    };
    Ok(with(context, made, How::Operand, &args[..1]))
}

fn indent(context: &mut Context<'_>, args: &[Value], before: &[u8]) -> Out {
    let Ok(width) = usize::try_from(int(&args[0])) else {
        return Err("strings: negative Repeat count".into());
    };
    let all = bytes(&args[1]);
    let lines = memchr::memchr_iter(b'\n', all).count() + 1;
    let length = lines.checked_mul(width).and_then(|l| l.checked_add(all.len() + before.len()));
    charge_text(context, length)?;
    let pad = vec![b' '; width];
    let mut starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', all).map(|at| at + 1)).peekable();
    if !context.tracks() {
        let mut out = Vec::with_capacity(length.unwrap_or_default());
        out.extend_from_slice(before);
        while let Some(start) = starts.next() {
            out.extend_from_slice(&pad);
            out.extend_from_slice(&all[start..starts.peek().copied().unwrap_or(all.len())]);
        }
        return Ok(Value::from(out));
    }
    let mut text = context.text();
    text.push(before, mwrender_gotemplate::Origin::NONE);
    while let Some(start) = starts.next() {
        // it is there because the line is, which begins with the next byte
        text.push_instead(&pad, &args[1], &(start..all.len().min(start + 1)));
        text.push_part(&args[1], start..starts.peek().copied().unwrap_or(all.len()));
    }
    Ok(with(context, text.finish(), How::Operand, &args[..1]))
}

/// Where `old` stands in `all`: for an empty one, before each character and at the end.
fn places(old: &[u8], all: &[u8]) -> Vec<usize> {
    if old.is_empty() {
        return chars::chars(all).map(|(at, _, _)| at).chain([all.len()]).collect();
    }
    memchr::memmem::find_iter(all, old).collect()
}

fn replace(context: &mut Context<'_>, args: &[Value]) -> Out {
    let (old, new, all) = (bytes(&args[0]), bytes(&args[1]), bytes(&args[2]));
    let places = if old == new { Vec::new() } else { places(old, all) };
    if places.is_empty() {
        return Ok(with(context, args[2].clone(), How::Operand, &args[..1]));
    }
    let added = places.len().checked_mul(new.len());
    charge_text(context, added.and_then(|a| a.checked_add(all.len())))?;
    let mut at = 0;
    if !context.tracks() {
        let mut out = Vec::with_capacity(
            (all.len() + places.len() * new.len()).saturating_sub(places.len() * old.len()),
        );
        for place in places {
            out.extend_from_slice(&all[at..place]);
            out.extend_from_slice(new);
            at = place + old.len();
        }
        out.extend_from_slice(&all[at..]);
        return Ok(Value::from(out));
    }
    let mut text = context.text();
    for place in places {
        if place > at {
            text.push_part(&args[2], at..place);
        }
        at = place + old.len();
        text.push_instead(new, &args[2], &(place..at));
    }
    if at < all.len() {
        text.push_part(&args[2], at..all.len());
    }
    Ok(with(context, text.finish(), How::Operand, &args[..2]))
}

/// Go's `strings.Title`: the first letter of each word in its title case.
fn title(all: &[u8]) -> Vec<u8> {
    let mut previous = ' ';
    chars::map(all, |c| {
        let made = if separates(previous) { chars::title(c) } else { c };
        previous = c;
        made
    })
}

fn separates(c: char) -> bool {
    if c.is_ascii() {
        return !(c.is_ascii_alphanumeric() || c == '_');
    }
    !(chars::is_letter(c) || chars::is_digit(c)) && c.is_whitespace()
}

fn untitle(all: &[u8]) -> Vec<u8> {
    let mut first = true;
    chars::map(all, |c| {
        if c.is_whitespace() {
            first = true;
            return c;
        }
        if std::mem::take(&mut first) { chars::lower(c) } else { c }
    })
}

/// Upper case to lower, lower to upper, and to title case behind space.
fn swap_case(all: &[u8]) -> Vec<u8> {
    let mut first = true;
    chars::map(all, |c| {
        if chars::is_upper(c) || chars::is_title(c) {
            first = false;
            chars::lower(c)
        } else if chars::is_lower(c) {
            if std::mem::take(&mut first) { chars::title(c) } else { chars::upper(c) }
        } else {
            first = c.is_whitespace();
            c
        }
    })
}

/// Taken byte by byte, as the Go library does: if there is any space, other characters than ASCII break.
fn without_space(all: &[u8]) -> Vec<u8> {
    let kept: String = all.iter().map(|b| char::from(*b)).filter(|c| !c.is_whitespace()).collect();
    if kept.chars().count() == all.len() { all.to_vec() } else { kept.into_bytes() }
}
