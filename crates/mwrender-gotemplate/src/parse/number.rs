//! Constants: one spelling, several kinds that can hold it.

use super::Parser;
use crate::ast::{Ideal, Number};
use crate::error::Error;
use crate::go::float::parse_float;
use crate::go::integer::{parse_int, parse_uint};
use crate::go::quote::{quoted, unquote_char};
use crate::lex::{Kind, Token};
use crate::source::Span;

impl Parser<'_> {
    pub(super) fn number(&self, token: Token) -> Result<Number, Error> {
        let text = self.text(token);
        match token.kind {
            Kind::CharConstant => self.character(token.span, text),
            Kind::Complex => match complex(text) {
                Ok((re, im)) => Ok(from_complex(token.span, re, im)),
                Err(message) => Err(self.fail(message)),
            },
            _ => {
                if let Some(imaginary) = text.strip_suffix(b"i").and_then(|t| parse_float(t).ok()) {
                    return Ok(from_complex(token.span, 0.0, imaginary));
                }
                self.real(token.span, text)
            }
        }
    }

    fn character(&self, span: Span, text: &[u8]) -> Result<Number, Error> {
        let Some((value, _, width)) = unquote_char(&text[1..], b'\'') else {
            return Err(self.fail("invalid syntax"));
        };
        if &text[1 + width..] != b"'" {
            let text = String::from_utf8_lossy(text);
            return Err(self.fail(format!("malformed character constant: {text}")));
        }
        Ok(Number {
            span,
            int: Some(i64::from(value)),
            uint: Some(u64::from(value)),
            float: Some(f64::from(value)),
            complex: None,
            ideal: Ideal::Int,
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "an integer constant used as a float is rounded")]
    fn real(&self, span: Span, text: &[u8]) -> Result<Number, Error> {
        let int = parse_int(text);
        let mut number =
            Number { span, int, uint: parse_uint(text), float: None, complex: None, ideal: Ideal::Int };
        if int == Some(0) {
            number.uint = Some(0);
        }
        let fractional = text.iter().any(|b| b".eEpP".contains(b));
        if let Some(int) = number.int {
            number.float = Some(int as f64);
        } else if let Some(uint) = number.uint {
            number.float = Some(uint as f64);
        } else if let Ok(float) = parse_float(text) {
            if !fractional {
                return Err(self.fail(format!("integer overflow: {}", quoted(text))));
            }
            number.float = Some(float);
            number.int = exact_int(float);
            number.uint = exact_uint(float);
        } else {
            return Err(self.fail(format!("illegal number syntax: {}", quoted(text))));
        }
        let hex = text.len() > 2
            && text[0] == b'0'
            && matches!(text[1], b'x' | b'X')
            && !text.iter().any(|b| b"pP".contains(b));
        number.ideal = match number {
            _ if fractional && !hex => Ideal::Float,
            Number { int: Some(_), .. } => Ideal::Int,
            _ => Ideal::Overflow,
        };
        Ok(number)
    }
}

/// `1+2i`, read as `fmt.Sscan` reads it.
fn complex(text: &[u8]) -> Result<(f64, f64), String> {
    let split = float_token(text);
    let imaginary = &text[split..];
    let end = match imaginary.first() {
        Some(b'+' | b'-') => 1 + float_token(&imaginary[1..]),
        _ => imaginary.len(),
    };
    if imaginary.get(end) != Some(&b'i') {
        return Err("syntax error scanning complex number".to_owned());
    }
    let part = |text: &[u8]| {
        parse_float(text).map_err(|e| format!("strconv.ParseFloat: parsing {}: {}", quoted(text), e.text()))
    };
    Ok((part(&text[..split])?, part(&imaginary[..end])?))
}

/// How many bytes `fmt.Sscan` takes for a float, whether they are one or not.
fn float_token(text: &[u8]) -> usize {
    const DECIMAL: &[u8] = b"0123456789_";
    let mut at = 0;
    let mut accept = |set: &[u8]| {
        let found = text.get(at).is_some_and(|b| set.contains(b));
        at += usize::from(found);
        found
    };
    accept(b"+-");
    // the start of "inf", which the lexer lets nothing but an `i` be
    accept(b"iI");
    let (mut digits, mut exponent) = (DECIMAL, &b"eEpP"[..]);
    if accept(b"0") && accept(b"xX") {
        (digits, exponent) = (b"0123456789aAbBcCdDeEfF_", b"pP");
    }
    while accept(digits) {}
    if accept(b".") {
        while accept(digits) {}
    }
    if accept(exponent) {
        accept(b"+-");
        while accept(DECIMAL) {}
    }
    at
}

fn from_complex(span: Span, re: f64, im: f64) -> Number {
    let float = (im == 0.0).then_some(re);
    Number {
        span,
        int: float.and_then(exact_int),
        uint: float.and_then(exact_uint),
        float,
        complex: Some((re, im)),
        ideal: Ideal::Complex,
    }
}

/// The integer that a float is, if it is one.
#[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "compared with what it came from")]
fn exact_int(float: f64) -> Option<i64> {
    let int = float as i64;
    (int as f64 == float && int != i64::MAX).then_some(int)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "compared with what it came from"
)]
fn exact_uint(float: f64) -> Option<u64> {
    let uint = float as u64;
    (uint as f64 == float && uint != u64::MAX).then_some(uint)
}
