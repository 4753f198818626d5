//! Revoked tokens: the one place in which a service keeps what it knows of them. The service fills it, and every
//! sign-in of its pages checks it. Knows neither journal nor bus.

use okienko_kernel::{Moment, Span};
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long an expired token is still remembered: a clock may be set back a little.
const GRACE: Span = Span::from_hours(24);

/// A service's revoked tokens.
pub struct Revocations {
    real_now: Arc<dyn Fn() -> Moment + Send + Sync>,
    /// By token id: when the token expires anyway.
    tokens: RwLock<BTreeMap<String, Moment>>,
}

impl Revocations {
    /// Empty; with the real clock (never the demo's).
    pub fn new(real_now: Arc<dyn Fn() -> Moment + Send + Sync>) -> Arc<Revocations> {
        Arc::new(Revocations { real_now, tokens: RwLock::default() })
    }
    /// Refuses these from now on; after `until` they have expired by themselves.
    pub fn add(&self, ids: &[String], until: Moment) {
        let before = (self.real_now)().minus(GRACE);
        let mut tokens = self.tokens.write();
        tokens.retain(|_, until| *until > before);
        for id in ids {
            let known = tokens.entry(id.clone()).or_insert(until);
            *known = until.max(*known);
        }
    }
    /// Whether the token with that id was revoked.
    pub fn contains(&self, id: &str) -> bool {
        self.tokens.read().contains_key(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[test]
    fn a_token_is_refused_until_a_day_after_it_has_ended_by_itself() {
        let clock = Arc::new(AtomicI64::new(0));
        let shown = clock.clone();
        let revoked = Revocations::new(Arc::new(move || Moment::from_micros(shown.load(Ordering::Relaxed))));
        let at = |hours| Moment::from_micros(0) + Span::from_hours(hours);
        revoked.add(&["a".to_owned()], at(2));
        revoked.add(&["a".to_owned()], at(1));
        for (hours, is_known) in [(0, true), (2, true), (25, true), (26, false)] {
            clock.store(at(hours).micros(), Ordering::Relaxed);
            revoked.add(&["b".to_owned()], at(100));
            assert_eq!(revoked.contains("a"), is_known, "after {hours} hours");
            assert!(revoked.contains("b") && !revoked.contains("c"));
        }
    }
}
