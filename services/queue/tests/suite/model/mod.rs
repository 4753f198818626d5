//! Two observers of a hall: a board that knows only public events, and a reference model of the three-call rule.
#![allow(missing_docs)]

mod doors;
pub use doors::Doors;
use okienko_hall::*;
use okienko_kernel::{Id, Moment};
use okienko_proto::queue::hall_event::Change;
use okienko_proto::queue::{counter_changed, ticket_changed};
use okienko_queue::publish::publish;
use std::collections::BTreeMap;

/// What a screen can derive from public events alone.
#[derive(Default)]
pub struct Board {
    seq: Option<u64>,
    tickets: BTreeMap<String, (ticket_changed::State, String)>,
    counters: BTreeMap<String, (counter_changed::State, String)>,
}

impl Board {
    pub fn see(&mut self, key: &HallKey, event: &HallEvent) {
        let (Some(seen), _) = publish(key, event) else {
            assert_eq!(event.seq(), None, "a numbered event is published: {event:?}");
            return;
        };
        assert_eq!(Some(seen.seq), event.seq());
        assert!(self.seq.is_none_or(|seq| seen.seq == seq + 1), "without a hole");
        self.seq = Some(seen.seq);
        match seen.change.unwrap() {
            Change::DayOpened(opened) => {
                let closed = (counter_changed::State::Closed, String::new());
                self.counters = opened.counters.into_iter().map(|number| (number, closed.clone())).collect();
                self.tickets.clear();
            }
            Change::Counter(changed) => {
                self.counters.insert(changed.counter.clone(), (changed.state(), changed.ticket));
            }
            Change::Call(call) => {
                self.counters
                    .insert(call.counter.clone(), (counter_changed::State::Called, call.ticket.clone()));
                self.tickets.insert(call.ticket, (ticket_changed::State::Called, call.counter));
            }
            Change::Ticket(changed) => {
                let at = self.counters.values_mut().find(|(_, ticket)| *ticket == changed.ticket);
                if let Some(at) = at {
                    *at = (counter_changed::State::Free, String::new());
                }
                let here = match changed.state() {
                    ticket_changed::State::Called => Some(counter_changed::State::Called),
                    ticket_changed::State::Serving => Some(counter_changed::State::Serving),
                    _ => None,
                };
                if let Some(state) = here {
                    self.counters.insert(changed.counter.clone(), (state, changed.ticket.clone()));
                }
                let state = changed.state();
                self.tickets.insert(changed.ticket, (state, changed.counter));
            }
        }
    }

    /// Checks that the board shows the actual state.
    pub fn agrees_with(&self, hall: &HallDay) {
        use ticket_changed::State as Public;
        for ticket in hall.tickets() {
            let state = match ticket.state.name() {
                StateName::Expected => Public::Expected,
                StateName::Waiting | StateName::Parked => Public::Waiting,
                StateName::Called => Public::Called,
                StateName::Serving => Public::Serving,
                StateName::Absent => Public::Absent,
                StateName::Served => Public::Served,
                StateName::Missed => Public::Missed,
                StateName::Left | StateName::Refused | StateName::NotCalled => Public::Left,
                StateName::StruckOff => Public::Missed,
            };
            let shown = self.tickets.get(&ticket.line.ticket.to_string()).map(|(state, _)| *state);
            // A ticket cancelled before the day opened was never shown.
            let never = shown.is_none() && ticket.state.is_over();
            assert!(never || shown == Some(state), "{}: {shown:?}, yet it is {state:?}", ticket.line.number);
        }
        for counter in hall.counters() {
            let state = match counter.state {
                CounterState::Closed => counter_changed::State::Closed,
                CounterState::Free => counter_changed::State::Free,
                CounterState::Called => counter_changed::State::Called,
                CounterState::Serving => counter_changed::State::Serving,
                CounterState::Paused => counter_changed::State::Paused,
            };
            let ticket = counter.current.map_or_else(String::new, |ticket| ticket.ticket.to_string());
            assert_eq!(
                self.counters.get(&counter.counter),
                Some(&(state, ticket)),
                "counter {}",
                counter.counter
            );
        }
    }
}

/// One call of a ticket, not counting recalls.
struct Call {
    counter: String,
    attempt: u32,
    /// How many visits of others had ended at that counter before.
    ended: u64,
    handed: bool,
    no_show: Option<Moment>,
}

/// Checks that nobody is called again without a reason.
#[derive(Default)]
pub struct Calls {
    calls: BTreeMap<Id, Vec<Call>>,
    ended: BTreeMap<String, u64>,
    waited: BTreeMap<String, u64>,
    pub again: u64,
}

impl Calls {
    pub fn before(&mut self, hall: &HallDay) {
        self.waited = hall.counters().into_iter().map(|c| (c.counter, c.waiting_total)).collect();
    }

    pub fn after(
        &mut self,
        hall: &HallDay,
        command: Option<&HallCommand>,
        events: &[HallEvent],
        now: Moment,
    ) {
        if events.iter().any(|event| matches!(event, HallEvent::StruckOff { .. })) {
            // Tickets struck off by the same timer no longer count as waiting when absent ones are considered.
            self.before(hall);
        }
        for event in events {
            match event {
                HallEvent::Called { recall: false, line, counter, attempt, .. } => {
                    self.called(hall, command, line.ticket, counter, *attempt, now);
                }
                HallEvent::WentAbsent { line, at, .. } => self.last(line.ticket).no_show = Some(*at),
                HallEvent::HandedOver { ticket, .. } => self.last(*ticket).handed = true,
                HallEvent::Finished { counter, line, .. } => {
                    *self.ended.entry(counter.clone()).or_default() += 1;
                    self.calls.remove(&line.ticket);
                }
                HallEvent::Transferred { line, .. } | HallEvent::Parked { line, .. } => {
                    self.calls.remove(&line.ticket);
                }
                HallEvent::Undone { line, back: Back::Waiting, .. } => {
                    self.calls.remove(&line.ticket);
                }
                HallEvent::Undone { line, back: Back::Absent { .. }, counter, at, .. } => {
                    let calls = self.calls.entry(line.ticket).or_default();
                    calls.pop();
                    if let Some(call) = calls.last_mut() {
                        // If the call taken back was another counter's, the ticket stays with that counter.
                        call.handed |= call.counter != *counter;
                        call.no_show = Some(*at);
                    }
                }
                HallEvent::Undone { line, attempt, counter, back: Back::Called | Back::Serving, .. }
                    if !self.calls.contains_key(&line.ticket) =>
                {
                    let ended = self.ended.get(counter).copied().unwrap_or(0);
                    let counter = counter.clone();
                    let call = Call { counter, attempt: *attempt, ended, handed: false, no_show: None };
                    self.calls.insert(line.ticket, vec![call]);
                }
                _ => {}
            }
        }
    }

    fn last(&mut self, ticket: Id) -> &mut Call {
        self.calls.get_mut(&ticket).and_then(|calls| calls.last_mut()).expect("it was called before")
    }

    fn called(
        &mut self,
        hall: &HallDay,
        command: Option<&HallCommand>,
        ticket: Id,
        counter: &str,
        attempt: u32,
        now: Moment,
    ) {
        let plan = hall.plan().unwrap();
        assert!(attempt <= plan.rules.max_calls(), "called too often");
        let ended = self.ended.get(counter).copied().unwrap_or(0);
        let calls = self.calls.entry(ticket).or_default();
        if let Some(before) = calls.last() {
            self.again += 1;
            assert_eq!(attempt, before.attempt + 1, "attempts are counted one by one");
            let by_hand = matches!(command, Some(HallCommand::Desk { act: DeskAct::Call { .. }, .. }));
            let elsewhere = before.handed || before.counter != counter;
            let visit = ended > before.ended;
            let nobody = self.waited[counter] == 0 && hall.counter(counter).unwrap().waiting_total == 0;
            let since = before.no_show.expect("called again only after a no-show");
            let paused = command.is_none() && nobody && now >= since + plan.rules.absent_pause;
            assert!(
                by_hand || elsewhere || visit || paused,
                "{ticket} was called again at {counter} too soon"
            );
        } else {
            assert_eq!(attempt, 1, "the first call is the first attempt");
        }
        let counter = counter.to_owned();
        calls.push(Call { counter, attempt, ended, handed: false, no_show: None });
    }
}
