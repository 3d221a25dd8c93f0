//! What templates can ask of a time.

use std::any::Any;
use std::sync::LazyLock;

use mwrender_gotemplate::{
    Failure, Fields, Function, IntKind, Kind, List, Marshal, Object, Shape, Type, UintKind, Value,
};

use super::instant::{Instant, Zone, of_civil};
use super::layout::{DAYS, MONTHS, format};
use super::{duration, not_a_time};

pub(super) static TIME: Type = Type::new("time.Time", Shape::Object);
static MONTH: Type = Type::new("time.Month", Shape::Object);
static WEEKDAY: Type = Type::new("time.Weekday", Shape::Object);
static DURATION: Type = Type::new("time.Duration", Shape::Int(IntKind::Int64)).named(None);
static LOCATION: Type = Type::new("*time.Location", Shape::Object);

/// A `time.Time`.
pub(super) struct Time(Instant);

/// A value of it.
pub(super) fn time(instant: Instant) -> Value {
    Value::object(Time(instant))
}

impl Time {
    pub(super) fn of(value: &Value) -> Result<&Instant, Failure> {
        match value.kind() {
            Kind::Object(object) => {
                object.as_any().downcast_ref::<Time>().map(|time| &time.0).ok_or_else(not_a_time)
            }
            _ => Err(not_a_time()),
        }
    }
}

impl Object for Time {
    fn type_name(&self) -> &str {
        TIME.name()
    }

    fn method(&self, name: &str) -> Option<&Function> {
        METHODS.iter().find(|method| method.name() == name)
    }

    fn string(&self) -> Option<String> {
        Some(shown(&self.0))
    }

    fn go_string(&self) -> Option<String> {
        Some(in_go(&self.0))
    }

    fn marshal(&self) -> Marshal {
        let text = format(&self.0.civil(), b"2006-01-02T15:04:05.999999999Z07:00");
        Marshal::Text(String::from_utf8_lossy(&text).into_owned())
    }

    fn marshal_fault(&self) -> Option<String> {
        refused(&self.0).map(|why| format!("Time.MarshalJSON: {why}"))
    }

    fn fields(&self) -> Fields {
        Fields { pointer: false, fields: Vec::new() }
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        let (a, other) = (&self.0, other.as_any().downcast_ref::<Time>());
        let same = |b: &Instant| is_one(&a.zone, &b.zone) && (a.seconds, a.nanos) == (b.seconds, b.nanos);
        Some(other.is_some_and(|other| same(&other.0)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What RFC 3339 has no text for.
fn refused(instant: &Instant) -> Option<&'static str> {
    let civil = instant.civil();
    if !(0..=9999).contains(&civil.year) {
        return Some("year outside of range [0,9999]");
    }
    (civil.offset.abs() >= 24 * 3600).then_some("timezone hour outside of range [0,23]")
}

fn shown(instant: &Instant) -> String {
    let text = format(&instant.civil(), b"2006-01-02 15:04:05.999999999 -0700 MST");
    String::from_utf8_lossy(&text).into_owned()
}

/// The instant as Go code has it.
fn in_go(instant: &Instant) -> String {
    let civil = instant.civil();
    let month = MONTHS[civil.month as usize - 1];
    let zone = match &instant.zone {
        Zone::Utc => "time.UTC".to_owned(),
        Zone::Local => "time.Local".to_owned(),
        zone => format!("time.Location({})", crate::engine::quoted(zone.name())),
    };
    let clock = format!("{}, {}, {}, {}", civil.hour, civil.minute, civil.second, instant.nanos);
    format!("time.Date({}, time.{month}, {}, {clock}, {zone})", civil.year, civil.day)
}

/// A number with a name: a month, a weekday, a duration.
struct Named {
    ty: &'static Type,
    number: i64,
    name: String,
}

impl Object for Named {
    fn type_name(&self) -> &str {
        self.ty.name()
    }

    fn method(&self, name: &str) -> Option<&Function> {
        let methods = if self.ty == &DURATION { NAMED.as_slice() } else { &NAMED[..1] };
        methods.iter().find(|method| method.name() == name)
    }

    fn string(&self) -> Option<String> {
        Some(self.name.clone())
    }

    fn number(&self) -> Option<i64> {
        Some(self.number)
    }

    fn is_true(&self) -> bool {
        self.number != 0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A duration.
fn of_nanos(nanos: i64) -> Value {
    named(&DURATION, nanos, duration::print(nanos))
}

/// A `*time.Location`.
struct Location(Zone);

/// Whether two zones are one in Go's memory: that of a text is made anew for each text.
fn is_one(a: &Zone, b: &Zone) -> bool {
    matches!((a, b), (Zone::Utc, Zone::Utc) | (Zone::Local, Zone::Local))
}

impl Object for Location {
    fn type_name(&self) -> &str {
        LOCATION.name()
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        let other = other.as_any().downcast_ref::<Location>();
        Some(other.is_some_and(|other| is_one(&self.0, &other.0)))
    }

    fn method(&self, name: &str) -> Option<&Function> {
        (name == "String").then_some(&*LOCATION_STRING)
    }

    fn string(&self) -> Option<String> {
        Some(self.0.name().to_owned())
    }

    fn fields(&self) -> Fields {
        Fields { pointer: true, fields: Vec::new() }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Location {
    fn of(value: &Value) -> Result<&Zone, Failure> {
        match value.kind() {
            Kind::Object(object) => {
                object.as_any().downcast_ref::<Location>().map(|location| &location.0).ok_or_else(not_a_time)
            }
            _ => Err(not_a_time()),
        }
    }
}

static LOCATION_STRING: LazyLock<Function> = LazyLock::new(|| {
    Function::new("String", "func() string", &[], |_, args| Ok(Value::from(Location::of(&args[0])?.name())))
});

fn named(ty: &'static Type, number: i64, name: String) -> Value {
    Value::object(Named { ty, number, name })
}

static NAMED: LazyLock<Vec<Function>> = LazyLock::new(|| {
    fn get(name: &str, result: &str, get: fn(&Named) -> Value) -> Function {
        Function::new(name, &format!("func() {result}"), &[&DURATION], move |_, args| match args[0].kind() {
            Kind::Object(object) => object.as_any().downcast_ref().map(get).ok_or_else(not_a_time),
            _ => Err(not_a_time()),
        })
    }
    vec![
        get("String", "string", |named| Value::from(named.name.as_str())),
        get("Nanoseconds", "int64", |named| Value::from(named.number)),
        get("Microseconds", "int64", |named| Value::from(named.number / 1_000)),
        get("Milliseconds", "int64", |named| Value::from(named.number / 1_000_000)),
        get("Seconds", "float64", |named| Value::from(parts(named.number, duration::SECOND))),
        get("Minutes", "float64", |named| Value::from(parts(named.number, 60 * duration::SECOND))),
        get("Abs", "time.Duration", |named| of_nanos(named.number.saturating_abs())),
        Function::new("Truncate", "func(time.Duration) time.Duration", &[&DURATION], |_, args| {
            let (own, to) = (nanos(&args[0]), nanos(&args[1]));
            Ok(of_nanos(if to <= 0 { own } else { own - own % to }))
        }),
        Function::new("Round", "func(time.Duration) time.Duration", &[&DURATION], |_, args| {
            let (own, to) = (nanos(&args[0]), nanos(&args[1]));
            if to <= 0 {
                return Ok(of_nanos(own));
            }
            // halves away from zero, and no further than there are durations
            let rest = own % to;
            let down = own - rest;
            let up = rest.unsigned_abs() >= to.unsigned_abs() - rest.unsigned_abs();
            Ok(of_nanos(if up { down.saturating_add(to * own.signum()) } else { down }))
        }),
        get("Hours", "float64", |named| Value::from(parts(named.number, 3600 * duration::SECOND))),
    ]
});

/// How many units a duration is.
#[expect(clippy::cast_precision_loss, reason = "Go computes with floats, too")]
fn parts(nanos: i64, unit: i64) -> f64 {
    (nanos / unit) as f64 + (nanos % unit) as f64 / unit as f64
}

/// A method with several results, which templates cannot call.
fn uncallable(name: &str, signature: &str) -> Function {
    Function::new(name, signature, &[&TIME, &MONTH], |_, _| Err(not_a_time()))
}

/// The nanoseconds of a duration, or of a constant that stands for one.
fn nanos(value: &Value) -> i64 {
    match value.kind() {
        Kind::Object(object) => object.number().unwrap_or(0),
        Kind::Int(nanos, _) => *nanos,
        _ => 0,
    }
}

/// A method that gives the text that stands for a time in JSON, as bytes and within quotes.
fn marshaller(name: &'static str, quotes: &'static str) -> Function {
    Function::new(name, "func() ([]uint8, error)", &[], move |_, args| {
        let time = Time(Time::of(&args[0])?.clone());
        if let Some(why) = refused(&time.0) {
            return Err(format!("Time.{name}: {why}").into());
        }
        let text = match time.marshal() {
            Marshal::Text(text) => format!("{quotes}{text}{quotes}"),
            Marshal::Fields(_) => String::new(),
        };
        let byte = |byte| Value::new(Kind::Uint(u64::from(byte), UintKind::Uint8));
        Ok(List::new(Type::BYTES, text.bytes().map(byte).collect()).into())
    })
}

static METHODS: LazyLock<Vec<Function>> = LazyLock::new(|| {
    fn get(name: &str, result: &str, get: fn(&Instant) -> Value) -> Function {
        let types: [&'static Type; 3] = [&TIME, &MONTH, &WEEKDAY];
        Function::new(name, &format!("func() {result}"), &types, move |_, args| Ok(get(Time::of(&args[0])?)))
    }
    fn order(name: &str, result: &str, get: fn(i64) -> Value) -> Function {
        Function::new(name, &format!("func(time.Time) {result}"), &[&TIME, &DURATION], move |_, args| {
            let (left, right) = (Time::of(&args[0])?, Time::of(&args[1])?);
            Ok(get(left.since(right)))
        })
    }
    vec![
        Function::new("Format", "func(string) string", &[], |_, args| {
            let layout = args[1].as_bytes().unwrap_or_default();
            Ok(Value::from(format(&Time::of(&args[0])?.civil(), layout)))
        }),
        get("String", "string", |t| Value::from(shown(t))),
        get("Year", "int", |t| Value::int(t.civil().year)),
        get("Month", "time.Month", |t| {
            let month = t.civil().month;
            named(&MONTH, i64::from(month), MONTHS[month as usize - 1].to_owned())
        }),
        get("Day", "int", |t| Value::int(i64::from(t.civil().day))),
        get("Weekday", "time.Weekday", |t| {
            let day = t.civil().weekday;
            named(&WEEKDAY, i64::from(day), DAYS[day as usize].to_owned())
        }),
        get("YearDay", "int", |t| Value::int(i64::from(t.civil().day_of_year))),
        get("Hour", "int", |t| Value::int(i64::from(t.civil().hour))),
        get("Minute", "int", |t| Value::int(i64::from(t.civil().minute))),
        get("Second", "int", |t| Value::int(i64::from(t.civil().second))),
        get("Nanosecond", "int", |t| Value::int(i64::from(t.nanos))),
        get("Unix", "int64", |t| Value::from(t.seconds)),
        get("UnixMilli", "int64", |t| {
            Value::from(t.seconds.wrapping_mul(1_000).wrapping_add(i64::from(t.nanos) / 1_000_000))
        }),
        get("UnixMicro", "int64", |t| {
            Value::from(t.seconds.wrapping_mul(1_000_000).wrapping_add(i64::from(t.nanos) / 1_000))
        }),
        get("UnixNano", "int64", |t| {
            Value::from(t.seconds.wrapping_mul(1_000_000_000).wrapping_add(i64::from(t.nanos)))
        }),
        get("IsZero", "bool", |t| Value::from(t.seconds == Instant::ZERO.seconds && t.nanos == 0)),
        get("UTC", "time.Time", |t| time(Instant { zone: Zone::Utc, ..t.clone() })),
        get("Local", "time.Time", |t| time(Instant { zone: Zone::Local, ..t.clone() })),
        order("Before", "bool", |between| Value::from(between < 0)),
        order("After", "bool", |between| Value::from(between > 0)),
        order("Equal", "bool", |between| Value::from(between == 0)),
        order("Compare", "int", |between| Value::int(between.signum())),
        order("Sub", "time.Duration", of_nanos),
        Function::new("Add", "func(time.Duration) time.Time", &[&TIME, &DURATION], |_, args| {
            Ok(time(Time::of(&args[0])?.plus(nanos(&args[1]))))
        }),
        Function::new("Truncate", "func(time.Duration) time.Time", &[&TIME, &DURATION], |_, args| {
            let instant = Time::of(&args[0])?;
            Ok(time(instant.plus(-instant.behind(nanos(&args[1])))))
        }),
        Function::new("Round", "func(time.Duration) time.Time", &[&TIME, &DURATION], |_, args| {
            let (instant, to) = (Time::of(&args[0])?, nanos(&args[1]));
            let behind = instant.behind(to);
            Ok(time(instant.plus(if behind < to - behind || to <= 0 { -behind } else { to - behind })))
        }),
        Function::new("In", "func(*time.Location) time.Time", &[&TIME, &LOCATION], |_, args| {
            let zone = Location::of(&args[1])?.clone();
            Ok(time(Instant { zone, ..Time::of(&args[0])?.clone() }))
        }),
        Function::new("Location", "func() *time.Location", &[&LOCATION], |_, args| {
            Ok(Value::object(Location(Time::of(&args[0])?.zone.clone())))
        }),
        get("IsDST", "bool", |t| Value::from(t.is_summer())),
        get("GoString", "string", |t| Value::from(in_go(t))),
        marshaller("MarshalText", ""),
        marshaller("MarshalJSON", "\""),
        uncallable("Zone", "func() (string, int)"),
        uncallable("ISOWeek", "func() (int, int)"),
        uncallable("ZoneBounds", "func() (time.Time, time.Time)"),
        uncallable("Clock", "func() (int, int, int)"),
        uncallable("Date", "func() (int, time.Month, int)"),
        Function::new("AddDate", "func(int, int, int) time.Time", &[&TIME], |_, args| {
            let instant = Time::of(&args[0])?;
            let civil = instant.civil();
            let by = |n: usize| match args[n].kind() {
                Kind::Int(by, _) => (*by).clamp(-1_000_000_000, 1_000_000_000),
                _ => 0,
            };
            let date = (civil.year + by(1), i64::from(civil.month) + by(2), i64::from(civil.day) + by(3));
            let seconds =
                i64::from(civil.hour) * 3600 + i64::from(civil.minute) * 60 + i64::from(civil.second);
            Ok(time(of_civil(date, seconds, instant.nanos, instant.zone.clone())))
        }),
    ]
});
