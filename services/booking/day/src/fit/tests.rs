//! The quick answer against a slow and obvious one that gives each visit to a person by trying all of them.

use super::*;
use proptest::prelude::*;

fn minute(n: u16) -> Moment {
    Moment::from_micros(i64::from(n) * 60_000_000)
}

fn visit(from: u16, to: u16) -> Visit {
    paused(from, to, to)
}

fn paused(from: u16, to: u16, busy_until: u16) -> Visit {
    Visit { from: minute(from), to: minute(to), busy_until: minute(busy_until) }
}

fn there(from: u16, to: u16, people: u32) -> Presence {
    Presence { from: minute(from), to: minute(to), people }
}

/// Each person by name, each visit by itself; tries everybody for everyone.
pub(crate) fn slowly(shifts: &[Presence], visits: &[Visits]) -> bool {
    let person =
        |presence: &Presence| (0..presence.people).map(|_| (*presence, Vec::new())).collect::<Vec<_>>();
    let mut people: Vec<(Presence, Vec<Visit>)> = shifts.iter().flat_map(person).collect();
    let visits: Vec<Visit> = visits.iter().flat_map(|(visit, count)| (0..*count).map(|_| *visit)).collect();
    fn give(people: &mut Vec<(Presence, Vec<Visit>)>, visits: &[Visit]) -> bool {
        let Some((visit, others)) = visits.split_first() else { return true };
        for place in 0..people.len() {
            let (presence, served) = &people[place];
            let is_free = |other: &Visit| other.busy_until <= visit.from || visit.busy_until <= other.from;
            if visit.fits_into(presence) && served.iter().all(is_free) {
                people[place].1.push(*visit);
                if give(people, others) {
                    return true;
                }
                people[place].1.pop();
            }
        }
        false
    }
    give(&mut people, &visits)
}

fn room(people: &[Presence], promised: &[Visits], wanted: Visit) -> u32 {
    Ledger::new(people, promised.to_vec()).room(wanted)
}

fn can_serve(people: &[Presence], visits: &[Visits]) -> bool {
    served(people, visits) == Served::Yes
}

fn room_slowly(shifts: &[Presence], promised: &[Visits], wanted: Visit) -> u32 {
    let with = |count: u32| [promised, &[(wanted, count)]].concat();
    (1..).take_while(|count| slowly(shifts, &with(*count))).last().unwrap_or(0)
}

#[test]
fn no_minute_is_over_and_still_nobody_stays_for_both_quarters() {
    // The vector of the sources: people per cell 1, 2, 1; visits of two cells at the first and at the second.
    let shifts = [there(0, 30, 1), there(15, 45, 1)];
    assert!(can_serve(&shifts, &[(visit(0, 30), 1), (visit(15, 45), 1)]));
    let short = [there(0, 45, 1), there(15, 30, 1)];
    assert!(!can_serve(&short, &[(visit(0, 30), 1), (visit(15, 45), 1)]));
    assert_eq!(room(&short, &[(visit(0, 30), 1)], visit(15, 45)), 0);
    assert_eq!(room(&short, &[(visit(0, 30), 1)], visit(15, 30)), 1);
}

#[test]
fn whoever_leaves_first_is_not_always_the_right_one() {
    // The first visit given to those who leave at four, the long one after it has nobody.
    let shifts = [there(0, 40, 1), there(0, 100, 1)];
    let visits = [(visit(0, 20), 1), (visit(10, 30), 1), (visit(20, 90), 1)];
    assert!(can_serve(&shifts, &visits));
    assert!(!can_serve(&shifts, &[(visit(0, 20), 1), (visit(10, 30), 1), (visit(15, 90), 1)]));
}

#[test]
fn a_pause_takes_a_person_but_may_reach_past_the_end() {
    let shifts = [there(0, 60, 1)];
    let long = paused(30, 60, 75);
    assert_eq!(room(&shifts, &[], long), 1, "the pause is not before closing");
    let early = paused(0, 30, 40);
    assert_eq!(room(&shifts, &[(early, 1)], visit(30, 60)), 0, "the person is in the pause");
    assert_eq!(room(&shifts, &[(early, 1)], visit(40, 60)), 1);
    assert_eq!(room(&shifts, &[(visit(30, 60), 1)], early), 0, "the pause would be cut short");
    // A break ends a pause.
    let broken = [there(0, 30, 1), there(35, 60, 1)];
    assert_eq!(room(&broken, &[(early, 1)], visit(35, 60)), 1);
}

#[test]
fn nobody_is_promised_a_person_who_goes_away_in_between() {
    let shifts = [there(480, 720, 3), there(750, 960, 3)];
    assert_eq!(room(&shifts, &[], visit(690, 720)), 3);
    assert_eq!(room(&shifts, &[], visit(690, 780)), 0, "ninety minutes do not fit before the break");
    assert_eq!(room(&shifts, &[(visit(480, 540), 2)], visit(510, 570)), 1);
    assert_eq!(room(&[], &[], visit(0, 10)), 0);
}

#[test]
fn visits_that_nobody_can_serve_any_more_take_nobody_from_other_hours() {
    let shifts = [there(0, 60, 1), there(60, 120, 2), there(60, 180, 1)];
    // Three were booked in the first hour before two people fell ill.
    let promised = [(visit(0, 60), 3)];
    assert_eq!(room(&shifts, &promised, visit(0, 60)), 0);
    assert_eq!(room(&shifts, &promised, visit(60, 120)), 3);
    assert_eq!(room(&shifts, &promised, visit(90, 180)), 1);
}

#[test]
fn ten_thousand_people_are_counted_without_being_looked_at_one_by_one() {
    let shifts = [there(0, 600, 10_000)];
    let promised: Vec<Visits> = (0..20).map(|n| (visit(n * 30, n * 30 + 30), 9_000)).collect();
    assert_eq!(room(&shifts, &promised, visit(30, 90)), 1_000);
    assert!(can_serve(&shifts, &promised));
}

fn minutes() -> impl Strategy<Value = (u16, u16)> {
    (0_u16..10, 1_u16..6).prop_map(|(from, length)| (from * 5, (from + length) * 5))
}

fn offices() -> impl Strategy<Value = (Vec<Presence>, Vec<Visits>, Visit)> {
    let presence = (minutes(), 1_u32..3).prop_map(|((from, to), people)| there(from, to, people));
    let one = || (minutes(), 0_u16..3).prop_map(|((from, to), pause)| paused(from, to, to + 5 * pause));
    (prop::collection::vec(presence, 0..4), prop::collection::vec((one(), 1_u32..3), 0..5), one())
}

/// People who come, and leave, one after the other, and more visits than they can serve: here who serves whom matters.
fn staggered() -> impl Strategy<Value = (Vec<Presence>, Vec<Visits>, Visit)> {
    let presence = (0_u16..8, 4_u16..12).prop_map(|(from, length)| there(from * 5, (from + length) * 5, 1));
    let one = || (0_u16..16, 1_u16..6).prop_map(|(from, length)| visit(from * 5, (from + length) * 5));
    (prop::collection::vec(presence, 2..5), prop::collection::vec((one(), Just(1)), 4..12), one())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn visits_are_served_if_and_only_if_each_can_be_given_to_a_person((shifts, visits, _) in offices()) {
        prop_assert_eq!(can_serve(&shifts, &visits), slowly(&shifts, &visits));
    }

    #[test]
    fn where_too_many_ways_would_have_to_be_followed_too_little_is_sold_and_never_too_much(
        (shifts, visits, wanted) in staggered(), steps in 0_u32..12,
    ) {
        let mut promised: Vec<Visits> = Vec::new();
        for (visit, count) in visits {
            if slowly(&shifts, &[&promised[..], &[(visit, count)]].concat()) {
                promised.push((visit, count));
            }
        }
        let room = Ledger::within(steps, &shifts, promised.clone()).room(wanted);
        prop_assert!(room <= room_slowly(&shifts, &promised, wanted), "{} within {} steps", room, steps);
    }

    #[test]
    fn people_who_come_and_leave_one_after_the_other_serve_all_whom_they_can((shifts, visits, wanted) in staggered()) {
        let mut promised: Vec<Visits> = Vec::new();
        for (visit, count) in visits {
            if room(&shifts, &promised, visit) > 0 {
                promised.push((visit, count));
            }
        }
        prop_assert!(slowly(&shifts, &promised));
        prop_assert_eq!(room(&shifts, &promised, wanted), room_slowly(&shifts, &promised, wanted));
    }

    #[test]
    fn there_is_room_for_as_many_as_can_be_given_to_persons((shifts, visits, wanted) in offices()) {
        let mut promised: Vec<Visits> = Vec::new();
        for (visit, count) in visits {
            if slowly(&shifts, &[&promised[..], &[(visit, count)]].concat()) {
                promised.push((visit, count));
            }
        }
        prop_assert_eq!(room(&shifts, &promised, wanted), room_slowly(&shifts, &promised, wanted));
    }
}
