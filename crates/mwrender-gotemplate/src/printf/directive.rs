//! Reading the format of `printf`.

use super::{Flags, Printer, type_name};
use crate::go::unicode::{decode, push};
use crate::value::{Kind, Value};

/// The largest width and precision that Go accepts.
const LARGEST: usize = 1_000_000;

/// Where the next argument is, and what has been seen of explicit indexes.
struct Cursor {
    arg: usize,
    reordered: bool,
    good: bool,
    /// The item before was an index such as `[3]`.
    after_index: bool,
}

impl Printer {
    pub(super) fn directives(&mut self, format: &[u8], args: &[Value]) {
        let mut at = 0;
        let mut cursor = Cursor { arg: 0, reordered: false, good: true, after_index: false };
        while at < format.len() {
            let text = memchr::memchr(b'%', &format[at..]).map_or(format.len(), |i| at + i);
            self.out.extend_from_slice(&format[at..text]);
            if text == format.len() {
                break;
            }
            let first = cursor.arg;
            let start = self.out.len();
            at = self.directive(format, text + 1, args, &mut cursor);
            let (first, last) =
                if cursor.reordered { (0, args.len()) } else { (first, cursor.arg.min(args.len())) };
            if first < last {
                self.made.push(super::Made { start, end: self.out.len(), first, last });
            }
        }
        if !cursor.reordered && cursor.arg < args.len() {
            let start = self.out.len();
            self.extra(&args[cursor.arg..]);
            self.made.push(super::Made { start, end: self.out.len(), first: cursor.arg, last: args.len() });
        }
    }

    fn extra(&mut self, args: &[Value]) {
        self.flags = Flags::default();
        self.out.extend_from_slice(b"%!(EXTRA ");
        for (i, arg) in args.iter().enumerate() {
            if i > 0 {
                self.out.extend_from_slice(b", ");
            }
            self.out.extend_from_slice(type_name(arg).as_bytes());
            if !arg.is_nil() {
                self.out.push(b'=');
                self.print_arg(arg, 'v');
            }
        }
        self.out.push(b')');
    }

    /// One directive from behind its `%`; returns where it ends.
    fn directive(&mut self, format: &[u8], mut at: usize, args: &[Value], cursor: &mut Cursor) -> usize {
        cursor.good = true;
        self.flags = Flags::default();
        while let Some(&c) = format.get(at) {
            match c {
                b'#' => self.flags.sharp = true,
                b'0' => self.flags.zero = true,
                b'+' => self.flags.plus = true,
                b'-' => self.flags.minus = true,
                b' ' => self.flags.space = true,
                b'a'..=b'z' if cursor.arg < args.len() => {
                    // the directive is as simple as most are
                    self.argument(args, cursor, char::from(c));
                    return at + 1;
                }
                _ => break,
            }
            at += 1;
        }
        at = cursor.index(format, at, args.len());
        at = self.width(format, at, args, cursor);
        at = self.precision(format, at, args, cursor);
        if !cursor.after_index {
            at = cursor.index(format, at, args.len());
        }
        if at >= format.len() {
            self.out.extend_from_slice(b"%!(NOVERB)");
            return at;
        }
        let (verb, size) = decode(&format[at..]);
        match verb {
            '%' => self.out.push(b'%'),
            _ if !cursor.good => self.bad(verb, b"(BADINDEX)"),
            _ if cursor.arg >= args.len() => self.bad(verb, b"(MISSING)"),
            _ => self.argument(args, cursor, verb),
        }
        at + size
    }

    fn bad(&mut self, verb: char, what: &[u8]) {
        self.out.extend_from_slice(b"%!");
        push(&mut self.out, verb);
        self.out.extend_from_slice(what);
    }

    fn argument(&mut self, args: &[Value], cursor: &mut Cursor, verb: char) {
        if matches!(verb, 'v' | 'w') {
            self.flags.sharp_v = std::mem::take(&mut self.flags.sharp);
            self.flags.plus_v = std::mem::take(&mut self.flags.plus);
        }
        self.print_arg(&args[cursor.arg], verb);
        cursor.arg += 1;
    }

    fn width(&mut self, format: &[u8], at: usize, args: &[Value], cursor: &mut Cursor) -> usize {
        if format.get(at) == Some(&b'*') {
            match cursor.number(args) {
                Some(width) => {
                    self.flags.width = Some(width.unsigned_abs());
                    if width < 0 {
                        self.flags.minus = true;
                        self.flags.zero = false;
                    }
                }
                None => self.out.extend_from_slice(b"%!(BADWIDTH)"),
            }
            cursor.after_index = false;
            return at + 1;
        }
        let (width, at) = parse_number(format, at, format.len());
        self.flags.width = width;
        if cursor.after_index && width.is_some() {
            cursor.good = false;
        }
        at
    }

    fn precision(&mut self, format: &[u8], at: usize, args: &[Value], cursor: &mut Cursor) -> usize {
        if at + 1 >= format.len() || format[at] != b'.' {
            return at;
        }
        if cursor.after_index {
            cursor.good = false;
        }
        let at = cursor.index(format, at + 1, args.len());
        if format.get(at) == Some(&b'*') {
            let number = cursor.number(args);
            self.flags.precision = number.and_then(|n| usize::try_from(n).ok());
            if self.flags.precision.is_none() {
                self.out.extend_from_slice(b"%!(BADPREC)");
            }
            cursor.after_index = false;
            return at + 1;
        }
        let (precision, at) = parse_number(format, at, format.len());
        self.flags.precision = Some(precision.unwrap_or(0));
        at
    }
}

impl Cursor {
    /// An explicit index `[n]`, if there is one.
    fn index(&mut self, format: &[u8], at: usize, args: usize) -> usize {
        self.after_index = false;
        if format.get(at) != Some(&b'[') {
            return at;
        }
        self.reordered = true;
        let close = match memchr::memchr(b']', &format[at + 1..]) {
            Some(i) if format.len() - at >= 3 => at + 1 + i,
            _ => {
                self.good = false;
                return at + 1;
            }
        };
        let (number, end) = parse_number(format, at + 1, close);
        match number.filter(|_| end == close) {
            Some(n) if n >= 1 && n <= args => {
                self.arg = n - 1;
                self.after_index = true;
            }
            Some(_) => {
                self.good = false;
                self.after_index = true;
            }
            None => self.good = false,
        }
        close + 1
    }

    /// The integer argument of a `*`.
    fn number(&mut self, args: &[Value]) -> Option<isize> {
        let arg = args.get(self.arg)?;
        self.arg += 1;
        let number = match arg.kind() {
            Kind::Int(i, _) => isize::try_from(*i).ok()?,
            Kind::Uint(u, _) => isize::try_from(*u).ok()?,
            _ => return None,
        };
        (number.unsigned_abs() <= LARGEST).then_some(number)
    }
}

/// A decimal number in `format[at..end]` and where it ends; a number that is too large ends everything.
fn parse_number(format: &[u8], at: usize, end: usize) -> (Option<usize>, usize) {
    let mut number = None;
    let mut i = at;
    while i < end && format[i].is_ascii_digit() {
        let so_far = number.unwrap_or(0);
        if so_far > LARGEST {
            return (None, end);
        }
        number = Some(so_far * 10 + usize::from(format[i] - b'0'));
        i += 1;
    }
    (number, i)
}
