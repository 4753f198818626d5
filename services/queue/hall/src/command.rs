//! What one may ask of a hall's day, what one is told, and why it is refused.
//! Knows nothing of HTTP: `code` names the stable words of the outside surface, nothing more.

use super::event::Reason;
use super::plan::Plan;
use super::query::{CounterView, TicketView};
use okienko_estimate::Range;
use okienko_kernel::{Id, Moment, TimeOfDay};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A confirmed reservation, as booking tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Its id.
    pub reservation: Id,
    /// The ticket that it will have here.
    pub ticket: Id,
    /// The ticket's number; empty where it is given in the hall.
    pub ticket_number: String,
    /// The service's id.
    pub service: String,
    /// The booked hour.
    pub at: Moment,
    /// The same hour on the wall clock.
    pub time: TimeOfDay,
    /// Typed at the kiosk.
    pub code: String,
    /// The location's rule of striking off, for a day that is not open yet.
    pub cancel_at_min: Option<i32>,
}

/// What one may ask of a hall's day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HallCommand {
    /// A reservation of this day was confirmed.
    Expect(Reservation),
    /// A reservation was cancelled or removed; may come before its `Expect`, which is then ignored.
    Unexpect {
        /// The reservation's id.
        reservation: Id,
    },
    /// Opens the day.
    Open {
        /// What the day runs on.
        plan: Box<Plan>,
        /// `last_seq` of this hall's day before; 0 for its first ever.
        seq_base: u64,
    },
    /// Ends the day.
    Seal,
    /// Takes a walk-in ticket.
    IssueWalkIn {
        /// The new ticket's id; the same id again is a retry.
        ticket: Id,
        /// The service's id.
        service: String,
    },
    /// Checks a booked visitor in at the kiosk.
    CheckIn {
        /// As typed.
        code: String,
        /// What the person chose, where the kiosk asks.
        service: Option<String>,
    },
    /// Reception lets a booked visitor in: also after the kiosk's window, until the reservation is struck off.
    Admit {
        /// The reservation's id.
        reservation: Id,
    },
    /// Reception turns a booked visitor away: the reservation is over.
    Refuse {
        /// The reservation's id.
        reservation: Id,
        /// Why.
        reason: Reason,
    },
    /// The holder leaves the queue.
    Leave {
        /// The ticket's id.
        ticket: Id,
    },
    /// The holder wants to be written to before the call.
    Notify {
        /// The ticket's id.
        ticket: Id,
        /// Where the phone is kept; the same id is the same wish.
        subject: Id,
        /// Minutes before the call.
        ahead_min: u32,
    },
    /// A clerk's act at a counter.
    Desk {
        /// The counter's number.
        counter: String,
        /// What the clerk does.
        act: DeskAct,
    },
}

/// A clerk's acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words of the outside surface")]
pub enum DeskAct {
    Open,
    Close,
    Pause,
    /// The next visitor; of these services alone, where given.
    CallNext {
        services: Option<BTreeSet<String>>,
    },
    /// This waiting, absent or parked ticket.
    Call {
        ticket: Id,
    },
    /// Announces the called one again; no new attempt.
    Recall,
    NoShow,
    Start,
    Finish {
        outcome: Option<String>,
    },
    /// Back into the queue with its place, for another service, one counter, or both.
    Transfer {
        service: Option<String>,
        counter: Option<String>,
    },
    /// Sets the one who is served aside.
    Park,
    /// Says that the visitor's code is this one.
    Verify {
        code: String,
    },
    /// Takes the latest call, start, no-show, transfer, setting aside or end of visit back.
    Undo,
}

/// What the asker is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HallReply {
    /// Carried out, or it was so already.
    Done,
    /// A ticket, and how many wait before it.
    Ticket {
        /// The ticket.
        ticket: TicketView,
        /// People before it in its line.
        ahead: u64,
        /// How long that may take, where it can be said.
        #[serde(default)]
        wait: Option<Range>,
    },
    /// There is nobody to call.
    Nobody,
    /// The counter's state after the act.
    Counter(Box<CounterView>),
}

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum HallRefusal {
    /// The day is not open, the issuing of tickets has ended, or the counter is closed or paused.
    #[error("closed")]
    Closed,
    /// The counter has somebody called or served.
    #[error("the counter has a visitor")]
    CounterBusy,
    /// Nobody is called or served at the counter, or not in the state that the act needs.
    #[error("the counter has no such visitor")]
    NoVisitor,
    /// No such ticket, reservation or code here.
    #[error("unknown")]
    Unknown,
    /// No such counter in this hall.
    #[error("no such counter")]
    UnknownCounter,
    /// No such service here, or none with walk-in tickets.
    #[error("no such service")]
    UnknownService,
    /// The holder has not come yet: a visit is cancelled, not left.
    #[error("the visit is still ahead")]
    VisitAhead {
        /// The visit.
        reservation: Id,
    },
    /// The ticket is called, served or gone: too late for this.
    #[error("the ticket is not waiting")]
    NotWaiting,
    /// Before the check-in window, or before tickets are given.
    #[error("too early")]
    TooEarly {
        /// First moment at which it is possible.
        from: Moment,
    },
    /// After the check-in window, or the visit was missed.
    #[error("too late")]
    TooLate,
    /// Not the service that this ticket or counter is for.
    #[error("another service")]
    WrongService {
        /// The ticket's service.
        right: String,
    },
    /// The reservation was cancelled, struck off or refused, or its holder left.
    #[error("cancelled")]
    Cancelled,
    /// A plan of another hall or day.
    #[error("a plan of another hall or day")]
    WrongPlan,
    /// No more changes of this wish.
    #[error("too many changes")]
    LimitReached,
    /// The office wants code and person compared before the visit begins.
    #[error("not compared with the reservation yet")]
    NotCompared,
    /// The act lies back too far: it is the past now.
    #[error("too late to undo")]
    UndoTooLate,
    /// There is no act to take back.
    #[error("nothing to undo")]
    NothingToUndo,
}

impl HallRefusal {
    /// The stable code of the outside surface.
    pub fn code(&self) -> &'static str {
        match self {
            HallRefusal::CounterBusy => "counter_busy",
            HallRefusal::Unknown | HallRefusal::UnknownCounter | HallRefusal::UnknownService => "unknown",
            HallRefusal::TooEarly { .. } => "too_early",
            HallRefusal::TooLate | HallRefusal::NotWaiting | HallRefusal::UndoTooLate => "too_late",
            HallRefusal::WrongService { .. } => "wrong_service",
            HallRefusal::Cancelled => "cancelled",
            HallRefusal::Closed => "closed",
            HallRefusal::LimitReached => "limit_reached",
            HallRefusal::NotCompared => "conflict",
            HallRefusal::VisitAhead { .. } => "conflict",
            HallRefusal::NoVisitor | HallRefusal::NothingToUndo | HallRefusal::WrongPlan => "invalid",
        }
    }
}
