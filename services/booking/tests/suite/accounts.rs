//! Citizens' accounts over JSON, from registration to a visit, against the real router, journal and sms-gateway.

use crate::support::Town;
use crate::support::api::Caller;
use crate::support::staff;
use http::StatusCode;
use okienko_office::{AccountRule, AskedAt, ClaimKey, Consent, MaxActive, Office, Proof};
use serde_json::{Value, json};
use std::sync::Arc;

const ACCOUNTS: &str = "/api/v1/offices/torun/accounts";
const SESSIONS: &str = "/api/v1/offices/torun/sessions";
const HOLDS: &str = "/api/v1/offices/torun/holds";
const EMAIL: &str = "anna.nowak@example.org";
const PASSWORD: &str = "kilka zwykłych słów";

/// An office that requires an account; one service is proved by it, the others by a code.
fn with_accounts(office: &mut Office) {
    office.account = AccountRule::Required;
    let label = office.name.clone();
    let url = "https://example.org/regulamin".to_owned();
    office.consents = vec![Consent {
        id: "regulamin".into(),
        version: "2026-01".into(),
        required: true,
        label,
        url,
        asked: AskedAt::Account,
    }];
    let service = office.services.iter_mut().find(|it| it.id == "meldunek").unwrap();
    service.proof = vec![Proof::Account];
    service.max_active = Some(MaxActive { count: 1, by: ClaimKey::Account });
    let plain = office.services.iter_mut().find(|it| it.id == "dowod-odbior").unwrap();
    (plain.proof, plain.form) = (vec![Proof::Account], Vec::new());
}

async fn town() -> Town {
    Town::with(with_accounts).await
}

fn new_account(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password, "consents": { "regulamin": "2026-01" } })
}

fn last(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

/// Creates an active account.
async fn citizen(town: &Town, email: &str) {
    let caller = town.caller();
    let answer = caller.post(ACCOUNTS, new_account(email, PASSWORD)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
    let token = last(&town.link(email).await);
    let answer = caller.post(&format!("{ACCOUNTS}/activate"), json!({ "token": token })).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
}

async fn session(caller: Caller<'_>, email: &str, password: &str) -> String {
    let answer = caller.post(SESSIONS, json!({ "email": email, "password": password })).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.text("session")
}

fn place(service: &str, time: &str) -> Value {
    json!({ "location": "glowny", "service": service, "date": "2026-12-02", "time": time })
}

#[tokio::test]
async fn an_account_signs_in_only_once_one_of_its_links_was_used_and_that_works_once() {
    let town = town().await;
    let caller = town.caller();
    let entry = json!({ "email": EMAIL, "password": PASSWORD });
    caller.post(ACCOUNTS, new_account(EMAIL, PASSWORD)).await;
    let first = last(&town.link(EMAIL).await);
    assert_eq!(caller.post(SESSIONS, entry.clone()).await.code(), "forbidden");
    caller.post(ACCOUNTS, new_account("Anna.Nowak@EXAMPLE.org", PASSWORD)).await;
    let second = last(&town.link("Anna.Nowak@example.org").await);
    assert_ne!(first, second);
    let activate = format!("{ACCOUNTS}/activate");
    for token in [&first, &second] {
        let answer = caller.post(&activate, json!({ "token": token })).await;
        assert!(answer.body["fields"]["password"].is_string(), "two wait, whose password counts? {answer:?}");
    }
    assert_eq!(caller.post(&activate, json!({ "token": &second[1..] })).await.status, StatusCode::NOT_FOUND);
    for password in [PASSWORD, "z drugiego naciśnięcia"] {
        let answer = caller.post(&activate, json!({ "token": first, "password": password })).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "the second press is the first");
    }
    let other = json!({ "token": second, "password": PASSWORD });
    assert_eq!(caller.post(&activate, other).await.status, StatusCode::GONE);
    let answer = caller.post(SESSIONS, entry).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text("expires_at").contains('T'));
    town.advance("PT25H").await;
    session(caller, EMAIL, PASSWORD).await;
}

#[tokio::test]
async fn a_link_ends_after_a_day_and_the_address_is_free_again() {
    let town = town().await;
    let caller = town.caller();
    caller.post(ACCOUNTS, new_account(EMAIL, PASSWORD)).await;
    let token = last(&town.link(EMAIL).await);
    town.advance("PT24H").await;
    let answer = caller.post(&format!("{ACCOUNTS}/activate"), json!({ "token": token })).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::GONE, "code_expired"));
    citizen(&town, EMAIL).await;
    session(caller, EMAIL, PASSWORD).await;
}

#[tokio::test]
async fn every_fault_of_a_registration_is_named_and_bounds_are_kept() {
    let town = town().await;
    let caller = town.caller();
    let answer =
        caller.post(ACCOUNTS, json!({ "email": "anna", "password": "krótkie", "consents": {} })).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
    for name in ["email", "password", "regulamin"] {
        assert!(answer.body["fields"][name].is_string(), "{name}: {}", answer.body);
    }
    for password in [EMAIL, &"a".repeat(129)] {
        let answer = caller.post(ACCOUNTS, new_account(EMAIL, password)).await;
        assert!(answer.body["fields"]["password"].is_string(), "{}", answer.body);
    }
    assert_eq!(town.booking.accounts().password_runs(), 0, "nothing is hashed for what cannot be");
    let nobody = Town::start().await;
    let answer = nobody.caller().post(ACCOUNTS, new_account(EMAIL, PASSWORD)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "an office without accounts has none");
}

#[tokio::test]
async fn where_an_account_is_required_a_session_holds_and_confirms_without_a_code() {
    let town = town().await;
    citizen(&town, EMAIL).await;
    let caller = town.caller();
    for bearer in [None, Some("nonsense")] {
        let answer = Caller { bearer, ..caller }.post(HOLDS, place("meldunek", "09:00")).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, "account_required"));
    }
    let session = session(caller, EMAIL, PASSWORD).await;
    let held = caller.with(&session).post(HOLDS, place("meldunek", "09:00")).await;
    assert_eq!(held.status, StatusCode::CREATED, "{held:?}");
    let (hold, secret) = (held.text("hold"), held.text("secret"));
    let caller = caller.with(&secret);
    let confirm = format!("/api/v1/holds/{hold}/confirm");
    assert!(
        caller.post(&confirm, json!({})).await.body["fields"]["form"].is_string(),
        "the form comes first"
    );
    let form = json!({ "fields": { "name": "Anna Nowak" }, "consents": {} });
    let saved = caller.call("PUT", &format!("/api/v1/holds/{hold}/form"), form).await;
    assert_eq!(saved.status, StatusCode::NO_CONTENT, "{saved:?}");
    let done = caller.post(&confirm, json!({})).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
    let again = caller.post(&confirm, json!({})).await;
    assert_eq!(done.body, again.body, "a retry gives the answer of the first try");
    town.settled().await;
    let number = done.body["reservation"]["number"].as_str().unwrap();
    let mails: Vec<_> =
        town.phone.list(EMAIL).into_iter().filter(|mail| mail.text.contains(number)).collect();
    assert_eq!(mails.len(), 1, "one confirmation by mail");
}

#[tokio::test]
async fn one_account_that_books_for_many_names_is_found_though_no_code_was_asked_for() {
    let many = |office: &mut Office| {
        with_accounts(office);
        let service = office.services.iter_mut().find(|it| it.id == "meldunek").unwrap();
        service.max_active = None;
    };
    let town = Town::with(many).await;
    citizen(&town, EMAIL).await;
    let session = session(town.caller(), EMAIL, PASSWORD).await;
    for (n, time) in ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"].into_iter().enumerate() {
        let held = town.caller().with(&session).post(HOLDS, place("meldunek", time)).await;
        let (hold, secret) = (held.text("hold"), held.text("secret"));
        let caller = town.caller().with(&secret);
        let form = json!({ "fields": { "name": format!("Osoba {n}") }, "consents": {} });
        caller.call("PUT", &format!("/api/v1/holds/{hold}/form"), form).await;
        let done = caller.post(&format!("/api/v1/holds/{hold}/confirm"), json!({})).await;
        assert_eq!(done.status, StatusCode::OK, "{done:?}");
        town.advance("PT1M").await;
    }
    let token = staff::token("torun", okienko_web::Role::Supervisor, None);
    let found = staff::ask(&town, "GET", "/api/v1/offices/torun/suspicious", &token, None).await.json();
    let first = &found["suspicious"][0];
    assert_eq!((&found["total"], &first["stage"]), (&json!(6), &json!("confirmed")), "{found}");
    let reasons = first["reasons"].as_array().unwrap();
    assert!(reasons.contains(&json!({"code": "account_names", "count": 6})), "{first}");
}

#[tokio::test]
async fn an_account_has_no_more_visits_of_a_service_than_it_may_and_a_code_service_asks_for_its_code() {
    let town = town().await;
    citizen(&town, EMAIL).await;
    let session = session(town.caller(), EMAIL, PASSWORD).await;
    let mut last_answer = None;
    for (time, expected) in [("09:00", StatusCode::OK), ("09:15", StatusCode::CONFLICT)] {
        let held = town.caller().with(&session).post(HOLDS, place("meldunek", time)).await;
        assert_eq!(held.status, StatusCode::CREATED, "{held:?}");
        let (hold, secret) = (held.text("hold"), held.text("secret"));
        let form = json!({ "fields": { "name": "Anna Nowak" } });
        let caller = town.caller().with(&secret);
        caller.call("PUT", &format!("/api/v1/holds/{hold}/form"), form).await;
        let done = caller.post(&format!("/api/v1/holds/{hold}/confirm"), json!({})).await;
        assert_eq!(done.status, expected, "{done:?}");
        last_answer = Some(done);
    }
    assert_eq!(last_answer.unwrap().code(), "limit_reached");
    let by_code = json!({ "location": "glowny", "service": "dzialalnosc-gospodarcza", "date": "2026-12-02", "time": "09:00" });
    let held = town.caller().with(&session).post(HOLDS, by_code).await;
    let (hold, secret) = (held.text("hold"), held.text("secret"));
    let caller = town.caller().with(&secret);
    caller
        .call("PUT", &format!("/api/v1/holds/{hold}/form"), json!({ "fields": { "name": "Anna Nowak" } }))
        .await;
    let answer = caller.post(&format!("/api/v1/holds/{hold}/confirm"), json!({})).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "an account is no proof here");
    caller.post(&format!("/api/v1/holds/{hold}/code"), json!({ "phone": "601234567" })).await;
    let code = town.code("+48601234567").await;
    let done = caller.post(&format!("/api/v1/holds/{hold}/confirm"), json!({ "code": code })).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
    town.settled().await;
    let number = done.body["reservation"]["number"].as_str().unwrap().to_owned();
    assert!(town.phone.list("+48601234567").pop().unwrap().text.contains("wizyta"));
    assert!(town.phone.list(EMAIL).iter().any(|mail| mail.text.contains(&number)), "the account is told too");
}

#[tokio::test]
async fn a_service_without_questions_is_confirmed_at_once_and_the_account_gets_the_mail() {
    let town = town().await;
    citizen(&town, EMAIL).await;
    let session = session(town.caller(), EMAIL, PASSWORD).await;
    let held = town.caller().with(&session).post(HOLDS, place("dowod-odbior", "09:00")).await;
    let secret = held.text("secret");
    let confirm = format!("/api/v1/holds/{}/confirm", held.text("hold"));
    let done = town.caller().with(&secret).post(&confirm, json!({})).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
    town.settled().await;
    let number = done.body["reservation"]["number"].as_str().unwrap();
    assert!(town.phone.list(EMAIL).iter().any(|mail| mail.text.contains(number)));
}

#[tokio::test]
async fn a_new_password_ends_old_sessions_and_its_link_works_once() {
    let town = town().await;
    citizen(&town, EMAIL).await;
    let caller = town.caller();
    let old = session(caller, EMAIL, PASSWORD).await;
    assert_eq!(
        caller.post(&format!("{ACCOUNTS}/reset"), json!({ "email": EMAIL })).await.status,
        StatusCode::ACCEPTED
    );
    let token = last(&town.link(EMAIL).await);
    let set = |password: &str| json!({ "token": token, "password": password });
    let path = format!("{ACCOUNTS}/password");
    assert_eq!(caller.post(&path, set("krótkie")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(caller.post(&path, set("całkiem nowe hasło")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(caller.post(&path, set("jeszcze nowsze hasło")).await.status, StatusCode::GONE);
    let answer = caller.with(&old).post(HOLDS, place("meldunek", "09:00")).await;
    assert_eq!(answer.code(), "account_required", "old sessions are dead");
    let entry = json!({ "email": EMAIL, "password": PASSWORD });
    assert_eq!(caller.post(SESSIONS, entry).await.code(), "forbidden");
    let new = session(caller, EMAIL, "całkiem nowe hasło").await;
    assert_eq!(caller.with(&new).call("DELETE", SESSIONS, json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(caller.with(&new).call("DELETE", SESSIONS, json!({})).await.code(), "account_required");
}

#[tokio::test]
async fn an_address_changes_by_the_link_in_the_new_mailbox_and_the_old_one_is_told() {
    let town = town().await;
    let new = "nowa@example.org";
    citizen(&town, EMAIL).await;
    citizen(&town, "zajety@example.org").await;
    let caller = town.caller();
    let session_token = session(caller, EMAIL, PASSWORD).await;
    let path = format!("{ACCOUNTS}/address");
    let owner = caller.with(&session_token);
    let wrong = owner.post(&path, json!({ "email": new, "password": "nie to hasło wcale" })).await;
    assert!(wrong.body["fields"]["password"].is_string(), "{wrong:?}");
    // An address that is already taken gives the same answer; its owner is notified, and no link is sent.
    let taken = owner.post(&path, json!({ "email": "zajety@example.org", "password": PASSWORD })).await;
    assert_eq!(taken.status, StatusCode::ACCEPTED);
    assert_eq!(town.link("zajety@example.org").await, "/torun/account");
    assert_eq!(
        owner.post(&path, json!({ "email": new, "password": PASSWORD })).await.status,
        StatusCode::ACCEPTED
    );
    let token = last(&town.link(new).await);
    session(caller, EMAIL, PASSWORD).await;
    let before = town.phone.list(EMAIL).len();
    for _ in 0..2 {
        let done = caller.post(&format!("{path}/confirm"), json!({ "token": token })).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{done:?}");
    }
    town.settled().await;
    assert_eq!(town.phone.list(EMAIL).len(), before + 1, "the old mailbox is told once");
    session(caller, new, PASSWORD).await;
    let old = caller.post(SESSIONS, json!({ "email": EMAIL, "password": PASSWORD })).await;
    assert_eq!(old.code(), "forbidden");
    // The old address is free for whoever has that mailbox.
    citizen(&town, EMAIL).await;
    session(caller, EMAIL, PASSWORD).await;
}

#[tokio::test]
async fn a_deleted_account_is_gone_and_its_address_can_have_another() {
    let town = town().await;
    citizen(&town, EMAIL).await;
    let caller = town.caller();
    let token = session(caller, EMAIL, PASSWORD).await;
    let owner = caller.with(&token);
    let wrong = owner.call("DELETE", ACCOUNTS, json!({ "password": "nie to hasło wcale" })).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gone = owner.call("DELETE", ACCOUNTS, json!({ "password": PASSWORD })).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{gone:?}");
    assert_eq!(owner.post(HOLDS, place("meldunek", "09:00")).await.code(), "account_required");
    let entry = json!({ "email": EMAIL, "password": PASSWORD });
    assert_eq!(caller.post(SESSIONS, entry).await.code(), "forbidden");
    citizen(&town, EMAIL).await;
    session(caller, EMAIL, PASSWORD).await;
    assert_eq!(owner.post(HOLDS, place("meldunek", "09:00")).await.code(), "account_required");
}

#[tokio::test]
async fn links_and_sessions_of_one_office_open_nothing_at_another() {
    let town = town().await;
    let mut other =
        okienko_office::file::read(include_str!("../../../../deploy/offices/torun.toml")).unwrap();
    with_accounts(&mut other);
    (other.id, other.number) = ("inny".into(), 77);
    town.booking.import(Arc::new(other)).await.unwrap();
    citizen(&town, EMAIL).await;
    let caller = town.caller();
    let token = session(caller, EMAIL, PASSWORD).await;
    let there = "/api/v1/offices/inny";
    let held = caller.with(&token).post(&format!("{there}/holds"), place("meldunek", "09:00")).await;
    assert_eq!(held.code(), "account_required");
    let entry = json!({ "email": EMAIL, "password": PASSWORD });
    assert_eq!(caller.post(&format!("{there}/sessions"), entry).await.code(), "forbidden");
    caller.post(ACCOUNTS, new_account("ewa@example.org", PASSWORD)).await;
    let link = last(&town.link("ewa@example.org").await);
    let answer = caller.post(&format!("{there}/accounts/activate"), json!({ "token": link })).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn registrations_at_once_make_one_account_and_a_retry_sends_nothing_twice() {
    let town = town().await;
    let caller = town.caller();
    let asks = (0..4).map(|_| caller.post(ACCOUNTS, new_account(EMAIL, PASSWORD)));
    let answers = futures::future::join_all(asks).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::ACCEPTED), "{answers:?}");
    let token = last(&town.link(EMAIL).await);
    let body = json!({ "token": token, "password": PASSWORD });
    let answer = caller.post(&format!("{ACCOUNTS}/activate"), body).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "each of the links counts");
    let keyed = Caller { key: Some("of-one-request"), ..caller };
    for _ in 0..2 {
        let answer = keyed.post(ACCOUNTS, new_account("ewa@example.org", PASSWORD)).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
    }
    town.settled().await;
    assert_eq!(town.phone.list("ewa@example.org").len(), 1);
    let other = keyed.post(ACCOUNTS, new_account("ewa@example.org", "całkiem inne hasło")).await;
    assert_eq!(other.code(), "key_reused");
}

#[tokio::test]
async fn when_too_many_passwords_wait_the_rest_is_asked_to_come_again() {
    let town = town().await;
    let networks: Vec<String> = (0..100).map(|n| format!("203.0.113.{n}")).collect();
    let tries = networks.iter().map(|network| {
        let body =
            json!({ "email": format!("{}@example.org", network.replace('.', "-")), "password": PASSWORD });
        town.caller().from(network).post_owned(SESSIONS, body)
    });
    let answers = futures::future::join_all(tries).await;
    let away: Vec<_> = answers.iter().filter(|it| it.status == StatusCode::SERVICE_UNAVAILABLE).collect();
    assert!(!away.is_empty() && away.iter().all(|it| it.headers.contains_key("retry-after")));
    assert!(answers.iter().any(|it| it.code() == "forbidden"), "those who waited got their answer");
    citizen(&town, EMAIL).await;
}
