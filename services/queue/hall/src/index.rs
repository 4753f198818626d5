//! The waiting lines, ordered, one per service: a counter's next visitor is the earliest of the first ones of its
//! services. Knows tickets only by rank.

use super::plan::CounterPlan;
use okienko_kernel::Id;
use std::collections::{BTreeMap, BTreeSet};

/// A waiting ticket's position: smaller is called earlier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// 1 for walk-ins if booked visitors go first, else 0.
    pub class: u8,
    pub order: i64,
    /// Length of the number, compared before it, so that A1000 comes after A999.
    pub length: usize,
    pub number: String,
    pub ticket: Id,
}

/// Waiting tickets by service, and separately those that wait for one counter only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lanes {
    services: BTreeMap<String, BTreeSet<Rank>>,
    counters: BTreeMap<String, BTreeSet<Rank>>,
}

impl Lanes {
    fn side(&mut self, to_counter: bool) -> &mut BTreeMap<String, BTreeSet<Rank>> {
        if to_counter { &mut self.counters } else { &mut self.services }
    }
    pub fn insert(&mut self, service: &str, wanted_at: Option<&str>, rank: Rank) {
        let lane = wanted_at.unwrap_or(service);
        let side = self.side(wanted_at.is_some());
        match side.get_mut(lane) {
            Some(line) => {
                line.insert(rank);
            }
            None => {
                side.insert(lane.to_owned(), BTreeSet::from([rank]));
            }
        }
    }
    pub fn remove(&mut self, service: &str, wanted_at: Option<&str>, rank: &Rank) {
        let lane = wanted_at.unwrap_or(service);
        let side = self.side(wanted_at.is_some());
        if let Some(line) = side.get_mut(lane) {
            line.remove(rank);
            if line.is_empty() {
                side.remove(lane);
            }
        }
    }
    /// The non-empty lines of services from which this counter calls; of these services only, if given.
    pub fn lines<'a>(
        &'a self,
        counter: &'a CounterPlan,
        only: Option<&'a BTreeSet<String>>,
    ) -> impl Iterator<Item = (&'a str, &'a BTreeSet<Rank>)> {
        let wanted = only.or((!counter.services.is_empty()).then_some(&counter.services));
        let named = wanted.into_iter().flatten().filter_map(|s| self.services.get_key_value(s));
        let all = wanted.is_none().then(|| self.services.iter()).into_iter().flatten();
        let served = named.chain(all).filter(|(service, _)| counter.serves(service));
        served.map(|(service, line)| (service.as_str(), line))
    }
    /// Tickets that wait for this counter only.
    pub fn wanted_at(&self, counter: &str) -> Option<&BTreeSet<Rank>> {
        self.counters.get(counter)
    }
    /// The line of a service.
    pub fn service(&self, service: &str) -> Option<&BTreeSet<Rank>> {
        self.services.get(service)
    }
    /// All services that have a waiting line.
    pub fn services(&self) -> impl Iterator<Item = (&str, &BTreeSet<Rank>)> {
        self.services.iter().map(|(service, line)| (service.as_str(), line))
    }
}

/// The first `cap` of several ordered lines, merged.
pub(super) fn merge<'a>(lines: impl Iterator<Item = &'a BTreeSet<Rank>>, cap: usize) -> Vec<&'a Rank> {
    let mut heads: Vec<_> = lines.map(|line| line.iter().peekable()).collect();
    let mut merged = Vec::new();
    while merged.len() < cap {
        let first = heads
            .iter_mut()
            .filter_map(|head| head.peek().copied().map(|rank| (rank, head)))
            .min_by(|a, b| a.0.cmp(b.0));
        let Some((rank, head)) = first else { break };
        head.next();
        merged.push(rank);
    }
    merged
}
