//! What one account may request, from whatever network: listings, holds, codes. And who may create accounts.

use crate::support::Town;
use crate::support::api::{Answer, Caller};
use http::StatusCode;
use okienko_office::{AccountRule, Office, Proof};
use serde_json::json;

const EMAIL: &str = "anna.nowak@example.org";
const PASSWORD: &str = "kilka zwykłych słów";
const TIMES: &str = "/api/v1/offices/torun/locations/glowny/services/meldunek/days/2026-12-02/times";
const LOOPBACK: &str = "127.0.0.1";

fn with_accounts(office: &mut Office) {
    office.account = AccountRule::Required;
    office.consents = Vec::new();
    for pool in &mut office.pools {
        pool.capacity = 100;
    }
    for service in &mut office.services {
        (service.proof, service.max_active) = (vec![Proof::Sms], None);
    }
}

/// Creates an account and signs in; returns the session.
async fn session(town: &Town, email: &str) -> String {
    let caller = town.caller();
    let body = json!({"email": email, "password": PASSWORD, "consents": {}});
    assert_eq!(caller.post("/api/v1/offices/torun/accounts", body).await.status, StatusCode::ACCEPTED);
    let link = town.link(email).await;
    let body = json!({"token": link.rsplit('/').next().unwrap()});
    caller.post("/api/v1/offices/torun/accounts/activate", body).await;
    let body = json!({"email": email, "password": PASSWORD});
    caller.post("/api/v1/offices/torun/sessions", body).await.text("session")
}

fn is_limited(answer: &Answer) -> bool {
    assert!(answer.status.is_success() || answer.code() == "rate_limited", "{answer:?}");
    assert!(answer.status.is_success() || answer.headers.contains_key("retry-after"));
    !answer.status.is_success()
}

/// A network that was not used before.
fn fresh(n: usize) -> String {
    format!("198.51.{}.{}", 100 + n / 200, 1 + n % 200)
}

async fn hold(caller: Caller<'_>, n: usize) -> Answer {
    let place = json!({"location": "glowny", "service": "meldunek", "date": "2026-12-02", "time": "10:00"});
    caller.from(&fresh(n)).post("/api/v1/offices/torun/holds", place).await
}

#[tokio::test]
async fn the_listings_of_an_account_are_limited_wherever_it_asks_from() {
    let town = Town::with(with_accounts).await;
    let (anna, jan) = (session(&town, EMAIL).await, session(&town, "jan@example.org").await);
    let mut limited = 0;
    for n in 0..160 {
        let network = fresh(n);
        let caller = town.caller().with(&anna).from(if n % 2 == 0 { LOOPBACK } else { &network });
        limited += usize::from(is_limited(&caller.call("GET", TIMES, json!({})).await));
    }
    assert!((20..=40).contains(&limited), "{limited} of 160");
    let listed = async |caller: Caller<'_>| caller.call("GET", TIMES, json!({})).await.status;
    assert_eq!(listed(town.caller().with(&jan)).await, StatusCode::OK, "another account");
    assert_eq!(listed(town.caller()).await, StatusCode::OK, "nobody's");
    assert_eq!(listed(town.caller().with("rubbish")).await, StatusCode::OK, "looking asks for no account");
    let mut browser = town.browser();
    browser.cookies.push(("session".into(), anna, "/torun".into()));
    browser.open("/torun/book?service=meldunek&location=glowny&date=2026-12-02").await;
    assert_eq!(browser.status, StatusCode::TOO_MANY_REQUESTS, "its pages are the same listings");
}

#[tokio::test]
async fn the_places_of_an_account_are_limited_wherever_it_asks_from() {
    let town = Town::with(with_accounts).await;
    let (anna, jan) = (session(&town, EMAIL).await, session(&town, "jan@example.org").await);
    for n in 0..20 {
        assert!(!is_limited(&hold(town.caller().with(&anna), n).await), "number {n}");
    }
    assert!(is_limited(&hold(town.caller().with(&anna), 20).await));
    assert!(!is_limited(&hold(town.caller().with(&jan), 20).await), "another account");
}

/// Requests a code for the hold from a network that was not used before.
async fn code(town: &Town, (id, secret): &(String, String), phone: usize, network: usize) -> Answer {
    let network = fresh(network);
    let caller = town.caller().with(secret).from(&network);
    let phone = json!({"phone": format!("+486012345{phone:02}")});
    caller.post(&format!("/api/v1/holds/{id}/code"), phone).await
}

/// A hold with its form filled in: its id and secret.
async fn filled(town: &Town, session: &str, n: usize) -> (String, String) {
    let held = hold(town.caller().with(session), n).await;
    let (id, secret) = (held.text("hold"), held.text("secret"));
    let form = json!({"fields": {"name": "Anna Nowak"}, "consents": {}});
    let saved = town.caller().with(&secret).call("PUT", &format!("/api/v1/holds/{id}/form"), form).await;
    assert_eq!(saved.status, StatusCode::NO_CONTENT);
    (id, secret)
}

#[tokio::test]
async fn the_codes_of_an_account_are_limited_whatever_phone_and_network() {
    let town = Town::with(with_accounts).await;
    let (anna, jan) = (session(&town, EMAIL).await, session(&town, "jan@example.org").await);
    let his = filled(&town, &jan, 90).await;
    assert!(!is_limited(&code(&town, &his, 90, 90).await));
    let mut hers = Vec::new();
    for n in 0..20 {
        hers.push(filled(&town, &anna, n).await);
        assert!(!is_limited(&code(&town, &hers[n], n, 20 + n).await), "number {n}");
    }
    // After the pause between two codes of one hold, so that nothing else refuses.
    town.advance("PT1M").await;
    for (n, held) in hers.iter().enumerate().take(2) {
        assert!(is_limited(&code(&town, held, n, 40 + n).await), "twenty an hour");
    }
    assert!(!is_limited(&code(&town, &his, 90, 91).await), "another account");
}

#[tokio::test]
async fn accounts_of_one_network_are_limited_and_others_go_on() {
    let town = Town::with(with_accounts).await;
    let new = async |n: usize, network: &str| {
        let body = json!({"email": format!("p{n}@example.org"), "password": PASSWORD, "consents": {}});
        is_limited(&town.caller().from(network).post("/api/v1/offices/torun/accounts", body).await)
    };
    let mut limited = 0;
    for n in 0..44 {
        limited += usize::from(new(n, "203.0.113.9").await);
    }
    assert_eq!(limited, 4, "forty an hour");
    assert!(!new(100, "203.0.113.10").await, "another network");
}

#[tokio::test]
async fn an_idempotency_key_belongs_to_the_account_that_sent_it() {
    let town = Town::with(with_accounts).await;
    let (anna, jan) = (session(&town, EMAIL).await, session(&town, "jan@example.org").await);
    let place = json!({"location": "glowny", "service": "meldunek", "date": "2026-12-02", "time": "10:00"});
    let placed = async |bearer: &str| {
        let caller = Caller { key: Some("1"), ..town.caller().with(bearer) };
        caller.post_owned("/api/v1/offices/torun/holds", place.clone()).await
    };
    let (hers, again, his) = (placed(&anna).await, placed(&anna).await, placed(&jan).await);
    assert_eq!(hers.text("secret"), again.text("secret"), "a retry is the same hold");
    assert_ne!(hers.text("hold"), his.text("hold"), "another person's is another");
    assert_ne!(hers.text("secret"), his.text("secret"));
}

#[tokio::test]
async fn the_button_of_a_link_is_pressed_only_so_often_and_a_flood_is_not_a_flood_of_lines() {
    let town = Town::with(with_accounts).await;
    session(&town, EMAIL).await;
    let link = town.link(EMAIL).await;
    let before = town.noted.0.lock().len();
    let mut limited = 0;
    for _ in 0..60 {
        let body = json!({"token": link.rsplit('/').next().unwrap()});
        let answer = town.caller().post("/api/v1/offices/torun/accounts/activate", body).await;
        limited += usize::from(is_limited(&answer));
    }
    assert!(limited >= 40, "{limited} of 60");
    assert!(town.noted.0.lock().len() - before <= 20);
    let flood = async || {
        for _ in 0..40 {
            let body = json!({"office": "torun", "login": "anna", "password": "x".repeat(300)});
            town.caller().post("/api/v1/staff/sessions", body).await;
        }
    };
    let before = town.noted.0.lock().len();
    flood().await;
    assert!(town.noted.0.lock().len() - before <= 12, "ten tries and one line of the rest");
}
