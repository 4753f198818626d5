//! The reminder on the evening before: who gets it, when, and that a restart neither repeats nor loses it.

use okienko_e2e::House;
use okienko_e2e::offices;
use okienko_e2e::visit::{Wish, book, message};
use serde_json::json;

const DAYS_BEFORE: &str = "2026-12-01T10:00:00+01:00";
const COMES: &str = "+48601234567";
const CANCELS: &str = "+48602345678";
const LATE: &str = "+48603456789";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_a_visit_tomorrow_is_reminded_this_evening_and_once() {
    let folder = tempfile::tempdir().unwrap();
    offices::write(folder.path(), 9, 30).unwrap();
    let mut house = House::start(Some(folder.path()), Some(DAYS_BEFORE)).await.unwrap();
    let wish = |time: &str| Wish::new("test", "hall", "visit", "2026-12-04", time);
    let coming = book(&house, &house.client, &wish("10:00"), "Anna Nowak", COMES).await.unwrap();
    let gone = book(&house, &house.client, &wish("10:00"), "Jan Kowalski", CANCELS).await.unwrap();
    for phone in [COMES, CANCELS] {
        message(&house, phone, 2).await.unwrap();
    }
    let path = format!("/api/v1/reservations/{}/cancel", gone["token"].as_str().unwrap());
    house.client.post(&path, json!({})).await.unwrap().expect(200).unwrap();
    message(&house, CANCELS, 3).await.unwrap();

    house.advance("PT1M").await.unwrap();
    // The timer is stored in the journal.
    house = house.kill_and_restart().await.unwrap();
    house.clock("2026-12-03T17:30:00+01:00").await.unwrap();
    book(&house, &house.client, &wish("11:00"), "Ewa Lis", LATE).await.unwrap();
    message(&house, LATE, 2).await.unwrap();
    assert_eq!(reminders(&house, COMES).await, Vec::<String>::new(), "before its time");
    house.clock("2026-12-03T18:00:00+01:00").await.unwrap();
    let said = reminders(&house, COMES).await.pop().unwrap();
    for part in
        ["przypomnienie", "pt 4.12.2026 10:00", coming["check_in_code"].as_str().unwrap(), "/test/visit/"]
    {
        assert!(said.contains(part), "{part} is not in: {said}");
    }

    // The outcome is in the journal by then: a message without a known outcome would be sent once more, under its id.
    house.advance("PT1M").await.unwrap();
    house = house.kill_and_restart().await.unwrap();
    house.clock("2026-12-04T09:00:00+01:00").await.unwrap();
    // A restart empties the demo's phones; the provider of an installation keeps its messages.
    let kept = usize::from(house.cluster().is_some());
    for (phone, count) in [(COMES, kept), (CANCELS, 0), (LATE, 0)] {
        assert_eq!(reminders(&house, phone).await.len(), count, "{phone}");
    }
}

async fn reminders(house: &House, phone: &str) -> Vec<String> {
    let all = house.outbox(phone).await.unwrap();
    all.into_iter().filter(|text| text.contains("przypomnienie")).collect()
}
