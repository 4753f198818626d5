//! Calendars and plans of an office, and that it is stored and read back in full.

use super::*;
use crate::samples::{every_day, small_office};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn times(office: &Office, on: &str) -> Vec<String> {
    let plan = office.plan("pool", day(on));
    plan.map(|plan| plan.slots.iter().map(|slot| slot.time.to_string()).collect()).unwrap_or_default()
}

#[test]
fn slots_follow_each_interval_as_long_as_a_whole_one_fits() {
    let expected = ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "08:00", "08:30"];
    assert_eq!(times(&small_office(), "2026-12-01"), expected);
}

#[test]
fn a_slot_in_the_missing_hour_is_left_out() {
    let mut office = small_office();
    office.work_on_holidays = true; // the night of the change in 2027 is Easter Sunday's
    assert_eq!(times(&office, "2027-03-28"), ["01:00", "01:30", "03:00", "03:30", "08:00", "08:30"]);
}

#[test]
fn a_slot_in_the_hour_that_comes_twice_is_taken_once_at_its_first_coming() {
    let office = small_office();
    let plan = office.plan("pool", day("2026-10-25")).unwrap();
    assert_eq!(plan.slots.len(), 8);
    let at = |time: &str| plan.slots.iter().find(|slot| slot.time.to_string() == time).map(|slot| slot.at);
    assert_eq!(plan.zone.rfc3339(at("02:30").unwrap()), "2026-10-25T02:30:00+02:00");
    assert_eq!(plan.zone.rfc3339(at("03:00").unwrap()), "2026-10-25T03:00:00+01:00");
    assert!(plan.slots.windows(2).all(|pair| pair[0].at < pair[1].at));
    assert_eq!(plan.zone.rfc3339(plan.ends_at), "2026-10-26T00:00:00+01:00");
}

#[test]
fn holidays_and_closed_days_have_no_plan() {
    let mut office = small_office();
    assert!(office.plan("pool", day("2026-11-11")).is_none());
    office.work_on_holidays = true;
    assert!(office.plan("pool", day("2026-11-11")).is_some());
    office.closed_days.insert(day("2026-12-01"));
    office.locations[0].closed_days.insert(day("2026-12-02"));
    assert_eq!((times(&office, "2026-12-01").len(), times(&office, "2026-12-02").len()), (0, 0));
    assert!(office.plan("nowhere", day("2026-12-03")).is_none());
}

#[test]
fn a_pool_with_its_own_hours_is_booked_only_then() {
    let mut office = small_office();
    office.pools[0].hours = Some(every_day(&["08:00-09:00"]));
    assert_eq!(times(&office, "2026-12-01"), ["08:00", "08:30"]);
    assert_eq!(office.hours_on(&office.locations[0], day("2026-12-01")).len(), 2);
}

#[test]
fn today_and_thirty_days_after_it_are_open_for_booking() {
    let (office, today) = (small_office(), day("2026-12-01"));
    let release = |ahead| office.release(today.plus_days(ahead), today);
    assert_eq!(
        [-1, 0, 30, 31].map(release),
        [Release::Past, Release::Open, Release::Open, Release::NotReleased]
    );
    assert!(
        office.is_bookable(today.plus_days(30), today) && !office.is_bookable(today.plus_days(31), today)
    );
}

#[test]
fn pools_are_found_by_service_and_location() {
    let office = small_office();
    let ids = |service: &str, location: &str| -> Vec<String> {
        office.pools_of(service, location).map(|pool| pool.id.clone()).collect()
    };
    assert_eq!(ids("card", "main"), ["pool"]);
    assert!(ids("card", "elsewhere").is_empty() && ids("other", "main").is_empty());
}

#[test]
fn an_office_is_read_back_as_it_was_stored() {
    let office = small_office();
    let stored = serde_json::to_string(&office).unwrap();
    assert_eq!(serde_json::from_str::<Office>(&stored).unwrap(), office);
}
