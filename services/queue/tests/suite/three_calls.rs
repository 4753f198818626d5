//! The rule for visitors who do not come when called, step by step as the office describes it.

use crate::common::{Driver, at, plan, reservation};
use okienko_hall::{HallCommand, HallEvent};

const ALL: &[&str] = &[];

fn hall(tickets: usize) -> Driver {
    let mut hall = Driver::open(plan(&[("1", ALL)]));
    hall.play(&[("1 open", "free")]);
    for _ in 0..tickets {
        hall.walk_in("a").unwrap();
    }
    hall
}

#[test]
fn the_offices_own_story_of_three_calls() {
    let mut hall = hall(4);
    hall.play(&[
        ("1 next", "called A001 1"),
        // "Nie zgłosił się" (no-show), and the clerk chooses the next visitor.
        ("1 no-show", "free"),
        ("look A001", "absent 1 @1"),
        ("1 next", "called A002 1"),
        ("1 start", "serving A002 1"),
        // When that visit ends, the absent visitor is called again automatically.
        ("1 finish", "called A001 2"),
        ("look A002", "served 1"),
        // The same again: the next visitor, and then the third call.
        ("1 no-show", "free"),
        ("1 next", "called A003 1"),
        ("1 finish", "called A001 3"),
        // The system removes the ticket from the queue automatically.
        ("1 no-show", "free"),
        ("look A001", "missed 3"),
        ("1 next", "called A004 1"),
        ("1 finish", "free"),
        ("1 next", "nobody"),
    ]);
}

#[test]
fn the_end_of_a_visit_and_the_next_call_are_one_decision() {
    let mut hall = hall(2);
    hall.play(&[("1 next", "called A001 1"), ("1 no-show", "free"), ("1 next", "called A002 1")]);
    let before = hall.events.len();
    hall.play(&[("1 finish", "called A001 2")]);
    let kinds: Vec<_> = hall.events[before..].iter().map(okienko_kernel::Stored::kind).collect();
    assert_eq!(kinds, ["started", "finished", "called"]);
}

#[test]
fn one_who_comes_at_the_second_call_is_served() {
    let mut hall = hall(2);
    hall.play(&[
        ("1 next", "called A001 1"),
        ("1 no-show", "free"),
        ("1 next", "called A002 1"),
        ("1 finish", "called A001 2"),
        ("1 start", "serving A001 2"),
        ("1 finish", "free"),
        ("look A001", "served 2"),
    ]);
}

#[test]
fn several_absent_ones_are_called_earliest_first_and_before_those_who_wait() {
    let mut hall = hall(4);
    hall.play(&[
        ("1 next", "called A001 1"),
        ("1 no-show", "free"),
        ("1 next", "called A002 1"),
        ("1 no-show", "free"),
        ("1 next", "called A003 1"),
        ("1 finish", "called A001 2"),
        ("1 no-show", "free"),
        // A002 has been due since A003's visit ended; A001 is not, as nobody was served since its second call.
        ("1 next", "called A002 2"),
        ("1 no-show", "free"),
        ("1 next", "called A004 1"),
        ("1 finish", "called A001 3"),
        ("1 finish", "called A002 3"),
        ("1 no-show", "free"),
        ("look A002", "missed 3"),
    ]);
}

#[test]
fn with_nobody_waiting_the_absent_one_is_called_again_after_the_pause() {
    let mut hall = hall(1);
    hall.play(&[
        ("1 next", "called A001 1"),
        ("1 no-show", "free"),
        ("1 next", "nobody"),
        ("tick 299", ""),
        ("1", "free"),
        ("tick 1", ""),
        ("1", "called A001 2"),
        ("1 no-show", "free"),
        ("tick 300", ""),
        ("1", "called A001 3"),
        ("1 no-show", "free"),
        ("tick 3000", ""),
        ("1", "free"),
        ("look A001", "missed 3"),
    ]);
}

#[test]
fn with_somebody_waiting_no_pause_calls_the_absent_one() {
    let mut hall = hall(2);
    hall.play(&[
        ("1 next", "called A001 1"),
        ("1 no-show", "free"),
        ("tick 3000", ""),
        ("1", "free"),
        ("leave A002", "done"),
        ("tick 0", ""),
        ("1", "called A001 2"),
    ]);
}

#[test]
fn a_visitor_whose_hour_comes_goes_before_the_pauses_call() {
    let mut hall = hall(1);
    let booked = reservation(1, "R1", "a", "07:35");
    hall.run(HallCommand::Expect(booked)).unwrap();
    hall.play(&[("1 next", "called A001 1"), ("1 no-show", "free")]);
    hall.until(at("07:36"));
    hall.play(&[("1", "free"), ("1 next", "called R1 1"), ("1 finish", "called A001 2")]);
}

#[test]
fn a_recall_is_no_attempt_and_a_call_by_hand_is_one() {
    let mut hall = hall(2);
    hall.play(&[
        ("1 next", "called A001 1"),
        ("1 recall", "called A001 1"),
        ("tick 2", ""),
        ("1 recall", "called A001 1"),
        ("1 no-show", "free"),
        ("1 call A001", "called A001 2"),
        ("1 call A001", "called A001 2"),
        ("1 call A002", "counter_busy"),
        ("1 no-show", "free"),
        ("1 call A001", "called A001 3"),
        ("1 no-show", "free"),
        ("look A001", "missed 3"),
        ("1 call A001", "too_late"),
        ("1 call A002", "called A002 1"),
    ]);
    let recalls = hall.events.iter().filter(|e| matches!(e, HallEvent::Called { recall: true, .. })).count();
    assert_eq!(recalls, 2);
}

#[test]
fn a_recall_while_the_last_one_still_sounds_brings_the_hall_nothing_more_to_hear() {
    let mut hall = hall(1);
    for (asked, seen, heard) in [
        ("1 next", "called A001 1", 1),
        ("1 recall", "called A001 1", 2),
        ("1 recall", "called A001 1", 2),
        ("tick 1", "", 2),
        ("1 recall", "called A001 1", 2),
        ("tick 1", "", 2),
        ("1 recall", "called A001 1", 3),
        ("1 no-show", "free", 3),
        ("1 call A001", "called A001 2", 4),
        ("1 recall", "called A001 2", 5),
    ] {
        hall.play(&[(asked, seen)]);
        let rings = hall.events.iter().filter(|event| matches!(event, HallEvent::Called { .. })).count();
        assert_eq!(rings, heard, "{asked}");
    }
}

#[test]
fn the_offices_number_of_calls_counts_and_none_means_one() {
    for calls in [0, 1] {
        let mut plan = plan(&[("1", ALL)]);
        plan.rules.calls = calls;
        let mut hall = Driver::open(plan);
        hall.play(&[
            ("1 open", "free"),
            ("ticket a", "A001 after 0"),
            ("1 next", "called A001 1"),
            ("1 no-show", "free"),
            ("look A001", "missed 1"),
        ]);
    }
}
