//! Read access for the shell: tickets, counters, lines. Per-request queries never scan all tickets. Knows nothing of
//! pages; views are data.

use super::counter::{Counter, CounterState, Mode};
use super::hall::HallDay;
use super::index::merge;
use super::ticket::{StateName, Ticket, TicketState};
use okienko_kernel::{Id, Moment, TimeOfDay};
use serde::{Deserialize, Serialize};

/// How many waiting tickets a counter's view shows.
pub const WAITING_SHOWN: usize = 20;

/// A ticket as seen from outside the domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    /// Its id.
    pub ticket: Id,
    /// As on paper and screens; empty until it is given out.
    pub number: String,
    /// The service's id.
    pub service: String,
    /// Its state.
    pub state: StateName,
    /// How often it was called.
    pub attempt: u32,
    /// The booked hour in local wall-clock time.
    pub booked: Option<TimeOfDay>,
    /// Whether the person has checked in.
    pub checked_in: bool,
    /// The counter it is called to, served at, absent from or parked at.
    pub counter: Option<String>,
    /// Order key: smaller is called earlier.
    pub order: i64,
    /// The reservation whose card a clerk may need; none for walk-ins.
    #[serde(default)]
    pub reservation: Option<Id>,
    /// Whether the clerk has compared the code with the person.
    #[serde(default)]
    pub verified: bool,
    /// When it was called, or when the visit began.
    #[serde(default)]
    pub since: Option<Moment>,
}

impl From<&Ticket> for TicketView {
    fn from(ticket: &Ticket) -> TicketView {
        TicketView {
            ticket: ticket.line.ticket,
            number: ticket.line.number.clone(),
            service: ticket.line.service.clone(),
            state: ticket.state.name(),
            attempt: ticket.attempt,
            booked: ticket.line.booked.as_ref().map(|booked| booked.time),
            checked_in: ticket.checked_in,
            counter: ticket.state.counter().map(str::to_owned),
            order: ticket.line.order,
            reservation: ticket.reservation(),
            verified: ticket.verified,
            since: ticket.since(),
        }
    }
}

/// A counter as its clerk sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterView {
    /// Its number.
    pub counter: String,
    /// Its state.
    pub state: CounterState,
    /// The ticket called or served.
    pub current: Option<TicketView>,
    /// The absent tickets that it will call again, earliest no-show first.
    pub absent: Vec<TicketView>,
    /// The tickets that it has set aside.
    pub parked: Vec<TicketView>,
    /// The first tickets waiting for it, at most [`WAITING_SHOWN`], in calling order.
    pub waiting: Vec<TicketView>,
    /// How many wait for it in total.
    pub waiting_total: u64,
    /// The other counters open now, in the plan's order: where a visitor may be transferred to.
    #[serde(default)]
    pub others: Vec<String>,
}

/// How many wait for a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceCount {
    /// The service's id.
    pub service: String,
    /// Tickets waiting, without those that wait for one counter only.
    pub waiting: u64,
}

impl HallDay {
    /// The ticket with that id.
    pub fn ticket(&self, id: Id) -> Option<&Ticket> {
        self.tickets.get(&id)
    }
    /// The ticket of a reservation.
    pub fn ticket_of(&self, reservation: Id) -> Option<&Ticket> {
        self.tickets.get(self.reservations.get(&reservation)?)
    }
    /// The reservations whose visitors are here or may still come.
    pub fn awaited(&self) -> Vec<Id> {
        let tickets =
            self.reservations.iter().filter_map(|(id, ticket)| Some((id, self.tickets.get(ticket)?)));
        tickets.filter(|(_, ticket)| !ticket.state.is_final()).map(|(id, _)| *id).collect()
    }
    /// The ticket with that check-in code.
    pub fn find_by_code(&self, code: &str) -> Option<&Ticket> {
        self.tickets.get(self.codes.get(code)?)
    }
    /// The check-in code of a booked ticket, as long as it still leads to this ticket.
    pub fn code_of<'a>(&self, ticket: &'a Ticket) -> Option<&'a str> {
        let code = ticket.code.as_deref()?;
        (self.codes.get(code) == Some(&ticket.line.ticket)).then_some(code)
    }
    /// The ticket with that number, e.g. `A012`.
    pub fn find_by_number(&self, number: &str) -> Option<&Ticket> {
        self.tickets.get(self.numbers.get(number)?)
    }
    /// All tickets of the day, in no meaningful order. For statistics and exports, not for single requests.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.values()
    }

    /// How many wait for each service of the plan.
    pub fn counts(&self) -> Vec<ServiceCount> {
        let services = self.plan().map_or(&[][..], |plan| &plan.services);
        let waiting = |id: &str| self.lanes.service(id).map_or(0, |line| line.len() as u64);
        services.iter().map(|s| ServiceCount { service: s.id.clone(), waiting: waiting(&s.id) }).collect()
    }

    /// How many wait in the line that a visitor for this service would join: all services that share a counter with it
    /// are called from one merged line.
    pub fn waiting_for(&self, service: &str) -> u64 {
        let lines = self.lanes.services().filter(|(other, _)| self.shares_counter(service, other));
        lines.map(|(_, line)| line.len() as u64).sum()
    }

    /// How many are called before this ticket as things stand; 0 once it has been called or is gone.
    pub fn ahead_of(&self, id: Id) -> u64 {
        let Some(ticket) = self.tickets.get(&id) else { return 0 };
        if !matches!(ticket.state, TicketState::Waiting | TicketState::Expected) {
            return 0;
        }
        let rank = self.rank(ticket);
        let lines =
            self.lanes.services().filter(|(other, _)| self.shares_counter(&ticket.line.service, other));
        let before = lines.map(|(_, line)| match line.last() {
            Some(last) if *last < rank => line.len(),
            _ => line.range(..&rank).count(),
        });
        before.map(|count| count as u64).sum()
    }

    /// The counter with that number; `None` before opening and if there is no such counter.
    pub fn counter(&self, number: &str) -> Option<CounterView> {
        self.counters.get(number).map(|counter| self.view(counter))
    }
    /// All counters, in the plan's order.
    pub fn counters(&self) -> Vec<CounterView> {
        let numbers = self.plan().map_or(&[][..], |plan| &plan.counters);
        numbers.iter().filter_map(|counter| self.counter(&counter.number)).collect()
    }
    /// The counter's state, without the lists of its view.
    pub fn counter_state(&self, number: &str) -> Option<CounterState> {
        self.counters.get(number).map(|counter| self.state_of(counter))
    }
    /// The ticket called or served at a counter.
    pub fn current(&self, number: &str) -> Option<&Ticket> {
        self.tickets.get(&self.counters.get(number)?.current?)
    }

    pub(super) fn shares_counter(&self, service: &str, other: &str) -> bool {
        let counters = self.plan().map_or(&[][..], |plan| &plan.counters);
        service == other || counters.iter().any(|c| c.serves(service) && c.serves(other))
    }

    fn state_of(&self, counter: &Counter) -> CounterState {
        let current = counter.current.and_then(|id| self.tickets.get(&id));
        match (counter.mode, current.map(|ticket| ticket.state.name())) {
            (_, Some(StateName::Serving)) => CounterState::Serving,
            (_, Some(_)) => CounterState::Called,
            (Mode::Closed, None) => CounterState::Closed,
            (Mode::Paused, None) => CounterState::Paused,
            (Mode::Open, None) => CounterState::Free,
        }
    }

    fn open_beside(&self, number: &str) -> Vec<String> {
        let all = self.plan().map_or(&[][..], |plan| &plan.counters);
        let open = all.iter().map(|it| &it.number).filter(|it| *it != number && self.counter_open(it));
        open.cloned().collect()
    }

    fn view(&self, counter: &Counter) -> CounterView {
        let show = |id: &Id| self.tickets.get(id).map(TicketView::from);
        let own = self.lanes.wanted_at(&counter.plan.number);
        let lines = || self.lanes.lines(&counter.plan, None).map(|(_, line)| line).chain(own);
        let first = merge(lines(), WAITING_SHOWN);
        let absent: std::collections::BTreeSet<_> = counter.fresh.union(&counter.due).collect();
        CounterView {
            counter: counter.plan.number.clone(),
            state: self.state_of(counter),
            current: counter.current.as_ref().and_then(show),
            absent: absent.iter().filter_map(|(_, id)| show(id)).collect(),
            parked: counter.parked.iter().filter_map(show).collect(),
            waiting: first.iter().filter_map(|rank| show(&rank.ticket)).collect(),
            waiting_total: lines().map(|line| line.len() as u64).sum(),
            others: self.open_beside(&counter.plan.number),
        }
    }
}
