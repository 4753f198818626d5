//! A form that is sent again and again: the same answers write nothing, changed ones only as often as a person corrects
//! mistakes.

use crate::support::Town;
use crate::support::api::Caller;
use crate::support::crowd::SERVICE;
use crate::support::staff::{ask, token};
use http::StatusCode;
use okienko_booking::citizen::CodeRequest;
use okienko_office::form::Answer;
use okienko_web::ClientAddr;
use okienko_web::staff::Role;
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
    // That lost nothing: what was saved is what is confirmed, and a changed answer is saved.
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
    // A hold that became a visit, or is over, says so even for the same answers.
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
    // A neighbour behind the same address, and somebody elsewhere, can still fill in theirs.
    for (network, time) in [("198.51.100.7", "10:00"), ("198.51.100.8", "10:30")] {
        let (path, secret) = held(town.caller().from(network), time).await;
        let other = town.caller().from(network).with(&secret);
        let saved = other.call("PUT", &format!("{path}/form"), named("Jan Kowalski")).await;
        assert_eq!(saved.status, StatusCode::NO_CONTENT, "{network}");
    }
    // The next step still works: what was saved last is proved.
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

/// A form saved by a request that read the hold at one moment and continues at a later one.
struct Hanging<'a> {
    town: &'a Town,
    looked: (okienko_kernel::Id, okienko_booking::citizen::HoldState),
    name: &'static str,
}

impl<'a> Hanging<'a> {
    async fn of(town: &'a Town, (path, secret): &(String, String), name: &'static str) -> Hanging<'a> {
        let hold = path.rsplit('/').next().unwrap();
        let looked = town.booking.hold(hold, Some(secret)).await.map_err(|it| it.code()).unwrap();
        Hanging { town, looked, name }
    }
    async fn goes_on(self) -> Result<(), okienko_web::Code> {
        let (id, state) = &self.looked;
        let fields = [("name".to_owned(), Answer::Text(self.name.to_owned()))].into();
        let from = ClientAddr("192.0.2.9".parse().unwrap());
        let saved = self.town.booking.save_form(*id, state, &fields, Default::default(), ("pl", from)).await;
        saved.map_err(|problem| problem.code())
    }
}

/// The names in the office's list for that day.
async fn visitors(town: &Town) -> Vec<String> {
    town.settled().await;
    let supervisor = token("torun", Role::Supervisor, None);
    let address = "/api/v1/offices/torun/reservations?date=2026-12-02";
    let list = ask(town, "GET", address, &supervisor, None).await.json();
    let rows = list["reservations"].as_array().unwrap().iter();
    rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_form_that_hung_while_its_retry_was_answered_takes_nobodys_code_or_name_away() {
    for (between, late, answer) in [
        // The same answers again, as from a client whose first attempt got no answer: nothing is left to do.
        (Some("Anna Nowak"), "Anna Nowak", None),
        // Another window of the same person: the later one is told to look again.
        (Some("Anna Nowak"), "Ola Nowak", Some(okienko_web::Code::Conflict)),
        // Only a code was sent in between.
        (None, "Anna Nowak", None),
        (None, "Ola Nowak", Some(okienko_web::Code::Conflict)),
    ] {
        for form_before in [false, true] {
            for code_before in [false, true] {
                let town = Town::start().await;
                let hold = held(town.caller(), "09:00").await;
                let caller = town.caller().with(&hold.1);
                let path = hold.0.clone();
                let save = async |name| caller.call("PUT", &format!("{path}/form"), named(name)).await.status;
                let code = async || {
                    let sent = caller.post(&format!("{path}/code"), json!({"phone": "601234567"})).await;
                    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.body);
                };
                if between.is_none() && !(form_before && code_before) {
                    continue;
                }
                if form_before {
                    let name = if between.is_some() { "Jan Nowak" } else { "Anna Nowak" };
                    assert_eq!(save(name).await, StatusCode::NO_CONTENT);
                }
                let hanging = Hanging::of(&town, &hold, late).await;
                if let Some(between) = between {
                    assert_eq!(save(between).await, StatusCode::NO_CONTENT);
                }
                if code_before {
                    code().await;
                }
                let case = format!("{between:?}, {late}, {form_before}, {code_before}");
                assert_eq!(hanging.goes_on().await.err(), answer, "{case}");
                if !code_before {
                    code().await;
                }
                let right = town.code("+48601234567").await;
                let done = caller.post(&format!("{path}/confirm"), json!({"code": right})).await;
                assert_eq!(done.status, StatusCode::OK, "{case}: {}", done.body);
                assert_eq!(visitors(&town).await, ["Anna Nowak"], "{case}");
                let texts: Vec<String> =
                    town.phone.list("+48601234567").into_iter().map(|it| it.text).collect();
                assert_eq!(texts.len(), 2, "{case}: a code and a confirmation: {texts:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_code_that_was_sent_while_another_form_was_saved_is_good_for_that_form() {
    let town = Town::start().await;
    let hold = held(town.caller(), "09:00").await;
    let caller = town.caller().with(&hold.1);
    let path = hold.0.clone();
    let save = async |name| caller.call("PUT", &format!("{path}/form"), named(name)).await.status;
    let confirm = async |code: String| {
        let done = caller.post(&format!("{path}/confirm"), json!({"code": code})).await;
        (done.status, done.body)
    };
    assert_eq!(save("Jan Nowak").await, StatusCode::NO_CONTENT);
    let Hanging { looked: (id, state), .. } = Hanging::of(&town, &hold, "").await;
    // Saved between reading the hold and the command to the day.
    let request = || CodeRequest {
        phone: Some("601234567"),
        email: None,
        locale: "pl",
        client: ClientAddr("192.0.2.9".parse().unwrap()),
        request_key: "one".to_owned(),
    };
    let (sent, saved) = tokio::join!(town.booking.send_code(id, &state, request()), save("Anna Nowak"));
    assert_eq!(saved, StatusCode::NO_CONTENT);
    // Whichever came first: a retry of the same request sends nothing more, and the code then works.
    if sent.is_err() {
        let (_, state) = Hanging::of(&town, &hold, "").await.looked;
        town.booking.send_code(id, &state, request()).await.map_err(|it| it.code()).unwrap();
    }
    let (status, body) = confirm(town.code("+48601234567").await).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(visitors(&town).await, ["Anna Nowak"]);
    assert_eq!(town.phone.list("+48601234567").len(), 2);
}
