//! Go's `time.Time`: an instant and the zone that it is shown in.

#![expect(clippy::cast_sign_loss, reason = "days and months are positive")]

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A zone.
#[derive(Clone, Debug)]
pub(super) enum Zone {
    Utc,
    /// That of the machine in Go; UTC here, so that renders do not depend on the machine.
    Local,
    Named(TimeZone),
    /// What a text said: its abbreviation, and seconds east of Greenwich.
    Fixed(String, i32),
}

/// An instant with a zone.
#[derive(Clone, Debug)]
pub(super) struct Instant {
    /// Seconds since 1970.
    pub(super) seconds: i64,
    pub(super) nanos: u32,
    pub(super) zone: Zone,
}

/// A date and time of day in a zone.
#[derive(Clone, Debug)]
pub(super) struct Civil {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: u32,
    pub(super) day: u32,
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
    pub(super) nanos: u32,
    /// From 0, which is Sunday.
    pub(super) weekday: u32,
    /// From 1.
    pub(super) day_of_year: u32,
    pub(super) abbreviation: String,
    /// Seconds east of Greenwich.
    pub(super) offset: i32,
}

const DAY: i64 = 86_400;

impl Zone {
    /// What Go calls it.
    pub(super) fn name(&self) -> &str {
        match self {
            Zone::Utc => "UTC",
            Zone::Local => "Local",
            Zone::Named(zone) => zone.iana_name().unwrap_or_default(),
            // from an offset it has an abbreviation only where it is printed
            Zone::Fixed(name, _) if name.starts_with(['+', '-']) => "",
            Zone::Fixed(name, _) => name,
        }
    }
}

impl Instant {
    /// The first second of year 1, which Go's time is if nobody sets it.
    pub(super) const ZERO: Instant = Instant { seconds: -62_135_596_800, nanos: 0, zone: Zone::Utc };

    pub(super) fn unix(seconds: i64) -> Instant {
        Instant { seconds, nanos: 0, zone: Zone::Utc }
    }

    /// The clock of the machine.
    pub(super) fn now() -> Instant {
        let now = super::now();
        Instant { seconds: now.as_second(), nanos: now.subsec_nanosecond().unsigned_abs(), zone: Zone::Utc }
    }

    /// The same instant in a zone by its name.
    pub(super) fn within(&self, zone: &str) -> Instant {
        let zone = match zone {
            "" | "UTC" => Zone::Utc,
            "Local" => Zone::Local,
            name => TimeZone::get(name).map_or(Zone::Utc, Zone::Named),
        };
        Instant { zone, ..self.clone() }
    }

    pub(super) fn plus(&self, nanos: i64) -> Instant {
        let total = i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanos) + i128::from(nanos);
        let seconds = total.div_euclid(1_000_000_000) as i64;
        Instant { seconds, nanos: total.rem_euclid(1_000_000_000) as u32, zone: self.zone.clone() }
    }

    /// Nanoseconds from another instant, as far as they fit.
    pub(super) fn since(&self, other: &Instant) -> i64 {
        let total = |i: &Instant| i128::from(i.seconds) * 1_000_000_000 + i128::from(i.nanos);
        let between = total(self) - total(other);
        i64::try_from(between).unwrap_or(if between < 0 { i64::MIN } else { i64::MAX })
    }

    /// Nanoseconds since the last multiple of a duration from Go's zero time.
    pub(super) fn behind(&self, nanos: i64) -> i64 {
        if nanos <= 0 {
            return 0;
        }
        let since = i128::from(self.seconds - Instant::ZERO.seconds) * 1_000_000_000 + i128::from(self.nanos);
        since.rem_euclid(i128::from(nanos)) as i64
    }

    /// Whether the zone has daylight saving time then.
    pub(super) fn is_summer(&self) -> bool {
        match &self.zone {
            Zone::Named(zone) => zone.to_offset_info(self.near()).dst().is_dst(),
            _ => false,
        }
    }

    /// The instant, or one as far as rules of zones go, in a year that begins on the same day.
    fn near(&self) -> Timestamp {
        let cycle = 146_097 * DAY;
        let seconds = match self.seconds {
            late if late > 253_000_000_000 => 240_000_000_000 + (late - 240_000_000_000).rem_euclid(cycle),
            early => early.max(-377_000_000_000),
        };
        Timestamp::from_second(seconds).unwrap_or_default()
    }

    fn offset(&self) -> (i32, String) {
        match &self.zone {
            Zone::Utc | Zone::Local => (0, "UTC".to_owned()),
            Zone::Fixed(name, offset) => (*offset, name.clone()),
            Zone::Named(zone) => {
                let info = zone.to_offset_info(self.near());
                (info.offset().seconds(), info.abbreviation().to_owned())
            }
        }
    }

    pub(super) fn civil(&self) -> Civil {
        let (offset, abbreviation) = self.offset();
        let local = self.seconds.saturating_add(i64::from(offset));
        let (days, rest) = (local.div_euclid(DAY), local.rem_euclid(DAY) as u32);
        let (year, month, day) = date_of(days);
        Civil {
            year,
            month,
            day,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            nanos: self.nanos,
            weekday: (days + 4).rem_euclid(7) as u32,
            day_of_year: (days - days_of(year, 1, 1)) as u32 + 1,
            abbreviation,
            offset,
        }
    }
}

/// Days since 1970 of a date; months and days may be out of range.
pub(super) fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year + (month - 1).div_euclid(12);
    let month = (month - 1).rem_euclid(12) + 1;
    // years that begin in March end with their leap day
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn date_of(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = (of_year - (153 * month + 2) / 5 + 1) as u32;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month as u32, day)
}

/// How many days a month has.
pub(super) fn days_in(year: i64, month: u32) -> u32 {
    (days_of(year, i64::from(month) + 1, 1) - days_of(year, i64::from(month), 1)) as u32
}

/// An instant of a date and time of day that a zone shows.
pub(super) fn of_civil(date: (i64, i64, i64), seconds: i64, nanos: u32, zone: Zone) -> Instant {
    let local = days_of(date.0, date.1, date.2) * DAY + seconds;
    let mut instant = Instant { seconds: local, nanos, zone };
    // Go takes the offset of the instant that the time would be in UTC, and looks again
    let first = i64::from(instant.offset().0);
    instant.seconds = local - first;
    let second = i64::from(instant.offset().0);
    if second != first {
        instant.seconds = local - second;
    }
    instant
}
