//! The commands to a day. Ids, codes and what was proved are part of the command.

use okienko_kernel::{Id, Moment, TimeOfDay};
use okienko_office::Proof;
use okienko_office::plan::DayPlan;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A command to a day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    /// Hold a place. Repeating it with the same hold id changes nothing.
    PlaceHold(PlaceHold),
    /// The form was checked and its answers lie in the vault under `subject`.
    SaveForm {
        /// The hold.
        hold: Id,
        /// Whose data it is.
        subject: Id,
        /// [`Hold::sealed`](super::Hold::sealed) when the sealed data were made; `None`: not checked.
        #[serde(default)]
        sealed: Option<u32>,
    },
    /// A code is on its way.
    CodeSent {
        /// The hold.
        hold: Id,
        /// sms-gateway's id of this verification.
        verification: String,
        /// When the code expires.
        expires_at: Moment,
        /// How it was sent.
        channel: Proof,
        /// Keys by which this person counts towards `max_active`; the confirmation takes these and no others.
        claims: Vec<String>,
        /// [`Hold::sealed`](super::Hold::sealed) when the claims and the sealed data were made; `None`: not checked.
        #[serde(default)]
        sealed: Option<u32>,
    },
    /// Make the hold a reservation.
    Confirm(Confirm),
    /// Give the place back. Repeating it changes nothing.
    Release {
        /// The hold.
        hold: Id,
    },
    /// The person cancels. Repeating it changes nothing.
    Cancel {
        /// The reservation.
        reservation: Id,
    },
    /// The office removes the reservation. Repeating it changes nothing.
    Remove {
        /// The reservation.
        reservation: Id,
        /// Code of the reason, e.g. `false_data`.
        reason: String,
    },
    /// The hall reports what became of the visitor. Only ever moves forward.
    Attend {
        /// The reservation.
        reservation: Id,
        /// What happened.
        #[serde(flatten)]
        state: Attendance,
        /// When.
        at: Moment,
    },
}

/// Hold a place of a slot.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlaceHold {
    /// Id for the new hold.
    pub hold: Id,
    /// The service.
    pub service: String,
    /// The slot.
    pub time: TimeOfDay,
    /// Opens the day if this is its first hold.
    pub plan: Arc<DayPlan>,
    /// Minutes before the slot's time at which booking ends.
    pub lead_min: u32,
    /// Whether an account session made the request: that is the proof, if the service accepts it.
    pub account: bool,
    /// That account.
    pub account_id: Option<Id>,
    /// Whose places may be taken.
    #[serde(default)]
    pub share: Share,
}

/// Whose places may be taken, where some are reserved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// Those that everybody may book.
    #[default]
    Everybody,
    /// The reserved ones too.
    Staff,
}

/// Make a hold a reservation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Confirm {
    /// The hold.
    pub hold: Id,
    /// The verification whose code was correct; `None` if the account is the proof.
    pub verification: Option<String>,
    /// Id of the reservation. Best derived from the hold's by `as_kind`, so that every retry uses the same.
    pub reservation: Id,
    /// Id of the ticket that it will have in the hall.
    pub ticket: Id,
    /// Random numbers for the digits of the check-in code after the pool's; the first free one is used.
    pub code_candidates: Vec<u32>,
    /// Keys that count towards `max_active`: those of [`Command::CodeSent`]; see `Day::claims_of`.
    pub claims: Vec<String>,
    /// The form from which the claims were made, as the hold had it; `None`: not checked.
    #[serde(default)]
    pub subject: Option<Id>,
    /// [`Hold::sealed`](super::Hold::sealed) when the proof was checked; `None`: not checked.
    #[serde(default)]
    pub sealed: Option<u32>,
}

/// What became of a visitor in the hall. Stored as a word in `state`; see `StoredAttendance`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "StoredAttendance", into = "StoredAttendance")]
pub enum Attendance {
    /// Checked in.
    CheckedIn,
    /// Was served.
    Served,
    /// Did not come.
    Missed,
    /// Was turned away, or somebody else came.
    Refused,
    /// Gave up waiting.
    Left,
    /// Checked in, but the office did not call them.
    NotCalled,
}

/// Attendance as stored. `NotCalled` is written as `left`, a word that every version knows, with a flag: a version that
/// does not know the flag takes it as having left and sends no message.
#[derive(Serialize, Deserialize)]
struct StoredAttendance {
    state: Word,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    not_called: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    CheckedIn,
    Served,
    Missed,
    Refused,
    Left,
}

impl From<Attendance> for StoredAttendance {
    fn from(attendance: Attendance) -> StoredAttendance {
        let state = match attendance {
            Attendance::CheckedIn => Word::CheckedIn,
            Attendance::Served => Word::Served,
            Attendance::Missed => Word::Missed,
            Attendance::Refused => Word::Refused,
            Attendance::Left | Attendance::NotCalled => Word::Left,
        };
        StoredAttendance { state, not_called: attendance == Attendance::NotCalled }
    }
}

impl From<StoredAttendance> for Attendance {
    fn from(told: StoredAttendance) -> Attendance {
        match told.state {
            Word::CheckedIn => Attendance::CheckedIn,
            Word::Served => Attendance::Served,
            Word::Missed => Attendance::Missed,
            Word::Refused => Attendance::Refused,
            Word::Left if told.not_called => Attendance::NotCalled,
            Word::Left => Attendance::Left,
        }
    }
}
