//! The office's calendar for its staff: what each pool of each day has, and who may see it.

use crate::support::Town;
use crate::support::staff::{ask, book, token};
use http::StatusCode;
use okienko_web::Role;
use serde_json::{Value, json};

const CALENDAR: &str = "/api/v1/offices/torun/calendar";

async fn look(town: &Town, range: &str) -> Value {
    let answer =
        ask(town, "GET", &format!("{CALENDAR}?{range}"), &token("torun", Role::Supervisor, None), None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// A pool of the first day of an answer.
fn pool<'a>(calendar: &'a Value, id: &str) -> &'a Value {
    calendar["days"][0]["pools"].as_array().unwrap().iter().find(|pool| pool["pool"] == id).unwrap()
}

#[tokio::test]
async fn each_day_says_when_a_pool_is_open_and_what_is_booked_and_free_there() {
    let town = Town::start().await;
    let before = look(&town, "from=2026-12-02&until=2026-12-02").await;
    book(&town, "09:00", "Anna Nowak", "phone", "+48601234567").await;
    let after = look(&town, "from=2026-12-02&until=2026-12-02").await;
    let here = "glowny-dzialalnosc";
    assert_eq!(
        pool(&before, here),
        &json!({"pool": here, "open": [["07:30", "15:30"]], "capacity": 1, "booked": 0, "free": 16})
    );
    assert_eq!((&pool(&after, here)["booked"], &pool(&after, here)["free"]), (&json!(1), &json!(15)));
    assert_eq!(pool(&after, "glowny-usc"), pool(&before, "glowny-usc"), "the other pools are as they were");
    assert!(before["version"].as_u64() >= Some(1));
    // Not released for citizens yet, and never opened: what staff plan with.
    let later = look(&town, "from=2027-02-03&until=2027-02-03").await;
    assert_eq!((&pool(&later, here)["booked"], &pool(&later, here)["free"]), (&json!(0), &json!(16)));
    // Over.
    let before = look(&town, "from=2026-11-25&until=2026-11-25").await;
    assert_eq!((&pool(&before, here)["capacity"], &pool(&before, here)["free"]), (&json!(1), &json!(0)));
    let week = look(&town, "from=2026-12-05").await;
    let dates: Vec<_> =
        week["days"].as_array().unwrap().iter().map(|day| day["date"].as_str().unwrap()).collect();
    assert_eq!((dates.len(), dates[0], dates[6]), (7, "2026-12-05", "2026-12-11"));
    let saturday = pool(&week, here);
    assert_eq!(
        (&saturday["open"], &saturday["capacity"], &saturday["free"]),
        (&json!([]), &json!(0), &json!(0))
    );
}

#[tokio::test]
async fn reserved_places_are_free_for_staff_and_not_for_citizens() {
    let town = Town::with(|office| {
        office.pools.iter_mut().filter(|it| it.id == "glowny-usc").for_each(|it| it.reserved = 1);
    })
    .await;
    let staff = look(&town, "from=2026-12-02&until=2026-12-02").await;
    assert_eq!(pool(&staff, "glowny-usc")["free"], 32, "two in each half-hour");
    let address = "/api/v1/offices/torun/locations/glowny/services/odpis-aktu/days?from=2026-12-02&count=1";
    let citizens = ask(&town, "GET", address, "", None).await.json();
    assert_eq!(citizens["days"][0]["free"], 16, "one of them");
    let place = json!({"location": "glowny", "service": "odpis-aktu", "date": "2026-12-02", "time": "09:00"});
    let held = async || ask(&town, "POST", "/api/v1/offices/torun/holds", "", Some(place.clone())).await;
    assert_eq!(held().await.status, StatusCode::CREATED);
    assert_eq!(held().await.json()["code"], "slot_full", "the last one is the staff's");
}

#[tokio::test]
async fn a_range_that_makes_no_sense_is_said_at_its_field() {
    let town = Town::start().await;
    for (range, field) in [
        ("from=yesterday", "from"),
        ("until=2026-02-30", "until"),
        ("from=2026-12-02&until=2026-12-01", "until"),
        ("from=2026-12-01&until=2027-02-01", "until"),
        ("from=2026-12-01&until=9999-12-31", "until"),
        ("from=0000-00-00", "from"),
    ] {
        let answer =
            ask(&town, "GET", &format!("{CALENDAR}?{range}"), &token("torun", Role::Admin, None), None).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{range}: {}", answer.text);
        let said = &answer.json()["fields"][field];
        assert!(
            said.as_str().is_some_and(|said| said.len() > 10 && !said.contains("range-")),
            "{range}: {said}"
        );
    }
    look(&town, "from=2026-12-01&until=2027-01-31").await;
    look(&town, "").await;
}

#[tokio::test]
async fn only_staff_of_this_office_see_it_and_each_their_own_location() {
    let town = Town::start().await;
    for stranger in [
        token("wroclaw", Role::Admin, None),
        token("torun", Role::Kiosk, Some("glowny")),
        token("torun", Role::Screen, None),
        token("*", Role::Operator, None),
        String::new(),
    ] {
        assert_eq!(ask(&town, "GET", CALENDAR, &stranger, None).await.status, StatusCode::FORBIDDEN);
    }
    let plaza = token("torun", Role::Supervisor, Some("plaza"));
    let seen = ask(&town, "GET", CALENDAR, &plaza, None).await.json();
    let pools = seen["days"][0]["pools"].as_array().unwrap();
    assert!(!pools.is_empty() && pools.iter().all(|it| it["pool"].as_str().unwrap().starts_with("plaza-")));
}
