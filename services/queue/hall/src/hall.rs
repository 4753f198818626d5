//! The state of one hall on one day, and how its indexes are derived from its tickets. Knows nothing of commands; only
//! `apply` changes it.

use super::counter::{Counter, Mode, Turn};
use super::index::{Lanes, Rank};
use super::notice::Notices;
use super::plan::{Merge, Plan};
use super::ticket::{Ticket, TicketState};
use okienko_kernel::{Day, Id, Moment};
use std::collections::{BTreeMap, BTreeSet};

/// The hall and day of a stream: `hall/{office}/{location}/{date}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HallKey {
    /// The office's id.
    pub office: String,
    /// The location's id.
    pub location: String,
    /// The local day.
    pub day: Day,
}

impl HallKey {
    /// Parses a stream key; `None` if it is not a hall's.
    pub fn parse(stream: &str) -> Option<HallKey> {
        let mut parts = stream.strip_prefix("hall/")?.split('/');
        let (office, location, day) = (parts.next()?, parts.next()?, parts.next()?);
        let whole = parts.next().is_none() && !office.is_empty() && !location.is_empty();
        let day = day.parse().ok()?;
        whole.then(|| HallKey { office: office.to_owned(), location: location.to_owned(), day })
    }
}

impl std::fmt::Display for HallKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "hall/{}/{}/{}", self.office, self.location, self.day)
    }
}

/// The phase of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before opening: reservations are added and removed.
    Roster,
    /// Tickets are issued and called.
    Open,
    /// Over.
    Sealed,
}

/// One location of one office on one local day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HallDay {
    pub(super) key: Option<HallKey>,
    pub(super) phase: Phase,
    pub(super) plan: Option<Box<Plan>>,
    pub(super) last_seq: u64,
    pub(super) tickets: BTreeMap<Id, Ticket>,
    /// Ticket by reservation.
    pub(super) reservations: BTreeMap<Id, Id>,
    /// Reservations that were cancelled or removed, whether known before or not.
    pub(super) ended: BTreeSet<Id>,
    /// Ticket by check-in code.
    pub(super) codes: BTreeMap<String, Id>,
    /// Every number ever given here.
    pub(super) numbers: BTreeMap<String, Id>,
    /// The last serial of each prefix.
    pub(super) serials: BTreeMap<String, u32>,
    /// Expected tickets by booked hour.
    pub(super) upcoming: BTreeSet<(Moment, Id)>,
    /// Booked tickets whose holders nobody has seen, by booked hour: the ones that the timer may strike off.
    pub(super) unseen: BTreeSet<(Moment, Id)>,
    /// The strike-off rule as carried by reservations; once there is a plan, its rule applies.
    pub(super) told_cancel_at: Option<i32>,
    pub(super) lanes: Lanes,
    pub(super) counters: BTreeMap<String, Counter>,
    /// Absent tickets that no counter could take over, by service.
    pub(super) orphans: BTreeMap<String, BTreeSet<Turn>>,
    pub(super) notices: Notices,
}

impl HallDay {
    /// The hall and day; `None` if the stream key is not a hall's.
    pub fn key(&self) -> Option<&HallKey> {
        self.key.as_ref()
    }
    /// The phase of the day.
    pub fn phase(&self) -> Phase {
        self.phase
    }
    /// The plan that the day runs on; set at opening.
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_deref()
    }
    /// The last sequence number given to a screen event; 0 for a day that was never opened. The next day's `seq_base`.
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    pub(super) fn counter_open(&self, number: &str) -> bool {
        self.counters.get(number).is_some_and(|counter| counter.mode == Mode::Open)
    }

    pub(super) fn rank(&self, ticket: &Ticket) -> Rank {
        let booked_first = self.plan().is_some_and(|plan| plan.rules.merge == Merge::BookedFirst);
        Rank {
            class: u8::from(booked_first && ticket.line.booked.is_none()),
            order: ticket.line.order,
            length: ticket.line.number.len(),
            number: ticket.line.number.clone(),
            ticket: ticket.line.ticket,
        }
    }

    /// Changes one ticket and updates its place in the indexes. The only way a ticket changes.
    pub(super) fn change(&mut self, ticket: Id, how: impl FnOnce(&mut Ticket)) {
        let Some(mut changed) = self.tickets.remove(&ticket) else { return };
        self.unindex(&changed);
        how(&mut changed);
        self.admit(changed);
    }

    /// Adds a ticket and indexes it by id, number and state.
    pub(super) fn admit(&mut self, ticket: Ticket) {
        if !ticket.line.number.is_empty() {
            self.numbers.insert(ticket.line.number.clone(), ticket.line.ticket);
        }
        self.index(&ticket);
        self.tickets.insert(ticket.line.ticket, ticket);
    }

    fn index(&mut self, ticket: &Ticket) {
        let id = ticket.line.ticket;
        if let Some(booked) = ticket.line.booked.as_ref().filter(|_| ticket.unseen()) {
            self.unseen.insert((booked.at, id));
        }
        match &ticket.state {
            TicketState::Expected => {
                if let Some(booked) = &ticket.line.booked {
                    self.upcoming.insert((booked.at, id));
                }
            }
            TicketState::Waiting => {
                let rank = self.rank(ticket);
                self.lanes.insert(&ticket.line.service, ticket.wanted_at.as_deref(), rank);
            }
            TicketState::Called { counter } | TicketState::Serving { counter } => {
                if let Some(counter) = self.counters.get_mut(counter) {
                    counter.current = Some(id);
                }
            }
            TicketState::Parked { counter } => {
                if let Some(counter) = self.counters.get_mut(counter) {
                    counter.parked.insert(id);
                }
            }
            TicketState::Absent { counter, turn, due, .. } => {
                let counter = counter.as_ref().and_then(|number| self.counters.get_mut(number));
                let turns = match counter {
                    Some(counter) if *due => &mut counter.due,
                    Some(counter) => &mut counter.fresh,
                    None => self.orphans.entry(ticket.line.service.clone()).or_default(),
                };
                turns.insert((*turn, id));
            }
            TicketState::Served | TicketState::Missed | TicketState::NotCalled => {}
            TicketState::Left | TicketState::StruckOff | TicketState::Refused => {}
        }
    }

    fn unindex(&mut self, ticket: &Ticket) {
        let id = ticket.line.ticket;
        if let Some(booked) = &ticket.line.booked {
            self.unseen.remove(&(booked.at, id));
        }
        match &ticket.state {
            TicketState::Expected => {
                if let Some(booked) = &ticket.line.booked {
                    self.upcoming.remove(&(booked.at, id));
                }
            }
            TicketState::Waiting => {
                let rank = self.rank(ticket);
                self.lanes.remove(&ticket.line.service, ticket.wanted_at.as_deref(), &rank);
            }
            TicketState::Called { counter } | TicketState::Serving { counter } => {
                if let Some(counter) = self.counters.get_mut(counter) {
                    counter.current = None;
                }
            }
            TicketState::Parked { counter } => {
                if let Some(counter) = self.counters.get_mut(counter) {
                    counter.parked.remove(&id);
                }
            }
            TicketState::Absent { counter, turn, .. } => {
                match counter.as_ref().and_then(|number| self.counters.get_mut(number)) {
                    Some(counter) => {
                        counter.fresh.remove(&(*turn, id));
                        counter.due.remove(&(*turn, id));
                    }
                    None => self.remove_orphan(&ticket.line.service, (*turn, id)),
                }
            }
            TicketState::Served | TicketState::Missed | TicketState::NotCalled => {}
            TicketState::Left | TicketState::StruckOff | TicketState::Refused => {}
        }
    }

    fn remove_orphan(&mut self, service: &str, turn: Turn) {
        if let Some(turns) = self.orphans.get_mut(service) {
            turns.remove(&turn);
            if turns.is_empty() {
                self.orphans.remove(service);
            }
        }
    }
}
