//! The whole path of three visitors of Toruń over JSON: one books and is called at the hour, one takes a walk-in
//! ticket, one does not come and is called three times.

use okienko_e2e::House;
use okienko_e2e::client::{Client, Event, Events};
use okienko_e2e::visit::{Wish, book, message};
use serde_json::{Value, json};

const PHONE: &str = "+48601234567";

async fn desk(house: &House, counter: &str) -> Client {
    let arguments = ["--role", "clerk", "--office", "torun", "--location", "glowny", "--counter", counter];
    let desk = house.client.with(&house.token(&arguments).await.unwrap());
    act(&desk, "open").await;
    desk
}

async fn act(desk: &Client, what: &str) -> Value {
    desk.post(&format!("/api/v1/desk/{what}"), json!({})).await.unwrap().expect(200).unwrap().json
}

fn current(state: &Value) -> (&str, u64) {
    let current = &state["current"];
    (current["ticket"].as_str().unwrap_or("-"), current["attempt"].as_u64().unwrap_or(0))
}

async fn walk_in(kiosk: &Client) -> (String, String) {
    let answer = kiosk.post("/api/v1/kiosk/tickets", json!({"service": "meldunek"})).await.unwrap();
    let answer = answer.expect(201).unwrap();
    (answer.at("/ticket/number").unwrap(), answer.at("/ticket/token").unwrap())
}

/// The ticket's state as its holder sees it, once everything is carried out: the answering replica need not be the one
/// that has sent an event to a screen.
async fn ticket(house: &House, token: &str) -> Value {
    house.advance("PT0S").await.unwrap();
    house.client.get(&format!("/api/v1/tickets/{token}")).await.unwrap().expect(200).unwrap().json
}

async fn next_call(events: &mut Events) -> Event {
    loop {
        let event = events.next().await.unwrap();
        if event.name == "call" {
            return event;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_booked_visitor_is_placed_at_the_hour_called_seen_on_the_screen_and_served() {
    the_whole_path(House::demo().await.unwrap()).await;
}

/// From the hold to the served visit, across all four roles, in a house of any shape.
pub async fn the_whole_path(house: House) {
    let wish = Wish::new("torun", "glowny", "dowod-wniosek", "2026-12-01", "09:30");
    let reservation = book(&house, &house.client, &wish, "Anna Nowak", PHONE).await.unwrap();
    let second = message(&house, PHONE, 2).await.unwrap();
    let number = reservation["ticket"].as_str().unwrap();
    assert!(second.contains(number) && second.contains("9:30"), "{second}");
    assert!(second.contains(reservation["check_in_code"].as_str().unwrap()), "{second}");

    let (hall, desk) = ("/api/v1/halls/torun/glowny", desk(&house, "3").await);
    let nobody = desk.post("/api/v1/desk/call-next", json!({})).await.unwrap();
    assert_eq!(nobody.status, 204, "before the hour nobody waits: {}", nobody.text);
    house.clock("2026-12-01T09:30:00+01:00").await.unwrap();
    let snapshot = house.client.get(hall).await.unwrap().expect(200).unwrap();
    assert_eq!(snapshot.json["waiting_total"], 1, "placed at the hour: {}", snapshot.text);

    let seq = snapshot.json["seq"].as_u64().unwrap();
    let mut screen = house.client.listen(&format!("{hall}/events"), Some(seq)).await.unwrap();
    let state = act(&desk, "call-next").await;
    assert_eq!(current(&state), (number, 1));
    let token = state["current"]["token"].as_str().unwrap().to_owned();
    let call = next_call(&mut screen).await;
    assert_eq!((call.data["ticket"].as_str(), call.data["counter"].as_str()), (Some(number), Some("3")));
    assert_eq!(call.id, Some(seq + 1), "contiguous");
    assert!(call.data["announce"]["text"].as_str().unwrap().contains(number));
    let e_ticket = ticket(&house, &token).await;
    assert_eq!((e_ticket["state"].as_str(), e_ticket["counter"].as_str()), (Some("called"), Some("3")));

    let busy = desk.post("/api/v1/desk/call-next", json!({})).await.unwrap();
    assert_eq!((busy.status, busy.code()), (409, "counter_busy"));
    act(&desk, "start").await;
    act(&desk, "finish").await;
    house.advance("PT1S").await.unwrap();
    assert_eq!(ticket(&house, &token).await["state"], "served");
    let path = format!("/api/v1/reservations/{}", reservation["token"].as_str().unwrap());
    assert_eq!(house.client.get(&path).await.unwrap().json["state"], "served");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_who_does_not_come_is_called_three_times_with_one_visitor_between_and_then_leaves_the_queue() {
    let house = House::demo().await.unwrap();
    house.clock("2026-12-01T08:00:00+01:00").await.unwrap();
    let arguments = ["--role", "kiosk", "--office", "torun", "--location", "glowny"];
    let kiosk = house.client.with(&house.token(&arguments).await.unwrap());
    let desk = desk(&house, "1").await;
    let (absent, absent_token) = walk_in(&kiosk).await;
    let (second, _) = walk_in(&kiosk).await;
    let (third, third_token) = walk_in(&kiosk).await;
    let (fourth, _) = walk_in(&kiosk).await;
    house.advance("PT1S").await.unwrap();
    assert_eq!(ticket(&house, &third_token).await["ahead"], 2);

    assert_eq!(current(&act(&desk, "call-next").await), (&*absent, 1));
    assert_eq!(current(&act(&desk, "no-show").await), ("-", 0));
    assert_eq!(current(&act(&desk, "call-next").await), (&*second, 1));
    assert_eq!(
        current(&act(&desk, "finish").await),
        (&*absent, 2),
        "called again by itself when that visit ends"
    );
    assert_eq!(current(&act(&desk, "recall").await), (&*absent, 2), "a recall is no new attempt");
    act(&desk, "no-show").await;
    assert_eq!(current(&act(&desk, "call-next").await), (&*third, 1));
    assert_eq!(current(&act(&desk, "finish").await), (&*absent, 3), "and once more");
    act(&desk, "no-show").await;
    house.advance("PT1S").await.unwrap();
    assert_eq!(ticket(&house, &absent_token).await["state"], "missed");
    assert_eq!(current(&act(&desk, "call-next").await), (&*fourth, 1));
    assert_eq!(current(&act(&desk, "finish").await), ("-", 0), "never a fourth time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_that_comes_back_gets_what_it_missed_without_a_gap() {
    let house = House::demo().await.unwrap();
    house.clock("2026-12-01T08:00:00+01:00").await.unwrap();
    let arguments = ["--role", "kiosk", "--office", "torun", "--location", "glowny"];
    let kiosk = house.client.with(&house.token(&arguments).await.unwrap());
    let hall = "/api/v1/halls/torun/glowny";
    let before = house.client.get(hall).await.unwrap().json["seq"].as_u64().unwrap();
    for _ in 0..5 {
        walk_in(&kiosk).await;
    }
    house.advance("PT1S").await.unwrap();
    let mut screen = house.client.listen(&format!("{hall}/events"), Some(before)).await.unwrap();
    for n in 1..=5 {
        assert_eq!(screen.next().await.unwrap().id, Some(before + n));
    }
    let house = house.kill_and_restart().await.unwrap();
    let mut screen = house.client.listen(&format!("{hall}/events"), Some(before + 2)).await.unwrap();
    for n in 3..=5 {
        assert_eq!(screen.next().await.unwrap().id, Some(before + n), "also after a restart of the program");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_booked_visitor_may_take_paper_at_the_kiosk_by_code_and_a_wrong_code_gets_nothing() {
    let house = House::demo().await.unwrap();
    let wish = Wish::new("torun", "glowny", "meldunek", "2026-12-01", "09:00");
    let reservation = book(&house, &house.client, &wish, "Jan Kowalski", PHONE).await.unwrap();
    let arguments = ["--role", "kiosk", "--office", "torun", "--location", "glowny"];
    let kiosk = house.client.with(&house.token(&arguments).await.unwrap());
    let code = reservation["check_in_code"].as_str().unwrap();
    house.advance("PT1S").await.unwrap();
    let early = kiosk.post("/api/v1/kiosk/check-ins", json!({"code": code})).await.unwrap();
    assert_eq!((early.status, early.code()), (409, "too_early"), "{}", early.text);
    assert_eq!(early.at("/from").unwrap(), "2026-12-01T08:00:00+01:00");
    house.clock("2026-12-01T08:45:00+01:00").await.unwrap();
    let paper =
        kiosk.post("/api/v1/kiosk/check-ins", json!({"code": code})).await.unwrap().expect(201).unwrap();
    assert_eq!(paper.at("/ticket/number").unwrap(), reservation["ticket"].as_str().unwrap());
    assert_eq!(paper.json["booked"].as_str().or(paper.json["ticket"]["booked"].as_str()), Some("09:00"));
    let wrong = kiosk.post("/api/v1/kiosk/check-ins", json!({"code": "00000001"})).await.unwrap();
    assert_eq!((wrong.status, wrong.code()), (404, "unknown"));
}
