//! The port of a journal's storage, implemented by memory, SQLite and Postgres; all pass [`crate::conformance`]
//! unchanged. Knows no machine and no meaning of an event.

use crate::record::{Append, Claim, Receipt, Recorded};
use async_trait::async_trait;
use okienko_kernel::Moment;
use std::time::Duration;

/// A cursor that no relay uses and that never moves; for [`Engine::probe`].
pub(crate) const PROBE: &str = "probe";

/// Why a batch was not appended.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// An append of the batch met another version, a receipt, or a claim of another holder. Certainly nothing was
    /// written.
    #[error("append {index} of the batch: {what}")]
    Conflict {
        /// Its index in the batch.
        index: usize,
        /// What it met, for the log.
        what: String,
    },
    /// Certainly nothing was written.
    #[error("not written: {0}")]
    NotWritten(String),
    /// It may or may not have been written: the connection was lost or the commit failed.
    #[error("fate unknown: {0}")]
    Unknown(String),
}

/// A failed read. Nothing was changed; it may be retried.
#[derive(Debug, Clone, thiserror::Error)]
#[error("journal: {0}")]
pub struct JournalError(pub String);

/// A stream as it is stored.
#[derive(Debug, Default)]
pub struct StoredStream {
    /// All its events, in order.
    pub events: Vec<Recorded>,
    /// Its receipts written since the moment asked for.
    pub receipts: Vec<Receipt>,
}

/// The storage of one service's journal.
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// Appends a batch in one transaction, all or nothing, and returns the journal's head after it. `cursors` are
    /// stored in the same transaction and never move back, since two processes may briefly run the same relay. May
    /// block its thread for the length of one commit; never called concurrently.
    async fn append(&self, batch: &[&Append], cursors: &[(String, u64)]) -> Result<u64, AppendError>;

    /// Whether an append yields its thread while the storage works, so that the caller can do something else meanwhile.
    fn leaves_the_thread(&self) -> bool {
        false
    }

    /// How often to poll the head when other processes append to the same journal; `None` when this one is alone.
    fn others_write_every(&self) -> Option<Duration> {
        None
    }

    /// The life of this journal: a number that grows when a backup is restored or a standby takes over, because from
    /// then on the journal may hold less than it has already told. As far as known now; 0 while unknown.
    fn life(&self) -> u64;

    /// A whole stream, and its receipts since `receipts_since` (real time).
    async fn load(&self, stream: &str, receipts_since: Moment) -> Result<StoredStream, JournalError>;

    /// The stream's receipts under these keys; keys without one are left out.
    async fn receipts(&self, stream: &str, keys: &[[u8; 16]]) -> Result<Vec<Receipt>, JournalError>;

    /// Up to `limit` events with a position after `pos`, in order.
    async fn read_after(&self, pos: u64, limit: usize) -> Result<Vec<Recorded>, JournalError>;

    /// Events of one stream with a version after `version`, in order.
    async fn read_stream(&self, stream: &str, version: u64) -> Result<Vec<Recorded>, JournalError>;

    /// The position of the newest event; 0 when there is none.
    async fn head(&self) -> Result<u64, JournalError>;

    /// The holders of these keys, in the order of `keys`; expired claims are included.
    async fn claims(&self, keys: &[String]) -> Result<Vec<Option<Claim>>, JournalError>;

    /// The timers of streams whose key starts with `prefix`: moment, stream, office.
    async fn wakes(&self, prefix: &str) -> Result<Vec<(Moment, String, String)>, JournalError>;

    /// The stored position of a cursor; 0 if it was never stored.
    async fn cursor(&self, name: &str) -> Result<u64, JournalError>;

    /// The contents of these vault rows, in the order of `ids`.
    async fn vault(&self, ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, JournalError>;

    /// The greatest stream key that starts with `prefix` and is less than `before`.
    async fn stream_before(&self, prefix: &str, before: &str) -> Result<Option<String>, JournalError>;

    /// All stream keys that start with `prefix`, in order.
    async fn streams(&self, prefix: &str) -> Result<Vec<String>, JournalError>;

    /// Writes something meaningless, to find out whether writing works again.
    async fn probe(&self) -> Result<(), AppendError> {
        self.append(&[], &[(PROBE.to_owned(), 0)]).await.map(drop)
    }

    /// The damage seen in the storage so far: something that was stored can no longer be read. `None` when there is
    /// none.
    fn damage(&self) -> Option<String> {
        None
    }

    /// Records damage.
    fn is_damaged(&self, _what: &str) {}

    /// Deletes what has expired: receipts from before `receipts_before` (real time), and claims and vault rows that
    /// ended before `now` (domain time). Returns the number of deleted rows.
    async fn purge(&self, receipts_before: Moment, now: Moment) -> Result<u64, JournalError>;
}
