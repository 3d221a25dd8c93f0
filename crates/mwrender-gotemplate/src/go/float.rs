//! Floating point numbers: `strconv.ParseFloat` and `strconv.FormatFloat`.

use super::integer::underscores_ok;

/// Why a text is no float, in Go's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatError {
    /// It does not look like one.
    Syntax,
    /// It is too large.
    Range,
}

impl FloatError {
    pub(crate) fn text(self) -> &'static str {
        match self {
            FloatError::Syntax => "invalid syntax",
            FloatError::Range => "value out of range",
        }
    }
}

/// A float in Go's syntax, also hexadecimal; infinity and NaN are none.
pub fn parse_float(text: &[u8]) -> Result<f64, FloatError> {
    match magnitude(text).ok_or(FloatError::Syntax)? {
        float if float.is_infinite() => Err(FloatError::Range),
        float => Ok(float),
    }
}

/// The same, infinite where it is out of range.
fn magnitude(text: &[u8]) -> Option<f64> {
    let digits: Vec<u8> = if text.contains(&b'_') {
        if !underscores_ok(text) {
            return None;
        }
        text.iter().copied().filter(|&b| b != b'_').collect()
    } else {
        text.to_vec()
    };
    let (negative, unsigned) = match digits.as_slice() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    let value = match unsigned {
        [b'0', b'x' | b'X', rest @ ..] => parse_hex(rest)?,
        _ if unsigned.first().is_some_and(|b| b.is_ascii_digit() || *b == b'.') => {
            std::str::from_utf8(unsigned).ok()?.parse::<f64>().ok()?
        }
        _ => return None,
    };
    Some(if negative { -value } else { value })
}

/// The part after `0x` of a hexadecimal float, whose exponent must be there.
fn parse_hex(text: &[u8]) -> Option<f64> {
    let split = text.iter().position(|b| matches!(b, b'p' | b'P'))?;
    let exponent: i64 = std::str::from_utf8(&text[split + 1..]).ok()?.parse().ok()?;
    let mut exponent = exponent.clamp(-100_000, 100_000);
    let (mut mantissa, mut any, mut point, mut sticky) = (0u64, false, false, false);
    for &b in &text[..split] {
        if b == b'.' {
            if point {
                return None;
            }
            point = true;
            continue;
        }
        let digit = u64::from(char::from(b).to_digit(16)?);
        any = true;
        if mantissa >> 58 == 0 {
            mantissa = mantissa * 16 + digit;
            exponent -= if point { 4 } else { 0 };
        } else {
            sticky |= digit != 0;
            exponent += if point { 0 } else { 4 };
        }
    }
    if !any {
        return None;
    }
    Some(assemble(mantissa | u64::from(sticky), exponent))
}

/// `mantissa * 2^exponent`, rounded to even once.
fn assemble(mantissa: u64, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let top = i64::from(mantissa.ilog2()) + exponent;
    if top > 1023 {
        return f64::INFINITY;
    }
    if top < -1075 {
        return 0.0;
    }
    // the weight of the last bit that a float of this size keeps
    let last = (top - 52).max(-1074);
    let drop = last - exponent;
    let kept = if drop <= 0 {
        u128::from(mantissa) << (-drop)
    } else if drop > 64 {
        0
    } else {
        let wide = u128::from(mantissa);
        let (whole, rest, half) = (wide >> drop, wide & ((1 << drop) - 1), 1u128 << (drop - 1));
        whole + u128::from(rest > half || rest == half && whole & 1 == 1)
    };
    #[expect(clippy::cast_precision_loss, reason = "at most 2^53")]
    let kept = kept as f64;
    // two steps, each exact, since 2^-1074 is no normal number
    let half = i32::try_from(last / 2).unwrap_or(0);
    let other = i32::try_from(last - last / 2).unwrap_or(0);
    kept * 2f64.powi(half) * 2f64.powi(other)
}

/// Behind so many digits a float has only zeros.
const MOST: usize = 1100;

/// The decimal digits of a finite number and the place of its point: 0.`digits` * 10^`point`.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

/// The digits of `value`: the fewest that read back as it, or `count` (at least 1) rounded ones.
fn digits_of(value: f64, count: Option<usize>) -> Digits {
    let text = match count {
        None => shortest(value),
        Some(n) => format!("{value:.*e}", n.saturating_sub(1).min(MOST)),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    digits.resize(digits.len().max(count.unwrap_or(0)), b'0');
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value == 0.0 {
        return Digits { digits: if count.is_some() { digits } else { vec![b'0'] }, point: 1 };
    }
    Digits { digits, point: exponent + 1 }
}

/// The fewest digits that read back as the value; of two equally short ones the closer, of two equally close
/// ones the even.
fn shortest(value: f64) -> String {
    let text = format!("{value:e}");
    let digits = text.bytes().take_while(|b| *b != b'e').filter(u8::is_ascii_digit).count();
    // below 16 digits there is but one
    if digits < 16 {
        return text;
    }
    let rounded = format!("{value:.*e}", digits - 1);
    if rounded.parse() == Ok(value) { rounded } else { text }
}

/// Appends a number in one of Go's formats (`e E f g G b x X`), with `precision` or the shortest digits.
pub(crate) fn format_into(out: &mut Vec<u8>, value: f64, format: u8, precision: Option<usize>) {
    if value.is_nan() {
        return out.extend_from_slice(b"NaN");
    }
    if value.is_infinite() {
        return out.extend_from_slice(if value < 0.0 { b"-Inf" } else { b"+Inf" });
    }
    if value.is_sign_negative() {
        out.push(b'-');
    }
    let value = value.abs();
    match format {
        b'f' => fixed(out, value, precision),
        b'e' | b'E' => {
            let digits = digits_of(value, precision.map(|p| p + 1));
            exponential(out, &digits, format);
        }
        b'b' => binary(out, value),
        b'x' | b'X' => hexadecimal(out, value, format, precision),
        _ => general(out, value, format, precision),
    }
}

fn fixed(out: &mut Vec<u8>, value: f64, precision: Option<usize>) {
    match precision {
        Some(p) => {
            out.extend_from_slice(format!("{value:.*}", p.min(MOST)).as_bytes());
            out.resize(out.len() + p.saturating_sub(MOST), b'0');
        }
        None => out.extend_from_slice(format!("{value}").as_bytes()),
    }
}

fn exponential(out: &mut Vec<u8>, digits: &Digits, letter: u8) {
    out.push(digits.digits[0]);
    if digits.digits.len() > 1 {
        out.push(b'.');
        out.extend_from_slice(&digits.digits[1..]);
    }
    out.push(letter);
    let zero = digits.digits.iter().all(|&d| d == b'0');
    let exponent = if zero { 0 } else { digits.point - 1 };
    out.push(if exponent < 0 { b'-' } else { b'+' });
    out.extend_from_slice(format!("{:02}", exponent.unsigned_abs()).as_bytes());
}

/// `%e` for small and large exponents, `%f` otherwise; with the shortest digits an exponent of 6 is large, as in Go.
fn general(out: &mut Vec<u8>, value: f64, format: u8, precision: Option<usize>) {
    let mut digits = digits_of(value, precision.map(|p| p.max(1)));
    let zero = digits.digits.iter().all(|&d| d == b'0');
    while digits.digits.len() > 1 && digits.digits.last() == Some(&b'0') {
        digits.digits.pop();
    }
    if zero {
        digits.digits = vec![b'0'];
        digits.point = 1;
    }
    let kept = i32::try_from(digits.digits.len()).unwrap_or(i32::MAX);
    let limit = match precision {
        None => 6,
        Some(p) => {
            let p = i32::try_from(p.max(1)).unwrap_or(i32::MAX);
            if p > kept && kept >= digits.point { kept } else { p }
        }
    };
    let exponent = if zero { 0 } else { digits.point - 1 };
    if exponent < -4 || exponent >= limit {
        return exponential(out, &digits, format + b'e' - b'g');
    }
    let point = digits.point;
    if point <= 0 {
        out.extend_from_slice(b"0.");
        out.resize(out.len() + usize::try_from(-point).unwrap_or(0), b'0');
        out.extend_from_slice(&digits.digits);
        return;
    }
    let point = usize::try_from(point).unwrap_or(0);
    let whole = digits.digits.len().min(point);
    out.extend_from_slice(&digits.digits[..whole]);
    out.resize(out.len() + (point - whole), b'0');
    if digits.digits.len() > point {
        out.push(b'.');
        out.extend_from_slice(&digits.digits[point..]);
    }
}

/// The bits of a positive number: its integer mantissa and the power of two.
fn parts(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let exponent = i32::try_from(bits >> 52 & 0x7ff).unwrap_or(0);
    let mantissa = bits & ((1 << 52) - 1);
    if exponent == 0 { (mantissa, -1074) } else { (mantissa | 1 << 52, exponent - 1075) }
}

fn binary(out: &mut Vec<u8>, value: f64) {
    let (mantissa, exponent) = parts(value);
    out.extend_from_slice(format!("{mantissa}p{exponent:+}").as_bytes());
}

fn hexadecimal(out: &mut Vec<u8>, value: f64, format: u8, precision: Option<usize>) {
    let (mut mantissa, mut exponent) = parts(value);
    if mantissa == 0 {
        exponent = 0;
    } else {
        exponent += 52;
        mantissa <<= 8;
        while mantissa & 1 << 60 == 0 {
            mantissa <<= 1;
            exponent -= 1;
        }
    }
    if let Some(p) = precision.filter(|p| *p < 15) {
        let shift = 4 * p;
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if extra | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & 1 << 61 != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let mut digits = String::new();
    let mut rest = mantissa << 4;
    match precision {
        None => {
            while rest != 0 {
                digits.push(char::from_digit(u32::try_from(rest >> 60).unwrap_or(0), 16).unwrap_or('0'));
                rest <<= 4;
            }
        }
        Some(p) => {
            for _ in 0..p {
                digits.push(char::from_digit(u32::try_from(rest >> 60).unwrap_or(0), 16).unwrap_or('0'));
                rest <<= 4;
            }
        }
    }
    let lead = mantissa >> 60 & 1;
    let point = if digits.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    let text = format!("0x{lead}{point}{digits}p{sign}{:02}", exponent.unsigned_abs());
    let text = if format == b'X' { text.to_ascii_uppercase() } else { text };
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: f64, format: u8, precision: Option<usize>) -> String {
        let mut out = Vec::new();
        format_into(&mut out, value, format, precision);
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn general_is_shortest() {
        for (value, text) in [
            (0.0, "0"),
            (3.0, "3"),
            (123_456.789, "123456.789"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (999_999.0, "999999"),
            (1_000_000.0, "1e+06"),
            (1e21, "1e+21"),
            (-1.5, "-1.5"),
            (-688_031_124_838_038.2, "-6.880311248380382e+14"),
        ] {
            assert_eq!(shown(value, b'g', None), text);
        }
        assert_eq!(shown(1234.5678, b'g', Some(3)), "1.23e+03");
        assert_eq!(shown(100.0, b'g', Some(3)), "100");
        assert_eq!(shown(0.0, b'e', Some(2)), "0.00e+00");
        assert_eq!(shown(1.0, b'x', None), "0x1p+00");
        assert_eq!(shown(1.0, b'b', None), "4503599627370496p-52");
    }

    #[test]
    fn hexadecimal_floats_are_read() {
        assert_eq!(parse_float(b"0x1.8p3"), Ok(12.0));
        assert_eq!(parse_float(b"0x1p-1074"), Ok(5e-324));
        assert_eq!(parse_float(b"0x1p1024"), Err(FloatError::Range));
        assert_eq!(parse_float(b"0x1.8"), Err(FloatError::Syntax));
        assert_eq!(parse_float(b"1e400"), Err(FloatError::Range));
        assert_eq!(parse_float(b"1e-400"), Ok(0.0));
    }
}
