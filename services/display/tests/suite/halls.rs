//! Several halls: one for which queue is slow holds up no other, and one whose task is lost recovers.

use crate::support::*;
use std::time::Duration;

const HALL: &str = "/api/v1/halls/torun/glowny";
const ANNEX: &str = "/api/v1/halls/torun/annex";

/// Shorter than the timeout towards queue, longer than anything that does not wait for it.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(2), what).await.expect("it waits for another hall")
}

fn seq(answer: &Answer) -> u64 {
    answer.json()["seq"].as_u64().unwrap()
}

#[tokio::test]
async fn a_hall_that_is_asked_for_first_keeps_no_other_from_screens_and_events() {
    let town = Town::with(vec![opened(), waits("A001")]).await;
    town.told.lock().slow = Some("annex".into());
    let slow = async {
        let answer = town.get(ANNEX).await;
        (answer.status, seq(&answer))
    };
    let others = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(seq(&soon(town.get(HALL)).await), 2);
        soon(town.tell(vec![calls("A001", "1", 1)])).await;
        assert_eq!(seq(&soon(town.get(HALL)).await), 3);
        // The bus loses an event, and queue is asked for it.
        town.only_log(vec![waits("A002")]);
        soon(town.tell(vec![waits("A003")])).await;
        soon(town.until(HALL, |board| board["seq"] == 5)).await;
        town.told.lock().slow = None;
    };
    let (annex, ()) = tokio::join!(slow, others);
    assert_eq!(annex, (http::StatusCode::OK, 5), "what came meanwhile is in it");
}

#[tokio::test]
async fn a_gap_of_one_hall_that_queue_does_not_fill_yet_leaves_every_other_hall_up_to_date() {
    let town = Town::with(vec![opened(), waits("A001")]).await;
    for hall in [HALL, ANNEX] {
        assert_eq!(seq(&town.get(hall).await), 2);
    }
    town.told.lock().slow = Some("annex".into());
    // Both halls have the same events; the annex has a gap.
    town.only_log(vec![waits("A002")]);
    let events = town.only_log(vec![waits("A003")]);
    soon(town.carry(events.into_iter().map(|event| at("annex", event)).collect())).await;
    soon(town.tell(vec![waits("A004")])).await;
    soon(town.until(HALL, |board| board["seq"] == 5)).await;
    assert_eq!(seq(&soon(town.get(ANNEX)).await), 2, "it shows what it has");
    town.told.lock().slow = None;
    soon(town.until(ANNEX, |board| board["seq"] == 5)).await;
}

#[tokio::test]
async fn while_the_bus_is_away_a_slow_hall_leaves_the_others_up_to_date() {
    let town = Town::with(vec![opened(), waits("A001")]).await;
    for hall in [ANNEX, HALL] {
        assert_eq!(seq(&town.get(hall).await), 2);
    }
    town.told.lock().slow = Some("annex".into());
    town.bus_is_away(true);
    town.only_log(vec![waits("A002")]);
    let told = town.until(HALL, |board| board["seq"] == 3);
    tokio::time::timeout(Duration::from_secs(4), told).await.expect("it waits for another hall");
}

#[tokio::test]
async fn a_hall_whose_task_was_lost_has_all_that_queue_knows_a_moment_later() {
    let town = Town::with(vec![opened(), waits("A001")]).await;
    for hall in [ANNEX, HALL] {
        assert_eq!(seq(&town.get(hall).await), 2);
    }
    // The task is lost while asking for what the bus lost, with one more event in hand.
    town.told.lock().breaks = Some("annex".into());
    town.only_log(vec![waits("A002")]);
    let events = town.only_log(vec![waits("A003")]);
    soon(town.carry(events.into_iter().map(|event| at("annex", event)).collect())).await;
    assert_eq!(seq(&soon(town.get(ANNEX)).await), 2, "it shows what it has");
    let told = town.until(ANNEX, |board| board["seq"] == 4);
    tokio::time::timeout(Duration::from_secs(10), told).await.expect("the hall's task did not come back");
    // Nothing stays counted as pending: new events are shown at once.
    soon(
        town.carry(town.only_log(vec![waits("A004")]).into_iter().map(|event| at("annex", event)).collect()),
    )
    .await;
    soon(town.until(ANNEX, |board| board["seq"] == 5)).await;
}
