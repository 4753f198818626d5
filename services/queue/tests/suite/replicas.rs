//! Two replicas of queue over one journal: what one learns takes effect in the other, and a hall is the same hall
//! whichever is asked.

use crate::common::world;

use futures::future::join_all;
use http::StatusCode;
use okienko_kernel::Moment;
use okienko_proto::booking::{OfficePublished, StaffRevoked};
use serde_json::json;
use std::collections::BTreeSet;
use world::*;

const DAY: &str = "2026-12-01";

/// Returns when `is_so` holds; a test that hangs here fails by its time limit.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    while !is_so().await {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

async fn both_know_the_office() -> (Town, Town) {
    let (one, other) = Town::two(moment(DAY, "07:30")).await;
    one.tell(fact("office_published", OfficePublished { office: Some(office("torun", 1)) })).await;
    for town in [&one, &other] {
        until(async || town.ask("GET", "/api/v1/desk", &clerk("1"), None).await.0 == StatusCode::OK).await;
    }
    (one, other)
}

#[tokio::test]
async fn tickets_of_two_replicas_are_one_series_and_nobody_is_called_twice() {
    let (one, other) = both_know_the_office().await;
    let tickets = join_all((0..40).map(|n| [&one, &other][n % 2].walk_in())).await;
    let numbers: BTreeSet<String> =
        tickets.iter().map(|it| it["number"].as_str().unwrap().to_owned()).collect();
    assert_eq!(numbers, (1..=40).map(|n| format!("A{n:03}")).collect());
    for (town, counter) in [(&one, "1"), (&other, "2")] {
        assert_eq!(town.desk(counter, "open", json!({})).await, "free");
    }
    let mut called = BTreeSet::new();
    for n in 0..20 {
        // Each clerk's next request goes to the other replica.
        let (mine, theirs) = if n % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let (first, second) =
            tokio::join!(mine.desk("1", "call-next", json!({})), theirs.desk("2", "call-next", json!({})));
        for told in [first, second] {
            let ticket = told.strip_prefix("called ").and_then(|rest| rest.strip_suffix(" 1"));
            assert!(called.insert(ticket.unwrap_or_else(|| panic!("{told}")).to_owned()), "{told} twice");
        }
        for counter in ["1", "2"] {
            assert!(theirs.desk(counter, "start", json!({})).await.starts_with("serving"));
            assert_eq!(mine.desk(counter, "finish", json!({})).await, "free");
        }
    }
    assert_eq!(called, numbers);
    one.settled().await;
    other.settled().await;
    let seqs: Vec<u64> =
        one.heard.halls.lock().iter().filter(|e| e.location == "glowny").map(|e| e.seq).collect();
    let sorted: BTreeSet<u64> = seqs.iter().copied().collect();
    assert_eq!(sorted, (1..=seqs.len() as u64).collect(), "contiguous");
}

#[tokio::test]
async fn a_retry_at_the_other_replica_gets_the_first_answer() {
    let (one, other) = both_know_the_office().await;
    let wish = || Some(json!({"service": "dowod"}));
    let path = "/api/v1/kiosk/tickets";
    let first = one.ask_with("POST", path, &kiosk(), wish(), Some("k")).await;
    assert_eq!(first.0, StatusCode::CREATED);
    other.walk_in().await;
    assert_eq!(other.ask_with("POST", path, &kiosk(), wish(), Some("k")).await, first);
    assert_eq!(one.ask_with("POST", path, &kiosk(), wish(), Some("k")).await, first);
}

#[tokio::test]
async fn a_token_that_one_replica_heard_of_is_refused_by_the_other() {
    let (one, other) = both_know_the_office().await;
    let claims = okienko_web::staff::verify(&keys(), &clerk("1"), Moment::default()).unwrap();
    let until_then = Moment::MAX.micros();
    let told = StaffRevoked { office: "torun".into(), tokens: vec![claims.id], until: until_then };
    other.tell(fact("staff_revoked", told)).await;
    for town in [&one, &other] {
        let look = async || town.ask("GET", "/api/v1/desk", &clerk("1"), None).await.0;
        until(async || look().await == StatusCode::FORBIDDEN).await;
        assert_eq!(town.ask("GET", "/api/v1/desk", &clerk("2"), None).await.0, StatusCode::OK);
    }
}

#[tokio::test]
async fn who_is_booked_at_one_replica_is_placed_once_when_the_hour_comes() {
    let (one, other) = both_know_the_office().await;
    for n in 0..10u64 {
        let town = [&one, &other][n as usize % 2];
        town.book(n, DAY, "08:00", &format!("{:06}", 100_000 + n)).await;
    }
    // The replica that consumes booking's events may be the other one.
    until(async || one.journal().await.matches("\"reservation\"").count() >= 10).await;
    for town in [&one, &other] {
        town.advance_to(moment(DAY, "08:05")).await;
    }
    one.settled().await;
    one.desk("1", "open", json!({})).await;
    let mut called = BTreeSet::new();
    for _ in 0..10 {
        let told = other.desk("1", "call-next", json!({})).await;
        assert!(told.starts_with("called R") && called.insert(told.clone()), "{told}");
        one.desk("1", "start", json!({})).await;
        other.desk("1", "finish", json!({})).await;
    }
    assert_eq!(other.desk("1", "call-next", json!({})).await, "nobody");
}
