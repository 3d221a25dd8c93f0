//! Go's `time.Duration`: nanoseconds, as `1h2m3.5s`.

/// Nanoseconds of a second.
pub(super) const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// Reads a duration as `time.ParseDuration` does.
///
/// # Errors
/// Go's message.
pub(super) fn parse(text: &str) -> Result<i64, String> {
    let quoted = || super::quoted(text.as_bytes());
    let invalid = || format!("time: invalid duration {}", quoted());
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
    let mut total: u64 = 0;
    while !rest.is_empty() {
        if !rest.starts_with(|c: char| c == '.' || c.is_ascii_digit()) {
            return Err(invalid());
        }
        let whole = digits(rest);
        let number = if whole == 0 { 0 } else { rest[..whole].parse::<u64>().map_err(|_| invalid())? };
        if number > 1 << 63 {
            return Err(invalid());
        }
        rest = &rest[whole..];
        let mut fraction = "";
        if let Some(after) = rest.strip_prefix('.') {
            let length = digits(after);
            (fraction, rest) = after.split_at(length);
        }
        if whole == 0 && fraction.is_empty() {
            return Err(invalid());
        }
        let end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
        let (unit, after) = rest.split_at(end);
        rest = after;
        let scale: u64 = match unit {
            "" => return Err(format!("time: missing unit in duration {}", quoted())),
            "ns" => 1,
            "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
            "ms" => 1_000_000,
            "s" => SECOND.cast_unsigned(),
            "m" => MINUTE.cast_unsigned(),
            "h" => HOUR.cast_unsigned(),
            _ => {
                let unit = super::quoted(unit.as_bytes());
                return Err(format!("time: unknown unit {unit} in duration {}", quoted()));
            }
        };
        let mut part = number.checked_mul(scale).filter(|n| *n <= 1 << 63).ok_or_else(invalid)?;
        if !fraction.is_empty() {
            part += fraction_of(fraction, scale);
            if part > 1 << 63 {
                return Err(invalid());
            }
        }
        total = total.checked_add(part).filter(|n| *n <= 1 << 63).ok_or_else(invalid)?;
    }
    match (negative, total) {
        (true, total) => Ok(total.wrapping_neg().cast_signed()),
        (false, total) => i64::try_from(total).map_err(|_| invalid()),
    }
}

/// `0.FRACTION` of a unit, as Go computes it.
fn fraction_of(fraction: &str, scale: u64) -> u64 {
    let (mut number, mut divisor) = (0u64, 1f64);
    for digit in fraction.bytes() {
        match number.checked_mul(10).and_then(|n| n.checked_add(u64::from(digit - b'0'))) {
            Some(next) if next <= 1 << 63 => {
                number = next;
                divisor *= 10.0;
            }
            _ => break,
        }
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "Go does the same"
    )]
    let part = (number as f64 * (scale as f64 / divisor)) as u64;
    part
}

/// A duration as Go prints it.
pub(super) fn print(duration: i64) -> String {
    let sign = if duration < 0 { "-" } else { "" };
    let nanos = duration.unsigned_abs();
    let second = SECOND.cast_unsigned();
    let fraction = |value: u64, unit: u64| {
        let digits = unit.ilog10() as usize;
        let rest = format!("{:0digits$}", value % unit);
        let rest = rest.trim_end_matches('0');
        if rest.is_empty() || unit == 1 {
            (value / unit).to_string()
        } else {
            format!("{}.{rest}", value / unit)
        }
    };
    match nanos {
        0 => "0s".to_owned(),
        n if n < 1_000 => format!("{sign}{n}ns"),
        n if n < 1_000_000 => format!("{sign}{}\u{b5}s", fraction(n, 1_000)),
        n if n < second => format!("{sign}{}ms", fraction(n, 1_000_000)),
        n => {
            let minutes = n / MINUTE.cast_unsigned();
            let seconds = fraction(n % MINUTE.cast_unsigned(), second);
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{sign}{seconds}s"),
                (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
                (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
            }
        }
    }
}

/// The largest unit of a duration, as Sprig's `durationRound` has it: without a sign.
pub(super) fn rounded(duration: i64) -> String {
    let nanos = duration.unsigned_abs();
    let hour = HOUR.cast_unsigned();
    let units = [
        (hour * 24 * 365, "y"),
        (hour * 24 * 30, "mo"),
        (hour * 24, "d"),
        (hour, "h"),
        (MINUTE.cast_unsigned(), "m"),
        (SECOND.cast_unsigned(), "s"),
    ];
    let found = units.iter().find(|(unit, _)| nanos > *unit);
    found.map_or_else(|| "0s".to_owned(), |(unit, name)| format!("{}{name}", nanos / unit))
}
