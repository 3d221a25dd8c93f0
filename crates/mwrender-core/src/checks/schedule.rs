//! The schedules of `CronJob`s, as `github.com/robfig/cron/v3` reads them for Kubernetes.

use super::place::{down, span};
use mwrender_diagnostic::Diagnostic;
use mwrender_manifest::Object;

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// What a field is called, its least and greatest number, and the names of its numbers.
const FIELDS: [(&str, u32, u32, &[&str]); 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    ("month", 1, 12, MONTHS),
    // unlike in a crontab, 7 is no Sunday
    ("day of the week", 0, 6, DAYS),
];

pub(super) fn check(object: &Object, keep: &mut impl FnMut(Diagnostic)) {
    if object.key.kind != "CronJob" {
        return;
    }
    let Some(schedule) = down(&object.value, &["spec", "schedule"]) else { return };
    let Some(text) = schedule.as_str() else { return };
    if let Err(why) = parse(text) {
        let what = format!("`{text}` is not a schedule");
        keep(Diagnostic::error("invalid-schedule", what).primary(span(schedule), why));
    } else if text.contains("TZ=") {
        let what = format!("`{text}` names a time zone");
        let fault = Diagnostic::error("invalid-schedule", what).primary(span(schedule), "refused here");
        keep(fault.help("say it in `spec.timeZone`"));
    }
}

fn parse(text: &str) -> Result<(), String> {
    let mut rest = text.trim();
    if rest.starts_with("TZ=") || rest.starts_with("CRON_TZ=") {
        rest = rest.split_once(' ').map_or("", |(_, rest)| rest.trim());
    }
    if let Some(word) = rest.strip_prefix('@') {
        return match word {
            "yearly" | "annually" | "monthly" | "weekly" | "daily" | "midnight" | "hourly" => Ok(()),
            _ if word.strip_prefix("every ").is_some_and(is_duration) => Ok(()),
            _ => Err(format!("`@{word}` is none of @yearly, @monthly, @weekly, @daily, @hourly, @every")),
        };
    }
    let fields: Vec<&str> = rest.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(format!("it has {} fields, not 5", fields.len()));
    }
    for (text, field) in fields.into_iter().zip(FIELDS) {
        // an empty part is passed over
        for part in text.split(',').filter(|part| !part.is_empty()) {
            range(part, field).map_err(|why| format!("the {} `{part}`: {why}", field.0))?;
        }
    }
    Ok(())
}

fn range(text: &str, (_, least, greatest, names): (&str, u32, u32, &[&str])) -> Result<(), String> {
    let number = |text: &str| -> Result<u32, String> {
        let name = names.iter().position(|n| n.eq_ignore_ascii_case(text));
        // the first name is that of the least number
        let number = name.map(|n| n as u32 + least).or_else(|| text.parse().ok());
        match number {
            None => Err(format!("`{text}` is not a number")),
            Some(n) if n < least || n > greatest => Err(format!("{n} is not between {least} and {greatest}")),
            Some(n) => Ok(n),
        }
    };
    let (span, step) = text.split_once('/').map_or((text, None), |(span, step)| (span, Some(step)));
    match span.split_once('-') {
        _ if matches!(span, "*" | "?") => {}
        None => drop(number(span)?),
        Some((from, to)) => {
            if number(from)? > number(to)? {
                return Err("it ends before it begins".into());
            }
        }
    }
    match step.map(str::parse::<u32>) {
        None => Ok(()),
        Some(Ok(n)) if n > 0 => Ok(()),
        Some(_) => Err("the step is not a number above 0".into()),
    }
}

/// Whether Go's `time.ParseDuration` takes it: `1h30m`.
fn is_duration(text: &str) -> bool {
    let mut rest = text.trim_start_matches(['+', '-']);
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let units = ["ns", "us", "µs", "ms", "s", "m", "h"];
        let Some(next) = units.iter().find_map(|unit| digits.strip_prefix(unit)) else { return false };
        if digits.len() == rest.len() {
            return false;
        }
        rest = next;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn schedules() {
        for text in [
            "* * * * *",
            "*/5 0-6 1,15 jan-MAR mon",
            "0 1 ? * 0/2",
            "@daily",
            "@every 1h30m",
            "TZ=Etc/UTC 0 0 * * *",
            "59 23 31 12 6",
            "1,,2 * * * *",
        ] {
            assert_eq!(parse(text), Ok(()), "{text}");
        }
        for (text, why) in [
            ("", "0 fields"),
            ("* * * *", "4 fields"),
            ("* * * * * *", "6 fields"),
            ("60 * * * *", "60 is not between 0 and 59"),
            ("* 24 * * *", "24 is not between"),
            ("* * 0 * *", "0 is not between 1 and 31"),
            ("* * * 13 *", "13 is not between"),
            ("* * * * 7", "7 is not between 0 and 6"),
            ("5-1 * * * *", "ends before it begins"),
            ("*/0 * * * *", "the step"),
            ("*/x * * * *", "the step"),
            ("* * * * mo", "`mo` is not a number"),
            ("@dayly", "`@dayly`"),
            ("@every day", "`@every day`"),
            ("@every 5", "`@every 5`"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
