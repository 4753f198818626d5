//! When booked visitors may check in: the windows of the offices, to the minute, and the striking off of visitors who
//! have not come.

use crate::common;
use crate::common::{Driver, at, plan, reservation, reservation_id};
use okienko_hall::*;
use okienko_kernel::{Machine, Moment, Span};
use okienko_proto::queue::attendance::State as Came;
use okienko_queue::publish::publish;

/// The windows of Wrocław or Kalisz; both strike off at the hour.
fn office(opens: i32, closes: i32) -> Plan {
    let mut plan = plan(&[("1", &[])]);
    (plan.rules.check_in_opens_min, plan.rules.check_in_closes_min) = (opens, closes);
    (plan.rules.cancel_at_min, plan.rules.placed_at_hour) = (Some(0), false);
    plan
}

fn check_in() -> HallCommand {
    HallCommand::CheckIn { code: "000001".into(), service: None }
}
fn admit() -> HallCommand {
    HallCommand::Admit { reservation: reservation_id(1) }
}
fn said(told: &Result<HallReply, HallRefusal>) -> &'static str {
    told.as_ref().err().map_or("ok", HallRefusal::code)
}

/// The replies of kiosk and reception at that moment to a visitor booked for 09:00.
fn doors(plan: &Plan, now: Moment) -> (&'static str, &'static str, bool) {
    let mut hall = Driver::open(plan.clone());
    hall.run(HallCommand::Expect(reservation(1, "", "c", "09:00"))).unwrap();
    hall.until(now);
    let helps = hall.hall.reception_helps(hall.hall.find_by_code("000001").unwrap(), now);
    let mut other =
        Driver { hall: hall.hall.clone(), now, events: Vec::new(), ..Driver::roster(common::DAY) };
    (said(&hall.run(check_in())), said(&other.run(admit())), helps)
}

#[test]
fn the_five_minutes_of_wroclaw_and_kalisz_each_to_its_last_second() {
    let wroclaw = [
        (16, ("ok", "ok", false)),
        (15, ("ok", "ok", false)),
        (14, ("too_late", "ok", true)),
        (0, ("too_late", "ok", true)),
        (-1, ("cancelled", "cancelled", false)),
    ];
    let kalisz = [
        (16, ("too_early", "too_early", false)),
        (15, ("ok", "ok", false)),
        (14, ("ok", "ok", false)),
        (0, ("ok", "ok", false)),
        (-1, ("cancelled", "cancelled", false)),
    ];
    for (plan, rows) in [(office(60, 15), wroclaw), (office(15, 0), kalisz)] {
        for (before, expected) in rows {
            let begins = at("09:00") - Span::from_mins(before);
            for now in [begins, begins + Span::from_mins(1) - Span::from_micros(1)] {
                assert_eq!(doors(&plan, now), expected, "{before} minutes before: {now:?}");
            }
        }
    }
}

#[test]
fn who_comes_too_early_is_told_from_when() {
    let mut hall = Driver::open(office(15, 0));
    hall.run(HallCommand::Expect(reservation(1, "", "c", "09:00"))).unwrap();
    hall.until(at("08:44"));
    assert_eq!(hall.run(check_in()), Err(HallRefusal::TooEarly { from: at("08:45") }));
}

fn struck(hall: &Driver) -> Vec<(Moment, Option<u64>)> {
    let struck = hall.events.iter().filter_map(|event| match event {
        HallEvent::StruckOff { at, seq, .. } => Some((*at, *seq)),
        _ => None,
    });
    struck.collect()
}

#[test]
fn who_has_not_come_is_struck_off_when_the_minute_is_over_and_booking_is_told() {
    let mut hall = Driver::open(office(15, 0));
    for (n, time) in [(1, "09:00"), (2, "09:00"), (3, "09:10"), (4, "09:00")] {
        hall.run(HallCommand::Expect(reservation(n, &format!("R{n}"), "c", time))).unwrap();
    }
    hall.until(at("08:50"));
    hall.run(HallCommand::CheckIn { code: "000002".into(), service: None }).unwrap();
    hall.run(HallCommand::Admit { reservation: reservation_id(4) }).unwrap();
    assert_eq!(hall.hall.wake(), Some(at("09:01")));
    hall.until(at("09:01") - Span::from_micros(1));
    assert_eq!(struck(&hall), []);
    hall.until(at("09:05"));
    assert_eq!(struck(&hall).iter().map(|(at, _)| *at).collect::<Vec<_>>(), [at("09:01")]);
    assert_eq!(hall.number("R1").state, TicketState::StruckOff);
    assert_eq!(hall.number("R2").state, TicketState::Waiting);
    assert_eq!(hall.number("R4").state, TicketState::Waiting);
    assert_eq!(hall.run(check_in()), Err(HallRefusal::Cancelled));
    assert_eq!(hall.run(admit()), Err(HallRefusal::Cancelled));
    let key = HallKey::parse("hall/torun/glowny/2026-12-01").unwrap();
    let told: Vec<_> = hall.events.iter().filter_map(|event| publish(&key, event).1).collect();
    let last = told.last().unwrap();
    assert_eq!((last.reservation.clone(), last.state()), (reservation_id(1).to_string(), Came::Missed));
    assert_eq!(hall.hall.wake(), Some(at("09:11")), "the next one's turn");
}

#[test]
fn the_clock_strikes_off_before_the_day_is_opened_too_and_screens_never_see_those() {
    let mut hall = Driver::roster(common::DAY);
    for (n, time) in [(1, "07:00"), (2, "09:00")] {
        let rule = Some(0);
        let booked = Reservation { cancel_at_min: rule, ..reservation(n, &format!("R{n}"), "c", time) };
        hall.run(HallCommand::Expect(booked)).unwrap();
    }
    assert_eq!(hall.hall.wake(), Some(at("07:01")));
    // Down at the hour: the timer runs late, and strikes off once.
    hall.until(at("07:20"));
    assert_eq!(struck(&hall), [(at("07:01"), None)]);
    hall.run(HallCommand::Open { plan: Box::new(office(15, 0)), seq_base: 7 }).unwrap();
    let listed = hall.events.iter().filter(|event| matches!(event, HallEvent::Listed { .. })).count();
    assert_eq!((listed, hall.hall.last_seq()), (1, 9));
    assert_eq!(hall.run(check_in()), Err(HallRefusal::Cancelled));
    assert_eq!(hall.hall.wake(), Some(at("09:01")));
}

#[test]
fn a_jump_of_the_clock_strikes_off_all_at_once_and_places_none_of_them() {
    let mut plan = office(60, -60);
    plan.rules.placed_at_hour = true;
    let mut hall = Driver::open(plan);
    for (n, time) in [(1, "08:00"), (2, "08:30"), (3, "09:00")] {
        hall.run(HallCommand::Expect(reservation(n, &format!("R{n}"), "a", time))).unwrap();
    }
    hall.now = at("09:00");
    let events = hall.hall.on_wake(hall.now);
    hall.take(&events);
    let states = ["R1", "R2", "R3"].map(|number| hall.number(number).state.name());
    assert_eq!(states, [StateName::StruckOff, StateName::StruckOff, StateName::Waiting]);
    assert_eq!(events.len(), 3, "two struck off, one placed");
    // Placed by the timer, and still not seen by anybody.
    hall.until(at("09:01"));
    assert_eq!(hall.number("R3").state, TicketState::StruckOff);
    assert_eq!(hall.desk("1", DeskAct::Open).map(|_| ()), Ok(()));
    assert_eq!(hall.desk("1", DeskAct::CallNext { services: None }), Ok(HallReply::Nobody));
}

#[test]
fn who_stands_at_a_counter_is_here_and_is_not_struck_off() {
    let mut plan = office(60, 15);
    plan.rules.placed_at_hour = true;
    let mut hall = Driver::open(plan);
    hall.run(HallCommand::Expect(reservation(1, "R1", "a", "09:00"))).unwrap();
    hall.until(at("09:00"));
    hall.play(&[("1 open", "free"), ("1 next", "called R1 1"), ("tick 120", ""), ("1", "called R1 1")]);
    hall.play(&[
        ("1 start", "serving R1 1"),
        ("1 park", "free"),
        ("tick 60", ""),
        ("look R1", "parked 1 @1"),
    ]);
    // A call taken back after that minute leaves a visitor whom nobody has seen.
    hall.run(HallCommand::Expect(reservation(2, "R2", "a", "09:10"))).unwrap();
    hall.until(at("09:10"));
    hall.play(&[
        ("tick 30", ""),
        ("1 next", "called R2 1"),
        ("tick 45", ""),
        ("1 undo", "free"),
        ("tick 0", ""),
    ]);
    assert_eq!(hall.number("R2").state, TicketState::StruckOff);
}

#[test]
fn who_is_refused_at_reception_is_gone_and_the_reason_is_kept() {
    let mut hall = Driver::open(office(60, 15));
    hall.run(HallCommand::Expect(reservation(1, "R1", "c", "09:00"))).unwrap();
    hall.until(at("08:20"));
    let refuse = |reason| HallCommand::Refuse { reservation: reservation_id(1), reason };
    hall.run(check_in()).unwrap();
    hall.run(refuse(Reason::WrongMatter)).unwrap();
    let kept = hall.events.last().unwrap().clone();
    assert!(matches!(kept, HallEvent::Refused { reason: Reason::WrongMatter, .. }));
    let events = hall.events.len();
    hall.run(refuse(Reason::Other)).unwrap();
    assert_eq!(hall.events.len(), events, "a retry changes nothing");
    assert_eq!(hall.run(check_in()), Err(HallRefusal::Cancelled));
    hall.play(&[("1 open", "free"), ("1 next", "nobody")]);
    let key = HallKey::parse("hall/torun/glowny/2026-12-01").unwrap();
    assert_eq!(publish(&key, &kept).1.unwrap().state(), Came::Refused);
    let unknown = HallCommand::Refuse { reservation: reservation_id(9), reason: Reason::Other };
    assert_eq!(hall.run(unknown), Err(HallRefusal::Unknown));
}

#[test]
fn a_clerk_verifies_by_code_and_the_end_of_the_visit_says_whether_it_was_done() {
    let mut plan = office(60, 15);
    plan.rules.verify = true;
    let mut hall = Driver::open(plan);
    for n in [1, 2] {
        hall.run(HallCommand::Expect(reservation(n, &format!("R{n}"), "c", "09:00"))).unwrap();
    }
    hall.until(at("08:20"));
    for n in [1, 2] {
        hall.run(HallCommand::Admit { reservation: reservation_id(n) }).unwrap();
    }
    let verify = |code: &str| DeskAct::Verify { code: code.into() };
    hall.play(&[("1 open", "free")]);
    assert_eq!(hall.desk("1", verify("000001")), Err(HallRefusal::NoVisitor));
    hall.play(&[("1 next", "called R1 1")]);
    let before = hall.hall.clone();
    assert_eq!(hall.desk("1", verify("000002")), Err(HallRefusal::Unknown), "the code of the next in line");
    assert_eq!(hall.hall, before);
    for early in
        [DeskAct::Start, DeskAct::Finish { outcome: None }, DeskAct::Finish { outcome: Some("done".into()) }]
    {
        assert_eq!(
            hall.desk("1", early),
            Err(HallRefusal::NotCompared),
            "the office wants the comparison first"
        );
        assert_eq!(hall.hall, before);
    }
    hall.desk("1", verify("000001")).unwrap();
    let events = hall.events.len();
    hall.desk("1", verify("000001")).unwrap();
    assert_eq!(hall.events.len(), events, "once is enough");
    hall.play(&[("1 start", "serving R1 1"), ("1 finish", "free"), ("1 next", "called R2 1")]);
    let other = DeskAct::Finish { outcome: Some(OTHER_PERSON.into()) };
    hall.desk("1", other).unwrap();
    let ends = hall.events.iter().filter_map(|event| match event {
        HallEvent::Finished { verified, .. } => Some(*verified),
        _ => None,
    });
    assert_eq!(ends.collect::<Vec<_>>(), [Some(true), Some(false)]);
    let key = HallKey::parse("hall/torun/glowny/2026-12-01").unwrap();
    let told: Vec<_> = hall.events.iter().filter_map(|event| publish(&key, event).1).collect();
    assert_eq!(told.last().map(|told| told.state()), Some(Came::Refused));
}
