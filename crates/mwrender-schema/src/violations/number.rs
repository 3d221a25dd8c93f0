//! Whether a number is a multiple of another, exactly.

use serde_json::Number;

/// A number as digits and how many of them are behind the point.
fn decimal(number: &Number) -> Option<(i128, u32)> {
    let text = match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(int), ..) => return Some((i128::from(int), 0)),
        (_, Some(int), _) => return Some((i128::from(int), 0)),
        (.., Some(float)) => format!("{float}"),
        _ => return None,
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = format!("{whole}{fraction}").parse().ok()?;
    Some((digits, u32::try_from(fraction.len()).ok()?))
}

/// Whether the first is a multiple of the second.
pub(super) fn is_multiple(number: &Number, of: &Number) -> bool {
    let exact = aligned(number, of).map(|(a, b)| b != 0 && a % b == 0);
    exact.unwrap_or_else(|| {
        let (a, b) = (number.as_f64().unwrap_or_default(), of.as_f64().unwrap_or_default());
        b != 0.0 && (a % b) == 0.0
    })
}

/// Both as whole numbers of one unit.
fn aligned(a: &Number, b: &Number) -> Option<(i128, i128)> {
    let ((mut a, left), (mut b, right)) = (decimal(a)?, decimal(b)?);
    a = a.checked_mul(10i128.checked_pow(right.saturating_sub(left))?)?;
    b = b.checked_mul(10i128.checked_pow(left.saturating_sub(right))?)?;
    Some((a, b))
}

/// Whether two numbers are equal as they are written.
fn is_same(a: &Number, b: &Number) -> bool {
    aligned(a, b).map_or_else(|| a.as_f64() == b.as_f64(), |(a, b)| a == b)
}

/// Whether two values are equal: numbers by what they are, objects without order. As in Helm's library, a string on the
/// left equals the number that it spells.
pub(super) fn equal(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => is_same(a, b),
        (Value::String(text), Value::Number(number)) => {
            let shown = match (number.as_i64(), number.as_f64()) {
                (None, Some(float)) => float.to_string(),
                _ => number.to_string(),
            };
            *text == shown
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::is_multiple;
    use serde_json::{Value, from_str};

    #[test]
    fn multiples_are_exact() {
        let check = |a: &str, b: &str| {
            let number = |text| match from_str(text) {
                Ok(Value::Number(number)) => number,
                other => panic!("{other:?}"),
            };
            is_multiple(&number(a), &number(b))
        };
        assert!(check("0.3", "0.1") && check("-7", "3.5") && check("1e21", "7e20") == check("10", "7"));
        assert!(!check("0.35", "0.1") && !check("1", "0"));
    }
}
