//! Catching up with what other processes wrote to a stream. Answers without a write (reads, refusals, "nothing
//! changes") have no fence to show that they were decided on the newest state, so the journal is asked first; a write
//! is refused by the fence when another process was first. On a journal with one process all of this costs one
//! comparison. Knows no machine's rules.

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
    /// Ensures that the state includes everything acknowledged anywhere when this batch began; true when it has moved.
    /// At most one query per batch; none where this append's own fence gives the same guarantee.
    pub(crate) async fn catch_up(
        &self,
        loaded: &mut LoadedStream<M>,
        draft: &mut Draft<M>,
    ) -> Result<bool, Fault> {
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

    /// Before an answer that writes nothing: ensures that the state is current and that no other replica has already
    /// answered a request of this batch; true when there is news.
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

    /// Applies what a follower of the journal has read; asks the journal when it does not fit.
    pub(crate) async fn heard(
        &self,
        loaded: &mut LoadedStream<M>,
        draft: &mut Draft<M>,
        events: &[Recorded],
    ) {
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

    /// Asks the journal for receipts that another process may have written for this batch's requests.
    pub(crate) async fn expect_retries(&self, loaded: &mut LoadedStream<M>, draft: &mut Draft<M>) {
        if !loaded.followed {
            return;
        }
        draft.receipts_known = true;
        if let Err(fault) = self.know_receipts(loaded, &draft.keys).await {
            // Without the receipts a retry might be carried out twice.
            tracing::debug!(stream = %self.stream, error = %fault, "it is loaded afresh");
            loaded.strayed = true;
        }
    }

    /// True when there were any.
    async fn know_receipts(&self, loaded: &mut LoadedStream<M>, keys: &[[u8; 16]]) -> Result<bool, Fault> {
        // Skips keys answered in this batch: what is in memory is newer than the journal.
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

    /// Applies what is newer in the journal; true when there was something.
    async fn follow(&self, loaded: &mut LoadedStream<M>) -> Result<bool, Fault> {
        let newer = self.shared.journal.engine().read_stream(&self.stream, loaded.version).await;
        let newer = newer.map_err(|error| Fault::NotDone(error.to_string()))?;
        if newer.is_empty() {
            return Ok(false);
        }
        self.take_newer(loaded, &newer)?;
        Ok(true)
    }

    /// Applies events that come after what is loaded.
    fn take_newer(&self, loaded: &mut LoadedStream<M>, newer: &[Recorded]) -> Result<(), Fault> {
        // Events that do not continue from here were written in place of our own pending appends.
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

    /// The decoded events, if they continue from what is loaded.
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
