//! Abbreviating, wrapping and initials: by bytes, as the Go library goutils does it.

use memchr::memrchr;
use mwrender_gotemplate::{Context, Funcs, How, Tracks, Value};

use super::args::{Out, add_all, bytes, charge_text, int, with};
use super::strings::whole;

pub(super) fn add(funcs: &mut Funcs) {
    add_all(
        funcs,
        Tracks::Own,
        "func(string) string",
        &[("initials", |c, a| Ok(whole(c, &a[0], initials(bytes(&a[0])))))],
    );
    add_all(
        funcs,
        Tracks::Own,
        "func(int, string) string",
        &[
            ("abbrev", |c, a| {
                let made = whole(c, &a[1], abbreviated(bytes(&a[1]), 0, int(&a[0])));
                Ok(with(c, made, How::Operand, &a[..1]))
            }),
            ("wrap", |c, a| {
                let made = whole(c, &a[1], wrapped(bytes(&a[1]), int(&a[0]), b"\n", false));
                Ok(with(c, made, How::Operand, &a[..1]))
            }),
        ],
    );
    add_all(
        funcs,
        Tracks::Own,
        "func(int, int, string) string",
        &[("abbrevboth", |c, a| {
            let made = whole(c, &a[2], abbreviated(bytes(&a[2]), int(&a[0]), int(&a[1])));
            Ok(with(c, made, How::Operand, &a[..2]))
        })],
    );
    add_all(funcs, Tracks::Own, "func(int, string, string) string", &[("wrapWith", wrap_with)]);
}

fn wrap_with(context: &mut Context<'_>, args: &[Value]) -> Out {
    let (all, between) = (bytes(&args[2]), bytes(&args[1]));
    let lines = all.len() / usize::try_from(int(&args[0])).unwrap_or(1).max(1) + 1;
    charge_text(context, lines.checked_mul(between.len()).and_then(|l| l.checked_add(all.len())))?;
    let between: &[u8] = if between.is_empty() { b"\n" } else { between };
    let made = whole(context, &args[2], wrapped(all, int(&args[0]), between, true));
    Ok(with(context, made, How::Operand, &args[..2]))
}

/// A text of at most `width` bytes from `offset` on, with `...` where something is left out.
fn abbreviated(all: &[u8], offset: i64, width: i64) -> Vec<u8> {
    let length = all.len() as i64;
    if width < 4 || offset > 0 && width < 7 || length <= width {
        return all.to_vec();
    }
    let mut offset = offset.min(length);
    if length.wrapping_sub(offset) < width - 3 {
        offset = length - (width - 3);
    }
    let part = |from: i64, to: i64| &all[from.max(0) as usize..to.clamp(0, length) as usize];
    if offset <= 4 {
        return [part(0, width - 3), b"..."].concat();
    }
    if offset.saturating_add(width - 3) < length {
        return [b"...", &*abbreviated(part(offset, length), 0, width - 3)].concat();
    }
    [b"...", part(length - (width - 3), length)].concat()
}

/// Lines of at most `width` bytes; words longer than that are cut only if `long` says so.
fn wrapped(all: &[u8], width: i64, between: &[u8], long: bool) -> Vec<u8> {
    let width = usize::try_from(width).unwrap_or(1).max(1);
    let mut out = Vec::with_capacity(all.len());
    let mut at = 0;
    while all.len() - at > width {
        if all[at] == b' ' {
            at += 1;
            continue;
        }
        let end = if let Some(space) = memrchr(b' ', &all[at..=at + width]) {
            at + space
        } else if long {
            out.extend_from_slice(&all[at..at + width]);
            out.extend_from_slice(between);
            at += width;
            continue;
        } else {
            match memchr::memchr(b' ', &all[at + width..]) {
                Some(space) => at + width + space,
                None => break,
            }
        };
        out.extend_from_slice(&all[at..end]);
        out.extend_from_slice(between);
        at = end + 1;
    }
    out.extend_from_slice(&all[at..]);
    out
}

/// The first byte of each word, as a character.
fn initials(all: &[u8]) -> Vec<u8> {
    let letters = all.iter().map(|b| char::from(*b));
    let mut gap = true;
    let firsts = letters.filter(|c| {
        let first = gap && !c.is_whitespace();
        gap = c.is_whitespace();
        first
    });
    firsts.collect::<String>().into_bytes()
}
