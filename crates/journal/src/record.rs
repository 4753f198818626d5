//! What goes into the journal and what comes out. Plain data; knows no engine.

use crate::hash::ChainHash;
use okienko_kernel::{ClaimChange, Moment, Span};
use okienko_trace::{Cause, Trace};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An event to be appended.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Its name, stable for ever: stored events are found by it.
    pub kind: &'static str,
    /// Version of the shape of `data`.
    pub schema: u16,
    /// The event itself; no personal data.
    pub data: Vec<u8>,
    /// Domain time of the decision.
    pub at: Moment,
    /// Who caused it, and in which trace: an [`okienko_trace::Cause`] in words. No personal data.
    pub cause: Arc<str>,
    /// Hash over the event and the hash of the one before it in its stream.
    pub hash: ChainHash,
}

/// How long a receipt counts, real time: for so long the same key is not answered anew.
pub const RECEIPT_LIFE: Span = Span::from_hours(24);

/// The answer to an accepted command, kept so that a retry gets the same one. Appending one whose key the stream has already
/// is a conflict: somebody else has answered that request, perhaps with no event that would have moved the version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Hash of route and idempotency key.
    pub key: [u8; 16],
    /// Hash of the request's body: the same key with another body is refused.
    pub body: [u8; 16],
    /// The reply, encoded; without secrets.
    pub reply: Vec<u8>,
    /// Real time of the commit; counts for [`RECEIPT_LIFE`] from here.
    pub at: Moment,
}

/// A change to a deletable, encrypted row beside the events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VaultChange {
    /// Sets the row `id`, to be purged after `until`.
    Put {
        /// The row's id.
        id: String,
        /// Encrypted content, see [`crate::Vault`].
        sealed: Vec<u8>,
        /// Domain time after which the row is purged.
        until: Moment,
    },
    /// Deletes the row `id` now.
    Delete {
        /// The row's id.
        id: String,
    },
}

/// One transaction of one stream.
#[derive(Clone, Debug)]
pub struct Append {
    /// The office that the stream belongs to.
    pub office: Arc<str>,
    /// The stream's key.
    pub stream: Arc<str>,
    /// The version that the stream must have: the fence against a second writer.
    pub expected: u64,
    /// Domain time: a claim whose end is not after it may be taken by anybody.
    pub at: Moment,
    /// In order; versions `expected + 1 …`.
    pub events: Vec<NewEvent>,
    /// Answers to the commands that led here.
    pub receipts: Vec<Receipt>,
    /// Unique keys taken, released, handed over.
    pub claims: Vec<ClaimChange>,
    /// Rows beside the events.
    pub vault: Vec<VaultChange>,
    /// When the stream's next timer falls due after this append; the outer `None` leaves it as it was.
    pub wake: Option<Option<Moment>>,
}

impl Append {
    /// Whether there is anything to write. Refusals and reads ride along in appends without anything.
    pub fn is_empty(&self) -> bool {
        let no_rows = self.receipts.is_empty() && self.claims.is_empty() && self.vault.is_empty();
        self.events.is_empty() && no_rows && self.wake.is_none()
    }
}

/// An event as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the service's whole journal: 1, 2, 3 … without a gap, in commit order.
    pub pos: u64,
    /// The stream's key.
    pub stream: Arc<str>,
    /// Its place in the stream: 1, 2, 3 … without a gap.
    pub version: u64,
    /// The office that the stream belongs to.
    pub office: Arc<str>,
    /// See [`NewEvent::kind`].
    pub kind: Arc<str>,
    /// See [`NewEvent::schema`].
    pub schema: u16,
    /// Domain time of the decision.
    pub at: Moment,
    /// See [`NewEvent::cause`].
    pub cause: Arc<str>,
    /// The event itself.
    pub data: Vec<u8>,
    /// See [`NewEvent::hash`].
    pub hash: ChainHash,
}

impl Recorded {
    /// In which trace it was caused, where that was traced.
    pub fn trace(&self) -> Option<Trace> {
        Cause::read(&self.cause).trace
    }
}

/// A unique key that somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who has it.
    pub holder: String,
    /// From this moment on anybody may take it.
    pub until: Moment,
}
