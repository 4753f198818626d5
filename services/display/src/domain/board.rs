//! The board of one hall: the last calls, who waits, what the counters do; and each ticket's place in the queue.
//! Applies changes strictly by number: drops what was seen before, and reports a gap or the start of a new life, whose
//! numbers are unrelated to those before it. Knows no other hall.

use super::change::{Call, Change, CounterState, TicketState, TicketView};
use super::number::Number;
use okienko_estimate::Pace;
use okienko_kernel::Moment;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How many calls are listed.
const CALLS: usize = 16;

/// The result of applying a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Applied {
    /// It was the next one.
    New,
    /// It was already seen.
    Seen,
    /// Something before it is missing; ask for everything after the board's number.
    Gap,
    /// It belongs to a life that began after everything here: ask for the whole day.
    NewLife,
}

/// The state of a call on the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    /// Not yet at the counter.
    Called,
    /// At the counter.
    Serving,
    /// Over.
    Done,
    /// Did not come.
    Absent,
}

impl LineState {
    /// The name used in answers.
    pub const fn name(self) -> &'static str {
        match self {
            LineState::Called => "called",
            LineState::Serving => "serving",
            LineState::Done => "done",
            LineState::Absent => "absent",
        }
    }
}

/// One call on the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The ticket's id; not for screens.
    pub id: String,
    /// The ticket's number.
    pub number: String,
    /// The counter it was called to.
    pub counter: String,
    /// Number of the call.
    pub attempt: u32,
    /// Its state.
    pub state: LineState,
    /// When, domain time.
    pub at: Moment,
}

/// The board of one hall.
#[derive(Default)]
pub struct Board {
    number: Number,
    at: Moment,
    calls: VecDeque<Line>,
    tickets: BTreeMap<String, TicketView>,
    waiting: BTreeSet<(i64, String, String)>,
    expected: BTreeSet<(i64, String)>,
    pace: Pace<String>,
    counters: BTreeMap<(usize, String), CounterState>,
}

/// Sort key of counters, in order of their numbers: 2 before 10.
fn counter_key(number: &str) -> (usize, String) {
    (number.len(), number.to_owned())
}

impl Board {
    /// An empty board in a new life.
    pub fn begun(life: u64) -> Board {
        Board { number: Number { life, seq: 0 }, ..Board::default() }
    }
    /// Number of the last change.
    pub fn number(&self) -> Number {
        self.number
    }
    /// Number of the last change within its life.
    pub fn seq(&self) -> u64 {
        self.number.seq
    }
    /// Domain time of the last change.
    pub fn at(&self) -> Moment {
        self.at
    }
    /// The last calls, newest first.
    pub fn calls(&self) -> impl Iterator<Item = &Line> {
        self.calls.iter()
    }
    /// Waiting tickets, in calling order.
    pub fn waiting(&self) -> impl Iterator<Item = &TicketView> {
        self.waiting.iter().filter_map(|(_, _, id)| self.tickets.get(id))
    }
    /// Booked tickets whose visitors are not here yet, by their hour.
    pub fn expected(&self) -> impl Iterator<Item = &TicketView> {
        self.expected.iter().filter_map(|(_, id)| self.tickets.get(id))
    }
    /// Statistics on how long the day's visits take.
    pub fn pace(&self) -> &Pace<String> {
        &self.pace
    }
    /// How many wait.
    pub fn waiting_total(&self) -> usize {
        self.waiting.len()
    }
    /// Counters in the order of their numbers.
    pub fn counters(&self) -> impl Iterator<Item = (&str, CounterState)> {
        self.counters.iter().map(|((_, number), state)| (number.as_str(), *state))
    }
    /// The ticket called to or served at each counter, by the counter's number.
    pub fn at_counters(&self) -> BTreeMap<&str, &TicketView> {
        let there = |t: &&TicketView| matches!(t.state, TicketState::Called | TicketState::Serving);
        self.tickets.values().filter(there).map(|t| (t.counter.as_str(), t)).collect()
    }
    /// A ticket of today.
    pub fn ticket(&self, id: &str) -> Option<&TicketView> {
        self.tickets.get(id)
    }
    /// Applies the change with that number. The first one after startup may have any number, and so may a new day after
    /// a gap: nothing that is missing would still be on the board. A late change from an earlier life is dropped; one
    /// without a life counts as the current life's.
    pub fn apply(&mut self, number: Number, at: Moment, change: &Change) -> Applied {
        let here = self.number;
        let number = if number.life == 0 { Number { life: here.life, ..number } } else { number };
        if here != Number::default() && number.life != here.life {
            return if number.life < here.life { Applied::Seen } else { Applied::NewLife };
        }
        if number.seq <= here.seq {
            return Applied::Seen;
        }
        if here.seq != 0 && number.seq != here.seq + 1 && !matches!(change, Change::DayOpened(_)) {
            return Applied::Gap;
        }
        self.number = number;
        self.at = at;
        match change {
            Change::DayOpened(counters) => {
                self.calls.clear();
                self.tickets.clear();
                self.waiting.clear();
                self.expected.clear();
                self.pace = Pace::default();
                self.counters = counters.iter().map(|c| (counter_key(c), CounterState::Closed)).collect();
            }
            Change::Ticket(ticket) => self.take_ticket(ticket, at),
            Change::Counter { counter, state } => {
                self.counters.insert(counter_key(counter), *state);
            }
            Change::Call(call) => self.take_call(call, at),
            Change::Unknown => {}
        }
        Applied::New
    }

    fn take_ticket(&mut self, ticket: &TicketView, at: Moment) {
        let before = self.tickets.insert(ticket.ticket.clone(), ticket.clone());
        if let Some(old) = &before {
            self.waiting.remove(&(old.order, old.number.clone(), old.ticket.clone()));
            self.expected.remove(&(old.order, old.ticket.clone()));
            // An absent ticket has left its counter before; somebody else may be there now.
            let was_there = matches!(old.state, TicketState::Called | TicketState::Serving);
            let is_there = matches!(ticket.state, TicketState::Called | TicketState::Serving);
            if was_there && !(is_there && old.counter == ticket.counter) {
                self.free(&old.counter);
            }
        }
        match ticket.state {
            TicketState::Waiting => {
                self.waiting.insert((ticket.order, ticket.number.clone(), ticket.ticket.clone()));
            }
            TicketState::Expected => {
                self.expected.insert((ticket.order, ticket.ticket.clone()));
            }
            TicketState::Serving => self.set_counter(&ticket.counter, CounterState::Serving),
            TicketState::Called => self.set_counter(&ticket.counter, CounterState::Called),
            _ => {}
        }
        match ticket.state {
            TicketState::Served => self.pace.ended(&ticket.ticket, &ticket.service, at),
            TicketState::Called | TicketState::Serving => {}
            _ => self.pace.dropped(&ticket.ticket),
        }
        let state = match ticket.state {
            TicketState::Called => LineState::Called,
            TicketState::Serving => LineState::Serving,
            TicketState::Absent | TicketState::Missed => LineState::Absent,
            // A ticket that waits again was called by mistake, or has already been to this counter.
            TicketState::Served
            | TicketState::Left
            | TicketState::NotCalled
            | TicketState::Cancelled
            | TicketState::Waiting => LineState::Done,
            TicketState::Expected | TicketState::Over => return,
        };
        if let Some(line) = self.calls.iter_mut().find(|line| line.id == ticket.ticket) {
            line.state = state;
        }
    }

    fn take_call(&mut self, call: &Call, at: Moment) {
        if !call.recall {
            self.pace.called(call.ticket.clone(), at);
        }
        self.calls.retain(|line| line.id != call.ticket || line.attempt != call.attempt);
        for line in self.calls.iter_mut().filter(|line| line.id == call.ticket) {
            line.state = LineState::Absent;
        }
        self.calls.push_front(Line {
            id: call.ticket.clone(),
            number: call.number.clone(),
            counter: call.counter.clone(),
            attempt: call.attempt,
            state: LineState::Called,
            at,
        });
        self.calls.truncate(CALLS);
        if let Some(ticket) = self.tickets.get_mut(&call.ticket) {
            self.waiting.remove(&(ticket.order, ticket.number.clone(), ticket.ticket.clone()));
            self.expected.remove(&(ticket.order, ticket.ticket.clone()));
            if ticket.state != TicketState::Serving {
                ticket.state = TicketState::Called;
            }
            ticket.counter.clone_from(&call.counter);
            ticket.attempt = call.attempt;
        }
        self.set_counter(&call.counter, CounterState::Called);
    }

    fn set_counter(&mut self, counter: &str, state: CounterState) {
        if !counter.is_empty() {
            self.counters.insert(counter_key(counter), state);
        }
    }

    fn free(&mut self, counter: &str) {
        if let Some(state) = self.counters.get_mut(&counter_key(counter))
            && matches!(state, CounterState::Called | CounterState::Serving)
        {
            *state = CounterState::Free;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(id: &str, state: TicketState, order: i64, counter: &str) -> Change {
        Change::Ticket(TicketView {
            ticket: id.into(),
            number: id.to_uppercase(),
            service: "s".into(),
            state,
            order,
            booked: String::new(),
            counter: counter.into(),
            attempt: 0,
        })
    }
    fn call(id: &str, counter: &str, attempt: u32) -> Change {
        Change::Call(Call {
            ticket: id.into(),
            number: id.to_uppercase(),
            counter: counter.into(),
            attempt,
            recall: false,
            service: "s".into(),
        })
    }
    fn number(life: u64, seq: u64) -> Number {
        Number { life, seq }
    }
    fn board(changes: &[Change]) -> Board {
        let mut board = Board::default();
        for (n, change) in changes.iter().enumerate() {
            let applied = board.apply(number(1, n as u64 + 10), Moment::from_micros(n as i64), change);
            assert_eq!(applied, Applied::New);
        }
        board
    }

    #[test]
    fn who_waits_is_listed_in_order() {
        use TicketState::Waiting;
        let b =
            board(&[ticket("c", Waiting, 3, ""), ticket("a", Waiting, 1, ""), ticket("b", Waiting, 2, "")]);
        assert_eq!(b.waiting().map(|t| t.number.as_str()).collect::<Vec<_>>(), ["A", "B", "C"]);
    }

    #[test]
    fn a_visit_from_call_to_end_moves_line_counter_and_queue() {
        let mut b = board(&[
            Change::DayOpened(vec!["10".into(), "2".into()]),
            ticket("a", TicketState::Waiting, 1, ""),
            call("a", "2", 1),
        ]);
        assert_eq!(
            b.counters().collect::<Vec<_>>(),
            [("2", CounterState::Called), ("10", CounterState::Closed)]
        );
        assert_eq!(b.waiting_total(), 0);
        b.apply(number(1, 13), Moment::from_micros(9), &ticket("a", TicketState::Serving, 1, "2"));
        assert_eq!(b.calls().next().unwrap().state, LineState::Serving);
        b.apply(number(1, 14), Moment::from_micros(9), &ticket("a", TicketState::Served, 1, "2"));
        assert_eq!(b.calls().next().unwrap().state, LineState::Done);
        assert_eq!(b.counters().next().unwrap().1, CounterState::Free);
    }

    #[test]
    fn an_absent_visitor_who_leaves_does_not_free_the_counter_where_another_one_is() {
        let b = board(&[
            Change::DayOpened(vec!["3".into()]),
            ticket("a", TicketState::Waiting, 1, ""),
            ticket("b", TicketState::Waiting, 2, ""),
            call("a", "3", 1),
            ticket("a", TicketState::Absent, 1, "3"),
            call("b", "3", 1),
            ticket("a", TicketState::Left, 1, ""),
        ]);
        assert_eq!(b.counters().collect::<Vec<_>>(), [("3", CounterState::Called)]);
        assert_eq!(b.at_counters()["3"].number, "B");
    }

    #[test]
    fn a_call_that_is_taken_back_is_over_and_the_visitor_waits_again() {
        let b = board(&[
            Change::DayOpened(vec!["3".into()]),
            ticket("a", TicketState::Waiting, 1, ""),
            call("a", "3", 1),
            ticket("a", TicketState::Waiting, 1, ""),
        ]);
        assert_eq!(b.calls().next().unwrap().state, LineState::Done);
        assert_eq!((b.waiting_total(), b.counters().next().unwrap().1), (1, CounterState::Free));
    }

    #[test]
    fn a_change_that_this_version_does_not_know_makes_no_gap() {
        let b = board(&[ticket("a", TicketState::Waiting, 1, ""), Change::Unknown, call("a", "1", 1)]);
        assert_eq!((b.seq(), b.calls().count()), (12, 1));
    }

    #[test]
    fn a_second_call_is_a_line_of_its_own_and_a_recall_is_not() {
        let b = board(&[
            ticket("a", TicketState::Waiting, 1, ""),
            call("a", "2", 1),
            call("a", "2", 1),
            ticket("a", TicketState::Absent, 1, ""),
            call("a", "2", 2),
        ]);
        let lines: Vec<_> = b.calls().map(|l| (l.attempt, l.state)).collect();
        assert_eq!(lines, [(2, LineState::Called), (1, LineState::Absent)]);
    }

    #[test]
    fn seen_changes_are_dropped_and_gaps_are_told_but_a_new_day_starts_clean() {
        let mut b = board(&[ticket("a", TicketState::Waiting, 1, "")]);
        let now = Moment::from_micros(1);
        assert_eq!(b.apply(number(1, 10), now, &call("a", "1", 1)), Applied::Seen);
        assert_eq!(b.apply(number(1, 12), now, &call("a", "1", 1)), Applied::Gap);
        assert_eq!(b.seq(), 10);
        assert_eq!(b.apply(number(1, 50), now, &Change::DayOpened(vec![])), Applied::New);
        assert_eq!((b.waiting_total(), b.calls().count()), (0, 0));
    }

    /// What a board at one number does with an arriving one.
    #[test]
    fn of_two_lives_the_later_one_counts_whatever_the_numbers_and_without_a_life_it_is_the_present_one() {
        use Applied::{Gap, New, NewLife, Seen};
        let waits = ticket("a", TicketState::Waiting, 1, "");
        for (here, arrives, applied, then) in [
            ((0, 0), (0, 7), New, (0, 7)),
            ((0, 0), (2, 4), New, (2, 4)),
            ((1, 36), (1, 37), New, (1, 37)),
            ((1, 36), (1, 36), Seen, (1, 36)),
            ((1, 36), (1, 39), Gap, (1, 36)),
            // Restored: with fewer, as many and more numbers than seen before.
            ((1, 36), (2, 4), NewLife, (1, 36)),
            ((1, 36), (2, 36), NewLife, (1, 36)),
            ((1, 36), (2, 37), NewLife, (1, 36)),
            ((1, 36), (2, 90), NewLife, (1, 36)),
            ((1, 36), (9, 1), NewLife, (1, 36)),
            // Late changes from before the restore.
            ((2, 4), (1, 5), Seen, (2, 4)),
            ((2, 4), (1, 37), Seen, (2, 4)),
            ((2, 0), (1, 37), Seen, (2, 0)),
            // A new life accepts any first number.
            ((2, 0), (2, 5), New, (2, 5)),
            // A roll-out: a replica without lives, before and after one that has them.
            ((2, 4), (0, 5), New, (2, 5)),
            ((2, 4), (0, 4), Seen, (2, 4)),
            ((2, 4), (0, 9), Gap, (2, 4)),
            ((0, 36), (0, 37), New, (0, 37)),
            ((0, 36), (2, 37), NewLife, (0, 36)),
        ] {
            let mut board = Board { number: number(here.0, here.1), ..Board::default() };
            let became = board.apply(number(arrives.0, arrives.1), Moment::from_micros(1), &waits);
            assert_eq!(
                (became, board.number()),
                (applied, number(then.0, then.1)),
                "{here:?} and {arrives:?}"
            );
        }
        // A new day opened in another life does not make its number acceptable on its own.
        let mut board = Board { number: number(1, 36), ..Board::default() };
        let opened = Change::DayOpened(vec![]);
        assert_eq!(board.apply(number(2, 50), Moment::from_micros(1), &opened), NewLife);
        assert_eq!(board.apply(number(1, 50), Moment::from_micros(1), &opened), New);
    }
}
