//! What an outbox answers: why it did not do what it was asked, or what came of it. Stored in receipts, so no secrets.

use okienko_kernel::{Id, Moment, Span};
use serde::{Deserialize, Serialize};

/// Why a command was not carried out. Nothing changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The pause since the last sending of a code is not over.
    #[error("wait before the next code")]
    RateLimited {
        /// How long it still lasts.
        retry_after: Span,
    },
    /// What the proof is for has ended, or ends now.
    #[error("the hold has expired")]
    HoldExpired,
    /// The code is void: too old, replaced, or guessed at too often. A new start makes a new one.
    #[error("the code has expired")]
    CodeExpired,
    /// Not the code.
    #[error("the code is wrong")]
    CodeWrong {
        /// How many wrong ones may still be typed.
        attempts_left: u32,
    },
    /// There is none of that id, or it is not that subject's.
    #[error("unknown")]
    Unknown,
    /// There is no more to be had today, or for this hold.
    #[error("a limit is reached")]
    LimitReached(Limit),
    /// The key or id was used for something else.
    #[error("this key was used for something else")]
    KeyReused,
    /// The template is one of those that only a verification may use.
    #[error("this template is for codes")]
    TemplateOfCodes,
    /// An attempt is under way, or the next one is not due yet.
    #[error("the next attempt is not due yet")]
    AttemptNotDue {
        /// In how long it may be.
        retry_after: Span,
    },
    /// The message was sent or has failed.
    #[error("nothing is left to send")]
    AlreadyDone,
    /// An outcome of a message that nobody has tried to send.
    #[error("no attempt was made")]
    NotAttempted,
}

/// Which limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Limit {
    /// The office's SMS of the day.
    Budget,
    /// How often codes are sent to one address for one hold.
    Sends,
    /// To how many addresses in turn codes are sent for one hold.
    Addresses,
}

impl Refusal {
    /// The stable code of the outside surface.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::RateLimited { .. } | Refusal::AttemptNotDue { .. } => "rate_limited",
            Refusal::HoldExpired => "hold_expired",
            Refusal::CodeExpired => "code_expired",
            Refusal::CodeWrong { .. } => "code_wrong",
            Refusal::Unknown => "unknown",
            Refusal::LimitReached(_) => "limit_reached",
            Refusal::KeyReused => "key_reused",
            Refusal::TemplateOfCodes | Refusal::AlreadyDone | Refusal::NotAttempted => "invalid",
        }
    }
}

/// What the asker is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// To a start: a code is on its way (or proved already).
    Started {
        /// The verification to check the code with.
        verification: Id,
        /// The message that carries the code; the command's own id only when it was queued just now.
        message: Id,
        /// From this moment on the code is void.
        expires_at: Moment,
        /// From this moment on it may be sent again.
        resend_after: Moment,
    },
    /// To a check: the right code.
    Proved {
        /// Keyed hash of the proved address.
        address_hash: String,
    },
    /// To a check: a wrong code, and an attempt is used up. A refusal in all but name: it had to be journaled.
    Wrong {
        /// How many wrong ones may still be typed.
        attempts_left: u32,
    },
    /// To a send.
    Queued {
        /// The message of this key.
        message: Id,
    },
    /// To an attempt: call the provider now.
    Attempted {
        /// Which attempt this is, from 1; goes back with [`super::Command::NotSent`].
        attempt: u32,
    },
    /// To an attempt: do not call anybody, the message has just failed (its code is void, or nobody ever answered).
    Dropped,
    /// To an outcome or a report: known, now or before.
    Noted,
}

impl Reply {
    /// The reply, or the refusal that it stands for.
    pub fn into_result(self) -> Result<Reply, Refusal> {
        match self {
            Reply::Wrong { attempts_left } => Err(Refusal::CodeWrong { attempts_left }),
            other => Ok(other),
        }
    }
}
