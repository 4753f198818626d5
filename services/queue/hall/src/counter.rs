//! A counter of the hall: its current visitor, and the absent visitors whom it will call again. Knows nothing of the
//! waiting line.

use super::event::Back;
use super::plan::CounterPlan;
use okienko_kernel::{Id, Moment};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An absent ticket's position among the absent tickets: earliest no-show first.
pub(super) type Turn = (u64, Id);

/// Whether the clerk is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Closed,
    Open,
    Paused,
}

/// What a counter shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of the outside surface")]
pub enum CounterState {
    Closed,
    Free,
    Called,
    Serving,
    Paused,
}

/// The counter's latest act on a ticket, and where the ticket was before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Act {
    pub ticket: Id,
    pub back: Back,
    /// When it happened: acts older than the undo period cannot be taken back.
    pub at: Moment,
}

/// A counter's state; `current`, `fresh` and `due` are derived from the tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Counter {
    pub plan: CounterPlan,
    pub mode: Mode,
    /// The ticket called or served here.
    pub current: Option<Id>,
    /// Absent tickets for which no other visit has ended here since their last call.
    pub fresh: BTreeSet<Turn>,
    /// Absent tickets to be called before anybody who waits.
    pub due: BTreeSet<Turn>,
    /// Tickets set aside here.
    pub parked: BTreeSet<Id>,
    /// What `undo` would take back now.
    pub last: Option<Act>,
    /// If `last` is a call that followed automatically from the end of a visit: that end, which `undo` would take back
    /// next.
    pub ended: Option<Act>,
}

impl Counter {
    pub fn new(plan: CounterPlan) -> Counter {
        Counter {
            plan,
            mode: Mode::Closed,
            current: None,
            fresh: BTreeSet::new(),
            due: BTreeSet::new(),
            parked: BTreeSet::new(),
            last: None,
            ended: None,
        }
    }
    /// Open, with nobody called or served.
    pub fn is_free(&self) -> bool {
        self.mode == Mode::Open && self.current.is_none()
    }
    /// The absent ticket with the earliest no-show, due or not.
    pub fn first_absent(&self) -> Option<Turn> {
        match (self.fresh.first(), self.due.first()) {
            (Some(a), Some(b)) => Some(*a.min(b)),
            (a, b) => a.or(b).copied(),
        }
    }
}
