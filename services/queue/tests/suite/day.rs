//! The life of a day: roster, opening, hours, windows, walk-ins, sealing, nights with a clock change.

use crate::common;
use crate::common::{Driver, at, on, plan, reservation, reservation_id, ticket_id};
use okienko_hall::*;
use okienko_kernel::{Machine, Moment, Span};

const ONE: &[(&str, &[&str])] = &[("1", &[])];

fn check_in(code: &str) -> HallCommand {
    HallCommand::CheckIn { code: code.into(), service: None }
}
fn ticket(reply: Result<HallReply, HallRefusal>) -> TicketView {
    match reply {
        Ok(HallReply::Ticket { ticket, .. }) => ticket,
        other => panic!("no ticket: {other:?}"),
    }
}

#[test]
fn the_roster_takes_reservations_and_their_ends_in_any_order_and_any_number_of_times() {
    let mut hall = Driver::roster(common::DAY);
    let (one, two) = (reservation(1, "R1", "a", "08:00"), reservation(2, "R2", "a", "08:10"));
    for _ in 0..2 {
        hall.run(HallCommand::Expect(one.clone())).unwrap();
        hall.run(HallCommand::Unexpect { reservation: reservation_id(2) }).unwrap();
        hall.run(HallCommand::Expect(two.clone())).unwrap();
    }
    assert_eq!(hall.events.len(), 2, "repeats change nothing");
    assert_eq!(hall.hall.ticket_of(reservation_id(2)), None, "it had ended before it came");
    hall.run(HallCommand::Unexpect { reservation: reservation_id(1) }).unwrap();
    hall.run(HallCommand::Expect(one)).unwrap();
    assert_eq!(hall.number("R1").state, TicketState::Left);
    assert_eq!((hall.hall.last_seq(), hall.hall.wake()), (0, None));
}

#[test]
fn numbers_of_screen_events_go_on_from_day_to_day() {
    let mut hall = Driver::roster(common::DAY);
    hall.run(HallCommand::Expect(reservation(1, "R1", "a", "08:00"))).unwrap();
    assert_eq!(hall.run(HallCommand::IssueWalkIn { ticket: ticket_id(9), service: "a".into() }), {
        Err(HallRefusal::Closed)
    });
    let open = HallCommand::Open { plan: Box::new(plan(ONE)), seq_base: 41 };
    hall.run(open.clone()).unwrap();
    assert_eq!(hall.hall.last_seq(), 43, "the opening, and the roster's ticket made known");
    hall.run(open.clone()).unwrap();
    assert_eq!(hall.hall.last_seq(), 43, "open already");
    hall.run(HallCommand::Expect(reservation(2, "R2", "a", "09:00"))).unwrap();
    assert_eq!(hall.hall.last_seq(), 44, "screens see one that comes while the day is open");
    hall.run(HallCommand::Unexpect { reservation: reservation_id(3) }).unwrap();
    assert_eq!(hall.hall.last_seq(), 44, "but not the end of one that nobody knew");
    hall.run(HallCommand::Seal).unwrap();
    assert_eq!(hall.hall.last_seq(), 46, "two missed");
    assert_eq!(hall.run(open), Err(HallRefusal::Closed));
}

#[test]
fn a_plan_of_another_hall_or_day_is_refused() {
    let mut other = plan(ONE);
    other.location = "plaza".into();
    let mut hall = Driver::roster(common::DAY);
    let reply = hall.run(HallCommand::Open { plan: Box::new(other), seq_base: 0 });
    assert_eq!(reply, Err(HallRefusal::WrongPlan));
}

#[test]
fn the_booked_hour_places_the_ticket_by_itself() {
    let mut hall = Driver::open(plan(ONE));
    hall.run(HallCommand::Expect(reservation(1, "R1", "a", "08:00"))).unwrap();
    hall.run(HallCommand::Expect(reservation(2, "R2", "a", "08:10"))).unwrap();
    assert_eq!(hall.hall.wake(), Some(at("08:00")));
    hall.until(at("08:00").minus(Span::from_micros(1)));
    assert_eq!(hall.number("R1").state, TicketState::Expected);
    hall.until(at("08:00"));
    assert_eq!(hall.number("R1").state, TicketState::Waiting);
    assert_eq!(hall.number("R1").line.order, at("08:00").micros());
    assert_eq!(hall.hall.wake(), Some(at("08:10")));
    hall.until(at("09:00"));
    // Booked today for an hour already past: placed at the next wake, at its hour's place in line.
    hall.run(HallCommand::Expect(reservation(3, "R3", "a", "08:05"))).unwrap();
    hall.until(at("09:00"));
    assert_eq!(hall.hall.wake(), None);
    hall.play(&[
        ("1 open", "free"),
        ("1 next", "called R1 1"),
        ("1 finish", "free"),
        ("1 next", "called R3 1"),
    ]);
}

#[test]
fn check_in_is_open_from_sixty_minutes_before_to_sixty_after_both_inclusive() {
    let minute = |before: i64| at("10:00") - Span::from_mins(before);
    let cases: [(i64, Result<(), HallRefusal>); 6] = [
        (61, Err(HallRefusal::TooEarly { from: minute(60) })),
        (60, Ok(())),
        (0, Ok(())),
        (-59, Ok(())),
        (-60, Ok(())),
        (-61, Err(HallRefusal::TooLate)),
    ];
    for placed_at_hour in [true, false] {
        for (before, answer) in cases.clone() {
            let mut plan = plan(ONE);
            plan.rules.placed_at_hour = placed_at_hour;
            let mut hall = Driver::open(plan);
            hall.run(HallCommand::Expect(reservation(1, "R1", "a", "10:00"))).unwrap();
            hall.until(minute(before));
            let reply = hall.run(check_in("000001"));
            assert_eq!(
                reply.map(|_| ()),
                answer,
                "{before} minutes before, placed at hour: {placed_at_hour}"
            );
        }
    }
}

#[test]
fn a_window_of_fifteen_minutes_to_the_hour_as_in_kalisz() {
    for (before, code) in [(16, "too_early"), (15, ""), (14, ""), (0, ""), (-1, "too_late")] {
        let mut plan = plan(ONE);
        (plan.rules.check_in_opens_min, plan.rules.check_in_closes_min) = (15, 0);
        plan.rules.placed_at_hour = false;
        let mut hall = Driver::open(plan);
        hall.run(HallCommand::Expect(reservation(1, "", "c", "10:00"))).unwrap();
        hall.until(at("10:00") - Span::from_mins(before));
        let reply = hall.run(check_in("000001"));
        assert_eq!(reply.as_ref().err().map_or("", HallRefusal::code), code, "{before}");
        if let Ok(reply) = reply {
            assert_eq!(
                ticket(Ok(reply)).number,
                "001",
                "given at check-in, without letters where there are none"
            );
            assert_eq!(hall.number("001").line.order, at("10:00").micros());
        }
    }
}

#[test]
fn a_repeated_check_in_gives_the_same_ticket_and_changes_nothing() {
    let mut hall = Driver::open(plan(ONE));
    hall.run(HallCommand::Expect(reservation(1, "R1", "a", "08:00"))).unwrap();
    let wrong = HallCommand::CheckIn { code: "000001".into(), service: Some("b".into()) };
    assert_eq!(hall.run(wrong), Err(HallRefusal::WrongService { right: "a".into() }));
    assert_eq!(hall.run(check_in("999999")), Err(HallRefusal::Unknown));
    let first = ticket(hall.run(check_in("000001")));
    assert_eq!((first.state, first.checked_in), (StateName::Expected, true), "the hour places it");
    let events = hall.events.len();
    hall.until(at("07:45"));
    assert_eq!(ticket(hall.run(check_in("000001"))), first);
    assert_eq!(hall.events.len(), events);
    hall.until(at("12:00"));
    assert_eq!(ticket(hall.run(check_in("000001"))).ticket, first.ticket, "also after the window");
    hall.run(HallCommand::Seal).unwrap();
    assert_eq!(ticket(hall.run(check_in("000001"))).ticket, first.ticket, "also after the day");
}

#[test]
fn without_placing_at_the_hour_only_check_in_or_reception_lets_a_ticket_into_the_queue() {
    let mut rules = plan(ONE);
    rules.rules.placed_at_hour = false;
    let mut hall = Driver::open(rules);
    for (n, number) in [(1, "R1"), (2, "R2"), (3, "R3")] {
        hall.run(HallCommand::Expect(reservation(n, number, "a", "08:00"))).unwrap();
    }
    hall.until(at("08:30"));
    assert_eq!(hall.hall.waiting_for("a"), 0);
    hall.run(check_in("000002")).unwrap();
    assert_eq!(hall.number("R2").line.order, at("08:00").micros());
    hall.until(at("11:00"));
    assert_eq!(hall.run(check_in("000001")), Err(HallRefusal::TooLate));
    let admit = HallCommand::Admit { reservation: reservation_id(1) };
    assert_eq!(ticket(hall.run(admit.clone())), ticket(hall.run(admit)));
    assert_eq!(hall.hall.waiting_for("a"), 2);
    hall.run(HallCommand::Seal).unwrap();
    assert_eq!(hall.number("R3").state, TicketState::Missed);
}

#[test]
fn a_cancelled_reservation_leaves_unless_its_person_is_here() {
    let mut hall = Driver::open(plan(ONE));
    for n in 1..=3 {
        hall.run(HallCommand::Expect(reservation(n, &format!("R{n}"), "a", "08:00"))).unwrap();
    }
    hall.run(check_in("000002")).unwrap();
    hall.until(at("08:00"));
    for n in 1..=3 {
        if n == 3 {
            hall.play(&[("1 open", "free"), ("1 call R3", "called R3 1")]);
        }
        hall.run(HallCommand::Unexpect { reservation: reservation_id(n) }).unwrap();
    }
    assert_eq!(hall.number("R1").state, TicketState::Left);
    assert_eq!(hall.number("R2").state, TicketState::Waiting, "checked in");
    assert_eq!(hall.number("R3").state.name(), StateName::Called);
    assert_eq!(hall.run(check_in("000001")), Err(HallRefusal::Cancelled));
}

#[test]
fn walk_in_numbers_run_by_prefix_and_pass_over_those_that_booking_gave_away() {
    let mut hall = Driver::open(plan(ONE));
    hall.run(HallCommand::Expect(reservation(1, "A002", "a", "12:00"))).unwrap();
    hall.play(&[
        ("ticket a", "A001 after 0"),
        ("ticket b", "B001 after 1"),
        ("ticket a", "A003 after 2"),
        ("ticket c", "unknown"),
        ("ticket x", "unknown"),
    ]);
    let again = HallCommand::IssueWalkIn { ticket: hall.number("A003").line.ticket, service: "a".into() };
    let events = hall.events.len();
    assert_eq!(ticket(hall.run(again)).number, "A003");
    assert_eq!(hall.events.len(), events, "the same id is a retry");
    hall.run(HallCommand::Expect(reservation(2, "A001", "a", "09:00"))).unwrap();
    hall.until(at("09:00"));
    assert_eq!(hall.hall.ticket(ticket_id(2)).unwrap().line.number, "A004", "a number is never given twice");
}

#[test]
fn the_thousandth_ticket_comes_after_the_one_before_also_in_the_same_moment() {
    let mut hall = Driver::open(plan(ONE));
    for n in 0..1001 {
        let issue = HallCommand::IssueWalkIn { ticket: ticket_id(n), service: "a".into() };
        let events = hall.hall.decide(&issue, hall.now).unwrap();
        events.iter().for_each(|event| hall.hall.apply(event));
    }
    hall.play(&[("1 open", "free"), ("1 call A999", "called A999 1"), ("1 undo", "free")]);
    for n in 1..=1001 {
        let next = HallCommand::Desk { counter: "1".into(), act: DeskAct::CallNext { services: None } };
        let end = HallCommand::Desk { counter: "1".into(), act: DeskAct::Finish { outcome: None } };
        for command in [next, end] {
            let events = hall.hall.decide(&command, hall.now).unwrap();
            events.iter().for_each(|event| hall.hall.apply(event));
        }
        assert_eq!(hall.number(&format!("A{n:03}")).state, TicketState::Served);
    }
}

#[test]
fn walk_in_tickets_end_with_closing_time_inclusive() {
    let mut hall = Driver::open(plan(ONE));
    let issue = |n| HallCommand::IssueWalkIn { ticket: ticket_id(n), service: "a".into() };
    hall.until(at("15:30"));
    assert!(hall.run(issue(1)).is_ok());
    hall.until(at("15:30") + Span::from_micros(1));
    assert_eq!(hall.run(issue(2)), Err(HallRefusal::Closed));
    assert!(hall.run(issue(1)).is_ok(), "a retry gets its ticket");
}

#[test]
fn leaving_is_for_those_who_wait() {
    let mut hall = Driver::open(plan(ONE));
    hall.run(HallCommand::Expect(reservation(1, "R1", "a", "12:00"))).unwrap();
    for _ in 0..3 {
        hall.walk_in("a").unwrap();
    }
    hall.play(&[
        ("leave R1", "conflict"),
        ("leave A003", "done"),
        ("leave A003", "done"),
        ("1 open", "free"),
        ("1 next", "called A001 1"),
        ("leave A001", "too_late"),
        ("1 no-show", "free"),
        ("leave A001", "done"),
        ("1 next", "called A002 1"),
        ("1 start", "serving A002 1"),
        ("leave A002", "too_late"),
        ("1 finish", "free"),
        ("leave A002", "too_late"),
    ]);
}

#[test]
fn sealing_leaves_nobody_over_and_accepts_nothing_after() {
    let mut hall = Driver::open(plan(&[("1", &[]), ("2", &[]), ("3", &[])]));
    for _ in 0..4 {
        hall.walk_in("a").unwrap();
    }
    hall.run(HallCommand::Expect(reservation(1, "R1", "a", "12:00"))).unwrap();
    hall.play(&[
        ("1 open", "free"),
        ("2 open", "free"),
        ("3 open", "free"),
        ("1 next", "called A001 1"),
        ("1 no-show", "free"),
        ("2 next", "called A002 1"),
        ("3 next", "called A003 1"),
        ("3 start", "serving A003 1"),
    ]);
    hall.run(HallCommand::Seal).unwrap();
    for (number, state) in [
        ("A001", StateName::Missed),
        ("A002", StateName::Missed),
        ("A003", StateName::Served),
        ("A004", StateName::NotCalled),
        ("R1", StateName::Missed),
    ] {
        assert_eq!(hall.number(number).state.name(), state, "{number}");
    }
    let seq = hall.hall.last_seq();
    hall.run(HallCommand::Seal).unwrap();
    hall.run(HallCommand::Unexpect { reservation: reservation_id(1) }).unwrap();
    hall.run(HallCommand::Expect(reservation(1, "R1", "a", "12:00"))).unwrap();
    assert_eq!(hall.run(HallCommand::Expect(reservation(2, "R2", "a", "12:00"))), Err(HallRefusal::Closed));
    assert_eq!(hall.run(check_in("000001")), Err(HallRefusal::TooLate));
    hall.play(&[
        ("1 open", "closed"),
        ("1 next", "closed"),
        ("ticket a", "closed"),
        ("leave A004", "too_late"),
    ]);
    assert_eq!((hall.hall.last_seq(), hall.hall.wake()), (seq, None));
}

#[test]
fn a_day_that_never_opened_is_sealed_in_silence() {
    let mut hall = Driver::roster(common::DAY);
    hall.run(HallCommand::Expect(reservation(1, "R1", "a", "08:00"))).unwrap();
    hall.run(HallCommand::Seal).unwrap();
    assert_eq!((hall.hall.last_seq(), hall.hall.phase()), (0, Phase::Sealed));
    assert_eq!(hall.number("R1").state, TicketState::Expected);
}

/// Elapsed minutes between two local times of one day.
fn minutes(day: &str, from: &str, to: &str) -> i64 {
    on(day, to).since(on(day, from)).micros() / 60_000_000
}

#[test]
fn windows_and_hours_are_real_minutes_in_the_nights_when_the_clock_is_changed() {
    for (day, from, hour, real) in
        [("2026-10-25", "01:30", "03:30", 180), ("2027-03-28", "01:30", "03:30", 60)]
    {
        assert_eq!(minutes(day, from, hour), real);
        let mut night = plan(ONE);
        night.day = day.parse().unwrap();
        night.rules.closes_at = None;
        night.rules.check_in_opens_min = 60;
        let mut hall = Driver::open(night);
        let booked: Moment = on(day, hour);
        let booking = Reservation { at: booked, ..reservation(1, "R1", "a", hour) };
        hall.run(HallCommand::Expect(booking)).unwrap();
        hall.now = on(day, from);
        let reply = hall.run(check_in("000001"));
        match real {
            60 => assert!(reply.is_ok(), "the hour between 2 and 3 does not exist"),
            _ => {
                assert_eq!(reply, Err(HallRefusal::TooEarly { from: booked - Span::from_mins(60) }));
                hall.now = booked - Span::from_mins(60);
                assert_eq!(warsaw_time(hall.now), "02:30", "the second of the two half past two");
                assert!(hall.run(check_in("000001")).is_ok());
            }
        }
        assert_eq!(hall.hall.wake(), Some(booked));
        hall.until(booked);
        assert_eq!(hall.number("R1").state, TicketState::Waiting);
        assert_eq!(hall.number("R1").line.booked.unwrap().time.to_string(), hour);
    }
}

fn warsaw_time(moment: Moment) -> String {
    common::warsaw().local(moment).1.to_string()
}
