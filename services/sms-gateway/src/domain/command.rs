//! The commands of an outbox. Candidate ids, hashes and the result of the keyed comparison come in with the command.

use super::conversion::Range;
use super::event::Channel;
use super::reason::Reason;
use okienko_kernel::{Id, Moment};
use serde::{Deserialize, Serialize};

/// A command to the [`super::Outbox`] of an office's local day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Send a code, or send it again.
    StartVerification(StartVerification),
    /// A person has typed a code.
    CheckCode(CheckCode),
    /// Send a text that is not a code.
    Send(Send),
    /// A provider is about to be called; journaled before the call.
    Attempt {
        /// Which message.
        message: Id,
    },
    /// A provider has accepted the message.
    Sent {
        /// Which message.
        message: Id,
        /// The provider's name in the settings.
        provider: String,
        /// The provider's own id of the message, used in its reports; may be empty.
        provider_id: String,
    },
    /// No provider accepted the message in this attempt.
    NotSent {
        /// Which message.
        message: Id,
        /// The attempt's number, as given by [`super::Reply::Attempted`]: a late answer to an older attempt changes
        /// nothing.
        attempt: u32,
        /// Whether to try again.
        class: NotSentClass,
        /// Why.
        reason: Reason,
        /// The provider that may nevertheless have accepted it.
        held_by: Option<String>,
    },
    /// A provider's delivery report.
    Report {
        /// Which message.
        of: ReportOf,
        /// The outcome.
        status: Final,
    },
}

/// See [`Command::StartVerification`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartVerification {
    /// What is to be proved for: the hold's id. A second start for the same subject is a resend.
    pub subject: String,
    /// The id for the verification, if a new one is created.
    pub verification: Id,
    /// The id for the message, if one is queued.
    pub message: Id,
    /// Keyed hash of the address: equal for equal addresses.
    pub address_hash: String,
    /// Number ranges that it belongs to; none for a mail.
    pub ranges: Vec<Range>,
    /// How the code travels.
    pub channel: Channel,
    /// Language of the text, e.g. `pl`.
    pub locale: String,
    /// No code is valid from this moment on (the hold's end).
    pub not_after: Moment,
    /// The office's budget for this day, in SMS parts.
    pub budget: u32,
    /// How many SMS parts the text takes, at least 1; ignored for mail.
    pub parts: u32,
    /// Opaque, without personal data: a start with an already used key gets the first start's reply.
    pub request_key: Option<String>,
}

/// See [`Command::CheckCode`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCode {
    /// The verification whose code was typed.
    pub verification: Id,
    /// Must be the same as at the start.
    pub subject: String,
    /// The derivation numbers whose code is what was typed ([`crate::code::matching`]); usually none or one. Only the
    /// machine knows which number is current.
    pub right_for: Vec<u32>,
}

/// See [`Command::Send`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Send {
    /// The id for the message, if one is queued.
    pub message: Id,
    /// Opaque, not empty, without personal data: one message per key.
    pub request_key: String,
    /// How it travels.
    pub channel: Channel,
    /// Name of the text, e.g. `sms-confirmed`; those of codes are refused.
    pub template: String,
    /// The office's budget for this day, in SMS parts.
    pub budget: u32,
    /// How many SMS parts the text takes, at least 1; ignored for mail.
    pub parts: u32,
    /// Not sent before that moment.
    pub not_before: Option<Moment>,
    /// Not sent from that moment on.
    pub not_after: Option<Moment>,
}

/// Whether to try again after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotSentClass {
    /// A later attempt may succeed.
    Again,
    /// No attempt with this message can succeed.
    Never,
}

/// How a report identifies its message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportOf {
    /// By our own id, given to the provider when sending.
    Message(Id),
    /// By the provider's own id.
    Provider {
        /// The provider's name in the settings.
        provider: String,
        /// Its id of the message.
        provider_id: String,
    },
}

/// The two outcomes that a provider reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Final {
    /// It is on the person's phone.
    Delivered,
    /// It will not arrive.
    Undelivered,
}
