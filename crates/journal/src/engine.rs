//! The port of a journal's storage. Engines: memory, SQLite, Postgres. All pass
//! [`crate::conformance`] unchanged.

use crate::record::{Append, Claim, Receipt, Recorded};
use async_trait::async_trait;
use okienko_kernel::Moment;
use std::time::Duration;

/// The cursor of nobody, which never moves.
pub(crate) const PROBE: &str = "probe";

/// Why a batch was not appended.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// One append of the batch met another version, a receipt, or a claim that somebody else has. Certainly nothing was written.
    #[error("append {index} of the batch: {what}")]
    Conflict {
        /// Its place in the batch.
        index: usize,
        /// What it met, for the log.
        what: String,
    },
    /// Certainly nothing was written.
    #[error("not written: {0}")]
    NotWritten(String),
    /// It may have been written or not: the connection was lost or the commit failed.
    #[error("fate unknown: {0}")]
    Unknown(String),
}

/// A read that failed. Nothing was changed; it may be tried again.
#[derive(Debug, Clone, thiserror::Error)]
#[error("journal: {0}")]
pub struct JournalError(pub String);

/// A stream as it is stored.
#[derive(Debug, Default)]
pub struct StoredStream {
    /// All its events, in order.
    pub events: Vec<Recorded>,
    /// Its receipts that are younger than the moment asked for.
    pub receipts: Vec<Receipt>,
}

/// Storage of one service's journal.
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// Appends a batch in one transaction, all or nothing, and returns the journal's head after it. `cursors` are stored
    /// in the same transaction and never go back: two processes may run one relay for a moment. May block its thread for the time of one commit; never called twice at once.
    async fn append(&self, batch: &[&Append], cursors: &[(String, u64)]) -> Result<u64, AppendError>;

    /// Whether an append gives its thread back while the storage works, so that it may do something else meanwhile.
    fn leaves_the_thread(&self) -> bool {
        false
    }

    /// How often to ask for the head when other processes append to the same journal; `None` when this one is alone.
    fn others_write_every(&self) -> Option<Duration> {
        None
    }

    /// The life of this journal: a greater number after a backup was restored or a standby took over, because from then on what
    /// it holds may fall short of what it has told before. As far as it is known now; 0 while it is not known yet.
    fn life(&self) -> u64;

    /// All of a stream, and its receipts from `receipts_since` (real time) on.
    async fn load(&self, stream: &str, receipts_since: Moment) -> Result<StoredStream, JournalError>;

    /// Those receipts of a stream that have these keys; keys without one are left out.
    async fn receipts(&self, stream: &str, keys: &[[u8; 16]]) -> Result<Vec<Receipt>, JournalError>;

    /// Up to `limit` events with a position after `pos`, in order.
    async fn read_after(&self, pos: u64, limit: usize) -> Result<Vec<Recorded>, JournalError>;

    /// Events of one stream with a version after `version`, in order.
    async fn read_stream(&self, stream: &str, version: u64) -> Result<Vec<Recorded>, JournalError>;

    /// The position of the newest event; 0 when there is none.
    async fn head(&self) -> Result<u64, JournalError>;

    /// Who has these keys, in their order; an ended claim is still told.
    async fn claims(&self, keys: &[String]) -> Result<Vec<Option<Claim>>, JournalError>;

    /// Streams whose key starts with `prefix` and that have a timer, with its moment.
    async fn wakes(&self, prefix: &str) -> Result<Vec<(Moment, String, String)>, JournalError>;

    /// The stored position of a cursor; 0 when it was never stored.
    async fn cursor(&self, name: &str) -> Result<u64, JournalError>;

    /// The contents of these vault rows, in their order.
    async fn vault(&self, ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, JournalError>;

    /// The greatest stream key that starts with `prefix` and is less than `before`.
    async fn stream_before(&self, prefix: &str, before: &str) -> Result<Option<String>, JournalError>;

    /// All stream keys that start with `prefix`, in order.
    async fn streams(&self, prefix: &str) -> Result<Vec<String>, JournalError>;

    /// Writes something that means nothing, to see whether that can be done again.
    async fn probe(&self) -> Result<(), AppendError> {
        self.append(&[], &[(PROBE.to_owned(), 0)]).await.map(drop)
    }

    /// What of the storage is damaged, once it was seen: what was stored cannot be read any more. `None`: nothing.
    fn damage(&self) -> Option<String> {
        None
    }

    /// Notes that something is.
    fn is_damaged(&self, _what: &str) {}

    /// Deletes what has had its time: receipts from before `receipts_before` (real time), claims and vault rows
    /// that ended before `now` (domain time). Returns how many rows went.
    async fn purge(&self, receipts_before: Moment, now: Moment) -> Result<u64, JournalError>;
}
