//! The events of an outbox, the only thing that is stored. Never contains a phone, name, text or code.

use super::conversion::Range;
use super::reason::Reason;
use okienko_kernel::{Id, Moment, stored_events};
use serde::{Deserialize, Serialize};

/// How a message travels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// To a phone; costs money.
    Sms,
    /// By e-mail; does not count against the budget.
    Email,
}

/// Which code a message carries: the code itself is derived from this with a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeRef {
    /// The verification.
    pub verification: Id,
    /// The derivation number, from 1.
    pub no: u32,
}

/// An event of an outbox.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A phone or address is to be proved; its first code has number 1.
    VerificationStarted {
        /// Its id.
        verification: Id,
        /// What the proof is for.
        subject: String,
        /// Keyed hash of the address.
        address_hash: String,
        /// How codes travel.
        channel: Channel,
        /// Language of the texts.
        locale: String,
        /// Code 1 is void from this moment on.
        expires_at: Moment,
        /// The verification of the same subject that this one replaces; its codes are void.
        replaces: Option<Id>,
        /// The ranges of the number.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ranges: Vec<Range>,
        /// When.
        at: Moment,
    },
    /// The previous code was void (too old, or too many wrong guesses); there is a new one.
    CodeRenewed {
        /// The verification.
        verification: Id,
        /// The new code's derivation number.
        no: u32,
        /// The new code is void from this moment on.
        expires_at: Moment,
        /// When.
        at: Moment,
    },
    /// A message is to be sent.
    MessageQueued {
        /// Its id.
        message: Id,
        /// The channel.
        channel: Channel,
        /// Name of the text.
        template: String,
        /// The key of the request.
        request_key: Option<String>,
        /// The code that it carries.
        code: Option<CodeRef>,
        /// What it takes from the budget: SMS parts; 0 for a mail.
        parts: u32,
        /// The day's budget under which it was accepted.
        budget: u32,
        /// When the first attempt is due; at once if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_before: Option<Moment>,
        /// From this moment on it is useless.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_after: Option<Moment>,
        /// When.
        at: Moment,
    },
    /// The right code was typed while it was valid.
    CodeProved {
        /// The verification.
        verification: Id,
        /// When.
        at: Moment,
    },
    /// A wrong code was typed while the right one was valid.
    CodeFailed {
        /// The verification.
        verification: Id,
        /// When.
        at: Moment,
    },
    /// A provider is about to be called.
    Attempted {
        /// Which message.
        message: Id,
        /// Which attempt, from 1.
        attempt: u32,
        /// When.
        at: Moment,
    },
    /// A provider has accepted the message.
    Sent {
        /// Which message.
        message: Id,
        /// The provider's name.
        provider: String,
        /// The provider's id of the message; may be empty.
        provider_id: String,
        /// When.
        at: Moment,
    },
    /// The attempt failed; there will be another.
    AttemptFailed {
        /// The message.
        message: Id,
        /// Which attempt.
        attempt: u32,
        /// Why.
        reason: Reason,
        /// When the next one is due.
        retry_at: Moment,
        /// The provider that may nevertheless have accepted it: only that one is tried next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held_by: Option<String>,
        /// When.
        at: Moment,
    },
    /// Another attempt is due now.
    RetryDue {
        /// Which message.
        message: Id,
        /// When.
        at: Moment,
    },
    /// The message will not be sent. Final.
    Failed {
        /// Which message.
        message: Id,
        /// Why.
        reason: Reason,
        /// When.
        at: Moment,
    },
    /// The message has arrived. Final.
    Delivered {
        /// Which message.
        message: Id,
        /// When the report arrived.
        at: Moment,
    },
    /// The message was sent and has not arrived. Final.
    Undelivered {
        /// Which message.
        message: Id,
        /// When the report arrived.
        at: Moment,
    },
}

stored_events! {
    Event as fields {
        VerificationStarted = "verification_started",
        CodeRenewed = "code_renewed",
        MessageQueued = "message_queued",
        CodeProved = "code_proved",
        CodeFailed = "code_failed",
        Attempted = "attempted",
        Sent = "sent",
        AttemptFailed = "attempt_failed",
        RetryDue = "retry_due",
        Failed = "failed",
        Delivered = "delivered",
        Undelivered = "undelivered",
    }
}
