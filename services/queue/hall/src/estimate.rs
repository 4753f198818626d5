//! How long a waiting visitor will wait, estimated from the day so far: the visits that have ended, the open counters,
//! and the people ahead. Does not know who asks.

use super::counter::Mode;
use super::event::HallEvent;
use super::hall::HallDay;
use super::index::{Rank, merge};
use super::plan::{CounterPlan, Merge, Plan};
use super::ticket::{Ticket, TicketState};
use okienko_estimate::{
    Coming, Counter, Forecast, Hall, LINE_MOST, Length, Pace, Person, Range, Visit, usual_wait,
};
use okienko_kernel::{Id, Moment, Span};
use std::collections::BTreeSet;

/// The share of booked visitors not here yet who will come: before their hour, and after it has passed.
const COMES: (f64, f64) = (0.8, 0.3);
/// Booked visitors due later than this are assumed not to go before somebody who waits now.
const AHEAD: Span = Span::from_hours(4);

/// The estimated wait of somebody who must be notified in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// People who are called first.
    pub ahead: u64,
    /// Minutes until the call, rounded up.
    pub minutes: u32,
}

/// Learns from an event how long visits take.
pub(super) fn see(pace: &mut Pace<Id>, event: &HallEvent) {
    match event {
        HallEvent::Called { at, line, recall: false, .. } => pace.called(line.ticket, *at),
        HallEvent::Finished { at, line, .. } => pace.ended(&line.ticket, &line.service, *at),
        HallEvent::WentAbsent { line, .. }
        | HallEvent::Missed { line, .. }
        | HallEvent::Left { line, .. }
        | HallEvent::Transferred { line, .. }
        | HallEvent::Parked { line, .. }
        | HallEvent::Undone { line, .. } => pace.dropped(&line.ticket),
        _ => {}
    }
}

fn count_before(line: &BTreeSet<Rank>, rank: &Rank) -> usize {
    match line.last() {
        Some(last) if last < rank => line.len(),
        _ => line.range(..rank).count(),
    }
}

impl HallDay {
    /// The range of minutes shown to a visitor who waits, or has checked in for a later hour. `None` for anybody else,
    /// and while no open counter serves the service.
    pub fn expected_wait(&self, id: Id, now: Moment) -> Option<Range> {
        let ticket = self.tickets.get(&id)?;
        let after = match (&ticket.state, &ticket.line.booked) {
            (TicketState::Waiting, _) => Span::ZERO,
            (TicketState::Expected, Some(booked)) => booked.at.since(now).max(Span::ZERO),
            _ => return None,
        };
        let plan = self.plan()?;
        let open = self.open_counters();
        if open.is_empty() {
            return None;
        }
        let rank = self.rank(ticket);
        let lines = self.lanes.services().map(|(_, line)| line);
        let lines: Vec<_> =
            lines.chain(plan.counters.iter().filter_map(|c| self.lanes.wanted_at(&c.number))).collect();
        // People behind do not matter, and only the first `LINE_MOST` people of the line are simulated.
        let ahead: usize = lines.iter().map(|line| count_before(line, &rank)).sum();
        let mut before = merge(lines.into_iter(), LINE_MOST);
        before.retain(|other| **other < rank);
        let mut line: Vec<Person> =
            before.iter().filter_map(|r| self.person(plan, &open, r.ticket)).collect();
        let own = Person { after, ..self.person(plan, &open, id)? };
        if ahead < LINE_MOST {
            line.push(own);
        }
        let counters = open.iter().map(|(counter, current)| Counter {
            serves: plan.services.iter().map(|service| counter.serves(&service.id)).collect(),
            visit: current.and_then(|id| self.visit_of(plan, id, now)),
        });
        let hall = Hall {
            lengths: plan.services.iter().map(|s| self.notices.pace.length(&s.id, s.minutes)).collect(),
            counters: counters.collect(),
            coming: self.coming(plan, &before, &rank, now),
            line,
        };
        let Forecast { mut line, joining } = hall.forecast();
        if ahead < LINE_MOST {
            return line.pop()?;
        }
        let last = joining.into_iter().nth(own.service)?;
        last.map(|range| range.stretched(ahead + 1, LINE_MOST + 1))
    }

    fn open_counters(&self) -> Vec<(&CounterPlan, Option<Id>)> {
        let open = self.counters.values().filter(|counter| counter.mode == Mode::Open);
        open.map(|counter| (&counter.plan, counter.current)).collect()
    }

    /// A person in the line; `None` if the day does not offer the service, or the one counter they wait for is not
    /// open.
    fn person(&self, plan: &Plan, open: &[(&CounterPlan, Option<Id>)], id: Id) -> Option<Person> {
        let ticket = self.tickets.get(&id)?;
        let service = plan.services.iter().position(|s| s.id == ticket.line.service)?;
        let only = match &ticket.wanted_at {
            Some(number) => Some(open.iter().position(|(counter, _)| counter.number == *number)?),
            None => None,
        };
        Some(Person { service, only, after: Span::ZERO, seed: ticket.seed })
    }

    fn visit_of(&self, plan: &Plan, id: Id, now: Moment) -> Option<Visit> {
        let ticket = self.tickets.get(&id)?;
        let service = plan.services.iter().position(|s| s.id == ticket.line.service)?;
        let elapsed = self.notices.pace.elapsed(&id, now);
        Some(Visit { service, elapsed, seed: ticket.seed })
    }

    /// Booked visitors who are not here yet and would go before this rank.
    fn coming(&self, plan: &Plan, before: &[&Rank], rank: &Rank, now: Moment) -> Vec<Coming> {
        let booked_first = plan.rules.merge == Merge::BookedFirst;
        let soon = self.upcoming.iter().take_while(|(at, _)| *at <= now + AHEAD);
        let first = soon.filter_map(|(at, id)| {
            let ticket = self.tickets.get(id)?;
            let own = self.rank(ticket);
            if own >= *rank || ticket.line.ticket == rank.ticket {
                return None;
            }
            let late = *at < now;
            let person = self.person(plan, &[], *id)?;
            Some(Coming {
                person: Person { after: at.since(now).max(Span::ZERO), ..person },
                before: if booked_first { 0 } else { before.partition_point(|other| **other < own) },
                odds: if late { COMES.1 } else { COMES.0 },
            })
        });
        first.take(LINE_MOST).collect()
    }

    /// The estimated wait of a ticket that waits or will wait; `None` while no counter is open for it, or if the wait
    /// is certainly more than `most` minutes.
    pub(super) fn wait_of(&self, ticket: &Ticket, most: u32) -> Option<Wait> {
        let mine = ticket.wanted_at.as_deref();
        let serving = self.counters.values().filter(|counter| {
            counter.mode == Mode::Open
                && mine.map_or(counter.plan.serves(&ticket.line.service), |own| own == counter.plan.number)
        });
        let (mut open, mut free) = (0u64, 0u64);
        for counter in serving {
            open += 1;
            free += u64::from(counter.current.is_none());
        }
        let visit = self.visit(&ticket.line.service);
        // Stops counting once the result is certain to be above `most`.
        let limit = Span::from_mins(i64::from(most) + 1).micros().saturating_mul(i64::try_from(open).ok()?);
        let limit = u64::try_from(limit / visit.micros().max(1)).ok()? + free + 1;
        let ahead = self.ahead_at_most(ticket, limit);
        let wait = usual_wait(ahead, open, free, visit)?;
        let minutes = u32::try_from(wait.mins_up()).unwrap_or(u32::MAX);
        (minutes <= most).then_some(Wait { ahead, minutes })
    }

    /// How many wait ahead of a ticket in the lines that share a counter with its service, counted up to `limit`.
    fn ahead_at_most(&self, ticket: &Ticket, limit: u64) -> u64 {
        let rank = self.rank(ticket);
        let services = self.lanes.services();
        let own = ticket.wanted_at.as_deref().and_then(|counter| self.lanes.wanted_at(counter));
        let lines = services.filter(|(other, _)| self.shares_counter(&ticket.line.service, other));
        let mut ahead = 0;
        for line in lines.map(|(_, line)| line).chain(own) {
            let left = usize::try_from(limit.saturating_sub(ahead)).unwrap_or(usize::MAX);
            ahead += line.range(..&rank).take(left).count() as u64;
        }
        ahead
    }

    /// The mean length of a visit in the merged line of a service: the planned lengths, adjusted by the observed ones.
    fn visit(&self, service: &str) -> Span {
        let plans = self.plan().map_or(&[][..], |plan| &plan.services);
        let shared = plans.iter().filter(|other| self.shares_counter(service, &other.id));
        Length::mean_of(shared.map(|plan| (plan.minutes, self.notices.pace.seen(&plan.id))))
    }
}
