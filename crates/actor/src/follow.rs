//! Catching up with what other processes wrote to a stream. What is told without being written (reads, refusals, "nothing
//! changes") has no fence that would say whether it was decided on the newest state, so the journal is asked first; what
//! is written is refused by the fence when another was first. On a journal of one process all of this is one comparison.

use crate::actor::{Actor, LoadedStream};
use crate::draft::Draft;
use okienko_journal::{Recorded, chain};
use okienko_kernel::{Fault, Machine, Stored};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::atomic::Ordering;

impl<M> Actor<M>
where
    M: Machine,
    M::Event: Stored,
    M::Reply: Serialize + DeserializeOwned,
{
    /// Makes sure that the state has all that was acknowledged anywhere when this batch began; true when it has moved.
    /// One query per batch at most; none where the fence of this very append says the same.
    pub(crate) async fn catch_up(&self, loaded: &mut LoadedStream<M>, draft: &mut Draft<M>) -> Result<bool, Fault> {
        if loaded.strayed {
            return Err(Fault::NotDone("loading afresh".into()));
        }
        if !self.shared.is_shared || draft.fresh || !draft.append.is_empty() {
            return Ok(false);
        }
        let moved = self.follow(loaded).await?;
        draft.fresh = true;
        draft.append.expected = loaded.version;
        if moved {
            draft.receipts_known = false;
        }
        Ok(moved)
    }

    /// Before an order is told something that is not written: makes sure of the state, and that no other replica has
    /// answered any request of this batch; true when there is news.
    pub(crate) async fn look_again(
        &self,
        loaded: &mut LoadedStream<M>,
        draft: &mut Draft<M>,
    ) -> Result<bool, Fault> {
        let moved = self.catch_up(loaded, draft).await?;
        if !self.shared.is_shared || draft.receipts_known {
            return Ok(moved);
        }
        draft.receipts_known = true;
        Ok(self.know_receipts(loaded, &draft.keys).await? || moved)
    }

    /// Takes what a follower of the journal has read; what does not fit is asked for.
    pub(crate) async fn heard(&self, loaded: &mut LoadedStream<M>, draft: &mut Draft<M>, events: &[Recorded]) {
        let newer = events.partition_point(|event| event.version <= loaded.version);
        let followed = match events.get(newer..) {
            Some([first, ..]) if draft.append.is_empty() && first.version == loaded.version + 1 => {
                self.take_newer(loaded, &events[newer..])
            }
            Some([_, ..]) => self.catch_up(loaded, draft).await.map(drop),
            _ => Ok(()),
        };
        if let Err(fault) = followed {
            tracing::debug!(stream = %self.stream, error = %fault, "it will follow later");
        }
        if draft.append.is_empty() {
            draft.append.expected = loaded.version;
            draft.receipts_known = false;
            self.shared.set_timer(&self.stream, &self.office, loaded.wake);
        }
    }

    /// Asks the journal for those answers to this batch's requests that another process may have given.
    pub(crate) async fn expect_retries(&self, loaded: &mut LoadedStream<M>, draft: &mut Draft<M>) {
        if !loaded.followed {
            return;
        }
        draft.receipts_known = true;
        if let Err(fault) = self.know_receipts(loaded, &draft.keys).await {
            // Without them a retry might be carried out twice.
            tracing::debug!(stream = %self.stream, error = %fault, "it is loaded afresh");
            loaded.strayed = true;
        }
    }

    /// Whether there were any.
    async fn know_receipts(&self, loaded: &mut LoadedStream<M>, keys: &[[u8; 16]]) -> Result<bool, Fault> {
        // What this batch has answered itself is newer than what the journal has.
        let keys: Vec<_> = keys.iter().filter(|key| !loaded.receipts.contains_key(*key)).copied().collect();
        if keys.is_empty() {
            return Ok(false);
        }
        let found = self.shared.journal.engine().receipts(&self.stream, &keys).await;
        let found = found.map_err(|error| Fault::NotDone(error.to_string()))?;
        let any = !found.is_empty();
        loaded.know(found).map_err(Fault::NotDone)?;
        Ok(any)
    }

    /// Takes what is newer in the journal; true when there was something.
    async fn follow(&self, loaded: &mut LoadedStream<M>) -> Result<bool, Fault> {
        let newer = self.shared.journal.engine().read_stream(&self.stream, loaded.version).await;
        let newer = newer.map_err(|error| Fault::NotDone(error.to_string()))?;
        if newer.is_empty() {
            return Ok(false);
        }
        self.take_newer(loaded, &newer)?;
        Ok(true)
    }

    /// Takes events that come after what is loaded.
    fn take_newer(&self, loaded: &mut LoadedStream<M>, newer: &[Recorded]) -> Result<(), Fault> {
        // What does not go on from here was written in place of appends of ours that are still on their way.
        let Some(events) = self.next_of(loaded, newer) else {
            loaded.strayed = true;
            return Err(Fault::NotDone("loading afresh".into()));
        };
        let mut state = self.state.write();
        events.iter().for_each(|event| state.apply(event));
        let wake = state.wake();
        drop(state);
        if let Some(last) = newer.last() {
            (loaded.version, loaded.hash) = (last.version, last.hash);
        }
        (loaded.wake, loaded.followed) = (wake, true);
        self.seen.store(loaded.version, Ordering::Release);
        self.shared.set_timer(&self.stream, &self.office, wake);
        Ok(())
    }

    /// The events, when they go on from what is loaded.
    fn next_of(&self, loaded: &LoadedStream<M>, newer: &[Recorded]) -> Option<Vec<M::Event>> {
        let (mut version, mut hash) = (loaded.version, loaded.hash);
        let mut events = Vec::with_capacity(newer.len());
        for event in newer {
            version += 1;
            hash = chain(&hash, &self.stream, version, &event.kind, event.schema, event.at, &event.data);
            if (event.version, event.hash) != (version, hash) {
                return None;
            }
            events.push(M::Event::decode(&event.kind, event.schema, &event.data).ok()?);
        }
        Some(events)
    }
}
