//! A decision being assembled: gives out sequence numbers and ticket numbers that continue from those already used in
//! the same decision. Reads the state but never changes it.

use super::command::HallRefusal;
use super::event::{HallEvent, Series};
use super::hall::HallDay;
use super::ticket::Ticket;
use okienko_kernel::Moment;
use std::collections::BTreeMap;

/// The result of a decision.
pub(super) type Decision = Result<Vec<HallEvent>, HallRefusal>;

pub(super) struct Draft<'a> {
    hall: &'a HallDay,
    seq: u64,
    serials: BTreeMap<String, u32>,
    pub now: Moment,
    pub events: Vec<HallEvent>,
}

impl<'a> Draft<'a> {
    pub fn new(hall: &'a HallDay, now: Moment) -> Draft<'a> {
        Draft::after(hall, hall.last_seq, now)
    }
    /// A draft whose first sequence number is the one after `seq`.
    pub fn after(hall: &'a HallDay, seq: u64, now: Moment) -> Draft<'a> {
        Draft { hall, seq, serials: BTreeMap::new(), now, events: Vec::new() }
    }
    /// The next sequence number.
    pub fn seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }
    pub fn push(&mut self, event: HallEvent) {
        self.events.push(event);
    }
    pub fn done(self) -> Decision {
        Ok(self.events)
    }

    /// The next free number of the service's prefix: at least three digits, never one that booking has given out.
    pub fn number(&mut self, service: &str) -> (String, Series) {
        let plan = self.hall.plan();
        let prefix = plan.and_then(|plan| plan.service(service)).map_or("", |s| s.walk_in_prefix.as_str());
        let given = self.hall.serials.get(prefix).copied().unwrap_or(0);
        let last = self.serials.entry(prefix.to_owned()).or_insert(given);
        loop {
            *last += 1;
            let number = format!("{prefix}{last:03}");
            if !self.hall.numbers.contains_key(&number) {
                return (number, Series { prefix: prefix.to_owned(), serial: *last });
            }
        }
    }

    /// The ticket's line with a number, and the series if the number is given out only now.
    pub fn numbered(&mut self, ticket: &Ticket) -> (super::ticket::Line, Option<Series>) {
        let mut line = ticket.line.clone();
        if !line.number.is_empty() {
            return (line, None);
        }
        let (number, series) = self.number(&line.service);
        line.number = number;
        (line, Some(series))
    }

    /// Calls a ticket: counts one more attempt.
    pub fn call(&mut self, ticket: &Ticket, counter: &str) {
        let attempt = match ticket.state {
            super::ticket::TicketState::Absent { .. } => ticket.attempt + 1,
            _ => 1,
        };
        let (seq, at, counter) = (self.seq(), self.now, counter.to_owned());
        self.push(HallEvent::Called { seq, at, line: ticket.line.clone(), counter, attempt, recall: false });
    }
}
