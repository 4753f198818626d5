//! What has happened on a day: the only thing that is stored. No personal data; what the outside is told of an event
//! is in the event itself, so that it can be published without the state.

use super::command::Attendance;
use okienko_kernel::{Day, Id, Moment, TimeOfDay, stored_events};
use okienko_office::Proof;
use okienko_office::plan::DayPlan;
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

/// The day has its plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOpened {
    /// The plan, for good.
    pub plan: Arc<DayPlan>,
}

/// A place is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldPlaced {
    /// Its id.
    pub hold: Id,
    /// What for.
    pub service: String,
    /// Which slot.
    pub time: TimeOfDay,
    /// Since when.
    pub placed_at: Moment,
    /// Until when, that moment excluded.
    pub ends_at: Moment,
    /// Whether a session of an account asked for it.
    pub account: bool,
    /// Which account that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Id>,
}

/// The form of a hold lies in the vault.
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
    /// What the sender of codes calls this proving.
    pub verification: String,
    /// How it was sent.
    pub channel: Proof,
    /// Keys that the confirmation will take.
    pub claims: Vec<String>,
    /// Until when the code can be used; older events do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// Until when the hold lasts now.
    pub ends_at: Moment,
}

/// Where a public event belongs.
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
    /// The hold that it was.
    pub hold: Id,
    /// Local hour.
    pub time: TimeOfDay,
    /// When that is.
    pub at: Moment,
    /// What for.
    pub service: String,
    /// The number that a person reads out, unique in the office.
    pub number: String,
    /// Which one of the day it is, from 1; part of both numbers.
    pub serial: u32,
    /// Id of the ticket in the hall.
    pub ticket: Id,
    /// Its number on the screens, unique per location and day.
    pub ticket_number: String,
    /// Eight digits, unique per location and day.
    pub check_in_code: String,
    /// Whose data it is; `None` where the service has no form.
    pub subject: Option<Id>,
    /// What was proved; `None` where the account is the proof.
    pub verification: Option<String>,
    /// Keys that it takes.
    pub claims: Vec<String>,
    /// From when on others may take these: the end of the local day.
    pub claims_until: Moment,
    /// When it was confirmed.
    pub confirmed_at: Moment,
    /// The account that booked, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Id>,
}

/// A hold was given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldReleased {
    /// The hold.
    pub hold: Id,
}

/// A hold's time was over.
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
    /// From when on the place may be booked again.
    pub free_from: Moment,
    /// When.
    pub at: Moment,
}

/// The office took the reservation back.
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
    /// From when on the place may be booked again.
    pub free_from: Moment,
    /// When.
    pub at: Moment,
}

/// What the hall said of the visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attended {
    /// The reservation.
    pub reservation: Id,
    /// What happened.
    #[serde(flatten)]
    pub state: Attendance,
    /// When, as the hall says.
    pub at: Moment,
    /// Keys that it gives back, unless the visitor only checked in.
    pub claims: Vec<String>,
}

/// The time has come to remind people of their visits; once a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// Which visits.
    pub reservations: Vec<Id>,
    /// When.
    pub at: Moment,
}
