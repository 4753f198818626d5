//! A form that is sent again and again: the same answers write nothing, others so often as a person corrects mistakes.

use crate::support::Town;
use crate::support::api::Caller;
use crate::support::crowd::SERVICE;
use http::StatusCode;
use serde_json::{Value, json};

async fn held(caller: Caller<'_>, time: &str) -> (String, String) {
    let wish = json!({"location": "glowny", "service": SERVICE, "date": "2026-12-02", "time": time});
    let held = caller.post("/api/v1/offices/torun/holds", wish).await;
    assert_eq!(held.status, StatusCode::CREATED, "{}", held.body);
    (format!("/api/v1/holds/{}", held.text("hold")), held.text("secret"))
}

fn named(name: &str) -> Value {
    json!({"fields": {"name": name}, "consents": {}})
}

#[tokio::test]
async fn the_same_answers_again_are_no_event_however_they_are_written() {
    let town = Town::start().await;
    let (path, secret) = held(town.caller(), "09:00").await;
    let caller = town.caller().with(&secret);
    let save = async |body: Value| caller.call("PUT", &format!("{path}/form"), body).await.status;
    assert_eq!(save(named("Anna Nowak")).await, StatusCode::NO_CONTENT);
    let before = town.written().await;
    let again = [
        named("Anna Nowak"),
        named(" Anna Nowak"),
        named("Anna Nowak "),
        named("\tAnna Nowak"),
        named("Anna Nowak\n"),
        named("   Anna Nowak   "),
        named("\u{a0}Anna Nowak"),
        named("Anna Nowak\u{2003}"),
        json!({"fields": {"name": "Anna Nowak"}}),
        json!({"consents": {}, "fields": {"name": "Anna Nowak"}}),
    ];
    for body in &again {
        for _ in 0..10 {
            assert_eq!(save(body.clone()).await, StatusCode::NO_CONTENT, "{body}");
        }
    }
    assert_eq!(town.written().await, before);
    // Nothing was lost by that: what was saved is what is confirmed, and another answer is saved.
    assert_eq!(save(named("Anna Nowak-Kowalska")).await, StatusCode::NO_CONTENT);
    assert_eq!(town.written().await, before + 1);
    assert_eq!(save(named("Anna Nowak")).await, StatusCode::NO_CONTENT, "back to what it was");
    assert_eq!(town.written().await, before + 2);
    let sent = caller.post(&format!("{path}/code"), json!({"phone": "601234567"})).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED);
    let saved = town.written().await;
    assert_eq!(save(named("Anna Nowak")).await, StatusCode::NO_CONTENT, "also beside a code on its way");
    assert_eq!(town.written().await, saved);
    let code = town.code("+48601234567").await;
    let done = caller.post(&format!("{path}/confirm"), json!({"code": code})).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    // What became a visit, and what is over, says so also to the same answers.
    assert_eq!(save(named("Anna Nowak")).await, StatusCode::CONFLICT);
    let (path, secret) = held(town.caller(), "10:00").await;
    let caller = town.caller().with(&secret);
    let save = async || caller.call("PUT", &format!("{path}/form"), named("Ola Nowak")).await;
    assert_eq!(save().await.status, StatusCode::NO_CONTENT);
    town.advance("PT10M").await;
    assert_eq!(save().await.code(), "hold_expired");
}

#[tokio::test]
async fn a_loop_of_other_answers_is_stopped_and_stops_nobody_else() {
    let town = Town::start().await;
    let (path, secret) = held(town.caller(), "09:00").await;
    let caller = town.caller().with(&secret);
    let save = async |body: Value| caller.call("PUT", &format!("{path}/form"), body).await;
    let before = town.written().await;
    let mut told = 0;
    for n in 0..2_000 {
        let answer = save(named(&format!("Anna Nowak {n}"))).await;
        match answer.status {
            StatusCode::NO_CONTENT => {}
            StatusCode::TOO_MANY_REQUESTS => {
                assert_eq!(answer.code(), "rate_limited");
                assert!(answer.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() >= 1);
                told += 1;
            }
            other => panic!("{other}: {}", answer.body),
        }
    }
    let written = town.written().await - before;
    assert!((20..40).contains(&written), "{written} events of 2,000 tries");
    assert!(told > 1_900, "{told}");
    // The neighbour behind the same address, and somebody elsewhere, fill in theirs.
    for (network, time) in [("198.51.100.7", "10:00"), ("198.51.100.8", "10:30")] {
        let (path, secret) = held(town.caller().from(network), time).await;
        let other = town.caller().from(network).with(&secret);
        let saved = other.call("PUT", &format!("{path}/form"), named("Jan Kowalski")).await;
        assert_eq!(saved.status, StatusCode::NO_CONTENT, "{network}");
    }
    // And the way on is open: what was saved last is proved.
    let sent = caller.post(&format!("{path}/code"), json!({"phone": "601234567"})).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.body);
}

#[tokio::test]
async fn the_pages_form_pressed_again_writes_nothing_and_keeps_what_was_typed_when_it_was_too_often() {
    let town = Town::start().await;
    let mut browser = town.browser();
    browser
        .open(&format!("/torun/book?service={SERVICE}&location=glowny&date=2026-12-02"))
        .await
        .press("09:00", &[])
        .await;
    let form = browser.at.clone();
    browser.press("Dalej", &[("name", "Anna Nowak")]).await;
    let before = town.written().await;
    for _ in 0..50 {
        browser.open(&form).await.press("Dalej", &[]).await;
        assert!(browser.at.ends_with("/phone"), "{}", browser.at);
    }
    assert_eq!(town.written().await, before);
    for n in 0..30 {
        browser.open(&form).await.press("Dalej", &[("name", &format!("Anna Nowak {n}"))]).await;
    }
    assert_eq!(browser.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(browser.html.contains("Anna Nowak 29"), "{}", browser.words());
}
