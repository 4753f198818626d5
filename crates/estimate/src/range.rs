//! A wait as people are told it: two round numbers of minutes. Knows nothing of how it was found.

use serde::{Deserialize, Serialize};

/// Nobody is told less than this: a clerk needs a moment, too.
const LEAST_HIGH: u32 = 5;
/// A day's length: what lies beyond is not said more exactly.
const MOST: f64 = 24.0 * 60.0;

/// A range of minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// Hardly sooner.
    pub low_min: u32,
    /// Hardly later.
    pub high_min: u32,
}

impl Range {
    /// The range around these bounds, in seconds: the lower rounded down, the upper up, to minutes that people say.
    pub fn around(low_s: f64, high_s: f64) -> Range {
        let minutes = |seconds: f64| (seconds / 60.0).clamp(0.0, MOST);
        let (low, high) = (minutes(low_s), minutes(high_s));
        let step = match high {
            h if h <= 15.0 => 1.0,
            h if h <= 90.0 => 5.0,
            _ => 10.0,
        };
        // Half a step of grace, so that a minute more does not make it wider by five.
        let low_min = ((low / step + 0.25).floor() * step) as u32;
        let high_min = ((high / step - 0.25).ceil() * step) as u32;
        Range { low_min, high_min: high_min.max(LEAST_HIGH).max(low_min + step as u32) }
    }

    /// The wait of one at `place` of a line, from that of the one at place `of`: waits grow with the line.
    pub fn stretched(self, place: usize, of: usize) -> Range {
        let share = 60.0 * place as f64 / of.max(1) as f64;
        Range::around(f64::from(self.low_min) * share, f64::from(self.high_min) * share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(low: f64, high: f64) -> (u32, u32) {
        let range = Range::around(low * 60.0, high * 60.0);
        (range.low_min, range.high_min)
    }

    #[test]
    fn bounds_are_round_and_never_nothing() {
        assert_eq!(told(0.0, 0.0), (0, 5));
        assert_eq!(told(3.4, 8.6), (3, 9));
        assert_eq!(told(14.0, 26.0), (15, 25));
        assert_eq!(told(13.0, 27.0), (10, 30));
        assert_eq!(told(60.0, 60.0), (60, 65));
        assert_eq!(told(61.0, 118.0), (60, 120));
        assert_eq!(told(1e9, 1e12), (1440, 1450));
        assert_eq!(told(-5.0, -1.0), (0, 5));
    }
}
