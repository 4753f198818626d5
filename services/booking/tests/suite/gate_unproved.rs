//! Holds that nobody proves: hoarders work for each further one, in every office, and honest crowds get through.

use crate::support::crowd;

use crowd::{Answer, Crowd, hold_body, packed, solved};
use http::StatusCode;
use serde_json::json;

const WORK: (u16, &str) = (403, "challenge_required");
/// Holds that one network may have before it must work.
const FREE: usize = 10;

/// Attempts this many holds without any work; returns how many succeeded.
async fn grabbed(crowd: &Crowd, office: &str, networks: &[String], tries: usize) -> usize {
    let places = crowd.places(office).await;
    let mut held = 0;
    for (n, (date, time)) in places.iter().take(tries).enumerate() {
        let answer = crowd.hold(office, &networks[n % networks.len()], (date, time), None).await;
        match answer.refusal() {
            (201, _) => held += 1,
            refused => assert_eq!(refused, WORK, "{n}: {}", answer.body),
        }
    }
    held
}

#[tokio::test]
async fn whoever_hoards_a_day_gets_ten_places_and_works_for_each_other() {
    let hosts = |n: usize, write: fn(usize) -> String| -> Vec<String> { (0..n).map(write).collect() };
    let attackers: [(&str, Vec<String>, usize); 11] = [
        ("one address", hosts(1, |_| "203.0.113.66".into()), FREE),
        (
            "one address written as IPv6",
            hosts(2, |n| ["203.0.113.67", "::ffff:203.0.113.67"][n].into()),
            FREE,
        ),
        ("two addresses", hosts(2, |n| format!("203.0.113.{}", 70 + n)), 2 * FREE),
        ("one host that draws IPv6 addresses", hosts(60, |n| format!("2a02:d100:1:2::{n:x}")), FREE),
        (
            "the ends of one /64",
            hosts(2, |n| ["2a02:d100:1:3::", "2a02:d100:1:3:ffff:ffff:ffff:ffff"][n].into()),
            FREE,
        ),
        ("two /64 of a house", hosts(2, |n| format!("2a02:d100:2:{n:x}::1")), 2 * FREE),
        ("a house with a /56", hosts(60, |n| format!("2a02:d100:3:{n:x}::1")), 4 * FREE),
        ("a company with a /56 of 200 networks", hosts(200, |n| format!("2a02:d100:4:{n:x}::1")), 4 * FREE),
        ("a tunnel with a /48", hosts(200, |n| format!("2a02:d100:5:{:x}::1", n * 256)), 16 * FREE),
        ("loopback", hosts(1, |_| "127.0.0.1".into()), FREE),
        ("a private address", hosts(1, |_| "192.168.1.20".into()), FREE),
    ];
    for (who, networks, most) in attackers {
        let crowd = Crowd::start().await;
        assert_eq!(grabbed(&crowd, "open", &networks, 200.min(most + 60)).await, most, "{who}");
        // Another office, if it lets them in at all, gives no further allowance.
        let polish = ["2a02:d100", "127.", "192.168."].iter().any(|start| networks[0].starts_with(start));
        let other = if polish { "bound" } else { "open" };
        assert_eq!(grabbed(&crowd, other, &networks[..1], 1).await, 0, "{who}");
        // Other networks notice nothing.
        let neighbour = crowd.hold("open", "198.51.100.200", ("2026-12-18", "09:00"), None).await;
        assert_eq!(neighbour.status, StatusCode::CREATED, "{who}: {}", neighbour.body);
    }
}

#[tokio::test]
async fn all_at_the_same_moment_is_no_way_around() {
    let crowd = Crowd::start().await;
    let places = crowd.places("open").await;
    let ask = |n: usize| {
        let (date, time) = &places[n * 7];
        crowd.hold("open", "203.0.113.66", (date, time), None)
    };
    let answers = futures::future::join_all((0..60).map(ask)).await;
    let held = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
    assert_eq!(held, FREE);
}

async fn worked(crowd: &Crowd, from: &str, place: (&str, &str), (level, nonce): (u64, u64)) -> Answer {
    let payload = packed(&crowd.stamp("open", level, 600, nonce));
    crowd.hold("open", from, place, Some(&payload)).await
}

#[tokio::test]
async fn the_more_run_unproved_the_dearer_is_the_next_and_it_is_cheap_again_when_they_are_gone() {
    let crowd = Crowd::start().await;
    let (hoarder, places) = ("203.0.113.66", crowd.places("open").await);
    let mut held: Vec<Answer> = Vec::new();
    let mut levels = Vec::new();
    for (n, (date, time)) in places.iter().take(60).enumerate() {
        let level = crowd.level("open", hoarder).await;
        levels.push(level);
        held.push(match n < FREE {
            true => crowd.hold("open", hoarder, (date, time), None).await,
            false => worked(&crowd, hoarder, (date, time), (level, n as u64)).await,
        });
        assert_eq!(held[n].status, StatusCode::CREATED, "{n}: {}", held[n].body);
    }
    assert!(levels.is_sorted(), "{levels:?}");
    assert_eq!((levels[FREE], levels[2 * FREE], levels[3 * FREE]), (0, 1, 2));
    assert!(levels[59] >= 4, "{levels:?}");
    // What was solved at the minimum price no longer counts.
    let cheap = worked(&crowd, hoarder, ("2026-12-18", "09:00"), (0, 9_999)).await;
    assert_eq!(cheap.refusal(), WORK);
    for answer in &held {
        let path = format!("/api/v1/holds/{}", answer.text("hold"));
        crowd.ask(("DELETE", &path), hoarder, (&answer.text("secret"), ""), None).await;
    }
    crowd.settled().await;
    // Without active holds, no work. But a network that gave back fifty holds it had worked for pays for that when it
    // must work again.
    crowd.wait(1_200);
    assert_eq!(crowd.hold("open", hoarder, ("2026-12-02", "09:00"), None).await.status, StatusCode::CREATED);
    assert!(crowd.level("open", hoarder).await >= 1);
}

#[tokio::test]
async fn a_retry_gets_its_first_answer_though_its_network_has_come_to_the_price_since() {
    let crowd = Crowd::start().await;
    let (home, places) = ("198.51.100.7", crowd.places("open").await);
    let first = hold_body(("2026-12-02", "09:00"), None);
    let ask = |key: &'static str, body: &serde_json::Value| {
        crowd.ask(("POST", "/api/v1/offices/open/holds"), home, ("", key), Some(body.clone()))
    };
    let before = ask("my-key", &first).await;
    assert_eq!(before.status, StatusCode::CREATED, "{}", before.body);
    grabbed(&crowd, "open", &[home.to_owned()], 20).await;
    for _ in 0..3 {
        let again = ask("my-key", &first).await;
        assert_eq!(again.text("hold"), before.text("hold"), "{}", again.body);
        assert_eq!(again.text("secret"), before.text("secret"));
    }
    assert_eq!(ask("other-key", &first).await.refusal(), WORK);
    // A hold that was worked for is retried with its work, even after that has expired.
    let (date, time) = &places[300];
    let with_work = hold_body((date, time), Some(&packed(&crowd.stamp("open", 0, 600, 1))));
    let before = ask("worked", &with_work).await;
    assert_eq!(before.status, StatusCode::CREATED, "{}", before.body);
    crowd.wait(1_000);
    assert_eq!(ask("worked", &with_work).await.text("hold"), before.text("hold"));
}

#[tokio::test]
async fn who_finishes_what_they_begin_never_works() {
    let crowd = Crowd::start().await;
    let desk = "198.51.100.30";
    // Somebody who books for others, one after another: fifty visits from one address.
    for n in 0..50 {
        let held = crowd.hold("open", desk, ("2026-12-02", ["09:00", "09:30"][n % 2]), None).await;
        assert_eq!(held.status, StatusCode::CREATED, "{n}: {}", held.body);
        let ask = async |method, end, body| {
            let path = format!("/api/v1/holds/{}/{end}", held.text("hold"));
            crowd.ask((method, &path), desk, (&held.text("secret"), ""), Some(body)).await
        };
        let phone = format!("+48601{n:06}");
        ask("PUT", "form", json!({"fields": {"name": format!("Osoba {n}")}, "consents": {}})).await;
        ask("POST", "code", json!({"phone": phone})).await;
        let code = crowd.code(&phone).await;
        assert_eq!(ask("POST", "confirm", json!({"code": code})).await.status, StatusCode::OK, "{n}");
    }
    assert!(crowd.lines.0.lock().is_empty());
}

#[tokio::test]
async fn forty_at_a_library_and_a_phone_companys_exit_work_and_are_not_refused() {
    for (who, people) in
        [("a household of five, twice", 10), ("a library", 40), ("the rush behind one exit", 60)]
    {
        let crowd = Crowd::start().await;
        let (from, places) = ("203.0.113.40", crowd.places("open").await);
        let mut works = 0;
        for n in 0..people {
            let (date, time) = &places[n * 5];
            let mut answer = crowd.hold("open", from, (date, time), None).await;
            if answer.refusal() == WORK {
                works += 1;
                let level = crowd.level("open", from).await;
                answer = worked(&crowd, from, (date, time), (level, n as u64)).await;
            }
            assert_eq!(answer.status, StatusCode::CREATED, "{who}, {n}: {}", answer.body);
        }
        assert_eq!(works, people.saturating_sub(FREE), "{who}");
    }
    // With real work: what any client of the standard does is sufficient.
    let crowd = Crowd::start().await;
    grabbed(&crowd, "open", &["203.0.113.40".to_owned()], FREE).await;
    let payload = packed(&solved(&crowd.challenge("open", "203.0.113.40").await));
    let held = crowd.hold("open", "203.0.113.40", ("2026-12-02", "09:00"), Some(&payload)).await;
    assert_eq!(held.status, StatusCode::CREATED, "{}", held.body);
}

#[tokio::test]
async fn the_page_of_hours_works_in_the_browser_once_its_network_has_many() {
    let crowd = Crowd::start().await;
    let hours = format!("/open/book?service={}&location=glowny&date=2026-12-02", crowd::SERVICE);
    let mut browser = crowd.browser("203.0.113.40");
    browser.open(&hours).await;
    assert!(!browser.html.contains("data-challenge"), "nobody works for nothing");
    grabbed(&crowd, "open", &["203.0.113.40".to_owned()], FREE).await;
    browser.reload().await;
    assert!(browser.html.contains("data-challenge=\"/api/v1/challenge?office=open\""));
    assert!(browser.html.contains("challenge.js") && browser.html.contains("name=\"challenge\""));
    // Without scripts one waits, and then gets the hour.
    browser.press("09:00", &[]).await;
    assert_eq!(browser.title(), "Jeszcze chwila");
    crowd.wait(20);
    browser.reload().await.press("Rezerwuję 09:00", &[]).await;
    assert!(browser.at.contains("/book/hold/"), "{}", browser.at);
}
