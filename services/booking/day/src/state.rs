//! The state of a day: slots, holds, reservations, issued numbers. Changed by events alone; cannot fail.

use super::command::Attendance;
use super::event::{Confirmed, DayEvent, DayOpened};
use okienko_kernel::{Id, Moment, TimeOfDay};
use okienko_office::plan::{DayPlan, Length};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The state of one pool's local day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    pub(super) stream: String,
    pub(super) plan: Option<Arc<DayPlan>>,
    pub(super) slots: BTreeMap<TimeOfDay, Slot>,
    pub(super) holds: BTreeMap<Id, Hold>,
    /// Holds that no event has ended, ordered by their end.
    pub(super) ends: BTreeSet<(Moment, Id)>,
    pub(super) reservations: BTreeMap<Id, Reservation>,
    pub(super) serial: u32,
    pub(super) codes: BTreeSet<String>,
    /// Reservations whose holders are to be reminded; empty once they were.
    pub(super) to_remind: BTreeSet<Id>,
    pub(super) was_reminded: bool,
}

/// A slot and what has been promised of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// When it is.
    pub at: Moment,
    /// How many people may come.
    pub places: u32,
    /// Reservations that have a place.
    pub(super) taken: u32,
    /// The same by their length, where visits are given to people one by one.
    pub(super) lengths: BTreeMap<Length, u32>,
    /// Its holds that no event has ended, ordered by their end.
    pub(super) ends: BTreeSet<(Moment, Id)>,
    /// When cancelled places become bookable again, in order; only those with a delay.
    pub(super) returning: Vec<(Moment, Option<Length>)>,
}

impl Slot {
    /// Places that can be held at `now`: a hold ends by the clock alone, without an event.
    pub fn free(&self, now: Moment) -> u32 {
        // All holds except the expired ones; only those are iterated, so that checking a full slot costs next to
        // nothing.
        let held = self.ends.len() - self.expired(now).count();
        let waiting =
            self.returning.len() - self.returning.partition_point(|(free_from, _)| *free_from <= now);
        let promised = u64::from(self.taken) + held as u64 + waiting as u64;
        u32::try_from(u64::from(self.places).saturating_sub(promised)).unwrap_or(u32::MAX)
    }
    pub(super) fn expired(&self, now: Moment) -> impl Iterator<Item = Id> {
        self.ends.iter().take_while(move |(end, _)| *end <= now).map(|(_, id)| *id)
    }
}

/// A held place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The service.
    pub service: String,
    /// The slot.
    pub time: TimeOfDay,
    /// How long its visit is, where visits are given to people one by one.
    pub length: Option<Length>,
    /// When it was placed.
    pub placed_at: Moment,
    /// When it ends, exclusive.
    pub ends_at: Moment,
    /// Whether an account session made the request.
    pub account: bool,
    /// That account.
    pub account_id: Option<Id>,
    /// Whose data it is, once the form is saved.
    pub subject: Option<Id>,
    /// How many times its sealed data were written: with each form and each code.
    pub sealed: u32,
    /// The last code sent and when it expires; the expiry is unknown if an older version stored it.
    pub newest_code: Option<(String, Option<Moment>)>,
    /// Codes that were sent: the verification, and the keys that a confirmation by it takes.
    pub proofs: BTreeMap<String, Vec<String>>,
    /// How an event ended it; `None` while none has, even if the clock already ended it.
    pub end: Option<HoldEnd>,
}

impl Hold {
    /// Whether it occupies a place at `now`.
    pub fn runs(&self, now: Moment) -> bool {
        self.end.is_none() && now < self.ends_at
    }
}

/// How a hold ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldEnd {
    /// It became this reservation.
    Confirmed(Id),
    /// It was given back.
    Released,
    /// It expired.
    Expired,
}

/// A confirmed visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// What was fixed at confirmation.
    #[serde(flatten)]
    pub confirmed: Confirmed,
    /// Its current state.
    pub state: State,
    /// When it was cancelled or removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Moment>,
}

/// The state of a reservation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Expected.
    Confirmed,
    /// Checked in.
    CheckedIn,
    /// Was served.
    Served,
    /// Did not come.
    Missed,
    /// Checked in, but the office did not call them.
    NotCalled,
    /// Cancelled by the person.
    Cancelled,
    /// Removed by the office, with the code of the reason.
    Removed(String),
    /// Turned away in the hall; the visit's time is used up.
    Refused,
}

impl State {
    /// The word used in the public API.
    pub fn word(&self) -> &'static str {
        match self {
            State::Confirmed => "confirmed",
            State::CheckedIn => "checked_in",
            State::Served => "served",
            State::Missed => "missed",
            State::NotCalled => "not_called",
            State::Cancelled => "cancelled",
            State::Removed(_) | State::Refused => "removed",
        }
    }
    /// Whether the reservation still occupies its place.
    pub fn has_place(&self) -> bool {
        !matches!(self, State::Cancelled | State::Removed(_))
    }
}

impl Day {
    pub(super) fn empty(stream: &str) -> Day {
        Day {
            stream: stream.to_owned(),
            plan: None,
            slots: BTreeMap::new(),
            holds: BTreeMap::new(),
            ends: BTreeSet::new(),
            reservations: BTreeMap::new(),
            serial: 0,
            codes: BTreeSet::new(),
            to_remind: BTreeSet::new(),
            was_reminded: false,
        }
    }
    /// The plan, once the day has been opened.
    pub fn plan(&self) -> Option<&Arc<DayPlan>> {
        self.plan.as_ref()
    }
    /// All slots in time order; empty before the day has been opened.
    pub fn slots(&self) -> &BTreeMap<TimeOfDay, Slot> {
        &self.slots
    }
    /// All holds, including ended ones.
    pub fn holds(&self) -> &BTreeMap<Id, Hold> {
        &self.holds
    }
    /// A hold, including an ended one.
    pub fn hold(&self, id: Id) -> Option<&Hold> {
        self.holds.get(&id)
    }
    /// A reservation, including an ended one.
    pub fn reservation(&self, id: Id) -> Option<&Reservation> {
        self.reservations.get(&id)
    }
    /// All reservations.
    pub fn reservations(&self) -> &BTreeMap<Id, Reservation> {
        &self.reservations
    }
    /// Seconds that a hold has left, rounded up; 0 when it is over.
    pub fn remaining(&self, hold: Id, now: Moment) -> i64 {
        let running = self.hold(hold).filter(|hold| hold.runs(now));
        running.map_or(0, |hold| hold.ends_at.since(now).secs_up())
    }
    /// The keys that a confirmation by that verification takes.
    pub fn claims_of(&self, hold: Id, verification: &str) -> Option<&[String]> {
        self.hold(hold)?.proofs.get(verification).map(Vec::as_slice)
    }
    pub(super) fn first_end(&self) -> Option<Moment> {
        self.ends.first().map(|(end, _)| *end)
    }
    pub(super) fn expired(&self, now: Moment) -> impl Iterator<Item = Id> {
        self.ends.iter().take_while(move |(end, _)| *end <= now).map(|(_, id)| *id)
    }
    /// When people are to be reminded, as long as there is anybody to remind.
    pub(super) fn remind_at(&self) -> Option<Moment> {
        let remind = self.plan.as_ref()?.remind?;
        (!self.to_remind.is_empty()).then_some(remind.at)
    }

    pub(super) fn take(&mut self, event: &DayEvent) {
        match event {
            DayEvent::DayOpened(DayOpened { plan }) => self.open(plan),
            DayEvent::HoldPlaced(it) => {
                let hold = Hold {
                    service: it.service.clone(),
                    time: it.time,
                    // The version before this one stores no length; its visits are as long as planned.
                    length: it.length.or_else(|| self.plan.as_ref()?.service(&it.service)?.length),
                    placed_at: it.placed_at,
                    ends_at: it.ends_at,
                    account: it.account,
                    account_id: it.account_id,
                    subject: None,
                    sealed: 0,
                    newest_code: None,
                    proofs: BTreeMap::new(),
                    end: None,
                };
                self.holds.insert(it.hold, hold);
                self.start_timer(it.hold, it.time, it.ends_at);
            }
            DayEvent::FormSaved(it) => {
                if let Some(hold) = self.holds.get_mut(&it.hold) {
                    hold.subject = Some(it.subject);
                    hold.sealed += 1;
                }
            }
            DayEvent::CodeSent(it) => {
                let Some(hold) = self.holds.get_mut(&it.hold) else { return };
                hold.proofs.insert(it.verification.clone(), it.claims.clone());
                hold.newest_code = Some((it.verification.clone(), it.expires_at));
                hold.sealed += 1;
                let (time, before) = (hold.time, hold.ends_at);
                hold.ends_at = it.ends_at;
                self.stop_timer(it.hold, time, before);
                self.start_timer(it.hold, time, it.ends_at);
            }
            DayEvent::Confirmed(it) => self.reserve(it),
            DayEvent::HoldReleased(it) => self.end_hold(it.hold, HoldEnd::Released),
            DayEvent::HoldExpired(it) => self.end_hold(it.hold, HoldEnd::Expired),
            DayEvent::Cancelled(it) => {
                self.end_reservation(it.reservation, State::Cancelled, it.at, it.free_from)
            }
            DayEvent::Removed(it) => {
                self.end_reservation(it.reservation, State::Removed(it.reason.clone()), it.at, it.free_from);
            }
            DayEvent::Attended(it) => {
                self.to_remind.remove(&it.reservation);
                if let Some(reservation) = self.reservations.get_mut(&it.reservation) {
                    reservation.state = match it.state {
                        Attendance::CheckedIn => State::CheckedIn,
                        Attendance::Served => State::Served,
                        // Somebody who gave up waiting was not served either, but needs no notice of it.
                        Attendance::Missed | Attendance::Left => State::Missed,
                        Attendance::NotCalled => State::NotCalled,
                        Attendance::Refused => State::Refused,
                    };
                }
            }
            DayEvent::Reminded(_) => {
                self.to_remind.clear();
                self.was_reminded = true;
            }
        }
    }

    fn open(&mut self, plan: &Arc<DayPlan>) {
        let slot = |at, places| Slot {
            at,
            places,
            taken: 0,
            lengths: BTreeMap::new(),
            ends: BTreeSet::new(),
            returning: Vec::new(),
        };
        self.slots =
            plan.slots.iter().map(|planned| (planned.time, slot(planned.at, planned.places))).collect();
        self.plan = Some(Arc::clone(plan));
    }

    fn reserve(&mut self, it: &Confirmed) {
        self.end_hold(it.hold, HoldEnd::Confirmed(it.reservation));
        let length = self.holds.get(&it.hold).and_then(|hold| hold.length);
        if let Some(slot) = self.slots.get_mut(&it.time) {
            slot.taken += 1;
            if let Some(length) = length {
                *slot.lengths.entry(length).or_default() += 1;
            }
        }
        let remind = self.plan.as_ref().and_then(|plan| plan.remind).filter(|_| !self.was_reminded);
        if remind.is_some_and(|remind| it.confirmed_at < remind.booked_before) {
            self.to_remind.insert(it.reservation);
        }
        self.serial = self.serial.max(it.serial);
        self.codes.insert(it.check_in_code.clone());
        let reservation = Reservation { confirmed: it.clone(), state: State::Confirmed, ended_at: None };
        self.reservations.insert(it.reservation, reservation);
    }

    fn end_hold(&mut self, id: Id, end: HoldEnd) {
        let Some(hold) = self.holds.get_mut(&id) else { return };
        hold.end = Some(end);
        let (time, ends_at) = (hold.time, hold.ends_at);
        self.stop_timer(id, time, ends_at);
    }

    fn end_reservation(&mut self, id: Id, state: State, at: Moment, free_from: Moment) {
        let Some(reservation) = self.reservations.get_mut(&id) else { return };
        reservation.state = state;
        reservation.ended_at = Some(at);
        self.to_remind.remove(&id);
        let length = self.holds.get(&reservation.confirmed.hold).and_then(|hold| hold.length);
        let Some(slot) = self.slots.get_mut(&reservation.confirmed.time) else { return };
        slot.taken = slot.taken.saturating_sub(1);
        if let Some(count) = length.and_then(|length| slot.lengths.get_mut(&length)) {
            *count = count.saturating_sub(1);
        }
        if free_from > at {
            let place = slot.returning.partition_point(|(other, _)| *other <= free_from);
            slot.returning.insert(place, (free_from, length));
        }
    }

    fn start_timer(&mut self, hold: Id, time: TimeOfDay, ends_at: Moment) {
        self.ends.insert((ends_at, hold));
        if let Some(slot) = self.slots.get_mut(&time) {
            slot.ends.insert((ends_at, hold));
        }
    }

    fn stop_timer(&mut self, hold: Id, time: TimeOfDay, ends_at: Moment) {
        self.ends.remove(&(ends_at, hold));
        if let Some(slot) = self.slots.get_mut(&time) {
            slot.ends.remove(&(ends_at, hold));
        }
    }
}
