//! What formats accept, in the words of Helm's library. Those that it does not know accept all.

use crate::functions::url::{Address, Parts};
use crate::functions::{regex, time, url};

/// What is wrong with a text, if anything is.
pub(super) fn check(format: &str, text: &str) -> Result<(), String> {
    match format {
        "email" => email(text),
        "ipv4" => ipv4(text),
        "ipv6" => ipv6(text),
        "uri" | "iri" => uri(text, true),
        "uri-reference" | "iri-reference" => uri(text, false),
        "uri-template" => template(text),
        "date" => date(text),
        "time" => clock(text),
        "date-time" => date_time(text),
        "hostname" => hostname(text),
        "regex" => regex::is_match(text, "").map(drop),
        "uuid" => uuid(text),
        "json-pointer" => pointer(text),
        "relative-json-pointer" => relative_pointer(text),
        "duration" => duration(text),
        "period" => period(text),
        "semver" => semver(text),
        _ => Ok(()),
    }
}

fn fail<T>(text: &str) -> Result<T, String> {
    Err(text.to_owned())
}

/// A character in single quotes, as Go's `%q` has it.
fn quoted(c: char) -> String {
    match c {
        '\\' => "'\\\\'".to_owned(),
        _ => super::words::quoted(&c.to_string()),
    }
}

fn within(what: &str) -> impl Fn(String) -> String + '_ {
    move |why| format!("{what}: {why}")
}

fn email(text: &str) -> Result<(), String> {
    if text.len() > 254 {
        return fail("more than 255 characters long");
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return fail("missing @") };
    if local.len() > 64 {
        return fail("local part more than 64 characters long");
    }
    // that it ends so, too, is not asked
    if local.len() > 1 && local.starts_with('"') {
        let inner = &local.as_bytes()[1..local.len() - 1];
        if inner.iter().any(|byte| matches!(byte, b'\\' | b'"')) {
            return fail("backslash and quote are not allowed within quoted local part");
        }
    } else {
        if local.starts_with('.') {
            return fail("starts with dot");
        }
        if local.ends_with('.') {
            return fail("ends with dot");
        }
        if local.contains("..") {
            return fail("consecutive dots");
        }
        let is_fine = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
        if let Some(other) = local.chars().find(|c| !is_fine(*c)) {
            return Err(format!("invalid character {}", quoted(other)));
        }
    }
    if let Some(literal) = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return match literal.strip_prefix("IPv6:") {
            Some(address) => ipv6(address).map_err(within("invalid ipv6 address")),
            None => ipv4(literal).map_err(within("invalid ipv4 address")),
        };
    }
    hostname(domain).map_err(within("invalid domain"))
}

fn hostname(text: &str) -> Result<(), String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.len() > 253 {
        return fail("more than 253 characters long");
    }
    for label in text.split('.') {
        if label.is_empty() || label.len() > 63 {
            return fail("label must be 1 to 63 characters long");
        }
        if label.starts_with('-') {
            return fail("label starts with hyphen");
        }
        if label.ends_with('-') {
            return fail("label ends with hyphen");
        }
        if let Some(other) = label.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
            return Err(format!("invalid character {}", quoted(other)));
        }
    }
    Ok(())
}

fn ipv4(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() != 4 {
        return fail("expected four decimals");
    }
    for part in parts {
        if part.len() > 1 && part.starts_with('0') {
            return fail("leading zeros");
        }
        let digits = part.strip_prefix(['+', '-']).unwrap_or(part);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let part = crate::engine::quoted(part);
            return Err(format!("strconv.Atoi: parsing {part}: invalid syntax"));
        }
        match part.parse::<i64>() {
            Ok(0..=255) => {}
            Ok(_) => return fail("decimal must be between 0 and 255"),
            Err(_) => {
                let part = crate::engine::quoted(part);
                return Err(format!("strconv.Atoi: parsing {part}: value out of range"));
            }
        }
    }
    Ok(())
}

fn ipv6(text: &str) -> Result<(), String> {
    if !text.contains(':') {
        return fail("missing colon");
    }
    if text.contains('%') {
        return url::address(text).and_then(|_| fail("zone id is not a part of ipv6 address"));
    }
    url::address(text).map(|_: Address| ())
}

fn uri(text: &str, whole: bool) -> Result<(), String> {
    let Parts { scheme, host, .. } = url::parts(text)?;
    if whole && scheme.is_empty() {
        return fail("relative url");
    }
    if text.contains('\\') {
        return fail("contains \\");
    }
    if host.contains(':') {
        if !text.contains('[') || !text.contains(']') {
            return fail("ipv6 address not enclosed in brackets");
        }
        ipv6(&host).map_err(within("invalid ipv6 address"))?;
    }
    Ok(())
}

fn template(text: &str) -> Result<(), String> {
    url::parts(text)?;
    let text = text.split(['?', '#']).next().unwrap_or_default();
    for part in text.split('/') {
        let mut open = false;
        for c in part.chars() {
            match (c, open) {
                ('{', false) => open = true,
                ('}', true) => open = false,
                ('{', true) | ('}', false) => return fail("nested curly braces"),
                _ => {}
            }
        }
        if open {
            return fail("no matching closing brace");
        }
    }
    Ok(())
}

fn date(text: &str) -> Result<(), String> {
    time::check("2006-01-02", text)
}

fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn clock(text: &str) -> Result<(), String> {
    if text.len() < 9 {
        return fail("less than 9 characters long");
    }
    if !text.is_ascii() {
        return fail("offset must begin with plus/minus");
    }
    if &text[2..3] != ":" || &text[5..6] != ":" {
        return fail("missing colon in correct place");
    }
    // Go reads signs, too
    let number = |text: &str| text.parse::<i32>().ok();
    let parts = (number(&text[..2]), number(&text[3..5]), number(&text[6..8]));
    let (Some(mut hour), Some(mut minute), Some(second)) = parts else {
        return fail("invalid hour/min/sec");
    };
    if hour < 0 || minute < 0 || second < 0 {
        return fail("non-positive hour/min/sec");
    }
    if hour > 23 || minute > 59 || second > 60 {
        return fail("hour/min/sec out of range");
    }
    let mut rest = &text[8..];
    if let Some(behind) = rest.strip_prefix('.') {
        let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        if end == 0 {
            return fail("no digits in second fraction");
        }
        rest = &behind[end..];
    }
    if rest != "z" && rest != "Z" {
        if rest.len() != 6 {
            return fail("offset must be 6 characters long");
        }
        let sign = match rest.as_bytes()[0] {
            b'+' => -1,
            b'-' => 1,
            _ => return fail("offset must begin with plus/minus"),
        };
        if &rest[3..4] != ":" {
            return fail("missing colon in offset in correct place");
        }
        let (Some(hours), Some(minutes)) = (number(&rest[1..3]), number(&rest[4..])) else {
            return fail("invalid hour/min in offset");
        };
        if hours < 0 || minutes < 0 {
            return fail("non-positive hour/min in offset");
        }
        if hours > 23 || minutes > 59 {
            return fail("hour/min in offset out of range");
        }
        let utc = (hour * 60 + minute + sign * (hours * 60 + minutes)).rem_euclid(24 * 60);
        (hour, minute) = (utc / 60, utc % 60);
    }
    if second == 60 && (hour, minute) != (23, 59) {
        return fail("invalid leap second");
    }
    Ok(())
}

fn date_time(text: &str) -> Result<(), String> {
    if text.len() < 20 {
        return fail("less than 20 characters long");
    }
    if !matches!(text.as_bytes()[10], b't' | b'T') {
        return fail("11th character must be t or T");
    }
    let day = String::from_utf8_lossy(&text.as_bytes()[..10]);
    date(&day).map_err(within("invalid date element"))?;
    clock(&text[11..]).map_err(within("invalid time element"))
}

fn uuid(text: &str) -> Result<(), String> {
    let groups: Vec<&str> = text.split('-').collect();
    if groups.len() != 5 {
        return fail("must have 5 elements");
    }
    for (at, (group, length)) in groups.iter().zip([8, 4, 4, 4, 12]).enumerate() {
        if group.len() != length {
            return Err(format!("element {} must be {length} characters long", at + 1));
        }
        if let Some(other) = group.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("non-hex character {}", quoted(other)));
        }
    }
    Ok(())
}

fn pointer(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    if !text.starts_with('/') {
        return fail("not starting with /");
    }
    let is_fine = text.split('~').skip(1).all(|behind| behind.starts_with(['0', '1']));
    if is_fine { Ok(()) } else { fail("~ must be followed by 0 or 1") }
}

fn relative_pointer(text: &str) -> Result<(), String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if end == 0 {
        return fail("must start with non-negative integer");
    }
    if end > 1 && text.starts_with('0') {
        return fail("starts with zero");
    }
    match &text[end..] {
        "#" => Ok(()),
        rest => pointer(rest),
    }
}

fn duration(text: &str) -> Result<(), String> {
    let Some(rest) = text.strip_prefix('P') else { return fail("must start with P") };
    if rest.is_empty() {
        return fail("nothing after P");
    }
    if let Some(weeks) = rest.strip_suffix('W') {
        return if !weeks.is_empty() && digits(weeks).is_some() { Ok(()) } else { fail("invalid week") };
    }
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    units(days, "YMD")?;
    match time {
        Some("") => fail("no time elements"),
        Some(time) => units(time, "HMS"),
        None => Ok(()),
    }
}

/// Numbers with units, which come in this order.
fn units(mut text: &str, order: &str) -> Result<(), String> {
    let mut left = order;
    while !text.is_empty() {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        if end == 0 {
            return fail("missing number");
        }
        let Some(unit) = text[end..].chars().next() else { return fail("missing unit") };
        match left.find(unit) {
            Some(at) => left = &left[at + 1..],
            None if order.contains(unit) => return Err(format!("unit {} out of order", quoted(unit))),
            None => return Err(format!("invalid unit {}", quoted(unit))),
        }
        text = &text[end + unit.len_utf8()..];
    }
    Ok(())
}

fn period(text: &str) -> Result<(), String> {
    let Some((start, end)) = text.split_once('/') else { return fail("missing slash") };
    if start.starts_with('P') {
        duration(start).map_err(within("invalid start duration"))?;
        return date_time(end).map_err(within("invalid end date-time"));
    }
    date_time(start).map_err(within("invalid start date-time"))?;
    if end.starts_with('P') {
        return duration(end).map_err(within("invalid end duration"));
    }
    date_time(end).map_err(within("invalid end date-time"))
}

fn semver(text: &str) -> Result<(), String> {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, pre) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
    for (words, name) in [(build, "build"), (pre, "pre-release")] {
        let Some(words) = words else { continue };
        if words.is_empty() && name == "build" {
            return fail("build is empty");
        }
        for word in words.split('.') {
            if word.is_empty() {
                return Err(format!("{name} identifier is empty"));
            }
            if let Some(other) = word.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
                return Err(format!("invalid character {} in {name} identifier", quoted(other)));
            }
            if name == "pre-release" && word.len() > 1 && word.starts_with('0') && digits(word).is_some() {
                return fail("pre-release numeric identifier starts with zero");
            }
        }
    }
    let numbers: Vec<&str> = core.split('.').collect();
    if numbers.len() != 3 {
        return fail("versionCore must have 3 numbers separated by dot");
    }
    for (number, name) in numbers.into_iter().zip(["major", "minor", "patch"]) {
        if number.is_empty() {
            return Err(format!("{name} is empty"));
        }
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("{name} contains non-digit"));
        }
        if number.len() > 1 && number.starts_with('0') {
            return Err(format!("{name} starts with zero"));
        }
    }
    Ok(())
}
