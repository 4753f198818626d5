//! The commands that a hall's day accepts, its replies and its refusals. Knows nothing of HTTP: `code` only gives the
//! stable codes of the public API.

use super::event::Reason;
use super::plan::Plan;
use super::query::{CounterView, TicketView};
use okienko_estimate::Range;
use okienko_kernel::{Id, Moment, TimeOfDay};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A confirmed reservation, as received from booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Its id.
    pub reservation: Id,
    /// The ticket that it will have in this hall.
    pub ticket: Id,
    /// The ticket's number; empty where numbers are given out in the hall.
    pub ticket_number: String,
    /// The service's id.
    pub service: String,
    /// The booked hour.
    pub at: Moment,
    /// The same hour in local wall-clock time.
    pub time: TimeOfDay,
    /// The check-in code, typed at the kiosk.
    pub code: String,
    /// The location's strike-off rule, used until the day is open.
    pub cancel_at_min: Option<i32>,
}

/// A command to a hall's day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HallCommand {
    /// A reservation of this day was confirmed.
    Expect(Reservation),
    /// A reservation was cancelled or removed. May arrive before its `Expect`, which is then ignored.
    Unexpect {
        /// The reservation's id.
        reservation: Id,
    },
    /// Opens the day.
    Open {
        /// The plan that the day runs on.
        plan: Box<Plan>,
        /// `last_seq` of this hall's previous day; 0 for its first day ever.
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
        /// The code as typed.
        code: String,
        /// The service that the visitor chose, if the kiosk asks.
        service: Option<String>,
    },
    /// Reception lets a booked visitor in: allowed after the kiosk's window too, until the reservation is struck off.
    Admit {
        /// The reservation's id.
        reservation: Id,
    },
    /// Reception turns a booked visitor away; this ends the reservation.
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
    /// The holder wants to be notified before the call.
    Notify {
        /// The ticket's id.
        ticket: Id,
        /// The id under which the phone is kept; the same id means the same wish.
        subject: Id,
        /// How many minutes before the call.
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
    /// Calls the next visitor; of these services only, if given.
    CallNext {
        services: Option<BTreeSet<String>>,
    },
    /// Calls this waiting, absent or parked ticket.
    Call {
        ticket: Id,
    },
    /// Announces the called ticket again; does not count as another attempt.
    Recall,
    NoShow,
    Start,
    Finish {
        outcome: Option<String>,
    },
    /// Sends the visitor back into the queue, keeping the place, for another service, one counter, or both.
    Transfer {
        service: Option<String>,
        counter: Option<String>,
    },
    /// Sets the visitor being served aside.
    Park,
    /// Confirms that this is the visitor's code.
    Verify {
        code: String,
    },
    /// Takes back the latest call, start, no-show, transfer, parking or end of visit.
    Undo,
}

/// The reply to a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HallReply {
    /// Carried out, or already so.
    Done,
    /// A ticket, and how many people are ahead of it.
    Ticket {
        /// The ticket.
        ticket: TicketView,
        /// People ahead of it in its line.
        ahead: u64,
        /// The expected wait, if it can be estimated.
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
    /// The day is not open, no more tickets are issued, or the counter is closed or paused.
    #[error("closed")]
    Closed,
    /// Somebody is called or served at the counter.
    #[error("the counter has a visitor")]
    CounterBusy,
    /// Nobody is called or served at the counter, or the visitor is not in the state that the act needs.
    #[error("the counter has no such visitor")]
    NoVisitor,
    /// No such ticket, reservation or code here.
    #[error("unknown")]
    Unknown,
    /// This hall has no such counter.
    #[error("no such counter")]
    UnknownCounter,
    /// This hall has no such service, or the service gives no walk-in tickets.
    #[error("no such service")]
    UnknownService,
    /// The holder has not checked in yet: such a visit is cancelled, not left.
    #[error("the visit is still ahead")]
    VisitAhead {
        /// The visit.
        reservation: Id,
    },
    /// The ticket is called, served or gone: too late for this.
    #[error("the ticket is not waiting")]
    NotWaiting,
    /// Before the check-in window, or before walk-in tickets are given out.
    #[error("too early")]
    TooEarly {
        /// The first moment at which it is possible.
        from: Moment,
    },
    /// After the check-in window, or the visit was already missed.
    #[error("too late")]
    TooLate,
    /// Not the service of this ticket or counter.
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
    /// This ticket's notification wish has been changed too often.
    #[error("too many changes")]
    LimitReached,
    /// The office requires code and person to be compared before the visit begins.
    #[error("not compared with the reservation yet")]
    NotCompared,
    /// The act is too long ago to be taken back.
    #[error("too late to undo")]
    UndoTooLate,
    /// There is no act to take back.
    #[error("nothing to undo")]
    NothingToUndo,
}

impl HallRefusal {
    /// The stable code used by the public API.
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
