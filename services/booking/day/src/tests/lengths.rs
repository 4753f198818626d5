//! Visits given to people one by one: what a cancelled one and one of an older version keep. Must not know how rooms are
//! counted, which has tests of its own.

use super::*;

/// One person from eight to a quarter past nine; a visit takes an hour, and a cancelled one is free after a quarter.
fn desk() -> Desk {
    let mut office = small_office();
    office.services[0].minutes = 60;
    office.pools[0].capacity = 1;
    office.pools[0].reappear_after_min = 15;
    let mut desk = Desk::new();
    desk.plan = Arc::new(office.plan("pool", desk.plan.day).unwrap());
    desk
}

#[test]
fn a_cancelled_visit_keeps_all_of_its_time_until_that_is_to_be_free_again() {
    let mut desk = desk();
    let reservation = desk.book("08:00", at("07:00:00")).unwrap().confirmed.reservation;
    assert_eq!(desk.day.free_at(&desk.plan, "plain", time("08:30"), at("07:05:00")), 0);
    desk.run(&Command::Cancel { reservation }, at("07:10:00")).unwrap();
    for (now, free) in [("07:10:00", 0), ("07:24:59", 0), ("07:25:00", 1)] {
        assert_eq!(desk.free("08:00", at(now)), free, "{now}");
        assert_eq!(
            desk.day.free_at(&desk.plan, "plain", time("08:30"), at(now)),
            free,
            "its second half, {now}"
        );
    }
}

#[test]
fn a_hold_of_the_version_before_which_stores_no_length_is_as_long_as_planned() {
    let mut desk = desk();
    let place = desk.place("card", "08:00");
    let mut events = desk.day.decide(&Command::PlaceHold(place), at("07:00:00")).unwrap();
    for event in &mut events {
        if let DayEvent::HoldPlaced(placed) = event {
            assert_eq!(placed.length.take().map(|length| length.minutes), Some(60));
            let text = serde_json::to_string(placed).unwrap();
            assert!(!text.contains("length"), "{text}");
        }
        desk.day.apply(event);
    }
    desk.day.invariant_check(at("07:00:00")).unwrap();
    assert_eq!(
        desk.day.free_at(&desk.plan, "plain", time("08:30"), at("07:00:00")),
        0,
        "its second half is taken"
    );
    assert_eq!(
        desk.book("08:30", at("07:00:00")).map(drop),
        Err(Refusal::Unknown),
        "an hour from half past is too long"
    );
}

#[test]
fn hours_that_the_office_has_given_up_are_not_offered_on_a_day_that_was_opened_with_them() {
    for minutes in [30, 60] {
        let mut office = small_office();
        office.services[0].minutes = minutes;
        let mut desk = Desk::new();
        desk.plan = Arc::new(office.plan("pool", desk.plan.day).unwrap());
        desk.book("08:00", at("07:00:00")).unwrap();
        office.locations[0].hours = okienko_office::samples::every_day(&["01:00-04:00", "09:00-12:00"]);
        let now = office.plan("pool", desk.plan.day).unwrap();
        let starts = desk.day.free_starts(&now, "card", at("07:00:00"), at("07:00:00"));
        let free: Vec<_> = starts.iter().filter(|(_, free)| *free > 0).collect();
        assert!(free.is_empty(), "{minutes}: eight is over, nine was never opened: {free:?}");
        assert!(starts.iter().all(|(start, _)| *start >= time("09:00")), "{minutes}: {starts:?}");
    }
}
