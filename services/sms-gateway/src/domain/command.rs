//! What one may ask of an outbox. Candidate ids, hashes and the answer of the keyed comparison come in with the command.

use super::conversion::Range;
use super::event::Channel;
use super::reason::Reason;
use okienko_kernel::{Id, Moment};
use serde::{Deserialize, Serialize};

/// Asked of the [`super::Outbox`] of an office's local day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Send a code, or send it again.
    StartVerification(StartVerification),
    /// A person has typed a code.
    CheckCode(CheckCode),
    /// Send a text that is no code.
    Send(Send),
    /// A provider is about to be called; journaled first.
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
        /// The provider's own id of it, for its reports; may be empty.
        provider_id: String,
    },
    /// No provider has accepted the message at this attempt.
    NotSent {
        /// Which message.
        message: Id,
        /// Which attempt, as [`super::Reply::Attempted`] named it: a late answer to an older one changes nothing.
        attempt: u32,
        /// Whether it is worth another try.
        class: NotSentClass,
        /// Why.
        reason: Reason,
        /// The provider that may have accepted it all the same.
        held_by: Option<String>,
    },
    /// A provider's delivery report.
    Report {
        /// Which message.
        of: ReportOf,
        /// What became of it.
        status: Final,
    },
}

/// See [`Command::StartVerification`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartVerification {
    /// What the proof is for: the hold's id. A second start for it is a resend.
    pub subject: String,
    /// The new verification's id, should one be made.
    pub verification: Id,
    /// The new message's id, should one be queued.
    pub message: Id,
    /// Keyed hash of the address: equal for equal addresses.
    pub address_hash: String,
    /// Ranges of numbers that it belongs to; none for a mail.
    pub ranges: Vec<Range>,
    /// How the code travels.
    pub channel: Channel,
    /// Language of the text, e.g. `pl`.
    pub locale: String,
    /// No code is valid from this moment on (the hold's last one).
    pub not_after: Moment,
    /// How many SMS parts the office may send on this day.
    pub budget: u32,
    /// How many SMS the text makes, at least 1; not looked at for mails.
    pub parts: u32,
    /// Opaque, without personal data: a start with a key seen before gets that start's answer.
    pub request_key: Option<String>,
}

/// See [`Command::CheckCode`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCode {
    /// Whose code.
    pub verification: Id,
    /// What the proof is for; has to be that of the start.
    pub subject: String,
    /// The derivation numbers whose code is what was typed ([`crate::code::matching`]); mostly none or one.
    /// The machine alone knows which number is current.
    pub right_for: Vec<u32>,
}

/// See [`Command::Send`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Send {
    /// The new message's id, should one be queued.
    pub message: Id,
    /// Opaque, not empty, without personal data: one message per key.
    pub request_key: String,
    /// How it travels.
    pub channel: Channel,
    /// Which text, e.g. `sms-confirmed`; those of codes are refused.
    pub template: String,
    /// How many SMS parts the office may send on this day.
    pub budget: u32,
    /// How many SMS the text makes, at least 1; not looked at for mails.
    pub parts: u32,
    /// It is not sent before that moment.
    pub not_before: Option<Moment>,
    /// It is not sent from that moment on.
    pub not_after: Option<Moment>,
}

/// Whether a failed attempt is worth another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotSentClass {
    /// Later perhaps.
    Again,
    /// Not with this message.
    Never,
}

/// How a report names its message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportOf {
    /// By our id, given to the provider when it was sent.
    Message(Id),
    /// By the provider's own id.
    Provider {
        /// The provider's name in the settings.
        provider: String,
        /// Its id of the message.
        provider_id: String,
    },
}

/// The two ends that a provider reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Final {
    /// It is on the person's phone.
    Delivered,
    /// It will not be.
    Undelivered,
}
