//! What each event does to the state. Cannot fail: an event that names something unknown here changes only the sequence
//! number. Knows no rules; they were applied when the event was decided.

use super::counter::{Act, Counter, Mode};
use super::event::{Back, HallEvent, Series};
use super::hall::{HallDay, Phase};
use super::plan::Plan;
use super::ticket::{Line, Ticket, TicketState, TransferOrigin};
use okienko_kernel::{Id, Moment};

impl HallDay {
    pub(super) fn take(&mut self, event: &HallEvent) {
        use HallEvent::*;
        if let Some(seq) = event.seq() {
            self.last_seq = seq;
        }
        self.notices.see(event);
        match event {
            Expected { line, code, cancel_at_min, .. } => {
                self.told_cancel_at = *cancel_at_min;
                self.take_expected(line, code);
            }
            Unexpected { reservation, line, .. } => {
                self.ended.insert(*reservation);
                if let Some(line) = line {
                    self.put(line, TicketState::Left);
                }
            }
            DayOpened { plan, .. } => self.take_opened(plan),
            Listed { .. } => {}
            WalkInIssued { line, series, .. } => {
                self.take_series(Some(series));
                self.admit(Ticket::new(line.clone(), TicketState::Waiting));
            }
            CheckedIn { line, series, .. } => {
                self.take_series(series.as_ref());
                self.change(line.ticket, |ticket| {
                    ticket.checked_in = true;
                    ticket.line = line.clone();
                });
            }
            Placed { line, series, .. } => {
                self.take_series(series.as_ref());
                self.put(line, TicketState::Waiting);
            }
            CounterOpened { counter, .. } => self.set_mode(counter, Mode::Open),
            CounterPaused { counter, .. } => self.set_mode(counter, Mode::Paused),
            CounterClosed { counter, .. } => self.set_mode(counter, Mode::Closed),
            Called { at, line, counter, attempt, recall, .. } => {
                if *recall {
                    self.change(line.ticket, |ticket| ticket.recalled_at = Some(*at));
                } else {
                    self.take_called(line, counter, *attempt, *at);
                }
            }
            Started { at, line, counter, .. } => {
                self.remember(counter, line.ticket, Back::Called, *at);
                self.change(line.ticket, |ticket| {
                    ticket.started_at = Some(*at);
                    ticket.line = line.clone();
                    ticket.state = TicketState::Serving { counter: counter.clone() };
                    ticket.met = true;
                });
            }
            Finished { at, line, counter, .. } => self.take_finished(line, counter, *at),
            WentAbsent { seq, at, line, counter, .. } => self.take_absent(line, counter, *seq, *at),
            Missed { line, counter, .. } => {
                self.put(line, TicketState::Missed);
                self.forget(counter.as_deref());
            }
            Left { line, not_called: false, .. } => self.put(line, TicketState::Left),
            Left { line, not_called: true, .. } => self.put(line, TicketState::NotCalled),
            StruckOff { line, .. } => self.put(line, TicketState::StruckOff),
            Refused { line, .. } => self.put(line, TicketState::Refused),
            Verified { line, .. } => self.change(line.ticket, |ticket| ticket.verified = true),
            HandedOver { ticket, to, due, .. } => self.take_handed(*ticket, to.as_deref(), *due),
            Transferred { at, line, counter, to, .. } => {
                self.take_transferred(line, counter, to.as_deref(), *at);
            }
            Parked { at, line, counter, .. } => {
                self.remember(counter, line.ticket, Back::Serving, *at);
                self.put(line, TicketState::Parked { counter: counter.clone() });
            }
            Undone { line, counter, attempt, back, .. } => self.take_undone(line, counter, *attempt, *back),
            NoticeAsked { .. } | NoticeDue { .. } => {}
            DaySealed { .. } => self.phase = Phase::Sealed,
        }
    }

    fn put(&mut self, line: &Line, state: TicketState) {
        self.change(line.ticket, |ticket| {
            ticket.line = line.clone();
            ticket.state = state;
        });
    }

    fn take_series(&mut self, series: Option<&Series>) {
        if let Some(Series { prefix, serial }) = series {
            self.serials.insert(prefix.clone(), *serial);
        }
    }

    fn take_expected(&mut self, line: &Line, code: &str) {
        if let Some(booked) = &line.booked {
            self.reservations.insert(booked.reservation, line.ticket);
        }
        let taken = self.codes.get(code).and_then(|id| self.tickets.get(id));
        if taken.is_none_or(|ticket| ticket.state.is_over()) {
            self.codes.insert(code.to_owned(), line.ticket);
        }
        let ticket = Ticket::new(line.clone(), TicketState::Expected);
        self.admit(Ticket { code: Some(code.to_owned()), ..ticket });
    }

    fn take_opened(&mut self, plan: &Plan) {
        self.phase = Phase::Open;
        self.counters = plan.counters.iter().map(|c| (c.number.clone(), Counter::new(c.clone()))).collect();
        self.plan = Some(Box::new(plan.clone()));
    }

    fn set_mode(&mut self, number: &str, mode: Mode) {
        let Some(counter) = self.counters.get_mut(number) else { return };
        counter.mode = mode;
        (counter.last, counter.ended) = (None, None);
        if mode == Mode::Closed {
            let theirs: Vec<Id> =
                self.lanes.wanted_at(number).into_iter().flatten().map(|rank| rank.ticket).collect();
            for ticket in theirs {
                self.change(ticket, |ticket| ticket.wanted_at = None);
            }
        }
    }

    fn remember(&mut self, counter: &str, ticket: Id, back: Back, at: Moment) {
        if let Some(counter) = self.counters.get_mut(counter) {
            let followed = matches!(back, Back::Absent { .. });
            let last = counter.last.replace(Act { ticket, back, at });
            counter.ended = last.filter(|last| followed && last.back == Back::Serving && last.at == at);
        }
    }

    fn forget(&mut self, counter: Option<&str>) {
        if let Some(counter) = counter.and_then(|number| self.counters.get_mut(number)) {
            (counter.last, counter.ended) = (None, None);
        }
    }

    fn take_transferred(&mut self, line: &Line, counter: &str, to: Option<&str>, at: Moment) {
        let back = match self.tickets.get(&line.ticket).map(|ticket| &ticket.state) {
            Some(TicketState::Serving { .. }) => Back::Serving,
            _ => Back::Called,
        };
        self.remember(counter, line.ticket, back, at);
        self.change(line.ticket, |ticket| {
            ticket.sent = Some(Box::new(TransferOrigin {
                from: counter.to_owned(),
                line: std::mem::replace(&mut ticket.line, line.clone()),
                attempt: std::mem::take(&mut ticket.attempt),
                wanted_at: std::mem::replace(&mut ticket.wanted_at, to.map(str::to_owned)),
                met: std::mem::replace(&mut ticket.met, true),
            }));
            ticket.state = TicketState::Waiting;
        });
    }

    fn take_called(&mut self, line: &Line, counter: &str, attempt: u32, at: Moment) {
        match self.tickets.get(&line.ticket).map(|ticket| &ticket.state) {
            Some(TicketState::Waiting) => self.remember(counter, line.ticket, Back::Waiting, at),
            Some(&TicketState::Absent { turn, since, due, .. }) => {
                self.remember(counter, line.ticket, Back::Absent { turn, since, due }, at);
            }
            _ => self.forget(Some(counter)),
        }
        self.change(line.ticket, |ticket| {
            ticket.attempt = attempt;
            ticket.called_at = Some(at);
            ticket.recalled_at = None;
            ticket.sent = None;
            ticket.state = TicketState::Called { counter: counter.to_owned() };
        });
    }

    fn take_finished(&mut self, line: &Line, number: &str, at: Moment) {
        self.remember(number, line.ticket, Back::Serving, at);
        self.put(line, TicketState::Served);
        let Some(counter) = self.counters.get(number) else { return };
        let now_due: Vec<Id> = counter.fresh.iter().map(|(_, ticket)| *ticket).collect();
        for ticket in now_due {
            self.change(ticket, |ticket| {
                if let TicketState::Absent { due, .. } = &mut ticket.state {
                    *due = true;
                }
            });
        }
    }

    fn take_absent(&mut self, line: &Line, counter: &str, turn: u64, since: Moment) {
        self.remember(counter, line.ticket, Back::Called, since);
        let counter = Some(counter.to_owned());
        self.put(line, TicketState::Absent { counter, turn, since, due: false });
    }

    fn take_handed(&mut self, ticket: Id, to: Option<&str>, now_due: bool) {
        self.change(ticket, |ticket| {
            if let TicketState::Absent { counter, due, .. } = &mut ticket.state {
                *counter = to.map(str::to_owned);
                *due = now_due;
            }
        });
    }

    fn take_undone(&mut self, line: &Line, number: &str, attempt: u32, back: Back) {
        let counter = number.to_owned();
        let sent = self.tickets.get(&line.ticket).and_then(|ticket| ticket.sent.clone());
        let sent = sent.filter(|_| matches!(back, Back::Called | Back::Serving));
        let wanted_at = match &sent {
            Some(sent) => sent.wanted_at.clone(),
            None => self.tickets.get(&line.ticket).and_then(|ticket| ticket.wanted_at.clone()),
        };
        let wanted_at =
            wanted_at.filter(|wanted| self.counters.get(wanted).is_some_and(|c| c.mode != Mode::Closed));
        self.change(line.ticket, |ticket| {
            ticket.line = line.clone();
            ticket.attempt = attempt;
            ticket.wanted_at = wanted_at;
            if let Some(sent) = sent {
                ticket.met = sent.met;
                ticket.sent = None;
            }
            // A start was taken back: the visitor has not been at the counter after all.
            ticket.met &= !matches!((&ticket.state, back), (TicketState::Serving { .. }, Back::Called));
            ticket.state = match back {
                Back::Waiting => TicketState::Waiting,
                Back::Called => TicketState::Called { counter },
                Back::Serving => TicketState::Serving { counter },
                Back::Absent { turn, since, due } => {
                    TicketState::Absent { counter: Some(counter), turn, since, due }
                }
            };
        });
        if let Some(counter) = self.counters.get_mut(number) {
            counter.last = counter.ended.take();
        }
    }
}
