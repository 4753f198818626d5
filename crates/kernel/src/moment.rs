//! Instants and lengths of time in microseconds. Knows nothing of zones, calendars or where "now" comes from.

use serde::{Deserialize, Serialize};

/// An instant: microseconds since 1970-01-01T00:00:00Z. Stored and sent as one integer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

/// A duration in microseconds; may be negative (`later.since(earlier)` is positive).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(i64);

impl Moment {
    /// Later than any moment at which something falls due.
    pub const MAX: Moment = Moment(i64::MAX);

    /// From microseconds since the Unix epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Moment(micros)
    }
    /// Microseconds since the Unix epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }
    /// Whole seconds since the Unix epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }
    /// This moment moved forward by `span`; saturating.
    pub const fn plus(self, span: Span) -> Self {
        Moment(self.0.saturating_add(span.0))
    }
    /// This moment moved back by `span`; saturating.
    pub const fn minus(self, span: Span) -> Self {
        Moment(self.0.saturating_sub(span.0))
    }
    /// The time from `earlier` to this moment; negative when this moment comes first.
    pub const fn since(self, earlier: Moment) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// An empty span.
    pub const ZERO: Span = Span(0);

    /// From microseconds.
    pub const fn from_micros(micros: i64) -> Self {
        Span(micros)
    }
    /// From milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Span(millis.saturating_mul(1_000))
    }
    /// From seconds.
    pub const fn from_secs(secs: i64) -> Self {
        Span(secs.saturating_mul(1_000_000))
    }
    /// From minutes.
    pub const fn from_mins(mins: i64) -> Self {
        Span(mins.saturating_mul(60_000_000))
    }
    /// From hours.
    pub const fn from_hours(hours: i64) -> Self {
        Span(hours.saturating_mul(3_600_000_000))
    }
    /// The length in microseconds.
    pub const fn micros(self) -> i64 {
        self.0
    }
    /// Whole seconds, rounded up, so that "0 s left" means that nothing is left.
    pub const fn secs_up(self) -> i64 {
        if self.0 > 0 { (self.0 - 1) / 1_000_000 + 1 } else { self.0 / 1_000_000 }
    }
    /// Whole minutes, rounded up.
    pub const fn mins_up(self) -> i64 {
        if self.0 > 0 { (self.0 - 1) / 60_000_000 + 1 } else { self.0 / 60_000_000 }
    }
    /// The standard library's duration; negative lengths become zero.
    pub const fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_micros(if self.0 > 0 { self.0 as u64 } else { 0 })
    }
}

impl std::ops::Add<Span> for Moment {
    type Output = Moment;
    fn add(self, span: Span) -> Moment {
        self.plus(span)
    }
}

impl std::ops::Sub<Span> for Moment {
    type Output = Moment;
    fn sub(self, span: Span) -> Moment {
        self.minus(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_left_are_rounded_up_so_that_zero_means_over() {
        assert_eq!(Span::from_micros(1).secs_up(), 1);
        assert_eq!(Span::from_secs(1).secs_up(), 1);
        assert_eq!(Span::ZERO.secs_up(), 0);
        assert_eq!(Span::from_secs(61).mins_up(), 2);
    }
}
