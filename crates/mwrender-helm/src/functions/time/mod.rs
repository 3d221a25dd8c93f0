//! Dates and durations. Go's local zone is UTC here.

mod duration;
mod instant;
mod layout;
mod object;
mod parse;

use std::fmt::Write;
use std::sync::LazyLock;

use jiff::Timestamp;
use mwrender_gotemplate::{Failure, Funcs, Function, Kind, Value};

use self::instant::{Instant, Zone};
use self::object::{TIME, Time, time};

/// Reads a duration, in nanoseconds.
///
/// # Errors
/// Go's message.
pub(crate) fn duration(text: &str) -> Result<i64, String> {
    duration::parse(text)
}

/// The time, which is one for the whole run: what is rendered twice to be compared does not differ by it.
pub(super) fn now() -> Timestamp {
    static NOW: LazyLock<Timestamp> = LazyLock::new(Timestamp::now);
    *NOW
}

pub(super) fn add(funcs: &mut Funcs) {
    funcs.add(Function::new("now", "func() time.Time", &[&TIME], |_, _| Ok(time(Instant::now()))));
    funcs.add(Function::new("date", "func(string, interface {}) string", &[], |_, args| {
        Ok(format(bytes(&args[0]), &instant(&args[1]), "Local"))
    }));
    for name in ["dateInZone", "date_in_zone"] {
        funcs.add(Function::new(name, "func(string, interface {}, string) string", &[], |_, args| {
            Ok(format(bytes(&args[0]), &instant(&args[1]), &text(&args[2])))
        }));
    }
    funcs.add(Function::new("htmlDate", "func(interface {}) string", &[], |_, args| {
        Ok(format(b"2006-01-02", &instant(&args[0]), "Local"))
    }));
    funcs.add(Function::new("htmlDateInZone", "func(interface {}, string) string", &[], |_, args| {
        Ok(format(b"2006-01-02", &instant(&args[0]), &text(&args[1])))
    }));
    for name in ["dateModify", "date_modify"] {
        funcs.add(Function::new(name, "func(string, time.Time) time.Time", &[&TIME], |_, args| {
            let by = duration::parse(&text(&args[0])).unwrap_or(0);
            Ok(time(Time::of(&args[1])?.plus(by)))
        }));
    }
    for name in ["mustDateModify", "must_date_modify"] {
        funcs.add(Function::new(name, "func(string, time.Time) (time.Time, error)", &[&TIME], |_, args| {
            Ok(time(Time::of(&args[1])?.plus(duration::parse(&text(&args[0]))?)))
        }));
    }
    funcs.add(Function::new("toDate", "func(string, string) time.Time", &[&TIME], |_, args| {
        Ok(time(parse::parse(bytes(&args[0]), bytes(&args[1])).unwrap_or(Instant::ZERO)))
    }));
    funcs.add(Function::new("mustToDate", "func(string, string) (time.Time, error)", &[&TIME], |_, args| {
        Ok(time(parse::parse(bytes(&args[0]), bytes(&args[1]))?))
    }));
    funcs.add(Function::new("ago", "func(interface {}) string", &[], |_, args| {
        let since = Instant::now().since(&instant(&args[0]));
        Ok(Value::from(duration::print(to_seconds(since))))
    }));
    funcs.add(Function::new("duration", "func(interface {}) string", &[], |_, args| {
        let seconds = match args[0].kind() {
            Kind::Int(seconds, mwrender_gotemplate::IntKind::Int64) => *seconds,
            Kind::String(_) | Kind::Text(_) => whole(&text(&args[0])),
            _ => 0,
        };
        Ok(Value::from(duration::print(seconds.wrapping_mul(duration::SECOND))))
    }));
    funcs.add(Function::new("durationRound", "func(interface {}) string", &[], |_, args| {
        let nanos = match args[0].kind() {
            Kind::Int(nanos, mwrender_gotemplate::IntKind::Int64) => *nanos,
            Kind::String(_) | Kind::Text(_) => duration::parse(&text(&args[0])).unwrap_or(0),
            Kind::Object(_) => Time::of(&args[0]).map_or(0, |time| Instant::now().since(time)),
            _ => 0,
        };
        Ok(Value::from(duration::rounded(nanos)))
    }));
    funcs.add(Function::new("unixEpoch", "func(time.Time) string", &[&TIME], |_, args| {
        Ok(Value::from(Time::of(&args[0])?.seconds.to_string()))
    }));
}

fn bytes(value: &Value) -> &[u8] {
    value.as_bytes().unwrap_or_default()
}

fn text(value: &Value) -> String {
    String::from_utf8_lossy(bytes(value)).into_owned()
}

/// What Sprig takes for a time: also seconds since 1970; all else is now.
fn instant(value: &Value) -> Instant {
    use mwrender_gotemplate::IntKind::{Int, Int32, Int64};
    match value.kind() {
        Kind::Int(seconds, Int | Int32 | Int64) => Instant::unix(*seconds),
        Kind::Object(_) => Time::of(value).map_or_else(|_| Instant::now(), Clone::clone),
        _ => Instant::now(),
    }
}

fn format(layout: &[u8], instant: &Instant, zone: &str) -> Value {
    Value::from(layout::format(&instant.within(zone).civil(), layout))
}

/// A number in base 10, the nearest one where it does not fit, or 0.
fn whole(text: &str) -> i64 {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    // Go stops at the digit that is too many for 64 bits, whatever follows
    let is_read = count > 0 && (count == digits.len() || digits[..count].parse::<u64>().is_err());
    if !is_read {
        return 0;
    }
    text.parse().unwrap_or(if text.starts_with('-') { i64::MIN } else { i64::MAX })
}

/// Rounded to seconds, halves away from zero.
fn to_seconds(nanos: i64) -> i64 {
    let rest = nanos % duration::SECOND;
    let down = nanos - rest;
    if rest.unsigned_abs() * 2 >= duration::SECOND.unsigned_abs() {
        down.saturating_add(duration::SECOND * rest.signum())
    } else {
        down
    }
}

/// Whether a text is a time in a layout.
///
/// # Errors
/// Go's message.
pub(crate) fn check(layout: &str, text: &str) -> Result<(), String> {
    parse::parse(layout.as_bytes(), text.as_bytes()).map(drop)
}

/// Text in quotes as messages about times have it: all that is not ASCII is escaped by bytes.
fn quoted(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for byte in text {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(*byte)]),
            b' '..=b'\x7F' => out.push(char::from(*byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push('"');
    out
}

/// A failure of a method for a receiver that it is not made for.
fn not_a_time() -> Failure {
    "runtime error: invalid memory address or nil pointer dereference".into()
}

/// A time of a TOML file, whose parts may be missing; none if it is no time.
pub(super) fn of_toml(text: &str) -> Option<Value> {
    let layouts = [
        ("2006-01-02T15:04:05Z07:00", None),
        ("2006-01-02T15:04:05", Some("datetime-local")),
        ("2006-01-02", Some("date-local")),
        ("15:04:05", Some("time-local")),
    ];
    layouts.iter().find_map(|(layout, zone)| {
        let instant = parse::parse(layout.as_bytes(), text.as_bytes()).ok()?;
        // Go reads an hour of one digit
        let signs =
            layout.bytes().take_while(|b| *b != b'Z').enumerate().filter(|(_, b)| !b.is_ascii_digit());
        if signs.into_iter().any(|(at, sign)| text.as_bytes().get(at) != Some(&sign)) {
            return None;
        }
        Some(time(match zone {
            Some(zone) => Instant { zone: Zone::Fixed((*zone).to_owned(), 0), ..instant },
            None => instant,
        }))
    })
}
