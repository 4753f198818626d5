//! What reception decides about a booked visitor: let in or turned away, and until when. Knows no personal data: here a
//! visitor is a reservation.

use super::command::HallRefusal;
use super::draft::{Decision, Draft};
use super::event::{HallEvent, Reason};
use super::hall::{HallDay, Phase};
use super::plan::strike_off;
use super::ticket::{Ticket, TicketState};
use okienko_kernel::{Id, Moment};

impl HallDay {
    /// Allowed from the opening of the kiosk's window, and after its end too, until the reservation is struck off.
    pub(super) fn let_in(&self, reservation: Id, now: Moment) -> Decision {
        let ticket = self.ticket_of(reservation).ok_or(HallRefusal::Unknown)?;
        if self.is_in_already(ticket)? {
            return Ok(Vec::new());
        }
        self.may_admit(ticket, now)?;
        self.enter(ticket, now)
    }

    /// Whether reception may let this booked visitor in now; a visitor who is already in may be let in again.
    pub fn may_admit(&self, ticket: &Ticket, now: Moment) -> Result<(), HallRefusal> {
        if self.is_in_already(ticket)? {
            return Ok(());
        }
        if let (Some(plan), Some(booked)) = (self.plan(), &ticket.line.booked) {
            let (from, _) = plan.rules.check_in_window(booked.at);
            if now < from {
                return Err(HallRefusal::TooEarly { from });
            }
        }
        if self.is_due_to_be_struck(ticket, now) { Err(HallRefusal::Cancelled) } else { Ok(()) }
    }

    /// Whether reception can still let in a visitor who is too late for the kiosk, so that the kiosk may say so. Only
    /// an office whose window closes before it strikes off has a person deciding in between.
    pub fn reception_helps(&self, ticket: &Ticket, now: Moment) -> bool {
        let Some((plan, booked)) = self.plan().zip(ticket.line.booked.as_ref()) else { return false };
        let gap = plan.rules.cancel_at_min.is_some_and(|at| at < plan.rules.check_in_closes_min);
        let late = now >= plan.rules.check_in_window(booked.at).1;
        gap && late && self.may_admit(ticket, now).is_ok()
    }

    /// Whether reception may turn this visitor away now.
    pub fn may_refuse(&self, ticket: &Ticket) -> bool {
        let away =
            matches!(ticket.state, TicketState::Expected | TicketState::Waiting | TicketState::Absent { .. });
        away && self.phase == Phase::Open && ticket.line.booked.is_some()
    }

    /// Turns away a visitor who is not at a counter yet.
    pub(super) fn refuse(&self, reservation: Id, reason: Reason, now: Moment) -> Decision {
        let ticket = self.ticket_of(reservation).ok_or(HallRefusal::Unknown)?;
        match ticket.state {
            TicketState::Refused => return Ok(Vec::new()),
            _ if ticket.state.is_over() => return Err(HallRefusal::Cancelled),
            _ if self.phase != Phase::Open => return Err(HallRefusal::Closed),
            TicketState::Expected | TicketState::Waiting | TicketState::Absent { .. } => {}
            _ => return Err(HallRefusal::NotWaiting),
        }
        let mut draft = Draft::new(self, now);
        let seq = draft.seq();
        draft.push(HallEvent::Refused { seq, at: now, line: ticket.line.clone(), reason });
        draft.done()
    }

    /// Whether the strike-off minute of this ticket has passed, even if the timer has not run yet.
    pub(super) fn is_due_to_be_struck(&self, ticket: &Ticket, now: Moment) -> bool {
        let due = self.cancel_at().zip(ticket.line.booked.as_ref());
        let due = due.map(|(minutes, booked)| strike_off(booked.at, minutes));
        ticket.unseen() && due.is_some_and(|due| due <= now)
    }
}
