//! Lives: after a backup is restored, numbers lower than those shown before arrive, and they count; late ones from
//! before do not. Screens, e-tickets and display itself, also alongside replicas that know no lives.

use crate::support::*;
use okienko_proto::queue::HallEvent;
use okienko_proto::queue::hall_event::Change;
use okienko_proto::queue::ticket_changed::State;
use serde_json::{Value, json};

const HALL: &str = "/api/v1/halls/torun/glowny";
const EVENTS: &str = "/api/v1/halls/torun/glowny/events";

/// An opened day, four waiting tickets, and calls up to number 36.
fn busy() -> Vec<Change> {
    let mut changes = vec![opened()];
    changes.extend(["A001", "A002", "A003", "A004"].map(waits));
    changes.extend([
        calls("A001", "1", 1),
        becomes("A001", State::Serving, "1"),
        becomes("A001", State::Served, "1"),
    ]);
    while changes.len() < 35 {
        changes.push(becomes("A001", State::Served, "1"));
    }
    changes.push(calls("A002", "2", 1));
    changes
}

fn last_call(board: &Value) -> (&str, &str) {
    let call = &board["calls"][0];
    (call["ticket"].as_str().unwrap_or_default(), call["counter"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_restored_backup_shows_and_says_its_new_call_though_its_number_is_lower() {
    let town = Town::with(busy()).await;
    let mut screen = town.listen(EVENTS, None).await;
    let first = screen.next().await;
    assert_eq!((first.id, first.life, last_call(&first.data)), (36, LIFE, ("A002", "2")));
    town.restore(4);
    town.tell(vec![calls("A003", "10", 1)]).await;
    // Everything before the call comes as a whole, then the call with its announcement.
    let whole = screen.next().await;
    assert_eq!((whole.event.as_str(), whole.life, whole.id), ("snapshot", LIFE + 1, 4));
    assert_eq!((&whole.data["life"], &whole.data["calls"]), (&json!(LIFE + 1), &json!([])));
    let call = screen.next().await;
    assert_eq!((call.event.as_str(), call.life, call.id), ("call", LIFE + 1, 5));
    assert!(call.data["announce"]["text"].as_str().unwrap().contains("A003"));
    let board = town.get(HALL).await.json();
    assert_eq!(
        (&board["life"], &board["seq"], last_call(&board)),
        (&json!(LIFE + 1), &json!(5), ("A003", "10"))
    );
}

#[tokio::test]
async fn a_screen_comes_back_from_any_life_and_number_to_what_is_true_now() {
    let town = Town::with(busy()).await;
    town.get(HALL).await;
    town.restore(4);
    town.tell(vec![calls("A003", "10", 1), waits("A005")]).await;
    let (old, new) = (LIFE, LIFE + 1);
    // The id sent, and what comes first: a snapshot, or the next number.
    for (id, first) in [
        (format!("{old}-36"), ("snapshot", 6)),
        (format!("{old}-5"), ("snapshot", 6)),
        (format!("{old}-6"), ("snapshot", 6)),
        (format!("{old}-1"), ("snapshot", 6)),
        (format!("{}-3", old - 1), ("snapshot", 6)),
        ("1-1".into(), ("snapshot", 6)),
        ("36".into(), ("snapshot", 6)),
        ("5000".into(), ("snapshot", 6)),
        ("nonsense".into(), ("snapshot", 6)),
        (format!("{new}-x"), ("snapshot", 6)),
        (format!("{new}-900"), ("snapshot", 6)),
        (format!("{}-2", new + 5), ("snapshot", 6)),
        (format!("{new}-4"), ("call", 5)),
        (format!("{new}-5"), ("change", 6)),
    ] {
        let heard = town.listen_after(EVENTS, Some(id.clone())).await.next().await;
        assert_eq!((heard.event.as_str(), heard.id), first, "{id}");
        assert_eq!(heard.life, new, "{id}");
    }
}

#[tokio::test]
async fn what_is_late_from_the_life_before_changes_nothing() {
    let town = Town::with(busy()).await;
    town.get(HALL).await;
    let late: Vec<HallEvent> = town.only_log(vec![calls("A004", "1", 1), opened()]);
    town.restore(4);
    town.tell(vec![calls("A003", "10", 1)]).await;
    let before = town.get(HALL).await.body;
    town.carry(late).await;
    assert_eq!(town.get(HALL).await.body, before);
}

#[tokio::test]
async fn also_a_day_of_which_nothing_is_left_and_a_life_with_more_than_was_shown_are_believed() {
    for (kept, then) in [(0, 3), (0, 60), (1, 1), (4, 40), (35, 1), (36, 1), (36, 30)] {
        let town = Town::with(busy()).await;
        town.get(HALL).await;
        town.restore(kept);
        let mut rest = busy().split_off(kept);
        rest.truncate(then);
        while rest.len() < then {
            rest.push(becomes("A001", State::Served, "1"));
        }
        rest.push(calls("A004", "10", 1));
        town.tell(rest).await;
        let board = town.get(HALL).await.json();
        assert_eq!(board["seq"], kept + then + 1, "{kept} kept, {then} more");
        assert_eq!(last_call(&board), ("A004", "10"), "{kept} kept, {then} more");
    }
}

#[tokio::test]
async fn a_ticket_that_the_backup_does_not_know_as_called_waits_again_for_its_holder() {
    let town = Town::with(busy()).await;
    let of = |number: u64| format!("/api/v1/tickets/{}", town.token(id(DAY, number)));
    let mut phone = town.listen(&format!("{}/events", of(2)), None).await;
    let told = phone.next().await;
    assert_eq!((&told.data["state"], told.life, told.id), (&json!("called"), LIFE, 36));
    town.restore(5);
    town.tell(vec![waits("A006")]).await;
    let told = phone.next().await;
    assert_eq!((&told.data["state"], &told.data["life"]), (&json!("waiting"), &json!(LIFE + 1)));
    assert!(told.id < 36);
}

#[tokio::test]
async fn while_the_bus_is_away_a_new_life_is_heard_from_queue() {
    let town = Town::with(busy()).await;
    town.get(HALL).await;
    town.bus_is_away(true);
    town.restore(4);
    town.only_log(vec![calls("A003", "10", 1)]);
    town.until(HALL, |board| board["life"] == LIFE + 1 && board["calls"][0]["ticket"] == "A003").await;
}

#[tokio::test]
async fn during_a_roll_out_replicas_that_know_no_lives_and_those_that_do_are_one_queue() {
    let town = Town::with(busy()).await;
    town.told.lock().life = 0;
    assert_eq!(town.get(HALL).await.json()["life"], 0);
    let mut screen = town.listen(EVENTS, None).await;
    assert_eq!((screen.next().await.life, town.get(HALL).await.json()["seq"].as_u64()), (0, Some(36)));
    // A new replica publishes, and an old one is asked for the rest.
    let mut events = town.only_log(vec![waits("A007")]);
    events[0].life = LIFE;
    town.carry(events).await;
    let heard = screen.next().await;
    assert_eq!((heard.event.as_str(), heard.id), ("board", 37));
    // A new one is asked: from then on the life is known, and nothing was lost or announced twice.
    let mut events = town.only_log(vec![calls("A003", "10", 1)]);
    events[0].life = LIFE;
    town.told.lock().life = LIFE;
    town.carry(events).await;
    assert_eq!(screen.next().await.event, "snapshot");
    let heard = screen.next().await;
    assert_eq!((heard.event.as_str(), heard.life, heard.id), ("call", LIFE, 38));
    // And an old one again.
    town.told.lock().life = 0;
    town.tell(vec![waits("A008"), calls("A004", "1", 1)]).await;
    let heard = screen.many(2).await;
    assert_eq!(heard.iter().map(|h| (h.life, h.id)).collect::<Vec<_>>(), [(LIFE, 39), (LIFE, 40)]);
}
