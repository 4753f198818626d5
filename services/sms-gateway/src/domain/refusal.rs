//! The replies of an outbox: why it refused, or what came of the command. Stored in receipts, so no secrets.

use okienko_kernel::{Id, Moment, Span};
use serde::{Deserialize, Serialize};

/// Why a command was not carried out. Nothing changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The pause since the last code was sent is not over.
    #[error("wait before the next code")]
    RateLimited {
        /// The remaining pause.
        retry_after: Span,
    },
    /// The hold that the proof is for has ended, or ends now.
    #[error("the hold has expired")]
    HoldExpired,
    /// The code is void: too old, replaced, or too many wrong guesses. A new start creates a new one.
    #[error("the code has expired")]
    CodeExpired,
    /// It is not the code.
    #[error("the code is wrong")]
    CodeWrong {
        /// How many wrong guesses remain.
        attempts_left: u32,
    },
    /// There is no such id, or it belongs to another subject.
    #[error("unknown")]
    Unknown,
    /// No more is allowed today, or for this hold.
    #[error("a limit is reached")]
    LimitReached(Limit),
    /// The key or id was used for something else.
    #[error("this key was used for something else")]
    KeyReused,
    /// The template is reserved for verifications.
    #[error("this template is for codes")]
    TemplateOfCodes,
    /// An attempt is in progress, or the next one is not due yet.
    #[error("the next attempt is not due yet")]
    AttemptNotDue {
        /// The time until it may be due.
        retry_after: Span,
    },
    /// The message was sent or has failed.
    #[error("nothing is left to send")]
    AlreadyDone,
    /// An outcome was reported for a message that was never attempted.
    #[error("no attempt was made")]
    NotAttempted,
}

/// Which limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Limit {
    /// The office's daily SMS budget.
    Budget,
    /// How often codes are sent to one address for one hold.
    Sends,
    /// To how many addresses in turn codes are sent for one hold.
    Addresses,
}

impl Refusal {
    /// The stable code used by the public API.
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

/// The reply to a command.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// To a start: a code is on its way (or already proved).
    Started {
        /// The verification to check the code with.
        verification: Id,
        /// The message that carries the code; it has the command's own id only if it was queued just now.
        message: Id,
        /// The code is void from this moment on.
        expires_at: Moment,
        /// It may be sent again from this moment on.
        resend_after: Moment,
    },
    /// To a check: the right code.
    Proved {
        /// Keyed hash of the proved address.
        address_hash: String,
    },
    /// To a check: a wrong code, which uses up an attempt. Effectively a refusal, but it had to be journaled.
    Wrong {
        /// How many wrong guesses remain.
        attempts_left: u32,
    },
    /// To a send.
    Queued {
        /// The message under this key.
        message: Id,
    },
    /// To an attempt: call the provider now.
    Attempted {
        /// The attempt's number, from 1; passed back in [`super::Command::NotSent`].
        attempt: u32,
    },
    /// To an attempt: do not call anybody, the message has just failed (its code is void, or no attempt was ever
    /// answered).
    Dropped,
    /// To an outcome or a report: recorded, now or before.
    Noted,
}

impl Reply {
    /// The reply, or the refusal that it represents.
    pub fn into_result(self) -> Result<Reply, Refusal> {
        match self {
            Reply::Wrong { attempts_left } => Err(Refusal::CodeWrong { attempts_left }),
            other => Ok(other),
        }
    }
}
