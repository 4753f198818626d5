//! Who gets through and who does not: people at home, at a library and abroad, and scripts; by the addresses that a
//! trusted proxy reports.

use crate::support::crowd;

use crowd::{Crowd, SERVICE, packed, solved};
use http::StatusCode;
use serde_json::json;

const PLACE: (&str, &str) = ("2026-12-02", "09:00");
const IN_POLAND: &str = "2a02:d100::7";
const ABROAD: [&str; 5] = ["81.2.69.142", "89.160.20.112", "175.16.199.1", "2a02:d180::1", "2a02:d300::1"];
const OUTSIDE: (u16, &str) = (403, "not_in_territory");

/// Books a whole visit; returns the address of its page.
async fn visit(crowd: &Crowd, office: &str, from: &str, place: (&str, &str), person: (&str, &str)) -> String {
    let payload = match office {
        "priced" | "strict" => Some(packed(&solved(&crowd.challenge(office, from).await))),
        _ => None,
    };
    let held = crowd.hold(office, from, place, payload.as_deref()).await;
    assert_eq!(held.status, StatusCode::CREATED, "{}", held.body);
    let (hold, secret) = (held.text("hold"), held.text("secret"));
    let ask = async |method, end: &str, body| {
        let path = format!("/api/v1/holds/{hold}/{end}");
        let answer = crowd.ask((method, &path), from, (&secret, ""), Some(body)).await;
        assert!(answer.status.is_success(), "{end}: {}", answer.body);
        answer.body
    };
    let (name, phone) = person;
    ask("PUT", "form", json!({"fields": {"name": name}, "consents": {}})).await;
    ask("POST", "code", json!({"phone": phone})).await;
    let code = crowd.code(phone).await;
    let done = ask("POST", "confirm", json!({"code": code})).await;
    done["reservation"]["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_hour_is_held_from_the_territory_alone_and_seen_from_anywhere() {
    let crowd = Crowd::start().await;
    let hours = format!("/api/v1/offices/bound/locations/glowny/services/{SERVICE}/days/2026-12-02/times");
    for from in ABROAD {
        assert_eq!(crowd.hold("bound", from, PLACE, None).await.refusal(), OUTSIDE, "{from}");
        assert_eq!(crowd.get(&hours, from).await.status, StatusCode::OK, "{from}");
        assert_eq!(crowd.hold("open", from, PLACE, None).await.status, StatusCode::CREATED, "{from}");
    }
    // Addresses that the vendor's database does not contain.
    for from in ["8.8.8.8", "2a02:d500::1"] {
        assert_eq!(crowd.hold("bound", from, PLACE, None).await.refusal(), OUTSIDE, "{from}");
    }
    for from in [IN_POLAND, "2a02:fbc0::1", "127.0.0.1", "192.168.1.20", "fd12::1"] {
        assert_eq!(crowd.hold("bound", from, PLACE, None).await.status, StatusCode::CREATED, "{from}");
    }
    // Territory is checked before the work.
    assert_eq!(crowd.hold("strict", ABROAD[0], PLACE, None).await.refusal(), OUTSIDE);
    assert_eq!(crowd.hold("strict", IN_POLAND, PLACE, None).await.refusal(), (403, "challenge_required"));
    let told = crowd.hold("bound", ABROAD[0], PLACE, None).await.text("detail");
    assert!(told.contains("z terytorium Polski") && told.contains("VPN"), "{told}");
}

#[tokio::test]
async fn what_a_header_says_counts_only_behind_a_trusted_proxy() {
    let crowd = Crowd::start().await;
    // The nearest address that is not one of our proxies is the client, whatever it claims before that.
    assert_eq!(crowd.hold("bound", "2a02:d100::7, 81.2.69.142", PLACE, None).await.refusal(), OUTSIDE);
}

#[tokio::test]
async fn without_a_database_nobody_is_kept_out() {
    let crowd = Crowd::without_database().await;
    for from in ["81.2.69.142", "8.8.8.8", "127.0.0.1"] {
        assert_eq!(crowd.hold("bound", from, PLACE, None).await.status, StatusCode::CREATED, "{from}");
    }
}

#[tokio::test]
async fn a_code_is_sent_within_the_territory_alone() {
    let crowd = Crowd::start().await;
    let held = crowd.hold("bound", IN_POLAND, PLACE, None).await;
    let (path, secret) = (format!("/api/v1/holds/{}", held.text("hold")), held.text("secret"));
    let form = json!({"fields": {"name": "Anna Nowak"}, "consents": {}});
    crowd.ask(("PUT", &format!("{path}/form")), ABROAD[0], (&secret, ""), Some(form)).await;
    let code = |from| {
        let (path, secret, crowd) = (format!("{path}/code"), secret.clone(), &crowd);
        async move {
            let body = Some(json!({"phone": "+48601234567"}));
            crowd.ask(("POST", &path), from, (&secret, ""), body).await
        }
    };
    assert_eq!(code(ABROAD[1]).await.refusal(), OUTSIDE);
    assert_eq!(code(IN_POLAND).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn pages_tell_those_outside_at_the_first_step_and_leave_them_their_reservation() {
    let crowd = Crowd::start().await;
    let token = visit(&crowd, "bound", IN_POLAND, PLACE, ("Anna Nowak", "+48601234567")).await;
    let mut browser = crowd.browser(ABROAD[0]);
    browser.open("/bound").await.follow("Umów wizytę").await;
    assert_eq!(browser.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.title(), "Rezerwacja działa tylko z terytorium Polski");
    for said in
        ["VPN", "Zadzwoń do urzędu", "Wały gen. Sikorskiego 8", "Możesz ją zobaczyć i odwołać skądkolwiek"]
    {
        assert!(browser.says(said), "{said}");
    }
    browser.language = "en";
    browser.reload().await;
    assert!(browser.says("Booking works from the territory of Poland only"));
    browser.language = "pl";
    browser.open(&format!("/bound/visit/{token}")).await;
    assert_eq!(browser.title(), "Wizyta potwierdzona");
    browser.follow("Odwołaj wizytę").await.press("Tak, odwołaj wizytę", &[]).await;
    assert_eq!(browser.title(), "Wizyta odwołana");
    // A user who left the country with the page open.
    let mut traveller = crowd.browser(IN_POLAND);
    traveller.open(&format!("/bound/book?service={SERVICE}&location=glowny&date=2026-12-02")).await;
    traveller.from = Some(ABROAD[0]);
    traveller.press("09:00", &[]).await;
    assert_eq!(traveller.title(), "Rezerwacja działa tylko z terytorium Polski");
}

#[tokio::test]
async fn a_household_of_four_with_two_phones_books_four_visits_at_one_price() {
    let crowd = Crowd::start().await;
    let home = "198.51.100.7";
    for (n, name) in ["Anna Nowak", "Jan Nowak", "Ola Nowak", "Piotr Nowak"].into_iter().enumerate() {
        let phone = ["+48601234567", "+48602345678"][n % 2];
        visit(&crowd, "priced", home, ("2026-12-02", "09:00"), (name, phone)).await;
        assert_eq!(crowd.level("priced", home).await, 0);
        crowd.wait(60);
    }
    assert!(crowd.lines.0.lock().is_empty());
}

#[tokio::test]
async fn a_library_of_forty_behind_one_address_gets_through_in_one_rush() {
    let crowd = Crowd::start().await;
    let library = "203.0.113.40";
    let days = format!("/api/v1/offices/open/locations/glowny/services/{SERVICE}/days");
    let places = crowd.places("open").await;
    for (n, (date, time)) in places.iter().take(40).enumerate() {
        for page in ["?count=31", "/2026-12-02/times", "/2026-12-03/times", "/2026-12-04/times"] {
            assert_eq!(
                crowd.get(&format!("{days}{page}"), library).await.status,
                StatusCode::OK,
                "{n} {page}"
            );
        }
        let person = (format!("Osoba {n}"), format!("+48601{n:06}"));
        visit(&crowd, "open", library, (date, time), (&person.0, &person.1)).await;
    }
    // The same forty where work is required: nobody pays more than twice the minimum price.
    let places = crowd.places("priced").await;
    for n in 0..40 {
        assert!(crowd.level("priced", library).await <= 1);
        let payload = packed(&crowd.stamp("priced", 0, 600, n));
        let (date, time) = &places[usize::try_from(n).unwrap()];
        crowd.wait(15);
        let held = crowd.hold("priced", library, (date, time), Some(&payload)).await;
        assert_eq!(held.status, StatusCode::CREATED, "{n}: {}", held.body);
    }
    assert!(crowd.lines.0.lock().is_empty());
}

#[tokio::test]
async fn a_script_of_six_hundred_holds_is_throttled_and_pays_more_and_more() {
    let crowd = Crowd::start().await;
    let script = "203.0.113.66";
    let places = crowd.places("priced").await;
    assert!(places.len() >= 600, "{}", places.len());
    let (mut held, mut told, mut levels) = (0, 0, Vec::new());
    for (n, (date, time)) in places.iter().take(600).enumerate() {
        // Patient enough for its challenges, and paying the current price.
        crowd.wait(3);
        let level = crowd.level("priced", script).await;
        levels.push(level);
        let payload = packed(&crowd.stamp("priced", level, 600, n as u64));
        let answer = crowd.hold("priced", script, (date, time), Some(&payload)).await;
        match answer.refusal() {
            (201, _) => held += 1,
            (429, "rate_limited") => {
                told += 1;
                assert!(answer.retry_after.unwrap() >= 1);
            }
            other => panic!("{other:?}: {}", answer.body),
        }
    }
    // Half an hour: sixty at once, then six a minute.
    assert!((200..=242).contains(&held), "{held} held");
    assert_eq!(held + told, 600);
    assert_eq!(levels[0], 0);
    let mut highest = 0;
    for level in &levels {
        highest = highest.max(*level);
        assert!(*level + 1 >= highest, "there is no cheap moment between two holds: {levels:?}");
    }
    assert!(*levels.last().unwrap() >= 4, "sixteen times the first price: {:?}", levels.last());
    // What was solved at the minimum price no longer counts, and a neighbour pays what everybody pays.
    crowd.wait(60);
    let hoarded = packed(&crowd.stamp("priced", 0, 600, 7_000));
    let refused = crowd.hold("priced", script, PLACE, Some(&hoarded)).await;
    assert_eq!(refused.refusal(), (403, "challenge_required"));
    assert!(refused.text("hint").contains("price"), "{}", refused.body);
    assert_eq!(crowd.level("priced", "203.0.113.67").await, 0);
    // Forgotten after some hours.
    crowd.wait(2 * 3600);
    assert_eq!(crowd.level("priced", script).await, 0);
}

#[tokio::test]
async fn the_work_itself_grows_with_the_price() {
    let crowd = Crowd::start().await;
    let script = "203.0.113.66";
    let places = crowd.places("priced").await;
    let before = solved(&crowd.challenge("priced", script).await)["solution"]["counter"].as_u64().unwrap();
    assert!((500..1000).contains(&before), "{before}");
    for (n, (date, time)) in places.iter().take(30).enumerate() {
        let payload = packed(&crowd.stamp("priced", 1, 600, n as u64));
        assert_eq!(
            crowd.hold("priced", script, (date, time), Some(&payload)).await.status,
            StatusCode::CREATED
        );
    }
    let challenge = crowd.challenge("priced", script).await;
    assert_eq!(challenge["parameters"]["data"]["level"], 1);
    let answer = solved(&challenge);
    let after = answer["solution"]["counter"].as_u64().unwrap();
    assert!((1000..2000).contains(&after), "{after}");
    assert_eq!(crowd.hold("priced", script, PLACE, Some(&packed(&answer))).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn hours_that_are_held_and_let_go_make_the_next_ones_dearer() {
    let crowd = Crowd::start().await;
    let (hoarder, finisher) = ("203.0.113.66", "203.0.113.67");
    for n in 0..12 {
        let payload = packed(&crowd.stamp("priced", 0, 600, n));
        let held = crowd.hold("priced", hoarder, PLACE, Some(&payload)).await;
        let path = format!("/api/v1/holds/{}", held.text("hold"));
        let gone = crowd.ask(("DELETE", &path), hoarder, (&held.text("secret"), ""), None).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        crowd.settled().await;
        assert_eq!(crowd.level("priced", hoarder).await, u64::from(n == 11), "{n}");
    }
    for n in 0..14 {
        let person = (format!("Osoba {n}"), format!("+48601{n:06}"));
        let place = ("2026-12-03", "09:00");
        let payload = packed(&crowd.stamp("priced", 0, 600, 100 + n));
        let held = crowd.hold("priced", finisher, place, Some(&payload)).await;
        let ask = async |method, end, body| {
            let path = format!("/api/v1/holds/{}/{end}", held.text("hold"));
            crowd.ask((method, &path), finisher, (&held.text("secret"), ""), Some(body)).await
        };
        ask("PUT", "form", json!({"fields": {"name": person.0}, "consents": {}})).await;
        ask("POST", "code", json!({"phone": person.1})).await;
        let code = crowd.code(&person.1).await;
        assert_eq!(ask("POST", "confirm", json!({"code": code})).await.status, StatusCode::OK);
    }
    crowd.settled().await;
    assert_eq!(crowd.level("priced", finisher).await, 0);
}

#[tokio::test]
async fn one_phone_gets_so_many_codes_from_all_networks_and_offices_together() {
    let crowd = Crowd::start().await;
    let mut sent = 0;
    for n in 0..30_u32 {
        let (office, from) = (["open", "bound"][n as usize % 2], format!("10.0.{n}.1"));
        let held = crowd.hold(office, &from, ("2026-12-02", "09:00"), None).await;
        let (hold, secret) = (held.text("hold"), held.text("secret"));
        let path = format!("/api/v1/holds/{hold}");
        let form = json!({"fields": {"name": "Anna Nowak"}, "consents": {}});
        crowd.ask(("PUT", &format!("{path}/form")), &from, (&secret, ""), Some(form)).await;
        let body = Some(json!({"phone": "601 234 567"}));
        let answer = crowd.ask(("POST", &format!("{path}/code")), &from, (&secret, ""), body).await;
        match answer.refusal() {
            (202, _) => sent += 1,
            (429, "rate_limited") => assert!(answer.retry_after.unwrap() >= 1),
            other => panic!("{other:?}: {}", answer.body),
        }
        assert_eq!(sent, (n + 1).min(10), "{n}");
        let _ = crowd.ask(("DELETE", &path), &from, (&secret, ""), None).await;
    }
}

#[tokio::test]
async fn who_asks_for_hours_without_end_is_told_when_to_come_back() {
    let crowd = Crowd::start().await;
    let hours = format!("/api/v1/offices/open/locations/glowny/services/{SERVICE}/days/2026-12-02/times");
    for _ in 0..600 {
        assert_eq!(crowd.get(&hours, "203.0.113.66").await.status, StatusCode::OK);
    }
    let over = crowd.get(&hours, "203.0.113.66").await;
    assert_eq!((over.refusal(), over.retry_after), ((429, "rate_limited"), Some(1)));
    assert_eq!(crowd.get(&hours, "203.0.113.67").await.status, StatusCode::OK);
    let mut page = crowd.browser("203.0.113.66");
    page.open(&format!("/open/book?service={SERVICE}&location=glowny&date=2026-12-02")).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn an_ipv6_site_cannot_hide_behind_its_many_networks() {
    let crowd = Crowd::start().await;
    let places = crowd.places("open").await;
    let (mut held, mut works) = (0, 0);
    for (n, (date, time)) in places.iter().take(300).enumerate() {
        let from = format!("2a02:d100:0:{n:x}::1");
        let mut answer = crowd.hold("open", &from, (date, time), None).await;
        if answer.refusal() == (403, "challenge_required") {
            works += 1;
            let level = crowd.level("open", &from).await;
            let payload = packed(&crowd.stamp("open", level, 600, n as u64));
            answer = crowd.hold("open", &from, (date, time), Some(&payload)).await;
        }
        held += u32::from(answer.status == StatusCode::CREATED);
    }
    // The first forty holds of the site, all unproved, are free.
    assert_eq!(works, 260);
    // Two /56 networks, each with four times the figure of one /64.
    assert!((240..=300).contains(&held), "{held}");
    assert!(held < 300, "nobody was held back");
}

#[tokio::test]
async fn refusals_are_noted_without_addresses_and_a_flood_writes_little() {
    let crowd = Crowd::start().await;
    for _ in 0..100 {
        crowd.hold("strict", ABROAD[0], PLACE, None).await;
        crowd.hold("strict", IN_POLAND, PLACE, None).await;
    }
    let lines = crowd.lines.0.lock().clone();
    let seen: Vec<_> = lines.iter().map(|line| (line.office.as_str(), line.act, line.outcome)).collect();
    let (out, work) = ("not_in_territory", "challenge_required");
    assert_eq!(seen, [("strict", "hold.place", out), ("strict", "hold.place", work)]);
    for line in &lines {
        assert!(line.who.starts_with("network:") && line.on.is_empty(), "{line:?}");
        let text = serde_json::to_string(line).unwrap();
        assert!(!text.contains("81.2") && !text.contains("2a02"), "{text}");
    }
    for n in 0..500 {
        crowd.hold("strict", &format!("81.2.69.{}", 142 + n % 40), PLACE, None).await;
        crowd.hold("strict", &format!("2a02:d180:{n:x}::1"), PLACE, None).await;
    }
    assert!(crowd.lines.0.lock().len() <= 60, "{}", crowd.lines.0.lock().len());
}
