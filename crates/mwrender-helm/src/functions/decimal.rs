//! Decimal numbers, with which Sprig adds, subtracts, multiplies and divides floats.

use num_bigint::{BigInt, Sign};

/// Digits behind the point of a quotient.
const PRECISION: i64 = 16;

/// Its value is `digits` times ten to the power of `exponent`.
#[derive(Clone)]
pub(super) struct Decimal {
    digits: BigInt,
    exponent: i64,
}

fn power(exponent: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(exponent).unwrap_or(0))
}

impl Decimal {
    /// The shortest decimal that reads back as the float.
    pub(super) fn new(float: f64) -> Result<Decimal, String> {
        if !float.is_finite() {
            let shown = match float {
                f if f.is_nan() => "NaN",
                f if f > 0.0 => "+Inf",
                _ => "-Inf",
            };
            return Err(format!("Cannot create a Decimal from {shown}"));
        }
        let text = format!("{float:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i64 = exponent.parse().unwrap_or(0);
        let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let digits = mantissa.replace('.', "").parse().unwrap_or_default();
        Ok(Decimal { digits, exponent: exponent - decimals as i64 })
    }

    /// Both with the lower exponent of the two.
    fn aligned(&self, other: &Decimal) -> (BigInt, BigInt, i64) {
        let exponent = self.exponent.min(other.exponent);
        let digits = |d: &Decimal| &d.digits * power(d.exponent - exponent);
        (digits(self), digits(other), exponent)
    }

    pub(super) fn add(&self, other: &Decimal) -> Decimal {
        let (a, b, exponent) = self.aligned(other);
        Decimal { digits: a + b, exponent }
    }

    pub(super) fn sub(&self, other: &Decimal) -> Decimal {
        let (a, b, exponent) = self.aligned(other);
        Decimal { digits: a - b, exponent }
    }

    pub(super) fn mul(&self, other: &Decimal) -> Decimal {
        Decimal { digits: &self.digits * &other.digits, exponent: self.exponent + other.exponent }
    }

    /// Rounded to the last digit, half away from zero.
    pub(super) fn div(&self, other: &Decimal) -> Result<Decimal, String> {
        if other.digits.sign() == Sign::NoSign {
            return Err("decimal division by 0".to_owned());
        }
        let shift = self.exponent - other.exponent + PRECISION;
        let (a, b) = if shift < 0 {
            (self.digits.clone(), &other.digits * power(-shift))
        } else {
            (&self.digits * power(shift), other.digits.clone())
        };
        let negative = (a.sign() == Sign::Minus) != (b.sign() == Sign::Minus);
        let (a, b) = (a.magnitude(), b.magnitude());
        let (mut quotient, rest) = (a / b, a % b);
        if rest * 2u32 >= *b {
            quotient += 1u32;
        }
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        Ok(Decimal { digits: BigInt::from_biguint(sign, quotient), exponent: -PRECISION })
    }

    /// The closest float; infinity where it is out of range.
    pub(super) fn to_float(&self) -> f64 {
        if self.digits.sign() == Sign::NoSign {
            return 0.0;
        }
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "the results are exact")]
    fn decimals_do_not_lose_digits() {
        let of = |float| Decimal::new(float).expect("a number");
        assert_eq!(of(0.1).add(&of(0.2)).to_float(), 0.3);
        assert_eq!(of(1.1).mul(&of(1.1)).to_float(), 1.21);
        assert_eq!(of(2.0).div(&of(3.0)).map(|d| d.to_float()), Ok(0.666_666_666_666_666_7));
        assert_eq!(of(-1.0).div(&of(3e15)).map(|d| d.to_float()), Ok(-3e-16));
        assert_eq!(of(1e308).mul(&of(1e308)).to_float(), f64::INFINITY);
        assert!(of(1.0).div(&of(0.0)).is_err());
        assert!(Decimal::new(f64::NAN).is_err());
    }
}
