//! The day's visits as they go by: since when each counter is taken, and how long the ended ones took. From the call to
//! the end, because a counter is taken for that long. Tickets are keys of the caller's choice.

use super::length::{Length, VisitLengths};
use okienko_kernel::{Moment, Span};
use std::collections::BTreeMap;

/// What was seen of visits since the day opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace<K: Ord> {
    since: BTreeMap<K, Moment>,
    ended: BTreeMap<String, VisitLengths>,
}

impl<K: Ord> Default for Pace<K> {
    fn default() -> Pace<K> {
        Pace { since: BTreeMap::new(), ended: BTreeMap::new() }
    }
}

impl<K: Ord> Pace<K> {
    /// A ticket is called; not for a recall.
    pub fn called(&mut self, ticket: K, at: Moment) {
        self.since.insert(ticket, at);
    }

    /// Its visit has ended.
    pub fn ended(&mut self, ticket: &K, service: &str, at: Moment) {
        let Some(since) = self.since.remove(ticket) else { return };
        let took = at.since(since);
        match self.ended.get_mut(service) {
            Some(seen) => seen.add(took),
            None => self.ended.entry(service.to_owned()).or_default().add(took),
        }
    }

    /// It has left the counter without a visit.
    pub fn dropped(&mut self, ticket: &K) {
        self.since.remove(ticket);
    }

    /// How long ago it was called; nothing where that is not known.
    pub fn elapsed(&self, ticket: &K, now: Moment) -> Span {
        self.since.get(ticket).map_or(Span::ZERO, |since| now.since(*since)).max(Span::ZERO)
    }

    /// Visits of a service so far.
    pub fn seen(&self, service: &str) -> VisitLengths {
        self.ended.get(service).copied().unwrap_or_default()
    }

    /// The length of a service's visits, planned with so many minutes.
    pub fn length(&self, service: &str, planned_min: u32) -> Length {
        Length::of(planned_min, self.seen(service))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_counts_from_its_call_to_its_end_and_one_without_an_end_does_not() {
        let at = |minutes| Moment::default() + Span::from_mins(minutes);
        let mut pace = Pace::default();
        pace.called(1, at(0));
        pace.called(2, at(0));
        assert_eq!(pace.elapsed(&1, at(4)), Span::from_mins(4));
        pace.ended(&1, "s", at(7));
        pace.ended(&1, "s", at(9));
        pace.dropped(&2);
        pace.ended(&2, "s", at(9));
        assert_eq!(pace.seen("s").total(), (1, Span::from_mins(7)));
        assert_eq!(pace.elapsed(&1, at(9)), Span::ZERO);
    }
}
