//! What one may ask of a day. Ids, codes and what was proved come in with the command.

use okienko_kernel::{Id, Moment, TimeOfDay};
use okienko_office::Proof;
use okienko_office::plan::DayPlan;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A command to a day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    /// Hold a place. The same hold once more changes nothing.
    PlaceHold(PlaceHold),
    /// The form was checked and its answers lie in the vault under `subject`.
    SaveForm {
        /// The hold that it belongs to.
        hold: Id,
        /// Whose data it is.
        subject: Id,
        /// [`Hold::sealed`](super::Hold::sealed) when what lies sealed was made; `None`: whichever.
        #[serde(default)]
        sealed: Option<u32>,
    },
    /// A code is on its way.
    CodeSent {
        /// The hold that it is for.
        hold: Id,
        /// What the sender of codes calls this proving.
        verification: String,
        /// Until when the code can be used.
        expires_at: Moment,
        /// How it was sent.
        channel: Proof,
        /// Keys by which this person counts towards `max_active`; the confirmation takes these and no others.
        claims: Vec<String>,
        /// [`Hold::sealed`](super::Hold::sealed) when the claims, and what lies sealed, were made; `None`: whichever.
        #[serde(default)]
        sealed: Option<u32>,
    },
    /// Make the hold a reservation.
    Confirm(Confirm),
    /// Give the place back. Once more changes nothing.
    Release {
        /// The hold.
        hold: Id,
    },
    /// The person does not come. Once more changes nothing.
    Cancel {
        /// The reservation.
        reservation: Id,
    },
    /// The office takes the reservation back. Once more changes nothing.
    Remove {
        /// The reservation.
        reservation: Id,
        /// Code of the reason, e.g. `false_data`.
        reason: String,
    },
    /// What the hall says of the person. Only ever moves forward.
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
    /// Id of the new hold.
    pub hold: Id,
    /// What for.
    pub service: String,
    /// Which slot.
    pub time: TimeOfDay,
    /// Opens the day when this is the first of it.
    pub plan: Arc<DayPlan>,
    /// Minutes before the hour at which booking ends.
    pub lead_min: u32,
    /// Whether a session of an account asked for it: that is the proof where the service accepts it.
    pub account: bool,
    /// Which account that is.
    pub account_id: Option<Id>,
}

/// Make a hold a reservation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Confirm {
    /// The hold.
    pub hold: Id,
    /// The proving whose code was right; `None` where the account is the proof.
    pub verification: Option<String>,
    /// Id of the reservation. Best made of the hold's by `as_kind`, so that every try names the same.
    pub reservation: Id,
    /// Id of the ticket that it will have in the hall.
    pub ticket: Id,
    /// Random numbers for the last seven digits of the check-in code; the first free one is taken.
    pub code_candidates: Vec<u32>,
    /// Keys that count towards `max_active`: those of [`Command::CodeSent`], see `Day::claims_of`.
    pub claims: Vec<String>,
    /// The form that the claims are of, as the hold had it; `None`: whichever.
    #[serde(default)]
    pub subject: Option<Id>,
    /// [`Hold::sealed`](super::Hold::sealed) when the proof was checked; `None`: whichever.
    #[serde(default)]
    pub sealed: Option<u32>,
}

/// What became of a visitor in the hall. Written as a word in `state`; see [`StoredAttendance`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "StoredAttendance", into = "StoredAttendance")]
pub enum Attendance {
    /// Is there.
    CheckedIn,
    /// Was served.
    Served,
    /// Did not come.
    Missed,
    /// Was turned away, or somebody else came.
    Refused,
    /// Gave up waiting.
    Left,
    /// Was there, and the office did not call.
    NotCalled,
}

/// Attendance as it is written. Who was not called has left, in a word that every version knows: one that knows no more blames
/// nobody and writes to nobody.
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
