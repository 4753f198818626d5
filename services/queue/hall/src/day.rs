//! The life of the day itself: its roster, its opening, its end. Knows nothing of what is done at counters.

use super::command::{HallRefusal, Reservation};
use super::counter::Mode;
use super::draft::{Decision, Draft};
use super::event::HallEvent;
use super::hall::{HallDay, Phase};
use super::plan::Plan;
use super::ticket::{Booked, Line, Ticket, TicketState};
use okienko_kernel::{Id, Moment};

impl HallDay {
    pub(super) fn expect(&self, wanted: &Reservation, now: Moment) -> Decision {
        let known = self.ended.contains(&wanted.reservation)
            || self.reservations.contains_key(&wanted.reservation)
            || self.tickets.contains_key(&wanted.ticket);
        if known {
            return Ok(Vec::new());
        }
        if self.phase == Phase::Sealed {
            return Err(HallRefusal::Closed);
        }
        let mut draft = Draft::new(self, now);
        // A number already taken is never given twice: this ticket gets a new one in the hall.
        let taken = self.numbers.contains_key(&wanted.ticket_number);
        let line = Line {
            ticket: wanted.ticket,
            number: if taken { String::new() } else { wanted.ticket_number.clone() },
            service: wanted.service.clone(),
            order: wanted.at.micros(),
            booked: Some(Booked { reservation: wanted.reservation, at: wanted.at, time: wanted.time }),
        };
        let seq = (self.phase == Phase::Open).then(|| draft.seq());
        let (code, cancel_at_min) = (wanted.code.clone(), wanted.cancel_at_min);
        draft.push(HallEvent::Expected { seq, at: now, line, code, cancel_at_min });
        draft.done()
    }

    /// Somebody who is called, served or checked in is here: the visit goes on, whatever booking reports meanwhile.
    pub(super) fn unexpect(&self, reservation: Id, now: Moment) -> Decision {
        if self.ended.contains(&reservation) || self.phase == Phase::Sealed {
            return Ok(Vec::new());
        }
        let mut draft = Draft::new(self, now);
        let ticket = self.reservations.get(&reservation).and_then(|id| self.tickets.get(id));
        let line = match ticket {
            None => None,
            Some(Ticket { checked_in: true, .. }) => return Ok(Vec::new()),
            Some(ticket) => match ticket.state {
                TicketState::Expected | TicketState::Waiting | TicketState::Absent { .. } => {
                    Some(ticket.line.clone())
                }
                _ => return Ok(Vec::new()),
            },
        };
        let seen = self.phase == Phase::Open && line.is_some();
        let seq = seen.then(|| draft.seq());
        draft.push(HallEvent::Unexpected { seq, at: now, reservation, line });
        draft.done()
    }

    pub(super) fn open(&self, plan: &Plan, seq_base: u64, now: Moment) -> Decision {
        match self.phase {
            Phase::Open => return Ok(Vec::new()),
            Phase::Sealed => return Err(HallRefusal::Closed),
            Phase::Roster => {}
        }
        let ours = self.key().is_some_and(|key| {
            key.office == plan.office && key.location == plan.location && key.day == plan.day
        });
        if !ours {
            return Err(HallRefusal::WrongPlan);
        }
        let mut draft = Draft::after(self, seq_base, now);
        let seq = draft.seq();
        draft.push(HallEvent::DayOpened { seq, at: now, plan: Box::new(plan.clone()) });
        for (_, ticket) in &self.upcoming {
            if let Some(ticket) = self.tickets.get(ticket) {
                let seq = draft.seq();
                draft.push(HallEvent::Listed { seq, at: now, line: ticket.line.clone() });
            }
        }
        draft.done()
    }

    /// Ends every open ticket. A visitor being served counts as served; one who was called and did not come, or never
    /// came, has missed the visit; anybody else who was here was not called, and is recorded as exactly that. A day
    /// that was never opened is sealed without any events for its reservations.
    pub(super) fn seal(&self, now: Moment) -> Decision {
        if self.phase == Phase::Sealed {
            return Ok(Vec::new());
        }
        let mut draft = Draft::new(self, now);
        if self.phase == Phase::Open {
            for ticket in self.tickets.values() {
                end_of_day(self, &mut draft, ticket);
            }
            for counter in self.counters.values().filter(|counter| counter.mode != Mode::Closed) {
                let (seq, counter) = (draft.seq(), counter.plan.number.clone());
                draft.push(HallEvent::CounterClosed { seq, at: now, counter });
            }
        }
        draft.push(HallEvent::DaySealed { at: now });
        draft.done()
    }
}

fn end_of_day(hall: &HallDay, draft: &mut Draft<'_>, ticket: &Ticket) {
    if ticket.state.is_final() {
        return;
    }
    let (seq, at, line, attempt) = (draft.seq(), draft.now, ticket.line.clone(), ticket.attempt);
    draft.push(match &ticket.state {
        TicketState::Serving { counter } => {
            let (counter, verified) = (counter.clone(), hall.verified(ticket));
            HallEvent::Finished { seq, at, line, counter, attempt, outcome: None, verified }
        }
        TicketState::Called { counter } => {
            HallEvent::Missed { seq, at, line, counter: Some(counter.clone()), attempt }
        }
        TicketState::Absent { .. } => HallEvent::Missed { seq, at, line, counter: None, attempt },
        TicketState::Expected if !ticket.checked_in => {
            HallEvent::Missed { seq, at, line, counter: None, attempt }
        }
        // Includes visitors who were parked or transferred and not called back, and booked visitors who checked in or
        // are placed at their hour: nobody called them.
        _ => HallEvent::Left { seq, at, line, not_called: true },
    });
}
