//! When a text message that can wait may be delivered: not at night. Must not know of messages.

use super::Office;
use okienko_kernel::{Moment, TimeOfDay};
use std::ops::Range;

/// The minutes of the local day in which people are awake.
pub const WAKING: Range<u16> = 7 * 60..21 * 60;

impl Office {
    /// When the current night ends; `None` by day.
    pub fn night_ends(&self, now: Moment) -> Option<Moment> {
        let (day, time) = self.zone.local(now);
        let today = match time.minutes() {
            minutes if WAKING.contains(&minutes) => return None,
            minutes => minutes < WAKING.start,
        };
        let morning = TimeOfDay::from_minutes(WAKING.start)?;
        self.zone.moment(if today { day } else { day.plus_days(1) }, morning)
    }
}

#[cfg(test)]
mod tests {
    use crate::samples::small_office;
    use okienko_kernel::civil::parse_rfc3339;

    #[test]
    fn the_night_ends_at_seven_local_time() {
        let office = small_office();
        let at = |text: &str| parse_rfc3339(text).unwrap();
        for (now, ends) in [
            ("2026-12-01T20:59:59+01:00", None),
            ("2026-12-01T21:00:00+01:00", Some("2026-12-02T07:00:00+01:00")),
            ("2026-12-02T00:00:00+01:00", Some("2026-12-02T07:00:00+01:00")),
            ("2026-12-02T06:59:59+01:00", Some("2026-12-02T07:00:00+01:00")),
            ("2026-12-02T07:00:00+01:00", None),
            // The night in which clocks go forward.
            ("2027-03-27T23:30:00+01:00", Some("2027-03-28T07:00:00+02:00")),
        ] {
            assert_eq!(office.night_ends(at(now)), ends.map(at), "{now}");
        }
    }
}
