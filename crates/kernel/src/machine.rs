//! The shape of every busy thing: a pure state machine that decides, applies and says when it wants to be woken.
//! No clock, no randomness, no IO: ids, codes and draws come in with the command, "now" is an argument.
//!
//! Knows nothing of actors or journals; `okienko-actor` runs it, `okienko-journal` keeps its events.

use crate::moment::Moment;

/// A pure state machine. State is what `apply` makes of the events of one stream, in order, and nothing else.
pub trait Machine: Sized + Send + Sync + 'static {
    /// What one may ask of it.
    type Command: Send + Sync + 'static;
    /// What has happened to it: the only thing that is stored.
    type Event: Clone + Send + Sync + 'static;
    /// Why a command was not carried out. Nothing changed.
    type Refusal: Clone + Send + 'static;
    /// What the asker is told. Made from state and events alone, with no secrets in it: a receipt stores it.
    type Reply: Clone + Send + 'static;

    /// The state before the first event of the stream with this key.
    fn new(stream: &str) -> Self;

    /// What follows from a command at a moment; an empty list when it changes nothing and is no refusal either.
    fn decide(&self, command: &Self::Command, now: Moment) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// Takes an event into the state. Cannot fail: what was decided has happened.
    fn apply(&mut self, event: &Self::Event);

    /// What the asker is told after `events` were applied (also when there were none).
    fn reply(&self, command: &Self::Command, events: &[Self::Event], now: Moment) -> Self::Reply;

    /// When the next timer falls due, if there is one.
    fn wake(&self) -> Option<Moment> {
        None
    }

    /// What falls due at `now`. Called at or after [`Machine::wake`]; must move the next wake past `now`.
    fn on_wake(&self, now: Moment) -> Vec<Self::Event> {
        let _ = now;
        Vec::new()
    }

    /// The refusal of a command whose events would take `key`, which somebody else has. The actor looks that up before
    /// it takes the events; `None` where no event takes keys.
    fn claim_refusal(command: &Self::Command, key: &str) -> Option<Self::Refusal> {
        let _ = (command, key);
        None
    }

    /// What an event does to unique keys; committed with it.
    fn claim_changes(event: &Self::Event) -> Vec<ClaimChange> {
        let _ = event;
        Vec::new()
    }
}

/// A change to a unique key, e.g. "this person's one visit of that kind".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimChange {
    /// `holder` has `key` until `until`. Taking what one holds already moves its end.
    Take {
        /// The unique key.
        key: String,
        /// Who has it, e.g. a reservation's id.
        holder: String,
        /// From this moment on anybody may take it.
        until: Moment,
    },
    /// `holder` gives `key` back; nothing happens when another has it.
    Release {
        /// The unique key.
        key: String,
        /// Who had it.
        holder: String,
    },
    /// `from` hands `key` over to `to`, with a new end.
    HandOver {
        /// The unique key.
        key: String,
        /// Who had it.
        from: String,
        /// Who has it now.
        to: String,
        /// From this moment on anybody may take it.
        until: Moment,
    },
}
