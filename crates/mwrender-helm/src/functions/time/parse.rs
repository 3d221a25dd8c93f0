//! Times as text in Go's layouts.

use super::instant::{Instant, Zone, days_in, of_civil};
use super::layout::{DAYS, Element, MONTHS, next};
use super::quoted;

/// What a text said so far.
#[derive(Default)]
struct Said {
    year: i64,
    month: Option<u32>,
    day: Option<u32>,
    day_of_year: Option<u32>,
    hour: u32,
    minute: u32,
    second: u32,
    nanos: u32,
    pm: Option<bool>,
    offset: Option<i32>,
    utc: bool,
    abbreviation: String,
}

/// Why an element cannot be read.
enum Fault {
    Bad,
    Range(&'static str),
}

/// Reads a time as `time.Parse` does.
///
/// # Errors
/// Go's message.
pub(super) fn parse(layout: &[u8], text: &[u8]) -> Result<Instant, String> {
    let fault = |element: &[u8], rest: &[u8]| {
        let (whole, layout) = (quoted(text), quoted(layout));
        format!("parsing time {whole} as {layout}: cannot parse {} as {}", quoted(rest), quoted(element))
    };
    let about = |what: String| format!("parsing time {}{what}", quoted(text));
    let mut said = Said::default();
    let (mut left, mut value) = (layout, text);
    loop {
        let (before, element, after) = next(left);
        let shown = &left[before.len()..left.len() - after.len()];
        value = skip(value, before).map_err(|rest| fault(before, rest))?;
        let Some(element) = element else {
            if !value.is_empty() {
                return Err(about(format!(": extra text: {}", quoted(value))));
            }
            break;
        };
        left = after;
        let hold = value;
        match read(&mut said, element, value, after) {
            Ok(rest) => value = rest,
            Err(Fault::Range(what)) => return Err(about(format!(": {what} out of range"))),
            Err(Fault::Bad) => return Err(fault(shown, hold)),
        }
    }
    finish(said).map_err(|what| about(format!(": {what} out of range")))
}

fn finish(said: Said) -> Result<Instant, &'static str> {
    let mut hour = said.hour;
    match said.pm {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    let (mut month, mut day) = (said.month, said.day);
    if let Some(of_year) = said.day_of_year {
        let length = 337 + days_in(said.year, 2);
        if of_year < 1 || of_year > length {
            return Err("day-of-year");
        }
        let (mut m, mut d) = (1, of_year);
        while d > days_in(said.year, m) {
            d -= days_in(said.year, m);
            m += 1;
        }
        if month.is_some_and(|month| month != m) {
            return Err("day-of-year does not match month");
        }
        if day.is_some_and(|day| day != d) {
            return Err("day-of-year does not match day");
        }
        (month, day) = (Some(m), Some(d));
    }
    let (month, day) = (month.unwrap_or(1), day.unwrap_or(1));
    if day < 1 || day > days_in(said.year, month) {
        return Err("day");
    }
    let zone = match said.offset {
        _ if said.utc => Zone::Utc,
        None | Some(0) if said.abbreviation.is_empty() => Zone::Local,
        None | Some(0) if said.abbreviation == "UTC" => Zone::Utc,
        Some(offset) => Zone::Fixed(said.abbreviation, offset),
        None => {
            let hours = said.abbreviation.strip_prefix("GMT").and_then(|n| n.parse::<i32>().ok());
            Zone::Fixed(said.abbreviation, hours.unwrap_or(0) * 3600)
        }
    };
    let seconds = i64::from(hour) * 3600 + i64::from(said.minute) * 60 + i64::from(said.second);
    // the hours of `GMT+3` are only shown: the time itself is taken for one in UTC
    if let (None, Zone::Fixed(..)) = (said.offset, &zone) {
        let date = (said.year, i64::from(month), i64::from(day));
        return Ok(Instant { zone, ..of_civil(date, seconds, said.nanos, Zone::Utc) });
    }
    Ok(of_civil((said.year, i64::from(month), i64::from(day)), seconds, said.nanos, zone))
}

/// Skips the text between elements; runs of spaces are as good as one.
fn skip<'t>(mut value: &'t [u8], mut prefix: &[u8]) -> Result<&'t [u8], &'t [u8]> {
    let blanks = |text: &[u8]| text.iter().take_while(|b| **b == b' ').count();
    while let Some(first) = prefix.first() {
        if *first == b' ' {
            if !value.is_empty() && value[0] != b' ' {
                return Err(value);
            }
            prefix = &prefix[blanks(prefix)..];
            value = &value[blanks(value)..];
            continue;
        }
        if value.first() != Some(first) {
            return Err(value);
        }
        (prefix, value) = (&prefix[1..], &value[1..]);
    }
    Ok(value)
}

/// One or two digits.
fn number(value: &[u8], fixed: bool) -> Result<(u32, &[u8]), Fault> {
    let digit = |n: usize| value.get(n).filter(|b| b.is_ascii_digit()).map(|b| u32::from(b - b'0'));
    match (digit(0), digit(1)) {
        (Some(tens), Some(ones)) => Ok((tens * 10 + ones, &value[2..])),
        (Some(one), None) if !fixed => Ok((one, &value[1..])),
        _ => Err(Fault::Bad),
    }
}

fn lookup<'t>(value: &'t [u8], names: &[&str], length: usize) -> Result<(u32, &'t [u8]), Fault> {
    let of = |name: &str| if length == 0 { name.len() } else { length };
    let is = |name: &&&str| {
        value.get(..of(name)).is_some_and(|part| part.eq_ignore_ascii_case(&name.as_bytes()[..of(name)]))
    };
    let found = names.iter().find(is).ok_or(Fault::Bad)?;
    let index = names.iter().position(|name| name == found).unwrap_or_default();
    Ok((index as u32, &value[of(found)..]))
}

fn ranged(number: u32, low: u32, high: u32, what: &'static str) -> Result<u32, Fault> {
    if (low..=high).contains(&number) { Ok(number) } else { Err(Fault::Range(what)) }
}

#[expect(clippy::too_many_lines, reason = "one arm for each element")]
fn read<'t>(said: &mut Said, element: Element, value: &'t [u8], after: &[u8]) -> Result<&'t [u8], Fault> {
    let blank = |value: &'t [u8]| value.strip_prefix(b" ").unwrap_or(value);
    Ok(match element {
        Element::Year => {
            // one digit may have a sign, too
            let digits = value.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
            let year: i64 = digits.and_then(|digits| digits.parse().ok()).ok_or(Fault::Bad)?;
            said.year = year + if year >= 69 { 1900 } else { 2000 };
            &value[2..]
        }
        Element::LongYear => {
            let digits = value.get(..4).filter(|d| d.iter().all(u8::is_ascii_digit)).ok_or(Fault::Bad)?;
            said.year = digits.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0'));
            &value[4..]
        }
        Element::Month => {
            let (month, rest) = lookup(value, &MONTHS, 3)?;
            said.month = Some(month + 1);
            rest
        }
        Element::LongMonth => {
            let (month, rest) = lookup(value, &MONTHS, 0)?;
            said.month = Some(month + 1);
            rest
        }
        Element::NumMonth | Element::ZeroMonth => {
            let (month, rest) = number(value, element == Element::ZeroMonth)?;
            said.month = Some(ranged(month, 1, 12, "month")?);
            rest
        }
        Element::Weekday => lookup(value, &DAYS, 3)?.1,
        Element::LongWeekday => lookup(value, &DAYS, 0)?.1,
        Element::Day | Element::UnderDay | Element::ZeroDay => {
            let value = if element == Element::UnderDay { blank(value) } else { value };
            let (day, rest) = number(value, element == Element::ZeroDay)?;
            said.day = Some(day);
            rest
        }
        Element::UnderYearDay | Element::ZeroYearDay => {
            let mut value = value;
            if element == Element::UnderYearDay {
                value = blank(blank(value));
            }
            let count = value.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
            if count == 0 || element == Element::ZeroYearDay && count != 3 {
                return Err(Fault::Bad);
            }
            said.day_of_year = Some(value[..count].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')));
            &value[count..]
        }
        Element::Hour => {
            let (hour, rest) = number(value, false)?;
            said.hour = ranged(hour, 0, 23, "hour")?;
            rest
        }
        Element::Hour12 | Element::ZeroHour12 => {
            let (hour, rest) = number(value, element == Element::ZeroHour12)?;
            said.hour = ranged(hour, 0, 12, "hour")?;
            rest
        }
        Element::Minute | Element::ZeroMinute => {
            let (minute, rest) = number(value, element == Element::ZeroMinute)?;
            said.minute = ranged(minute, 0, 59, "minute")?;
            rest
        }
        Element::Second | Element::ZeroSecond => {
            let (second, rest) = number(value, element == Element::ZeroSecond)?;
            said.second = ranged(second, 0, 59, "second")?;
            // a fraction may follow also where the layout has none
            let has_fraction = matches!(next(after).1, Some(Element::Fraction0(_) | Element::Fraction9(_)));
            match rest {
                [b'.' | b',', digit, ..] if digit.is_ascii_digit() && !has_fraction => {
                    let count = rest[1..].iter().take_while(|b| b.is_ascii_digit()).count();
                    said.nanos = nanos(&rest[1..=count]);
                    &rest[1 + count..]
                }
                _ => rest,
            }
        }
        Element::UpperPm | Element::LowerPm => {
            let upper = element == Element::UpperPm;
            said.pm = Some(match value.get(..2) {
                Some(b"PM") if upper => true,
                Some(b"AM") if upper => false,
                Some(b"pm") if !upper => true,
                Some(b"am") if !upper => false,
                _ => return Err(Fault::Bad),
            });
            &value[2..]
        }
        Element::Iso { .. } if value.starts_with(b"Z") => {
            said.utc = true;
            &value[1..]
        }
        Element::Iso { minutes, seconds, colon } | Element::Offset { minutes, seconds, colon } => {
            offset(said, value, minutes, seconds, colon)?
        }
        Element::Zone => {
            if value.starts_with(b"UTC") {
                said.utc = true;
                return Ok(&value[3..]);
            }
            let length = abbreviation(value).ok_or(Fault::Bad)?;
            said.abbreviation = String::from_utf8_lossy(&value[..length]).into_owned();
            &value[length..]
        }
        Element::Fraction0(count) => {
            let part = value.get(..=count).ok_or(Fault::Bad)?;
            let digits = part[1..].strip_prefix(b"+").or(part[1..].strip_prefix(b"-")).unwrap_or(&part[1..]);
            if !matches!(part[0], b'.' | b',') || !digits.iter().all(u8::is_ascii_digit) {
                return Err(Fault::Bad);
            }
            // Go reads it as a number, which may have a sign
            let nanos = nanos(&[&b"0"[..count - digits.len()], digits].concat());
            if part[1] == b'-' && nanos > 0 {
                return Err(Fault::Range("fractional second"));
            }
            said.nanos = nanos;
            &value[1 + count..]
        }
        Element::Fraction9(_) => match value {
            [b'.' | b',', digit, ..] if digit.is_ascii_digit() => {
                let count = value[1..].iter().take_while(|b| b.is_ascii_digit()).count();
                said.nanos = nanos(&value[1..=count]);
                &value[1 + count..]
            }
            _ => value,
        },
    })
}

fn nanos(digits: &[u8]) -> u32 {
    (0..9).fold(0, |n, at| n * 10 + digits.get(at).map_or(0, |b| u32::from(b - b'0')))
}

fn offset<'t>(
    said: &mut Said,
    value: &'t [u8],
    minutes: bool,
    seconds: bool,
    colon: bool,
) -> Result<&'t [u8], Fault> {
    let mut sign = match value.first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        // told last: what is out of range comes first
        Some(_) => 0,
        None => return Err(Fault::Bad),
    };
    let part = if colon { 3 } else { 2 };
    if value.len() < 3 + part * (usize::from(minutes) + usize::from(seconds)) {
        return Err(Fault::Bad);
    }
    let mut rest = &value[1..];
    let mut parts = [0; 3];
    for (at, part) in parts.iter_mut().enumerate() {
        if at == 1 && !minutes || at == 2 && !seconds {
            break;
        }
        if at > 0 && colon {
            rest = rest.strip_prefix(b":").ok_or(Fault::Bad)?;
        }
        match number(rest, true) {
            Ok(found) => (*part, rest) = found,
            Err(_) => {
                sign = 0;
                break;
            }
        }
    }
    ranged(parts[2], 0, 60, "time zone offset second")?;
    ranged(parts[1], 0, 60, "time zone offset minute")?;
    ranged(parts[0], 0, 24, "time zone offset hour")?;
    if sign == 0 {
        return Err(Fault::Bad);
    }
    said.offset = Some(sign * (parts[0] * 3600 + parts[1] * 60 + parts[2]).cast_signed());
    Ok(rest)
}

/// The length of an abbreviation of a zone.
fn abbreviation(value: &[u8]) -> Option<usize> {
    if value.len() < 3 {
        return None;
    }
    if value.starts_with(b"ChST") || value.starts_with(b"MeST") {
        return Some(4);
    }
    if value.starts_with(b"GMT") {
        return Some(3 + signed_hours(&value[3..], 23).unwrap_or(0));
    }
    if matches!(value[0], b'+' | b'-') {
        return signed_hours(value, 23);
    }
    let count = value.iter().take(6).take_while(|b| b.is_ascii_uppercase()).count();
    match count {
        5 if value[4] == b'T' => Some(5),
        4 if value[3] == b'T' || value.starts_with(b"WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}

fn signed_hours(value: &[u8], most: u32) -> Option<usize> {
    if !matches!(value.first(), Some(b'+' | b'-')) {
        return None;
    }
    let count = value[1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let hours =
        value[1..=count].iter().try_fold(0u32, |n, b| n.checked_mul(10)?.checked_add(u32::from(b - b'0')));
    hours.filter(|hours| count > 0 && *hours <= most).map(|_| 1 + count)
}
