//! How people enter and leave the queue by themselves: walk-in tickets, check-in, leaving. Knows nothing of calling,
//! nor of what reception decides.

use super::command::HallRefusal;
use super::draft::{Decision, Draft};
use super::event::HallEvent;
use super::hall::{HallDay, Phase};
use super::ticket::{Line, Ticket, TicketState};
use okienko_kernel::{Id, Moment};

impl HallDay {
    pub(super) fn issue(&self, ticket: Id, service: &str, now: Moment) -> Decision {
        if self.tickets.contains_key(&ticket) {
            return Ok(Vec::new());
        }
        let Some(plan) = self.plan().filter(|_| self.phase == Phase::Open) else {
            return Err(HallRefusal::Closed);
        };
        let walk_ins = plan.service(service).is_some_and(|service| !service.walk_in_prefix.is_empty());
        if !walk_ins {
            return Err(HallRefusal::UnknownService);
        }
        if let Some(from) = plan.rules.tickets_from.filter(|from| now < *from) {
            return Err(HallRefusal::TooEarly { from });
        }
        if plan.rules.closes_at.is_some_and(|end| now > end) {
            return Err(HallRefusal::Closed);
        }
        let mut draft = Draft::new(self, now);
        let (number, series) = draft.number(service);
        let line = Line { ticket, number, service: service.to_owned(), order: now.micros(), booked: None };
        let seq = draft.seq();
        draft.push(HallEvent::WalkInIssued { seq, at: now, line, series });
        draft.done()
    }

    pub(super) fn check_in(&self, code: &str, service: Option<&str>, now: Moment) -> Decision {
        let ticket = self.find_by_code(code).ok_or(HallRefusal::Unknown)?;
        if ticket.state.is_over() {
            return Err(HallRefusal::Cancelled);
        }
        if service.is_some_and(|service| service != ticket.line.service) {
            return Err(HallRefusal::WrongService { right: ticket.line.service.clone() });
        }
        if self.is_in_already(ticket)? {
            return Ok(Vec::new());
        }
        if let (Some(plan), Some(booked)) = (self.plan(), &ticket.line.booked) {
            let (from, over) = plan.rules.check_in_window(booked.at);
            if now < from {
                return Err(HallRefusal::TooEarly { from });
            }
            if self.is_due_to_be_struck(ticket, now) {
                return Err(HallRefusal::Cancelled);
            }
            if now >= over {
                return Err(HallRefusal::TooLate);
            }
        }
        self.enter(ticket, now)
    }

    pub(super) fn leave(&self, ticket: Id, now: Moment) -> Decision {
        let ticket = self.tickets.get(&ticket).ok_or(HallRefusal::Unknown)?;
        match ticket.state {
            TicketState::Left => Ok(Vec::new()),
            TicketState::Expected | TicketState::Waiting | TicketState::Absent { .. }
                if self.phase == Phase::Sealed =>
            {
                Err(HallRefusal::Closed)
            }
            // Somebody who has not arrived has no place in the queue to leave. They have a visit, and cancelling it is
            // up to booking: that frees the hour and informs the person.
            TicketState::Expected if !ticket.checked_in => {
                let reservation = ticket.reservation().ok_or(HallRefusal::Unknown)?;
                Err(HallRefusal::VisitAhead { reservation })
            }
            TicketState::Expected | TicketState::Waiting | TicketState::Absent { .. } => {
                let mut draft = Draft::new(self, now);
                let seq = draft.seq();
                draft.push(HallEvent::Left { seq, at: now, line: ticket.line.clone(), not_called: false });
                draft.done()
            }
            _ => Err(HallRefusal::NotWaiting),
        }
    }

    /// Whether a visitor who arrives is already checked in or served; refused when it is too late for that.
    pub(super) fn is_in_already(&self, ticket: &Ticket) -> Result<bool, HallRefusal> {
        match ticket.state {
            _ if ticket.state.is_over() => Err(HallRefusal::Cancelled),
            TicketState::Missed if !ticket.checked_in => Err(HallRefusal::TooLate),
            _ if ticket.checked_in || ticket.state == TicketState::Served => Ok(true),
            _ if self.phase != Phase::Open => Err(HallRefusal::Closed),
            _ => Ok(false),
        }
    }

    /// Marks the visitor as present, and places the ticket if there is nothing to wait for: if only check-in places
    /// tickets, or the hour has come. The place in line is that of the booked hour.
    pub(super) fn enter(&self, ticket: &Ticket, now: Moment) -> Decision {
        let mut draft = Draft::new(self, now);
        let (line, series) = draft.numbered(ticket);
        draft.push(HallEvent::CheckedIn { at: now, line: line.clone(), series });
        let at_hour = self.plan().is_some_and(|plan| plan.rules.placed_at_hour);
        let hour_came = line.booked.as_ref().is_none_or(|booked| booked.at <= now);
        if ticket.state == TicketState::Expected && (!at_hour || hour_came) {
            let seq = draft.seq();
            draft.push(HallEvent::Placed { seq, at: now, line, series: None });
        }
        draft.done()
    }
}
