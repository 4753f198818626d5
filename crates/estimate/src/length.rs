//! How long visits of one service take: what was planned, moved by what the day has shown, with spread. In seconds as
//! floating numbers; knows no ticket.

use okienko_kernel::Span;
use serde::{Deserialize, Serialize};

/// A service without a planned length.
pub const UNPLANNED: Span = Span::from_mins(10);
/// A visit that seems longer than this was left open by mistake.
const LONGEST_S: i64 = 120 * 60;
/// The planned length counts as much as so many real visits.
const PLANNED_COUNTS: i64 = 3;
/// Spread of visits before any were seen, as a share of their length; counts as much as so many real ones.
const PLANNED_SPREAD: f64 = 0.55;
const SPREAD_COUNTS: f64 = 5.0;
/// How far a plan is off before any visit was seen, as a share of it.
const PLAN_OFF: f64 = 0.25;

/// Real visits of one service so far; whole seconds, so that equal days compare equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitLengths {
    count: i64,
    sum_s: i64,
    sum_s2: i64,
}

/// The length of a service's visits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Length {
    /// The mean, seconds.
    pub mean_s: f64,
    /// Standard deviation of one visit, seconds.
    pub spread_s: f64,
    /// How far the mean itself may be off, as a share of it.
    pub off: f64,
}

impl VisitLengths {
    /// One visit more.
    pub fn add(&mut self, took: Span) {
        let seconds = (took.micros() / 1_000_000).clamp(0, LONGEST_S);
        self.count += 1;
        self.sum_s += seconds;
        self.sum_s2 += seconds * seconds;
    }

    /// How many, and how long together.
    pub fn total(&self) -> (i64, Span) {
        (self.count, Span::from_secs(self.sum_s))
    }
}

impl Length {
    /// A service planned with so many minutes (0: not planned) of which these visits were seen.
    pub fn of(planned_min: u32, seen: VisitLengths) -> Length {
        let planned = planned_s(planned_min);
        let count = seen.count as f64;
        let mean = (planned * PLANNED_COUNTS as f64 + seen.sum_s as f64) / (count + PLANNED_COUNTS as f64);
        let about_mean = seen.sum_s2 as f64 - 2.0 * mean * seen.sum_s as f64 + count * mean * mean;
        let first = PLANNED_SPREAD * mean;
        let spread2 = (first * first * SPREAD_COUNTS + about_mean.max(0.0)) / (SPREAD_COUNTS + count);
        let off = PLAN_OFF * (PLANNED_COUNTS as f64 / (count + PLANNED_COUNTS as f64)).sqrt();
        Length { mean_s: mean.max(1.0), spread_s: spread2.sqrt(), off }
    }

    /// The mean of several services that are called from one line, for what needs no spread.
    pub fn mean_of(services: impl Iterator<Item = (u32, VisitLengths)>) -> Span {
        let (mut services_count, mut planned, mut count, mut sum) = (0, 0i64, PLANNED_COUNTS, 0i64);
        for (minutes, seen) in services {
            services_count += 1;
            planned = planned.saturating_add(planned_span(minutes).micros());
            count += seen.count;
            sum = sum.saturating_add(Span::from_secs(seen.sum_s).micros());
        }
        let planned = if services_count == 0 { UNPLANNED.micros() } else { planned / services_count };
        Span::from_micros(planned.saturating_mul(PLANNED_COUNTS).saturating_add(sum) / count)
    }
}

fn planned_span(minutes: u32) -> Span {
    if minutes == 0 { UNPLANNED } else { Span::from_mins(i64::from(minutes)) }
}

fn planned_s(minutes: u32) -> f64 {
    planned_span(minutes).micros() as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(minutes: &[i64]) -> VisitLengths {
        let mut seen = VisitLengths::default();
        minutes.iter().for_each(|m| seen.add(Span::from_mins(*m)));
        seen
    }

    #[test]
    fn the_plan_holds_until_real_visits_move_it_and_its_doubt_shrinks() {
        let planned = Length::of(10, VisitLengths::default());
        assert_eq!((planned.mean_s, planned.off), (600.0, PLAN_OFF));
        let moved = Length::of(10, seen(&[4; 9]));
        assert_eq!(moved.mean_s, (3.0 * 600.0 + 9.0 * 240.0) / 12.0);
        assert!(moved.off < 0.2 && moved.spread_s < planned.spread_s, "{moved:?}");
        assert_eq!(Length::of(0, VisitLengths::default()).mean_s, 600.0, "without a plan");
    }

    #[test]
    fn a_visit_that_was_left_open_counts_as_two_hours() {
        assert_eq!(seen(&[24 * 60]).total(), (1, Span::from_hours(2)));
    }

    #[test]
    fn a_line_of_several_services_has_the_mean_of_their_plans_and_of_all_visits() {
        let lines = [(10, seen(&[4; 3])), (20, VisitLengths::default())];
        assert_eq!(Length::mean_of(lines.into_iter()).micros(), (3 * 15 + 12) * 60_000_000 / 6);
        assert_eq!(Length::mean_of(std::iter::empty()), UNPLANNED);
    }
}
