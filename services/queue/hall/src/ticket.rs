//! A ticket: one person's place in the hall, from expected or issued to served, missed or left. Knows nothing of the
//! line it is in; indexes are built from its state.

use okienko_estimate::seed_of;
use okienko_kernel::{Id, Moment, TimeOfDay};
use serde::{Deserialize, Serialize};

/// What every event and screen carries about a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The ticket's id.
    pub ticket: Id,
    /// As on paper and screens, e.g. `A012`; empty until it is given out.
    pub number: String,
    /// The service's id.
    pub service: String,
    /// Order key, microseconds since the Unix epoch: smaller is called earlier.
    pub order: i64,
    /// The reservation behind it; none for walk-ins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked: Option<Booked>,
}

/// A ticket's reservation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// The reservation's id.
    pub reservation: Id,
    /// The booked hour.
    pub at: Moment,
    /// The same hour in local wall-clock time.
    pub time: TimeOfDay,
}

/// A ticket with its state and history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Number, service, order, reservation.
    pub line: Line,
    /// Its seed in forecasts ([`seed_of`]), kept because each forecast needs the seeds of all waiting tickets.
    pub seed: u64,
    /// Its current state.
    pub state: TicketState,
    /// How often it was called; a recall does not count.
    pub attempt: u32,
    /// Whether the person has checked in at the kiosk or reception.
    pub checked_in: bool,
    /// If set, waits for this counter only, after a transfer to it.
    pub wanted_at: Option<String>,
    /// A clerk has had this person at the counter: the timer no longer strikes them off.
    pub met: bool,
    /// The clerk has compared the code with the person.
    pub verified: bool,
    /// When it was last called; a recall does not count.
    pub called_at: Option<Moment>,
    /// When the current call was last repeated.
    pub recalled_at: Option<Moment>,
    /// When its visit last began.
    pub started_at: Option<Moment>,
    /// The check-in code of its reservation.
    pub code: Option<String>,
    /// What its latest transfer changed, until it is called again.
    pub sent: Option<Box<TransferOrigin>>,
}

/// A ticket as it was before a transfer; restored by `undo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferOrigin {
    /// The counter that transferred it.
    pub from: String,
    /// The line, with the service that it had.
    pub line: Line,
    /// How often it had been called.
    pub attempt: u32,
    /// The counter for which it had waited.
    pub wanted_at: Option<String>,
    /// Whether a clerk had had the person at a counter.
    pub met: bool,
}

/// A ticket's state; exactly one at any time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketState {
    /// Booked; not in the queue yet.
    Expected,
    /// Waiting in the queue.
    Waiting,
    /// Called to a counter.
    Called {
        /// The counter's number.
        counter: String,
    },
    /// Being served.
    Serving {
        /// The counter's number.
        counter: String,
    },
    /// Did not come when called; will be called again.
    Absent {
        /// The counter that will call it again; none while no counter could take it over.
        counter: Option<String>,
        /// Sequence number of its no-show: the earliest is called first.
        turn: u64,
        /// The moment of its no-show.
        since: Moment,
        /// Another visit has ended at the counter since its last call.
        due: bool,
    },
    /// Set aside by the counter that served it, e.g. to fill in a form; only the clerk calls it back.
    Parked {
        /// The counter's number.
        counter: String,
    },
    /// The visit has ended.
    Served,
    /// Left the queue after the last permitted call; or when the day was sealed, having been called or never having
    /// come.
    Missed,
    /// Was here, and nobody had called when the day was sealed: the office's doing, not the visitor's.
    NotCalled,
    /// Left by an act of the holder or the office.
    Left,
    /// Booked, and not checked in by the office's strike-off minute.
    StruckOff,
    /// Turned away at reception.
    Refused,
}

/// The state's name alone, for views and counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of TicketState")]
pub enum StateName {
    Expected,
    Waiting,
    Called,
    Serving,
    Absent,
    Parked,
    Served,
    Missed,
    NotCalled,
    Left,
    StruckOff,
    Refused,
}

impl TicketState {
    /// The name alone.
    pub fn name(&self) -> StateName {
        match self {
            TicketState::Expected => StateName::Expected,
            TicketState::Waiting => StateName::Waiting,
            TicketState::Called { .. } => StateName::Called,
            TicketState::Serving { .. } => StateName::Serving,
            TicketState::Absent { .. } => StateName::Absent,
            TicketState::Parked { .. } => StateName::Parked,
            TicketState::Served => StateName::Served,
            TicketState::Missed => StateName::Missed,
            TicketState::NotCalled => StateName::NotCalled,
            TicketState::Left => StateName::Left,
            TicketState::StruckOff => StateName::StruckOff,
            TicketState::Refused => StateName::Refused,
        }
    }
    /// The counter it is called to, served at, absent from or parked at.
    pub fn counter(&self) -> Option<&str> {
        match self {
            TicketState::Called { counter }
            | TicketState::Serving { counter }
            | TicketState::Parked { counter } => Some(counter),
            TicketState::Absent { counter, .. } => counter.as_deref(),
            _ => None,
        }
    }
    /// Whether nothing can happen to it any more.
    pub fn is_final(&self) -> bool {
        matches!(self, TicketState::Served | TicketState::Missed | TicketState::NotCalled) || self.is_over()
    }
    /// Whether its reservation has ended for good without a visit: its code is refused from then on.
    pub fn is_over(&self) -> bool {
        matches!(self, TicketState::Left | TicketState::StruckOff | TicketState::Refused)
    }
}

impl Ticket {
    /// A new ticket.
    pub fn new(line: Line, state: TicketState) -> Ticket {
        Ticket {
            seed: seed_of(&line.ticket.to_string()),
            line,
            state,
            attempt: 0,
            checked_in: false,
            wanted_at: None,
            met: false,
            verified: false,
            called_at: None,
            recalled_at: None,
            started_at: None,
            code: None,
            sent: None,
        }
    }
    /// Whether the timer may strike it off: booked, and nobody has seen the person yet.
    pub(super) fn unseen(&self) -> bool {
        let away =
            matches!(self.state, TicketState::Expected | TicketState::Waiting | TicketState::Absent { .. });
        away && !self.checked_in && !self.met
    }
    /// When it was called, or when the visit began.
    pub fn since(&self) -> Option<Moment> {
        match self.state {
            TicketState::Called { .. } => self.called_at,
            TicketState::Serving { .. } => self.started_at,
            _ => None,
        }
    }
    /// The reservation's id, where it has one.
    pub fn reservation(&self) -> Option<Id> {
        self.line.booked.as_ref().map(|booked| booked.reservation)
    }
}
