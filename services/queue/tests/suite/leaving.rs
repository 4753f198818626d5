//! Leaving the queue in each state of a visit: whoever is here may leave; whoever is not here yet has a visit, and is
//! shown where to cancel it. Nothing is left half done: no code that the kiosk refuses while booking still holds the
//! hour.

use crate::common::world::{Town, ids, keys, moment};
use crate::common::{self, Driver, at, plan, reservation, reservation_id};
use okienko_hall::*;
use okienko_kernel::Moment;
use okienko_proto::queue::LeaveRequest;
use okienko_proto::queue::queue_client::QueueClient;

/// What has happened to the 09:00 visit before its holder leaves.
type Before = fn(&mut Driver);

fn check_in(hall: &mut Driver) {
    hall.until(at("08:50"));
    hall.run(HallCommand::CheckIn { code: "000001".into(), service: None }).unwrap();
}

fn waiting(hall: &mut Driver) {
    check_in(hall);
    hall.until(at("09:00"));
    hall.play(&[("1 open", "free")]);
}

fn called(hall: &mut Driver) {
    waiting(hall);
    hall.play(&[("1 next", "called R1 1")]);
}

const TABLE: &[(&str, Before, &str, StateName)] = &[
    ("today, not here yet", |hall| hall.until(at("08:00")), "conflict", StateName::Expected),
    (
        "today, the machine takes the code already",
        |hall| hall.until(at("08:30")),
        "conflict",
        StateName::Expected,
    ),
    ("checked in before the hour", check_in, "done", StateName::Left),
    ("waiting", waiting, "done", StateName::Left),
    ("called", called, "too_late", StateName::Called),
    (
        "served now",
        |hall| {
            called(hall);
            hall.play(&[("1 start", "serving R1 1")]);
        },
        "too_late",
        StateName::Serving,
    ),
    (
        "set aside",
        |hall| {
            called(hall);
            hall.play(&[("1 start", "serving R1 1"), ("1 park", "free")]);
        },
        "too_late",
        StateName::Parked,
    ),
    (
        "did not come when called",
        |hall| {
            called(hall);
            hall.play(&[("1 no-show", "free")]);
        },
        "done",
        StateName::Left,
    ),
    (
        "sent on",
        |hall| {
            called(hall);
            hall.play(&[("1 transfer service=b", "free")]);
        },
        "done",
        StateName::Left,
    ),
    (
        "served",
        |hall| {
            called(hall);
            hall.play(&[("1 finish", "free")]);
        },
        "too_late",
        StateName::Served,
    ),
    (
        "cancelled",
        |hall| {
            hall.run(HallCommand::Unexpect { reservation: reservation_id(1) }).unwrap();
        },
        "done",
        StateName::Left,
    ),
    (
        "refused at reception",
        |hall| {
            hall.run(HallCommand::Refuse { reservation: reservation_id(1), reason: Reason::Other }).unwrap();
        },
        "too_late",
        StateName::Refused,
    ),
    (
        "left before",
        |hall| {
            waiting(hall);
            hall.play(&[("leave R1", "done")]);
        },
        "done",
        StateName::Left,
    ),
];

#[test]
fn whoever_is_here_may_leave_and_whoever_is_not_has_a_visit_to_cancel() {
    for (what, before, said, state) in TABLE {
        let mut hall = Driver::open(plan(&[("1", &[])]));
        hall.run(HallCommand::Expect(reservation(1, "R1", "a", "09:00"))).unwrap();
        before(&mut hall);
        hall.play(&[("leave R1", said)]);
        assert_eq!(hall.number("R1").state.name(), *state, "{what}");
        // Leaving twice gives the same reply.
        hall.play(&[("leave R1", said)]);
        if *state == StateName::Expected {
            hall.until(at("08:30"));
            let taken = hall.run(HallCommand::CheckIn { code: "000001".into(), service: None });
            assert!(taken.is_ok(), "{what}: the code is still good: {taken:?}");
        }
    }
}

#[test]
fn before_the_day_nothing_is_left() {
    for day in ["2026-12-01", "2026-12-24"] {
        let mut hall = Driver::roster(day);
        hall.now = Moment::from_micros(common::at("07:00").micros() - 86_400_000_000);
        hall.run(HallCommand::Expect(reservation(1, "R1", "a", "09:00"))).unwrap();
        let ticket = hall.number("R1").line.ticket;
        let left = hall.run(HallCommand::Leave { ticket });
        assert_eq!(left, Err(HallRefusal::VisitAhead { reservation: reservation_id(1) }));
        assert_eq!((hall.events.len(), hall.number("R1").state.name()), (1, StateName::Expected));
    }
}

#[tokio::test]
async fn whoever_leaves_before_the_day_is_shown_the_page_of_the_visit_and_keeps_it() {
    let town = Town::at("2026-12-01", "09:00").await;
    for (n, day) in [(1, "2026-12-01"), (2, "2026-12-02"), (3, "2026-12-21")] {
        let reservation = town.book(n, day, "12:00", &format!("4000000{n}")).await;
        let mut queue = QueueClient::new(okienko_rpc::local(okienko_queue::grpc::server(town.queue.clone())));
        let (_, ticket) = ids(n, day);
        let refused = queue.leave(LeaveRequest { ticket: ticket.to_string() }).await.unwrap_err();
        let refusal = okienko_rpc::refusal(&refused).unwrap();
        let page = format!("/torun/visit/{}", reservation.token(&keys()));
        assert_eq!((refusal.code.as_str(), refusal.visit), ("conflict", page), "{day}");
    }
    // The code is accepted as if leaving had never been requested.
    town.advance_to(moment("2026-12-02", "11:30")).await;
    let code = Some(serde_json::json!({"code": "40000002"}));
    let (status, told) = town.ask("POST", "/api/v1/kiosk/check-ins", &common::world::kiosk(), code).await;
    assert_eq!(status.as_u16(), 201, "{told}");
    let (second, _) = ids(2, "2026-12-02");
    let told = town.heard.attendance.lock();
    let told: Vec<_> = told.iter().filter(|told| told.reservation == second.to_string()).collect();
    assert!(
        told.len() == 1 && told[0].state() == okienko_proto::queue::attendance::State::CheckedIn,
        "{told:?}"
    );
}
