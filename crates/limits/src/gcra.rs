//! The generic cell rate algorithm in memory. One number per key: when the next hit is due at an even pace. Knows no
//! rule.

use crate::{Hit, Limits, RetryAfter};
use async_trait::async_trait;
use okienko_kernel::Clock;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Keys held before expired ones are first swept; later sweeps come at twice the number that remained.
const SWEEP_AT: usize = 50_000;

struct Due {
    /// When each key's next hit is due at an even pace, in microseconds.
    keys: HashMap<String, i64>,
    sweep_at: usize,
}

impl Due {
    /// When the next hit would be due after this one, and for how long this one is denied (0 or less: it is allowed).
    fn after(&self, hit: &Hit, now: i64) -> (i64, i64) {
        let (step, tolerance) = hit.rate.step_and_tolerance();
        let next = self.keys.get(&hit.key).copied().unwrap_or(now).max(now) + step;
        (next, next - tolerance - now)
    }
}

/// Limits of one process.
pub struct MemoryLimits {
    /// Real time.
    wall: Arc<dyn Clock>,
    due: Mutex<Due>,
}

impl MemoryLimits {
    /// Limits that take the time from `wall`, which must be real time.
    pub fn new(wall: Arc<dyn Clock>) -> MemoryLimits {
        MemoryLimits { wall, due: Mutex::new(Due { keys: HashMap::new(), sweep_at: SWEEP_AT }) }
    }
}

#[async_trait]
impl Limits for MemoryLimits {
    async fn check(&self, hits: &[Hit]) -> Result<(), RetryAfter> {
        let now = self.wall.now().micros();
        let mut due = self.due.lock();
        let mut wait = 0;
        let mut moved: Vec<(&str, i64)> = Vec::with_capacity(hits.len());
        for hit in hits {
            let (next, late) = due.after(hit, now);
            wait = wait.max(late);
            moved.push((&hit.key, next));
        }
        if wait > 0 {
            return Err(RetryAfter(Duration::from_micros(wait as u64)));
        }
        for (key, next) in moved {
            due.keys.insert(key.to_owned(), next);
        }
        if due.keys.len() > due.sweep_at {
            due.keys.retain(|_, next| *next > now);
            due.sweep_at = SWEEP_AT.max(2 * due.keys.len());
        }
        Ok(())
    }

    async fn denied(&self, hits: &[Hit]) -> Vec<bool> {
        let now = self.wall.now().micros();
        let due = self.due.lock();
        hits.iter().map(|hit| due.after(hit, now).1 > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rate;
    use okienko_kernel::Moment;
    use okienko_kernel::world::Task;
    use std::sync::atomic::{AtomicI64, Ordering};

    struct Hand(AtomicI64);
    impl Clock for Hand {
        fn now(&self) -> Moment {
            Moment::from_micros(self.0.load(Ordering::Relaxed))
        }
        fn until(&self, _: Moment) -> Task {
            Box::pin(async {})
        }
    }

    fn at(hand: &Hand, second: i64) {
        hand.0.store(second * 1_000_000, Ordering::Relaxed);
    }

    fn hit(key: &str, count: u32, per: u64) -> Hit {
        Hit { key: key.into(), rate: Rate::new(count, Duration::from_secs(per)) }
    }

    async fn seconds(limits: &MemoryLimits, hits: &[Hit]) -> Option<u64> {
        limits.check(hits).await.err().map(|RetryAfter(wait)| wait.as_secs())
    }

    #[tokio::test]
    async fn three_in_ten_minutes_and_five_a_minute_as_in_the_published_vectors() {
        let hand = Arc::new(Hand(AtomicI64::new(0)));
        let limits = MemoryLimits::new(hand.clone());
        let a = [hit("a", 3, 600)];
        for (second, wait) in [
            (0, None),
            (0, None),
            (0, None),
            (0, Some(200)),
            (100, Some(100)),
            (200, None),
            (200, Some(200)),
            (400, None),
            (2000, None),
        ] {
            at(&hand, second);
            assert_eq!(seconds(&limits, &a).await, wait, "a at {second}");
        }
        at(&hand, 0);
        let b = [hit("b", 5, 60)];
        for (second, wait) in [
            (0, None),
            (0, None),
            (0, None),
            (0, None),
            (0, None),
            (0, Some(12)),
            (12, None),
            (13, Some(11)),
            (24, None),
            (120, None),
        ] {
            at(&hand, second);
            assert_eq!(seconds(&limits, &b).await, wait, "b at {second}");
        }
    }

    #[tokio::test]
    async fn a_request_denied_by_one_rule_uses_up_none() {
        let hand = Arc::new(Hand(AtomicI64::new(0)));
        let limits = MemoryLimits::new(hand);
        assert_eq!(seconds(&limits, &[hit("tight", 1, 60)]).await, None);
        for _ in 0..5 {
            assert!(seconds(&limits, &[hit("wide", 2, 60), hit("tight", 1, 60)]).await.is_some());
        }
        assert_eq!(seconds(&limits, &[hit("wide", 2, 60)]).await, None);
        assert_eq!(seconds(&limits, &[hit("wide", 2, 60)]).await, None);
        assert!(seconds(&limits, &[hit("wide", 2, 60)]).await.is_some());
    }
    #[tokio::test]
    async fn looking_says_what_would_be_denied_and_counts_nothing() {
        let hand = Arc::new(Hand(AtomicI64::new(0)));
        let limits = MemoryLimits::new(hand.clone());
        let both = [hit("once", 1, 60), hit("twice", 2, 60)];
        for _ in 0..3 {
            assert_eq!(limits.denied(&both).await, [false, false]);
        }
        assert_eq!(seconds(&limits, &both).await, None);
        assert_eq!(limits.denied(&both).await, [true, false]);
        at(&hand, 60);
        assert_eq!(limits.denied(&both).await, [false, false]);
    }
}
