//! Rate limits: GCRA over all rules of a request at once, consuming none when one denies. Knows real time only; knows
//! no service, and keys carry no personal data (hash them first).

mod gcra;
#[cfg(feature = "cluster")]
mod redis;

use async_trait::async_trait;
use std::time::Duration;

#[cfg(feature = "cluster")]
pub use crate::redis::{Away, RedisLimits, RedisSettings};
pub use gcra::MemoryLimits;

/// `count` times per `per`, with bursts of `burst`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Hits allowed in `per`; at least 1.
    pub count: u32,
    /// The period.
    pub per: Duration,
    /// Hits allowed at once; at least 1.
    pub burst: u32,
}

impl Rate {
    /// `count` per `per`, all of them at once if need be.
    pub const fn new(count: u32, per: Duration) -> Rate {
        Rate { count, per, burst: count }
    }

    /// Microseconds between hits at an even pace, and how far ahead of that pace one may be.
    fn step_and_tolerance(&self) -> (i64, i64) {
        let step = self.per.as_micros() as i64 / i64::from(self.count.max(1));
        (step, step * i64::from(self.burst.max(1)))
    }
}

/// One rule applied to one key.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Rule and subject, e.g. `code/phone/3f9a…`.
    pub key: String,
    /// The allowed rate.
    pub rate: Rate,
}

/// Denied; retry after this long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryAfter(pub Duration);

/// The port. Engines: memory for one process; Redis for many.
#[async_trait]
pub trait Limits: Send + Sync + 'static {
    /// Counts all hits, or none when any is denied; the error is then the longest wait.
    async fn check(&self, hits: &[Hit]) -> Result<(), RetryAfter>;

    /// Which hits would be denied now, each considered by itself; counts nothing.
    async fn denied(&self, hits: &[Hit]) -> Vec<bool>;
}
