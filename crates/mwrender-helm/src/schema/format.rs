//! The formats that Helm's library knows, and what it says of a text that is of another.

use crate::engine::data;
use crate::functions::url::address::{self, Address};
use crate::functions::url::shape;
use crate::functions::{regex, time};
use mwrender_schema::violations::Check;

type Checked = Result<(), String>;

/// Each format with its check. Those of other names are not looked at.
pub(super) const FORMATS: &[(&str, Check)] = &[
    ("date", time::check_date),
    ("date-time", date_time),
    ("duration", duration),
    ("email", email),
    ("hostname", hostname),
    ("ipv4", ipv4),
    ("ipv6", ipv6),
    ("iri", uri),
    ("iri-reference", uri_reference),
    ("json-pointer", pointer),
    ("period", period),
    ("regex", pattern),
    ("relative-json-pointer", relative_pointer),
    ("semver", semver),
    ("time", time_of_day),
    ("uri", uri),
    ("uri-reference", uri_reference),
    ("uri-template", uri_template),
    ("uuid", uuid),
    // these are known to be formats, and take everything
    ("idn-email", |_| Ok(())),
    ("idn-hostname", |_| Ok(())),
];

/// A check whose message is always the same.
fn ensure(good: bool, message: &str) -> Checked {
    if good { Ok(()) } else { Err(message.to_owned()) }
}

/// A character in single quotes, with Go's escapes.
fn shown(c: char) -> String {
    let quoted = data::quoted(&c.to_string());
    match c {
        '"' => "'\"'".to_owned(),
        '\'' => "'\\''".to_owned(),
        _ => format!("'{}'", &quoted[1..quoted.len() - 1]),
    }
}

/// No characters but those; `behind` ends the message.
fn only(text: &str, good: impl Fn(char) -> bool, behind: &str) -> Checked {
    match text.chars().find(|c| !good(*c)) {
        Some(c) => Err(format!("invalid character {}{behind}", shown(c))),
        None => Ok(()),
    }
}

fn hostname(text: &str) -> Checked {
    let text = text.strip_suffix('.').unwrap_or(text);
    ensure(text.len() <= 253, "more than 253 characters long")?;
    for label in text.split('.') {
        ensure((1..=63).contains(&label.len()), "label must be 1 to 63 characters long")?;
        ensure(!label.starts_with('-'), "label starts with hyphen")?;
        ensure(!label.ends_with('-'), "label ends with hyphen")?;
        only(label, |c| c.is_ascii_alphanumeric() || c == '-', "")?;
    }
    Ok(())
}

fn email(text: &str) -> Checked {
    ensure(text.len() <= 254, "more than 255 characters long")?;
    let (local, domain) = text.rsplit_once('@').ok_or("missing @")?;
    ensure(local.len() <= 64, "local part more than 64 characters long")?;
    let quoted = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(quoted) = quoted {
        let message = "backslash and quote are not allowed within quoted local part";
        ensure(!quoted.contains(['\\', '"']), message)?;
    } else {
        ensure(!local.starts_with('.'), "starts with dot")?;
        ensure(!local.ends_with('.'), "ends with dot")?;
        ensure(!local.contains(".."), "consecutive dots")?;
        only(local, |c| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c), "")?;
    }
    if let Some(literal) = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return match literal.strip_prefix("IPv6:") {
            Some(rest) => ipv6(rest).map_err(|why| format!("invalid ipv6 address: {why}")),
            None => ipv4(literal).map_err(|why| format!("invalid ipv4 address: {why}")),
        };
    }
    hostname(domain).map_err(|why| format!("invalid domain: {why}"))
}

fn ipv4(text: &str) -> Checked {
    let groups: Vec<&str> = text.split('.').collect();
    ensure(groups.len() == 4, "expected four decimals")?;
    for group in groups {
        ensure(group.len() < 2 || !group.starts_with('0'), "leading zeros")?;
        let number = decimal(group).map_err(|why| {
            let quoted = data::quoted(group);
            format!("strconv.Atoi: parsing {quoted}: {why}")
        })?;
        ensure((0..=255).contains(&number), "decimal must be between 0 and 255")?;
    }
    Ok(())
}

/// A number with or without a sign.
fn decimal(text: &str) -> Result<i64, &'static str> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("invalid syntax");
    }
    text.parse().map_err(|_| "value out of range")
}

fn ipv6(text: &str) -> Checked {
    ensure(text.contains(':'), "missing colon")?;
    match address::parse(text.as_bytes())? {
        Address::V6 { has_zone: true } => Err("zone id is not a part of ipv6 address".to_owned()),
        _ => Ok(()),
    }
}

/// Whether it is absolute, and the path.
fn url(text: &str) -> Result<(bool, Vec<u8>), String> {
    let url = shape(text)?;
    if url.hostname.contains(&b':') {
        ensure(url.host.contains(&b'['), "ipv6 address not enclosed in brackets")?;
        let name = String::from_utf8_lossy(&url.hostname);
        ipv6(&name).map_err(|why| format!("invalid ipv6 address: {why}"))?;
    }
    Ok((url.is_absolute, url.path))
}

fn uri(text: &str) -> Checked {
    url(text).and_then(|(is_absolute, _)| ensure(is_absolute, "relative url"))
}

fn uri_reference(text: &str) -> Checked {
    url(text)?;
    ensure(!text.contains('\\'), "contains \\")
}

fn uri_template(text: &str) -> Checked {
    for part in url(text)?.1.split(|byte| *byte == b'/') {
        let mut open = false;
        for byte in part {
            match byte {
                b'{' | b'}' if (*byte == b'}') != open => return Err("nested curly braces".to_owned()),
                b'{' | b'}' => open = !open,
                _ => {}
            }
        }
        ensure(!open, "no matching closing brace")?;
    }
    Ok(())
}

fn pattern(text: &str) -> Checked {
    regex::matches(text, "").map(|_| ())
}

fn time_of_day(text: &str) -> Checked {
    let bytes = text.as_bytes();
    ensure(bytes.len() >= 9, "less than 9 characters long")?;
    ensure(bytes[2] == b':' && bytes[5] == b':', "missing colon in correct place")?;
    let number = |part: &[u8]| std::str::from_utf8(part).ok().and_then(|part| decimal(part).ok());
    let parts = (number(&bytes[..2]), number(&bytes[3..5]), number(&bytes[6..8]));
    let (Some(mut hour), Some(mut minute), Some(second)) = parts else {
        return Err("invalid hour/min/sec".to_owned());
    };
    ensure(hour >= 0 && minute >= 0 && second >= 0, "non-positive hour/min/sec")?;
    ensure(hour <= 23 && minute <= 59 && second <= 60, "hour/min/sec out of range")?;
    let mut rest = &bytes[8..];
    if let [b'.', behind @ ..] = rest {
        let digits = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
        ensure(digits > 0, "no digits in second fraction")?;
        rest = &behind[digits..];
    }
    if !matches!(rest, b"z" | b"Z") {
        ensure(rest.len() == 6, "offset must be 6 characters long")?;
        let sign = match rest[0] {
            b'+' => -1,
            b'-' => 1,
            _ => return Err("offset must begin with plus/minus".to_owned()),
        };
        ensure(rest[3] == b':', "missing colon in offset in correct place")?;
        let (Some(hours), Some(minutes)) = (number(&rest[1..3]), number(&rest[4..])) else {
            return Err("invalid hour/min in offset".to_owned());
        };
        ensure(hours >= 0 && minutes >= 0, "non-positive hour/min in offset")?;
        ensure(hours <= 23 && minutes <= 59, "hour/min in offset out of range")?;
        let all = (hour * 60 + minute + sign * (hours * 60 + minutes)).rem_euclid(24 * 60);
        (hour, minute) = (all / 60, all % 60);
    }
    ensure(second < 60 || (hour, minute) == (23, 59), "invalid leap second")
}

fn date_time(text: &str) -> Checked {
    let bytes = text.as_bytes();
    ensure(bytes.len() >= 20, "less than 20 characters long")?;
    ensure(matches!(bytes[10], b't' | b'T'), "11th character must be t or T")?;
    let date = String::from_utf8_lossy(&bytes[..10]);
    time::check_date(&date).map_err(|why| format!("invalid date element: {why}"))?;
    let time = String::from_utf8_lossy(&bytes[11..]);
    time_of_day(&time).map_err(|why| format!("invalid time element: {why}"))
}

fn duration(text: &str) -> Checked {
    let text = text.strip_prefix('P').ok_or("must start with P")?;
    ensure(!text.is_empty(), "nothing after P")?;
    if let Some(weeks) = text.strip_suffix('W') {
        ensure(!weeks.is_empty(), "no number in week")?;
        return ensure(weeks.bytes().all(|byte| byte.is_ascii_digit()), "invalid week");
    }
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    elements(date, "YMD")?;
    let Some(time) = time else { return Ok(()) };
    ensure(!time.is_empty(), "no time elements")?;
    ensure(!time.contains('T'), "more than one T")?;
    elements(time, "HMS")
}

/// Numbers with units, in the order of the units.
fn elements(text: &str, units: &str) -> Checked {
    let (mut rest, mut left) = (text, units);
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        ensure(digits > 0, "missing number")?;
        rest = &rest[digits..];
        let unit = rest.chars().next().ok_or("missing unit")?;
        rest = &rest[unit.len_utf8()..];
        if !units.contains(unit) {
            return Err(format!("invalid unit {}", shown(unit)));
        }
        let at = left.find(unit).ok_or_else(|| format!("unit {} out of order", shown(unit)))?;
        left = &left[at + 1..];
    }
    Ok(())
}

fn period(text: &str) -> Checked {
    let (start, end) = text.split_once('/').ok_or("missing slash")?;
    if start.starts_with('P') {
        duration(start).map_err(|why| format!("invalid start duration: {why}"))?;
        return date_time(end).map_err(|why| format!("invalid end date-time: {why}"));
    }
    date_time(start).map_err(|why| format!("invalid start date-time: {why}"))?;
    if end.starts_with('P') {
        return duration(end).map_err(|why| format!("invalid end duration: {why}"));
    }
    date_time(end).map_err(|why| format!("invalid end date-time: {why}"))
}

fn uuid(text: &str) -> Checked {
    let parts: Vec<&str> = text.split('-').collect();
    ensure(parts.len() == 5, "must have 5 elements")?;
    for (n, (part, length)) in parts.iter().zip([8, 4, 4, 4, 12]).enumerate() {
        if part.len() != length {
            return Err(format!("element {} must be {length} characters long", n + 1));
        }
        if let Some(c) = part.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("non-hex character {}", shown(c)));
        }
    }
    Ok(())
}

fn pointer(text: &str) -> Checked {
    ensure(text.is_empty() || text.starts_with('/'), "not starting with /")?;
    let escaped = text.split('~').skip(1).all(|behind| behind.starts_with(['0', '1']));
    ensure(escaped, "~ must be followed by 0 or 1")
}

fn relative_pointer(text: &str) -> Checked {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    ensure(digits > 0, "must start with non-negative integer")?;
    ensure(digits == 1 || !text.starts_with('0'), "starts with zero")?;
    let rest = &text[digits..];
    if rest == "#" { Ok(()) } else { pointer(rest) }
}

fn semver(text: &str) -> Checked {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, pre) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
    if let Some(build) = build {
        ensure(!build.is_empty(), "build is empty")?;
        identifiers(build, "build")?;
    }
    if let Some(pre) = pre {
        for part in identifiers(pre, "pre-release")? {
            let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
            let message = "pre-release numeric identifier starts with zero";
            ensure(!is_number || part.len() == 1 || !part.starts_with('0'), message)?;
        }
    }
    let parts: Vec<&str> = core.split('.').collect();
    ensure(parts.len() == 3, "versionCore must have 3 numbers separated by dot")?;
    for (name, part) in ["major", "minor", "patch"].iter().zip(parts) {
        ensure(!part.is_empty(), &format!("{name} is empty"))?;
        ensure(part.len() == 1 || !part.starts_with('0'), &format!("{name} starts with zero"))?;
        ensure(part.bytes().all(|byte| byte.is_ascii_digit()), &format!("{name} contains non-digit"))?;
    }
    Ok(())
}

fn identifiers<'t>(text: &'t str, name: &str) -> Result<Vec<&'t str>, String> {
    let parts: Vec<&str> = text.split('.').collect();
    for part in &parts {
        ensure(!part.is_empty(), &format!("{name} identifier is empty"))?;
        only(part, |c| c.is_ascii_alphanumeric() || c == '-', &format!(" in {name} identifier"))?;
    }
    Ok(parts)
}

/// What is wrong with a text by a format.
pub(super) fn fault(format: &str, text: &str) -> Option<String> {
    let (_, check) = FORMATS.iter().find(|(name, _)| *name == format)?;
    check(text).err()
}
