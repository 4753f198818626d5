//! Places that only staff may give: a level that booked places never count against twice. Must not know how staff book.

use super::*;
use okienko_office::plan::Reserved;

/// A day with so many places in each slot, of which `kept` are for staff until half past seven.
fn desk(places: u32, kept: u32) -> Desk {
    let mut desk = Desk::new();
    let mut plan = (*desk.plan).clone();
    plan.slots.iter_mut().for_each(|slot| slot.places = places);
    plan.reserved = Some(Reserved { people: kept, until: at("07:30:00") });
    desk.plan = Arc::new(plan);
    desk
}

fn hold_by(desk: &mut Desk, share: Share, now: Moment) -> Result<Id, Refusal> {
    let place = PlaceHold { share, ..desk.place("card", "08:00") };
    desk.run(&Command::PlaceHold(place.clone()), now).map(|_| place.hold)
}

/// Whether another one could be had by each of both.
fn could(desk: &Desk, now: Moment) -> (bool, bool) {
    let one = |share| {
        let place = PlaceHold { share, ..desk.place("card", "08:00") };
        desk.day.decide(&Command::PlaceHold(place), now).is_ok()
    };
    (one(Share::Everybody), one(Share::Staff))
}

#[test]
fn of_five_places_with_two_reserved_three_booked_by_anybody_leave_none_and_two() {
    let now = at("07:00:00");
    for mut booked in [
        vec![Share::Everybody, Share::Everybody, Share::Everybody],
        vec![Share::Staff, Share::Everybody, Share::Staff],
        vec![Share::Staff, Share::Staff, Share::Staff],
    ] {
        let mut desk = desk(5, 2);
        let first = hold_by(&mut desk, booked.remove(0), now).unwrap();
        for share in booked {
            hold_by(&mut desk, share, now).unwrap();
        }
        assert_eq!(desk.free("08:00", now), 0);
        assert_eq!(hold_by(&mut desk, Share::Everybody, now), Err(Refusal::SlotFull));
        assert_eq!(could(&desk, now), (false, true), "staff have two more");
        desk.run(&Command::Release { hold: first }, now).unwrap();
        assert_eq!(
            (desk.free("08:00", now), could(&desk, now)),
            (1, (true, true)),
            "one given back: one and three"
        );
        for _ in 0..3 {
            hold_by(&mut desk, Share::Staff, now).unwrap();
        }
        assert_eq!(hold_by(&mut desk, Share::Staff, now), Err(Refusal::SlotFull));
    }
}

#[test]
fn at_the_moment_that_the_office_names_all_places_are_everybodys() {
    let mut desk = desk(2, 2);
    let (before, then) = (at("07:29:59"), at("07:30:00"));
    assert_eq!((desk.free("08:00", before), could(&desk, before)), (0, (false, true)));
    assert_eq!((desk.free("08:00", then), could(&desk, then)), (2, (true, true)));
    hold_by(&mut desk, Share::Everybody, then).unwrap();
    hold_by(&mut desk, Share::Everybody, then).unwrap();
    assert_eq!(could(&desk, then), (false, false));
}

#[test]
fn a_level_above_what_is_there_leaves_nothing_to_everybody_and_all_to_staff() {
    let mut desk = desk(1, 3);
    let now = at("07:00:00");
    assert_eq!(hold_by(&mut desk, Share::Everybody, now), Err(Refusal::SlotFull));
    hold_by(&mut desk, Share::Staff, now).unwrap();
    assert_eq!(hold_by(&mut desk, Share::Staff, now), Err(Refusal::SlotFull));
}
