//! Numbers in all their directives.

use super::Printer;
use crate::go::float::format_into;
use crate::go::quote::quote_into;
use crate::go::unicode::{is_print, push};
use crate::value::Value;

impl Printer {
    pub(super) fn int(&mut self, value: &Value, int: i64, verb: char) {
        self.integer(value, int.unsigned_abs(), int < 0, int.cast_unsigned(), verb);
    }

    pub(super) fn uint(&mut self, value: &Value, uint: u64, verb: char) {
        if verb == 'v' && self.flags.sharp_v {
            return self.hex(uint, true);
        }
        self.integer(value, uint, false, uint, verb);
    }

    /// `0x` and digits, as for `%#v` of unsigned integers and for addresses.
    pub(super) fn hex(&mut self, value: u64, prefix: bool) {
        let sharp = std::mem::replace(&mut self.flags.sharp, prefix);
        self.digits(value, false, 16, 'v', false);
        self.flags.sharp = sharp;
    }

    fn integer(&mut self, value: &Value, magnitude: u64, negative: bool, bits: u64, verb: char) {
        match verb {
            'v' | 'd' => self.digits(magnitude, negative, 10, verb, false),
            'b' => self.digits(magnitude, negative, 2, verb, false),
            'o' | 'O' => self.digits(magnitude, negative, 8, verb, false),
            'x' => self.digits(magnitude, negative, 16, verb, false),
            'X' => self.digits(magnitude, negative, 16, verb, true),
            'c' => {
                let mut text = Vec::new();
                push(&mut text, character(bits));
                self.pad(&text);
            }
            'q' => {
                let mut character_text = Vec::new();
                push(&mut character_text, character(bits));
                let mut text = Vec::new();
                quote_into(&mut text, &character_text, b'\'', self.flags.plus);
                self.pad(&text);
            }
            'U' => self.code_point(bits),
            _ => self.bad_verb(value, verb),
        }
    }

    pub(super) fn digits(&mut self, magnitude: u64, negative: bool, base: u64, verb: char, upper: bool) {
        let flags = self.flags;
        let mut precision = 0;
        if let Some(p) = flags.precision {
            precision = p;
            if p == 0 && magnitude == 0 {
                return self.pad_without_zeros(b"");
            }
        } else if let (true, false, Some(width)) = (flags.zero, flags.minus, flags.width) {
            let sign = usize::from(negative || flags.plus || flags.space);
            precision = width.saturating_sub(sign);
        }
        // from right to left
        let mut text = Vec::with_capacity(24);
        let alphabet: &[u8; 16] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
        let mut rest = magnitude;
        loop {
            text.push(alphabet[(rest % base) as usize]);
            rest /= base;
            if rest == 0 {
                break;
            }
        }
        if text.len() < precision {
            text.resize(precision, b'0');
        }
        if flags.sharp {
            match base {
                2 => text.extend_from_slice(b"b0"),
                8 if text.last() != Some(&b'0') => text.push(b'0'),
                16 => text.extend_from_slice(if upper { b"X0" } else { b"x0" }),
                _ => {}
            }
        }
        if verb == 'O' {
            text.extend_from_slice(b"o0");
        }
        if negative {
            text.push(b'-');
        } else if flags.plus {
            text.push(b'+');
        } else if flags.space {
            text.push(b' ');
        }
        text.reverse();
        self.pad_without_zeros(&text);
    }

    fn code_point(&mut self, bits: u64) {
        let digits = self.flags.precision.filter(|p| *p > 4).unwrap_or(4);
        let code = format!("{bits:X}");
        let mut text = b"U+".to_vec();
        text.resize(2 + digits.saturating_sub(code.len()), b'0');
        text.extend_from_slice(code.as_bytes());
        if let Some(c) = u32::try_from(bits).ok().and_then(char::from_u32).filter(|c| is_print(*c))
            && self.flags.sharp
        {
            text.extend_from_slice(format!(" '{c}'").as_bytes());
        }
        self.pad_without_zeros(&text);
    }

    pub(super) fn float(&mut self, value: &Value, float: f64, verb: char) {
        let (format, precision) = match verb {
            'v' => (b'g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => (verb as u8, None),
            'f' | 'e' | 'E' => (verb as u8, Some(6)),
            'F' => (b'f', Some(6)),
            _ => return self.bad_verb(value, verb),
        };
        self.formatted_float(float, format, precision);
    }

    pub(super) fn complex(&mut self, value: &Value, (re, im): (f64, f64), verb: char) {
        if !matches!(verb, 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E') {
            return self.bad_verb(value, verb);
        }
        self.out.push(b'(');
        self.float(value, re, verb);
        let plus = std::mem::replace(&mut self.flags.plus, true);
        self.float(value, im, verb);
        self.out.extend_from_slice(b"i)");
        self.flags.plus = plus;
    }

    fn formatted_float(&mut self, float: f64, format: u8, precision: Option<usize>) {
        let flags = self.flags;
        let precision = flags.precision.or(precision);
        let mut text = Vec::with_capacity(24);
        format_into(&mut text, float, format, precision);
        if !matches!(text[0], b'-' | b'+') {
            text.insert(0, b'+');
        }
        if flags.space && text[0] == b'+' && !flags.plus {
            text[0] = b' ';
        }
        if matches!(text[1], b'I' | b'N') {
            if text[1] == b'N' && !flags.space && !flags.plus {
                text.remove(0);
            }
            return self.pad_without_zeros(&text);
        }
        if flags.sharp && format != b'b' {
            with_point(&mut text, format, precision);
        }
        if !flags.plus && text[0] == b'+' {
            return self.pad(&text[1..]);
        }
        if flags.zero && !flags.minus && flags.width.is_some_and(|w| w > text.len()) {
            self.out.push(text[0]);
            self.pad_bytes(flags.width.unwrap_or(0) - text.len());
            self.out.extend_from_slice(&text[1..]);
            return;
        }
        self.pad(&text);
    }
}

/// The character of a code, U+FFFD if there is none.
fn character(bits: u64) -> char {
    u32::try_from(bits).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The `#` flag: a decimal point always, and for some formats trailing zeros up to the precision.
fn with_point(text: &mut Vec<u8>, format: u8, precision: Option<usize>) {
    let mut digits = match format {
        b'g' | b'G' | b'x' => precision.map_or(6, |p| i64::try_from(p).unwrap_or(0)),
        _ => 0,
    };
    let hex = matches!(format, b'x' | b'X');
    let (mut tail, mut point, mut nonzero) = (Vec::new(), false, false);
    let mut i = 1;
    while i < text.len() {
        match text[i] {
            b'.' => point = true,
            b'p' | b'P' => tail = text.split_off(i),
            b'e' | b'E' if !hex => tail = text.split_off(i),
            b => {
                nonzero |= b != b'0';
                digits -= i64::from(nonzero);
            }
        }
        i += 1;
    }
    if !point {
        if text.len() == 2 && text[1] == b'0' {
            digits -= 1;
        }
        text.push(b'.');
    }
    for _ in 0..digits {
        text.push(b'0');
    }
    text.append(&mut tail);
}
