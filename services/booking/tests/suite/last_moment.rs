//! The last moments before an hour: a visit that is promised to somebody can still be used.

use crate::support::Town;
use crate::support::crowd::SERVICE;
use http::StatusCode;
use okienko_kernel::civil::parse_rfc3339;
use serde_json::json;

/// Minutes before the hour at which the machine closes, whether visitors are queued automatically, the hour, when the
/// place is held and when the code is requested; and by when the hold must be over: the machine's last minute, or the
/// hour where visitors are queued automatically.
const NIGHTS: [(i32, bool, &str, &str, &str, &str); 12] = [
    (15, false, "09:00", "08:35", "08:44", "08:45"),
    (15, false, "09:00", "08:30", "08:39", "08:45"),
    (15, false, "09:00", "08:26", "08:35", "08:45"),
    (20, false, "09:00", "08:30", "08:39", "08:40"),
    (20, false, "09:30", "08:55", "09:04", "09:10"),
    (60, false, "10:00", "08:41", "08:50", "09:00"),
    (1, false, "09:00", "08:49", "08:58", "08:59"),
    (5, false, "09:00", "08:45", "08:54", "08:55"),
    (0, false, "09:00", "08:55", "08:59", "09:00"),
    (0, false, "09:00", "08:49", "08:58", "09:00"),
    (0, true, "09:00", "08:51", "08:59", "09:00"),
    (30, true, "09:00", "08:45", "08:54", "09:00"),
];

fn rfc(time: &str) -> String {
    format!("2026-12-01T{time}:00+01:00")
}

#[tokio::test]
async fn no_hold_runs_past_the_moment_at_which_its_visit_can_be_used() {
    for night in NIGHTS {
        let (closes, by_itself, hour, held_at, asked_at, over) = night;
        let town = Town::with(|office| {
            for location in &mut office.locations {
                (location.queue.check_in_closes_min, location.queue.placed_at_hour) = (closes, by_itself);
                location.queue.cancel_at_min = None;
            }
        })
        .await;
        let to = async |time: &str| {
            let target = parse_rfc3339(&rfc(time)).unwrap();
            town.world.settle.advance(&town.world.clock, &*town.world.bus, target).await;
        };
        to(held_at).await;
        let wish = json!({"location": "glowny", "service": SERVICE, "date": "2026-12-01", "time": hour});
        let held = town.caller().post("/api/v1/offices/torun/holds", wish.clone()).await;
        assert_eq!(held.status, StatusCode::CREATED, "{night:?}: {}", held.body);
        let (path, secret) = (format!("/api/v1/holds/{}", held.text("hold")), held.text("secret"));
        let over = parse_rfc3339(&rfc(over)).unwrap();
        let ends = |answer: &crate::support::api::Answer| parse_rfc3339(&answer.text("expires_at")).unwrap();
        assert!(ends(&held) <= over, "{night:?}: {}", held.body);
        let caller = town.caller().with(&secret);
        let form = json!({"fields": {"name": "Anna Nowak"}, "consents": {}});
        assert_eq!(caller.call("PUT", &format!("{path}/form"), form).await.status, StatusCode::NO_CONTENT);
        to(asked_at).await;
        let code = caller.post(&format!("{path}/code"), json!({"phone": "601234567"})).await;
        assert_eq!(code.status, StatusCode::ACCEPTED, "{night:?}: {}", code.body);
        assert!(ends(&code) <= over, "{night:?}: a code that outlives the machine: {}", code.body);
        let code = town.code("+48601234567").await;
        let confirm = async || caller.post(&format!("{path}/confirm"), json!({"code": code})).await;
        town.world.settle.advance(&town.world.clock, &*town.world.bus, over).await;
        let late = confirm().await;
        assert!(matches!(late.code(), "hold_expired" | "code_expired"), "{night:?}: {}", late.body);
        // After that, no place can be held either.
        let again = town.caller().post("/api/v1/offices/torun/holds", wish).await;
        assert_eq!(again.code(), "too_late", "{night:?}: {}", again.body);
    }
}

#[tokio::test]
async fn in_the_last_second_a_visit_is_still_made() {
    let town = Town::with(|office| {
        for location in &mut office.locations {
            (location.queue.check_in_closes_min, location.queue.placed_at_hour) = (15, false);
        }
    })
    .await;
    town.advance("PT95M").await;
    let wish = json!({"location": "glowny", "service": SERVICE, "date": "2026-12-01", "time": "09:00"});
    let held = town.caller().post("/api/v1/offices/torun/holds", wish).await;
    assert_eq!(held.status, StatusCode::CREATED, "{}", held.body);
    let (path, secret) = (format!("/api/v1/holds/{}", held.text("hold")), held.text("secret"));
    let caller = town.caller().with(&secret);
    caller
        .call("PUT", &format!("{path}/form"), json!({"fields": {"name": "Anna Nowak"}, "consents": {}}))
        .await;
    caller.post(&format!("{path}/code"), json!({"phone": "601234567"})).await;
    let code = town.code("+48601234567").await;
    town.advance("PT9M59S").await;
    let done = caller.post(&format!("{path}/confirm"), json!({"code": code})).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
}
