//! How a day ends for those still in the hall: who was served, who did not come, and whom nobody called. The last are
//! informed of that, and not blamed.

use crate::common::{Driver, at, plan, reservation, reservation_id};
use okienko_hall::*;
use okienko_kernel::Stored;
use okienko_proto::queue::attendance::State as Came;
use okienko_proto::queue::hall_event::Change;
use okienko_proto::queue::ticket_changed::State as Shown;
use okienko_queue::publish::publish;

/// The outcome: the ticket's state, and what booking is told about a reservation.
type End = (StateName, Option<(Came, bool)>);

const SERVED: End = (StateName::Served, Some((Came::Served, false)));
const MISSED: End = (StateName::Missed, Some((Came::Missed, false)));
const NOT_CALLED: End = (StateName::NotCalled, Some((Came::Left, true)));
const WALK_IN_NOT_CALLED: End = (StateName::NotCalled, None);

/// A day of one hall with booked visitors at 14:50 (R1) and 14:55 (R2); `checks_in`: only check-in at the kiosk places
/// them.
fn day(checks_in: bool) -> Driver {
    let mut plan = plan(&[("1", &[]), ("2", &[])]);
    plan.rules.placed_at_hour = !checks_in;
    let mut hall = Driver::open(plan);
    for (n, time) in [(1, "14:50"), (2, "14:55")] {
        hall.run(HallCommand::Expect(reservation(n, &format!("R{n}"), "a", time))).unwrap();
    }
    hall
}

fn check_in(hall: &mut Driver, n: u64) {
    hall.run(HallCommand::CheckIn { code: format!("{n:06}"), service: None }).unwrap();
}

/// Plays the afternoon up to midnight; returns the hall after it.
fn sealed(checks_in: bool, arrives: &[u64], story: &[(&str, &str)]) -> Driver {
    let mut hall = day(checks_in);
    hall.until(at("14:45"));
    arrives.iter().for_each(|n| check_in(&mut hall, *n));
    hall.until(at("15:00"));
    hall.play(story);
    hall.until(at("23:59"));
    hall.run(HallCommand::Seal).unwrap();
    hall
}

fn end_of(hall: &Driver, number: &str) -> End {
    let ticket = hall.number(number);
    let key = HallKey::parse("hall/torun/glowny/2026-12-01").unwrap();
    let told = hall.events.iter().filter_map(|event| publish(&key, event).1);
    let mut mine =
        told.filter(|told| ticket.reservation().is_some_and(|id| told.reservation == id.to_string()));
    (ticket.state.name(), mine.next_back().map(|told| (told.state(), told.not_called)))
}

#[test]
fn who_was_here_and_was_not_called_is_not_called_and_who_was_called_and_did_not_come_has_missed_it() {
    #[expect(clippy::type_complexity, reason = "a table")]
    let table: &[(&str, bool, &[u64], &[(&str, &str)], &[(&str, End)])] = &[
        ("checked in, no clerk calls", false, &[1], &[], &[("R1", NOT_CALLED)]),
        ("checked in where only the machine places, no clerk calls", true, &[1], &[], &[("R1", NOT_CALLED)]),
        ("placed by the hour, no clerk calls", false, &[], &[], &[("R1", NOT_CALLED), ("R2", NOT_CALLED)]),
        ("never came where only the machine places", true, &[], &[], &[("R1", MISSED), ("R2", MISSED)]),
        (
            "a walk-in, no clerk calls",
            false,
            &[],
            &[("ticket a", "A001 after 2")],
            &[("A001", WALK_IN_NOT_CALLED)],
        ),
        (
            "the clerk calls one and goes home",
            false,
            &[1, 2],
            &[("1 open", "free"), ("1 next", "called R1 1"), ("1 finish", "free"), ("1 close", "closed")],
            &[("R1", SERVED), ("R2", NOT_CALLED)],
        ),
        (
            "every counter pauses",
            false,
            &[1],
            &[("1 open", "free"), ("1 pause", "paused"), ("2 open", "free"), ("2 pause", "paused")],
            &[("R1", NOT_CALLED)],
        ),
        (
            "called by mistake and taken back",
            false,
            &[1],
            &[("1 open", "free"), ("1 next", "called R1 1"), ("1 undo", "free"), ("1 close", "closed")],
            &[("R1", NOT_CALLED)],
        ),
        (
            "sent on to another matter and not called there",
            false,
            &[1],
            &[("1 open", "free"), ("1 next", "called R1 1"), ("1 transfer service=b", "free")],
            &[("R1", NOT_CALLED)],
        ),
        (
            "sent on to one counter that closes",
            false,
            &[1],
            &[
                ("1 open", "free"),
                ("2 open", "free"),
                ("1 next", "called R1 1"),
                ("1 transfer counter=2", "free"),
                ("2 close", "closed"),
            ],
            &[("R1", NOT_CALLED)],
        ),
        (
            "set aside with a form and not called back",
            false,
            &[1],
            &[("1 open", "free"), ("1 next", "called R1 1"), ("1 start", "serving R1 1"), ("1 park", "free")],
            &[("R1", NOT_CALLED)],
        ),
        (
            "a walk-in set aside",
            true,
            &[],
            &[
                ("ticket a", "A001 after 0"),
                ("1 open", "free"),
                ("1 next", "called A001 1"),
                ("1 start", "serving A001 1"),
                ("1 park", "free"),
            ],
            &[("A001", WALK_IN_NOT_CALLED)],
        ),
        (
            "called once, and nobody says that they did not come",
            false,
            &[1],
            &[("1 open", "free"), ("1 next", "called R1 1")],
            &[("R1", MISSED)],
        ),
        (
            "called once, did not come, and the counter closes",
            false,
            &[1, 2],
            &[("1 open", "free"), ("1 next", "called R1 1"), ("1 no-show", "free"), ("1 close", "closed")],
            &[("R1", MISSED), ("R2", NOT_CALLED)],
        ),
        (
            "being served as the day ends",
            false,
            &[1],
            &[("1 open", "free"), ("1 next", "called R1 1"), ("1 start", "serving R1 1")],
            &[("R1", SERVED)],
        ),
        (
            "left by themselves before",
            false,
            &[1],
            &[("leave R1", "done")],
            &[("R1", (StateName::Left, Some((Came::Left, false))))],
        ),
    ];
    for (what, checks_in, arrives, story, ends) in table {
        let hall = sealed(*checks_in, arrives, story);
        for (number, end) in *ends {
            assert_eq!(&end_of(&hall, number), end, "{what}: {number}");
        }
        assert!(hall.hall.tickets().all(|ticket| ticket.state.is_final()), "{what}: somebody is left over");
    }
}

#[test]
fn screens_are_told_in_a_word_that_every_version_knows_and_beside_it_what_it_was() {
    let hall = sealed(false, &[1], &[("leave R2", "done")]);
    let key = HallKey::parse("hall/torun/glowny/2026-12-01").unwrap();
    let shown = |n: u64| {
        let ticket = hall.hall.ticket_of(reservation_id(n)).unwrap().line.ticket.to_string();
        let mut seen = hall.events.iter().filter_map(|event| match publish(&key, event).0?.change? {
            Change::Ticket(changed) if changed.ticket == ticket => {
                Some((changed.state(), changed.not_called))
            }
            _ => None,
        });
        seen.next_back()
    };
    assert_eq!((shown(1), shown(2)), (Some((Shown::Left, true)), Some((Shown::Left, false))));
}

#[test]
fn what_is_stored_reads_as_having_left_for_who_knows_no_more() {
    let hall = sealed(false, &[1], &[]);
    let last = hall.events.iter().find(|event| matches!(event, HallEvent::Left { .. })).unwrap();
    let mut stored: serde_json::Value = serde_json::from_slice(&last.encode().unwrap()).unwrap();
    assert_eq!(&HallEvent::decode("left", 1, stored.to_string().as_bytes()).unwrap(), last);
    // As an earlier version reads and writes it.
    stored["left"].as_object_mut().unwrap().remove("not_called").unwrap();
    let before = HallEvent::decode("left", 1, stored.to_string().as_bytes()).unwrap();
    assert!(matches!(before, HallEvent::Left { not_called: false, .. }));
}
