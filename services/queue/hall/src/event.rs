//! What has happened in a hall: the only thing that is stored. Each event that concerns the screens carries its
//! sequence number and all that they need. Knows nothing of how it is written or published.

use super::plan::Plan;
use super::ticket::Line;
use okienko_kernel::{Id, Moment, stored_events};
use serde::{Deserialize, Serialize};

/// A number given from a prefix's own series: `A` and 12 make `A012`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Letters before the number.
    pub prefix: String,
    /// 1 for the first of the day.
    pub serial: u32,
}

/// Where an undone act puts a ticket back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names and fields are those of TicketState")]
pub enum Back {
    Waiting,
    Called,
    Serving,
    Absent { turn: u64, since: Moment, due: bool },
}

/// Why reception turns a booked visitor away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of the outside surface")]
pub enum Reason {
    OtherPerson,
    WrongDocuments,
    WrongMatter,
    Other,
}

/// One event of a hall's day. `seq` numbers what screens see, `at` is the moment of the decision, `line` the ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields that all share are described once, above")]
pub enum HallEvent {
    /// A reservation came into the roster; seen by screens only while the day is open.
    Expected {
        seq: Option<u64>,
        at: Moment,
        line: Line,
        code: String,
        /// The office's rule of striking off as it was then; the plan's holds from opening on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cancel_at_min: Option<i32>,
    },
    /// A reservation was cancelled or removed; `line` is its ticket, where that was known and has left by this.
    Unexpected {
        seq: Option<u64>,
        at: Moment,
        reservation: Id,
        line: Option<Line>,
    },
    /// The day opened; its `seq` is one after the last of the day before.
    DayOpened {
        seq: u64,
        at: Moment,
        plan: Box<Plan>,
    },
    /// At opening: a ticket of the roster is made known to the screens.
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
    /// A booked visitor is in the building; `series` where the number was given by this.
    CheckedIn {
        at: Moment,
        line: Line,
        series: Option<Series>,
    },
    /// A booked ticket entered the queue; `series` where the number was given by this.
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
    /// Attempt number `attempt`, or the same once more (`recall`).
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
        /// Of a booked visitor where the office asks for it: whether code and person were compared.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verified: Option<bool>,
    },
    /// A no-show that is not the last: will be called again.
    WentAbsent {
        seq: u64,
        at: Moment,
        line: Line,
        counter: String,
        attempt: u32,
    },
    /// The last no-show; or the day was sealed over somebody who was called and had not come, or had never come.
    Missed {
        seq: u64,
        at: Moment,
        line: Line,
        counter: Option<String>,
        attempt: u32,
    },
    /// The holder left; or the day was sealed over somebody who was here and whom nobody called (`not_called`): a version that
    /// does not know that reads that they left, which blames nobody.
    Left {
        seq: u64,
        at: Moment,
        line: Line,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        not_called: bool,
    },
    /// An absent ticket is now another counter's to call (or nobody's yet); `due` there before anybody who waits.
    HandedOver {
        at: Moment,
        ticket: Id,
        to: Option<String>,
        due: bool,
    },
    /// Back into the queue from `counter`, with its place; to one counter alone where `to` is given.
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
    /// The counter's latest act was taken back; `attempt` is what counts now.
    Undone {
        seq: u64,
        at: Moment,
        line: Line,
        counter: String,
        attempt: u32,
        back: Back,
    },
    /// The holder wants to be written to so many minutes before the call; `subject` is where the phone is kept.
    NoticeAsked {
        at: Moment,
        ticket: Id,
        subject: Id,
        ahead_min: u32,
    },
    /// The moment of that wish has come: `ahead` people and `minutes` before the call, or at the call to `counter`.
    NoticeDue {
        at: Moment,
        ticket: Id,
        subject: Id,
        minutes: u32,
        ahead: u64,
        counter: Option<String>,
    },
    /// A booked visitor had not checked in by the minute at which the office strikes off; seen by screens only while the
    /// day is open.
    StruckOff {
        seq: Option<u64>,
        at: Moment,
        line: Line,
    },
    /// Reception turned a booked visitor away; the reason is one of a few words.
    Refused {
        seq: u64,
        at: Moment,
        line: Line,
        reason: Reason,
    },
    /// The clerk has compared code and person.
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
    /// The number under which screens see it, where they do.
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
