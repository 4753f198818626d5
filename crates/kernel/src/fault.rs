//! What goes wrong on the way to an answer and is not the domain's doing. Knows no domain, no transport and no words for
//! people.

use serde::{Deserialize, Serialize};

/// Why there is no answer. Not the domain's doing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Fault {
    /// The mailbox is full: certainly not carried out; ask again in a moment.
    #[error("too busy")]
    Busy,
    /// Certainly not carried out: the journal could not be read or written.
    #[error("not carried out: {0}")]
    NotDone(String),
    /// What is stored of it is not what was written: certainly not carried out, and no repeat mends that. What a later version
    /// has written is [`Fault::NotDone`].
    #[error("what is stored is damaged: {0}")]
    Damaged(String),
    /// It may have been carried out or not; a retry with the same key tells.
    #[error("fate unknown")]
    Unknown,
    /// The same idempotency key came with another body.
    #[error("idempotency key reused")]
    KeyReused,
}
