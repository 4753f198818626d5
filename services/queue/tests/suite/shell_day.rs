//! A day through the HTTP surface: from booking's events to the last call, with the clock moved by hand.

use crate::common::world;

use http::StatusCode;
use okienko_proto::booking;
use okienko_web::Role;
use serde_json::{Value, json};
use world::*;

const DAY: &str = "2026-12-01";

#[tokio::test]
async fn a_day_goes_from_bookings_word_to_the_calls_in_the_order_of_hours_and_tickets() {
    let town = Town::at(DAY, "07:30").await;
    town.book(1, DAY, "08:00", "40000001").await;
    town.book(1, DAY, "08:00", "40000001").await;
    let first = town.walk_in().await;
    assert_eq!(
        (&first["number"], &first["waiting"], &first["expected_wait"]),
        (&json!("A001"), &json!(0), &Value::Null)
    );
    assert_eq!(first["url"], format!("/t/{}", first["token"].as_str().unwrap()));
    assert_eq!(first["issued_at"], "2026-12-01T07:30:00+01:00");
    assert_eq!(town.desk("1", "open", json!({})).await, "free");
    // The booked visitor is placed at the hour, behind the first walk-in and before the second.
    town.advance_to(moment(DAY, "08:10")).await;
    let third = town.walk_in().await;
    let wait = &third["expected_wait"];
    assert_eq!(third["waiting"], 2);
    assert!(wait["low_min"].as_u64() < wait["high_min"].as_u64(), "a counter is open: {third}");
    assert_eq!(town.desk("1", "call-next", json!({})).await, "called A001 1");
    assert_eq!(town.desk("1", "call-next", json!({})).await, "counter_busy");
    assert_eq!(town.desk("1", "start", json!({})).await, "serving A001 1");
    assert_eq!(town.desk("1", "finish", json!({"outcome": "done"})).await, "free");
    assert_eq!(town.desk("1", "call-next", json!({"services": ["meldunek"]})).await, "nobody");
    assert_eq!(town.desk("1", "call-next", json!({})).await, "called R001 1");
    assert_eq!(town.desk("1", "undo", json!({})).await, "free");
    assert_eq!(town.desk("1", "call", json!({"ticket": "A002"})).await, "called A002 1");
    assert_eq!(town.desk("1", "recall", json!({})).await, "called A002 1");
    assert_eq!(town.desk("1", "transfer", json!({"service": "meldunek"})).await, "free");
    assert_eq!(town.desk("1", "call-next", json!({})).await, "called R001 1");
    assert_eq!(town.desk("1", "start", json!({})).await, "serving R001 1");
    assert_eq!(town.desk("1", "park", json!({})).await, "free");
    let (_, desk) = town.ask("GET", "/api/v1/desk", &clerk("1"), None).await;
    let aside = &desk["absent"][0];
    assert_eq!((&aside["ticket"], &aside["parked"]), (&json!("R001"), &json!(true)), "{desk}");
    assert_eq!(town.desk("1", "call", json!({"ticket": aside["token"]})).await, "called R001 1");
    assert_eq!(town.desk("1", "pause", json!({})).await, "counter_busy");
}

#[tokio::test]
async fn who_does_not_come_is_called_three_times_by_itself_and_then_missed() {
    let town = Town::at(DAY, "07:30").await;
    town.book(1, DAY, "07:31", "40000001").await;
    town.advance(1).await;
    assert_eq!(town.desk("1", "open", json!({})).await, "free");
    assert_eq!(town.desk("1", "call-next", json!({})).await, "called R001 1");
    for attempt in 2..=3 {
        assert_eq!(town.desk("1", "no-show", json!({})).await, "free");
        assert_eq!(town.desk("1", "call-next", json!({})).await, "nobody");
        town.advance(4).await;
        assert_eq!(town.look("1").await, "free");
        town.advance(1).await;
        assert_eq!(town.look("1").await, format!("called R001 {attempt}"));
    }
    assert_eq!(town.desk("1", "no-show", json!({})).await, "free");
    town.advance(60).await;
    assert_eq!(town.look("1").await, "free");
    let came: Vec<i32> = town.heard.attendance.lock().iter().map(|told| told.state).collect();
    assert_eq!(came, [okienko_proto::queue::attendance::State::Missed as i32]);
}

#[tokio::test]
async fn a_retry_with_the_same_key_gets_the_first_answer_even_later_and_after_a_restart() {
    let town = Town::at(DAY, "07:30").await;
    town.book(1, DAY, "08:00", "40000001").await;
    town.desk("1", "open", json!({})).await;
    let asked = [
        ("/api/v1/kiosk/tickets", kiosk(), json!({"service": "dowod"}), 201),
        ("/api/v1/kiosk/check-ins", kiosk(), json!({"code": "40000001"}), 201),
        ("/api/v1/desk/call-next", clerk("1"), json!({}), 200),
    ];
    let mut first = Vec::new();
    for (path, token, body, status) in &asked {
        let (told, answer) = town.ask_with("POST", path, token, Some(body.clone()), Some("k1")).await;
        assert_eq!(told.as_u16(), *status, "{answer}");
        first.push(answer);
    }
    town.advance(3).await;
    let town = town.restarted(moment(DAY, "07:40")).await;
    for ((path, token, body, status), first) in asked.iter().zip(&first) {
        let (told, answer) = town.ask_with("POST", path, token, Some(body.clone()), Some("k1")).await;
        assert_eq!((told.as_u16(), &answer), (*status, first), "{path}");
    }
    let other = Some(json!({"service": "meldunek"}));
    let (status, answer) = town.ask_with("POST", "/api/v1/kiosk/tickets", &kiosk(), other, Some("k1")).await;
    assert_eq!((status.as_u16(), &answer["code"]), (422, &json!("key_reused")));
}

#[tokio::test]
async fn a_check_in_says_when_it_is_early_late_wrong_or_cancelled() {
    let town = Town::at(DAY, "07:30").await;
    town.book(1, DAY, "10:00", "40000001").await;
    let gone = town.book(2, DAY, "10:00", "40000002").await;
    let ended = booking::ReservationEnded {
        office: "torun".into(),
        location: "glowny".into(),
        day: DAY.into(),
        reservation: gone.to_string(),
        reason: 1,
    };
    town.tell(fact("reservation_ended", ended)).await;
    let check_in =
        async |body: Value| town.ask("POST", "/api/v1/kiosk/check-ins", &kiosk(), Some(body)).await;
    let (status, early) = check_in(json!({"code": "40000001"})).await;
    assert_eq!(
        (status.as_u16(), &early["code"], &early["from"]),
        (409, &json!("too_early"), &json!("2026-12-01T09:00:00+01:00"))
    );
    assert_eq!(check_in(json!({"code": "40000002"})).await.1["code"], "cancelled");
    assert_eq!(check_in(json!({"code": "49999999"})).await.1["code"], "unknown");
    assert_eq!(check_in(json!({"code": "40000001", "service": "slub"})).await.1["code"], "wrong_service");
    assert_eq!(check_in(json!({"code": " "})).await.1["fields"].as_object().unwrap().len(), 1);
    let plaza = token(&[Role::Kiosk], "torun", "plaza", None);
    let (_, elsewhere) =
        town.ask("POST", "/api/v1/kiosk/check-ins", &plaza, Some(json!({"code": "40000001"}))).await;
    assert_eq!((&elsewhere["code"], &elsewhere["location"]), (&json!("wrong_location"), &json!("glowny")));
    town.advance_to(moment(DAY, "09:00")).await;
    let (status, ticket) = check_in(json!({"code": "4000 0001", "locale": "pl"})).await;
    assert_eq!(
        (status, &ticket["ticket"]["booked"], &ticket["ticket"]["number"]),
        (StatusCode::CREATED, &json!("10:00"), &json!("R001"))
    );
    town.book(3, DAY, "09:10", "40000003").await;
    town.advance_to(moment(DAY, "10:11")).await;
    assert_eq!(check_in(json!({"code": "40000003"})).await.1["code"], "too_late");
    let (status, found) =
        town.ask("POST", "/api/v1/reception/find", &reception(), Some(json!({"code": "40000003"}))).await;
    assert_eq!((status, &found["reservation"]["state"]), (StatusCode::OK, &json!("waiting")));
    let (status, _) =
        town.ask("POST", "/api/v1/reception/admit", &reception(), Some(json!({"code": "40000003"}))).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[tokio::test]
async fn too_many_wrong_codes_are_refused_and_the_next_visitors_right_one_still_passes() {
    let town = Town::at(DAY, "07:30").await;
    town.book(1, DAY, "08:00", "40000001").await;
    let check_in = async |code: String| {
        town.ask("POST", "/api/v1/kiosk/check-ins", &kiosk(), Some(json!({"code": code}))).await.0.as_u16()
    };
    for n in 0..5 {
        assert_eq!(check_in(format!("5{n:07}")).await, 404);
    }
    assert_eq!(check_in("50000021".into()).await, 429);
    assert_eq!(check_in("40000001".into()).await, 201);
}

#[tokio::test]
async fn no_route_serves_another_role_office_location_or_nobody() {
    let town = Town::at(DAY, "07:30").await;
    let routes = [
        ("POST", "/api/v1/kiosk/tickets", json!({"service": "dowod"}), Role::Kiosk),
        ("POST", "/api/v1/kiosk/check-ins", json!({"code": "1"}), Role::Kiosk),
        ("POST", "/api/v1/reception/find", json!({"code": "1"}), Role::Reception),
        ("POST", "/api/v1/reception/admit", json!({"code": "1"}), Role::Reception),
        ("POST", "/api/v1/reception/refuse", json!({"code": "1", "reason": "other"}), Role::Reception),
        ("POST", "/api/v1/desk/verify", json!({"code": "1"}), Role::Clerk),
        ("GET", "/api/v1/desk", Value::Null, Role::Clerk),
        ("POST", "/api/v1/desk/open", json!({}), Role::Clerk),
        ("POST", "/api/v1/desk/call-next", json!({}), Role::Clerk),
        ("GET", "/kiosk", Value::Null, Role::Kiosk),
        ("GET", "/kiosk/services", Value::Null, Role::Kiosk),
        ("GET", "/kiosk/code", Value::Null, Role::Kiosk),
        ("GET", "/desk", Value::Null, Role::Clerk),
    ];
    for (method, path, body, role) in &routes {
        let role = *role;
        let strangers = [
            token(&[role], "wroclaw", "glowny", Some("1")),
            token(&[role], "torun", "legnica", Some("1")),
            token(&[Role::Screen, Role::Auditor], "torun", "glowny", Some("1")),
            if role == Role::Kiosk { clerk("1") } else { kiosk() },
            String::new(),
        ];
        for (n, stranger) in strangers.into_iter().enumerate() {
            let body = (!body.is_null()).then(|| body.clone());
            let (status, _) = town.ask(method, path, &stranger, body).await;
            // This queue has not received the first stranger's office yet.
            let not_yet = n == 0 && status.as_u16() == 503;
            assert!(
                matches!(status.as_u16(), 403 | 404) || not_yet,
                "{method} {path}: {status} for {stranger}"
            );
        }
    }
    assert_eq!(town.look("1").await, "closed", "no stranger has changed anything");
    assert_eq!(town.walk_in().await["number"], "A001", "and none got a ticket");
    for (method, path, body, role) in routes {
        let body = (!body.is_null()).then(|| body.clone());
        let (status, told) =
            town.ask(method, path, &token(&[role], "torun", "glowny", Some("1")), body).await;
        assert_ne!(status, StatusCode::FORBIDDEN, "{method} {path}: {told}");
    }
    assert_eq!(town.desk("77", "open", json!({})).await, "unknown");
    let (status, _) =
        town.ask("GET", "/api/v1/desk", &token(&[Role::Supervisor], "torun", "glowny", None), None).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn unknown_fields_acts_tickets_and_services_are_refused() {
    let town = Town::at(DAY, "07:30").await;
    town.desk("1", "open", json!({})).await;
    let (status, told) =
        town.ask("POST", "/api/v1/kiosk/tickets", &kiosk(), Some(json!({"service": "dowod", "nr": 1}))).await;
    assert_eq!((status.as_u16(), told["fields"]["nr"].is_string()), (422, true));
    for (act, body, code) in [
        ("open", json!({"ticket": "A001"}), "invalid"),
        ("call", json!({}), "invalid"),
        ("call", json!({"ticket": "A999"}), "unknown"),
        ("finish", json!({}), "conflict"),
        ("finish", json!({"outcome": "x".repeat(65)}), "invalid"),
        ("undo", json!({}), "conflict"),
        ("transfer", json!({}), "invalid"),
        ("dance", json!({}), "unknown"),
    ] {
        assert_eq!(town.desk("1", act, body).await, code, "{act}");
    }
    for service in ["slub", "nothing"] {
        let (_, told) =
            town.ask("POST", "/api/v1/kiosk/tickets", &kiosk(), Some(json!({"service": service}))).await;
        assert_eq!(told["code"], "unknown");
    }
}
