//! How long somebody who waits will wait: from who is before them, which counters are open, and how long visits of the
//! day take. Pure: no clock, no chance; the same hall gives the same answer on a kiosk's paper and on a phone. Knows
//! neither journal nor board; what it is told are indexes, lengths and moments.

mod hall;
mod length;
mod pace;
mod range;

pub use hall::{Coming, Counter, Forecast, Hall, LINE_MOST, Person, Visit, seed_of};
pub use length::{Length, UNPLANNED};
pub use pace::Pace;
pub use range::Range;

use okienko_kernel::Span;

/// The usual wait of one with `ahead` people before: each needs a visit's length of one of the `open` counters; those
/// that are free take the first at once. `None` while no counter is open. For those who must be told in time: cheap, and
/// needs no clock.
pub fn usual_wait(ahead: u64, open: u64, free: u64, visit: Span) -> Option<Span> {
    if open == 0 {
        return None;
    }
    let turns = i64::try_from(ahead.saturating_add(1).saturating_sub(free)).unwrap_or(i64::MAX);
    let open = i64::try_from(open).unwrap_or(i64::MAX);
    Some(Span::from_micros(turns.saturating_mul(visit.micros()) / open))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_one_ahead_needs_a_visit_and_free_counters_take_the_first() {
        let minutes = |ahead, open, free| {
            usual_wait(ahead, open, free, Span::from_mins(10)).map(|wait| wait.micros() / 60_000_000)
        };
        assert_eq!(minutes(0, 0, 0), None, "nobody is there to call");
        assert_eq!(minutes(0, 1, 1), Some(0));
        assert_eq!(minutes(0, 1, 0), Some(10));
        assert_eq!(minutes(5, 2, 0), Some(30));
        assert_eq!(minutes(5, 2, 2), Some(20));
        assert_eq!(minutes(u64::MAX, 1, 0), Some(i64::MAX / 60_000_000));
    }
}
