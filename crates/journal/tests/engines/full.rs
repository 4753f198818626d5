//! A journal that cannot write for a while: it says so, probes by itself, and says when that is over.

use super::{TokioTasks, append};
use async_trait::async_trait;
use okienko_journal::{
    Append, AppendError, Claim, Engine, Journal, JournalError, MemoryEngine, Outcome, Poison, Receipt,
    Recorded, StoredStream, Submission, Trouble,
};
use okienko_kernel::Moment;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

struct Full {
    inner: Arc<dyn Engine>,
    is_full: Arc<AtomicBool>,
}

#[async_trait]
impl Engine for Full {
    async fn append(&self, batch: &[&Append], cursors: &[(String, u64)]) -> Result<u64, AppendError> {
        match self.is_full.load(Ordering::Relaxed) {
            true => Err(AppendError::NotWritten("database or disk is full".into())),
            false => self.inner.append(batch, cursors).await,
        }
    }
    async fn load(&self, stream: &str, since: Moment) -> Result<StoredStream, JournalError> {
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
    fn life(&self) -> u64 {
        self.inner.life()
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

async fn write(journal: &Journal) -> Outcome {
    let (told, outcome) = tokio::sync::oneshot::channel();
    let version = journal.engine().read_stream("a", 0).await.unwrap().len() as u64;
    let append = append("a", version);
    let done = Box::new(move |outcome| {
        let _ = told.send(outcome);
    });
    journal.submit(Submission { append, poison: Arc::new(Poison::default()), done }).await;
    outcome.await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_takes_nothing_says_so_until_it_takes_something_again() {
    let is_full = Arc::new(AtomicBool::new(false));
    let engine = Arc::new(Full { inner: MemoryEngine::shared(), is_full: is_full.clone() });
    let journal = Journal::start("queue", engine, &TokioTasks).await.unwrap();
    assert_eq!((write(&journal).await, journal.trouble()), (Outcome::Committed, None));
    is_full.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        assert_eq!(write(&journal).await, Outcome::NotCommitted);
        assert!(matches!(journal.trouble(), Some(Trouble::NotWritten(why)) if why.contains("full")));
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
    // Nobody writes: it gets no work while it is not ready.
    is_full.store(false, Ordering::Relaxed);
    let well = async {
        while journal.trouble().is_some() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), well).await.expect("it tries by itself");
    assert_eq!((write(&journal).await, journal.trouble()), (Outcome::Committed, None));
    // A write does not mend damage.
    journal.engine().is_damaged("nobody heard this: it keeps nothing in mind");
    assert_eq!(journal.trouble(), None);
}
