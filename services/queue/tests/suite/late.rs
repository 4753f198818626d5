//! Requests that come too early or too late: tickets at night and after closing, undoing acts long after people have
//! acted on them.

use crate::common::world::{Town, fact, kiosk, moment, office};
use crate::common::{Driver, at, plan};
use okienko_hall::*;
use okienko_kernel::Span;
use okienko_proto::booking;
use serde_json::json;

async fn ticket(town: &Town) -> (u16, serde_json::Value) {
    let wish = Some(json!({"service": "dowod"}));
    let (status, told) = town.ask("POST", "/api/v1/kiosk/tickets", &kiosk(), wish).await;
    (status.as_u16(), told)
}

#[tokio::test]
async fn walk_in_tickets_are_given_from_half_an_hour_before_opening_until_closing_and_a_refusal_says_when() {
    let town = Town::at("2026-12-01", "00:00").await;
    // A Tuesday, open from 07:30 to 15:30; then Christmas Eve, which is closed, and a weekend.
    for (day, time, code, from) in [
        ("2026-12-01", "00:05", "too_early", Some("2026-12-01T07:00:00+01:00")),
        ("2026-12-01", "03:00", "too_early", Some("2026-12-01T07:00:00+01:00")),
        ("2026-12-01", "06:59", "too_early", Some("2026-12-01T07:00:00+01:00")),
        ("2026-12-01", "07:00", "given", None),
        ("2026-12-01", "07:30", "given", None),
        ("2026-12-01", "15:30", "given", None),
        ("2026-12-01", "15:31", "conflict", Some("2026-12-02T07:00:00+01:00")),
        ("2026-12-01", "23:59", "conflict", Some("2026-12-02T07:00:00+01:00")),
        ("2026-12-02", "04:30", "too_early", Some("2026-12-02T07:00:00+01:00")),
        ("2026-12-04", "18:00", "conflict", Some("2026-12-07T07:00:00+01:00")),
        ("2026-12-05", "09:00", "conflict", Some("2026-12-07T07:00:00+01:00")),
        ("2026-12-23", "16:00", "conflict", Some("2026-12-25T07:00:00+01:00")),
        ("2026-12-24", "09:00", "conflict", Some("2026-12-25T07:00:00+01:00")),
    ] {
        town.advance_to(moment(day, time)).await;
        let (status, told) = ticket(&town).await;
        let said = told["code"].as_str().unwrap_or("given");
        assert_eq!((said, told["from"].as_str()), (code, from), "{day} {time}: {told}");
        assert_eq!(status, if code == "given" { 201 } else { 409 });
        if code != "given" {
            assert!(told["detail"].as_str().unwrap().contains("07:00"), "{told}");
        }
    }
    // Nobody became first in line by coming at night.
    let halls = town.heard.halls.lock();
    let first = halls
        .iter()
        .find(|event| event.day == "2026-12-01" && event.at >= moment("2026-12-01", "00:01").micros());
    assert_eq!(first.map(|event| event.at), Some(moment("2026-12-01", "07:00").micros()));
}

#[tokio::test]
async fn the_margin_before_opening_is_the_offices_and_check_in_keeps_its_own_window() {
    let town = Town::empty(moment("2026-12-01", "00:00")).await;
    let mut data = office("torun", 1);
    data.locations[0].rules.as_mut().unwrap().tickets_before_min = Some(5);
    data.locations[0].rules.as_mut().unwrap().check_in_opens_min = 120;
    town.tell(fact("office_published", booking::OfficePublished { office: Some(data) })).await;
    town.book(1, "2026-12-01", "08:00", "40000001").await;
    town.advance_to(moment("2026-12-01", "07:24")).await;
    assert_eq!(ticket(&town).await.1["from"], "2026-12-01T07:25:00+01:00");
    let code = Some(json!({"code": "40000001"}));
    let (status, told) = town.ask("POST", "/api/v1/kiosk/check-ins", &kiosk(), code).await;
    assert_eq!(status.as_u16(), 201, "{told}");
    town.advance_to(moment("2026-12-01", "07:25")).await;
    assert_eq!(ticket(&town).await.0, 201);
}

#[test]
fn a_press_is_taken_back_within_a_minute_of_the_offices_clock_and_stays_after_it() {
    // The acts, the result of undo while it is in time, the state otherwise.
    #[expect(clippy::type_complexity, reason = "a table")]
    let acts: &[(&[(&str, &str)], &str, &str)] = &[
        (&[("1 next", "called A001 1")], "free", "called A001 1"),
        (&[("1 call A002", "called A002 1")], "free", "called A002 1"),
        (&[("1 next", "called A001 1"), ("1 start", "serving A001 1")], "called A001 1", "serving A001 1"),
        (&[("1 next", "called A001 1"), ("1 no-show", "free")], "called A001 1", "free"),
        (&[("1 next", "called A001 1"), ("1 finish", "free")], "serving A001 1", "free"),
        (
            &[("1 next", "called A001 1"), ("1 no-show", "free"), ("1 call A001", "called A001 2")],
            "free",
            "called A001 2",
        ),
    ];
    for (story, in_time, after) in acts {
        for (later, in_time) in [
            (0, true),
            (1, true),
            (59, true),
            (60, true),
            (61, false),
            (90, false),
            (240, false),
            (2_400, false),
        ]
        .map(|(later, taken)| (later, taken.then_some(*in_time)))
        {
            let mut plan = plan(&[("1", &[])]);
            plan.rules.absent_pause = Span::from_mins(600);
            let mut hall = Driver::open(plan);
            for _ in 0..3 {
                hall.walk_in("a").unwrap();
            }
            hall.play(&[("1 open", "free")]);
            hall.play(story);
            hall.until(hall.now + Span::from_secs(later));
            let undone = in_time.unwrap_or("too_late");
            hall.play(&[("1 undo", undone), ("1", in_time.unwrap_or(after))]);
        }
    }
}

#[tokio::test]
async fn undo_forty_minutes_later_is_refused_and_says_how_long_it_is_possible() {
    let town = Town::at("2026-12-01", "08:00").await;
    town.walk_in().await;
    town.desk("1", "open", json!({})).await;
    town.desk("1", "call-next", json!({})).await;
    assert_eq!(town.desk("1", "finish", json!({})).await, "free");
    town.advance(40).await;
    let (status, told) =
        town.ask("POST", "/api/v1/desk/undo", &crate::common::world::clerk("1"), Some(json!({}))).await;
    assert_eq!((status.as_u16(), &told["code"]), (409, &json!("too_late")));
    assert!(told["detail"].as_str().unwrap().contains("przez minutę"), "{told}");
    assert_eq!(town.look("1").await, "free");
    let attended: Vec<_> = town.heard.halls.lock().iter().map(|event| event.at).collect();
    assert!(
        attended.iter().all(|at| *at <= moment("2026-12-01", "08:00").micros()),
        "nothing of the past is told anew"
    );
}

#[test]
fn the_next_day_with_tickets_is_looked_for_over_weekends_and_closed_days() {
    let office = okienko_queue::publish::office_from_proto(&office("torun", 1)).unwrap();
    for (after, next) in [
        ("2026-12-01", "2026-12-02"),
        ("2026-12-04", "2026-12-07"),
        ("2026-12-05", "2026-12-07"),
        ("2026-12-23", "2026-12-25"),
    ] {
        let found = next_tickets(&office, "glowny", after.parse().unwrap());
        assert_eq!(found, Some(moment(next, "07:00")), "after {after}");
    }
    assert_eq!(next_tickets(&office, "nowhere", "2026-12-01".parse().unwrap()), None);
    assert_eq!(at("07:30") - Span::from_mins(i64::from(TICKETS_BEFORE_MIN)), at("07:00"));
}
