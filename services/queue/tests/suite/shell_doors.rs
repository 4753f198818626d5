//! Kiosk, reception and counter of offices like those of Wrocław and Kalisz, through the HTTP surface: windows, cards,
//! refusals, comparisons, with booking up and down.

use crate::common::world;

use http::StatusCode;
use okienko_kernel::Id;
use okienko_proto::booking;
use okienko_proto::queue::attendance::State as Came;
use okienko_web::Role;
use serde_json::{Value, json};
use world::*;

const DAY: &str = "2026-12-01";
const NAME: &str = "Oksana Kowalenko";

/// The sample office with these queue rules.
async fn town(opens: i32, closes: i32, change: impl Fn(&mut booking::QueueRules)) -> Town {
    let town = Town::empty(moment(DAY, "07:30")).await;
    let mut office = office("torun", 1);
    for place in &mut office.locations {
        let rules = place.rules.as_mut().unwrap();
        (rules.check_in_opens_min, rules.check_in_closes_min) = (opens, closes);
        (rules.cancel_at_min, rules.placed_at_hour) = (Some(0), false);
        change(rules);
    }
    town.tell(fact("office_published", booking::OfficePublished { office: Some(office) })).await;
    town
}
async fn wroclaw() -> Town {
    town(60, 15, |rules| {
        rules.verify = true;
        rules.check_in_asks_service = true;
    })
    .await
}
async fn kalisz() -> Town {
    town(15, 0, |rules| {
        let label = "Aktywacja rezerwacji internetowej";
        rules.check_in_label = [("pl".to_owned(), label.to_owned())].into();
    })
    .await
}

async fn reception_asks(town: &Town, act: &str, body: Value) -> (u16, Value) {
    let path = format!("/api/v1/reception/{act}");
    let (status, answer) = town.ask("POST", &path, &reception(), Some(body)).await;
    (status.as_u16(), answer)
}
async fn check_in(town: &Town, body: Value) -> (u16, Value) {
    let (status, answer) = town.ask("POST", "/api/v1/kiosk/check-ins", &kiosk(), Some(body)).await;
    (status.as_u16(), answer)
}
fn came(town: &Town) -> Vec<(String, Came)> {
    let told = town.heard.attendance.lock();
    told.iter().map(|told| (told.reservation.clone(), told.state())).collect()
}
fn booked(n: u64) -> Id {
    ids(n, DAY).0
}

#[tokio::test]
async fn the_five_minutes_are_told_by_the_kiosk_with_what_can_still_be_done() {
    let minutes = [("08:44", 16), ("08:45", 15), ("08:46", 14), ("09:00", 0), ("09:01", -1)];
    let expected =
        [["ok", "ok", "too_late", "too_late", "cancelled"], ["too_early", "ok", "ok", "ok", "cancelled"]];
    for (at, (now, before)) in minutes.into_iter().enumerate() {
        for (office, expected) in [wroclaw().await, kalisz().await].iter().zip(expected) {
            office.book(1, DAY, "09:00", "40000001").await;
            office.advance_to(moment(DAY, now)).await;
            let (status, told) = check_in(office, json!({"code": "40000001"})).await;
            let code = told["code"].as_str().unwrap_or(if status == 201 { "ok" } else { "?" });
            assert_eq!(code, expected[at], "{before} minutes before: {told}");
            if code == "too_early" {
                assert_eq!(told["from"], "2026-12-01T08:45:00+01:00");
            }
            if code == "too_late" {
                assert!(told["detail"].as_str().unwrap().contains("Zgłoś się teraz w recepcji"), "{told}");
                assert_eq!(reception_asks(office, "admit", json!({"code": "40000001"})).await.0, 201);
            }
        }
    }
}

#[tokio::test]
async fn an_office_without_a_reception_sends_nobody_there() {
    let town = Town::at(DAY, "07:30").await;
    town.book(1, DAY, "08:00", "40000001").await;
    town.advance_to(moment(DAY, "09:01")).await;
    let (_, told) = check_in(&town, json!({"code": "40000001"})).await;
    assert_eq!(told["code"], "too_late");
    assert!(!told["detail"].as_str().unwrap().contains("recepcji"), "{told}");
}

#[tokio::test]
async fn who_does_not_come_is_struck_off_also_over_a_restart_and_gone_everywhere() {
    let town = wroclaw().await;
    let gone = town.book(1, DAY, "09:00", "40000001").await;
    town.advance_to(moment(DAY, "08:59")).await;
    // Down at that minute: the timer runs late.
    let town = town.restarted(moment(DAY, "09:30")).await;
    assert_eq!(came(&town), [(gone.to_string(), Came::Missed)]);
    assert_eq!(check_in(&town, json!({"code": "40000001"})).await.1["code"], "cancelled");
    assert_eq!(reception_asks(&town, "admit", json!({"code": "40000001"})).await.1["code"], "cancelled");
    let (status, found) = reception_asks(&town, "find", json!({"code": "40000001"})).await;
    assert_eq!((status, &found["reservation"]["state"]), (200, &json!("struck_off")));
    assert_eq!(found["reservation"]["may"], json!([]));
    let seen = town.heard.halls.lock().len();
    let town = town.restarted(moment(DAY, "09:31")).await;
    assert_eq!(town.heard.halls.lock().len(), seen, "once");
}

#[tokio::test]
async fn a_wrong_service_is_named_and_costs_nothing() {
    let town = wroclaw().await;
    town.book(1, DAY, "09:00", "40000001").await;
    town.advance_to(moment(DAY, "08:20")).await;
    let before = town.heard.halls.lock().len();
    let (status, told) = check_in(&town, json!({"code": "40000001", "service": "meldunek"})).await;
    assert_eq!(
        (status, &told["code"], &told["service"], &told["service_name"]),
        (409, &json!("wrong_service"), &json!("dowod"), &json!("Dowód osobisty"))
    );
    assert_eq!(town.heard.halls.lock().len(), before, "nothing was used up");
    // As pages: the choice first, then the keypad; after a wrong choice the right one is offered as one button.
    let (_, _, list) = town.page("/kiosk/code", &kiosk()).await;
    assert!(list.contains("/kiosk/code?service=meldunek") && !list.contains("data-keypad"), "{list}");
    let (_, _, keypad) = town.page("/kiosk/code?service=meldunek", &kiosk()).await;
    assert!(keypad.contains("action=\"/kiosk/code?service=meldunek\""));
    let (status, _, page) = town.form("/kiosk/code?service=meldunek", &kiosk(), "code=40000001").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("Dowód osobisty") && page.contains("action=\"/kiosk/code?service=dowod\""));
    let (status, to, _) = town.form("/kiosk/code?service=dowod", &kiosk(), "code=40000001").await;
    assert!(status == StatusCode::SEE_OTHER && to.starts_with("/kiosk/ticket/"));
    // A client that names no service is served.
    assert_eq!(check_in(&town, json!({"code": "40000001"})).await.0, 201);
}

/// Whatever is printed on a confirmation or a ticket works for check-in: on the kiosk's page, in the API, at reception
/// and the desk.
#[tokio::test]
async fn whatever_is_scanned_leads_to_the_same_ticket_everywhere() {
    let town = wroclaw().await;
    town.book(1, DAY, "09:00", "40000001").await;
    town.advance_to(moment(DAY, "08:20")).await;
    let (visit, ticket) = ids(1, DAY);
    let (visit, ticket) = (visit.token(&keys()), ticket.token(&keys()));
    let scans = [
        "40000001".to_owned(),
        "]C140000001".to_owned(),
        "~40000001\t".to_owned(),
        "40 00 00 01\r\n".to_owned(),
        visit.clone(),
        visit.to_uppercase(),
        format!("https://k.example.pl/wroclaw/visit/{visit}"),
        format!("HTTPS://K.EXAMPLE.PL/WROCLAW/VISIT/{}", visit.to_uppercase()),
        format!("http://127.0.0.1:27001/torun/visit/{visit}?lang=uk\r\n"),
        ticket.clone(),
        format!("https://k.example.pl/t/{ticket}"),
        format!("]Q1https://k.example.pl/t/{ticket}"),
    ];
    let (_, first) = reception_asks(&town, "find", json!({"code": scans[6]})).await;
    assert_eq!(first["reservation"]["state"], "expected", "{first}");
    let mut numbers = std::collections::BTreeSet::new();
    for scan in &scans {
        let (status, told) = check_in(&town, json!({"code": scan})).await;
        assert_eq!(status, 201, "{scan}: {told}");
        numbers.insert(told["ticket"]["number"].to_string());
        let body = format!("scanned={}", form_encoded(scan));
        let (status, to, page) = town.form("/kiosk/scan", &kiosk(), &body).await;
        assert!(status == StatusCode::SEE_OTHER && to.starts_with("/kiosk/ticket/"), "{scan}: {page}");
        // The characters are wrong, the physical keys are right.
        let body = format!("scanned=%D0%B9%D1%86%D1%83&typed={}", form_encoded(scan));
        assert_eq!(town.form("/kiosk/scan", &kiosk(), &body).await.1, to, "{scan}");
        let (status, found) = reception_asks(&town, "find", json!({"code": scan})).await;
        assert_eq!((status, &found["reservation"]["state"]), (200, &json!("waiting")), "{scan}: {found}");
    }
    assert_eq!(numbers.len(), 1, "one visit, one number: {numbers:?}");
    town.desk("1", "open", json!({})).await;
    town.desk("1", "call-next", json!({})).await;
    let code = Some(json!({"code": scans[6]}));
    let verified = town.ask("POST", "/api/v1/desk/verify", &clerk("1"), code).await.1;
    assert_eq!(verified["current"]["verify"], "done", "{verified}");
    // A walk-in's ticket leads to itself; another day's visit is refused with its day.
    let walk_in = town.walk_in().await["token"].as_str().unwrap().to_owned();
    let body = format!("scanned=http%3A%2F%2Fx%2Ft%2F{walk_in}");
    let (status, to, _) = town.form("/kiosk/scan", &kiosk(), &body).await;
    assert_eq!((status, to), (StatusCode::SEE_OTHER, format!("/kiosk/ticket/{walk_in}")));
    let later = ids(3, "2026-12-02").0.token(&keys());
    let (status, _, page) = town.form("/kiosk/scan", &kiosk(), &format!("scanned={later}")).await;
    assert!(status == StatusCode::NOT_FOUND && page.contains("2 grudnia 2026"), "{page}");
    let (status, _, page) = town.form("/kiosk/scan", &kiosk(), "scanned=5901234123457").await;
    assert!(status.is_client_error() && page.contains("Nie znamy tego kodu"), "{page}");
    assert_eq!(town.page("/kiosk/scan", &kiosk()).await.1, "/kiosk");
}

fn form_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn the_kiosk_speaks_the_offices_words_and_says_what_needs_a_booking() {
    let town = kalisz().await;
    let (_, _, home) = town.page("/kiosk", &kiosk()).await;
    assert!(home.contains("Aktywacja rezerwacji internetowej") && !home.contains("Mam rezerwację"));
    let (_, _, services) = town.page("/kiosk/services", &kiosk()).await;
    assert!(!services.contains("Ślub") && services.contains("tylko po umówieniu"));
    let (_, _, code) = town.page("/kiosk/code", &kiosk()).await;
    assert!(code.contains("data-keypad"), "nothing is asked before the code");
    town.book(1, DAY, "09:00", "40000001").await;
    let (_, _, early) = town.form("/kiosk/code", &kiosk(), "code=40000001").await;
    assert!(early.contains("od 08:45") && early.contains("Wpisz wtedy kod jeszcze raz"));
}

#[tokio::test]
async fn reception_sees_the_person_while_booking_is_away_and_nobody_else_does() {
    let town = wroclaw().await;
    town.cards.put(booked(1), NAME);
    town.book(1, DAY, "09:00", "40000001").await;
    let code = json!({"code": "40000001"});
    let (_, early) = reception_asks(&town, "find", code.clone()).await;
    assert_eq!(early["reservation"]["name"], NAME);
    assert_eq!(early["reservation"]["from"], "2026-12-01T08:00:00+01:00");
    assert_eq!(early["reservation"]["may"], json!(["refuse"]));
    // Booking goes down; the card is still here, even after a restart.
    town.cards.is_away(true);
    let town = town.restarted(moment(DAY, "08:50")).await;
    let (status, found) = reception_asks(&town, "find", code.clone()).await;
    let found = &found["reservation"];
    assert_eq!((status, &found["name"], &found["booked"]), (200, &json!(NAME), &json!("09:00")));
    assert_eq!((&found["service_name"], &found["state"]), (&json!("Dowód osobisty"), &json!("expected")));
    assert_eq!(found["may"], json!(["admit", "refuse"]));
    let (status, ticket) = reception_asks(&town, "admit", code.clone()).await;
    assert_eq!((status, &ticket["ticket"]["number"]), (201, &json!("R001")));
    let told: Vec<u8> = {
        use prost::Message;
        let halls = town.heard.halls.lock();
        halls.iter().flat_map(Message::encode_to_vec).collect()
    };
    assert!(!String::from_utf8_lossy(&told).contains("Oksana"), "no name goes to the screens");
    let journal = town.world.service("queue").await.unwrap().journal;
    for event in journal.read_after(0, 1000).await.unwrap() {
        assert!(!String::from_utf8_lossy(&event.data).contains("Oksana"), "no name in an event");
    }
    let acts = town.noted.acts();
    let expected = [("reception.find", "ok"), ("card.read", "ok"), ("reception.admit", "ok")];
    assert_eq!(acts, expected.map(|(act, outcome)| (act.to_owned(), outcome.to_owned())));
    assert!(town.noted.0.lock().iter().all(|line| line.who.starts_with("[Reception]")));
}

#[tokio::test]
async fn a_card_that_booking_could_not_give_is_there_once_it_answers() {
    let town = wroclaw().await;
    town.cards.is_away(true);
    town.book(1, DAY, "09:00", "40000001").await;
    town.cards.put(booked(1), NAME);
    let code = json!({"code": "40000001"});
    let (status, found) = reception_asks(&town, "find", code.clone()).await;
    assert_eq!((status, &found["reservation"]["name"]), (200, &Value::Null), "reception goes on without");
    town.cards.is_away(false);
    // Retried automatically until booking answers; the answer is stored a moment later.
    let known = async {
        town.cards.answered.notified().await;
        while reception_asks(&town, "find", code.clone()).await.1["reservation"]["name"] != NAME {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), known).await.unwrap();
}

#[tokio::test]
async fn a_refusal_at_reception_ends_the_reservation_and_tells_booking() {
    let town = wroclaw().await;
    let gone = town.book(1, DAY, "09:00", "40000001").await;
    town.advance_to(moment(DAY, "08:20")).await;
    let body = json!({"code": "40000001", "reason": "wrong_documents"});
    let (status, told) = reception_asks(&town, "refuse", json!({"code": "40000001", "reason": "mood"})).await;
    assert_eq!((status, told["fields"]["reason"].is_string()), (422, true));
    let (status, after) = reception_asks(&town, "refuse", body.clone()).await;
    assert_eq!((status, &after["reservation"]["state"]), (200, &json!("refused")));
    assert_eq!(reception_asks(&town, "refuse", body).await.0, 200, "once more is the same");
    assert_eq!(reception_asks(&town, "admit", json!({"code": "40000001"})).await.1["code"], "cancelled");
    assert_eq!(check_in(&town, json!({"code": "40000001"})).await.1["code"], "cancelled");
    town.settled().await;
    assert_eq!(came(&town), [(gone.to_string(), Came::Refused)]);
}

#[tokio::test]
async fn reception_works_with_forms_alone() {
    let town = wroclaw().await;
    town.cards.put(booked(1), NAME);
    town.book(1, DAY, "09:00", "40000001").await;
    town.advance_to(moment(DAY, "08:50")).await;
    assert!(town.page("/reception", &reception()).await.2.contains("autofocus"));
    let (_, _, found) = town.form("/reception", &reception(), "code=4000-0001").await;
    assert!(
        found.contains(NAME) && found.contains("/reception/admit") && found.contains("/reception/refuse")
    );
    let (status, _, page) = town.form("/reception/refuse", &reception(), "code=40000001").await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("Wybierz powód z listy"));
    let (status, _, page) =
        town.form("/reception/refuse", &reception(), "code=40000001&reason=other_person").await;
    assert!(status == StatusCode::OK && page.contains("Rezerwacja jest zakończona"));
}

/// A counter to which the visitor of reservation 1 has been called.
async fn called(town: &Town) {
    town.cards.put(booked(1), NAME);
    town.book(1, DAY, "09:00", "40000001").await;
    town.book(2, DAY, "09:10", "40000002").await;
    town.advance_to(moment(DAY, "08:20")).await;
    assert_eq!(check_in(town, json!({"code": "40000001"})).await.0, 201);
    town.desk("1", "open", json!({})).await;
    assert_eq!(town.desk("1", "call-next", json!({})).await, "called R001 1");
}

#[tokio::test]
async fn a_clerk_compares_name_and_code_where_the_office_asks_for_it() {
    let town = wroclaw().await;
    called(&town).await;
    let desk = async || town.ask("GET", "/api/v1/desk", &clerk("1"), None).await.1["current"].clone();
    let now = desk().await;
    assert_eq!((&now["verify"], &now["name"]), (&json!("needed"), &json!(NAME)));
    let (_, _, page) = town.page("/desk", &clerk("1")).await;
    assert!(page.contains(NAME) && page.contains("/desk/do/verify") && page.contains("data-keys=\"V\""));
    assert_eq!(town.desk("1", "verify", json!({"code": "40000002"})).await, "unknown");
    assert_eq!(town.desk("1", "verify", json!({})).await, "invalid");
    assert_eq!(desk().await, now, "a wrong code changes nothing");
    let (status, told) =
        town.ask("POST", "/api/v1/desk/verify", &clerk("1"), Some(json!({"code": "4000 0001"}))).await;
    assert_eq!((status, &told["current"]["verify"]), (StatusCode::OK, &json!("done")));
    let acts = town.noted.acts();
    for expected in [("card.read", "ok"), ("desk.verify", "unknown"), ("desk.verify", "ok")] {
        let count = acts.iter().filter(|(act, out)| (act.as_str(), out.as_str()) == expected).count();
        assert_eq!(count, 1, "{expected:?} in {acts:?}");
    }
    assert_eq!(town.desk("1", "finish", json!({})).await, "free");
}

#[tokio::test]
async fn nobody_is_served_before_the_comparison_and_another_person_is_a_refusal() {
    let town = wroclaw().await;
    called(&town).await;
    let (_, _, page) = town.page("/desk", &clerk("1")).await;
    let button = |act: &str| {
        page.split(&format!("data-act=\"{act}\"")).nth(1).unwrap().split('>').nth(1).unwrap().to_owned()
    };
    assert!(button("start").contains("disabled"), "{}", button("start"));
    for act in ["start", "finish"] {
        assert_eq!(town.desk("1", act, json!({})).await, "conflict", "{act}");
        let (status, _, page) = town.form(&format!("/desk/do/{act}"), &clerk("1"), "").await;
        assert!(
            status == StatusCode::CONFLICT && page.contains("Najpierw sprawdź, czy to ta osoba"),
            "{act}: {page}"
        );
    }
    let (status, to, _) = town.form("/desk/do/finish", &clerk("1"), "outcome=other_person").await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/desk"));
    town.settled().await;
    let told = came(&town);
    assert_eq!(told.last(), Some(&(booked(1).to_string(), Came::Refused)));
}

#[tokio::test]
async fn a_name_is_shown_only_where_the_rule_asks_for_it() {
    let town = kalisz().await;
    town.cards.put(booked(1), NAME);
    town.book(1, DAY, "09:00", "40000001").await;
    town.advance_to(moment(DAY, "08:50")).await;
    assert_eq!(check_in(&town, json!({"code": "40000001"})).await.0, 201);
    town.desk("1", "open", json!({})).await;
    town.desk("1", "call-next", json!({})).await;
    let (_, desk) = town.ask("GET", "/api/v1/desk", &clerk("1"), None).await;
    assert!(desk["current"].get("verify").is_none() && desk["current"].get("name").is_none(), "{desk}");
    assert!(!town.page("/desk", &clerk("1")).await.2.contains(NAME));
    let elsewhere = token(&[Role::Reception], "torun", "plaza", None);
    let (_, told) =
        town.ask("POST", "/api/v1/reception/find", &elsewhere, Some(json!({"code": "40000001"}))).await;
    assert_eq!((&told["code"], told.get("reservation")), (&json!("wrong_location"), None));
}
