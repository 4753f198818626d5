//! Virtual time: moves from timer to timer, as fast as the machine can. Each process may be a little off. Knows no role.

use okienko_kernel::world::Task;
use okienko_kernel::{Clock, Moment, Span};
use tokio::time::Instant;

/// A process's idea of the time.
#[derive(Clone, Copy)]
pub struct VirtualClock {
    zero: Instant,
    at_zero: Moment,
    skew: Span,
}

impl VirtualClock {
    /// Shows `at` now and is right.
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
