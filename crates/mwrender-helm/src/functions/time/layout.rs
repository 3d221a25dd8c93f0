//! Go's layouts: an example of a time stands for its format.

use std::fmt::Write;

use super::instant::Civil;

/// An element of a layout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Element {
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    Zone,
    /// `Z` for UTC, else the offset; with minutes, seconds, and colons between them.
    Iso {
        minutes: bool,
        seconds: bool,
        colon: bool,
    },
    /// The offset.
    Offset {
        minutes: bool,
        seconds: bool,
        colon: bool,
    },
    /// So many digits of a second.
    Fraction0(usize),
    /// As many as needed, up to so many.
    Fraction9(usize),
}

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Offsets, the longer ones first.
const OFFSETS: [(&str, bool, bool, bool); 5] = [
    ("070000", true, true, false),
    ("07:00:00", true, true, true),
    ("0700", true, false, false),
    ("07:00", true, false, true),
    ("07", false, false, false),
];

/// The text before the first element, that element, and the text behind it.
pub(super) fn next(layout: &[u8]) -> (&[u8], Option<Element>, &[u8]) {
    for at in 0..layout.len() {
        if let Some((element, length)) = element(layout, at) {
            // `_2006` is a year behind an underscore
            let at = if element == Element::LongYear && layout[at] == b'_' { at + 1 } else { at };
            let length = if element == Element::LongYear { 4 } else { length };
            return (&layout[..at], Some(element), &layout[at + length..]);
        }
    }
    (layout, None, &[])
}

fn element(layout: &[u8], at: usize) -> Option<(Element, usize)> {
    let rest = &layout[at..];
    let is = |text: &str| rest.starts_with(text.as_bytes());
    let not_lower = |n: usize| !rest.get(n).is_some_and(u8::is_ascii_lowercase);
    Some(match rest[0] {
        b'J' if is("January") => (Element::LongMonth, 7),
        b'J' if is("Jan") && not_lower(3) => (Element::Month, 3),
        b'M' if is("Monday") => (Element::LongWeekday, 6),
        b'M' if is("Mon") && not_lower(3) => (Element::Weekday, 3),
        b'M' if is("MST") => (Element::Zone, 3),
        b'0' if is("002") => (Element::ZeroYearDay, 3),
        b'0' => match rest.get(1)? {
            b'1' => (Element::ZeroMonth, 2),
            b'2' => (Element::ZeroDay, 2),
            b'3' => (Element::ZeroHour12, 2),
            b'4' => (Element::ZeroMinute, 2),
            b'5' => (Element::ZeroSecond, 2),
            b'6' => (Element::Year, 2),
            _ => return None,
        },
        b'1' if is("15") => (Element::Hour, 2),
        b'1' => (Element::NumMonth, 1),
        b'2' if is("2006") => (Element::LongYear, 4),
        b'2' => (Element::Day, 1),
        b'_' if is("_2006") => (Element::LongYear, 5),
        b'_' if is("__2") => (Element::UnderYearDay, 3),
        b'_' if is("_2") => (Element::UnderDay, 2),
        b'3' => (Element::Hour12, 1),
        b'4' => (Element::Minute, 1),
        b'5' => (Element::Second, 1),
        b'P' if is("PM") => (Element::UpperPm, 2),
        b'p' if is("pm") => (Element::LowerPm, 2),
        b'-' | b'Z' => {
            let (text, minutes, seconds, colon) =
                OFFSETS.into_iter().find(|(text, ..)| rest[1..].starts_with(text.as_bytes()))?;
            let element = if rest[0] == b'Z' {
                Element::Iso { minutes, seconds, colon }
            } else {
                Element::Offset { minutes, seconds, colon }
            };
            (element, 1 + text.len())
        }
        b'.' | b',' => {
            let digit = *rest.get(1).filter(|b| matches!(b, b'0' | b'9'))?;
            let count = rest[1..].iter().take_while(|b| **b == digit).count();
            if rest.get(1 + count).is_some_and(u8::is_ascii_digit) {
                return None;
            }
            let element = if digit == b'0' { Element::Fraction0(count) } else { Element::Fraction9(count) };
            (element, 1 + count)
        }
        _ => return None,
    })
}

/// A time in a layout.
pub(super) fn format(civil: &Civil, layout: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(layout.len() + 16);
    let mut rest = layout;
    loop {
        let (before, element, after) = next(rest);
        out.extend_from_slice(before);
        let Some(element) = element else { return out };
        // fractions keep the sign before them
        let sign = rest[before.len()];
        out.extend_from_slice(written(civil, element, char::from(sign)).as_bytes());
        rest = after;
    }
}

fn written(c: &Civil, element: Element, sign: char) -> String {
    let hour12 = if c.hour.is_multiple_of(12) { 12 } else { c.hour % 12 };
    let month = MONTHS[(c.month as usize - 1).min(11)];
    let day = DAYS[c.weekday as usize % 7];
    match element {
        Element::LongMonth => month.to_owned(),
        Element::Month => month[..3].to_owned(),
        Element::NumMonth => c.month.to_string(),
        Element::ZeroMonth => format!("{:02}", c.month),
        Element::LongWeekday => day.to_owned(),
        Element::Weekday => day[..3].to_owned(),
        Element::Day => c.day.to_string(),
        Element::UnderDay => format!("{:2}", c.day),
        Element::ZeroDay => format!("{:02}", c.day),
        Element::UnderYearDay => format!("{:3}", c.day_of_year),
        Element::ZeroYearDay => format!("{:03}", c.day_of_year),
        Element::Hour => format!("{:02}", c.hour),
        Element::Hour12 => hour12.to_string(),
        Element::ZeroHour12 => format!("{hour12:02}"),
        Element::Minute => c.minute.to_string(),
        Element::ZeroMinute => format!("{:02}", c.minute),
        Element::Second => c.second.to_string(),
        Element::ZeroSecond => format!("{:02}", c.second),
        Element::LongYear if c.year < 0 => format!("-{:04}", -c.year),
        Element::LongYear => format!("{:04}", c.year),
        Element::Year => format!("{:02}", c.year.abs() % 100),
        Element::UpperPm => (if c.hour >= 12 { "PM" } else { "AM" }).to_owned(),
        Element::LowerPm => (if c.hour >= 12 { "pm" } else { "am" }).to_owned(),
        Element::Zone if c.abbreviation.is_empty() => {
            let minutes = c.offset / 60;
            let sign = if minutes < 0 { '-' } else { '+' };
            let minutes = minutes.unsigned_abs();
            format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
        }
        // the database gives places without an abbreviation their offset
        Element::Zone => c.abbreviation.clone(),
        Element::Iso { .. } if c.offset == 0 => "Z".to_owned(),
        Element::Iso { minutes, seconds, colon } | Element::Offset { minutes, seconds, colon } => {
            let colon = if colon { ":" } else { "" };
            let offset = c.offset.unsigned_abs();
            let sign = if c.offset / 60 < 0 { '-' } else { '+' };
            let mut text = format!("{sign}{:02}", offset / 3600);
            if minutes {
                let _ = write!(text, "{colon}{:02}", offset / 60 % 60);
            }
            if seconds {
                let _ = write!(text, "{colon}{:02}", offset % 60);
            }
            text
        }
        Element::Fraction0(count) => {
            let digits = format!("{:09}", c.nanos);
            format!("{sign}{}", &digits[..count.min(9)])
        }
        Element::Fraction9(count) => {
            let digits = format!("{:09}", c.nanos);
            let digits = digits[..count.min(9)].trim_end_matches('0');
            if digits.is_empty() { String::new() } else { format!("{sign}{digits}") }
        }
    }
}
