//! Hours, pools and the shifts of their people, key by key. Must not know what must be consistent: that is `check`'s job.

use super::read::{must, word};
use super::report::Report;
use super::section::{Section, number, parsed, text};
use crate::calendar::{Interval, WeekHours};
use crate::data::{DaysBefore, Pool, Shift};
use okienko_kernel::TimeOfDay;
use okienko_kernel::civil::Weekday;
use toml::de::DeValue;

const WEEK: [(Weekday, &str); 7] = [
    (Weekday::Monday, "monday"),
    (Weekday::Tuesday, "tuesday"),
    (Weekday::Wednesday, "wednesday"),
    (Weekday::Thursday, "thursday"),
    (Weekday::Friday, "friday"),
    (Weekday::Saturday, "saturday"),
    (Weekday::Sunday, "sunday"),
];

/// The hours of a week.
pub(super) fn hours(s: &mut Section<'_>, needed: bool, report: &mut Report) -> Option<WeekHours> {
    const EXAMPLE: &str = "{ monday = [\"07:30-15:30\"] }";
    if needed {
        s.require("hours", EXAMPLE, report);
    }
    let mut week = s.table("hours", EXAMPLE, report)?;
    let mut hours = WeekHours::default();
    for (weekday, name) in WEEK {
        if let Some(mut intervals) = week.list(name, "\"07:30-15:30\"", interval, report) {
            intervals.sort();
            hours.0.insert(weekday, intervals);
        }
    }
    week.finish(report);
    Some(hours)
}

/// A pool. Its capacity may be left out where it has shifts, and is then what these come to at most.
pub(super) fn pool(mut s: Section<'_>, report: &mut Report) -> Pool {
    let shifts: Vec<Shift> = s.tables("shifts", report).into_iter().map(|s| shift(s, report)).collect();
    let together = WEEK.map(|(day, _)| most_at_once(&shifts, day)).into_iter().max().unwrap_or_default();
    let capacity = match shifts.is_empty() {
        true => s.need("capacity", "3", number, report).unwrap_or(1),
        false => s.may("capacity", "3", number, report).unwrap_or(together),
    };
    let until = s.table("reserved_until", "reserved_until = { days_before = 1, at = \"12:00\" }", report);
    let pool = Pool {
        id: s.need("id", "\"dowody\"", text, report).unwrap_or_default(),
        number: s.need("number", "1", number, report).unwrap_or_default(),
        location: s.need("location", "\"glowny\"", text, report).unwrap_or_default(),
        slot_minutes: s.need("slot_minutes", "15", number, report).unwrap_or(1),
        capacity,
        shifts,
        reserved: s.may("reserved", "1", number, report).unwrap_or_default(),
        reserved_until: until.map(|s| days_before(s, report)),
        hours: hours(&mut s, false, report),
        prefix: s.need("prefix", "\"R\"", text, report).unwrap_or_default(),
        code_digit: s.need("code_digit", "0", number, report).unwrap_or(u8::MAX),
        reappear_after_min: s.may("reappear_after_min", "0", number, report).unwrap_or_default(),
        services: must(&mut s, "services", "\"id-of-service\"", text, report),
    };
    s.finish(report);
    pool
}

/// The most people of one weekday who are there at once.
fn most_at_once(shifts: &[Shift], day: Weekday) -> u32 {
    let shifts = || shifts.iter().filter(|shift| shift.is_on(day));
    let there = |at: TimeOfDay| {
        let worked = |shift: &&Shift| shift.without_breaks().iter().any(|it| it.open <= at && at < it.close);
        shifts().filter(worked).fold(0_u32, |sum, shift| sum.saturating_add(shift.people))
    };
    let comings = shifts().flat_map(Shift::without_breaks).map(|it| it.open);
    comings.map(there).max().unwrap_or_default()
}

fn days_before(mut s: Section<'_>, report: &mut Report) -> DaysBefore {
    let release = DaysBefore {
        days_before: s.need("days_before", "1", number, report).unwrap_or_default(),
        at: s.need("at", "\"12:00\"", parsed, report).unwrap_or(TimeOfDay::MIDNIGHT),
    };
    s.finish(report);
    release
}

fn shift(mut s: Section<'_>, report: &mut Report) -> Shift {
    let mut breaks = s.list("breaks", "\"11:00-11:15\"", interval, report).unwrap_or_default();
    breaks.sort();
    let all_day = Interval { open: TimeOfDay::MIDNIGHT, close: TimeOfDay::MIDNIGHT };
    let shift = Shift {
        people: s.need("people", "2", number, report).unwrap_or(1),
        hours: s.need("hours", "\"07:30-15:30\"", interval, report).unwrap_or(all_day),
        breaks,
        days: s.list("days", "\"monday\"", weekday, report).unwrap_or_default(),
    };
    s.finish(report);
    shift
}

fn interval(value: &DeValue<'_>) -> Result<Interval, String> {
    let text = text(value)?;
    let (open, close) = text.split_once('-').ok_or("is not from-to")?;
    let time = |part: &str| part.trim().parse().map_err(|error| format!("is {text:?}: {error}"));
    let interval = Interval { open: time(open)?, close: time(close)? };
    if interval.close <= interval.open {
        Err(format!("is {text:?}: it closes before it opens"))
    } else {
        Ok(interval)
    }
}

fn weekday(value: &DeValue<'_>) -> Result<Weekday, String> {
    word(value, &WEEK)
}
