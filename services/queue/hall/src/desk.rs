//! What clerks do at their counters. Does not know who they are; permissions are checked before.

use super::command::{DeskAct, HallRefusal};
use super::counter::{Act, Counter, Mode};
use super::draft::{Decision, Draft};
use super::event::{Back, HallEvent};
use super::hall::{HallDay, Phase};
use super::ticket::{Ticket, TicketState};
use super::verify::OTHER_PERSON;
use okienko_kernel::{Id, Moment, Span};
use std::collections::BTreeSet;

/// A call's gong and voice take about this long: a recall within it, by an impatient clerk or a runaway program, makes
/// no further sound in the hall.
const CALL_SOUNDS: Span = Span::from_secs(2);
/// How long an act can be taken back: after that people have acted on it, and the day's record is not rewritten.
const UNDO_WITHIN: Span = Span::from_mins(1);

impl HallDay {
    pub(super) fn desk(&self, number: &str, act: &DeskAct, now: Moment) -> Decision {
        if self.phase != Phase::Open {
            return Err(HallRefusal::Closed);
        }
        let counter = self.counters.get(number).ok_or(HallRefusal::UnknownCounter)?;
        let mut draft = Draft::new(self, now);
        match act {
            DeskAct::Open => self.open_counter(counter, &mut draft),
            DeskAct::Close => self.step_away(counter, Mode::Closed, &mut draft)?,
            DeskAct::Pause => self.step_away(counter, Mode::Paused, &mut draft)?,
            DeskAct::CallNext { services } => self.call_next(counter, services.as_ref(), &mut draft)?,
            DeskAct::Call { ticket } => self.call_one(counter, *ticket, &mut draft)?,
            DeskAct::Recall => self.recall(counter, &mut draft)?,
            DeskAct::NoShow => self.no_show(counter, &mut draft)?,
            DeskAct::Start => self.start(counter, &mut draft)?,
            DeskAct::Finish { outcome } => self.finish(counter, outcome.as_deref(), &mut draft)?,
            DeskAct::Transfer { service, counter: to } => {
                self.transfer(counter, service.as_deref(), to.as_deref(), &mut draft)?;
            }
            DeskAct::Park => self.park(counter, &mut draft)?,
            DeskAct::Verify { code } => self.verify(counter, code, &mut draft)?,
            DeskAct::Undo => self.undo(counter, &mut draft)?,
        }
        draft.done()
    }

    pub(super) fn visitor(&self, counter: &Counter) -> Result<&Ticket, HallRefusal> {
        counter.current.and_then(|id| self.tickets.get(&id)).ok_or(HallRefusal::NoVisitor)
    }

    fn called(&self, counter: &Counter) -> Result<&Ticket, HallRefusal> {
        let ticket = self.visitor(counter)?;
        let called = matches!(ticket.state, TicketState::Called { .. });
        if called { Ok(ticket) } else { Err(HallRefusal::NoVisitor) }
    }

    fn open_counter(&self, counter: &Counter, draft: &mut Draft<'_>) {
        if counter.mode != Mode::Open {
            let (seq, at, number) = (draft.seq(), draft.now, counter.plan.number.clone());
            draft.push(HallEvent::CounterOpened { seq, at, counter: number });
            self.pick_up(counter, false, draft);
        }
    }

    fn step_away(&self, counter: &Counter, to: Mode, draft: &mut Draft<'_>) -> Result<(), HallRefusal> {
        if counter.mode == to {
            return Ok(());
        }
        if counter.current.is_some() {
            return Err(HallRefusal::CounterBusy);
        }
        if counter.mode == Mode::Closed {
            return Err(HallRefusal::Closed);
        }
        let (seq, at, number) = (draft.seq(), draft.now, counter.plan.number.clone());
        draft.push(match to {
            Mode::Paused => HallEvent::CounterPaused { seq, at, counter: number },
            _ => HallEvent::CounterClosed { seq, at, counter: number },
        });
        self.hand_over(counter, draft);
        Ok(())
    }

    fn ready(&self, counter: &Counter) -> Result<(), HallRefusal> {
        match (counter.mode, counter.current) {
            (Mode::Open, None) => Ok(()),
            (Mode::Open, Some(_)) => Err(HallRefusal::CounterBusy),
            _ => Err(HallRefusal::Closed),
        }
    }

    fn call_next(
        &self,
        counter: &Counter,
        only: Option<&BTreeSet<String>>,
        draft: &mut Draft<'_>,
    ) -> Result<(), HallRefusal> {
        self.ready(counter)?;
        let asked = |ticket: &&Ticket| only.is_none_or(|only| only.contains(&ticket.line.service));
        let due = counter.due.iter().filter_map(|(_, id)| self.tickets.get(id)).find(asked);
        if let Some(ticket) = due.or_else(|| self.first_waiting(counter, only)) {
            draft.call(ticket, &counter.plan.number);
        }
        Ok(())
    }

    /// The earliest of the first tickets of all lines that the counter serves.
    fn first_waiting(&self, counter: &Counter, only: Option<&BTreeSet<String>>) -> Option<&Ticket> {
        let asked = |id: &Id| match (only, self.tickets.get(id)) {
            (Some(only), Some(ticket)) => only.contains(&ticket.line.service),
            _ => true,
        };
        let own = self.lanes.wanted_at(&counter.plan.number).into_iter().flatten();
        let firsts = self.lanes.lines(&counter.plan, only).filter_map(|(_, line)| line.first());
        let rank = firsts.chain(own.filter(|rank| asked(&rank.ticket)).take(1)).min()?;
        self.tickets.get(&rank.ticket)
    }

    fn call_one(&self, counter: &Counter, id: Id, draft: &mut Draft<'_>) -> Result<(), HallRefusal> {
        let ticket = self.tickets.get(&id).ok_or(HallRefusal::Unknown)?;
        let here = counter.current == Some(id) && matches!(ticket.state, TicketState::Called { .. });
        if here {
            return Ok(());
        }
        self.ready(counter)?;
        let number = &counter.plan.number;
        let mine = ticket.wanted_at.as_ref() == Some(number) || ticket.state.counter() == Some(number);
        match ticket.state {
            TicketState::Waiting | TicketState::Absent { .. } | TicketState::Parked { .. } => {}
            _ => return Err(HallRefusal::NotWaiting),
        }
        if !mine && !counter.plan.serves(&ticket.line.service) {
            return Err(HallRefusal::WrongService { right: ticket.line.service.clone() });
        }
        draft.call(ticket, number);
        Ok(())
    }

    fn recall(&self, counter: &Counter, draft: &mut Draft<'_>) -> Result<(), HallRefusal> {
        let ticket = self.called(counter)?;
        if ticket.recalled_at.is_some_and(|at| draft.now < at + CALL_SOUNDS) {
            return Ok(());
        }
        let (seq, at, number) = (draft.seq(), draft.now, counter.plan.number.clone());
        let (line, attempt) = (ticket.line.clone(), ticket.attempt);
        draft.push(HallEvent::Called { seq, at, line, counter: number, attempt, recall: true });
        Ok(())
    }

    fn no_show(&self, counter: &Counter, draft: &mut Draft<'_>) -> Result<(), HallRefusal> {
        let ticket = self.called(counter)?;
        let (seq, at, number) = (draft.seq(), draft.now, counter.plan.number.clone());
        let (line, attempt) = (ticket.line.clone(), ticket.attempt);
        let last = self.plan().is_none_or(|plan| attempt >= plan.rules.max_calls());
        draft.push(if last {
            HallEvent::Missed { seq, at, line, counter: Some(number), attempt }
        } else {
            HallEvent::WentAbsent { seq, at, line, counter: number, attempt }
        });
        self.pick_up(counter, false, draft);
        Ok(())
    }

    fn start(&self, counter: &Counter, draft: &mut Draft<'_>) -> Result<(), HallRefusal> {
        let ticket = self.visitor(counter)?;
        if matches!(ticket.state, TicketState::Called { .. }) {
            self.compared_first(ticket)?;
            self.begin(counter, ticket, draft);
        }
        Ok(())
    }

    fn begin(&self, counter: &Counter, ticket: &Ticket, draft: &mut Draft<'_>) {
        let (seq, at, number) = (draft.seq(), draft.now, counter.plan.number.clone());
        let (line, attempt) = (ticket.line.clone(), ticket.attempt);
        draft.push(HallEvent::Started { seq, at, line, counter: number, attempt });
    }

    fn finish(
        &self,
        counter: &Counter,
        outcome: Option<&str>,
        draft: &mut Draft<'_>,
    ) -> Result<(), HallRefusal> {
        let ticket = self.visitor(counter)?;
        // Sending a visitor away as a different person is itself the result of a comparison.
        if outcome != Some(OTHER_PERSON) {
            self.compared_first(ticket)?;
        }
        if matches!(ticket.state, TicketState::Called { .. }) {
            self.begin(counter, ticket, draft);
        }
        let (seq, at, number) = (draft.seq(), draft.now, counter.plan.number.clone());
        let (line, attempt, outcome) = (ticket.line.clone(), ticket.attempt, outcome.map(str::to_owned));
        let verified = self.verified(ticket);
        draft.push(HallEvent::Finished { seq, at, line, counter: number, attempt, outcome, verified });
        self.after_visit(counter, draft);
        Ok(())
    }

    fn transfer(
        &self,
        counter: &Counter,
        service: Option<&str>,
        to: Option<&str>,
        draft: &mut Draft<'_>,
    ) -> Result<(), HallRefusal> {
        let ticket = self.visitor(counter)?;
        let known = |id: &str| self.plan().is_some_and(|plan| plan.service(id).is_some());
        if service.is_some_and(|id| !known(id)) || (service.is_none() && to.is_none()) {
            return Err(HallRefusal::UnknownService);
        }
        let mut line = ticket.line.clone();
        if let Some(service) = service {
            line.service = service.to_owned();
        }
        if let Some(to) = to {
            let target = self.counters.get(to).ok_or(HallRefusal::UnknownCounter)?;
            if !self.counter_open(to) {
                return Err(HallRefusal::Closed);
            }
            if !target.plan.serves(&line.service) {
                return Err(HallRefusal::WrongService { right: line.service });
            }
        }
        let (seq, at, number) = (draft.seq(), draft.now, counter.plan.number.clone());
        draft.push(HallEvent::Transferred { seq, at, line, counter: number, to: to.map(str::to_owned) });
        self.pick_up(counter, false, draft);
        Ok(())
    }

    fn park(&self, counter: &Counter, draft: &mut Draft<'_>) -> Result<(), HallRefusal> {
        let ticket = self.visitor(counter)?;
        if !matches!(ticket.state, TicketState::Serving { .. }) {
            return Err(HallRefusal::NoVisitor);
        }
        let (seq, at, number) = (draft.seq(), draft.now, counter.plan.number.clone());
        draft.push(HallEvent::Parked { seq, at, line: ticket.line.clone(), counter: number });
        self.pick_up(counter, false, draft);
        Ok(())
    }

    /// Takes the latest act back if the ticket is still where that act put it.
    fn undo(&self, counter: &Counter, draft: &mut Draft<'_>) -> Result<(), HallRefusal> {
        let Some(Act { ticket, back, at: done_at }) = &counter.last else {
            return Err(HallRefusal::NothingToUndo);
        };
        let ticket = self.tickets.get(ticket).ok_or(HallRefusal::NothingToUndo)?;
        let here = ticket.state.counter() == Some(counter.plan.number.as_str());
        let free = counter.is_free();
        // Undoing a transfer also restores what it changed: the service and the number of attempts.
        let sent = ticket.sent.as_ref().filter(|sent| sent.from == counter.plan.number);
        let (line, sent_attempt) = sent.map_or((&ticket.line, 0), |sent| (&sent.line, sent.attempt));
        let (fits, attempt) = match (back, &ticket.state) {
            (Back::Called | Back::Serving, TicketState::Waiting) => (sent.is_some() && free, sent_attempt),
            (Back::Serving, TicketState::Parked { .. }) => (here && free, ticket.attempt),
            (Back::Waiting, TicketState::Called { .. }) => (here, 0),
            (Back::Absent { .. }, TicketState::Called { .. }) => (here, ticket.attempt.saturating_sub(1)),
            (Back::Called, TicketState::Serving { .. }) => (here, ticket.attempt),
            (Back::Called, TicketState::Absent { .. }) => (here && free, ticket.attempt),
            (Back::Serving, TicketState::Served) => (free, ticket.attempt),
            _ => (false, 0),
        };
        if !fits {
            return Err(HallRefusal::NothingToUndo);
        }
        if draft.now.since(*done_at) > UNDO_WITHIN {
            return Err(HallRefusal::UndoTooLate);
        }
        let (seq, at, number) = (draft.seq(), draft.now, counter.plan.number.clone());
        let back = match *back {
            // The pause starts again, or the timer would at once call again the ticket that the clerk has just put
            // back.
            Back::Absent { turn, due, .. } => Back::Absent { turn, since: at, due },
            other => other,
        };
        draft.push(HallEvent::Undone { seq, at, line: line.clone(), counter: number, attempt, back });
        if matches!(back, Back::Waiting | Back::Absent { .. }) {
            self.pick_up(counter, false, draft);
        }
        Ok(())
    }
}
