//! What every client was told: acknowledged, refused, or given up without knowing. The checker compares it with what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a client does, for counting whether it gets on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Holds of an hour.
    Hold,
    /// Whole bookings, by a code.
    Booking,
    /// Tickets of the kiosk.
    Ticket,
    /// Calls of a clerk.
    Call,
    /// Looks at the hall's board.
    Board,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 5] = [Kind::Hold, Kind::Booking, Kind::Ticket, Kind::Call, Kind::Board];
}

/// A call as its clerk was told of it: counter, ticket's number, which call of it.
pub type Call = (String, String, u64);

/// Everything that clients were told.
#[derive(Clone, Debug, Default)]
pub struct ClientLedger {
    /// Ids of holds that were acknowledged, with their hour.
    pub holds: BTreeMap<String, String>,
    /// Reservations by token: number, and the phone that proved it.
    pub reservations: BTreeMap<String, (String, String)>,
    /// Walk-in tickets by token: number.
    pub tickets: BTreeMap<String, String>,
    /// Calls that clerks were told of.
    pub calls: BTreeSet<Call>,
    /// What was asked and never answered, although it was asked again and again.
    pub given_up: Vec<String>,
    /// Answers that no fault excuses.
    pub wrong: Vec<String>,
    /// How often each kind got on.
    pub done: BTreeMap<Kind, u64>,
    /// How often something was asked again.
    pub retries: u64,
    next: u64,
}

/// Shared by all clients.
#[derive(Clone, Default)]
pub struct Book(Arc<Mutex<ClientLedger>>);

impl Book {
    /// To read or to write; never held over a question.
    pub fn lock(&self) -> MutexGuard<'_, ClientLedger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number that nobody else has.
    pub fn next(&self) -> u64 {
        let mut told = self.lock();
        told.next += 1;
        told.next
    }

    /// Notes that a kind got on.
    pub fn done(&self, kind: Kind) {
        *self.lock().done.entry(kind).or_default() += 1;
    }

    /// Notes a call; one that was told before is a fault.
    pub fn call(&self, call: Call) {
        let mut told = self.lock();
        if !told.calls.insert(call.clone()) {
            told.wrong.push(format!("the same call was told twice: {call:?}"));
        }
    }
}
