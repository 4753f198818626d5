//! Visits that take longer than a slot, and the people who serve them: what is offered, what is refused, and what is free
//! again when somebody stays away.

use crate::support::Town;
use crate::support::staff::{ask, book};
use http::StatusCode;
use okienko_kernel::TimeOfDay;
use okienko_office::calendar::Interval;
use okienko_office::{Office, Shift};
use serde_json::{Value, json};

const SERVICE: &str = "dzialalnosc-gospodarcza";
const PHONES: [&str; 3] = ["+48601234567", "+48601234568", "+48601234569"];

fn interval(open: &str, close: &str) -> Interval {
    let time = |text: &str| text.parse::<TimeOfDay>().unwrap();
    Interval { open: time(open), close: time(close) }
}

/// One person from 7:30 to 15:30 with a break at noon; a matter takes an hour and a half.
fn ninety_minutes(office: &mut Office) {
    office.services.iter_mut().filter(|it| it.id == SERVICE).for_each(|it| it.minutes = 90);
    let pool = office.pools.iter_mut().find(|pool| pool.services.iter().any(|id| id == SERVICE)).unwrap();
    let breaks = vec![interval("12:00", "12:30")];
    pool.shifts = vec![Shift { people: 1, hours: interval("07:30", "15:30"), breaks, days: Vec::new() }];
}

async fn get(town: &Town, path: &str) -> Value {
    let address = format!("/api/v1/offices/torun/locations/glowny/services/{SERVICE}/{path}");
    let answer = ask(town, "GET", &address, "", None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// The starts that are free on 2 December.
async fn free(town: &Town) -> Vec<String> {
    let answer = get(town, "days/2026-12-02/times").await;
    let free = answer["times"].as_array().unwrap().iter().filter(|time| time["free"].as_u64() > Some(0));
    free.map(|time| time["time"].as_str().unwrap().to_owned()).collect()
}

/// How many more people the month shows room for on that day.
async fn people(town: &Town) -> u64 {
    get(town, "days?from=2026-12-02&count=1").await["days"][0]["free"].as_u64().unwrap()
}

async fn hold(town: &Town, time: &str) -> (StatusCode, String) {
    let place = json!({"location": "glowny", "service": SERVICE, "date": "2026-12-02", "time": time});
    let answer = ask(town, "POST", "/api/v1/offices/torun/holds", "", Some(place)).await;
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_long_visit_is_offered_only_where_its_clerk_is_there_for_all_of_it() {
    let town = Town::with(ninety_minutes).await;
    let before_noon = ["07:30", "08:00", "08:30", "09:00", "09:30", "10:00", "10:30"];
    let after_it = ["12:30", "13:00", "13:30", "14:00"];
    assert_eq!(free(&town).await, [&before_noon[..], &after_it[..]].concat());
    assert_eq!(people(&town).await, 5, "three before noon and two after it");
    for time in ["11:00", "11:30", "12:00", "14:30"] {
        assert_eq!(hold(&town, time).await.1, "unknown", "{time} would end in the break or after closing");
    }
    let mut browser = town.browser();
    let page = format!("/torun/book?service={SERVICE}&location=glowny&date=2026-12-02");
    browser.open(&page).await;
    assert!(browser.says("10:30") && !browser.says("11:00") && !browser.says("11:30"), "{}", browser.words());
}

#[tokio::test]
async fn whoever_takes_ninety_minutes_takes_them_from_nobody_else_and_gives_all_of_them_back() {
    let town = Town::with(ninety_minutes).await;
    let all = free(&town).await;
    let theirs = book(&town, "09:00", "Anna Nowak", "phone", PHONES[0]).await;
    assert_eq!(free(&town).await, ["07:30", "10:30", "12:30", "13:00", "13:30", "14:00"]);
    assert_eq!(people(&town).await, 4);
    for taken in ["08:00", "08:30", "09:00", "09:30", "10:00"] {
        assert_eq!(hold(&town, taken).await, (StatusCode::CONFLICT, "slot_full".into()), "{taken}");
    }
    book(&town, "10:30", "Jan Kowalski", "phone", PHONES[1]).await;
    let cancel = format!("/api/v1/reservations/{}/cancel", theirs["token"].as_str().unwrap());
    let done = ask(&town, "POST", &cancel, "", None).await;
    assert!(done.status.is_success(), "{}", done.text);
    town.advance("PT3H").await;
    assert_eq!(free(&town).await, ["07:30", "08:00", "08:30", "09:00", "12:30", "13:00", "13:30", "14:00"]);
    assert!(all.len() > free(&town).await.len());
    // What was promised is as long after a restart as it was before.
    let town = town.restarted().await;
    book(&town, "09:00", "Ewa Zielińska", "phone", PHONES[2]).await;
    assert_eq!(hold(&town, "08:30").await.1, "slot_full");
}

#[tokio::test]
async fn two_services_of_a_pool_share_its_people_whatever_their_lengths() {
    let town = Town::with(|office| {
        let pool = office.pools.iter_mut().find(|pool| pool.id == "glowny-dowody").unwrap();
        (pool.capacity, pool.shifts) = (1, Vec::new());
        let lengths = [("dowod-wniosek", 30), ("dowod-odbior", 15)];
        for (id, minutes) in lengths {
            office.services.iter_mut().filter(|it| it.id == id).for_each(|it| it.minutes = minutes);
        }
        office.services.iter_mut().filter(|it| it.id == "dowod-odbior").for_each(|it| it.pause = Some(15));
    })
    .await;
    let held = async |service: &str, time: &str| {
        let place = json!({"location": "glowny", "service": service, "date": "2026-12-02", "time": time});
        ask(&town, "POST", "/api/v1/offices/torun/holds", "", Some(place)).await.status
    };
    assert_eq!(held("dowod-wniosek", "09:00").await, StatusCode::CREATED);
    assert_eq!(held("dowod-odbior", "09:15").await, StatusCode::CONFLICT, "the clerk is with the first one");
    assert_eq!(held("dowod-odbior", "08:45").await, StatusCode::CONFLICT, "the pause would be cut short");
    assert_eq!(held("dowod-odbior", "09:30").await, StatusCode::CREATED);
    assert_eq!(held("dowod-wniosek", "09:45").await, StatusCode::CONFLICT, "the clerk has a pause");
    assert_eq!(held("dowod-wniosek", "10:00").await, StatusCode::CREATED);
}
