//! One numbered change of a hall, as display understands it. Knows nothing of protobuf.

use serde::Serialize;

/// The state of a ticket.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// Booked; the hour has not come.
    Expected,
    /// In the queue.
    Waiting,
    /// Called to a counter.
    Called,
    /// At the counter.
    Serving,
    /// Did not come when called; will be called again.
    Absent,
    /// The visit is over.
    Served,
    /// Left the queue after the last permitted call, or when the day was closed.
    Missed,
    /// Was here when the day was closed, and nobody had called.
    NotCalled,
    /// Left by an act of the holder or the office.
    Left,
    /// Its visit was cancelled, by the holder or the office.
    Cancelled,
    /// Its day has passed, and its outcome is no longer told. Never on a board.
    Over,
}

/// What a counter is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum CounterState {
    Closed,
    Free,
    Called,
    Serving,
    Paused,
}

impl TicketState {
    /// The name used in answers.
    pub const fn name(self) -> &'static str {
        match self {
            TicketState::Expected => "expected",
            TicketState::Waiting => "waiting",
            TicketState::Called => "called",
            TicketState::Serving => "serving",
            TicketState::Absent => "absent",
            TicketState::Served => "served",
            TicketState::Missed => "missed",
            TicketState::NotCalled => "not_called",
            TicketState::Left => "left",
            TicketState::Cancelled => "cancelled",
            TicketState::Over => "over",
        }
    }
}

impl CounterState {
    /// The name used in answers.
    pub const fn name(self) -> &'static str {
        match self {
            CounterState::Closed => "closed",
            CounterState::Free => "free",
            CounterState::Called => "called",
            CounterState::Serving => "serving",
            CounterState::Paused => "paused",
        }
    }
}

/// A ticket as reported by the hall.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TicketView {
    /// Its id.
    pub ticket: String,
    /// Its number on screens, e.g. `A012`.
    pub number: String,
    /// The service's id.
    pub service: String,
    /// Its state.
    pub state: TicketState,
    /// Smaller is called earlier.
    pub order: i64,
    /// Local `HH:MM` of the booked hour; empty for walk-ins.
    pub booked: String,
    /// The counter that called or serves it; empty otherwise.
    pub counter: String,
    /// Number of the last call, 0 before the first.
    pub attempt: u32,
}

/// A call or a recall.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// The ticket's id.
    pub ticket: String,
    /// Its number on screens.
    pub number: String,
    /// The counter to call at.
    pub counter: String,
    /// From 1 up to the office's number of calls; a recall keeps it.
    pub attempt: u32,
    /// Announced once more, without being a new call.
    pub recall: bool,
    /// The service's id.
    pub service: String,
}

/// What changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// A new day with these counters; nothing of the day before remains.
    DayOpened(Vec<String>),
    /// A ticket.
    Ticket(TicketView),
    /// A counter.
    Counter {
        /// Its number on the wall.
        counter: String,
        /// Its new state.
        state: CounterState,
    },
    /// A call.
    Call(Call),
    /// Something unknown to this version: only its number counts.
    Unknown,
}
