//! The events of a hall, the only thing that is stored. Each event that concerns the screens carries its sequence
//! number and everything they need. Knows nothing of how it is written or published.

use super::plan::Plan;
use super::ticket::Line;
use okienko_kernel::{Id, Moment, stored_events};
use serde::{Deserialize, Serialize};

/// A number given from a prefix's own series: `A` and 12 make `A012`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// The letters before the number.
    pub prefix: String,
    /// Starts at 1 each day.
    pub serial: u32,
}

/// The state to which an undone act returns a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names and fields are those of TicketState")]
pub enum Back {
    Waiting,
    Called,
    Serving,
    Absent { turn: u64, since: Moment, due: bool },
}

/// Why reception turned a booked visitor away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of the outside surface")]
pub enum Reason {
    OtherPerson,
    WrongDocuments,
    WrongMatter,
    Other,
}

/// One event of a hall's day. `seq` is the number under which screens see it, `at` the moment of the decision, `line`
/// the ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields that all share are described once, above")]
pub enum HallEvent {
    /// A reservation entered the roster; seen by screens only while the day is open.
    Expected {
        seq: Option<u64>,
        at: Moment,
        line: Line,
        code: String,
        /// The office's strike-off rule at that time; once the day is open, the plan's rule applies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cancel_at_min: Option<i32>,
    },
    /// A reservation was cancelled or removed; `line` is its ticket, if one was known and this removed it.
    Unexpected {
        seq: Option<u64>,
        at: Moment,
        reservation: Id,
        line: Option<Line>,
    },
    /// The day opened; its `seq` is one above the last of the previous day.
    DayOpened {
        seq: u64,
        at: Moment,
        plan: Box<Plan>,
    },
    /// At opening: announces a ticket of the roster to the screens.
    Listed {
        seq: u64,
        at: Moment,
        line: Line,
    },
    /// A walk-in took a ticket.
    WalkInIssued {
        seq: u64,
        at: Moment,
        line: Line,
        series: Series,
    },
    /// A booked visitor is in the building; `series` if the number was given out by this.
    CheckedIn {
        at: Moment,
        line: Line,
        series: Option<Series>,
    },
    /// A booked ticket entered the queue; `series` if the number was given out by this.
    Placed {
        seq: u64,
        at: Moment,
        line: Line,
        series: Option<Series>,
    },
    CounterOpened {
        seq: u64,
        at: Moment,
        counter: String,
    },
    CounterPaused {
        seq: u64,
        at: Moment,
        counter: String,
    },
    CounterClosed {
        seq: u64,
        at: Moment,
        counter: String,
    },
    /// Call attempt number `attempt`, or a repeat of the same call (`recall`).
    Called {
        seq: u64,
        at: Moment,
        line: Line,
        counter: String,
        attempt: u32,
        recall: bool,
    },
    Started {
        seq: u64,
        at: Moment,
        line: Line,
        counter: String,
        attempt: u32,
    },
    Finished {
        seq: u64,
        at: Moment,
        line: Line,
        counter: String,
        attempt: u32,
        outcome: Option<String>,
        /// For a booked visitor whose office requires it: whether code and person were compared.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verified: Option<bool>,
    },
    /// A no-show before the last permitted call: the ticket will be called again.
    WentAbsent {
        seq: u64,
        at: Moment,
        line: Line,
        counter: String,
        attempt: u32,
    },
    /// A no-show after the last permitted call; or, when the day was sealed, the ticket was called and nobody came, or
    /// its holder never came.
    Missed {
        seq: u64,
        at: Moment,
        line: Line,
        counter: Option<String>,
        attempt: u32,
    },
    /// The holder left; or, with `not_called`, the day was sealed while they were here and nobody had called them. A
    /// version that does not know `not_called` reads it as having left, which blames nobody.
    Left {
        seq: u64,
        at: Moment,
        line: Line,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        not_called: bool,
    },
    /// An absent ticket was handed to another counter (or to none yet); if `due`, it goes there before anybody who
    /// waits.
    HandedOver {
        at: Moment,
        ticket: Id,
        to: Option<String>,
        due: bool,
    },
    /// Sent back into the queue by `counter`, keeping its place; to one counter only if `to` is given.
    Transferred {
        seq: u64,
        at: Moment,
        line: Line,
        counter: String,
        to: Option<String>,
    },
    /// Set aside by `counter`.
    Parked {
        seq: u64,
        at: Moment,
        line: Line,
        counter: String,
    },
    /// The counter's latest act was taken back; `attempt` is the attempt count from now on.
    Undone {
        seq: u64,
        at: Moment,
        line: Line,
        counter: String,
        attempt: u32,
        back: Back,
    },
    /// The holder wants to be notified that many minutes before the call; `subject` is the id under which the phone is
    /// kept.
    NoticeAsked {
        at: Moment,
        ticket: Id,
        subject: Id,
        ahead_min: u32,
    },
    /// That notification is due: `ahead` people and `minutes` before the call, or at the call to `counter`.
    NoticeDue {
        at: Moment,
        ticket: Id,
        subject: Id,
        minutes: u32,
        ahead: u64,
        counter: Option<String>,
    },
    /// A booked visitor had not checked in by the office's strike-off minute; seen by screens only while the day is
    /// open.
    StruckOff {
        seq: Option<u64>,
        at: Moment,
        line: Line,
    },
    /// Reception turned a booked visitor away; the reason is one of a fixed set.
    Refused {
        seq: u64,
        at: Moment,
        line: Line,
        reason: Reason,
    },
    /// The clerk has compared the code with the person.
    Verified {
        at: Moment,
        line: Line,
        counter: String,
    },
    /// The day is over: every ticket is in a final state.
    DaySealed {
        at: Moment,
    },
}

stored_events! {
    HallEvent as whole {
        Expected = "expected",
        Unexpected = "unexpected",
        DayOpened = "day_opened",
        Listed = "listed",
        WalkInIssued = "walk_in_issued",
        CheckedIn = "checked_in",
        Placed = "placed",
        CounterOpened = "counter_opened",
        CounterPaused = "counter_paused",
        CounterClosed = "counter_closed",
        Called = "called",
        Started = "started",
        Finished = "finished",
        WentAbsent = "went_absent",
        Missed = "missed",
        Left = "left",
        HandedOver = "handed_over",
        Transferred = "transferred",
        Parked = "parked",
        Undone = "undone",
        NoticeAsked = "notice_asked",
        NoticeDue = "notice_due",
        StruckOff = "struck_off",
        Refused = "refused",
        Verified = "verified",
        DaySealed = "day_sealed",
    }
}

impl HallEvent {
    /// The sequence number under which screens see it, if they do.
    pub fn seq(&self) -> Option<u64> {
        use HallEvent::*;
        match self {
            Expected { seq, .. } | Unexpected { seq, .. } | StruckOff { seq, .. } => *seq,
            DayOpened { seq, .. }
            | Listed { seq, .. }
            | WalkInIssued { seq, .. }
            | Placed { seq, .. }
            | CounterOpened { seq, .. }
            | CounterPaused { seq, .. }
            | CounterClosed { seq, .. }
            | Called { seq, .. }
            | Started { seq, .. }
            | Finished { seq, .. }
            | WentAbsent { seq, .. }
            | Missed { seq, .. }
            | Left { seq, .. }
            | Refused { seq, .. }
            | Transferred { seq, .. }
            | Parked { seq, .. }
            | Undone { seq, .. } => Some(*seq),
            CheckedIn { .. }
            | HandedOver { .. }
            | Verified { .. }
            | NoticeAsked { .. }
            | NoticeDue { .. }
            | DaySealed { .. } => None,
        }
    }
}
