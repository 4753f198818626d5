//! What has happened on a day: the only thing stored. No personal data; an event contains everything that is told to
//! the outside about it, so that it can be published without the state.

use super::command::Attendance;
use okienko_kernel::{Day, Id, Moment, TimeOfDay, stored_events};
use okienko_office::Proof;
use okienko_office::plan::{DayPlan, Length};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An event of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each carries the struct of its name")]
pub enum DayEvent {
    DayOpened(DayOpened),
    HoldPlaced(HoldPlaced),
    FormSaved(FormSaved),
    CodeSent(CodeSent),
    Confirmed(Box<Confirmed>),
    HoldReleased(HoldReleased),
    HoldExpired(HoldExpired),
    Cancelled(Cancelled),
    Removed(Removed),
    Attended(Attended),
    Reminded(Reminded),
}

stored_events! {
    DayEvent as payload {
        DayOpened = "day_opened",
        HoldPlaced = "hold_placed",
        FormSaved = "form_saved",
        CodeSent = "code_sent",
        Confirmed = "confirmed",
        HoldReleased = "hold_released",
        HoldExpired = "hold_expired",
        Cancelled = "cancelled",
        Removed = "removed",
        Attended = "attended",
        Reminded = "reminded",
    }
}

/// The day was opened with its plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOpened {
    /// The plan; it never changes.
    pub plan: Arc<DayPlan>,
}

/// A place was held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldPlaced {
    /// Its id.
    pub hold: Id,
    /// The service.
    pub service: String,
    /// The slot.
    pub time: TimeOfDay,
    /// How long the visit is, whatever becomes of its service; absent where visits take one slot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<Length>,
    /// When it was placed.
    pub placed_at: Moment,
    /// When it ends, exclusive.
    pub ends_at: Moment,
    /// Whether an account session made the request.
    pub account: bool,
    /// That account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Id>,
}

/// The form of a hold was saved in the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormSaved {
    /// The hold.
    pub hold: Id,
    /// Whose data it is.
    pub subject: Id,
}

/// A code was sent for a hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// The hold.
    pub hold: Id,
    /// sms-gateway's id of this verification.
    pub verification: String,
    /// How it was sent.
    pub channel: Proof,
    /// Keys that the confirmation will take.
    pub claims: Vec<String>,
    /// When the code expires; absent in older events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// The hold's end from now on.
    pub ends_at: Moment,
}

/// What a public event belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Id of the office.
    pub office: String,
    /// Id of the location.
    pub location: String,
    /// The local day.
    pub day: Day,
}

/// A hold has become a reservation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Office, location, day.
    pub place: Place,
    /// Id of the reservation.
    pub reservation: Id,
    /// The hold that became it.
    pub hold: Id,
    /// Local hour.
    pub time: TimeOfDay,
    /// When that is.
    pub at: Moment,
    /// The service.
    pub service: String,
    /// The number that a person reads out, unique within the office.
    pub number: String,
    /// Its sequence number on the day, from 1; part of both numbers.
    pub serial: u32,
    /// Id of the ticket in the hall.
    pub ticket: Id,
    /// Its number on the screens, unique per location and day.
    pub ticket_number: String,
    /// Eight digits, unique per location and day.
    pub check_in_code: String,
    /// Whose data it is; `None` where the service has no form.
    pub subject: Option<Id>,
    /// The verification that proved it; `None` if the account is the proof.
    pub verification: Option<String>,
    /// Keys that it takes.
    pub claims: Vec<String>,
    /// From when others may take these keys: the end of the local day.
    pub claims_until: Moment,
    /// When it was confirmed.
    pub confirmed_at: Moment,
    /// The account that booked it, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Id>,
}

/// A hold was given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldReleased {
    /// The hold.
    pub hold: Id,
}

/// A hold expired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldExpired {
    /// The hold.
    pub hold: Id,
}

/// The person cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// Office, location, day.
    pub place: Place,
    /// The reservation.
    pub reservation: Id,
    /// Keys that it gives back.
    pub claims: Vec<String>,
    /// From when the place may be booked again.
    pub free_from: Moment,
    /// When.
    pub at: Moment,
}

/// The office removed the reservation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Office, location, day.
    pub place: Place,
    /// The reservation.
    pub reservation: Id,
    /// Code of the reason.
    pub reason: String,
    /// Keys that it gives back.
    pub claims: Vec<String>,
    /// From when the place may be booked again.
    pub free_from: Moment,
    /// When.
    pub at: Moment,
}

/// The hall reported what became of the visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attended {
    /// The reservation.
    pub reservation: Id,
    /// What happened.
    #[serde(flatten)]
    pub state: Attendance,
    /// When, according to the hall.
    pub at: Moment,
    /// Keys that it gives back, unless the visitor only checked in.
    pub claims: Vec<String>,
}

/// It was time to remind people of their visits; once a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// The visits.
    pub reservations: Vec<Id>,
    /// When.
    pub at: Moment,
}
