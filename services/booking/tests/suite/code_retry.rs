//! A confirm that is sent again because its answer was lost: by API clients with an Idempotency-Key, by browsers with
//! the form's key.

use crate::support;

use crate::support::Town;
use serde_json::json;

const PHONE: &str = "+48601234567";
const NAME: &str = "Jan Kowalski";
const HOURS: &str = "/torun/book?service=dzialalnosc-gospodarcza&location=glowny&date=2026-12-02";
/// The message after the first wrong code.
const FOUR_LEFT: &str = "4 próby";

#[tokio::test]
async fn a_retried_confirm_uses_up_no_other_try_and_its_key_belongs_to_its_code() {
    let town = Town::start().await;
    let caller = town.caller();
    let place = json!({"location": "glowny", "service": "meldunek", "date": "2026-12-02", "time": "10:00"});
    let held = caller.post("/api/v1/offices/torun/holds", place).await;
    let (hold, secret) = (held.text("hold"), held.text("secret"));
    let caller = caller.with(&secret);
    let fields = json!({"fields": {"name": NAME}, "consents": {}});
    caller.call("PUT", &format!("/api/v1/holds/{hold}/form"), fields).await;
    caller.post(&format!("/api/v1/holds/{hold}/code"), json!({"phone": PHONE})).await;
    let right = town.code(PHONE).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let path = format!("/api/v1/holds/{hold}/confirm");
    let keys: Vec<String> = (0..220).map(|n| n.to_string()).collect();
    let sent = async |code: &str, key| {
        let answer = support::api::Caller { key, ..caller }.post(&path, json!({"code": code})).await;
        (answer.status.as_u16(), answer.code().to_owned(), answer.body["attempts_left"].as_u64())
    };
    let left = |n| (422, "code_wrong".to_owned(), Some(n));
    for _ in 0..6 {
        assert_eq!(sent(wrong, Some("lost answer")).await, left(4));
    }
    assert_eq!(sent(wrong, Some("another try")).await, left(3));
    assert_eq!(sent(wrong, None).await, left(2));
    assert_eq!(sent(&right, Some("another try")).await, (422, "key_reused".to_owned(), None));
    assert_eq!(sent(&right, Some("found it")).await.0, 200);
    assert_eq!(sent(&right, Some("found it")).await.0, 200);
    let mut limited = 0;
    for key in &keys {
        limited += usize::from(sent(&right, Some(key.as_str())).await.0 == 429);
    }
    assert!(limited > 0, "receipts of one hold do not grow for ever");
}

#[tokio::test]
async fn the_same_form_sent_twice_is_one_try_and_another_code_on_it_is_another() {
    let town = Town::start().await;
    let mut browser = town.browser();
    browser.open(HOURS).await.press("09:00", &[]).await.press("Dalej", &[("name", NAME)]).await;
    browser.press("Wyślij kod", &[("phone", PHONE)]).await;
    let right = town.code(PHONE).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let first = (browser.at.clone(), browser.html.clone());
    for _ in 0..6 {
        (browser.at, browser.html) = first.clone();
        browser.press("Potwierdź wizytę", &[("code", wrong)]).await;
        assert!(browser.says(FOUR_LEFT), "{}", browser.words());
    }
    // The page returned has a key of its own.
    browser.press("Potwierdź wizytę", &[("code", wrong)]).await;
    assert!(browser.status == 422 && !browser.says(FOUR_LEFT), "{}", browser.words());
    // Back in the browser to the first form, with the correct code.
    (browser.at, browser.html) = first;
    browser.press("Potwierdź wizytę", &[("code", &right)]).await;
    assert_eq!(browser.title(), "Wizyta potwierdzona");
}
