//! When an office works: intervals of a day, hours of a week, Polish public holidays. Must not know of slots, places or
//! today's date.

use okienko_kernel::civil::Weekday;
use okienko_kernel::{Day, TimeOfDay};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// From `open` to `close` of one local day, `close` exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Interval {
    /// First minute.
    pub open: TimeOfDay,
    /// The closing minute, exclusive.
    pub close: TimeOfDay,
}

impl Interval {
    /// Minutes from opening to closing; 0 when it closes before it opens.
    pub fn minutes(&self) -> u16 {
        self.close.minutes().saturating_sub(self.open.minutes())
    }
    /// What of it lies within the other one.
    pub fn within(&self, other: &Interval) -> Option<Interval> {
        let both = Interval { open: self.open.max(other.open), close: self.close.min(other.close) };
        (both.open < both.close).then_some(both)
    }
}

/// The intervals of each weekday; a weekday that is missing is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WeekHours(pub BTreeMap<Weekday, Vec<Interval>>);

impl WeekHours {
    /// The intervals of that weekday, in order; empty when closed.
    pub fn on(&self, weekday: Weekday) -> &[Interval] {
        self.0.get(&weekday).map_or(&[], Vec::as_slice)
    }
    /// Whether no weekday has an interval.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(Vec::is_empty)
    }
}

/// Whether that day is a day off by the Polish act on public holidays (24 December since 2025).
pub fn is_public_holiday(day: Day) -> bool {
    const FIXED: [(i8, i8); 9] =
        [(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)];
    let (year, month, of_month) = day.parts();
    if FIXED.contains(&(month, of_month)) || (year >= 2025 && (month, of_month) == (12, 24)) {
        return true;
    }
    // Easter Sunday, Easter Monday, Pentecost, Corpus Christi.
    easter(year).is_some_and(|sunday| matches!(day.days_since(sunday), 0 | 1 | 49 | 60))
}

/// The public holidays of a year, in order.
pub fn public_holidays(year: i16) -> Vec<Day> {
    let first = Day::new(year, 1, 1);
    first.map_or_else(Vec::new, |first| {
        (0..366)
            .map(|n| first.plus_days(n))
            .filter(|d| d.parts().0 == year && is_public_holiday(*d))
            .collect()
    })
}

/// Easter Sunday of the Gregorian calendar (the rule of Meeus, Jones and Butcher); `None` outside 1583–9999.
pub fn easter(year: i16) -> Option<Day> {
    if !(1583..=9999).contains(&year) {
        return None;
    }
    let y = i32::from(year);
    let golden = y % 19;
    let (century, of_century) = (y / 100, y % 100);
    let correction = (century + 8) / 25;
    let moon = (19 * golden + century - century / 4 - (century - correction + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let late = (golden + 11 * moon + 22 * weekday) / 451;
    let days = moon + weekday - 7 * late + 114;
    Day::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(texts: &[&str]) -> Vec<Day> {
        texts.iter().map(|t| t.parse().unwrap()).collect()
    }

    #[test]
    fn easter_falls_on_the_published_sundays() {
        let published =
            days(&["2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "2285-03-22"]);
        for day in published {
            assert_eq!(easter(day.parts().0), Some(day));
        }
    }

    #[test]
    fn a_year_has_the_fourteen_days_off_of_the_act() {
        let expected = days(&[
            "2026-01-01",
            "2026-01-06",
            "2026-04-05",
            "2026-04-06",
            "2026-05-01",
            "2026-05-03",
            "2026-05-24",
            "2026-06-04",
            "2026-08-15",
            "2026-11-01",
            "2026-11-11",
            "2026-12-24",
            "2026-12-25",
            "2026-12-26",
        ]);
        assert_eq!(public_holidays(2026), expected);
        for corpus_christi in days(&["2025-06-19", "2027-05-27", "2028-06-15"]) {
            assert!(is_public_holiday(corpus_christi), "{corpus_christi}");
        }
    }

    #[test]
    fn christmas_eve_is_off_only_since_2025() {
        assert_eq!(
            days(&["2024-12-24", "2025-12-24"]).into_iter().map(is_public_holiday).collect::<Vec<_>>(),
            [false, true]
        );
    }
}
