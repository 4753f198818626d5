//! The journals of a run: in memory, surviving the processes that write them, with commits that take time, fail, or
//! lose their answer. Everything written is shown to the run's watcher at that very moment. Knows no service.

use crate::dice::Dice;
use crate::watch::Watch;
use crate::world::weather::Weather;
use async_trait::async_trait;
use okienko_journal::faulty::{Fault, FaultyEngine};
use okienko_journal::{
    Append, AppendError, Claim, Engine, JournalError, MemoryEngine, Receipt, Recorded, StoredStream,
};
use okienko_kernel::Moment;
use std::sync::Arc;
use std::time::Duration;

/// One process's access to a service's journal.
pub struct Storage {
    service: &'static str,
    store: Arc<MemoryEngine>,
    faulty: FaultyEngine,
    weather: Arc<Weather>,
    dice: Dice,
    watch: Arc<Watch>,
    shared: bool,
}

impl Storage {
    /// Opens `store` for a process; `shared` when other processes write to it too.
    pub fn open(
        service: &'static str,
        store: Arc<MemoryEngine>,
        (weather, dice, watch): (Arc<Weather>, Dice, Arc<Watch>),
        shared: bool,
    ) -> Storage {
        let faulty = FaultyEngine::new(store.clone());
        Storage { service, store, faulty, weather, dice, watch, shared }
    }

    fn fault(&self) -> Fault {
        let now = self.weather.now();
        if self.dice.chance(now.lost_before) {
            Fault::LostBefore
        } else if self.dice.chance(now.lost_after) {
            Fault::LostAfter
        } else if self.dice.chance(now.not_written) {
            Fault::NotWritten
        } else {
            Fault::None
        }
    }

    async fn work(&self) {
        let commit = self.weather.now().commit;
        if !commit.is_zero() {
            tokio::time::sleep(self.dice.around(commit / 2)).await;
        }
    }

    async fn reads(&self) -> Result<(), JournalError> {
        let takes = self.weather.now().read;
        if !takes.is_zero() {
            tokio::time::sleep(self.dice.around(takes)).await;
        }
        let fails = self.dice.chance(self.weather.now().read_fails);
        if fails { Err(JournalError("the connection was lost".into())) } else { Ok(()) }
    }
}

#[async_trait]
impl Engine for Storage {
    async fn append(&self, batch: &[&Append], cursors: &[(String, u64)]) -> Result<u64, AppendError> {
        self.work().await;
        let fault = self.fault();
        if !batch.is_empty() {
            self.faulty.plan([fault]);
        }
        let before = self.store.head().await.map_err(|error| AppendError::NotWritten(error.to_string()))?;
        let appended = self.faulty.append(batch, cursors).await;
        // Whatever the writer is told, this is what was really written.
        let written = self.store.read_after(before, usize::MAX).await;
        self.watch.written(self.service, &written.unwrap_or_default());
        // A crash from here on is a commit whose answer nobody received.
        self.work().await;
        appended
    }
    fn life(&self) -> u64 {
        self.store.life()
    }
    /// As with storage on another machine.
    fn leaves_the_thread(&self) -> bool {
        self.shared
    }
    fn others_write_every(&self) -> Option<Duration> {
        self.shared.then(|| self.weather.now().others_every)
    }
    async fn load(&self, stream: &str, since: Moment) -> Result<StoredStream, JournalError> {
        self.reads().await?;
        self.store.load(stream, since).await
    }
    async fn receipts(&self, stream: &str, keys: &[[u8; 16]]) -> Result<Vec<Receipt>, JournalError> {
        self.reads().await?;
        self.store.receipts(stream, keys).await
    }
    async fn read_after(&self, pos: u64, limit: usize) -> Result<Vec<Recorded>, JournalError> {
        self.reads().await?;
        self.store.read_after(pos, limit).await
    }
    async fn read_stream(&self, stream: &str, version: u64) -> Result<Vec<Recorded>, JournalError> {
        self.reads().await?;
        self.store.read_stream(stream, version).await
    }
    async fn head(&self) -> Result<u64, JournalError> {
        self.reads().await?;
        self.store.head().await
    }
    async fn claims(&self, keys: &[String]) -> Result<Vec<Option<Claim>>, JournalError> {
        self.reads().await?;
        self.store.claims(keys).await
    }
    async fn wakes(&self, prefix: &str) -> Result<Vec<(Moment, String, String)>, JournalError> {
        self.reads().await?;
        self.store.wakes(prefix).await
    }
    async fn cursor(&self, name: &str) -> Result<u64, JournalError> {
        self.reads().await?;
        self.store.cursor(name).await
    }
    async fn vault(&self, ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, JournalError> {
        self.reads().await?;
        self.store.vault(ids).await
    }
    async fn stream_before(&self, prefix: &str, before: &str) -> Result<Option<String>, JournalError> {
        self.reads().await?;
        self.store.stream_before(prefix, before).await
    }
    async fn streams(&self, prefix: &str) -> Result<Vec<String>, JournalError> {
        self.reads().await?;
        self.store.streams(prefix).await
    }
    async fn purge(&self, receipts_before: Moment, now: Moment) -> Result<u64, JournalError> {
        self.reads().await?;
        self.store.purge(receipts_before, now).await
    }
}
