//! The rule for visitors who do not come when called: which counter calls them again, and when. Also the day's timers.
//! Does not know what clerks may do; that is in `desk`.

use super::counter::{Counter, Mode, Turn};
use super::draft::Draft;
use super::event::HallEvent;
use super::hall::{HallDay, Phase};
use super::ticket::{Ticket, TicketState};
use okienko_kernel::{Moment, Span};

impl HallDay {
    /// The absent ticket of a turn, with whether it is due.
    fn absent(&self, turn: Turn) -> Option<(&Ticket, bool)> {
        let ticket = self.tickets.get(&turn.1)?;
        match ticket.state {
            TicketState::Absent { due, .. } => Some((ticket, due)),
            _ => None,
        }
    }

    /// The next free counter that serves a service, going round the hall once, starting after `number`.
    fn next_free(&self, number: &str, service: &str) -> Option<&str> {
        let plan = self.plan()?;
        let start = plan.counters.iter().position(|counter| counter.number == number)?;
        let round = plan.counters.iter().cycle().skip(start + 1).take(plan.counters.len().saturating_sub(1));
        round
            .filter(|counter| counter.serves(service))
            .find(|counter| self.counters.get(&counter.number).is_some_and(Counter::is_free))
            .map(|counter| counter.number.as_str())
    }

    /// When a counter closes or pauses, hands over each of its absent tickets to the next free counter, or to none if
    /// there is no such counter yet.
    pub(super) fn hand_over(&self, from: &Counter, draft: &mut Draft<'_>) {
        let mut turns: Vec<Turn> = from.fresh.union(&from.due).copied().collect();
        turns.sort_unstable();
        for (ticket, due) in turns.into_iter().filter_map(|turn| self.absent(turn)) {
            let to = self.next_free(&from.plan.number, &ticket.line.service).map(str::to_owned);
            draft.push(HallEvent::HandedOver { at: draft.now, ticket: ticket.line.ticket, to, due });
        }
    }

    /// A counter that becomes free takes over the absent tickets that no counter had. If a visit has just ended there,
    /// they are due at once. Returns the earliest.
    pub(super) fn pick_up(
        &self,
        counter: &Counter,
        visit_ended: bool,
        draft: &mut Draft<'_>,
    ) -> Option<Turn> {
        let served = self.orphans.iter().filter(|(service, _)| counter.plan.serves(service));
        let mut turns: Vec<Turn> = served.flat_map(|(_, turns)| turns).copied().collect();
        turns.sort_unstable();
        for (ticket, due) in turns.iter().filter_map(|turn| self.absent(*turn)) {
            let to = Some(counter.plan.number.clone());
            let (at, ticket, due) = (draft.now, ticket.line.ticket, due || visit_ended);
            draft.push(HallEvent::HandedOver { at, ticket, to, due });
        }
        turns.first().copied()
    }

    /// A visit has ended at `counter`: its absent tickets become due, and the earliest is called automatically.
    pub(super) fn after_visit(&self, counter: &Counter, draft: &mut Draft<'_>) {
        let taken = self.pick_up(counter, true, draft);
        let first = match (counter.first_absent(), taken) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if let Some((ticket, _)) = first.and_then(|turn| self.absent(turn)) {
            draft.call(ticket, &counter.plan.number);
        }
    }

    pub(super) fn anyone_waits_for(&self, counter: &Counter) -> bool {
        self.lanes.lines(&counter.plan, None).next().is_some()
            || self.lanes.wanted_at(&counter.plan.number).is_some()
    }

    /// The absent ticket that a free counter will call again, and the moment at which the pause is over.
    fn pausing(&self, counter: &Counter, pause: Span) -> Option<(Moment, &Ticket)> {
        if counter.mode != Mode::Open || counter.current.is_some() {
            return None;
        }
        let ticket = self.tickets.get(&counter.first_absent()?.1)?;
        let TicketState::Absent { since, .. } = ticket.state else { return None };
        (!self.anyone_waits_for(counter)).then_some((since + pause, ticket))
    }

    pub(super) fn next_wake(&self) -> Option<Moment> {
        let strike = self.next_strike();
        let Some(plan) = self.plan().filter(|_| self.phase == Phase::Open) else { return strike };
        let hour = self.upcoming.first().map(|(hour, _)| *hour).filter(|_| plan.rules.placed_at_hour);
        let pauses = self.counters.values().filter_map(|c| self.pausing(c, plan.rules.absent_pause));
        pauses.map(|(until, _)| until).chain(hour).chain(strike).min()
    }

    /// Places the booked tickets whose hour has come; then each free counter with nobody waiting calls its absent
    /// ticket again.
    pub(super) fn due_in_line(&self, now: Moment) -> Vec<HallEvent> {
        let mut draft = Draft::new(self, now);
        let Some(plan) = self.plan().filter(|_| self.phase == Phase::Open) else { return draft.events };
        let mut placed: Vec<&Ticket> = Vec::new();
        if plan.rules.placed_at_hour {
            let came = self.upcoming.iter().take_while(|(hour, _)| *hour <= now);
            placed.extend(came.filter_map(|(_, ticket)| self.tickets.get(ticket)));
        }
        for ticket in &placed {
            let (line, series) = draft.numbered(ticket);
            let seq = draft.seq();
            draft.push(HallEvent::Placed { seq, at: now, line, series });
        }
        for counter in self.counters.values() {
            let busy = placed.iter().any(|ticket| counter.plan.serves(&ticket.line.service));
            match self.pausing(counter, plan.rules.absent_pause) {
                Some((until, ticket)) if until <= now && !busy => draft.call(ticket, &counter.plan.number),
                _ => {}
            }
        }
        draft.events
    }
}
