//! Failures on the way to an answer that are not the domain's refusals. Knows no domain, no transport and no words for
//! people.

use serde::{Deserialize, Serialize};

/// Why there is no answer, for a reason other than a refusal by the domain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Fault {
    /// The mailbox is full: certainly not carried out; retry shortly.
    #[error("too busy")]
    Busy,
    /// The journal could not be read or written: certainly not carried out.
    #[error("not carried out: {0}")]
    NotDone(String),
    /// What is stored differs from what was written: certainly not carried out, and retrying cannot help. Data written
    /// by a later version is [`Fault::NotDone`] instead.
    #[error("what is stored is damaged: {0}")]
    Damaged(String),
    /// Carried out or not, nobody knows; a retry with the same idempotency key tells.
    #[error("fate unknown")]
    Unknown,
    /// The idempotency key was already used with another body.
    #[error("idempotency key reused")]
    KeyReused,
}
