//! What has happened in an outbox: the only thing that is stored. No phone, name, text or code is ever in here.

use super::conversion::Range;
use super::reason::Reason;
use okienko_kernel::{Id, Moment, stored_events};
use serde::{Deserialize, Serialize};

/// How a message travels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// To a phone; costs.
    Sms,
    /// By e-mail; does not count against the budget.
    Email,
}

/// Which code a message carries: the code itself follows from it by keyed derivation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeRef {
    /// Whose.
    pub verification: Id,
    /// The derivation number, from 1.
    pub no: u32,
}

/// A fact of an outbox.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A phone or address is to be proved; its first code is number 1.
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
        /// From this moment on code 1 is void.
        expires_at: Moment,
        /// The verification of the same subject that this one takes the place of; its codes are void.
        replaces: Option<Id>,
        /// The ranges of the number.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ranges: Vec<Range>,
        /// When.
        at: Moment,
    },
    /// The code before was void (too old, or guessed at too often); there is a new one.
    CodeRenewed {
        /// Whose.
        verification: Id,
        /// The new code's derivation number.
        no: u32,
        /// From this moment on it is void.
        expires_at: Moment,
        /// When.
        at: Moment,
    },
    /// A message is to be sent.
    MessageQueued {
        /// Its id.
        message: Id,
        /// How it travels.
        channel: Channel,
        /// Which text.
        template: String,
        /// The key under which it was asked for.
        request_key: Option<String>,
        /// The code in it.
        code: Option<CodeRef>,
        /// What it costs of the budget: parts of an SMS; 0 for a mail.
        parts: u32,
        /// The day's budget under which it was accepted.
        budget: u32,
        /// The first attempt is due then; at once where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_before: Option<Moment>,
        /// From then on it is of no use.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_after: Option<Moment>,
        /// When.
        at: Moment,
    },
    /// The right code was typed while it was valid.
    CodeProved {
        /// Whose.
        verification: Id,
        /// When.
        at: Moment,
    },
    /// A wrong code was typed while the right one was valid.
    CodeFailed {
        /// Whose.
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
        /// The provider's id of it; may be empty.
        provider_id: String,
        /// When.
        at: Moment,
    },
    /// The attempt failed; there will be another.
    AttemptFailed {
        /// Which message.
        message: Id,
        /// Which attempt.
        attempt: u32,
        /// Why.
        reason: Reason,
        /// When the next one is due.
        retry_at: Moment,
        /// The provider that may have accepted it all the same: it alone is asked then.
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
        /// When we were told.
        at: Moment,
    },
    /// The message was sent and has not arrived. Final.
    Undelivered {
        /// Which message.
        message: Id,
        /// When we were told.
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
