//! Repeatable draws. Every part of a run has its own dice, forked by a label, so that an extra draw in one part changes
//! nothing in another. Does not know what is drawn.

use okienko_kernel::Entropy;
use okienko_kernel::world::SeededEntropy;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// A source of draws; clones share one sequence.
#[derive(Clone)]
pub struct Dice {
    seed: u64,
    sequence: Arc<SeededEntropy>,
}

impl Dice {
    /// The dice of a seed.
    pub fn new(seed: u64) -> Dice {
        Dice { seed, sequence: Arc::new(SeededEntropy::new(seed)) }
    }

    /// Separate dice for `label`: always the same, whatever was drawn from these.
    pub fn fork(&self, label: &str) -> Dice {
        // FNV-1a over the label, started from the seed; SplitMix64 spreads values that are close together.
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        let hash = label.bytes().fold(self.seed ^ 0xcbf2_9ce4_8422_2325, step);
        Dice::new(SeededEntropy::new(hash).number())
    }

    /// Entropy for ids and secrets of a World.
    pub fn entropy(&self, label: &str) -> Arc<dyn Entropy> {
        self.fork(label).sequence
    }

    /// Any `u64`.
    pub fn number(&self) -> u64 {
        self.sequence.number()
    }

    /// A number in the half-open range; its start when the range is empty.
    pub fn range(&self, range: Range<u64>) -> u64 {
        let width = range.end.saturating_sub(range.start);
        if width == 0 { range.start } else { range.start + self.number() % width }
    }

    /// An index below `length`; 0 when that is 0.
    pub fn below(&self, length: usize) -> usize {
        self.range(0..length as u64) as usize
    }

    /// From 0 up to, but excluding, 1.
    pub fn unit(&self) -> f64 {
        (self.number() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True with this probability.
    pub fn chance(&self, probability: f64) -> bool {
        // No draw when the answer is certain: most faults are off in most runs.
        probability > 0.0 && self.unit() < probability
    }

    /// One of the elements, if there are any.
    pub fn pick<'a, T>(&self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    /// A duration of as many milliseconds as drawn from the range.
    pub fn millis(&self, range: Range<u64>) -> Duration {
        Duration::from_millis(self.range(range))
    }

    /// Mostly short and sometimes long: exponential around `mean`, at most eight times that.
    pub fn around(&self, mean: Duration) -> Duration {
        mean.mul_f64((-(1.0 - self.unit()).ln()).min(8.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forks_are_repeatable_and_do_not_depend_on_draws() {
        let (one, two) = (Dice::new(7), Dice::new(7));
        one.number();
        assert_eq!(one.fork("bus").number(), two.fork("bus").number());
        assert_ne!(one.fork("bus").number(), one.fork("bud").number());
        assert_ne!(Dice::new(8).fork("bus").number(), Dice::new(7).fork("bus").number());
    }

    #[test]
    fn draws_stay_in_their_ranges() {
        let dice = Dice::new(1);
        assert!((0..1000).all(|_| (5..9).contains(&dice.range(5..9))));
        assert_eq!((dice.range(4..4), dice.below(0)), (4, 0));
        let hits = (0..10_000).filter(|_| dice.chance(0.25)).count();
        assert!((2_200..2_800).contains(&hits), "{hits}");
    }
}
