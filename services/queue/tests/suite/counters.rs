//! Counters: opening, pausing, closing and what happens to their absent tickets; the calling order; transfers, parked
//! visitors, acts taken back.

use crate::common::{Driver, at, plan, reservation};
use okienko_hall::{HallCommand, Merge};

const ALL: &[&str] = &[];

fn hall(counters: &[(&str, &[&str])], tickets: &str) -> Driver {
    let mut hall = Driver::open(plan(counters));
    for service in tickets.split_whitespace() {
        hall.walk_in(service).unwrap();
    }
    hall
}

#[test]
fn a_counter_calls_only_while_it_is_open_and_has_nobody() {
    let mut hall = hall(&[("1", ALL)], "a a");
    hall.play(&[
        ("1 next", "closed"),
        ("1 pause", "closed"),
        ("1 close", "closed"),
        ("1 open", "free"),
        ("1 open", "free"),
        ("1 no-show", "invalid"),
        ("1 start", "invalid"),
        ("1 finish", "invalid"),
        ("1 next", "called A001 1"),
        ("1 next", "counter_busy"),
        ("1 close", "counter_busy"),
        ("1 pause", "counter_busy"),
        ("1 start", "serving A001 1"),
        ("1 start", "serving A001 1"),
        ("1 recall", "invalid"),
        ("1 no-show", "invalid"),
        ("1 next", "counter_busy"),
        ("1 finish", "free"),
        ("1 pause", "paused"),
        ("1 pause", "paused"),
        ("1 next", "closed"),
        ("1 call A002", "closed"),
        ("1 open", "free"),
        ("1 next", "called A002 1"),
        ("2 open", "unknown"),
    ]);
}

#[test]
fn a_counter_calls_its_services_in_the_order_of_the_tickets() {
    let mut hall = hall(&[("1", &["a"]), ("2", &["b"]), ("3", ALL)], "b a b a");
    hall.play(&[
        ("1 open", "free"),
        ("2 open", "free"),
        ("3 open", "free"),
        ("1 next", "called A001 1"),
        ("3 next", "called B001 1"),
        ("2 next b", "called B002 1"),
        ("2 finish", "free"),
        ("2 next a", "nobody"),
        ("2 next", "nobody"),
        ("2 call A002", "wrong_service"),
        ("3 finish", "free"),
        ("3 next b", "nobody"),
        ("3 next a b", "called A002 1"),
        ("2 call A002", "too_late"),
    ]);
}

#[test]
fn booked_hours_and_tickets_merge_by_time_or_booked_first() {
    for (merge, order) in
        [(Merge::ByTime, ["A001", "R1", "A002"]), (Merge::BookedFirst, ["R1", "A001", "A002"])]
    {
        let mut plan = plan(&[("1", ALL)]);
        plan.rules.merge = merge;
        let mut hall = Driver::open(plan);
        hall.run(HallCommand::Expect(reservation(1, "R1", "a", "08:00"))).unwrap();
        hall.until(at("07:50"));
        hall.walk_in("a").unwrap();
        hall.until(at("08:10"));
        hall.walk_in("a").unwrap();
        hall.play(&[("1 open", "free")]);
        for number in order {
            hall.play(&[("1 next", &format!("called {number} 1")), ("1 finish", "free")]);
        }
    }
}

#[test]
fn a_closing_counter_hands_its_absent_ones_to_the_next_free_one_that_serves_them() {
    for away in ["1 close", "1 pause"] {
        let mut hall = hall(&[("1", ALL), ("2", &["b"]), ("3", ALL), ("4", ALL)], "a a a");
        hall.play(&[("1 open", "free"), ("2 open", "free"), ("3 open", "free"), ("4 open", "free")]);
        hall.play(&[("3 next", "called A001 1"), ("1 next", "called A002 1"), ("1 no-show", "free")]);
        let shown = if away == "1 close" { "closed" } else { "paused" };
        hall.play(&[
            (away, shown),
            // Counter 2 does not serve it, counter 3 is busy.
            ("look A002", "absent 1 @4"),
            ("4 next", "called A003 1"),
            ("4 finish", "called A002 2"),
        ]);
    }
}

#[test]
fn absent_ones_that_nobody_can_take_go_to_the_first_counter_that_opens_or_gets_free() {
    let mut hall = hall(&[("1", ALL), ("2", &["b"]), ("3", ALL)], "a b b");
    hall.play(&[
        ("1 open", "free"),
        ("2 open", "free"),
        ("1 next", "called A001 1"),
        ("1 no-show", "free"),
        ("1 close", "closed"),
        ("look A001", "absent 1"),
        ("2 next", "called B001 1"),
        ("2 finish", "free"),
        ("look A001", "absent 1"),
        ("3 open", "free"),
        ("look A001", "absent 1 @3"),
        ("3 next", "called B002 1"),
        ("3 finish", "called A001 2"),
    ]);
}

#[test]
fn a_busy_counter_takes_an_absent_one_over_when_its_visit_ends_and_calls_it() {
    let mut hall = hall(&[("1", ALL), ("2", ALL)], "a a a");
    hall.play(&[
        ("1 open", "free"),
        ("2 open", "free"),
        ("1 next", "called A001 1"),
        ("2 next", "called A002 1"),
        ("1 no-show", "free"),
        ("1 close", "closed"),
        ("look A001", "absent 1"),
        ("2 finish", "called A001 2"),
        ("2 no-show", "free"),
        ("2 next", "called A003 1"),
        ("2 finish", "called A001 3"),
    ]);
}

#[test]
fn an_absent_one_may_be_called_by_another_counter() {
    let mut hall = hall(&[("1", ALL), ("2", ALL)], "a");
    hall.play(&[
        ("1 open", "free"),
        ("2 open", "free"),
        ("1 next", "called A001 1"),
        ("1 no-show", "free"),
        ("2 call A001", "called A001 2"),
        ("1 call A001", "too_late"),
        ("tick 600", ""),
        ("1", "free"),
        ("2 no-show", "free"),
        ("look A001", "absent 2 @2"),
    ]);
}

#[test]
fn a_transfer_keeps_the_place_and_may_be_for_one_counter_alone() {
    let mut hall = hall(&[("1", ALL), ("2", &["b"]), ("3", ALL)], "a a b");
    hall.play(&[
        ("1 open", "free"),
        ("2 open", "free"),
        ("1 next", "called A001 1"),
        ("1 start", "serving A001 1"),
        ("1 transfer service=x", "unknown"),
        ("1 transfer counter=3", "closed"),
        ("1 transfer counter=2", "wrong_service"),
        ("1 transfer service=b", "free"),
        ("look A001", "waiting 0"),
        ("2 next", "called A001 1"),
        ("3 open", "free"),
        ("1 next", "called A002 1"),
        ("1 transfer counter=3", "free"),
        ("1 next", "called B001 1"),
        ("1 finish", "free"),
        ("1 next", "nobody"),
        ("3 next b", "nobody"),
        ("3 next", "called A002 1"),
        ("3 transfer counter=1", "free"),
        ("3 next", "nobody"),
        // Once the counter is closed, every counter that serves the service may call.
        ("1 close", "closed"),
        ("3 next", "called A002 1"),
    ]);
}

#[test]
fn a_visitor_set_aside_is_called_back_by_hand_alone() {
    let mut hall = hall(&[("1", ALL)], "a a");
    hall.play(&[
        ("1 open", "free"),
        ("1 next", "called A001 1"),
        ("1 park", "invalid"),
        ("1 start", "serving A001 1"),
        ("1 park", "free"),
        ("look A001", "parked 1 @1"),
        ("1 next", "called A002 1"),
        ("1 finish", "free"),
        ("1 next", "nobody"),
        ("leave A001", "too_late"),
        ("1 call A001", "called A001 1"),
        ("1 finish", "free"),
        ("look A001", "served 1"),
    ]);
}

#[test]
fn the_latest_act_is_taken_back_once() {
    let mut hall = hall(&[("1", ALL)], "a a");
    hall.play(&[
        ("1 open", "free"),
        ("1 undo", "invalid"),
        ("1 next", "called A001 1"),
        ("1 undo", "free"),
        ("look A001", "waiting 0"),
        ("1 undo", "invalid"),
        ("1 next", "called A001 1"),
        ("1 start", "serving A001 1"),
        ("1 undo", "called A001 1"),
        ("1 no-show", "free"),
        ("1 undo", "called A001 1"),
        ("1 no-show", "free"),
        ("1 next", "called A002 1"),
        ("1 finish", "called A001 2"),
        ("1 undo", "free"),
        ("look A001", "absent 1 @1"),
        ("tick 0", ""),
        ("1", "free"),
        ("1 next", "called A001 2"),
        ("1 finish", "free"),
        ("1 undo", "serving A001 2"),
    ]);
}

#[test]
fn a_visit_that_was_ended_by_mistake_comes_back_though_its_end_called_somebody() {
    let mut hall = hall(&[("1", ALL)], "a a");
    hall.play(&[
        ("1 open", "free"),
        ("1 next", "called A001 1"),
        ("1 no-show", "free"),
        ("1 next", "called A002 1"),
        ("1 start", "serving A002 1"),
        ("1 finish", "called A001 2"),
        ("1 undo", "free"),
        ("look A001", "absent 1 @1"),
        ("1 undo", "serving A002 1"),
        ("1 undo", "invalid"),
        ("1 finish", "called A001 2"),
        // Any act on the visitor called becomes the latest act, and the end of the previous visit can no longer be
        // undone.
        ("1 start", "serving A001 2"),
        ("1 undo", "called A001 2"),
        ("1 undo", "invalid"),
    ]);
    hall.hall.invariant_check().unwrap();
}

/// Every way of transferring or parking, taken back: the visitor is at the counter as before, with the same service,
/// attempts and order, and nobody else was called meanwhile.
#[test]
fn a_transfer_and_a_visitor_set_aside_are_taken_back() {
    // The acts before, the act, the visitor's state before it, and after it.
    let rows: &[(&[&str], &str, &str, &str)] = &[
        (&["1 next"], "1 transfer service=b", "called A001 1", "waiting 0"),
        (&["1 next"], "1 transfer counter=3", "called A001 1", "waiting 0"),
        (&["1 next"], "1 transfer service=b counter=3", "called A001 1", "waiting 0"),
        (&["1 next", "1 recall"], "1 transfer service=b", "called A001 1", "waiting 0"),
        (&["1 next", "1 start"], "1 transfer service=b", "serving A001 1", "waiting 0"),
        (&["1 next", "1 start"], "1 transfer counter=3", "serving A001 1", "waiting 0"),
        (&["1 next", "1 start"], "1 transfer service=a", "serving A001 1", "waiting 0"),
        (&["1 next", "1 start"], "1 park", "serving A001 1", "parked 1 @1"),
        // Called a second time: counting of attempts continues after the undo.
        (
            &["1 next", "1 no-show", "1 next", "1 finish"],
            "1 transfer service=b",
            "called A001 2",
            "waiting 0",
        ),
        (&["1 next", "1 no-show", "1 call A001", "1 start"], "1 park", "serving A001 2", "parked 2 @1"),
        (
            &["1 next", "1 start", "1 park", "1 call A001", "1 start"],
            "1 park",
            "serving A001 1",
            "parked 1 @1",
        ),
        (&["1 next", "1 transfer counter=1", "1 next"], "1 transfer service=b", "called A001 1", "waiting 0"),
    ];
    for (before, act, at_counter, away) in rows {
        let mut hall = hall(&[("1", ALL), ("2", &["b"]), ("3", ALL)], "a a");
        hall.play(&[("1 open", "free"), ("3 open", "free")]);
        for step in *before {
            hall.play(&[(step, &hall.told(step))]);
        }
        hall.play(&[("1", at_counter)]);
        let was = hall.number("A001");
        hall.play(&[(act, "free"), ("look A001", away), ("1 undo", at_counter)]);
        let now = hall.number("A001");
        assert_eq!(
            (&now.line, now.attempt, &now.wanted_at, now.met),
            (&was.line, was.attempt, &was.wanted_at, was.met),
            "{act}"
        );
        assert_eq!((&now.state, now.since()), (&was.state, was.since()), "{act}");
        hall.play(&[("1 undo", "invalid"), ("1", at_counter)]);
        hall.hall.invariant_check().unwrap();
    }
}

/// An act is not taken back once its visitor has moved on, and nobody is pulled away from another counter.
#[test]
fn what_has_gone_on_is_not_taken_back() {
    let rows: &[(&[&str], &str)] = &[
        (&["1 next", "1 transfer service=b", "3 next b"], "called A001 1 elsewhere"),
        (&["1 next", "1 transfer counter=3", "3 next"], "called A001 1 elsewhere"),
        (&["1 next", "1 transfer service=b", "3 next b", "3 undo"], "called and taken back elsewhere"),
        (&["1 next", "1 transfer service=b", "leave A001"], "the holder has left"),
        (&["1 next", "1 transfer service=b", "1 pause", "1 open"], "the clerk was away"),
        (&["1 next", "1 transfer service=b", "1 next", "1 finish", "1 undo"], "another visit since"),
        (
            &["1 next", "1 start", "1 park", "1 call A001", "1 finish", "1 undo"],
            "the end is taken back, no more",
        ),
        (&["1 next", "1 start", "1 park", "1 next", "1 finish", "1 undo"], "another visit since"),
        (&["1 next", "1 start", "1 park", "1 pause", "1 open"], "the clerk was away"),
        (&["1 next", "1 transfer service=b", "1 undo"], "once is once"),
    ];
    for (steps, why) in rows {
        let mut hall = hall(&[("1", ALL), ("2", &["b"]), ("3", ALL)], "a a");
        hall.play(&[("1 open", "free"), ("3 open", "free")]);
        for step in *steps {
            hall.play(&[(step, &hall.told(step))]);
        }
        let before = hall.hall.clone();
        hall.play(&[("1 undo", "invalid")]);
        assert_eq!(hall.hall, before, "{why}");
        hall.hall.invariant_check().unwrap();
    }
}

#[test]
fn a_view_says_since_when_and_which_counters_are_open_beside() {
    let mut hall = hall(&[("1", ALL), ("2", &["b"]), ("3", ALL)], "a a");
    hall.play(&[("1 open", "free"), ("3 open", "free")]);
    let since = |hall: &Driver| hall.hall.counter("1").unwrap().current.and_then(|it| it.since);
    hall.play(&[("1 next", "called A001 1")]);
    let called = hall.now;
    assert_eq!(since(&hall), Some(called));
    hall.play(&[("tick 60", ""), ("1 recall", "called A001 1")]);
    assert_eq!(since(&hall), Some(called), "a recall begins nothing");
    hall.play(&[("tick 60", ""), ("1 start", "serving A001 1")]);
    let begun = hall.now;
    hall.play(&[("tick 600", ""), ("1 finish", "free")]);
    assert_eq!(since(&hall), None);
    hall.play(&[("1 undo", "serving A001 1")]);
    assert_eq!(since(&hall), Some(begun), "the visit goes on where it was");
    assert_eq!(hall.hall.counter("1").unwrap().others, ["3"]);
    hall.play(&[("3 pause", "paused")]);
    assert!(hall.hall.counter("1").unwrap().others.is_empty());
}

#[test]
fn a_view_shows_who_waits_in_the_order_of_calling() {
    let mut hall = hall(&[("1", ALL), ("2", &["b"])], "a b a b");
    hall.play(&[("1 open", "free")]);
    let numbers = |hall: &Driver, counter: &str| {
        let view = hall.hall.counter(counter).unwrap();
        view.waiting.iter().map(|ticket| ticket.number.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(numbers(&hall, "1"), "A001 B001 A002 B002");
    assert_eq!(numbers(&hall, "2"), "B001 B002");
    assert_eq!(hall.hall.waiting_for("a"), 4, "counter 1 calls both from one line");
    assert_eq!(hall.hall.counts().iter().map(|count| count.waiting).collect::<Vec<_>>(), [2, 2, 0]);
    assert_eq!(hall.hall.ahead_of(hall.number("A002").line.ticket), 2);
    for _ in 0..30 {
        hall.walk_in("a").unwrap();
    }
    let view = hall.hall.counter("1").unwrap();
    assert_eq!((view.waiting.len(), view.waiting_total), (20, 34));
}

#[test]
fn several_absent_ones_taken_over_at_the_end_of_a_visit_are_all_due() {
    let mut hall = hall(&[("1", ALL), ("2", ALL)], "a a a a");
    hall.play(&[
        ("1 open", "free"),
        ("2 open", "free"),
        ("2 next", "called A001 1"),
        ("1 next", "called A002 1"),
        ("1 no-show", "free"),
        ("1 next", "called A003 1"),
        ("1 no-show", "free"),
        ("1 close", "closed"),
        ("2 finish", "called A002 2"),
        ("2 no-show", "free"),
        // Before A004, who is waiting.
        ("2 next", "called A003 2"),
    ]);
}
