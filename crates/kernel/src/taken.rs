//! What becomes of an event that is handed to somebody: taken, not now, or never. Knows no journal, no bus, and not who takes.

use crate::Fault;
use std::sync::Arc;

/// Why events were not taken. What was done already must bear a repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// Not now: the same again later.
    Later(String),
    /// One of them never, however often it comes: it is set aside, and the others come again without it.
    Never(Refused),
}

/// An event that can never be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where it is.
    pub event: EventRef,
    /// Why, for the log; no personal data.
    pub why: String,
}

impl NotTaken {
    /// Not this event, for a reason that no repeat mends.
    pub fn never(event: &impl Handed, why: impl ToString) -> NotTaken {
        NotTaken::Never(Refused { event: event.event_ref(), why: why.to_string() })
    }

    /// What a stream's fault means for an event that has to do with it.
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

/// Where an event is in its journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRef {
    /// Its stream.
    pub stream: Arc<str>,
    /// Which it is there.
    pub version: u64,
}

/// Something that is handed over.
pub trait Handed {
    /// Where it is.
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
            // A later version has written it, or the journal is away.
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
