//! Rate limits in the memory of one process, keyed by numbers instead of strings: every write passes here, so it must
//! cost next to nothing. The generic cell rate algorithm, as in `okienko_limits`, whose port is for limits that
//! replicas share. Knows no request.

use okienko_kernel::Moment;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

/// Keys held before expired ones are first swept; later sweeps come at twice the number that remained.
const SWEEP_AT: usize = 50_000;
const MINUTE: i64 = 60_000_000;

/// One limit applied to one key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    key: u64,
    /// Microseconds between evenly spaced writes; `tolerance` is how far ahead of that pace one may be.
    step: i64,
    tolerance: i64,
}

impl Rule {
    pub(crate) fn new(key: u64, at_once: u32, a_minute: u32) -> Rule {
        let step = MINUTE / i64::from(a_minute.max(1));
        Rule { key, step, tolerance: step * i64::from(at_once.max(1)) }
    }
}

/// The state of all limits.
#[derive(Default)]
pub(crate) struct Floor {
    /// Seeded per process: nobody can choose a key that collides with another's, and no address is stored in clear.
    hash: RandomState,
    due: Mutex<Due>,
}

#[derive(Default)]
struct Due {
    /// When each key's next write is due at an even pace, in microseconds.
    keys: HashMap<u64, i64>,
    sweep_at: usize,
}

impl Floor {
    /// The key of a thing.
    pub(crate) fn key(&self, of: impl Hash) -> u64 {
        self.hash.hash_one(of)
    }

    /// Counts towards all rules, or towards none when one is exceeded; the error is the number of seconds to wait.
    pub(crate) fn take(&self, rules: impl Iterator<Item = Rule> + Clone, now: Moment) -> Result<(), u32> {
        let now = now.micros();
        let mut due = self.due.lock();
        let next = |due: &Due, rule: &Rule| {
            due.keys.get(&rule.key).copied().unwrap_or(now).clamp(now, now + rule.tolerance) + rule.step
        };
        let over = |rule: Rule| next(&due, &rule) - rule.tolerance - now;
        let late = rules.clone().map(over).max().unwrap_or_default();
        if late > 0 {
            return Err(u32::try_from(late.div_euclid(1_000_000) + 1).unwrap_or(u32::MAX));
        }
        for rule in rules {
            let next = next(&due, &rule);
            due.keys.insert(rule.key, next);
        }
        if due.keys.len() > due.sweep_at.max(SWEEP_AT) {
            due.keys.retain(|_, next| *next > now);
            due.sweep_at = 2 * due.keys.len();
        }
        Ok(())
    }
}
