//! Virtual time: jumps from timer to timer as fast as the machine allows. Each process's clock may be slightly off.
//! Knows no role.

use okienko_kernel::world::Task;
use okienko_kernel::{Clock, Moment, Span};
use tokio::time::Instant;

/// The clock of one process.
#[derive(Clone, Copy)]
pub struct VirtualClock {
    zero: Instant,
    at_zero: Moment,
    skew: Span,
}

impl VirtualClock {
    /// A correct clock that shows `at` now.
    pub fn starting(at: Moment) -> VirtualClock {
        VirtualClock { zero: Instant::now(), at_zero: at, skew: Span::ZERO }
    }
    /// The same, off by `skew`.
    pub fn skewed(self, skew: Span) -> VirtualClock {
        VirtualClock { skew, ..self }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Moment {
        let gone = i64::try_from(self.zero.elapsed().as_micros()).unwrap_or(i64::MAX);
        self.at_zero.plus(Span::from_micros(gone)).plus(self.skew)
    }
    fn until(&self, at: Moment) -> Task {
        let left = at.since(self.now()).to_std();
        Box::pin(tokio::time::sleep(left))
    }
}
