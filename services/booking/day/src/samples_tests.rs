//! Every sample of every schema ever stored for a day can still be read, and every kind is written as its sample says.

use crate::{Attendance, Attended, Command, DayEvent};
use okienko_kernel::samples::{Says, faults, write_missing};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Day, Id, IdKind, Moment, Stored, Way};
use okienko_office::samples::small_office;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn day_events() -> Vec<DayEvent> {
    crate::samples::day_events(small_office().plan("pool", "2026-12-01".parse().unwrap()).unwrap())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

#[test]
fn what_was_ever_written_is_still_read_and_what_is_written_now_is_what_its_sample_says() {
    assert_eq!(faults(&folder(), &day_events(), Says::AllButNewFields), Vec::<String>::new());
}

#[test]
#[ignore = "run by hand after a new kind or schema"]
fn write_samples() {
    write_missing(&folder(), &day_events()).unwrap();
}

/// Literal, because a field of another name would be read as absent, and a day of people as one of slots.
#[test]
fn a_day_that_is_given_to_people_is_written_with_these_words_and_read_again() {
    let mut office = small_office();
    office.locations[0].hours = okienko_office::samples::every_day(&["08:00-09:00"]);
    (office.services[0].minutes, office.services[0].pause) = (60, Some(5));
    (office.pools[0].capacity, office.pools[0].reserved) = (2, 1);
    let plan = office.plan("pool", "2026-12-01".parse().unwrap()).unwrap();
    let opened = DayEvent::DayOpened(crate::DayOpened { plan: plan.clone().into() });
    let stored: Value = serde_json::from_slice(&opened.encode().unwrap()).unwrap();
    let (from, to) = (1_796_108_400_000_000_i64, 1_796_112_000_000_000_i64);
    assert_eq!(stored["plan"]["people"], serde_json::json!([{"from": from, "to": to, "people": 2}]));
    assert_eq!(
        stored["plan"]["reserved"],
        serde_json::json!({"people": 1, "until": 1_796_166_000_000_000_i64})
    );
    let service = &stored["plan"]["services"][0];
    assert_eq!(service["length"], serde_json::json!({"minutes": 60, "pause_min": 5}));
    assert_eq!(service["step_min"], 30);
    assert_eq!(DayEvent::decode("day_opened", 1, &opened.encode().unwrap()), Ok(opened));
    let Some(DayEvent::HoldPlaced(mut placed)) = day_events().into_iter().nth(1) else { panic!("no hold") };
    placed.length = plan.services[0].length;
    let placed = DayEvent::HoldPlaced(placed);
    let stored: Value = serde_json::from_slice(&placed.encode().unwrap()).unwrap();
    assert_eq!(stored["length"], serde_json::json!({"minutes": 60, "pause_min": 5}));
    assert_eq!(DayEvent::decode("hold_placed", 1, &placed.encode().unwrap()), Ok(placed));
}

#[test]
fn what_is_no_event_of_a_day_is_refused() {
    for (kind, schema, data) in
        [("no_such", 1, "{}"), ("form_saved", 0, "{}"), ("form_saved", 2, "{}"), ("form_saved", 1, "{")]
    {
        assert!(DayEvent::decode(kind, schema, data.as_bytes()).is_err(), "{kind} {schema} {data}");
    }
}

/// For storage and between replicas: written with words that existed before this outcome did.
#[test]
fn who_was_not_called_is_written_as_having_left_with_a_word_beside_it() {
    let json = |state| serde_json::to_value(state).unwrap();
    for (state, written) in [
        (Attendance::CheckedIn, serde_json::json!({"state": "checked_in"})),
        (Attendance::Served, serde_json::json!({"state": "served"})),
        (Attendance::Missed, serde_json::json!({"state": "missed"})),
        (Attendance::Refused, serde_json::json!({"state": "refused"})),
        (Attendance::Left, serde_json::json!({"state": "left"})),
        (Attendance::NotCalled, serde_json::json!({"state": "left", "not_called": true})),
    ] {
        assert_eq!(json(state), written);
        let reservation = Id::new(
            IdKind::Reservation,
            Way { office: 1, place: 1, day: Day::from_number(1) },
            &SeededEntropy::new(1),
        );
        let at = Moment::from_micros(5);
        let event = DayEvent::Attended(Attended { reservation, state, at, claims: vec!["a".into()] });
        assert_eq!(DayEvent::decode("attended", 1, &event.encode().unwrap()), Ok(event.clone()));
        let stored: Value = serde_json::from_slice(&event.encode().unwrap()).unwrap();
        assert_eq!(stored["state"], written["state"]);
        assert_eq!(stored.get("not_called"), written.get("not_called"));
        let command = Command::Attend { reservation, state, at };
        let sent = serde_json::to_vec(&command).unwrap();
        assert!(
            matches!(serde_json::from_slice(&sent), Ok(Command::Attend { state: read, .. }) if read == state)
        );
    }
}
