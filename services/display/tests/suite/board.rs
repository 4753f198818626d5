//! The board of a hall as clients get it: JSON, the numbered stream, and what happens when something is missing.

use crate::support::*;
use okienko_proto::queue::counter_changed::State as Counter;
use okienko_proto::queue::ticket_changed::State;
use serde_json::json;

const HALL: &str = "/api/v1/halls/torun/glowny";
const EVENTS: &str = "/api/v1/halls/torun/glowny/events";

fn morning() -> Vec<okienko_proto::queue::hall_event::Change> {
    let mut changes = vec![opened(), counter("1", Counter::Free), counter("10", Counter::Paused)];
    changes.extend(["A001", "A002", "C003", "A004"].map(waits));
    changes.extend([calls("A001", "1", 1), becomes("A001", State::Serving, "1")]);
    changes
}

#[tokio::test]
async fn a_snapshot_shows_calls_counters_and_the_numbers_that_wait() {
    let town = Town::with(morning()).await;
    let board = town.get(HALL).await.json();
    assert_eq!(board["seq"], 9);
    assert_eq!(board["now"], "2026-12-01T09:00:00+01:00");
    assert_eq!(board["calls"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&board["calls"][0]["ticket"], &board["calls"][0]["counter"], &board["calls"][0]["state"]),
        (&json!("A001"), &json!("1"), &json!("serving"))
    );
    assert_eq!(board["waiting_total"], 3);
    let (low, high) = (&board["waiting"][0]["low_min"], &board["waiting"][0]["high_min"]);
    assert!(low.as_u64() < high.as_u64(), "one counter serves and two wait: {low}–{high}");
    assert_eq!(
        board["waiting"],
        json!([
            {"service": "cards", "name": "Dowody osobiste", "waiting": 2, "tickets": ["A002", "A004"],
                "low_min": low, "high_min": high},
            {"service": "cars", "name": "Rejestracja pojazdów", "waiting": 1, "tickets": ["C003"]},
            {"service": "homes", "name": "Meldunki", "waiting": 0, "tickets": []},
        ])
    );
    assert_eq!(
        board["counters"],
        json!([
            {"counter": "1", "state": "serving", "ticket": "A001"},
            {"counter": "2", "state": "closed"},
            {"counter": "10", "state": "paused"},
        ])
    );
}

#[tokio::test]
async fn open_data_counts_who_waits_and_names_nobody() {
    let town = Town::with(morning()).await;
    let answer = town.get("/api/v1/open/queues?office=torun").await;
    assert!(answer.headers["cache-control"].to_str().unwrap().contains("max-age"));
    let queues = answer.json();
    assert_eq!(queues["queues"][0]["waiting"], 3);
    assert_eq!(queues["queues"][0]["services"], json!({"cards": 2, "cars": 1}));
    assert_eq!(queues["queues"][0]["counters_open"], 1);
    let waits = queues["queues"][0]["expected_wait"].as_object().unwrap();
    assert_eq!(waits.keys().collect::<Vec<_>>(), ["cards"], "no counter serves cars now");
    assert!(waits["cards"]["low_min"].as_u64() < waits["cards"]["high_min"].as_u64());
    assert!(!answer.body.contains("A002"));
}

#[tokio::test]
async fn a_stream_starts_with_a_snapshot_and_goes_on_without_a_hole() {
    let town = Town::with(morning()).await;
    let mut screen = town.listen(EVENTS, None).await;
    let first = screen.next().await;
    assert_eq!((first.event.as_str(), first.id), ("snapshot", 9));
    town.tell(vec![waits("A005"), calls("A002", "2", 1), waits("A006")]).await;
    let heard = screen.many(3).await;
    assert_eq!(heard.iter().map(|h| h.id).collect::<Vec<_>>(), [10, 11, 12]);
    assert_eq!(heard.iter().map(|h| h.event.as_str()).collect::<Vec<_>>(), ["board", "call", "board"]);
    let call = &heard[1].data;
    assert_eq!(
        (&call["ticket"], &call["counter"], &call["attempt"]),
        (&json!("A002"), &json!("2"), &json!(1))
    );
    assert_eq!(call["announce"]["text"], "Bilet numer A002, proszę do stanowiska numer 2");
    assert_eq!(call["announce"]["audio"], json!(null));
}

#[tokio::test]
async fn a_screen_that_comes_back_gets_every_number_that_it_lacks() {
    let town = Town::with(morning()).await;
    town.get(HALL).await;
    town.tell(vec![calls("A002", "2", 1), waits("A005"), calls("C003", "10", 1)]).await;
    let mut screen = town.listen(EVENTS, Some(9)).await;
    town.tell(vec![waits("A006")]).await;
    let heard = screen.many(4).await;
    assert_eq!(heard.iter().map(|h| h.id).collect::<Vec<_>>(), [10, 11, 12, 13]);
    assert_eq!((heard[0].event.as_str(), heard[2].event.as_str()), ("call", "call"));
    assert_eq!((&heard[0].data["ticket"], &heard[2].data["ticket"]), (&json!("A002"), &json!("C003")));

    let mut up_to_date = town.listen(EVENTS, Some(13)).await;
    town.tell(vec![waits("A007")]).await;
    assert_eq!(up_to_date.next().await.id, 14);
}

#[tokio::test]
async fn a_screen_that_was_told_more_elsewhere_sees_nothing_twice() {
    let town = Town::with(morning()).await;
    town.get(HALL).await;
    // Another replica has shown 10 and 11; the bus has not delivered them here yet.
    let late = town.only_log(vec![calls("A002", "2", 1), waits("A005")]);
    let mut screen = town.listen(EVENTS, Some(11)).await;
    town.carry(late).await;
    town.tell(vec![waits("A006")]).await;
    assert_eq!(screen.next().await.id, 12);

    // The same while queue does not answer.
    let late = town.only_log(vec![calls("A004", "2", 1), waits("A007")]);
    town.told.lock().away = true;
    let mut screen = town.listen(EVENTS, Some(14)).await;
    town.told.lock().away = false;
    town.carry(late).await;
    town.tell(vec![waits("A008")]).await;
    assert_eq!(screen.next().await.id, 15);
}

#[tokio::test]
async fn a_screen_from_a_time_that_is_no_more_starts_from_a_snapshot() {
    let town = Town::with(morning()).await;
    let first = town.listen(EVENTS, Some(5_000)).await.next().await;
    assert_eq!((first.event.as_str(), first.id), ("snapshot", 9));
}

#[tokio::test]
async fn a_screen_that_fell_behind_gets_a_snapshot_and_then_only_what_is_newer() {
    let town = Town::with(morning()).await;
    let mut slow = town.listen(EVENTS, Some(9)).await;
    for _ in 0..200 {
        town.tell(vec![calls("A002", "2", 1), becomes("A002", State::Waiting, "")]).await;
    }
    let heard = slow.next().await;
    assert_eq!((heard.event.as_str(), heard.id), ("snapshot", 409));
    town.tell(vec![waits("A008")]).await;
    let heard = slow.next().await;
    assert_eq!((heard.event.as_str(), heard.id), ("board", 410));
}

#[tokio::test]
async fn what_the_bus_lost_is_asked_from_queue_and_repeats_change_nothing() {
    let town = Town::with(morning()).await;
    let mut screen = town.listen(EVENTS, Some(9)).await;
    let lost = town.only_log(vec![calls("A002", "2", 1), becomes("A002", State::Serving, "2")]);
    town.tell(vec![waits("A005")]).await;
    let heard = screen.many(3).await;
    assert_eq!(heard.iter().map(|h| h.id).collect::<Vec<_>>(), [10, 11, 12]);
    assert_eq!(heard[0].event, "call");
    let before = town.get(HALL).await.body;
    town.carry(lost).await;
    assert_eq!(town.get(HALL).await.body, before);
}

#[tokio::test]
async fn an_unknown_hall_is_not_found_and_a_queue_that_is_away_is_said_to_be() {
    let town = Town::with(morning()).await;
    assert_eq!(town.get("/api/v1/halls/torun/plaza").await.status, 404);
    assert_eq!(town.get("/api/v1/halls/nowhere/glowny").await.json()["code"], "unknown");

    let away = Town::with(morning()).await;
    away.told.lock().away = true;
    for _ in 0..2 {
        let answer = away.get(HALL).await;
        assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (503, Some("unavailable")));
        assert!(answer.headers.contains_key("retry-after"));
    }
    assert_eq!(away.get("/api/v1/open/queues").await.status, 503);
}

#[tokio::test]
async fn a_hall_that_is_known_goes_on_while_queue_is_away() {
    let town = Town::with(morning()).await;
    town.get(HALL).await;
    town.told.lock().away = true;
    assert_eq!(town.get(HALL).await.status, 200);
}

#[tokio::test]
async fn while_the_bus_is_away_queue_is_asked_and_when_it_is_away_too_the_age_is_told() {
    let town = Town::with(morning()).await;
    assert_eq!(town.get(HALL).await.json()["seq"], 9);
    town.bus_is_away(true);
    town.only_log(vec![calls("A002", "10", 1)]);
    town.until(HALL, |board| board["seq"] == 10 && board["calls"][0]["ticket"] == "A002").await;
    assert_eq!(town.get(HALL).await.json()["age_s"], json!(null), "it is the newest");
    town.told.lock().away = true;
    town.until(HALL, |board| board["age_s"].as_u64() > Some(0)).await;
    town.told.lock().away = false;
    town.until(HALL, |board| board["age_s"] == json!(null)).await;
    town.bus_is_away(false);
}
