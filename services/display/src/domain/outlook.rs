//! The waits of everybody in a hall, computed once per change for all of them: the phones of a full hall only look them
//! up. Knows no office file; what it needs of the office is in [`Matters`].

use super::board::Board;
use super::change::{CounterState, TicketView};
use okienko_estimate::{Coming, Counter, Hall, LINE_MOST, Person, Range, Visit, seed_of};
use okienko_kernel::{Moment, Span};
use std::collections::{BTreeMap, BTreeSet};

/// The share of booked visitors not here yet who will come: before their hour, and after it has passed.
const COMES: (f64, f64) = (0.8, 0.3);
/// Booked visitors due later than this are assumed not to go before somebody who waits now.
const AHEAD: Span = Span::from_hours(4);

/// The office's data on the location: its services and which counters serve them.
#[derive(Clone, Debug, Default)]
pub struct Matters {
    /// Services with their planned minutes (0: not planned), in the office's order.
    pub services: Vec<(String, u32)>,
    /// The services of each counter; an empty set means all.
    pub counters: BTreeMap<String, BTreeSet<String>>,
    /// Booked visitors who wait go before walk-ins.
    pub booked_first: bool,
}

/// What a waiting visitor can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// People who are called first for the same counters.
    pub ahead: usize,
    /// The expected wait; `None` while no counter serves the service.
    pub wait: Option<Range>,
}

/// The waits of a hall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    tickets: BTreeMap<String, Place>,
    joining: BTreeMap<String, Option<Range>>,
}

impl Outlook {
    /// Computes the waits of a board at a moment.
    pub fn of(board: &Board, matters: &Matters, now: Moment) -> Outlook {
        let matters = Indexed::new(matters);
        let mut line: Vec<&TicketView> = board.waiting().collect();
        if matters.of.booked_first {
            line.sort_by_key(|ticket| ticket.booked.is_empty());
        }
        let hall = matters.hall(board, &line, now);
        let forecast = hall.forecast();
        // People ahead for the same counters, counted by service.
        let mut before = vec![0; matters.names.len()];
        let known = line.iter().filter_map(|ticket| Some((*ticket, matters.number(&ticket.service)?)));
        let tickets = known.zip(forecast.line).map(|((ticket, service), wait)| {
            let rivals = matters.rivals[service].iter();
            let place = Place { ahead: rivals.map(|other| before[*other]).sum(), wait };
            before[service] += 1;
            (ticket.ticket.clone(), place)
        });
        let tickets = tickets.collect();
        let joining = matters.names.keys().map(|name| (*name).to_owned());
        let numbers = matters.names.values();
        let waits = numbers.map(|number| forecast.joining.get(*number).copied().flatten());
        Outlook { tickets, joining: joining.zip(waits).collect() }
    }

    /// The place of a waiting ticket.
    pub fn place(&self, ticket: &str) -> Option<Place> {
        self.tickets.get(ticket).copied()
    }

    /// The wait of somebody who takes a ticket for this service now.
    pub fn joining(&self, service: &str) -> Option<Range> {
        self.joining.get(service).copied().flatten()
    }
}

/// The same with services numbered.
struct Indexed<'a> {
    of: &'a Matters,
    names: BTreeMap<&'a str, usize>,
    /// By service: those that share a counter with it, including itself.
    rivals: Vec<BTreeSet<usize>>,
}

impl<'a> Indexed<'a> {
    fn new(of: &'a Matters) -> Indexed<'a> {
        let names: BTreeMap<&str, usize> =
            of.services.iter().enumerate().map(|(number, (id, _))| (id.as_str(), number)).collect();
        let mut rivals: Vec<BTreeSet<usize>> =
            (0..of.services.len()).map(|own| BTreeSet::from([own])).collect();
        for served in of.counters.values() {
            let serves = |id: &str| served.is_empty() || served.contains(id);
            let together: BTreeSet<usize> =
                names.iter().filter(|(id, _)| serves(id)).map(|(_, number)| *number).collect();
            together.iter().for_each(|number| rivals[*number].extend(&together));
        }
        Indexed { of, names, rivals }
    }

    fn number(&self, service: &str) -> Option<usize> {
        self.names.get(service).copied()
    }

    fn hall(&self, board: &Board, line: &[&TicketView], now: Moment) -> Hall {
        let there = board.at_counters();
        let open =
            board.counters().filter(|(_, s)| !matches!(s, CounterState::Closed | CounterState::Paused));
        let counters = open.map(|(number, _)| {
            let served = self.of.counters.get(number);
            let serves = |id: &String| served.is_none_or(|only| only.is_empty() || only.contains(id));
            let visit = there.get(number).and_then(|ticket| {
                let elapsed = board.pace().elapsed(&ticket.ticket, now);
                Some(Visit { service: self.number(&ticket.service)?, elapsed, seed: seed_of(&ticket.ticket) })
            });
            Counter { serves: self.of.services.iter().map(|(id, _)| serves(id)).collect(), visit }
        });
        let person = |ticket: &&TicketView| {
            let service = self.number(&ticket.service)?;
            Some(Person { service, only: None, after: Span::ZERO, seed: seed_of(&ticket.ticket) })
        };
        Hall {
            lengths: self.of.services.iter().map(|(id, minutes)| board.pace().length(id, *minutes)).collect(),
            counters: counters.collect(),
            line: line.iter().filter_map(person).collect(),
            coming: self.coming(board, line, now),
        }
    }

    fn coming(&self, board: &Board, line: &[&TicketView], now: Moment) -> Vec<Coming> {
        let soon = board.expected().take_while(|ticket| ticket.order <= (now + AHEAD).micros());
        let coming = soon.filter(|ticket| !ticket.booked.is_empty()).filter_map(|ticket| {
            let hour = Moment::from_micros(ticket.order);
            let before =
                if self.of.booked_first { 0 } else { line.partition_point(|w| w.order <= ticket.order) };
            let after = hour.since(now).max(Span::ZERO);
            let seed = seed_of(&ticket.ticket);
            let person = Person { service: self.number(&ticket.service)?, only: None, after, seed };
            Some(Coming { person, before, odds: if hour < now { COMES.1 } else { COMES.0 } })
        });
        coming.take(LINE_MOST).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::change::{Call, Change, TicketState};
    use super::*;
    use crate::domain::Number;

    fn at(seq: u64) -> Number {
        Number { life: 1, seq }
    }

    fn minutes(minutes: i64) -> Moment {
        Moment::default() + Span::from_mins(minutes)
    }
    fn ticket(id: usize, service: &str, state: TicketState, order: Moment, booked: &str) -> Change {
        Change::Ticket(TicketView {
            ticket: format!("t{id}"),
            number: format!("{id:04}"),
            service: service.into(),
            state,
            order: order.micros(),
            booked: booked.into(),
            counter: String::new(),
            attempt: 0,
        })
    }
    fn matters(booked_first: bool) -> Matters {
        let only = |services: &[&str]| services.iter().map(|s| (*s).to_owned()).collect();
        Matters {
            services: vec![("a".into(), 10), ("b".into(), 10), ("c".into(), 10)],
            counters: [("1".into(), only(&["a", "b"])), ("2".into(), only(&["c"]))].into(),
            booked_first,
        }
    }
    fn board(changes: impl IntoIterator<Item = Change>) -> Board {
        let mut board = Board::default();
        let counters = ["1", "2"].map(|n| Change::Counter { counter: n.into(), state: CounterState::Free });
        let opened = [Change::DayOpened(vec!["1".into(), "2".into()])];
        for (seq, change) in (1..).zip(opened.into_iter().chain(counters).chain(changes)) {
            board.apply(at(seq), minutes(100), &change);
        }
        board
    }

    #[test]
    fn ahead_are_those_before_who_share_a_counter_and_booked_ones_where_they_go_first() {
        use TicketState::Waiting;
        let at = |n: usize| minutes(n as i64);
        let board = board([
            ticket(1, "a", Waiting, at(1), ""),
            ticket(2, "c", Waiting, at(2), ""),
            ticket(3, "b", Waiting, at(3), ""),
            ticket(4, "a", Waiting, at(4), "08:00"),
            ticket(5, "x", Waiting, at(5), ""),
        ]);
        let ahead = |booked_first, id: &str| {
            Outlook::of(&board, &matters(booked_first), minutes(100)).place(id).map(|place| place.ahead)
        };
        let all = |first| ["t1", "t2", "t3", "t4", "t5"].map(|id| ahead(first, id));
        assert_eq!(all(false), [Some(0), Some(0), Some(1), Some(2), None]);
        assert_eq!(all(true), [Some(1), Some(0), Some(2), Some(0), None]);
    }

    #[test]
    fn those_with_an_hour_count_before_they_are_here_where_they_go_first() {
        let coming = (10..16).map(|n| ticket(n, "a", TicketState::Expected, minutes(105), "08:00"));
        let waiting = (1..4).map(|n| ticket(n, "a", TicketState::Waiting, minutes(90), ""));
        let board = board(coming.chain(waiting));
        let low =
            |first| Outlook::of(&board, &matters(first), minutes(100)).place("t3").unwrap().wait.unwrap();
        assert!(low(true).low_min > low(false).low_min + 15, "{:?} {:?}", low(true), low(false));
    }

    #[test]
    fn the_days_own_visits_count_and_a_new_day_forgets_them() {
        let line =
            |from: usize| board((from..9).map(|n| ticket(n, "a", TicketState::Waiting, minutes(90), "")));
        let (mut board, three) = (line(1), line(6));
        let wait = |board: &Board, now| Outlook::of(board, &matters(false), now).joining("a").unwrap();
        let planned = wait(&three, minutes(100));
        for n in 1..6usize {
            let call = Call {
                ticket: format!("t{n}"),
                number: String::new(),
                counter: "1".into(),
                attempt: 1,
                recall: false,
                service: "a".into(),
            };
            let now = minutes(100 + 60 * n as i64);
            board.apply(at(board.seq() + 1), now, &Change::Call(call));
            let end = ticket(n, "a", TicketState::Served, minutes(90), "");
            board.apply(at(board.seq() + 1), now + Span::from_mins(40), &end);
        }
        let real = wait(&board, minutes(440));
        assert!(real.high_min > 2 * planned.high_min, "visits of 40 minutes: {real:?}, planned {planned:?}");
        board.apply(at(board.seq() + 1), minutes(1500), &Change::DayOpened(vec!["1".into()]));
        assert_eq!(board.pace().seen("a").total(), (0, Span::ZERO));
    }

    /// `cargo test --release -p okienko-display -- --ignored --nocapture one_change` prints the cost of a change.
    #[test]
    #[ignore = "a figure, not a proof"]
    #[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "it measures")]
    fn one_change_is_found_once_for_a_full_hall() {
        for people in [20usize, 200, 2_000] {
            let board = board((0..people).map(|n| {
                ticket(n, ["a", "b", "c"][n % 3], TicketState::Waiting, minutes(n as i64 % 90), "")
            }));
            let (matters, rounds) = (matters(false), 20u32);
            let begun = std::time::Instant::now();
            let found: Vec<Outlook> =
                (0..rounds).map(|n| Outlook::of(&board, &matters, minutes(100 + i64::from(n)))).collect();
            let change = begun.elapsed() / rounds;
            let begun = std::time::Instant::now();
            let told = (0..people).filter(|n| found[0].place(&format!("t{n}")).is_some()).count();
            println!(
                "{people} wait: {change:?} for a change, {:?} for the look of {told} phones",
                begun.elapsed()
            );
        }
    }
}
