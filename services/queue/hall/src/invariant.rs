//! The design's invariants 4 and 5 as a predicate over the state: used by tests, the simulator and assertions. Sees
//! only the state, no history.

use super::counter::{Counter, Mode};
use super::hall::{HallDay, Phase};
use super::index::Lanes;
use super::ticket::{Ticket, TicketState};
use std::collections::{BTreeMap, BTreeSet};

impl HallDay {
    /// Checks that numbers are unique, every ticket is exactly where its state says, nobody is at two counters and the
    /// three-call rule holds. Returns the first violation. Looks at every ticket.
    pub fn invariant_check(&self) -> Result<(), String> {
        self.numbers_are_unique()?;
        self.counters_have_one_visitor()?;
        self.indexes_follow_from_tickets()?;
        for ticket in self.tickets.values() {
            self.calls_keep_the_rule(ticket).map_err(|what| format!("{}: {what}", ticket.line.number))?;
        }
        for counter in self.counters.values() {
            let handed = counter.mode == Mode::Open || (counter.fresh.is_empty() && counter.due.is_empty());
            if !handed {
                return Err(format!("counter {} is not open and keeps absent ones", counter.plan.number));
            }
            let orphan = self.orphans.keys().find(|service| counter.plan.serves(service));
            if let Some(service) = orphan.filter(|_| counter.is_free()) {
                return Err(format!("counter {} is free and leaves {service} alone", counter.plan.number));
            }
        }
        Ok(())
    }

    fn numbers_are_unique(&self) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        for ticket in self.tickets.values().filter(|ticket| !ticket.line.number.is_empty()) {
            if !seen.insert(&ticket.line.number) {
                return Err(format!("two tickets are called {}", ticket.line.number));
            }
        }
        let nameless = |t: &&Ticket| t.line.number.is_empty() && t.state == TicketState::Waiting;
        match self.tickets.values().find(nameless) {
            Some(ticket) => Err(format!("{} waits without a number", ticket.line.ticket)),
            None => Ok(()),
        }
    }

    fn counters_have_one_visitor(&self) -> Result<(), String> {
        let mut at: BTreeMap<&str, &Ticket> = BTreeMap::new();
        for ticket in self.tickets.values() {
            let (TicketState::Called { counter } | TicketState::Serving { counter }) = &ticket.state else {
                continue;
            };
            if !self.counter_open(counter) {
                return Err(format!("{} is called to counter {counter}, not open", ticket.line.number));
            }
            if let Some(other) = at.insert(counter, ticket) {
                return Err(format!(
                    "{} and {} are at counter {counter}",
                    other.line.number, ticket.line.number
                ));
            }
        }
        Ok(())
    }

    fn indexes_follow_from_tickets(&self) -> Result<(), String> {
        let bare = |c: &Counter| Counter {
            mode: c.mode,
            last: c.last.clone(),
            ended: c.ended.clone(),
            ..Counter::new(c.plan.clone())
        };
        let mut again = HallDay {
            tickets: BTreeMap::new(),
            numbers: BTreeMap::new(),
            upcoming: BTreeSet::new(),
            unseen: BTreeSet::new(),
            lanes: Lanes::default(),
            orphans: BTreeMap::new(),
            counters: self.counters.iter().map(|(number, c)| (number.clone(), bare(c))).collect(),
            ..self.clone()
        };
        for ticket in self.tickets.values() {
            again.admit(ticket.clone());
        }
        let lost = self.reservations.values().find(|ticket| !self.tickets.contains_key(ticket));
        match lost {
            Some(ticket) => Err(format!("the reservation's ticket {ticket} is gone")),
            None if again != *self => Err("an index does not follow from the tickets".into()),
            None => Ok(()),
        }
    }

    fn calls_keep_the_rule(&self, ticket: &Ticket) -> Result<(), &'static str> {
        let most = self.plan().map_or(0, |plan| plan.rules.max_calls());
        if ticket.attempt > most {
            return Err("called too often");
        }
        let ended = self.phase == Phase::Sealed && self.plan.is_some();
        match &ticket.state {
            _ if ended && !ticket.state.is_final() => Err("left over after the day"),
            TicketState::Expected | TicketState::Waiting if ticket.attempt > 0 => Err("called, yet it waits"),
            TicketState::Called { .. } if ticket.attempt == 0 => Err("called, and not counted"),
            TicketState::Absent { .. } if ticket.attempt == 0 => Err("absent without a call"),
            TicketState::Absent { .. } if ticket.attempt >= most => Err("absent after its last call"),
            _ => Ok(()),
        }
    }
}
