//! What every client was told: acknowledged, refused, or given up without an answer. The checker compares it with what
//! is there. Knows no fault.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A kind of client, for counting its progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Holds an hour.
    Hold,
    /// Books completely, with a code.
    Booking,
    /// Takes tickets at the kiosk.
    Ticket,
    /// Calls as a clerk.
    Call,
    /// Views the hall's board.
    Board,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 5] = [Kind::Hold, Kind::Booking, Kind::Ticket, Kind::Call, Kind::Board];
}

/// A call as its clerk was told of it: counter, ticket number, and which call of that ticket it is.
pub type Call = (String, String, u64);

/// Everything that clients were told.
#[derive(Clone, Debug, Default)]
pub struct ClientLedger {
    /// Ids of acknowledged holds, with their hour.
    pub holds: BTreeMap<String, String>,
    /// Reservations by token: number, and the phone that proved it.
    pub reservations: BTreeMap<String, (String, String)>,
    /// Walk-in tickets by token, with their number.
    pub tickets: BTreeMap<String, String>,
    /// Calls that clerks were told of.
    pub calls: BTreeSet<Call>,
    /// Requests that were never answered despite retries.
    pub given_up: Vec<String>,
    /// Answers that no fault excuses.
    pub wrong: Vec<String>,
    /// How many rounds each kind has finished.
    pub done: BTreeMap<Kind, u64>,
    /// How often a request was retried.
    pub retries: u64,
    next: u64,
}

/// The ledger, shared by all clients.
#[derive(Clone, Default)]
pub struct Book(Arc<Mutex<ClientLedger>>);

impl Book {
    /// For reading or writing; never held during a request.
    pub fn lock(&self) -> MutexGuard<'_, ClientLedger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number that is given only once.
    pub fn next(&self) -> u64 {
        let mut told = self.lock();
        told.next += 1;
        told.next
    }

    /// Notes a finished round.
    pub fn done(&self, kind: Kind) {
        *self.lock().done.entry(kind).or_default() += 1;
    }

    /// Notes a call; one that was noted before is an error.
    pub fn call(&self, call: Call) {
        let mut told = self.lock();
        if !told.calls.insert(call.clone()) {
            told.wrong.push(format!("the same call was told twice: {call:?}"));
        }
    }
}
