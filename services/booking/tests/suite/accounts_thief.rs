//! A stranger knows somebody's mail address, registers it, requests password resets, and requests changes of their own
//! account's address to it. The owner presses whatever links arrive. Whatever the order, the stranger never gets in.

use crate::support::Town;
use crate::support::browser::Browser;
use http::StatusCode;
use okienko_office::{AccountRule, Office};
use serde_json::json;

const ACCOUNTS: &str = "/api/v1/offices/torun/accounts";
const SESSIONS: &str = "/api/v1/offices/torun/sessions";
const OWNER: &str = "anna.nowak@example.org";
const OWNERS: &str = "hasło właścicielki 7";
const THIEF: &str = "obcy@example.org";
const THIEFS: &str = "hasło kogoś obcego";

async fn town() -> Town {
    Town::with(|office: &mut Office| office.account = AccountRule::Required).await
}

/// The links of this kind in the owner's mailbox, oldest first.
async fn links(town: &Town, to: &str, kind: &str) -> Vec<String> {
    town.settled().await;
    let paths = town.phone.list(to).into_iter().filter_map(|mail| {
        let at = mail.text.find("/torun/account")?;
        Some(mail.text[at..].split_whitespace().next().unwrap_or_default().to_owned())
    });
    paths.filter(|path| path.contains(&format!("/account/{kind}/"))).collect()
}

async fn comes_in(town: &Town, email: &str, password: &str) -> bool {
    let answer = town.caller().post(SESSIONS, json!({ "email": email, "password": password })).await;
    assert!(matches!(answer.status, StatusCode::OK | StatusCode::FORBIDDEN), "{answer:?}");
    answer.status == StatusCode::OK
}

/// Runs one step of a scenario: `O` and `T` register (owner, thief), `o` and `t` request a password reset, `p1` presses
/// the first activation link on its page with the owner's password, `b1` uses it as an API client without a password,
/// `s1` sets the owner's password by the first reset link, `+23` advances the clock by that many hours, `J` is a
/// registration by the owner with different capitalization.
async fn step(town: &Town, browser: &mut Browser, step: &str) -> String {
    let (act, rest) = step.split_at(1);
    let nth = rest.parse::<usize>().unwrap_or(1);
    let register = |email: &str, password: &str| json!({ "email": email, "password": password });
    let mails = town.caller().from("203.0.113.9");
    match act {
        "O" => town.caller().post(ACCOUNTS, register(OWNER, OWNERS)).await.status.as_u16().to_string(),
        "J" => {
            let answer = town.caller().post(ACCOUNTS, register("Anna.NOWAK@Example.org", OWNERS)).await;
            answer.status.as_u16().to_string()
        }
        "T" => mails.post(ACCOUNTS, register(OWNER, THIEFS)).await.status.as_u16().to_string(),
        "o" | "t" => {
            let caller = if act == "o" { town.caller() } else { mails };
            caller
                .post(&format!("{ACCOUNTS}/reset"), json!({ "email": OWNER }))
                .await
                .status
                .as_u16()
                .to_string()
        }
        "p" | "s" => {
            let kind = if act == "p" { "activate" } else { "reset" };
            let all = links(town, OWNER, kind).await;
            browser.open(&all[nth - 1]).await;
            if browser.status != StatusCode::OK {
                return browser.status.as_u16().to_string();
            }
            let button = if act == "p" { "Aktywuj konto" } else { "Zapisz hasło" };
            browser.press(button, &[("password", OWNERS)]).await;
            browser.status.as_u16().to_string()
        }
        "b" => {
            let all = links(town, OWNER, "activate").await;
            let token = all[nth - 1].rsplit('/').next().unwrap();
            let answer = town.caller().post(&format!("{ACCOUNTS}/activate"), json!({ "token": token })).await;
            answer.status.as_u16().to_string()
        }
        "+" => {
            town.advance(&format!("PT{rest}H")).await;
            String::new()
        }
        _ => panic!("{step}"),
    }
}

/// Steps with their expected answers, and whether the owner gets in at the end. The thief never does.
const STORIES: &[(&str, bool)] = &[
    ("O:202 b1:204", true),
    ("O:202 p1:200", true),
    ("O:202 T:202 p1:200", true),
    ("O:202 T:202 p2:200", true),
    ("O:202 T:202 b1:422 b2:422 p2:200 p1:410", true),
    ("T:202 O:202 p1:200 p2:410", true),
    ("T:202 O:202 b2:422 b1:422 p2:200", true),
    ("T:202 p1:200", true),
    ("T:202 T:202 T:202 O:202 p2:200", true),
    ("O:202 +23 T:202 p1:200", true),
    ("O:202 +23 T:202 +2 p1:410 b2:422 p2:200", true),
    ("T:202 +23 O:202 +2 b1:410 b2:422 p2:200", true),
    ("T:202 +25 O:202 b1:410 b2:204", true),
    ("O:202 +25 p1:410 O:202 b2:204", true),
    ("O:202 p1:200 T:202 p1:410", true),
    ("O:202 T:202 p1:200 b2:410 T:202", true),
    ("O:202 p1:200 o:202 t:202 t:202 s1:200 s2:410 s3:410", true),
    ("O:202 p1:200 t:202 o:202 s2:200", true),
    ("T:202 p1:200 t:202 s1:200", true),
    ("O:202 J:202 p2:200", true),
    ("T:202 J:202 p1:200", true),
    ("O:202 T:202", false),
    ("T:202 O:202 b1:422", false),
    ("T:202 t:202", false),
];

#[tokio::test]
async fn whatever_the_order_of_registrations_and_presses_a_strangers_password_never_opens_the_account() {
    for (story, comes) in STORIES {
        let town = town().await;
        let mut browser = town.browser();
        for part in story.split(' ') {
            let (act, told) = part.split_once(':').unwrap_or((part, ""));
            assert_eq!(step(&town, &mut browser, act).await, told, "{part} of {story}");
        }
        assert!(!comes_in(&town, OWNER, THIEFS).await, "the stranger is in after {story}");
        assert_eq!(comes_in(&town, OWNER, OWNERS).await, *comes, "the owner after {story}");
    }
}

#[tokio::test]
async fn mail_goes_to_the_address_as_its_own_registration_wrote_it_and_that_one_becomes_the_accounts() {
    let town = town().await;
    for (email, password) in [(OWNER, OWNERS), ("ANNA.nowak@example.org", THIEFS)] {
        town.caller().post(ACCOUNTS, json!({ "email": email, "password": password })).await;
    }
    let path = links(&town, OWNER, "activate").await.remove(0);
    town.browser().open(&path).await.press("Aktywuj konto", &[("password", OWNERS)]).await;
    town.caller().post(&format!("{ACCOUNTS}/reset"), json!({ "email": OWNER })).await;
    town.settled().await;
    let resets = town.phone.list(OWNER).into_iter().filter(|mail| mail.text.contains("/reset/"));
    assert_eq!(resets.map(|mail| mail.to).collect::<Vec<_>>(), [OWNER]);
}

#[tokio::test]
async fn a_link_to_a_new_address_moves_no_strangers_account_to_whoever_presses_it() {
    let town = town().await;
    let mut thief = town.browser();
    town.caller().post(ACCOUNTS, json!({ "email": THIEF, "password": THIEFS })).await;
    let path = links(&town, THIEF, "activate").await.remove(0);
    thief.open(&path).await.press("Aktywuj konto", &[("password", THIEFS)]).await;
    thief.press("Zaloguj się", &[("email", THIEF), ("password", THIEFS)]).await;
    thief.open("/torun/account/address").await;
    thief.press("Wyślij link", &[("email", OWNER), ("password", THIEFS)]).await;
    let path = links(&town, OWNER, "address").await.remove(0);
    // The owner, who expects a mail from this office, presses what comes and types the password they want to have.
    let mut owner = town.browser();
    owner.open(&path).await;
    assert!(owner.says("Jeśli to nie Ty zmieniasz adres"));
    owner.press("Potwierdzam nowy adres", &[("password", OWNERS)]).await;
    assert_eq!(owner.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!comes_in(&town, OWNER, THIEFS).await && comes_in(&town, THIEF, THIEFS).await);
    // Somebody signed in to that account needs no password: it is theirs.
    thief.open(&path).await.press("Potwierdzam nowy adres", &[]).await;
    assert!(thief.says("Adres jest zmieniony"), "{}", thief.words());
}
