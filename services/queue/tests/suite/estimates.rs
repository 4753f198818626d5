//! What people are told about their wait when they take a ticket or check in.

use crate::common;
use crate::common::{Driver, at, plan, reservation, ticket_id};
use okienko_hall::*;
use okienko_kernel::{Id, Span};

/// The minutes that the ticket's holder was told; `None` if there was no estimate.
fn told(reply: HallReply) -> Option<(u32, u32)> {
    match reply {
        HallReply::Ticket { wait, .. } => wait.map(|range| (range.low_min, range.high_min)),
        other => panic!("{other:?}"),
    }
}

fn issue(driver: &mut Driver, n: u64, service: &str) -> Option<(u32, u32)> {
    told(driver.run(HallCommand::IssueWalkIn { ticket: ticket_id(n), service: service.into() }).unwrap())
}

fn now(driver: &Driver, id: Id) -> Option<(u32, u32)> {
    driver.hall.expected_wait(id, driver.now).map(|range| (range.low_min, range.high_min))
}

#[test]
fn without_an_open_counter_for_the_matter_nothing_is_said_and_with_one_it_is() {
    let mut driver = Driver::open(plan(&[("1", &["a"]), ("2", &["b"])]));
    assert_eq!(issue(&mut driver, 1, "a"), None);
    driver.desk("2", DeskAct::Open).unwrap();
    assert_eq!(issue(&mut driver, 2, "a"), None, "counter 2 serves another matter");
    driver.desk("1", DeskAct::Open).unwrap();
    assert_eq!(now(&driver, ticket_id(1)), Some((0, 5)));
    let (low, high) = issue(&mut driver, 3, "a").unwrap();
    assert!(low >= 5 && (20..=60).contains(&high), "two visits of ten minutes before: {low}–{high}");
    assert_eq!(issue(&mut driver, 4, "b"), Some((0, 5)), "a line of its own");
    driver.desk("1", DeskAct::Pause).unwrap();
    assert_eq!(now(&driver, ticket_id(3)), None);
}

#[test]
fn real_visits_and_the_time_of_the_present_one_move_the_range() {
    let mut driver = Driver::open(plan(&[("1", &[])]));
    driver.desk("1", DeskAct::Open).unwrap();
    for n in 1..=30 {
        issue(&mut driver, n, "a");
    }
    let planned = now(&driver, ticket_id(30)).unwrap();
    for _ in 0..10 {
        driver.desk("1", DeskAct::CallNext { services: None }).unwrap();
        driver.now = driver.now + Span::from_mins(4);
        driver.desk("1", DeskAct::Finish { outcome: None }).unwrap();
    }
    let real = now(&driver, ticket_id(30)).unwrap();
    assert!(real.1 * 2 < planned.1, "nineteen visits of some four minutes: {real:?} after {planned:?}");
    driver.desk("1", DeskAct::CallNext { services: None }).unwrap();
    let begun = now(&driver, ticket_id(12)).unwrap();
    driver.now = driver.now + Span::from_mins(4);
    let later = now(&driver, ticket_id(12)).unwrap();
    assert!(later.1 < begun.1, "{later:?} after {begun:?}");
}

#[test]
fn who_checks_in_early_is_not_told_an_earlier_call_than_the_hour() {
    let mut driver = Driver::roster(common::DAY);
    driver.run(HallCommand::Expect(reservation(1, "R001", "a", "08:30"))).unwrap();
    driver.now = at("07:30");
    driver.run(HallCommand::Open { plan: Box::new(plan(&[("1", &[])])), seq_base: 0 }).unwrap();
    driver.desk("1", DeskAct::Open).unwrap();
    let check_in = HallCommand::CheckIn { code: "000001".into(), service: None };
    let (low, high) = told(driver.run(check_in).unwrap()).unwrap();
    assert!(low >= 60 && high <= 75, "{low}–{high}");
}

#[test]
fn those_with_an_hour_who_go_first_count_before_they_are_here() {
    let wait = |merge| {
        let mut driver = Driver::roster(common::DAY);
        for n in 1..=6 {
            driver.run(HallCommand::Expect(reservation(n, &format!("R00{n}"), "a", "07:40"))).unwrap();
        }
        driver.now = at("07:30");
        let mut plan = plan(&[("1", &[])]);
        plan.rules.merge = merge;
        driver.run(HallCommand::Open { plan: Box::new(plan), seq_base: 0 }).unwrap();
        driver.desk("1", DeskAct::Open).unwrap();
        let told: Vec<_> = (10..14).map(|n| issue(&mut driver, n, "a").unwrap()).collect();
        told[3]
    };
    let (first, by_time) = (wait(Merge::BookedFirst), wait(Merge::ByTime));
    assert!(first.0 >= by_time.0 + 15 && first.1 >= by_time.1 + 30, "{first:?} {by_time:?}");
}

#[test]
fn who_was_sent_to_one_counter_waits_for_that_one_and_who_is_called_or_gone_is_told_nothing() {
    let mut driver = Driver::open(plan(&[("1", &[]), ("2", &[])]));
    for counter in ["1", "2"] {
        driver.desk(counter, DeskAct::Open).unwrap();
        issue(&mut driver, counter.parse().unwrap(), "a");
        driver.desk(counter, DeskAct::CallNext { services: None }).unwrap();
    }
    assert_eq!(now(&driver, ticket_id(1)), None, "called");
    driver.desk("1", DeskAct::Start).unwrap();
    driver.desk("1", DeskAct::Transfer { service: None, counter: Some("2".into()) }).unwrap();
    let (_, high) = now(&driver, ticket_id(1)).unwrap();
    assert!(high > 5, "counter 1 is free, but not for this one: {high}");
    driver.run(HallCommand::Leave { ticket: ticket_id(1) }).unwrap();
    assert_eq!(now(&driver, ticket_id(1)), None);
}

#[test]
fn a_line_of_a_thousand_is_told_a_day_that_is_too_short() {
    let numbers = ["1", "2", "3", "4", "5"];
    let mut driver = Driver::open(plan(&numbers.map(|number| (number, &[][..]))));
    numbers.iter().for_each(|number| drop(driver.desk(number, DeskAct::Open).unwrap()));
    for n in 1..=900u64 {
        let command = HallCommand::IssueWalkIn { ticket: ticket_id(n), service: "a".into() };
        let decided = okienko_kernel::Machine::decide(&driver.hall, &command, driver.now).unwrap();
        decided.iter().for_each(|event| okienko_kernel::Machine::apply(&mut driver.hall, event));
    }
    let (middle, last) = (now(&driver, ticket_id(300)).unwrap(), now(&driver, ticket_id(900)).unwrap());
    assert!(last.0 > 2 * middle.0 && last.1 >= 1440, "{middle:?} {last:?}");
}
