//! One mailbox has one set of limits, however its address is spelled. The tests check that the mailbox stays quiet, not
//! what is answered.

use crate::support::Town;
use http::StatusCode;
use okienko_office::{AccountRule, Office, Proof};
use serde_json::json;

/// Twenty-six ways to write one address.
const SPELLINGS: [&str; 26] = [
    "jan@example.org",
    "Jan@example.org",
    "jAn@example.org",
    "jaN@example.org",
    "JAn@example.org",
    "JaN@example.org",
    "jAN@example.org",
    "JAN@example.org",
    "jan@Example.org",
    "jan@EXAMPLE.ORG",
    "JAN@EXAMPLE.ORG",
    " jan@example.org",
    "jan@example.org ",
    "jan+1@example.org",
    "jan+2@example.org",
    "jan+3@example.org",
    "Jan+4@example.org",
    "jan+wizyta@example.org",
    "jan+wizyta.5@example.org",
    "jan+a+b@example.org",
    "jan+@example.org",
    "jan+6@Example.Org",
    "JAN+7@example.org",
    "jan+8@example.org",
    "jAn+9@example.org",
    "jan+10@example.org",
];

fn by_mail(office: &mut Office) {
    office.account = AccountRule::None;
    for service in &mut office.services {
        (service.proof, service.form) = (vec![Proof::Email, Proof::Sms], Vec::new());
        service.max_active = None;
    }
}

/// Number of mails in the mailbox, under whatever spelling.
async fn in_the_box(town: &Town) -> usize {
    town.settled().await;
    let mut all: Vec<String> = SPELLINGS.iter().map(|text| text.trim().to_lowercase()).collect();
    all.sort();
    all.dedup();
    all.iter().map(|to| town.phone.list(to).len()).sum()
}

/// The first hour of a day with a free place.
async fn free(town: &Town, day: &str) -> String {
    let path = "/api/v1/offices/torun/locations/glowny/services/dzialalnosc-gospodarcza/days";
    let times = town.caller().call("GET", &format!("{path}/{day}/times"), json!({})).await;
    let times = times.body["times"].as_array().unwrap().clone();
    let free = times.iter().find(|time| time["free"].as_u64() > Some(0)).expect("a free hour");
    free["time"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn codes_to_one_mailbox_are_counted_together_however_its_address_is_written() {
    let town = Town::with(by_mail).await;
    let (mut sent, mut limited) = (0, 0);
    for (n, email) in SPELLINGS.into_iter().enumerate() {
        // Each from its own network, as somebody would do to flood a mailbox.
        let network = format!("203.0.113.{n}");
        let caller = town.caller().from(&network);
        let day = ["2026-12-02", "2026-12-03", "2026-12-04"][n % 3];
        let time = free(&town, day).await;
        let place =
            json!({"location": "glowny", "service": "dzialalnosc-gospodarcza", "date": day, "time": time});
        let held = caller.post("/api/v1/offices/torun/holds", place).await;
        assert_eq!(held.status, StatusCode::CREATED, "{held:?}");
        let (hold, secret) = (held.text("hold"), held.text("secret"));
        let caller = caller.with(&secret);
        let saved = caller.call("PUT", &format!("/api/v1/holds/{hold}/form"), json!({"fields": {}})).await;
        assert_eq!(saved.status, StatusCode::NO_CONTENT, "{saved:?}");
        let answer = caller.post(&format!("/api/v1/holds/{hold}/code"), json!({"email": email})).await;
        match answer.status {
            StatusCode::ACCEPTED => sent += 1,
            StatusCode::TOO_MANY_REQUESTS => limited += 1,
            other => panic!("{other}: {answer:?}"),
        }
    }
    assert_eq!((sent, limited, in_the_box(&town).await), (10, 16, 10), "ten in ten minutes, as to a phone");
}

#[tokio::test]
async fn mails_about_accounts_to_one_mailbox_are_counted_together() {
    let town = Town::with(|office: &mut Office| office.account = AccountRule::Required).await;
    for (n, email) in SPELLINGS.into_iter().enumerate() {
        let network = format!("203.0.113.{n}");
        let caller = town.caller().from(&network);
        let body = json!({"email": email, "password": "kilka zwykłych słów"});
        let told = caller.post("/api/v1/offices/torun/accounts", body).await;
        assert!(matches!(told.status.as_u16(), 202 | 429), "{told:?}");
    }
    assert_eq!(in_the_box(&town).await, 6, "six an hour");
    for (n, email) in SPELLINGS.into_iter().enumerate() {
        let network = format!("203.0.113.{n}");
        let caller = town.caller().from(&network);
        caller.post("/api/v1/offices/torun/accounts/reset", json!({"email": email})).await;
    }
    assert_eq!(in_the_box(&town).await, 12, "six an hour of the other kind");
}

#[tokio::test]
async fn the_pause_between_codes_of_one_hold_does_not_begin_anew_with_another_spelling() {
    let town = Town::with(by_mail).await;
    let caller = town.caller();
    let place = json!({"location": "glowny", "service": "dzialalnosc-gospodarcza", "date": "2026-12-02", "time": "09:00"});
    let held = caller.post("/api/v1/offices/torun/holds", place).await;
    let (hold, secret) = (held.text("hold"), held.text("secret"));
    let caller = caller.with(&secret);
    caller.call("PUT", &format!("/api/v1/holds/{hold}/form"), json!({"fields": {}})).await;
    let path = format!("/api/v1/holds/{hold}/code");
    for (email, told) in [("jan@example.org", 202), ("Jan@example.org", 429), ("JAN@Example.org", 429)] {
        assert_eq!(caller.post(&path, json!({"email": email})).await.status.as_u16(), told, "{email}");
    }
    // A code sent to one spelling also proves another.
    let code = town.code("jan@example.org").await;
    let done = caller.post(&format!("/api/v1/holds/{hold}/confirm"), json!({"code": code})).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
}
