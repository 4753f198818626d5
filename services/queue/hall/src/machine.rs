//! `HallDay` as a `Machine`: which rule handles which command, and what is replied. Contains no rule itself.

use super::command::{HallCommand, HallRefusal, HallReply};
use super::draft::Decision;
use super::event::HallEvent;
use super::hall::{HallDay, HallKey, Phase};
use super::index::Lanes;
use super::notice::Notices;
use okienko_kernel::{Id, Machine, Moment};
use std::collections::{BTreeMap, BTreeSet};

impl Machine for HallDay {
    type Command = HallCommand;
    type Event = HallEvent;
    type Refusal = HallRefusal;
    type Reply = HallReply;

    fn new(stream: &str) -> HallDay {
        HallDay {
            key: HallKey::parse(stream),
            phase: Phase::Roster,
            plan: None,
            last_seq: 0,
            tickets: BTreeMap::new(),
            reservations: BTreeMap::new(),
            ended: BTreeSet::new(),
            codes: BTreeMap::new(),
            numbers: BTreeMap::new(),
            serials: BTreeMap::new(),
            upcoming: BTreeSet::new(),
            unseen: BTreeSet::new(),
            told_cancel_at: None,
            lanes: Lanes::default(),
            counters: BTreeMap::new(),
            orphans: BTreeMap::new(),
            notices: Notices::default(),
        }
    }

    fn decide(&self, command: &HallCommand, now: Moment) -> Decision {
        match command {
            HallCommand::Expect(reservation) => self.expect(reservation, now),
            HallCommand::Unexpect { reservation } => self.unexpect(*reservation, now),
            HallCommand::Open { plan, seq_base } => self.open(plan, *seq_base, now),
            HallCommand::Seal => self.seal(now),
            HallCommand::IssueWalkIn { ticket, service } => self.issue(*ticket, service, now),
            HallCommand::CheckIn { code, service } => self.check_in(code, service.as_deref(), now),
            HallCommand::Admit { reservation } => self.let_in(*reservation, now),
            HallCommand::Refuse { reservation, reason } => self.refuse(*reservation, *reason, now),
            HallCommand::Leave { ticket } => self.leave(*ticket, now),
            HallCommand::Notify { ticket, subject, ahead_min } => {
                self.notify(*ticket, *subject, *ahead_min, now)
            }
            HallCommand::Desk { counter, act } => self.desk(counter, act, now),
        }
    }

    fn apply(&mut self, event: &HallEvent) {
        self.take(event);
    }

    fn reply(&self, command: &HallCommand, events: &[HallEvent], now: Moment) -> HallReply {
        let ticket = |id: Id| match self.ticket(id) {
            Some(ticket) => HallReply::Ticket {
                ahead: self.ahead_of(id),
                wait: self.expected_wait(id, now),
                ticket: ticket.into(),
            },
            None => HallReply::Done,
        };
        match command {
            HallCommand::IssueWalkIn { ticket: id, .. } => ticket(*id),
            HallCommand::CheckIn { code, .. } => {
                self.find_by_code(code).map_or(HallReply::Done, |found| ticket(found.line.ticket))
            }
            HallCommand::Admit { reservation } | HallCommand::Refuse { reservation, .. } => {
                self.ticket_of(*reservation).map_or(HallReply::Done, |found| ticket(found.line.ticket))
            }
            HallCommand::Desk { act: super::command::DeskAct::CallNext { .. }, .. } if events.is_empty() => {
                HallReply::Nobody
            }
            HallCommand::Desk { counter, .. } => {
                self.counter(counter).map_or(HallReply::Done, |view| HallReply::Counter(Box::new(view)))
            }
            HallCommand::Expect(_)
            | HallCommand::Unexpect { .. }
            | HallCommand::Open { .. }
            | HallCommand::Seal
            | HallCommand::Leave { .. }
            | HallCommand::Notify { .. } => HallReply::Done,
        }
    }

    fn wake(&self) -> Option<Moment> {
        self.next_wake().into_iter().chain(self.notice_wake()).min()
    }

    fn on_wake(&self, now: Moment) -> Vec<HallEvent> {
        // Notices depend on the queue after everything due has been applied: they follow in a second wake, at once.
        let events = self.fall_due(now);
        if events.is_empty() { self.notices_due(now) } else { events }
    }
}
