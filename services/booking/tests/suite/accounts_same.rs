//! A stranger learns nothing by asking: known and unknown addresses get the same answer after the same work, and
//! guessing passwords locks out nobody but the guesser.

use crate::support::Town;
use crate::support::api::Answer;
use http::{HeaderMap, StatusCode};
use okienko_office::{AccountRule, Office};
use serde_json::{Value, json};

const ACCOUNTS: &str = "/api/v1/offices/torun/accounts";
const SESSIONS: &str = "/api/v1/offices/torun/sessions";
const KNOWN: &str = "anna.nowak@example.org";
const WAITING: &str = "czeka.jeszcze@example.org";
const UNKNOWN: &str = "nikt.nieznany@example.org";
const PASSWORD: &str = "kilka zwykłych słów";

/// One address with an account, one whose link was not used, one without an account.
async fn town() -> Town {
    let town = Town::with(|office: &mut Office| office.account = AccountRule::Required).await;
    for email in [KNOWN, WAITING] {
        let body = json!({ "email": email, "password": PASSWORD });
        assert_eq!(town.caller().post(ACCOUNTS, body).await.status, StatusCode::ACCEPTED);
    }
    let token = town.link(KNOWN).await.rsplit('/').next().unwrap().to_owned();
    let answer = town.caller().post(&format!("{ACCOUNTS}/activate"), json!({ "token": token })).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    town
}

/// What a request returns and costs: the answer, argon2 runs, events in the whole journal, mails.
async fn asked(town: &Town, path: &str, body: Value) -> (Answer, [u64; 3]) {
    let addresses = [KNOWN, WAITING, UNKNOWN];
    let mails = || addresses.iter().map(|to| town.phone.list(to).len() as u64).sum::<u64>();
    town.settled().await;
    let before = [town.booking.accounts().password_runs(), town.booking.positions(), mails()];
    let answer = town.caller().post(path, body).await;
    town.settled().await;
    let after = [town.booking.accounts().password_runs(), town.booking.positions(), mails()];
    (answer, [0, 1, 2].map(|at| after[at] - before[at]))
}

fn without_dates(headers: &HeaderMap) -> Vec<(String, Vec<u8>)> {
    let kept = headers.iter().filter(|(name, _)| *name != http::header::DATE);
    let mut kept: Vec<_> = kept.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
    kept.sort();
    kept
}

async fn same_for_all(path: &str, body: impl Fn(&str) -> Value, work: [u64; 3]) -> Answer {
    let town = town().await;
    let mut first: Option<Answer> = None;
    for email in [KNOWN, WAITING, UNKNOWN] {
        let (answer, done) = asked(&town, path, body(email)).await;
        assert_eq!(done, work, "runs of argon2, events and mails for {email}");
        if let Some(first) = &first {
            assert_eq!((answer.status, &answer.body), (first.status, &first.body), "{email}");
            assert_eq!(without_dates(&answer.headers), without_dates(&first.headers), "{email}");
        }
        first = Some(answer);
    }
    first.unwrap()
}

#[tokio::test]
async fn a_registration_is_the_same_for_every_address() {
    let body = |email: &str| json!({ "email": email, "password": "całkiem inne hasło" });
    let answer = same_for_all(ACCOUNTS, body, [1, 1, 1]).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn signing_in_with_a_wrong_password_is_the_same_for_every_address() {
    let body = |email: &str| json!({ "email": email, "password": "nie to hasło wcale" });
    let answer = same_for_all(SESSIONS, body, [1, 0, 0]).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "forbidden"));
}

#[tokio::test]
async fn a_forgotten_password_is_the_same_for_every_address() {
    let body = |email: &str| json!({ "email": email });
    let answer = same_for_all(&format!("{ACCOUNTS}/reset"), body, [0, 1, 1]).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_registration_of_somebody_elses_account_changes_nothing_about_it() {
    let town = town().await;
    let thief = json!({ "email": KNOWN, "password": "hasło złodzieja" });
    town.caller().post(ACCOUNTS, thief.clone()).await;
    assert_eq!(town.link(KNOWN).await, "/torun/account", "the owner is told and gets no link to activate");
    assert_eq!(town.caller().post(SESSIONS, thief).await.code(), "forbidden");
    let owner = json!({ "email": KNOWN, "password": PASSWORD });
    assert_eq!(town.caller().post(SESSIONS, owner).await.status, StatusCode::OK);
}

/// Attempts at an account and at none alternate; the order of their durations must reveal nothing. The bound is loose,
/// because other tests use the same processor: without the decoy the durations would not overlap at all.
#[tokio::test]
async fn how_long_a_wrong_password_takes_tells_nothing_of_the_address() {
    const TRIES: usize = 16;
    let town = town().await;
    let mut lengths = [Vec::new(), Vec::new()];
    for n in 0..TRIES {
        let network = format!("203.0.113.{n}");
        for (at, email) in [KNOWN, UNKNOWN].into_iter().enumerate() {
            let begun = tokio::time::Instant::now();
            let body = json!({ "email": email, "password": "nie to hasło wcale" });
            let answer = town.caller().from(&network).post(SESSIONS, body).await;
            lengths[at].push(begun.elapsed());
            assert_eq!(answer.code(), "forbidden");
        }
    }
    let [known, unknown] = lengths;
    let longer =
        known.iter().flat_map(|a| unknown.iter().map(move |b| a > b)).filter(|longer| *longer).count();
    let share = longer as f64 / (TRIES * TRIES) as f64;
    println!("an account took longer in {share:.2} of all pairs; 0.5 is no difference");
    assert!((0.02..0.98).contains(&share), "{share}");
}

#[tokio::test]
async fn who_guesses_shuts_out_their_own_network_and_not_the_owner() {
    let town = town().await;
    let owner = json!({ "email": KNOWN, "password": PASSWORD });
    let home = town.caller().from("192.0.2.10");
    assert_eq!(home.post(SESSIONS, owner.clone()).await.status, StatusCode::OK);
    let guess = json!({ "email": KNOWN, "password": "nie to hasło wcale" });
    let mut refused = 0;
    // From many networks, until the account accepts no more attempts from unknown networks.
    for n in 0..80 {
        let network = format!("203.0.113.{n}");
        let answer = town.caller().from(&network).post(SESSIONS, guess.clone()).await;
        refused += usize::from(answer.code() == "rate_limited");
    }
    assert!(refused > 0, "nobody may guess on for ever");
    let stranger = town.caller().from("198.51.100.99").post(SESSIONS, owner.clone()).await;
    assert_eq!((stranger.code(), stranger.headers.contains_key("retry-after")), ("rate_limited", true));
    assert_eq!(home.post(SESSIONS, owner).await.status, StatusCode::OK, "the owner comes in from home");
}

#[tokio::test]
async fn one_network_that_guesses_is_stopped_soon_and_another_is_not() {
    let town = town().await;
    let guess = json!({ "email": KNOWN, "password": "nie to hasło wcale" });
    let thief = town.caller().from("203.0.113.1");
    let mut codes = Vec::new();
    for _ in 0..12 {
        codes.push(thief.post(SESSIONS, guess.clone()).await.code().to_owned());
    }
    assert_eq!((codes[0].as_str(), codes[11].as_str()), ("forbidden", "rate_limited"));
    let owner = json!({ "email": KNOWN, "password": PASSWORD });
    assert_eq!(thief.post(SESSIONS, owner.clone()).await.code(), "rate_limited", "also with the right one");
    assert_eq!(town.caller().from("192.0.2.10").post(SESSIONS, owner).await.status, StatusCode::OK);
}
