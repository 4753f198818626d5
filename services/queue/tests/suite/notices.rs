//! "Tell me earlier": one message per wish, never after the call, always once the wait has come down to the wish.

use crate::common;
use crate::common::{Driver, at, plan, reservation, ticket_id};
use okienko_hall::*;
use okienko_kernel::{Id, IdKind, Span};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn subject(n: u64) -> Id {
    common::id(IdKind::Subject, n)
}

fn wishes(driver: &mut Driver, ticket: Id, n: u64, ahead_min: u32) -> Result<HallReply, HallRefusal> {
    driver.run(HallCommand::Notify { ticket, subject: subject(n), ahead_min })
}

fn issue(driver: &mut Driver, n: u64) -> Id {
    driver.run(HallCommand::IssueWalkIn { ticket: ticket_id(n), service: "a".into() }).unwrap();
    ticket_id(n)
}

/// The notices decided on: (ticket, people ahead, minutes, counter).
fn told(driver: &Driver) -> Vec<(Id, u64, u32, Option<String>)> {
    let due = driver.events.iter().filter_map(|event| match event {
        HallEvent::NoticeDue { ticket, ahead, minutes, counter, .. } => {
            Some((*ticket, *ahead, *minutes, counter.clone()))
        }
        _ => None,
    });
    due.collect()
}

/// Carries out everything due now.
fn settle(driver: &mut Driver) {
    let now = driver.now;
    driver.until(now);
}

fn visit(driver: &mut Driver, minutes: i64) {
    driver.desk("1", DeskAct::CallNext { services: None }).unwrap();
    settle(driver);
    driver.desk("1", DeskAct::Start).unwrap();
    let end = driver.now + Span::from_mins(minutes);
    driver.until(end);
    driver.now = end;
    driver.desk("1", DeskAct::Finish { outcome: None }).unwrap();
    settle(driver);
}

/// One open counter, ten-minute visits, nine people in the line.
fn busy() -> (Driver, Vec<Id>) {
    let mut driver = Driver::open(plan(&[("1", &[])]));
    driver.desk("1", DeskAct::Open).unwrap();
    let tickets = (1..=9).map(|n| issue(&mut driver, n)).collect();
    (driver, tickets)
}

#[test]
fn the_message_goes_when_the_wait_has_come_down_and_only_once() {
    let (mut driver, tickets) = busy();
    wishes(&mut driver, tickets[5], 1, 30).unwrap();
    settle(&mut driver);
    assert_eq!(told(&driver), [], "five ahead of it at a free counter: 50 minutes");
    visit(&mut driver, 10);
    assert_eq!(told(&driver), []);
    visit(&mut driver, 10);
    assert_eq!(told(&driver), [(tickets[5], 3, 30, None)]);
    for _ in 0..4 {
        visit(&mut driver, 10);
    }
    assert_eq!(told(&driver).len(), 1);
}

#[test]
fn a_wish_that_is_due_already_is_told_at_once_and_one_without_an_open_counter_is_not() {
    let (mut driver, tickets) = busy();
    wishes(&mut driver, tickets[1], 1, 15).unwrap();
    settle(&mut driver);
    assert_eq!(told(&driver), [(tickets[1], 1, 10, None)]);

    let mut closed = Driver::open(plan(&[("1", &[])]));
    let ticket = issue(&mut closed, 1);
    wishes(&mut closed, ticket, 1, 60).unwrap();
    settle(&mut closed);
    assert_eq!(told(&closed), [], "nobody calls, nobody can say when");
    closed.desk("1", DeskAct::Open).unwrap();
    settle(&mut closed);
    assert_eq!(told(&closed), [(ticket, 0, 0, None)]);
}

#[test]
fn who_is_called_out_of_turn_is_told_to_which_counter() {
    let (mut driver, tickets) = busy();
    wishes(&mut driver, tickets[8], 1, 5).unwrap();
    driver.desk("1", DeskAct::Call { ticket: tickets[8] }).unwrap();
    settle(&mut driver);
    assert_eq!(told(&driver), [(tickets[8], 0, 0, Some("1".into()))]);
}

#[test]
fn real_visits_move_the_estimate() {
    let (mut driver, tickets) = busy();
    wishes(&mut driver, tickets[8], 1, 20).unwrap();
    for _ in 0..4 {
        visit(&mut driver, 1);
    }
    assert_eq!(told(&driver), [(tickets[8], 4, 20, None)], "four ahead at five minutes, not at ten");
}

#[test]
fn who_has_an_hour_is_told_by_the_clock() {
    let mut driver = Driver::roster(common::DAY);
    driver.run(HallCommand::Expect(reservation(1, "R001", "a", "10:00"))).unwrap();
    wishes(&mut driver, ticket_id(1), 1, 20).unwrap();
    settle(&mut driver);
    driver.now = at("07:30");
    let open = HallCommand::Open { plan: Box::new(plan(&[("1", &[])])), seq_base: 0 };
    driver.run(open).unwrap();
    driver.desk("1", DeskAct::Open).unwrap();
    driver.until(at("09:39"));
    assert_eq!(told(&driver), []);
    driver.until(at("09:40"));
    assert_eq!(told(&driver), [(ticket_id(1), 0, 20, None)]);
}

#[test]
fn a_new_wish_takes_the_place_of_the_old_three_times_and_a_repeat_is_the_same_wish() {
    let (mut driver, tickets) = busy();
    for (n, ahead) in [(1, 10), (2, 20), (2, 20), (3, 5), (3, 5)] {
        wishes(&mut driver, tickets[8], n, ahead).unwrap();
    }
    assert_eq!(wishes(&mut driver, tickets[8], 4, 30), Err(HallRefusal::LimitReached));
    assert_eq!(driver.hall.wish_of(tickets[8]).unwrap().ahead_min, 5);
    for _ in 0..9 {
        visit(&mut driver, 10);
    }
    assert_eq!(told(&driver).len(), 1);
}

#[test]
fn who_is_called_served_or_gone_is_refused_and_who_left_is_not_written_to() {
    let (mut driver, tickets) = busy();
    driver.desk("1", DeskAct::CallNext { services: None }).unwrap();
    assert_eq!(wishes(&mut driver, tickets[0], 1, 10), Err(HallRefusal::NotWaiting));
    driver.desk("1", DeskAct::Finish { outcome: None }).unwrap();
    assert_eq!(wishes(&mut driver, tickets[0], 1, 10), Err(HallRefusal::NotWaiting));
    assert_eq!(wishes(&mut driver, ticket_id(77), 1, 10), Err(HallRefusal::Unknown));
    wishes(&mut driver, tickets[3], 2, 10).unwrap();
    driver.run(HallCommand::Leave { ticket: tickets[3] }).unwrap();
    assert_eq!(wishes(&mut driver, tickets[3], 3, 10), Err(HallRefusal::NotWaiting));
    for _ in 0..6 {
        visit(&mut driver, 10);
    }
    assert_eq!(told(&driver), []);
    assert_eq!(HallRefusal::NotWaiting.code(), "too_late");
}

#[derive(Clone, Debug)]
enum Op {
    Issue,
    Wish(u8, u64, u32),
    Leave(u8),
    Desk(u8, DeskAct),
    Minutes(i64),
}

fn ops() -> impl Strategy<Value = Op> {
    let desk = |act: DeskAct| (0u8..3).prop_map(move |counter| Op::Desk(counter + 1, act.clone()));
    prop_oneof![
        4 => Just(Op::Issue),
        4 => (0u8..20, 0u64..40, 1u32..=60).prop_map(|(ticket, wish, ahead)| Op::Wish(ticket, wish, ahead)),
        1 => (0u8..20).prop_map(Op::Leave),
        2 => desk(DeskAct::Open),
        1 => desk(DeskAct::Close),
        6 => desk(DeskAct::CallNext { services: None }),
        2 => desk(DeskAct::NoShow),
        4 => desk(DeskAct::Finish { outcome: None }),
        1 => desk(DeskAct::Undo),
        1 => desk(DeskAct::Park),
        4 => (0i64..12).prop_map(Op::Minutes),
    ]
}

/// What an observer knows of wishes from events alone.
#[derive(Default)]
struct Judge {
    wished: BTreeMap<Id, Id>,
    told: Vec<Id>,
    called: BTreeMap<Id, u32>,
    looked: usize,
}

impl Judge {
    fn look(&mut self, driver: &Driver) {
        for event in &driver.events[self.looked..] {
            match event {
                HallEvent::NoticeAsked { ticket, subject, .. } => {
                    self.wished.insert(*ticket, *subject);
                }
                HallEvent::Called { line, .. } => {
                    *self.called.entry(line.ticket).or_default() += 1;
                }
                HallEvent::NoticeDue { ticket, subject, counter, .. } => {
                    assert!(!self.told.contains(subject), "told twice");
                    assert_eq!(self.wished.get(ticket), Some(subject), "an old wish");
                    let state = &driver.hall.ticket(*ticket).unwrap().state;
                    let is_called = matches!(state, TicketState::Called { .. });
                    assert_eq!(is_called, counter.is_some(), "before the call, or at it: {state:?}");
                    assert!(matches!(
                        state.name(),
                        StateName::Waiting | StateName::Expected | StateName::Called
                    ));
                    self.told.push(*subject);
                }
                _ => {}
            }
        }
        self.looked = driver.events.len();
    }

    /// Checks that everybody waiting and not yet notified still has a longer wait than they wished, or no counter is
    /// open.
    fn nobody_is_forgotten(&self, driver: &Driver) {
        let open = driver.hall.counters().into_iter().filter(|c| c.state != CounterState::Closed);
        let (all, free) = open.fold((0u64, 0u64), |(all, free), counter| {
            (all + 1, free + u64::from(counter.state == CounterState::Free))
        });
        for ticket in driver.hall.tickets().filter(|t| t.state == TicketState::Waiting) {
            let id = ticket.line.ticket;
            let Some(wish) = driver.hall.wish_of(id).filter(|wish| !wish.told) else { continue };
            if all > 0 {
                let turns = (driver.hall.ahead_of(id) + 1).saturating_sub(free);
                // The shortest visits here take less than a minute, the planned ones ten.
                assert!(
                    turns > 0,
                    "{} is next at a free counter and was not told: {wish:?}",
                    ticket.line.number
                );
            }
            assert!(!self.told.contains(&wish.subject));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn once_never_late_and_never_forgotten(ops in proptest::collection::vec(ops(), 1..160)) {
        let mut driver = Driver::open(plan(&[("1", &[]), ("2", &[]), ("3", &[])]));
        let (mut judge, mut issued) = (Judge::default(), 0u64);
        for op in ops {
            // Refusals are expected here.
            match op {
                Op::Issue => {
                    issue(&mut driver, issued);
                    issued += 1;
                }
                Op::Wish(ticket, n, ahead) => {
                    // Like the shell: the same wish keeps its id, a changed one gets an id never used before.
                    let id = ticket_id(ticket.into());
                    let known = driver.hall.wish_of(id).map(|wish| (wish.subject, u64::from(wish.count)));
                    let nth = |count: u64| subject(10_000 * u64::from(ticket) + 100 * n + count);
                    let count = known.map_or(0, |(_, count)| count);
                    let same = known.is_some_and(|(old, count)| old == nth(count));
                    let subject = nth(if same { count } else { count + 1 });
                    let _ = driver.run(HallCommand::Notify { ticket: id, subject, ahead_min: ahead });
                }
                Op::Leave(ticket) => {
                    let _ = driver.run(HallCommand::Leave { ticket: ticket_id(ticket.into()) });
                }
                Op::Desk(counter, act) => {
                    let _ = driver.desk(&counter.to_string(), act);
                }
                Op::Minutes(minutes) => {
                    let to = driver.now + Span::from_mins(minutes);
                    driver.until(to);
                    driver.now = to;
                }
            }
            judge.look(&driver);
            settle(&mut driver);
            judge.look(&driver);
            judge.nobody_is_forgotten(&driver);
        }
    }
}
