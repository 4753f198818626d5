//! The outcome of handing an event over: taken, not now, or never. Knows no journal, no bus, and not who takes.

use crate::Fault;
use std::sync::Arc;

/// Why events were not taken. Whatever was already done for them must be idempotent, because they come again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// Not now: hand the same events over again later.
    Later(String),
    /// One of them can never be taken: it is set aside, and the others are handed over again without it.
    Never(Refused),
}

/// An event that can never be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where it is.
    pub event: EventRef,
    /// The reason, for the log; no personal data.
    pub why: String,
}

impl NotTaken {
    /// This event can never be taken, for a reason that no retry mends.
    pub fn never(event: &impl Handed, why: impl ToString) -> NotTaken {
        NotTaken::Never(Refused { event: event.event_ref(), why: why.to_string() })
    }

    /// What a fault of the stream means for an event that concerns it.
    pub fn of(event: &impl Handed, fault: Fault) -> NotTaken {
        match fault {
            Fault::Damaged(_) => NotTaken::never(event, fault),
            _ => NotTaken::Later(fault.to_string()),
        }
    }
}

impl From<String> for NotTaken {
    fn from(why: String) -> NotTaken {
        NotTaken::Later(why)
    }
}

/// An event's place in its journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRef {
    /// The stream's key.
    pub stream: Arc<str>,
    /// The event's version in that stream.
    pub version: u64,
}

/// Something that is handed over, identified by its event.
pub trait Handed {
    /// Its place in the journal.
    fn event_ref(&self) -> EventRef;
}

impl Handed for EventRef {
    fn event_ref(&self) -> EventRef {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_repeat_mends_is_given_up() {
        let event = EventRef { stream: "day/1".into(), version: 3 };
        for (fault, is_never) in [
            (Fault::Damaged("x".into()), true),
            // Written by a later version, or the journal is unreachable.
            (Fault::NotDone("x".into()), false),
            (Fault::Busy, false),
            (Fault::Unknown, false),
            (Fault::KeyReused, false),
        ] {
            let told = NotTaken::of(&event, fault.clone());
            assert_eq!(matches!(told, NotTaken::Never(_)), is_never, "{fault}");
        }
    }
}
