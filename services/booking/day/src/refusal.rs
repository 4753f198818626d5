//! Why a day refuses a command. Must not know the texts that people read.

use serde::{Deserialize, Serialize};

/// Why a command was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// There is no such slot, service, hold or reservation.
    #[error("there is no such thing on this day")]
    Unknown,
    /// The slot's time has come, or is too near.
    #[error("the hour has passed or is too near")]
    Past,
    /// All places are promised.
    #[error("all places of the slot are promised")]
    SlotFull,
    /// The id is already used for something else.
    #[error("the id is taken")]
    IdTaken,
    /// The hold is over.
    #[error("the hold is over")]
    HoldExpired,
    /// The hold has already become a reservation.
    #[error("the hold has become a reservation")]
    AlreadyConfirmed,
    /// The form must be saved first.
    #[error("the form is missing")]
    FormMissing,
    /// Another form was saved or another code sent since the data for this command were read.
    #[error("the form or its code has changed meanwhile")]
    FormChanged,
    /// Nothing proves whose reservation this would be.
    #[error("the proof is missing")]
    ProofMissing,
    /// The person has as many reservations as are allowed.
    #[error("the person has as many reservations as are allowed")]
    LimitReached,
    /// It is too late for this.
    #[error("it is too late for that")]
    TooLate,
    /// The visitor is in the hall: what happens now is decided there.
    #[error("the visitor is in the hall")]
    CheckedIn,
}

impl Refusal {
    /// The stable code used in the public API.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::Unknown => "unknown",
            Refusal::Past | Refusal::TooLate => "too_late",
            Refusal::SlotFull => "slot_full",
            Refusal::IdTaken => "key_reused",
            Refusal::HoldExpired => "hold_expired",
            Refusal::AlreadyConfirmed | Refusal::FormMissing | Refusal::ProofMissing => "invalid",
            Refusal::FormChanged => "conflict",
            Refusal::LimitReached => "limit_reached",
            Refusal::CheckedIn => "checked_in",
        }
    }
}
