//! How events that other processes write to streams of a kind reach the actors and timers of this one. Knows no
//! machine.

use crate::actor::Mail;
use crate::registry::Registry;
use okienko_journal::{JournalError, Recorded};
use okienko_kernel::{Machine, Moment, Stored};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The shortest interval between two reads of timers written by others.
const PAUSE: Duration = Duration::from_millis(100);
/// Delay before a failed read is tried again.
const RETRY: Duration = Duration::from_millis(200);

impl<M> Registry<M>
where
    M: Machine,
    M::Command: Serialize + DeserializeOwned + Clone,
    M::Refusal: Serialize + DeserializeOwned,
    M::Event: Stored,
    M::Reply: Serialize + DeserializeOwned,
{
    /// From now on notifies actors of what others write.
    pub(crate) fn follow_others(&self) {
        // Weak, so that the followers do not keep a dropped registry alive.
        let shared = Arc::downgrade(&self.shared);
        self.shared.place.followers.follow(move |events| {
            if let Some(shared) = shared.upgrade() {
                Registry { shared }.heard(events);
            }
        });
    }

    fn heard(&self, events: &[Recorded]) {
        let mut by_stream: BTreeMap<&Arc<str>, Vec<&Recorded>> = BTreeMap::new();
        for event in events.iter().filter(|event| event.stream.starts_with(&self.shared.prefix)) {
            by_stream.entry(&event.stream).or_default().push(event);
        }
        for (stream, events) in by_stream {
            let handle = self.shared.actors.lock().get(stream).cloned();
            let newest = events.last().map_or(0, |event| event.version);
            match handle {
                Some(handle) if handle.seen.load(Ordering::Acquire) >= newest => {}
                // A full mailbox needs no hint: whatever is in it meets the fence or catches up.
                Some(handle) => {
                    let told = events.into_iter().cloned().collect();
                    drop(handle.mail.try_send(Mail::Follow(told)));
                }
                None if self.shared.place.is_here(stream) => self.timers_are_stale(),
                None => {}
            }
        }
    }

    fn timers_are_stale(&self) {
        self.shared.timers_asked.fetch_add(1, Ordering::AcqRel);
        self.shared.timers_stale.notify_one();
    }

    /// Whether timers that others wrote remain to be read.
    pub fn is_reading(&self) -> bool {
        self.shared.timers_asked.load(Ordering::Acquire) > self.shared.timers_read.load(Ordering::Acquire)
    }

    /// Reads all timers afresh whenever homes may have moved, or others wrote to streams that no actor has loaded here.
    pub(crate) async fn read_timers_forever(self) {
        let mut moved = self.shared.place.homes.moved();
        loop {
            tokio::select! {
                biased;
                // Subscribed again before the timers are read, so that no move is missed.
                () = &mut moved => {
                    moved = self.shared.place.homes.moved();
                    self.count_moved();
                }
                () = self.shared.timers_stale.notified() => tokio::time::sleep(PAUSE).await,
            }
            self.shared.timers_asked.fetch_add(1, Ordering::AcqRel);
            while let Err(error) = self.read_timers().await {
                tracing::warn!(%error, prefix = self.shared.prefix, "the timers cannot be read; will be tried again");
                tokio::time::sleep(RETRY).await;
            }
        }
    }

    /// Counts the streams with an actor here whose home has left since the last call.
    fn count_moved(&self) {
        let actors = self.shared.actors.lock();
        let gone = actors.iter().filter(|(stream, handle)| {
            let here = self.shared.place.is_here(stream);
            handle.home.swap(here, Ordering::AcqRel) && !here
        });
        self.shared.measured.moved(gone.count() as u64);
    }

    /// Loads the journal's timers of streams without an actor here; actors know their own, and are told to set them
    /// again.
    pub(crate) async fn read_timers(&self) -> Result<(), JournalError> {
        let shared = &self.shared;
        let asked = shared.timers_asked.load(Ordering::Acquire);
        let found = shared.journal.engine().wakes(&shared.prefix).await?;
        let stored: BTreeMap<Arc<str>, (Moment, Arc<str>)> =
            found.into_iter().map(|(at, stream, office)| (stream.into(), (at, office.into()))).collect();
        let actors = shared.actors.lock();
        for (stream, office) in shared.timers.all() {
            if !stored.contains_key(&stream) && !actors.contains_key(&stream) {
                shared.timers.set(&stream, &office, None);
            }
        }
        for (stream, (at, office)) in &stored {
            if !actors.contains_key(stream) {
                shared.set_timer(stream, office, Some(*at));
            }
        }
        for handle in actors.values() {
            drop(handle.mail.try_send(Mail::Follow(Vec::new())));
        }
        shared.timers_read.store(asked, Ordering::Release);
        Ok(())
    }
}
