//! Plans of pools whose visits are given to people: lengths, steps, shifts, breaks, nights when the clocks change.

use crate::calendar::Interval;
use crate::data::{Office, Shift};
use crate::plan::DayPlan;
use crate::samples::{every_day, small_office};
use okienko_kernel::Day;
use okienko_kernel::civil::Weekday;

const DAY: &str = "2026-12-01";

fn interval(text: &str) -> Interval {
    every_day(&[text]).on(Weekday::Monday)[0]
}

fn shift(people: u32, hours: &str, breaks: &[&str]) -> Shift {
    let breaks = breaks.iter().map(|text| interval(text)).collect();
    Shift { people, hours: interval(hours), breaks, days: Vec::new() }
}

/// Open from 8 to 16 in half-hours; `card` takes so many minutes.
fn office(minutes: u16) -> Office {
    let mut office = small_office();
    office.locations[0].hours = every_day(&["08:00-16:00"]);
    office.services[0].minutes = minutes;
    office
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn plan(office: &Office, on: &str) -> DayPlan {
    office.plan("pool", day(on)).unwrap()
}

/// Starts at which a service is offered, with the people who are there.
fn starts(plan: &DayPlan, service: &str) -> Vec<(String, u32)> {
    let service = plan.service(service).unwrap();
    let offered = plan.slots.iter().filter(|slot| plan.offers(service, slot));
    offered.map(|slot| (slot.time.to_string(), slot.places)).collect()
}

fn last(plan: &DayPlan, service: &str) -> String {
    starts(plan, service).pop().unwrap().0
}

#[test]
fn a_pool_whose_visits_take_one_slot_has_the_plan_it_always_had() {
    let plan = plan(&office(30), DAY);
    assert!(plan.people.is_empty());
    assert!(plan.services.iter().all(|service| service.length.is_none() && service.step_min.is_none()));
    let text = serde_json::to_string(&plan).unwrap();
    for key in ["people", "length", "step_min"] {
        assert!(!text.contains(&format!("\"{key}\"")), "the version before reads the same: {text}");
    }
}

#[test]
fn ninety_minutes_in_a_pool_of_thirty_are_not_offered_where_they_do_not_fit() {
    let mut office = office(90);
    office.locations[0].hours = every_day(&["08:00-12:00", "12:30-16:00"]);
    let plan = plan(&office, DAY);
    let times: Vec<String> = starts(&plan, "card").into_iter().map(|(time, _)| time).collect();
    let before_the_break = ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30"];
    let after_it = ["12:30", "13:00", "13:30", "14:00", "14:30"];
    assert_eq!(times, [&before_the_break[..], &after_it[..]].concat());
    assert_eq!(last(&plan, "plain"), "15:30", "the short service is offered until the end");
}

#[test]
fn without_a_step_a_visit_takes_whole_slots_and_with_one_its_own_minutes() {
    let mut office = office(50);
    assert_eq!(plan(&office, DAY).service("card").unwrap().length.unwrap().minutes, 60);
    office.services[0].step = Some(25);
    let plan = plan(&office, DAY);
    assert_eq!(plan.service("card").unwrap().length.unwrap().minutes, 50);
    let times: Vec<String> = starts(&plan, "card").into_iter().map(|(time, _)| time).take(4).collect();
    assert_eq!(times, ["08:00", "08:25", "08:50", "09:15"]);
    assert_eq!(last(&plan, "card"), "15:05", "the next start, 15:30, would end after closing");
}

#[test]
fn a_pause_after_the_last_visit_may_be_after_closing() {
    let mut office = office(30);
    office.services[0].pause = Some(15);
    assert_eq!(last(&plan(&office, DAY), "card"), "15:30");
}

#[test]
fn people_with_breaks_are_there_as_their_shifts_say() {
    let mut office = office(60);
    office.pools[0].shifts =
        vec![shift(2, "08:00-12:00", &[]), shift(1, "09:00-18:00", &["11:00-11:30", "13:00-13:30"])];
    let plan = plan(&office, DAY);
    let there = |time: &str| plan.slots.iter().find(|slot| slot.time.to_string() == time).unwrap().places;
    assert_eq!(["08:00", "09:00", "11:00", "11:30"].map(there), [2, 3, 2, 3]);
    let times: Vec<String> = starts(&plan, "card").into_iter().map(|(time, _)| time).collect();
    assert!(!times.contains(&"12:30".into()), "the only one has a break at one");
    assert!(times.contains(&"12:00".into()) && times.contains(&"13:30".into()));
    assert_eq!(times.last().unwrap(), "15:00", "the office closes at four, whatever the shift says");
}

#[test]
fn a_shift_of_some_weekdays_is_worked_on_these_alone() {
    let mut office = office(30);
    let mut monday = shift(5, "08:00-16:00", &[]);
    monday.days = vec![Weekday::Monday];
    office.pools[0].shifts = vec![monday, shift(1, "08:00-16:00", &[])];
    assert_eq!(starts(&plan(&office, "2026-11-30"), "plain")[0].1, 6);
    assert_eq!(starts(&plan(&office, DAY), "plain")[0].1, 1);
    office.pools[0].shifts.pop();
    assert!(office.plan("pool", day(DAY)).is_none(), "nobody is there on a Tuesday");
}

#[test]
fn nights_when_the_clocks_change_have_visits_of_their_full_length() {
    let mut office = office(60);
    office.work_on_holidays = true;
    office.locations[0].hours = every_day(&["01:00-04:00"]);
    let spring: Vec<String> =
        starts(&plan(&office, "2027-03-28"), "card").into_iter().map(|(time, _)| time).collect();
    assert_eq!(
        spring,
        ["01:00", "01:30", "03:00"],
        "two hours are left, and half past one ends at half past three"
    );
    let autumn: Vec<String> =
        starts(&plan(&office, "2026-10-25"), "card").into_iter().map(|(time, _)| time).collect();
    assert_eq!(
        autumn,
        ["01:00", "01:30", "02:00", "02:30", "03:00"],
        "the second coming of two is not offered"
    );
    let plan = plan(&office, "2026-10-25");
    assert_eq!(plan.people[0].to.since(plan.people[0].from).secs_up(), 4 * 3600);
}

#[test]
fn hours_that_begin_in_the_missing_hour_begin_after_it() {
    let mut office = office(60);
    office.work_on_holidays = true;
    office.locations[0].hours = every_day(&["02:15-04:00"]);
    let times: Vec<String> =
        starts(&plan(&office, "2027-03-28"), "card").into_iter().map(|(time, _)| time).collect();
    assert_eq!(times, ["03:00"]);
}
