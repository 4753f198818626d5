//! An engine that fails on demand, for tests and the simulator: before the commit, or after it with a lost answer.
//! Wraps any engine and knows nothing of it.

use crate::{Append, AppendError, Claim, Engine, JournalError, Receipt, Recorded, StoredStream};
use async_trait::async_trait;
use okienko_kernel::Moment;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// The fault that the next append meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No fault.
    None,
    /// The connection is lost before the commit: nothing is written, but the caller cannot know.
    LostBefore,
    /// Everything is written, and the answer is lost.
    LostAfter,
    /// The store reports that it cannot write (a full disk): nothing is written, and the caller knows.
    NotWritten,
    /// The append hangs until [`FaultyEngine::release`].
    Held,
}

/// An engine with a script of faults, one per append; none once the script is used up.
pub struct FaultyEngine {
    inner: Arc<dyn Engine>,
    script: Mutex<VecDeque<Fault>>,
    held: Notify,
    released: Notify,
    stalled: watch::Sender<Option<String>>,
    loads: AtomicU64,
}

impl FaultyEngine {
    /// Wraps `inner`, without faults at first.
    pub fn new(inner: Arc<dyn Engine>) -> FaultyEngine {
        let (held, released, stalled) = (Notify::new(), Notify::new(), watch::Sender::default());
        FaultyEngine { inner, script: Mutex::default(), held, released, stalled, loads: AtomicU64::new(0) }
    }
    /// Adds faults for the next appends.
    pub fn plan(&self, faults: impl IntoIterator<Item = Fault>) {
        self.script.lock().extend(faults);
    }
    /// Makes loads of this stream hang until the next call; `None` for no stream.
    pub fn stall(&self, stream: Option<&str>) {
        self.stalled.send_replace(stream.map(str::to_owned));
    }
    /// How often a stream was loaded.
    pub fn loads(&self) -> u64 {
        self.loads.load(Ordering::Acquire)
    }
    /// Completes when an append is held.
    pub async fn holds(&self) {
        self.held.notified().await;
    }
    /// Releases the held append, or the next one to be held.
    pub fn release(&self) {
        self.released.notify_one();
    }
}

#[async_trait]
impl Engine for FaultyEngine {
    async fn append(&self, batch: &[&Append], cursors: &[(String, u64)]) -> Result<u64, AppendError> {
        let fault = if batch.is_empty() { None } else { self.script.lock().pop_front() };
        match fault.unwrap_or(Fault::None) {
            Fault::None => self.inner.append(batch, cursors).await,
            Fault::Held => {
                self.held.notify_one();
                self.released.notified().await;
                self.inner.append(batch, cursors).await
            }
            Fault::LostBefore => Err(AppendError::Unknown("lost before the commit".into())),
            Fault::NotWritten => Err(AppendError::NotWritten("disk full".into())),
            Fault::LostAfter => {
                self.inner.append(batch, cursors).await?;
                Err(AppendError::Unknown("lost after the commit".into()))
            }
        }
    }
    fn life(&self) -> u64 {
        self.inner.life()
    }
    fn leaves_the_thread(&self) -> bool {
        self.inner.leaves_the_thread()
    }
    fn others_write_every(&self) -> Option<Duration> {
        self.inner.others_write_every()
    }
    async fn load(&self, stream: &str, since: Moment) -> Result<StoredStream, JournalError> {
        self.loads.fetch_add(1, Ordering::AcqRel);
        let others = |stalled: &Option<String>| stalled.as_deref() != Some(stream);
        // Cannot fail: the sender is this engine's own.
        let _ = self.stalled.subscribe().wait_for(others).await;
        self.inner.load(stream, since).await
    }
    async fn receipts(&self, stream: &str, keys: &[[u8; 16]]) -> Result<Vec<Receipt>, JournalError> {
        self.inner.receipts(stream, keys).await
    }
    async fn read_after(&self, pos: u64, limit: usize) -> Result<Vec<Recorded>, JournalError> {
        self.inner.read_after(pos, limit).await
    }
    async fn read_stream(&self, stream: &str, version: u64) -> Result<Vec<Recorded>, JournalError> {
        self.inner.read_stream(stream, version).await
    }
    async fn head(&self) -> Result<u64, JournalError> {
        self.inner.head().await
    }
    async fn claims(&self, keys: &[String]) -> Result<Vec<Option<Claim>>, JournalError> {
        self.inner.claims(keys).await
    }
    async fn wakes(&self, prefix: &str) -> Result<Vec<(Moment, String, String)>, JournalError> {
        self.inner.wakes(prefix).await
    }
    async fn cursor(&self, name: &str) -> Result<u64, JournalError> {
        self.inner.cursor(name).await
    }
    async fn vault(&self, ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, JournalError> {
        self.inner.vault(ids).await
    }
    async fn stream_before(&self, prefix: &str, before: &str) -> Result<Option<String>, JournalError> {
        self.inner.stream_before(prefix, before).await
    }
    async fn streams(&self, prefix: &str) -> Result<Vec<String>, JournalError> {
        self.inner.streams(prefix).await
    }
    async fn purge(&self, receipts_before: Moment, now: Moment) -> Result<u64, JournalError> {
        self.inner.purge(receipts_before, now).await
    }
}
