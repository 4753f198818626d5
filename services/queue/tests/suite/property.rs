//! Any clerks, any order, any clock: invariants 4 and 5 hold after every step, and the screens' events are enough to
//! know every ticket and counter.

use crate::common;
use crate::common::{Driver, plan, reservation, reservation_id, ticket_id};
use crate::model::{Board, Calls, Doors};
use okienko_hall::*;
use okienko_kernel::{Machine, Span, Stored};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    Expect(u64, u8),
    Unexpect(u64),
    CheckIn(u64),
    Admit(u64),
    Refuse(u64),
    Issue(u64, bool),
    Leave(u64),
    Desk(u8, Act),
    Clock(i64),
    Repeat,
}

#[derive(Clone, Debug)]
enum Act {
    Plain(DeskAct),
    Next(bool, bool),
    Call(u64),
    Transfer(Option<bool>, Option<u8>),
}

fn acts() -> impl Strategy<Value = Act> {
    let plain = |act: DeskAct| Just(Act::Plain(act));
    prop_oneof![
        3 => plain(DeskAct::Open),
        1 => plain(DeskAct::Close),
        1 => plain(DeskAct::Pause),
        1 => plain(DeskAct::Recall),
        5 => plain(DeskAct::NoShow),
        1 => plain(DeskAct::Start),
        4 => plain(DeskAct::Finish { outcome: None }),
        1 => plain(DeskAct::Park),
        1 => plain(DeskAct::Undo),
        1 => (0u64..12).prop_map(|n| Act::Plain(DeskAct::Verify { code: format!("{n:06}") })),
        6 => (any::<bool>(), any::<bool>()).prop_map(|(a, b)| Act::Next(a, b)),
        2 => (0u64..12).prop_map(Act::Call),
        1 => (any::<Option<bool>>(), proptest::option::of(0u8..3)).prop_map(|(s, c)| Act::Transfer(s, c)),
    ]
}

fn ops() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (0u64..12, 0u8..24).prop_map(|(n, slot)| Op::Expect(n, slot)),
        1 => (0u64..12).prop_map(Op::Unexpect),
        2 => (0u64..12).prop_map(Op::CheckIn),
        1 => (0u64..12).prop_map(Op::Admit),
        1 => (0u64..12).prop_map(Op::Refuse),
        4 => (100u64..110, any::<bool>()).prop_map(|(n, b)| Op::Issue(n, b)),
        1 => (0u64..12).prop_map(Op::Leave),
        20 => (0u8..3, acts()).prop_map(|(counter, act)| Op::Desk(counter, act)),
        // Minutes; the clock may also go back.
        5 => (-3i64..9).prop_map(Op::Clock),
        1 => Just(Op::Repeat),
    ]
}

fn any_ticket(n: u64) -> okienko_kernel::Id {
    if n < 6 { ticket_id(n) } else { ticket_id(94 + n) }
}

fn command(op: &Op) -> Option<HallCommand> {
    let service = |b: bool| if b { "a" } else { "b" }.to_owned();
    Some(match op {
        Op::Expect(n, slot) => {
            let number = if n % 3 == 0 { String::new() } else { format!("R{n}") };
            let time = format!("{:02}:{:02}", 7 + slot / 6, slot % 6 * 10);
            HallCommand::Expect(reservation(*n, &number, ["a", "b", "c"][*n as usize % 3], &time))
        }
        Op::Unexpect(n) => HallCommand::Unexpect { reservation: reservation_id(*n) },
        Op::CheckIn(n) => HallCommand::CheckIn { code: format!("{n:06}"), service: None },
        Op::Admit(n) => HallCommand::Admit { reservation: reservation_id(*n) },
        Op::Refuse(n) => {
            HallCommand::Refuse { reservation: reservation_id(*n), reason: Reason::WrongDocuments }
        }
        Op::Issue(n, b) => HallCommand::IssueWalkIn { ticket: ticket_id(*n), service: service(*b) },
        Op::Leave(n) => HallCommand::Leave { ticket: any_ticket(*n) },
        Op::Desk(counter, act) => {
            let act = match act {
                Act::Plain(act) => act.clone(),
                Act::Next(true, true) => DeskAct::CallNext { services: None },
                Act::Next(a, _) => DeskAct::CallNext { services: Some([service(*a)].into()) },
                Act::Call(n) => DeskAct::Call { ticket: any_ticket(*n) },
                Act::Transfer(s, c) => {
                    DeskAct::Transfer { service: s.map(service), counter: c.map(|c| (c + 1).to_string()) }
                }
            };
            HallCommand::Desk { counter: (counter + 1).to_string(), act }
        }
        Op::Clock(_) | Op::Repeat => return None,
    })
}

/// The ticket that must be called: the earliest due absent one, else the first of all that the counter serves.
fn must_be_called(hall: &HallDay, number: &str) -> Option<okienko_kernel::Id> {
    let plan = hall.plan()?;
    let counter = plan.counters.iter().find(|c| c.number == number)?;
    let due = hall.tickets().filter_map(|t| match &t.state {
        TicketState::Absent { counter: Some(c), turn, due: true, .. } if c == number => Some((*turn, t)),
        _ => None,
    });
    let waiting = hall.tickets().filter(|t| t.state == TicketState::Waiting).filter(|t| match &t.wanted_at {
        Some(wanted) => wanted == number,
        None => counter.serves(&t.line.service),
    });
    let rank = |t: &&Ticket| {
        let late = plan.rules.merge == Merge::BookedFirst && t.line.booked.is_none();
        (late, t.line.order, t.line.number.len(), t.line.number.clone())
    };
    let first = due.min_by_key(|(turn, _)| *turn).map(|(_, ticket)| ticket);
    first.or_else(|| waiting.min_by_key(rank)).map(|ticket| ticket.line.ticket)
}

struct Run {
    driver: Driver,
    board: Board,
    calls: Calls,
    doors: Doors,
}

impl Run {
    fn start(plan: Plan, roster: &[Op]) -> Run {
        let mut driver = Driver::roster(common::DAY);
        for command in roster.iter().filter_map(command) {
            if matches!(command, HallCommand::Expect(_) | HallCommand::Unexpect { .. }) {
                driver.run(command).unwrap();
            }
        }
        driver.now = common::at("07:30");
        let mut run =
            Run { driver, board: Board::default(), calls: Calls::default(), doors: Doors::default() };
        run.command(&HallCommand::Open { plan: Box::new(plan), seq_base: 500 });
        for counter in ["1", "2"] {
            run.command(&HallCommand::Desk { counter: counter.into(), act: DeskAct::Open });
        }
        run
    }

    fn take(&mut self, command: Option<&HallCommand>, events: &[HallEvent]) {
        self.calls.before(&self.driver.hall);
        for event in events {
            self.board.see(&common_key(), event);
        }
        self.driver.take(events);
        self.calls.after(&self.driver.hall, command, events, self.driver.now);
        self.doors.after(&self.driver.hall, command, events, self.driver.now);
        self.board.agrees_with(&self.driver.hall);
    }

    fn command(&mut self, command: &HallCommand) {
        let hall = &self.driver.hall;
        let now = self.driver.now;
        let events = match hall.decide(command, now) {
            Ok(events) => events,
            Err(refusal) => return self.doors.refused(hall, command, &refusal, now),
        };
        if let HallCommand::Desk { counter, act: DeskAct::CallNext { services: None } } = command {
            let called = events.iter().find_map(|event| match event {
                HallEvent::Called { line, .. } => Some(line.ticket),
                _ => None,
            });
            assert_eq!(called, must_be_called(hall, counter), "the order of calling");
        }
        self.take(Some(command), &events);
    }

    fn clock(&mut self, minutes: i64) {
        let to = self.driver.now + Span::from_mins(minutes);
        self.driver.now = to;
        if let Some(due) = self.driver.hall.wake().filter(|due| *due <= to) {
            let events = self.driver.hall.on_wake(to.max(due));
            self.take(None, &events);
            assert!(self.driver.hall.wake().is_none_or(|next| next > to), "a timer fires once");
        }
    }
}

fn common_key() -> HallKey {
    HallKey::parse("hall/torun/glowny/2026-12-01").unwrap()
}

fn play(plan: Plan, roster: &[Op], ops: &[Op]) {
    let mut run = Run::start(plan, roster);
    let mut last = None;
    for op in ops {
        match op {
            Op::Clock(minutes) => run.clock(*minutes),
            Op::Repeat => {
                if let Some(HallCommand::IssueWalkIn { .. } | HallCommand::CheckIn { .. }) = &last {
                    let again = last.as_ref().map(|command| run.driver.hall.decide(command, run.driver.now));
                    if let Some(Ok(events)) = again {
                        assert_eq!(events, [], "a retry changes nothing");
                    }
                }
            }
            _ => {}
        }
        if let Some(command) = command(op) {
            run.command(&command);
            let worked = run.driver.hall.decide(&command, run.driver.now).is_ok();
            last = worked.then_some(command);
        }
    }
    run.command(&HallCommand::Seal);
    assert!(run.driver.hall.tickets().all(|ticket| ticket.state.is_final()), "nobody is left over");
    read_back(&run.driver);
}

/// Checks that the written events can be read back and give the same state.
fn read_back(driver: &Driver) {
    let mut again = HallDay::new("hall/torun/glowny/2026-12-01");
    for event in &driver.events {
        let read = HallEvent::decode(event.kind(), event.schema(), &event.encode().unwrap()).unwrap();
        again.apply(&read);
    }
    assert_eq!(again, driver.hall);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_hold_under_any_interleaving(
        booked_first: bool,
        placed_at_hour: bool,
        calls in 1u32..4,
        opens in -5i32..90,
        lasts in 0i32..120,
        cancel_at in proptest::option::of(-70i32..30),
        roster in proptest::collection::vec(ops(), 0..30),
        ops in proptest::collection::vec(ops(), 1..250),
    ) {
        let mut plan = plan(&[("1", &[]), ("2", &["a", "c"]), ("3", &["b"])]);
        plan.rules.merge = if booked_first { Merge::BookedFirst } else { Merge::ByTime };
        plan.rules.placed_at_hour = placed_at_hour;
        plan.rules.calls = calls;
        plan.rules.check_in_opens_min = opens;
        plan.rules.check_in_closes_min = opens - lasts;
        plan.rules.cancel_at_min = cancel_at;
        play(plan, &roster, &ops);
    }
}
