//! Local calendar days, times of day, and the zone that converts them to moments and back. Offices think in local
//! wall-clock time; around a clock change some local times occur twice and some never.
//!
//! Uses the time zone database bundled with jiff; knows nothing of opening hours or of "now".

use crate::moment::{Moment, Span};
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A local calendar day, `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct Day(Date);

/// A local time of day to the minute, `HH:MM`, from 00:00 to 23:59.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

/// A malformed day, time of day, zone name or instant; the text says how to write it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotCivil(String);

/// Monday to Sunday, in the order of the week.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Day 0 of [`Day::number`]: ids store days in 16 bits, which lasts until 2199.
const EPOCH: Date = jiff::civil::date(2020, 1, 1);

impl Day {
    /// `None` when the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().map(Day)
    }
    /// Days since 2020-01-01, as stored in ids; `None` before that date or after 2199.
    pub fn number(self) -> Option<u16> {
        let days = self.0.since((jiff::Unit::Day, EPOCH)).ok()?.get_days();
        u16::try_from(days).ok()
    }
    /// The inverse of [`Day::number`].
    pub fn from_number(number: u16) -> Day {
        Day(EPOCH.saturating_add(jiff::Span::new().days(i64::from(number))))
    }
    /// The day `days` later (earlier when negative).
    pub fn plus_days(self, days: i64) -> Day {
        let days = days.clamp(-4_000_000, 4_000_000);
        Day(self.0.saturating_add(jiff::Span::new().days(days)))
    }
    /// Days from `earlier` to this day; negative when this day is before it.
    pub fn days_since(self, earlier: Day) -> i64 {
        self.0.since((jiff::Unit::Day, earlier.0)).map_or(0, |span| i64::from(span.get_days()))
    }
    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        match self.0.weekday() {
            jiff::civil::Weekday::Monday => Weekday::Monday,
            jiff::civil::Weekday::Tuesday => Weekday::Tuesday,
            jiff::civil::Weekday::Wednesday => Weekday::Wednesday,
            jiff::civil::Weekday::Thursday => Weekday::Thursday,
            jiff::civil::Weekday::Friday => Weekday::Friday,
            jiff::civil::Weekday::Saturday => Weekday::Saturday,
            jiff::civil::Weekday::Sunday => Weekday::Sunday,
        }
    }
    /// Year, month 1–12, day of month 1–31.
    pub fn parts(self) -> (i16, i8, i8) {
        (self.0.year(), self.0.month(), self.0.day())
    }
}

/// The last two decimal digits of a number, as ASCII.
fn two_digits(number: u16) -> [u8; 2] {
    [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8]
}

// Days and times appear in every key, event and answer, so they are formatted by hand: a general date formatter took a
// fifth of the time of rendering a month.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(year) = u16::try_from(self.0.year()) else { return write!(f, "{}", self.0) };
        let ([a, b], [c, d]) = (two_digits(year / 100), two_digits(year % 100));
        let [e, g] = two_digits(self.0.month().unsigned_abs().into());
        let [h, i] = two_digits(self.0.day().unsigned_abs().into());
        let signs = [a, b, c, d, b'-', e, g, b'-', h, i];
        f.write_str(std::str::from_utf8(&signs).unwrap_or_default())
    }
}
impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl FromStr for Day {
    type Err = NotCivil;
    fn from_str(text: &str) -> Result<Self, NotCivil> {
        let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let wrong = || NotCivil("a day is written YYYY-MM-DD".into());
        if !plain {
            return Err(wrong());
        }
        text.parse().map(Day).map_err(|_| wrong())
    }
}

impl TimeOfDay {
    /// Midnight at the start of a day.
    pub const MIDNIGHT: TimeOfDay = TimeOfDay(0);

    /// Hour 0–23, minute 0–59; `None` outside that range.
    pub const fn new(hour: u16, minute: u16) -> Option<TimeOfDay> {
        if hour < 24 && minute < 60 { Some(TimeOfDay(hour * 60 + minute)) } else { None }
    }
    /// Minutes since midnight, 0–1439; `None` outside that range.
    pub const fn from_minutes(minutes: u16) -> Option<TimeOfDay> {
        if minutes < 1440 { Some(TimeOfDay(minutes)) } else { None }
    }
    /// Minutes since midnight.
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ([a, b], [c, d]) = (two_digits(self.0 / 60), two_digits(self.0 % 60));
        f.write_str(std::str::from_utf8(&[a, b, b':', c, d]).unwrap_or_default())
    }
}
impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for TimeOfDay {
    type Err = NotCivil;
    fn from_str(text: &str) -> Result<Self, NotCivil> {
        let parse = || {
            let (hour, minute) = text.split_once(':')?;
            let digits = |s: &str| s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit());
            if !digits(hour) || !digits(minute) {
                return None;
            }
            TimeOfDay::new(hour.parse().ok()?, minute.parse().ok()?)
        };
        parse().ok_or_else(|| NotCivil("a time is written HH:MM, from 00:00 to 23:59".into()))
    }
}
impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A time zone by its IANA name, e.g. `Europe/Warsaw`.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Looks the zone up by its IANA name, e.g. `Europe/Warsaw`.
    pub fn named(name: &str) -> Result<Zone, NotCivil> {
        TimeZone::get(name)
            .map(Zone)
            .map_err(|_| NotCivil(format!("no time zone is called {name}; write for example Europe/Warsaw")))
    }
    /// Coordinated universal time.
    pub fn utc() -> Zone {
        Zone(TimeZone::UTC)
    }
    /// The IANA name; `UTC` for a zone without one.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
    /// When it is `time` on `day` in this zone. `None` when a clock change skips that time; the earlier of the two when
    /// it occurs twice.
    pub fn moment(&self, day: Day, time: TimeOfDay) -> Option<Moment> {
        let wall = day.0.at((time.0 / 60) as i8, (time.0 % 60) as i8, 0, 0);
        let zoned = self.0.to_ambiguous_timestamp(wall);
        if matches!(zoned.offset(), AmbiguousOffset::Gap { .. }) {
            return None;
        }
        zoned.earlier().ok().map(|at| Moment::from_micros(at.as_microsecond()))
    }
    /// The first moment of `day` in this zone.
    pub fn start_of(&self, day: Day) -> Moment {
        let zoned = day.0.to_zoned(self.0.clone()).and_then(|z| z.start_of_day());
        zoned.map_or(Moment::default(), |z| Moment::from_micros(z.timestamp().as_microsecond()))
    }
    /// The local day and minute of a moment; seconds are truncated.
    pub fn local(&self, at: Moment) -> (Day, TimeOfDay) {
        let zoned = timestamp(at).to_zoned(self.0.clone());
        let minutes = zoned.hour() as u16 * 60 + zoned.minute() as u16;
        (Day(zoned.date()), TimeOfDay(minutes.min(1439)))
    }
    /// RFC 3339 with this zone's offset at that moment, to the second: `2026-12-01T09:20:00+01:00`.
    pub fn rfc3339(&self, at: Moment) -> String {
        let whole = jiff::Timestamp::from_second(at.seconds()).unwrap_or_default();
        whole.display_with_offset(self.0.to_offset(whole)).to_string()
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Zone::named(&name).map_err(serde::de::Error::custom)
    }
}

/// RFC 3339 in UTC to the microsecond, for exchange between programs.
pub fn exact_rfc3339(at: Moment) -> String {
    timestamp(at).to_string()
}

/// Parses an RFC 3339 instant with an offset (`2026-12-01T07:30:00+01:00` or `…Z`).
pub fn parse_rfc3339(text: &str) -> Result<Moment, NotCivil> {
    let at: jiff::Timestamp = text.parse().map_err(|_| {
        NotCivil("an instant is written with its offset, e.g. 2026-12-01T07:30:00+01:00".into())
    })?;
    Ok(Moment::from_micros(at.as_microsecond()))
}

/// Parses an ISO 8601 duration of at most a year in units no larger than hours (`PT15M`, `PT1H30M`, `PT90S`).
pub fn parse_iso_span(text: &str) -> Result<Span, NotCivil> {
    let wrong = || NotCivil("a length of time is written like PT15M or PT1H30M".into());
    let length: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    i64::try_from(length.as_micros()).map(Span::from_micros).map_err(|_| wrong())
}

fn timestamp(at: Moment) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warsaw() -> Zone {
        Zone::named("Europe/Warsaw").unwrap()
    }
    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
    fn time(text: &str) -> TimeOfDay {
        text.parse().unwrap()
    }

    #[test]
    fn a_local_time_that_the_clock_jumps_over_has_no_moment() {
        assert_eq!(warsaw().moment(day("2027-03-28"), time("02:30")), None);
        assert!(warsaw().moment(day("2027-03-28"), time("03:00")).is_some());
    }

    #[test]
    fn a_local_time_that_comes_twice_means_its_first_coming() {
        let twice = warsaw().moment(day("2026-10-25"), time("02:30")).unwrap();
        assert_eq!(warsaw().rfc3339(twice), "2026-10-25T02:30:00+02:00");
    }

    #[test]
    fn days_of_the_change_of_clock_have_23_and_25_hours() {
        let hours = |d: &str| {
            let d = day(d);
            warsaw().start_of(d.plus_days(1)).since(warsaw().start_of(d)).micros() / 3_600_000_000
        };
        assert_eq!((hours("2027-03-28"), hours("2026-10-25"), hours("2026-12-01")), (23, 25, 24));
    }

    #[test]
    fn moments_are_written_with_the_zones_offset_and_read_back() {
        let at = parse_rfc3339("2026-12-01T07:30:00+01:00").unwrap();
        assert_eq!(warsaw().rfc3339(at), "2026-12-01T07:30:00+01:00");
        assert_eq!(warsaw().local(at), (day("2026-12-01"), time("07:30")));
    }

    #[test]
    fn malformed_texts_are_refused() {
        for text in ["2026-13-01", "2026-1-1", "01.12.2026", "2026-12-01T00:00", ""] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
        for text in ["24:00", "9:20", "09:60", "0920", "09:2a"] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
        assert!(parse_iso_span("15 minutes please").is_err());
        assert_eq!(parse_iso_span("PT15M").unwrap(), Span::from_mins(15));
    }

    #[test]
    fn every_day_is_written_as_the_library_writes_it_and_every_minute_reads_back() {
        for number in (0..=u16::MAX).step_by(7) {
            let day = Day::from_number(number);
            assert_eq!(day.to_string(), day.0.to_string());
            assert_eq!(serde_json::to_string(&day).unwrap(), serde_json::to_string(&day.0).unwrap());
        }
        for (year, month, day) in
            [(0, 1, 1), (1, 12, 31), (999, 2, 28), (9999, 12, 31), (-1, 1, 1), (-9999, 1, 1)]
        {
            let day = Day::new(year, month, day).unwrap();
            assert_eq!((day.to_string(), format!("{day:?}")), (day.0.to_string(), day.0.to_string()));
        }
        for minutes in 0..1440 {
            let at = TimeOfDay::from_minutes(minutes).unwrap();
            assert_eq!(at.to_string(), format!("{:02}:{:02}", minutes / 60, minutes % 60));
            assert_eq!(time(&at.to_string()), at);
        }
    }

    #[test]
    fn day_numbers_go_there_and_back() {
        for text in ["2020-01-01", "2026-12-01", "2199-06-06"] {
            assert_eq!(Day::from_number(day(text).number().unwrap()), day(text));
        }
        assert_eq!(day("2019-12-31").number(), None);
    }
}
