//! Tells in-memory caches what is written to a journal shared by several processes: events of this process too, in
//! order, from the start of following on. Knows no machine and no cache.

use crate::NotTaken;
use crate::relay::{Progress, Relay, Sink};
use crate::{Journal, Recorded};
use async_trait::async_trait;
use okienko_kernel::{Tasks, again};
use parking_lot::RwLock;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

type Listener = Box<dyn Fn(&[Recorded]) + Send + Sync>;

/// The followers of one journal. On a journal that nobody else writes they are told nothing, because everything written
/// goes through their own process anyway.
#[derive(Default)]
pub struct Followers {
    listeners: RwLock<Vec<Listener>>,
    progress: OnceLock<Progress>,
}

impl Followers {
    /// Starts following, if other processes write to the journal.
    pub fn start(journal: &Arc<Journal>, tasks: &dyn Tasks) -> Arc<Followers> {
        let followers = Arc::<Followers>::default();
        if journal.is_shared() {
            let (relay, progress) = Relay::live(journal.clone(), "followers", followers.clone());
            let _ = followers.progress.set(progress);
            tasks.keep("followers", again(move || relay.clone().run()));
        }
        followers
    }

    /// Tells `listener` of everything written from now on. It must be quick. To miss nothing, follow first and load
    /// afterwards.
    pub fn follow(&self, listener: impl Fn(&[Recorded]) + Send + Sync + 'static) {
        self.listeners.write().push(Box::new(listener));
    }

    /// How far they have come; `None` when there is nothing to follow.
    pub fn progress(&self) -> Option<Progress> {
        self.progress.get().cloned()
    }
}

#[async_trait]
impl Sink for Followers {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        // Every listener hears of it, even when another one panics.
        let heard = |listener: &Listener| catch_unwind(AssertUnwindSafe(|| listener(batch))).is_ok();
        let all = self.listeners.read().iter().map(heard).fold(true, |all, one| all & one);
        assert!(all, "somebody who follows {} panicked", batch.first().map_or("", |event| &event.stream));
        Ok(())
    }
}
