//! E-tickets: what their holders see, for how long, and how they leave.

use crate::support::*;
use okienko_kernel::Keys;
use okienko_proto::queue::TicketChanged;
use okienko_proto::queue::hall_event::Change;
use okienko_proto::queue::ticket_changed::State;
use serde_json::{Value, json};

fn api(token: &str) -> String {
    format!("/api/v1/tickets/{token}")
}

async fn queue() -> Town {
    let mut changes = vec![opened()];
    changes.extend(["A001", "A002", "C003", "A004"].map(waits));
    Town::with(changes).await
}

async fn seen(town: &Town, number: u64) -> Value {
    town.get(&api(&town.token(id(DAY, number)))).await.json()
}

#[tokio::test]
async fn ahead_counts_those_who_wait_for_the_same_counters() {
    let town = queue().await;
    let last = seen(&town, 4).await;
    assert_eq!(
        (&last["state"], &last["number"], &last["ahead"]),
        (&json!("waiting"), &json!("A004"), &json!(2))
    );
    assert_eq!(last["expected_wait"], json!(null));
    assert_eq!((&last["service_name"], &last["day"]), (&json!("Dowody osobiste"), &json!(DAY)));
    assert_eq!(seen(&town, 3).await["ahead"], 0, "cars have a counter of their own");
}

#[tokio::test]
async fn the_wait_is_said_while_a_counter_serves_the_matter_and_shrinks_with_the_line() {
    use okienko_proto::queue::counter_changed::State as Counter;
    let town = queue().await;
    let high = async || seen(&town, 4).await["expected_wait"]["high_min"].as_u64();
    town.tell(vec![counter("10", Counter::Free)]).await;
    assert_eq!(high().await, None, "counter 10 is for cars alone");
    town.tell(vec![counter("1", Counter::Free)]).await;
    let three = high().await;
    assert!(three > Some(15), "two before, ten minutes each: {three:?}");
    town.tell(vec![calls("A001", "1", 1), becomes("A001", State::Served, "1")]).await;
    town.tell(vec![calls("A002", "1", 1)]).await;
    let two = high().await;
    assert!(two.is_some() && two < three, "{two:?} after {three:?}");
    town.tell(vec![calls("A004", "1", 1)]).await;
    assert_eq!(seen(&town, 4).await["expected_wait"], json!(null), "called");
    assert_eq!(seen(&town, 4).await["ahead"], json!(null));
}

#[tokio::test]
async fn a_ticket_is_told_every_step_of_its_way() {
    let town = queue().await;
    let steps = [
        (calls("A001", "2", 1), "called", json!("2")),
        (becomes("A001", State::Absent, "2"), "absent", json!(null)),
        (calls("A001", "1", 2), "called", json!("1")),
        (becomes("A001", State::Serving, "1"), "serving", json!("1")),
        (becomes("A001", State::Served, "1"), "served", json!(null)),
    ];
    let mut phone = town.listen(&format!("{}/events", api(&town.token(id(DAY, 1)))), None).await;
    assert_eq!(phone.next().await.data["state"], "waiting");
    for (change, state, counter) in steps {
        town.tell(vec![change]).await;
        let told = phone.next().await.data;
        assert_eq!((&told["state"], &told["counter"]), (&json!(state), &counter));
        assert_eq!(told, seen(&town, 1).await);
    }
    for (number, state) in [(2, State::Missed), (4, State::Left)] {
        town.tell(vec![becomes(&format!("A00{number}"), state, "")]).await;
        assert_eq!(seen(&town, number).await["state"], state.as_str_name().to_lowercase());
    }
}

#[tokio::test]
async fn a_ticket_of_another_day_is_expected_before_and_over_after() {
    let town = queue().await;
    let of = async |day: &str| town.get(&api(&town.token(id(day, 9)))).await.json();
    assert_eq!(of("2026-12-02").await["state"], "expected");
    assert_eq!(of(DAY).await["state"], "expected");
    assert_eq!(of("2026-11-30").await["state"], "over");
    assert_eq!(of("2026-12-02").await["number"], json!(null));
}

#[tokio::test]
async fn a_number_that_is_given_at_check_in_is_not_there_before() {
    let town = queue().await;
    let expected = TicketChanged { number: String::new(), ..ticket("A009", State::Expected) };
    town.tell(vec![Change::Ticket(expected)]).await;
    assert_eq!(seen(&town, 9).await["number"], json!(null));
    // Leaving would end the visit as missed.
    let answer = town.ask("POST", &format!("{}/leave", api(&town.token(id(DAY, 9)))), &[]).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (409, &json!("conflict")));
    assert!(town.told.lock().left.is_empty());
}

#[tokio::test]
async fn whoever_leaves_before_coming_is_shown_where_the_visit_is_cancelled() {
    let town = queue().await;
    town.tell(vec![Change::Ticket(ticket("A009", State::Expected))]).await;
    for day in [DAY, "2026-12-02", "2027-01-15"] {
        let token = town.token(id(day, 9));
        let answer = town.ask("POST", &format!("{}/leave", api(&token)), &[]).await;
        let told = answer.json();
        assert_eq!((answer.status.as_u16(), &told["code"]), (409, &json!("conflict")), "{day}");
        assert_eq!(told["visit_url"], "/torun/visit/its-token");
        assert!(told["detail"].as_str().unwrap().contains("Odwołaj wizytę"), "{told}");
        // Without a script the holder is redirected there.
        let page = town.ask("POST", &format!("/t/{token}"), &[("accept", "text/html")]).await;
        assert_eq!(
            (page.status.as_u16(), &page.headers["location"]),
            (303, &http::HeaderValue::from_static("/torun/visit/its-token/cancel"))
        );
    }
    assert!(town.told.lock().left.is_empty());
}

#[tokio::test]
async fn a_token_that_is_not_ours_names_nothing() {
    let town = queue().await;
    let ours = town.token(id(DAY, 1));
    let of_others = id(DAY, 1).token(&Keys::from_secret(b"two"));
    for token in [of_others.as_str(), &ours[1..], "x", &id(DAY, 1).to_string()] {
        for path in [api(token), format!("{}/events", api(token)), format!("/t/{token}")] {
            assert_eq!(town.get(&path).await.status, 404, "{path}");
        }
        assert_eq!(town.ask("POST", &format!("{}/leave", api(token)), &[]).await.status, 404);
        assert_eq!(town.ask("POST", &format!("/t/{token}"), &[]).await.status, 404);
    }
    assert!(town.told.lock().left.is_empty());
}

#[tokio::test(start_paused = true)]
async fn leaving_is_handed_on_to_queue_and_told_at_once() {
    let town = queue().await;
    let token = town.token(id(DAY, 2));
    let answer = town.ask("POST", &format!("{}/leave", api(&token)), &[]).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["state"]), (200, &json!("left")));
    assert_eq!(town.told.lock().left, [id(DAY, 2).to_string()]);

    town.told.lock().refuse_leave = true;
    let refused = town.ask("POST", &format!("{}/leave", api(&token)), &[]).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (409, &json!("conflict")));
}
