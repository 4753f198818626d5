//! The proof of work through the real router: what is accepted, and every way in which it is refused.

use crate::support::crowd;

use crowd::{Crowd, hold_body, packed, solved};
use http::StatusCode;
use serde_json::{Value, json};

const HOME: &str = "198.51.100.7";
const PLACE: (&str, &str) = ("2026-12-02", "09:00");
const REFUSED: (u16, &str) = (403, "challenge_required");

#[tokio::test]
async fn a_solved_challenge_opens_the_way_and_only_once() {
    let crowd = Crowd::start().await;
    let bare = crowd.hold("priced", HOME, PLACE, None).await;
    assert_eq!(bare.refusal(), REFUSED);
    let challenge = crowd.challenge("priced", HOME).await;
    for name in ["algorithm", "cost", "expiresAt", "keyLength", "keyPrefix", "nonce", "salt"] {
        assert!(!challenge["parameters"][name].is_null(), "{name}: {challenge}");
    }
    let payload = packed(&solved(&challenge));
    let held = crowd.hold("priced", HOME, PLACE, Some(&payload)).await;
    assert_eq!(held.status, StatusCode::CREATED, "{}", held.body);
    let again = crowd.hold("priced", HOME, PLACE, Some(&payload)).await;
    assert_eq!(again.refusal(), REFUSED);
    assert!(again.text("hint").contains("used before"), "{}", again.body);
    // An office that requires none accepts one anyway.
    assert_eq!(crowd.hold("open", HOME, PLACE, Some(&payload)).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_retry_of_the_same_request_gets_the_first_answer_also_when_the_challenge_is_old() {
    let crowd = Crowd::start().await;
    let body = hold_body(PLACE, Some(&packed(&crowd.stamp("priced", 0, 600, 1))));
    let ask = |key: &'static str| {
        crowd.ask(("POST", "/api/v1/offices/priced/holds"), HOME, ("", key), Some(body.clone()))
    };
    let first = ask("my-own-key").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    for _ in 0..3 {
        crowd.wait(1000);
        assert_eq!(ask("my-own-key").await.body["hold"], first.body["hold"]);
    }
    assert_eq!(ask("another-key").await.refusal(), REFUSED);
}

#[tokio::test]
async fn what_was_not_given_for_this_or_not_solved_is_refused() {
    let crowd = Crowd::start().await;
    let good = |nonce| crowd.stamp("priced", 0, 600, nonce);
    let with = |nonce, path: &str, value: Value| {
        let mut answer = good(nonce);
        *answer.pointer_mut(path).unwrap() = value;
        answer
    };
    let mut spliced = good(1);
    spliced["challenge"]["signature"] = good(2)["challenge"]["signature"].clone();
    let key = good(3)["solution"]["derivedKey"].as_str().unwrap().to_owned();
    let cases = [
        ("spliced", spliced, "signature"),
        ("longer life", with(4, "/challenge/parameters/expiresAt", json!(4_102_444_800_i64)), "signature"),
        ("cheaper", with(4, "/challenge/parameters/cost", json!(1)), "signature"),
        ("dearer than it was", with(4, "/challenge/parameters/data/level", json!(6)), "signature"),
        ("unsigned", with(4, "/challenge/signature", Value::Null), "payload"),
        ("expired", crowd.stamp("priced", 0, -1, 5), "expired"),
        ("another office's", crowd.stamp("open", 0, 600, 6), "another office"),
        ("another counter", with(3, "/solution/counter", json!(1)), "solution"),
        ("large letters", with(3, "/solution/derivedKey", json!(key.to_uppercase())), "solution"),
        (
            "the prefix alone",
            with(3, "/solution/derivedKey", json!(format!("{}{}", &key[..32], "0".repeat(32)))),
            "solution",
        ),
        ("nothing", json!({}), "payload"),
    ];
    for (name, answer, hint) in cases {
        let answer = crowd.hold("priced", HOME, PLACE, Some(&packed(&answer))).await;
        assert_eq!(answer.refusal(), REFUSED, "{name}: {}", answer.body);
        assert!(answer.text("hint").contains(hint), "{name}: {}", answer.body);
    }
    // None of the refusals used the challenge up.
    assert_eq!(crowd.hold("priced", HOME, PLACE, Some(&packed(&good(3)))).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_challenge_expires_by_real_time() {
    let crowd = Crowd::start().await;
    let (early, late) = (crowd.stamp("priced", 0, 600, 1), crowd.stamp("priced", 0, 600, 2));
    crowd.wait(600);
    assert_eq!(crowd.hold("priced", HOME, PLACE, Some(&packed(&early))).await.status, StatusCode::CREATED);
    crowd.wait(1);
    let refused = crowd.hold("priced", HOME, PLACE, Some(&packed(&late))).await;
    assert_eq!(refused.refusal(), REFUSED);
}

#[tokio::test]
async fn a_challenge_is_for_an_office_that_there_is() {
    let crowd = Crowd::start().await;
    assert_eq!(crowd.get("/api/v1/challenge?office=nowhere", HOME).await.refusal(), (404, "unknown"));
    assert_eq!(crowd.get("/api/v1/challenge", HOME).await.refusal(), (422, "invalid"));
    for _ in 0..240 {
        crowd.challenge("priced", HOME).await;
    }
    let over = crowd.get("/api/v1/challenge?office=priced", HOME).await;
    assert_eq!(over.refusal(), (429, "rate_limited"));
    crowd.challenge("priced", "198.51.100.8").await;
}

#[tokio::test]
async fn without_scripts_one_waits_and_then_presses_a_button() {
    const HOURS: &str = "/priced/book?service=dzialalnosc-gospodarcza&location=glowny&date=2026-12-02";
    let crowd = Crowd::start().await;
    let mut browser = crowd.browser(HOME);
    browser.open(HOURS).await;
    assert!(browser.html.contains("data-challenge=\"/api/v1/challenge?office=priced\""));
    assert!(
        browser.html.contains("/assets/challenge.js?v=") && browser.html.contains("challenge-worker.js?v=")
    );
    browser.press("09:00", &[]).await;
    assert_eq!(browser.title(), "Jeszcze chwila");
    assert!(browser.says("Za 15 sekund pojawi się tu przycisk rezerwacji."), "{}", browser.words());
    assert_eq!(browser.headers["refresh"], "16");
    crowd.wait(14);
    browser.reload().await;
    assert!(browser.says("Za 1 sekundę") && !browser.html.contains("name=\"wait\""));
    crowd.wait(1);
    browser.reload().await;
    assert!(!browser.headers.contains_key("refresh"));
    // Somebody else cannot use it.
    let mut other = crowd.browser("198.51.100.99");
    other.open(&browser.at).await;
    assert!(
        other.at.contains("notice=challenge_required") && other.says("Potrzebne jest dodatkowe sprawdzenie")
    );
    let address = browser.at.clone();
    browser.press("Rezerwuję 09:00", &[]).await;
    assert_eq!(browser.title(), "Kto przyjdzie?");
    // The ticket can be used once: the button of another rendering starts a new wait.
    browser.open(&address).await.press("Rezerwuję 09:00", &[]).await;
    assert_eq!(browser.title(), "Jeszcze chwila");
}

#[tokio::test]
async fn a_ticket_that_is_sent_too_early_or_made_up_counts_nothing() {
    const WAIT: &str =
        "/priced/book/wait?service=dzialalnosc-gospodarcza&location=glowny&date=2026-12-02&time=09:00";
    let crowd = Crowd::start().await;
    let mut browser = crowd.browser(HOME);
    for ticket in ["", "1", "0-AAAA-BBBB", "9999999999-AAAA-BBBB"] {
        browser.open(&format!("{WAIT}&ticket={ticket}")).await;
        assert!(browser.at.contains("notice=challenge_required"), "{ticket}: {}", browser.at);
    }
    browser.press("09:00", &[]).await;
    let ticket = browser.at.split("ticket=").nth(1).unwrap().to_owned();
    let early = browser.at.clone();
    crowd.wait(20);
    browser.open(&early).await;
    // The button of a page whose wait is over, with a forged ticket, and with one whose wait has just begun.
    let mut fresh = crowd.browser(HOME);
    fresh.open("/priced/book?service=dzialalnosc-gospodarcza&location=glowny&date=2026-12-02").await;
    fresh.press("09:00", &[]).await;
    let young = fresh.at.split("ticket=").nth(1).unwrap().to_owned();
    for other in [ticket.replacen('-', "0-", 1), young] {
        let mut forged = crowd.browser(HOME);
        forged.open(&early).await;
        forged.html = forged.html.replace(&ticket, &other);
        forged.press("Rezerwuję 09:00", &[]).await;
        assert_eq!(forged.title(), "Jeszcze chwila", "{other}");
    }
    crowd.wait(700);
    browser.reload().await;
    assert!(browser.at.contains("notice=challenge_required"), "a ticket does not count for ever");
}

#[tokio::test]
async fn waiting_is_for_few_of_one_network() {
    const HOURS: &str = "/priced/book?service=dzialalnosc-gospodarcza&location=glowny&date=2026-12-02";
    let crowd = Crowd::start().await;
    for n in 0..14 {
        let mut browser = crowd.browser(HOME);
        browser.open(HOURS).await.press("09:00", &[]).await;
        let waits = browser.title() == "Jeszcze chwila";
        assert_eq!(waits, n < 12, "{n}: {}", browser.at);
        if !waits {
            assert!(browser.at.contains("notice=rate_limited"), "{}", browser.at);
        }
    }
}

#[tokio::test]
async fn one_answer_holds_one_hour_whatever_key_it_comes_with() {
    let crowd = Crowd::start().await;
    let payload = packed(&crowd.stamp("priced", 0, 600, 9));
    let placed = async |date: &str| {
        let body = Some(hold_body((date, "09:00"), Some(&payload)));
        crowd.ask(("POST", "/api/v1/offices/priced/holds"), HOME, ("", "the same"), body).await
    };
    let first = placed("2026-12-02").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let again = placed("2026-12-02").await;
    assert_eq!((again.status, again.text("hold")), (StatusCode::CREATED, first.text("hold")), "a retry");
    for date in ["2026-12-03", "2026-12-04", "2026-12-07"] {
        let other = placed(date).await;
        assert_eq!(other.refusal(), REFUSED, "{date}: {}", other.body);
    }
}
