//! Two replicas of booking and of sms-gateway over the same journals: each step of a visit may reach another one.

use crate::support::Town;
use crate::support::staff::{Answer, ask, token};
use http::StatusCode;
use okienko_office::file;
use okienko_web::Role;
use serde_json::{Value, json};
use std::sync::Arc;

const HOLDS: &str = "/api/v1/offices/torun/holds";

/// Waits until `is_so`; a hanging test fails by its time limit.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    while !is_so().await {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

async fn hold(town: &Town, time: &str) -> Answer {
    let place = json!({"location": "glowny", "service": "dzialalnosc-gospodarcza", "date": "2026-12-02", "time": time});
    ask(town, "POST", HOLDS, "", Some(place)).await
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn a_visit_is_booked_though_each_step_comes_to_the_other_replica() {
    let (one, other) = Town::two().await;
    for (n, time) in ["09:00", "10:00", "11:00", "12:00"].into_iter().enumerate() {
        let (one, other) = if n % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let held = hold(one, time).await;
        assert_eq!(held.status, StatusCode::CREATED, "{}", held.text);
        let held = held.json();
        let (path, secret) = (format!("/api/v1/holds/{}", text(&held["hold"])), text(&held["secret"]));
        let form = json!({"fields": {"name": "Anna Nowak"}, "consents": {}});
        let put = ask(other, "PUT", &format!("{path}/form"), secret, Some(form)).await;
        assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text);
        let to = format!("+4860123456{n}");
        let sent = ask(one, "POST", &format!("{path}/code"), secret, Some(json!({"phone": to}))).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
        until(async || one.phone.list(&to).len() == 1).await;
        let code = json!({"code": one.code(&to).await});
        let done = ask(other, "POST", &format!("{path}/confirm"), secret, Some(code)).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        let reservation = done.json()["reservation"].clone();
        let path = format!("/api/v1/reservations/{}", text(&reservation["token"]));
        let seen = ask(one, "GET", &path, "", None).await;
        assert_eq!(seen.json()["ticket"], reservation["ticket"], "{}", seen.text);
        // The confirmation is sent once, by either replica.
        until(async || one.phone.list(&to).len() == 2).await;
        let gone = ask(one, "POST", &format!("{path}/cancel"), "", Some(json!({}))).await;
        assert!(gone.status.is_success(), "{}", gone.text);
        assert_eq!(ask(other, "GET", &path, "", None).await.json()["state"], "cancelled");
        until(async || one.phone.list(&to).len() == 3).await;
        one.settled().await;
        other.settled().await;
        assert_eq!(one.phone.list(&to).len(), 3);
    }
}

#[tokio::test]
async fn an_hour_is_full_in_one_replica_when_its_places_went_in_both() {
    let (one, other) = Town::two().await;
    let mut held = Vec::new();
    let full = loop {
        let answer = hold([&one, &other][held.len() % 2], "09:00").await;
        if answer.status != StatusCode::CREATED {
            break answer;
        }
        held.push(answer.json());
    };
    assert_eq!((full.status, full.json()["code"].as_str()), (StatusCode::CONFLICT, Some("slot_full")));
    for town in [&one, &other] {
        assert_eq!(hold(town, "09:00").await.json()["code"], "slot_full");
    }
    // Given back in one replica, it is free in the other at once.
    let (path, secret) = (format!("/api/v1/holds/{}", text(&held[0]["hold"])), text(&held[0]["secret"]));
    assert!(ask(&one, "DELETE", &path, secret, None).await.status.is_success());
    assert_eq!(hold(&other, "09:00").await.status, StatusCode::CREATED);
    assert_eq!(hold(&one, "09:00").await.json()["code"], "slot_full");
}

#[tokio::test]
async fn what_one_replica_imports_or_takes_back_counts_in_the_other() {
    let (one, other) = Town::two().await;
    let mut office = file::read(include_str!("../../../../deploy/offices/torun.toml")).unwrap();
    office.name.pl = "Urząd po zmianie".into();
    one.booking.import(Arc::new(office)).await.unwrap();
    let renamed =
        async |town: &Town| ask(town, "GET", "/api/v1/offices", "", None).await.text.contains("po zmianie");
    assert!(renamed(&one).await);
    until(async || renamed(&other).await).await;
    let (admin, path) = (token("torun", Role::Admin, None), "/api/v1/offices/torun/staff");
    assert_eq!(ask(&one, "GET", path, &admin, None).await.status, StatusCode::OK);
    let claims = other.sign_in.check(&admin).unwrap();
    other.booking.staff().sign_out(&claims).await.unwrap();
    until(async || ask(&one, "GET", path, &admin, None).await.status != StatusCode::OK).await;
    assert_ne!(ask(&other, "GET", path, &admin, None).await.status, StatusCode::OK);
}
