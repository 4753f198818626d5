//! The journal: the store of everything that has happened, and the only place where correctness lives.
//!
//! One [`Append`] is one transaction of one stream: the expected version (the fence), its events in a hash chain,
//! receipts, claims, vault rows and the next wake. Positions are gapless and in commit order, so that a [`relay`] skips
//! nothing. A [`committer`](Journal) groups the appends of all actors of a process into one commit.
//!
//! Knows nothing of any service, of machines or of what an event means: kinds are names, data is bytes.

mod cipher;
mod committer;
#[cfg(feature = "conformance")]
pub mod conformance;
mod engine;
#[cfg(feature = "conformance")]
pub mod faulty;
mod follow;
mod grown;
mod hand_over;
mod hash;
mod measured;
mod memory;
#[cfg(feature = "cluster")]
mod postgres;
mod record;
pub mod relay;
mod rows;
#[cfg(feature = "sabotage")]
pub mod sabotage;
mod seldom;
mod sqlite;
pub mod sqlite_check;
pub mod sqlite_cut;
mod sqlite_schema;
mod sqlite_wal;
mod trouble;

pub use cipher::{Cipher, Sealed};
pub use committer::{Journal, Outcome, Poison, Submission};
pub use engine::{AppendError, Engine, JournalError, StoredStream};
pub use follow::Followers;
pub use hand_over::{HandOver, Pause, Taker};
pub use hash::{ChainHash, GENESIS, chain};
pub use memory::MemoryEngine;
pub use okienko_kernel::{EventRef, Handed, NotTaken, Refused};
#[cfg(feature = "cluster")]
pub use postgres::{PostgresEngine, PostgresSettings, login_of, migrate};
pub use record::{Append, Claim, NewEvent, RECEIPT_LIFE, Receipt, Recorded, VaultChange};
pub use seldom::Seldom;
pub use sqlite::SqliteEngine;
pub use trouble::Trouble;
