//! The machine of an office's page-view counter: a number that only grows. Knows no page and no visitor; views are
//! added in batches.

use okienko_kernel::{Machine, Moment, stored_events};
use serde::{Deserialize, Serialize};

/// Maximum that one batch may add: the counter is for people to look at, not a way to fill the journal.
const MOST: u64 = 1_000_000;

/// Key of the stream of an office's counter.
pub fn stream_key(office_id: &str) -> String {
    format!("visits/{office_id}")
}

/// Adds this many views.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AddVisits(pub u64);

/// An event of the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitsEvent {
    /// The page was opened.
    Counted(VisitsCounted),
}

stored_events! {
    VisitsEvent as payload {
        Counted = "visits_counted",
    }
}

/// A batch of page views.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitsCounted {
    /// Views since the previous batch.
    pub added: u64,
    /// Views in total.
    pub total: u64,
}

/// Nothing is ever refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Never {}

/// The counter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visits {
    total: u64,
}

impl Visits {
    /// Views in total.
    pub fn total(&self) -> u64 {
        self.total
    }
}

impl Machine for Visits {
    type Command = AddVisits;
    type Event = VisitsEvent;
    type Refusal = Never;
    /// Views in total.
    type Reply = u64;

    fn new(_stream: &str) -> Self {
        Visits::default()
    }

    fn decide(&self, command: &AddVisits, _now: Moment) -> Result<Vec<VisitsEvent>, Never> {
        let added = command.0.min(MOST);
        if added == 0 {
            return Ok(Vec::new());
        }
        let total = self.total.saturating_add(added);
        Ok(vec![VisitsEvent::Counted(VisitsCounted { added, total })])
    }

    fn apply(&mut self, event: &VisitsEvent) {
        let VisitsEvent::Counted(it) = event;
        self.total = it.total;
    }

    fn reply(&self, _command: &AddVisits, _events: &[VisitsEvent], _now: Moment) -> u64 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_only_grows_and_nothing_is_written_for_nobody() {
        let mut visits = Visits::new("visits/x");
        for (added, total, events) in [(3, 3, 1), (0, 3, 0), (2, 5, 1), (u64::MAX, 5 + MOST, 1)] {
            let decided = visits.decide(&AddVisits(added), Moment::default()).unwrap();
            decided.iter().for_each(|event| visits.apply(event));
            assert_eq!((visits.total(), decided.len()), (total, events));
        }
    }
}
