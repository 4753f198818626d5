//! The rules of a day, one by one, on a small office: two places each half-hour.

use super::*;
use okienko_kernel::civil::parse_rfc3339;
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Id, IdKind, TimeOfDay, Way};
use okienko_office::plan::DayPlan;
use okienko_office::samples::small_office;
use okienko_office::{Office, Proof};
use std::sync::Arc;

mod calendar;
mod last_moment;
mod lengths;
mod machine;
mod meanwhile;
mod shares;

pub(super) fn at(text: &str) -> Moment {
    parse_rfc3339(&format!("2026-12-01T{text}+01:00")).unwrap()
}

fn time(text: &str) -> TimeOfDay {
    text.parse().unwrap()
}

/// A day, with everything needed to send it commands.
struct Desk {
    day: Day,
    plan: Arc<DayPlan>,
    entropy: SeededEntropy,
}

impl Desk {
    fn of(office: &Office) -> Desk {
        let plan = Arc::new(office.plan("pool", "2026-12-01".parse().unwrap()).unwrap());
        Desk { day: Day::new(&plan.stream()), plan, entropy: SeededEntropy::new(1) }
    }
    fn new() -> Desk {
        Desk::of(&small_office())
    }
    fn id(&self, kind: IdKind) -> Id {
        let way = Way { office: self.plan.office_number, place: self.plan.pool_number, day: self.plan.day };
        Id::new(kind, way, &self.entropy)
    }
    /// Runs a command as an actor does; every intermediate state must satisfy the invariants.
    fn run(&mut self, command: &Command, now: Moment) -> Result<(Vec<DayEvent>, Reply), Refusal> {
        let events = self.day.decide(command, now)?;
        for event in &events {
            self.day.apply(event);
            if !matches!(event, DayEvent::HoldPlaced(_)) {
                self.day.invariant_check(now).unwrap();
            }
        }
        self.day.invariant_check(now).unwrap();
        let reply = self.day.reply(command, &events, now);
        Ok((events, reply))
    }
    fn place(&self, service: &str, slot: &str) -> PlaceHold {
        let (hold, plan) = (self.id(IdKind::Hold), Arc::clone(&self.plan));
        PlaceHold {
            hold,
            service: service.into(),
            time: time(slot),
            plan,
            lead_min: 0,
            account: service == "plain",
            account_id: None,
            share: Share::Everybody,
        }
    }
    fn hold(&mut self, slot: &str, now: Moment) -> Result<Id, Refusal> {
        let place = self.place("card", slot);
        self.run(&Command::PlaceHold(place.clone()), now).map(|_| place.hold)
    }
    fn form(&mut self, hold: Id, now: Moment) -> Result<(), Refusal> {
        let subject = self.id(IdKind::Subject);
        self.run(&Command::SaveForm { hold, subject, sealed: None }, now).map(drop)
    }
    fn code(&mut self, hold: Id, verification: &str, expires_at: Moment, now: Moment) -> Result<(), Refusal> {
        let claims = vec!["person".to_owned()];
        let verification = verification.to_owned();
        let channel = Proof::Sms;
        let sent = Command::CodeSent { hold, verification, expires_at, channel, claims, sealed: None };
        self.run(&sent, now).map(drop)
    }
    fn confirm_with(&self, hold: Id, verification: Option<&str>) -> Confirm {
        Confirm {
            hold,
            verification: verification.map(str::to_owned),
            reservation: hold.as_kind(IdKind::Reservation),
            ticket: self.id(IdKind::Ticket),
            code_candidates: vec![123],
            claims: if verification.is_some() { vec!["person".to_owned()] } else { Vec::new() },
            subject: None,
            sealed: None,
        }
    }
    /// Makes a reservation, with all the steps before it.
    fn book(&mut self, slot: &str, now: Moment) -> Result<Reservation, Refusal> {
        let hold = self.hold(slot, now)?;
        self.form(hold, now)?;
        self.code(hold, "v", now + Span::from_mins(5), now)?;
        let confirm = Command::Confirm(self.confirm_with(hold, Some("v")));
        match self.run(&confirm, now)?.1 {
            Reply::Reserved(reservation) => Ok(*reservation),
            other => panic!("{other:?}"),
        }
    }
    fn free(&self, slot: &str, now: Moment) -> u32 {
        self.day.free_at(&self.plan, "card", time(slot), now)
    }
}

#[test]
fn the_first_hold_opens_the_day_and_the_last_place_is_the_last() {
    let mut desk = Desk::new();
    let (events, reply) = desk.run(&Command::PlaceHold(desk.place("card", "08:00")), at("07:00:00")).unwrap();
    assert!(matches!(events[..], [DayEvent::DayOpened(_), DayEvent::HoldPlaced(_)]));
    assert!(matches!(reply, Reply::Held { remaining_s: 600, .. }), "{reply:?}");
    assert_eq!(desk.free("08:00", at("07:00:00")), 1);
    assert!(desk.hold("08:00", at("07:00:01")).is_ok());
    assert_eq!(desk.hold("08:00", at("07:00:02")), Err(Refusal::SlotFull));
    assert!(desk.hold("08:30", at("07:00:02")).is_ok(), "another hour has its own places");
}

#[test]
fn what_is_not_in_the_plan_is_unknown_and_what_is_past_or_near_is_refused() {
    let mut desk = Desk::new();
    let ask = |desk: &mut Desk, place: PlaceHold, now| desk.run(&Command::PlaceHold(place), now).map(drop);
    let place = desk.place("other", "08:00");
    assert_eq!(ask(&mut desk, place, at("07:00:00")), Err(Refusal::Unknown));
    let place = desk.place("card", "08:10");
    assert_eq!(ask(&mut desk, place, at("07:00:00")), Err(Refusal::Unknown));
    let place = desk.place("card", "08:00");
    assert_eq!(ask(&mut desk, place.clone(), at("08:00:00")), Err(Refusal::Past));
    let near = PlaceHold { lead_min: 30, ..place.clone() };
    assert_eq!(ask(&mut desk, near.clone(), at("07:30:01")), Err(Refusal::Past));
    assert_eq!(ask(&mut desk, near, at("07:30:00")), Ok(()), "the last moment of the lead is in time");
    let mut elsewhere = (*desk.plan).clone();
    elsewhere.pool_number += 1;
    let mut other = Desk::new();
    let place = PlaceHold { plan: Arc::new(elsewhere), ..place };
    assert_eq!(ask(&mut other, place, at("07:00:00")), Err(Refusal::Unknown), "the plan of another pool");
}

#[test]
fn a_hold_counts_until_its_end_and_at_its_end_is_over_though_no_event_says_so() {
    let mut desk = Desk::new();
    let first = desk.hold("08:00", at("07:00:00")).unwrap();
    desk.hold("08:00", at("07:05:00")).unwrap();
    assert_eq!(desk.hold("08:00", at("07:09:59.999999")), Err(Refusal::SlotFull));
    assert_eq!(desk.day.remaining(first, at("07:09:59.999999")), 1);
    assert_eq!(desk.free("08:00", at("07:10:00")), 1);
    assert_eq!(
        (desk.day.remaining(first, at("07:10:00")), desk.form(first, at("07:10:00"))),
        (0, Err(Refusal::HoldExpired))
    );
    let (events, _) = desk.run(&Command::PlaceHold(desk.place("card", "08:00")), at("07:10:00")).unwrap();
    assert!(
        matches!(events[..], [DayEvent::HoldExpired(HoldExpired { hold }), DayEvent::HoldPlaced(_)] if hold == first)
    );
    // The clock steps back: a hold whose place was given away stays ended.
    assert_eq!(desk.form(first, at("07:09:00")), Err(Refusal::HoldExpired));
}

#[test]
fn the_day_wakes_at_the_earliest_end_and_then_past_it() {
    let mut desk = Desk::new();
    desk.hold("08:00", at("07:00:00")).unwrap();
    desk.hold("08:30", at("07:01:00")).unwrap();
    assert_eq!(desk.day.wake(), Some(at("07:10:00")));
    let events = desk.day.on_wake(at("07:10:00"));
    assert_eq!(events.len(), 1);
    events.iter().for_each(|event| desk.day.apply(event));
    assert_eq!(desk.day.wake(), Some(at("07:11:00")));
    desk.day.on_wake(at("09:00:00")).iter().for_each(|event| desk.day.apply(event));
    assert_eq!(desk.day.wake(), None);
}

#[test]
fn the_same_hold_again_changes_nothing_and_with_other_wishes_is_refused() {
    let mut desk = Desk::new();
    let place = desk.place("card", "08:00");
    let (_, first) = desk.run(&Command::PlaceHold(place.clone()), at("07:00:00")).unwrap();
    let (events, again) = desk.run(&Command::PlaceHold(place.clone()), at("07:00:00")).unwrap();
    assert_eq!((events, again), (Vec::new(), first));
    let other = PlaceHold { time: time("08:30"), ..place.clone() };
    assert_eq!(desk.run(&Command::PlaceHold(other), at("07:00:00")), Err(Refusal::IdTaken));
    assert_eq!(desk.run(&Command::PlaceHold(place), at("07:10:00")), Err(Refusal::HoldExpired));
}

#[test]
fn the_first_code_extends_the_hold_to_its_expiry_and_later_ones_do_not() {
    let mut desk = Desk::new();
    let hold = desk.hold("08:30", at("07:00:00")).unwrap();
    assert_eq!(desk.code(hold, "v1", at("07:14:00"), at("07:09:00")), Err(Refusal::FormMissing));
    desk.form(hold, at("07:01:00")).unwrap();
    desk.code(hold, "v1", at("07:14:00"), at("07:09:00")).unwrap();
    assert_eq!(desk.day.wake(), Some(at("07:14:00")));
    desk.code(hold, "v2", at("07:18:00"), at("07:13:00")).unwrap();
    assert_eq!(desk.day.wake(), Some(at("07:14:00")));
}

#[test]
fn an_extension_never_goes_over_twenty_minutes_and_never_shortens() {
    let mut desk = Desk::new();
    let (long, short) =
        (desk.hold("08:30", at("07:00:00")).unwrap(), desk.hold("08:30", at("07:00:00")).unwrap());
    for hold in [long, short] {
        desk.form(hold, at("07:00:00")).unwrap();
    }
    desk.code(long, "v", at("09:00:00"), at("07:09:00")).unwrap();
    desk.code(short, "w", at("07:06:00"), at("07:01:00")).unwrap();
    let end = |id| desk.day.hold(id).map(|hold| hold.ends_at);
    assert_eq!((end(long), end(short)), (Some(at("07:20:00")), Some(at("07:10:00"))));
}

#[test]
fn nothing_is_confirmed_without_form_and_proof() {
    let mut desk = Desk::new();
    let now = at("07:00:00");
    let hold = desk.hold("08:00", now).unwrap();
    let ask =
        |desk: &mut Desk, proof| desk.run(&Command::Confirm(desk.confirm_with(hold, proof)), now).map(drop);
    assert_eq!(ask(&mut desk, Some("v")), Err(Refusal::FormMissing));
    desk.form(hold, now).unwrap();
    assert_eq!(ask(&mut desk, Some("v")), Err(Refusal::ProofMissing));
    desk.code(hold, "v", at("07:05:00"), now).unwrap();
    assert_eq!(ask(&mut desk, None), Err(Refusal::ProofMissing));
    assert_eq!(ask(&mut desk, Some("w")), Err(Refusal::ProofMissing));
    let stolen = Confirm { claims: Vec::new(), ..desk.confirm_with(hold, Some("v")) };
    assert_eq!(
        desk.run(&Command::Confirm(stolen), now).map(drop),
        Err(Refusal::ProofMissing),
        "other claims"
    );
    let other_form =
        Confirm { subject: Some(desk.id(IdKind::Subject)), ..desk.confirm_with(hold, Some("v")) };
    let told = desk.run(&Command::Confirm(other_form), now).map(drop);
    assert_eq!(told, Err(Refusal::FormChanged), "the claims of another form");
    desk.code(hold, "v2", at("07:05:00"), now).unwrap();
    assert_eq!(ask(&mut desk, Some("v")), Ok(()), "an earlier code of the same hold proves too");
}

#[test]
fn an_account_is_a_proof_only_where_the_service_accepts_it_and_the_hold_was_placed_with_it() {
    let now = at("07:00:00");
    for (service, account, expected) in [
        ("plain", true, Ok(())),
        ("plain", false, Err(Refusal::ProofMissing)),
        ("card", true, Err(Refusal::FormMissing)),
    ] {
        let mut desk = Desk::new();
        let place = PlaceHold { account, ..desk.place(service, "08:00") };
        desk.run(&Command::PlaceHold(place.clone()), now).unwrap();
        let confirm = desk.confirm_with(place.hold, None);
        assert_eq!(desk.run(&Command::Confirm(confirm), now).map(drop), expected, "{service} {account}");
    }
}

#[test]
fn a_confirmation_gives_numbers_and_a_code_that_can_be_read() {
    let mut desk = Desk::new();
    let first = desk.book("08:00", at("07:00:00")).unwrap().confirmed;
    assert_eq!((first.ticket_number.as_str(), first.number.as_str()), ("R001", "3-261201-001"));
    assert_eq!(first.check_in_code, "40000123");
    assert_eq!((first.at, first.claims_until), (at("08:00:00"), at("23:59:59") + Span::from_secs(1)));
    let second = desk.book("08:00", at("07:00:00")).unwrap().confirmed;
    assert_eq!((second.ticket_number.as_str(), second.check_in_code.as_str()), ("R002", "40000124"));
}

#[test]
fn code_candidates_that_are_all_given_are_counted_up_from_even_over_the_end() {
    let mut desk = Desk::new();
    let hold = |desk: &mut Desk| {
        let hold = desk.hold("08:00", at("07:00:00")).unwrap();
        desk.form(hold, at("07:00:00")).unwrap();
        desk.code(hold, "v", at("07:05:00"), at("07:00:00")).unwrap();
        hold
    };
    let mut codes = Vec::new();
    for _ in 0..2 {
        let hold = hold(&mut desk);
        let confirm = Confirm { code_candidates: vec![9_999_999], ..desk.confirm_with(hold, Some("v")) };
        desk.run(&Command::Confirm(confirm), at("07:00:00")).unwrap();
        codes.push(
            desk.day.reservation(hold.as_kind(IdKind::Reservation)).unwrap().confirmed.check_in_code.clone(),
        );
    }
    assert_eq!(codes, ["49999999", "40000000"]);
}

#[test]
fn a_second_click_confirms_nothing_more_and_is_told_the_same() {
    let mut desk = Desk::new();
    let now = at("07:00:00");
    let hold = desk.hold("08:00", now).unwrap();
    desk.form(hold, now).unwrap();
    desk.code(hold, "v", at("07:05:00"), now).unwrap();
    let confirm = desk.confirm_with(hold, Some("v"));
    let (_, first) = desk.run(&Command::Confirm(confirm.clone()), now).unwrap();
    let (events, again) = desk.run(&Command::Confirm(confirm), at("07:30:00")).unwrap();
    assert_eq!((events, again), (Vec::new(), first));
    assert_eq!(desk.run(&Command::Release { hold }, now), Err(Refusal::AlreadyConfirmed));
    assert_eq!(desk.form(hold, now), Err(Refusal::AlreadyConfirmed));
}

#[test]
fn a_hold_that_is_over_is_not_confirmed() {
    let mut desk = Desk::new();
    let hold = desk.hold("08:30", at("07:00:00")).unwrap();
    desk.form(hold, at("07:00:00")).unwrap();
    desk.code(hold, "v", at("07:05:00"), at("07:00:00")).unwrap();
    let confirm = Command::Confirm(desk.confirm_with(hold, Some("v")));
    assert_eq!(desk.run(&confirm, at("07:10:00")), Err(Refusal::HoldExpired));
    desk.run(&Command::Release { hold }, at("07:10:00")).unwrap();
    let (events, reply) = desk.run(&Command::Release { hold }, at("07:10:00")).unwrap();
    assert_eq!((events, reply), (Vec::new(), Reply::Gone { hold }));
    assert_eq!(desk.run(&confirm, at("07:01:00")), Err(Refusal::HoldExpired), "released is released");
}

#[test]
fn cancelling_gives_place_and_claims_back_and_is_possible_until_the_hour() {
    let mut desk = Desk::new();
    let one = desk.book("08:00", at("07:00:00")).unwrap().confirmed.reservation;
    let two = desk.book("08:00", at("07:00:00")).unwrap().confirmed.reservation;
    assert_eq!(desk.hold("08:00", at("07:00:00")), Err(Refusal::SlotFull));
    let (events, reply) = desk.run(&Command::Cancel { reservation: one }, at("08:00:00")).unwrap();
    assert_eq!(Day::claim_changes(&events[0]).len(), 1);
    assert!(matches!(reply, Reply::Reserved(reservation) if reservation.state == State::Cancelled));
    assert_eq!(
        desk.run(&Command::Cancel { reservation: one }, at("09:00:00")).map(|(events, _)| events),
        Ok(Vec::new())
    );
    assert_eq!(desk.run(&Command::Cancel { reservation: two }, at("08:00:00.000001")), Err(Refusal::TooLate));
    assert_eq!(desk.free("08:00", at("07:00:00")), 1, "free at once");
}

#[test]
fn a_service_may_end_cancelling_earlier_and_a_pool_may_keep_a_place_back() {
    let mut office = small_office();
    office.services[0].cancel_until_min = Some(30);
    office.pools[0].reappear_after_min = 15;
    let mut desk = Desk::of(&office);
    let one = desk.book("08:30", at("07:00:00")).unwrap().confirmed.reservation;
    let two = desk.book("08:30", at("07:00:00")).unwrap().confirmed.reservation;
    assert_eq!(desk.run(&Command::Cancel { reservation: one }, at("08:00:00.000001")), Err(Refusal::TooLate));
    desk.run(&Command::Cancel { reservation: one }, at("08:00:00")).unwrap();
    desk.run(&Command::Remove { reservation: two, reason: "false_data".into() }, at("08:10:00")).unwrap();
    let free = ["08:14:59", "08:15:00", "08:25:00"].map(|now| desk.free("08:30", at(now)));
    assert_eq!(free, [0, 1, 2]);
    assert_eq!(desk.hold("08:30", at("08:14:00")), Err(Refusal::SlotFull));
    assert!(desk.hold("08:30", at("08:15:00")).is_ok());
}

#[test]
fn attendance_only_moves_forward_and_keeps_person_and_office_from_ending_the_reservation() {
    let mut desk = Desk::new();
    let id = desk.book("08:00", at("07:00:00")).unwrap().confirmed.reservation;
    let attend = |state| Command::Attend { reservation: id, state, at: at("07:55:00") };
    let mut count = |state| desk.run(&attend(state), at("07:55:00")).map(|(events, _)| events.len());
    assert_eq!(count(Attendance::CheckedIn), Ok(1));
    assert_eq!(count(Attendance::CheckedIn), Ok(0));
    assert_eq!(desk.run(&Command::Cancel { reservation: id }, at("07:55:00")), Err(Refusal::CheckedIn));
    let (events, _) = desk.run(&attend(Attendance::Served), at("08:10:00")).unwrap();
    assert_eq!(Day::claim_changes(&events[0]).len(), 1, "who was served may book again");
    let mut count = |state| desk.run(&attend(state), at("08:20:00")).map(|(events, _)| events.len());
    assert_eq!((count(Attendance::Missed), count(Attendance::CheckedIn)), (Ok(0), Ok(0)));
    assert_eq!(desk.day.reservation(id).map(|r| r.state.word()), Some("served"));
    let cancelled = desk.book("08:30", at("07:00:00")).unwrap().confirmed.reservation;
    desk.run(&Command::Cancel { reservation: cancelled }, at("07:00:00")).unwrap();
    let late = Command::Attend { reservation: cancelled, state: Attendance::CheckedIn, at: at("08:20:00") };
    assert_eq!(desk.run(&late, at("08:20:00")).map(|(events, _)| events), Ok(Vec::new()));
    assert_eq!(Refusal::CheckedIn.code(), "checked_in");
}

#[test]
fn who_was_not_called_may_book_again_and_stays_so_whatever_is_said_later() {
    for first in [None, Some(Attendance::CheckedIn)] {
        let mut desk = Desk::new();
        let id = desk.book("08:00", at("07:00:00")).unwrap().confirmed.reservation;
        let attend = |state| Command::Attend { reservation: id, state, at: at("23:59:00") };
        if let Some(first) = first {
            desk.run(&attend(first), at("07:55:00")).unwrap();
        }
        let (events, _) = desk.run(&attend(Attendance::NotCalled), at("23:59:00")).unwrap();
        assert_eq!(Day::claim_changes(&events[0]).len(), 1, "it does not count as one of theirs any more");
        for later in [Attendance::Missed, Attendance::Left, Attendance::CheckedIn, Attendance::Served] {
            assert_eq!(desk.run(&attend(later), at("23:59:30")).map(|(events, _)| events), Ok(Vec::new()));
        }
        assert_eq!(desk.day.reservation(id).map(|r| r.state.word()), Some("not_called"));
        assert_eq!(desk.run(&Command::Cancel { reservation: id }, at("23:59:40")), Err(Refusal::CheckedIn));
    }
}

#[test]
fn who_is_refused_in_the_hall_has_a_removed_reservation_and_may_book_again() {
    let mut desk = Desk::new();
    for first in [None, Some(Attendance::CheckedIn)] {
        let id = desk.book("08:00", at("07:00:00")).unwrap().confirmed.reservation;
        let attend = |state| Command::Attend { reservation: id, state, at: at("07:55:00") };
        if let Some(first) = first {
            desk.run(&attend(first), at("07:55:00")).unwrap();
        }
        let free = desk.free("08:00", at("07:56:00"));
        let (events, _) = desk.run(&attend(Attendance::Refused), at("07:56:00")).unwrap();
        assert_eq!(Day::claim_changes(&events[0]).len(), 1);
        assert_eq!(desk.day.reservation(id).map(|r| r.state.word()), Some("removed"));
        assert_eq!(desk.free("08:00", at("07:56:00")), free, "the hour has been used");
        let (events, _) = desk.run(&attend(Attendance::Served), at("07:57:00")).unwrap();
        assert_eq!(events, [], "that is the end of it");
    }
}

#[test]
fn a_confirmation_takes_its_claims_until_the_end_of_the_local_day() {
    let mut desk = Desk::new();
    let booked = desk.book("08:00", at("07:00:00")).unwrap().confirmed;
    let taken = Day::claim_changes(&DayEvent::Confirmed(Box::new(booked.clone())));
    let expected = ClaimChange::Take {
        key: "person".into(),
        holder: booked.reservation.to_string(),
        until: at("23:59:59") + Span::from_secs(1),
    };
    assert_eq!(taken, [expected]);
    let confirm = Command::Confirm(desk.confirm_with(booked.hold, Some("v")));
    assert_eq!(Day::claim_refusal(&confirm, "person"), Some(Refusal::LimitReached));
}

#[test]
fn a_rush_on_a_full_slot_walks_no_holds() {
    let mut office = small_office();
    office.pools[0].capacity = 500;
    let mut desk = Desk::of(&office);
    for _ in 0..500 {
        let place = Command::PlaceHold(desk.place("card", "08:00"));
        desk.day.decide(&place, at("07:00:00")).unwrap().iter().for_each(|event| desk.day.apply(event));
    }
    assert_eq!(desk.day.slots()[&time("08:00")].expired(at("07:09:00")).count(), 0);
    for _ in 0..10_000 {
        let place = Command::PlaceHold(desk.place("card", "08:00"));
        assert_eq!(desk.day.decide(&place, at("07:09:00")), Err(Refusal::SlotFull));
    }
}

/// What the day's timer does at `now`.
fn wake(desk: &mut Desk, now: Moment) -> Vec<DayEvent> {
    let events = desk.day.on_wake(now);
    events.iter().for_each(|event| desk.day.apply(event));
    desk.day.invariant_check(now).unwrap();
    events
}

#[test]
fn on_the_evening_before_everybody_who_booked_earlier_is_reminded_once() {
    let mut office = small_office();
    office.remind_at = Some(time("18:00"));
    let mut desk = Desk::of(&office);
    let (days_before, eve) = (at("07:00:00") - Span::from_hours(72), at("18:00:00") - Span::from_hours(24));
    let [coming, cancelled, removed] = ["08:00", "08:00", "08:30"].map(|slot| {
        let reservation = desk.book(slot, days_before).unwrap();
        reservation.confirmed.reservation
    });
    assert_eq!(desk.day.wake(), Some(eve));
    desk.run(&Command::Cancel { reservation: cancelled }, days_before).unwrap();
    let remove = Command::Remove { reservation: removed, reason: "bot".into() };
    desk.run(&remove, days_before).unwrap();
    // Somebody who books on that very day needs no reminder.
    desk.book("08:00", eve - Span::from_hours(1)).unwrap();
    assert_eq!(wake(&mut desk, eve - Span::from_secs(1)), []);
    let reminded = DayEvent::Reminded(Reminded { reservations: vec![coming], at: eve });
    assert_eq!(wake(&mut desk, eve), [reminded]);
    assert_eq!((desk.day.wake(), wake(&mut desk, eve)), (None, vec![]));
    desk.book("08:30", eve + Span::from_mins(1)).unwrap();
    assert_eq!(desk.day.wake(), None);
}

#[test]
fn an_office_that_does_not_ask_for_it_reminds_nobody() {
    let mut desk = Desk::new();
    desk.book("08:00", at("07:00:00") - Span::from_hours(72)).unwrap();
    assert_eq!(desk.day.wake(), None);
}
