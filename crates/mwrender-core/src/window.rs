//! Windows: when a flagged change may be merged.
//!
//! A window takes place on weekdays, from one local time of a zone to another; one that ends at or before the time at
//! which it begins ends on the next day. A local time that a change of clocks skips counts as the same time after the
//! skip; of one that occurs twice the first counts.

use crate::error::Error;
use crate::project::{WatchRule, WindowRule};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use std::fmt;
use std::str::FromStr;

/// How many days ahead the next window is looked for: exceptions of a year do not hide it.
const DAYS_AHEAD: usize = 400;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(Timestamp);

impl Moment {
    /// Now, by this machine's clock.
    pub fn now() -> Moment {
        Moment(Timestamp::now())
    }
}

impl FromStr for Moment {
    type Err = Error;

    /// Reads RFC 3339, such as `2026-11-24T14:30:00Z` or `2026-11-24T14:30:00+01:00`.
    fn from_str(text: &str) -> Result<Moment, Error> {
        text.parse().map(Moment).map_err(|e| {
            Error::Usage(format!("`{text}` is not a time such as 2026-11-24T14:30:00Z (RFC 3339): {e}"))
        })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The windows of a project.
#[derive(Clone, Debug, Default)]
pub struct Windows {
    windows: Vec<Window>,
}

#[derive(Clone, Debug)]
struct Window {
    name: String,
    days: Vec<Weekday>,
    from: Time,
    to: Time,
    zone: TimeZone,
    except: Vec<(Date, Date)>,
    owners: Vec<String>,
}

/// A window that takes place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    name: String,
    from: Zoned,
    to: Zoned,
}

/// Where a point in time stands to the windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In a window.
    Inside(Occurrence),
    /// In none; with the next one, if there is one within a year.
    Outside(Option<Occurrence>),
}

/// What is wrong with a window of the project file.
#[derive(Clone, Debug)]
pub(crate) struct BadWindow {
    /// The number of the window.
    pub(crate) index: usize,
    /// Its key, and the number of the item if that is a list.
    pub(crate) key: (&'static str, Option<usize>),
    /// What is wrong.
    pub(crate) what: String,
    /// What is meant, perhaps.
    pub(crate) help: Option<String>,
}

impl Occurrence {
    /// The window's name, which may be empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When it begins, in RFC 3339.
    pub fn from(&self) -> String {
        rfc3339(&self.from)
    }

    /// When it ends, in RFC 3339.
    pub fn to(&self) -> String {
        rfc3339(&self.to)
    }

    /// The name of its time zone, such as `Europe/London`.
    pub fn zone(&self) -> &str {
        self.from.time_zone().iana_name().unwrap_or("UTC")
    }
}

fn rfc3339(time: &Zoned) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

impl fmt::Display for Occurrence {
    /// `Tuesday 2026-11-24 14:00 to 15:00 Europe/London (infrastructure)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to ", self.from.strftime("%A %Y-%m-%d %H:%M"))?;
        let form = if self.from.date() == self.to.date() { "%H:%M" } else { "%A %Y-%m-%d %H:%M" };
        write!(f, "{} {}", self.to.strftime(form), self.zone())?;
        if self.name.is_empty() { Ok(()) } else { write!(f, " ({})", self.name) }
    }
}

impl Windows {
    /// Reads windows as the project file declares them.
    pub(crate) fn new(rules: &[WindowRule], watch: &[WatchRule]) -> Result<Windows, Vec<BadWindow>> {
        let mut faults = Vec::new();
        let mut windows = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            let mut bad = |key, what: String, help: Option<String>| {
                faults.push(BadWindow { index, key, what, help });
            };
            windows.extend(read(rule, watch, &mut bad));
        }
        if faults.is_empty() { Ok(Windows { windows }) } else { Err(faults) }
    }

    /// Whether the project has none: then there is no time at which a flagged change may be merged unasked.
    pub fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }

    /// Whether changes of files of all these owners may be merged at a point in time.
    pub fn standing(&self, at: Moment, owners: &[&str]) -> Standing {
        if let Some(ends_first) = self.inside(at, owners) {
            return Standing::Inside(ends_first);
        }
        let mut starts: Vec<Occurrence> = Vec::new();
        for window in self.windows.iter().filter(|w| owners.iter().any(|o| w.serves(o))) {
            starts.extend(window.after(at).filter(|o| o.from.timestamp() > at.0));
        }
        starts.sort_by_key(|o| o.from.timestamp());
        let all = |o: &Occurrence| self.inside(Moment(o.from.timestamp()), owners).is_some();
        Standing::Outside(starts.into_iter().find(all))
    }

    /// The window that ends first among those that are open at a time and together serve all owners.
    fn inside(&self, at: Moment, owners: &[&str]) -> Option<Occurrence> {
        let mut first: Option<Occurrence> = None;
        for owner in owners {
            let open = self.windows.iter().filter(|w| w.serves(owner)).filter_map(|w| w.open(at));
            let open = open.max_by_key(|o| o.to.timestamp())?;
            first = match first {
                Some(known) if known.to.timestamp() <= open.to.timestamp() => Some(known),
                _ => Some(open),
            };
        }
        first
    }
}

impl Window {
    fn serves(&self, owner: &str) -> bool {
        self.owners.is_empty() || self.owners.iter().any(|o| o == owner)
    }

    /// The window as it takes place on a day, if it does.
    fn on(&self, day: Date) -> Option<Occurrence> {
        let excepted = self.except.iter().any(|(first, last)| (*first..=*last).contains(&day));
        if excepted || !self.days.contains(&day.weekday()) {
            return None;
        }
        let last = if self.to <= self.from { day.tomorrow().ok()? } else { day };
        let at = |day: Date, time: Time| day.to_datetime(time).to_zoned(self.zone.clone()).ok();
        Some(Occurrence { name: self.name.clone(), from: at(day, self.from)?, to: at(last, self.to)? })
    }

    /// The window as it takes place from the day before a point in time on.
    fn after(&self, at: Moment) -> impl Iterator<Item = Occurrence> + '_ {
        let today = at.0.to_zoned(self.zone.clone()).date();
        let first = today.yesterday().unwrap_or(today);
        first.series(1.day()).take(DAYS_AHEAD).filter_map(|day| self.on(day))
    }

    /// The window as it is open at a point in time.
    fn open(&self, at: Moment) -> Option<Occurrence> {
        // a window lasts a day at most, so it began yesterday or today
        self.after(at).take_while(|o| o.from.timestamp() <= at.0).find(|o| at.0 < o.to.timestamp())
    }
}

type Bad<'a> = &'a mut dyn FnMut((&'static str, Option<usize>), String, Option<String>);

fn read(rule: &WindowRule, watch: &[WatchRule], bad: Bad<'_>) -> Option<Window> {
    let near = |name: &str, known: &mut dyn Iterator<Item = &str>| {
        mwrender_schema::suggest::similar(name, known).map(|n| format!("did you mean `{n}`?"))
    };
    let mut days = Vec::new();
    for (i, name) in rule.days.iter().enumerate() {
        match WEEKDAYS.iter().find(|(n, _)| *n == name.to_lowercase()) {
            Some((_, day)) => days.push(*day),
            None => bad(
                ("days", Some(i)),
                format!("`{name}` is not a weekday"),
                near(&name.to_lowercase(), &mut WEEKDAYS.iter().map(|(n, _)| *n)),
            ),
        }
    }
    if rule.days.is_empty() {
        bad(("days", None), "the window takes place on no weekday".to_string(), None);
    }
    let mut time = |key, text: &str| {
        let read = Time::strptime("%H:%M", text).ok();
        if read.is_none() {
            bad((key, None), format!("`{text}` is not a time of day such as 14:30"), None);
        }
        read
    };
    let (from, to) = (time("from", &rule.from), time("to", &rule.to));
    if from.is_some() && from == to {
        bad(("to", None), format!("the window ends when it begins, at {}", rule.to), None);
    }
    let zone = TimeZone::get(&rule.zone).ok();
    if zone.is_none() {
        let names: Vec<String> = jiff::tz::db().available().map(|n| n.as_str().to_string()).collect();
        let what = format!("`{}` is not a time zone such as Europe/London", rule.zone);
        bad(("zone", None), what, near(&rule.zone, &mut names.iter().map(String::as_str)));
    }
    let mut except = Vec::new();
    for (i, text) in rule.except.iter().enumerate() {
        let date = |text: &str| Date::strptime("%Y-%m-%d", text).ok();
        let range = match text.split_once('/') {
            None => date(text).map(|d| (d, d)),
            Some((first, last)) => date(first).zip(date(last)).filter(|(a, b)| a <= b),
        };
        match range {
            Some(range) => except.push(range),
            None => {
                let what =
                    format!("`{text}` is not a date such as 2026-12-25, or two as 2026-12-21/2027-01-01");
                bad(("except", Some(i)), what, None);
            }
        }
    }
    for (i, owner) in rule.owners.iter().enumerate() {
        let mut known = watch.iter().filter(|w| w.window).map(|w| &*w.owner);
        if !known.clone().any(|o| o == owner) {
            let what = format!("no watch rule with `window: true` has the owner `{owner}`");
            bad(("owners", Some(i)), what, near(owner, &mut known));
        }
    }
    Some(Window {
        name: rule.name.clone(),
        days,
        from: from?,
        to: to?,
        zone: zone?,
        except,
        owners: rule.owners.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(days: &[&str], from: &str, to: &str, zone: &str, except: &[&str]) -> WindowRule {
        let texts = |of: &[&str]| of.iter().map(|t| (*t).to_string()).collect();
        WindowRule {
            name: String::new(),
            days: texts(days),
            from: from.to_string(),
            to: to.to_string(),
            zone: zone.to_string(),
            except: texts(except),
            owners: Vec::new(),
        }
    }

    fn windows(rules: &[WindowRule]) -> Windows {
        Windows::new(rules, &[]).unwrap_or_else(|e| panic!("{e:?}"))
    }

    #[track_caller]
    fn told(windows: &Windows, at: &str) -> String {
        match windows.standing(at.parse().unwrap_or_else(|e| panic!("{e}")), &["puppet"]) {
            Standing::Inside(o) => format!("in {o}"),
            Standing::Outside(Some(o)) => format!("next {o}"),
            Standing::Outside(None) => "none".to_string(),
        }
    }

    #[test]
    fn a_window_begins_and_ends() {
        let w = windows(&[rule(&["tuesday", "Thursday"], "14:00", "15:00", "UTC", &[])]);
        assert_eq!(told(&w, "2026-11-24T13:59:59Z"), "next Tuesday 2026-11-24 14:00 to 15:00 UTC");
        assert_eq!(told(&w, "2026-11-24T14:00:00Z"), "in Tuesday 2026-11-24 14:00 to 15:00 UTC");
        assert_eq!(told(&w, "2026-11-24T14:59:59Z"), "in Tuesday 2026-11-24 14:00 to 15:00 UTC");
        assert_eq!(told(&w, "2026-11-24T15:00:00Z"), "next Thursday 2026-11-26 14:00 to 15:00 UTC");
        assert_eq!(told(&w, "2026-11-27T00:00:00+01:00"), "next Tuesday 2026-12-01 14:00 to 15:00 UTC");
    }

    #[test]
    fn over_midnight() {
        let w = windows(&[rule(&["monday"], "23:00", "01:00", "Asia/Tokyo", &[])]);
        let monday = "Monday 2026-11-23 23:00 to Tuesday 2026-11-24 01:00 Asia/Tokyo";
        assert_eq!(told(&w, "2026-11-23T23:30:00+09:00"), format!("in {monday}"));
        assert_eq!(told(&w, "2026-11-24T00:59:00+09:00"), format!("in {monday}"));
        assert!(told(&w, "2026-11-24T01:00:00+09:00").starts_with("next Monday 2026-11-30"));
        // Monday begins with nothing of Sunday's
        assert_eq!(told(&w, "2026-11-23T00:30:00+09:00"), format!("next {monday}"));
        // an exception is about the day on which the window begins
        let w = windows(&[rule(&["monday"], "23:00", "01:00", "Asia/Tokyo", &["2026-11-24"])]);
        assert_eq!(told(&w, "2026-11-24T00:30:00+09:00"), format!("in {monday}"));
        let w = windows(&[rule(&["monday"], "23:00", "01:00", "Asia/Tokyo", &["2026-11-23"])]);
        assert!(told(&w, "2026-11-24T00:30:00+09:00").starts_with("next Monday 2026-11-30"));
    }

    #[test]
    fn clocks_change() {
        let sunday = |from, to| windows(&[rule(&["sunday"], from, to, "Europe/London", &[])]);
        // local time stays, UTC does not: British Summer Time ends on 2026-10-25
        let w = windows(&[rule(&["saturday", "monday"], "14:00", "15:00", "Europe/London", &[])]);
        assert!(told(&w, "2026-10-24T13:30:00Z").starts_with("in Saturday"));
        assert!(told(&w, "2026-10-26T13:30:00Z").starts_with("next Monday 2026-10-26"));
        assert!(told(&w, "2026-10-26T14:30:00Z").starts_with("in Monday"));
        // 01:00 to 02:00 does not exist on 2026-03-29: the window is an hour later, at 02:15 BST
        let w = sunday("01:15", "01:45");
        assert!(told(&w, "2026-03-29T01:10:00Z").starts_with("next Sunday 2026-03-29 02:15 to 02:45"));
        assert!(told(&w, "2026-03-29T01:30:00Z").starts_with("in Sunday"));
        // and is there twice on 2026-10-25: the first counts
        assert!(told(&w, "2026-10-25T00:30:00Z").starts_with("in Sunday"));
        assert!(told(&w, "2026-10-25T01:30:00Z").starts_with("next Sunday 2026-11-01"));
        // a window around the change is as long as the clock says
        let w = sunday("00:30", "03:00");
        assert!(told(&w, "2026-10-25T02:59:00Z").starts_with("in Sunday"));
        assert!(told(&w, "2026-10-25T03:00:00Z").starts_with("next Sunday"));
        assert!(told(&w, "2026-03-29T02:00:00Z").starts_with("next Sunday 2026-04-05"));
    }

    #[test]
    fn exceptions() {
        let w =
            windows(&[rule(&["tuesday"], "14:00", "15:00", "UTC", &["2026-11-24", "2026-12-01/2026-12-15"])]);
        assert_eq!(told(&w, "2026-11-24T14:30:00Z"), "next Tuesday 2026-12-22 14:00 to 15:00 UTC");
        let always = rule(&["tuesday"], "14:00", "15:00", "UTC", &["2026-01-01/2028-12-31"]);
        assert_eq!(told(&windows(&[always]), "2026-11-24T14:30:00Z"), "none");
    }

    #[test]
    fn all_owners_must_be_served() {
        let of = |owner: &str, from: &str, to: &str| WindowRule {
            owners: vec![owner.to_string()],
            ..rule(&["tuesday"], from, to, "UTC", &[])
        };
        let watched = |owner: &str| WatchRule {
            paths: Vec::new(),
            except: Vec::new(),
            releases: None,
            owner: owner.to_string(),
            window: true,
            reason: String::new(),
            next: String::new(),
        };
        let rules = [of("puppet", "12:00", "14:00"), of("network", "13:00", "15:00")];
        let w = Windows::new(&rules, &[watched("puppet"), watched("network")]);
        let w = w.unwrap_or_else(|e| panic!("{e:?}"));
        let standing =
            |at: &str, owners: &[&str]| w.standing(at.parse().unwrap_or_else(|e| panic!("{e}")), owners);
        let inside = |at, owners| matches!(standing(at, owners), Standing::Inside(_));
        assert!(inside("2026-11-24T12:30:00Z", &["puppet"]));
        assert!(!inside("2026-11-24T12:30:00Z", &["network"]));
        assert!(!inside("2026-11-24T12:30:00Z", &["puppet", "network"]));
        assert!(inside("2026-11-24T13:30:00Z", &["puppet", "network"]));
        // the next one is when both are open
        let Standing::Outside(Some(next)) = standing("2026-11-24T12:30:00Z", &["puppet", "network"]) else {
            panic!("outside")
        };
        assert_eq!(
            (next.from(), next.to()),
            ("2026-11-24T13:00:00+00:00".into(), "2026-11-24T15:00:00+00:00".into())
        );
        assert_eq!(standing("2026-11-24T13:30:00Z", &["nobody"]), Standing::Outside(None));
    }
}
