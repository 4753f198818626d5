//! Tokens made by hand (`okienko token`), which opens no database: whoever keeps the list of staff is told of each at
//! its first use here, before the request proceeds. Knows no list.

use crate::staff::{Claims, SignIn};
use futures::future::BoxFuture;
use okienko_kernel::{Moment, Span};
use parking_lot::{Mutex, RwLock};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Adds a token to the list; true if it is listed now.
pub type Lister = Arc<dyn Fn(Claims) -> BoxFuture<'static, bool> + Send + Sync>;

/// The delay before a token that could not be listed is reported again.
const AGAIN: Span = Span::from_secs(10);
/// How many tokens are remembered; beyond that, some are reported once more than necessary.
const REMEMBERED: usize = 10_000;

/// How close a lister is: the nearest one is asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Nearness {
    /// Reached through another service.
    Far,
    /// Keeps the list in this process.
    Here,
}

/// What this process knows of such tokens.
#[derive(Default)]
pub(crate) struct ByHand {
    lister: RwLock<Option<(Nearness, Lister)>>,
    /// When each is reported again; never, once it is listed.
    told: Mutex<BTreeMap<String, Moment>>,
}

impl SignIn {
    /// Registers who lists tokens made by hand.
    pub fn list_with(&self, nearness: Nearness, lister: Lister) {
        let mut known = self.by_hand.lister.write();
        if known.as_ref().is_none_or(|(near, _)| *near <= nearness) {
            *known = Some((nearness, lister));
        }
    }

    /// Has a token listed at its first use. If that fails now, the request proceeds and listing is retried later.
    pub(crate) async fn seen(&self, claims: &Claims) {
        if !claims.is_by_hand() {
            return;
        }
        let Some(lister) = self.by_hand.lister.read().as_ref().map(|(_, lister)| lister.clone()) else {
            return;
        };
        let now = self.now();
        {
            let mut told = self.by_hand.told.lock();
            if told.get(&claims.id).is_some_and(|again| now < *again) {
                return;
            }
            if told.len() >= REMEMBERED {
                told.clear();
            }
            told.insert(claims.id.clone(), now + AGAIN);
        }
        if lister(claims.clone()).await {
            self.by_hand.told.lock().insert(claims.id.clone(), Moment::MAX);
        } else {
            tracing::warn!(office = claims.office, "a key that was made by hand could not be listed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::Role;
    use okienko_kernel::Keys;
    use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

    fn key(id: &str) -> Claims {
        let (office, roles) = ("torun".to_owned(), vec![Role::Admin]);
        Claims { id: id.into(), office, roles, location: None, counter: None, expires: Moment::MAX }
    }

    #[tokio::test]
    async fn a_key_is_told_at_its_first_use_and_again_only_until_it_is_listed() {
        let clock = Arc::new(AtomicI64::new(0));
        let shown = clock.clone();
        let now = Arc::new(move || Moment::from_micros(shown.load(Ordering::Relaxed)));
        let sign_in = SignIn::new(Keys::from_secret(b"k"), now);
        let (calls, works) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (counted, answer) = (calls.clone(), works.clone());
        let lister: Lister = Arc::new(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            let answer = answer.load(Ordering::Relaxed);
            Box::pin(async move { answer })
        });
        sign_in.list_with(Nearness::Here, lister);
        sign_in.list_with(Nearness::Far, Arc::new(|_| Box::pin(async { panic!("the nearer one is asked") })));
        let times = || calls.load(Ordering::Relaxed);
        sign_in.seen(&key("anna-0123")).await;
        assert_eq!(times(), 0, "that one is listed by whoever gave it");
        for _ in 0..3 {
            sign_in.seen(&key("0123")).await;
        }
        assert_eq!(times(), 1, "not with every request while it does not work");
        works.store(true, Ordering::Relaxed);
        clock.store(AGAIN.micros(), Ordering::Relaxed);
        for _ in 0..3 {
            sign_in.seen(&key("0123")).await;
        }
        sign_in.seen(&key("4567")).await;
        assert_eq!(times(), 3, "once more for the first, once for the other");
    }
}
