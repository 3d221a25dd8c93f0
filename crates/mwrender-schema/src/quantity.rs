//! Kubernetes' quantities: `500m`, `1.5Gi`, `2e3`.
//!
//! The rules are those of `k8s.io/apimachinery/pkg/api/resource` (`ParseQuantity`).

use crate::names::Invalid;
use std::fmt;

/// An amount, to the billionth. What is smaller still is rounded up, as Kubernetes does.
///
/// ```
/// use mwrender_schema::quantity::Quantity;
/// let parse = |text: &str| text.parse::<Quantity>().unwrap();
/// assert!(parse("500m") < parse("1"));
/// assert_eq!(parse("1Ki"), parse("1024"));
/// assert!("1 Gi".parse::<Quantity>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    billionths: i128,
}

impl Quantity {
    /// Nothing.
    pub const ZERO: Quantity = Quantity { billionths: 0 };

    /// The amount in billionths.
    pub const fn billionths(self) -> i128 {
        self.billionths
    }
}

/// What a suffix multiplies with: a power of ten, or of 1024.
enum Scale {
    Ten(i32),
    Kibi(u32),
}

fn scale(suffix: &str) -> Option<Scale> {
    Some(match suffix {
        "n" => Scale::Ten(-9),
        "u" => Scale::Ten(-6),
        "m" => Scale::Ten(-3),
        "" => Scale::Ten(0),
        "k" => Scale::Ten(3),
        "M" => Scale::Ten(6),
        "G" => Scale::Ten(9),
        "T" => Scale::Ten(12),
        "P" => Scale::Ten(15),
        "E" => Scale::Ten(18),
        "Ki" => Scale::Kibi(1),
        "Mi" => Scale::Kibi(2),
        "Gi" => Scale::Kibi(3),
        "Ti" => Scale::Kibi(4),
        "Pi" => Scale::Kibi(5),
        "Ei" => Scale::Kibi(6),
        exponent => Scale::Ten(exponent.strip_prefix(['e', 'E'])?.parse().ok()?),
    })
}

impl std::str::FromStr for Quantity {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Quantity, Invalid> {
        let refuse = |why: &str| Err(Invalid::new(why));
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (digits, suffix) = rest.split_at(end);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return refuse("there is no number");
        }
        if fraction.contains('.') {
            return refuse("there are two points in it");
        }
        let Some(scale) = scale(suffix) else {
            return Err(Invalid::new(format!("`{suffix}` is not a unit such as m, k, M, G, Ki, Mi, Gi")));
        };
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        // beyond that the amount is out of Kubernetes' range anyway
        if digits.len() > 27 {
            return refuse("it has too many digits");
        }
        let number: i128 =
            if digits.is_empty() { 0 } else { digits.parse().map_err(|_| Invalid::new("no number"))? };
        let (power, factor) = match scale {
            Scale::Ten(power) => (power, 1),
            Scale::Kibi(n) => (0, 1024_i128.pow(n)),
        };
        let power = power.saturating_add(9).saturating_sub(i32::try_from(fraction.len()).unwrap_or(i32::MAX));
        let billionths = if power >= 0 {
            let ten = 10_i128.checked_pow(power.unsigned_abs());
            ten.and_then(|t| number.checked_mul(factor)?.checked_mul(t))
        } else {
            let product = number.checked_mul(factor);
            // more places than any number has digits leave nothing but the rounding
            let ten = 10_i128.checked_pow(power.unsigned_abs()).unwrap_or(i128::MAX);
            product.map(|p| p / ten + i128::from(p % ten != 0))
        };
        match billionths {
            Some(n) => Ok(Quantity { billionths: if negative { -n } else { n } }),
            None if number == 0 => Ok(Quantity::ZERO),
            None => refuse("it is too large"),
        }
    }
}

impl fmt::Display for Quantity {
    /// In plain digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.billionths / 1_000_000_000, (self.billionths % 1_000_000_000).abs());
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let sign = if self.billionths < 0 && whole == 0 { "-" } else { "" };
        let digits = format!("{rest:09}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        let shown = |text: &str| text.parse::<Quantity>().map(|q| q.to_string()).map_err(|e| e.to_string());
        let cases = [
            ("0", "0"),
            ("1", "1"),
            ("+1", "1"),
            ("-1.5", "-1.5"),
            ("-0.5", "-0.5"),
            ("500m", "0.5"),
            ("1.5Gi", "1610612736"),
            ("64k", "64000"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e3", "1000"),
            ("1E-3", "0.001"),
            ("1E", "1000000000000000000"),
            ("100n", "0.0000001"),
            ("0.1n", "0.000000001"),
            ("1.1e-10", "0.000000001"),
            ("007", "7"),
            ("0e99999", "0"),
        ];
        for (text, amount) in cases {
            assert_eq!(shown(text), Ok(amount.to_owned()), "{text}");
        }
        let refused = [
            ("", "no number"),
            ("m", "no number"),
            (".", "no number"),
            ("1.2.3", "two points"),
            ("1 Gi", "not a unit"),
            ("1K", "not a unit"),
            ("1mi", "not a unit"),
            ("1GB", "not a unit"),
            ("1e", "not a unit"),
            ("0x10", "not a unit"),
            ("--1", "no number"),
            ("1e40", "too large"),
            ("99999999999999999999999999999", "too many digits"),
        ];
        for (text, why) in refused {
            let error = shown(text).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
        let parse = |text: &str| text.parse::<Quantity>().expect("it is in the list above or like it");
        assert!(parse("1Gi") > parse("1G"));
    }
}
