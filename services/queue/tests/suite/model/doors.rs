//! A reference model of admission: who may come in when, and who is struck off when. Calculates in whole wall-clock
//! minutes, in a different way from the rules themselves.

use okienko_hall::*;
use okienko_kernel::{Id, Moment};
use std::collections::BTreeSet;

/// What the model has observed.
#[derive(Default)]
pub struct Doors {
    /// People who have checked in, were let in, or were at a counter.
    seen: BTreeSet<Id>,
}

/// Whole minutes from `now` to the booked hour, counting the current minute: 0 during the minute of the hour itself.
fn minutes_before(hour: Moment, now: Moment) -> i64 {
    hour.micros().div_euclid(60_000_000) - now.micros().div_euclid(60_000_000)
}

/// Not at a counter.
fn away(ticket: &Ticket) -> bool {
    matches!(ticket.state.name(), StateName::Expected | StateName::Waiting | StateName::Absent)
}

impl Doors {
    /// Checks that nobody comes in outside the window, and that whoever was not seen by the office's minute is struck
    /// off after it.
    pub fn after(
        &mut self,
        hall: &HallDay,
        command: Option<&HallCommand>,
        events: &[HallEvent],
        now: Moment,
    ) {
        let rules = hall.plan().unwrap().rules.clone();
        for event in events {
            match event {
                HallEvent::CheckedIn { line, .. } => {
                    let before = minutes_before(line.booked.as_ref().unwrap().at, now);
                    assert!(before <= i64::from(rules.check_in_opens_min), "came in too early");
                    let here = hall.ticket(line.ticket).unwrap();
                    let in_time = rules.cancel_at_min.is_none_or(|at| before >= i64::from(at));
                    assert!(in_time || here.met || !away(here), "came in too late");
                    let kiosk = matches!(command, Some(HallCommand::CheckIn { .. }));
                    assert!(!kiosk || before >= i64::from(rules.check_in_closes_min), "the kiosk had closed");
                    self.seen.insert(line.ticket);
                }
                HallEvent::Started { line, .. }
                | HallEvent::Parked { line, .. }
                | HallEvent::Transferred { line, .. } => {
                    self.seen.insert(line.ticket);
                }
                HallEvent::StruckOff { line, .. } => {
                    let before = minutes_before(line.booked.as_ref().unwrap().at, now);
                    assert!(before < i64::from(rules.cancel_at_min.unwrap()), "struck off too early");
                    assert!(command.is_none(), "only the clock strikes off");
                    assert!(!self.seen.contains(&line.ticket), "was here and was struck off");
                }
                HallEvent::Undone { line, back: Back::Called, .. } => {
                    let here = hall.ticket(line.ticket).unwrap();
                    if !here.checked_in && !here.met {
                        self.seen.remove(&line.ticket);
                    }
                }
                _ => {}
            }
        }
        if command.is_none() {
            self.nobody_is_overlooked(hall, now);
        }
    }

    fn nobody_is_overlooked(&self, hall: &HallDay, now: Moment) {
        let Some(at) = hall.plan().unwrap().rules.cancel_at_min else { return };
        for ticket in hall.tickets().filter(|ticket| !self.seen.contains(&ticket.line.ticket)) {
            let Some(booked) = &ticket.line.booked else { continue };
            let away = away(ticket);
            let over = minutes_before(booked.at, now) < i64::from(at);
            assert!(!(away && over), "{} should be struck off", ticket.line.number);
        }
    }

    /// Checks that a refusal of check-in or admission is the right one.
    pub fn refused(&self, hall: &HallDay, command: &HallCommand, refusal: &HallRefusal, now: Moment) {
        let (ticket, kiosk) = match command {
            HallCommand::CheckIn { code, .. } => (hall.find_by_code(code), true),
            HallCommand::Admit { reservation } => (hall.ticket_of(*reservation), false),
            _ => return,
        };
        let Some(ticket) = ticket else { return assert_eq!(refusal, &HallRefusal::Unknown) };
        if ticket.state.is_over() {
            return assert_eq!(refusal, &HallRefusal::Cancelled);
        }
        if ticket.state.is_final() || hall.phase() != Phase::Open {
            return;
        }
        let rules = &hall.plan().unwrap().rules;
        let before = minutes_before(ticket.line.booked.as_ref().unwrap().at, now);
        let expected = if before > i64::from(rules.check_in_opens_min) {
            "too_early"
        } else if !ticket.met && away(ticket) && rules.cancel_at_min.is_some_and(|at| before < i64::from(at))
        {
            "cancelled"
        } else {
            "too_late"
        };
        assert_eq!(refusal.code(), expected, "{before} minutes before");
        assert!(kiosk || expected != "too_late", "reception lets in whoever is late");
    }
}
