//! The shape of every busy thing: a pure state machine that decides, applies and says when it wants to be woken. No
//! clock, no randomness, no IO: ids, codes and random draws arrive in the command, "now" is an argument.
//!
//! Knows nothing of actors or journals; `okienko-actor` runs it, `okienko-journal` stores its events.

use crate::moment::Moment;

/// A pure state machine. Its state is the fold of `apply` over the events of one stream, in order, and nothing else.
pub trait Machine: Sized + Send + Sync + 'static {
    /// What callers may ask of it.
    type Command: Send + Sync + 'static;
    /// What has happened to it: the only thing stored.
    type Event: Clone + Send + Sync + 'static;
    /// Why a command was not carried out. A refusal changes nothing.
    type Refusal: Clone + Send + 'static;
    /// What the caller is told. Derived from state and events alone and free of secrets, because a receipt stores it.
    type Reply: Clone + Send + 'static;

    /// The state before the first event of the stream with this key.
    fn new(stream: &str) -> Self;

    /// The events that follow from a command at `now`; empty when it changes nothing and is not refused either.
    fn decide(&self, command: &Self::Command, now: Moment) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// Applies an event to the state. Infallible: what was decided has happened.
    fn apply(&mut self, event: &Self::Event);

    /// What the caller is told after `events` (possibly none) were applied.
    fn reply(&self, command: &Self::Command, events: &[Self::Event], now: Moment) -> Self::Reply;

    /// When the next timer falls due, if any.
    fn wake(&self) -> Option<Moment> {
        None
    }

    /// The events that fall due at `now`. Called at or after [`Machine::wake`]; must move the next wake past `now`.
    fn on_wake(&self, now: Moment) -> Vec<Self::Event> {
        let _ = now;
        Vec::new()
    }

    /// The refusal of a command whose events would take `key`, which another holder has. The actor looks claims up
    /// before it applies the events; `None` where no event takes keys.
    fn claim_refusal(command: &Self::Command, key: &str) -> Option<Self::Refusal> {
        let _ = (command, key);
        None
    }

    /// The changes an event makes to unique keys, committed in the same transaction.
    fn claim_changes(event: &Self::Event) -> Vec<ClaimChange> {
        let _ = event;
        Vec::new()
    }
}

/// A change to a unique key such as "this person's one visit of that kind".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimChange {
    /// `holder` has `key` until `until`. Taking a key that one already holds moves its end.
    Take {
        /// The unique key.
        key: String,
        /// Who has it, e.g. a reservation's id.
        holder: String,
        /// From this moment on anybody may take it.
        until: Moment,
    },
    /// `holder` releases `key`; a no-op when another holds it.
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
