//! Numbers as text, as Go writes them.

/// The decimal digits of a finite float and the exponent of the first one, as short as reading it back allows.
fn shortest(scientific: &str) -> (&str, String, i32) {
    let (sign, rest) = scientific.strip_prefix('-').map_or(("", scientific), |r| ("-", r));
    let (mantissa, exponent) = rest.split_once('e').unwrap_or((rest, "0"));
    (sign, mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// `d.ddde±xx`, or with one digit of the exponent where `pad` is false.
fn scientific(sign: &str, digits: &str, exponent: i32, pad: bool) -> String {
    let (first, rest) = digits.split_at(1);
    let dot = if rest.is_empty() { "" } else { "." };
    let (exponent_sign, magnitude) = (if exponent < 0 { '-' } else { '+' }, exponent.unsigned_abs());
    let width = if pad { 2 } else { 1 };
    format!("{sign}{first}{dot}{rest}e{exponent_sign}{magnitude:0width$}")
}

/// Digits with the point where the exponent has it, and zeros as needed.
fn positional(sign: &str, digits: &str, exponent: i32) -> String {
    let distance = exponent.unsigned_abs() as usize;
    if exponent < 0 {
        let zeros = "0".repeat(distance - 1);
        format!("{sign}0.{zeros}{digits}")
    } else if distance + 1 >= digits.len() {
        let zeros = "0".repeat(distance + 1 - digits.len());
        format!("{sign}{digits}{zeros}")
    } else {
        let (whole, fraction) = digits.split_at(distance + 1);
        format!("{sign}{whole}.{fraction}")
    }
}

/// A float with as few digits as reading it back allows; of two that are equally near, the even one.
fn fewest(value: f64) -> String {
    let written = format!("{value:e}");
    let digits = written.find('e').unwrap_or(written.len()) - usize::from(written.starts_with('-'));
    // with fewer digits, only one number is read back as the same
    if digits < 17 {
        return written;
    }
    let rounded = format!("{value:.*e}", digits - 2);
    if rounded.parse() == Ok(value) { rounded } else { written }
}

fn general(float: &str) -> String {
    let (sign, digits, exponent) = shortest(float);
    if (-4..6).contains(&exponent) {
        positional(sign, &digits, exponent)
    } else {
        scientific(sign, &digits, exponent, true)
    }
}

/// A float as Go's `strconv.FormatFloat(value, 'g', -1, 64)` writes it: `1e+06`, `0.25`, `3`.
///
/// This is how Go's templates print a number and how Helm's `toYaml` writes one that is not an integer.
/// Infinities and NaN are as YAML has them.
///
/// ```
/// assert_eq!(mwrender_values::number::go_g(1_048_576.0), "1.048576e+06");
/// ```
pub fn go_g(value: f64) -> String {
    special(value).map_or_else(|| general(&fewest(value)), str::to_owned)
}

/// The same after rounding to 32 bits, which is what sigs.k8s.io/yaml makes of a float where it wants a text.
///
/// ```
/// assert_eq!(mwrender_values::number::go_float32(0.1), "0.1");
/// assert_eq!(mwrender_values::number::go_float32(1_615_974.25), "1.6159742e+06");
/// ```
#[expect(clippy::cast_possible_truncation, reason = "it is rounded")]
pub fn go_float32(value: f64) -> String {
    let narrow = value as f32;
    special(f64::from(narrow)).map_or_else(|| general(&fewest32(narrow)), str::to_owned)
}

/// As `fewest`, of 32 bits.
fn fewest32(value: f32) -> String {
    let written = format!("{value:e}");
    let digits = written.find('e').unwrap_or(written.len()) - usize::from(written.starts_with('-'));
    let rounded = format!("{value:.*e}", digits.saturating_sub(2));
    if rounded.parse() == Ok(value) { rounded } else { written }
}

/// A float as Go's `encoding/json` writes it: without an exponent from 1e-6 up to 1e21.
///
/// JSON has no infinities and no NaN; they become `null`.
///
/// ```
/// assert_eq!(mwrender_values::number::go_json(1_048_576.0), "1048576");
/// assert_eq!(mwrender_values::number::go_json(1e-7), "1e-7");
/// ```
pub fn go_json(value: f64) -> String {
    if !value.is_finite() {
        return "null".to_owned();
    }
    let written = fewest(value);
    let (sign, digits, exponent) = shortest(&written);
    if value == 0.0 || (-6..21).contains(&exponent) {
        positional(sign, &digits, exponent)
    } else {
        // Go takes one zero from exponents of two digits that are negative, and has at least two otherwise
        scientific(sign, &digits, exponent, exponent > 0)
    }
}

/// A float as `sigs.k8s.io/yaml` writes it: by way of JSON, so as an integer if it is one below 2^64.
pub fn go_yaml(value: f64) -> String {
    if !value.is_finite() {
        return go_g(value);
    }
    let json = go_json(value);
    if let Ok(int) = json.parse::<i64>() {
        return int.to_string();
    }
    if json.parse::<u64>().is_ok() { json } else { go_g(value) }
}

fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some(".nan")
    } else if value == f64::INFINITY {
        Some(".inf")
    } else if value == f64::NEG_INFINITY {
        Some("-.inf")
    } else {
        None
    }
}

/// Whether a number is spelled as JSON has it, which every reader of YAML understands in the same way.
pub(crate) fn is_json(spelling: &str) -> bool {
    let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
    let unsigned = spelling.strip_prefix('-').unwrap_or(spelling);
    let whole = digits(unsigned);
    if whole == 0 || whole > 1 && unsigned.starts_with('0') {
        return false;
    }
    let mut rest = &unsigned[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let n = digits(fraction);
        if n == 0 {
            return false;
        }
        rest = &fraction[n..];
    }
    match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => {
            let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
        None => rest.is_empty(),
    }
}
