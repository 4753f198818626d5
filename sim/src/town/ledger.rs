//! What people were told, recorded outside the system: whatever was acknowledged must be there, and no promise may have
//! been given twice. Knows no fault.

use crate::watch::{DOUBLE_BOOKING, Watch};
use okienko_day::{Day as BookingDay, Hold, HoldEnd};
use okienko_kernel::{Day, Id, IdKind};
use okienko_office::Office;
use okienko_sms_gateway::domain::Outbox;
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

type Slot = (u32, u16, Day, String);

#[derive(Default)]
struct Book {
    /// Confirmed reservations whose cancellation was not requested, by slot.
    slots: BTreeMap<Slot, BTreeSet<Id>>,
    /// Ticket numbers by office, location and day, with their owners' tokens.
    numbers: BTreeMap<(String, String, String, String), String>,
    /// Confirmed reservations, and whether their cancellation was acknowledged.
    reservations: BTreeMap<Id, bool>,
    /// Reservations whose holder was served.
    served: BTreeSet<Id>,
    ends: BTreeMap<&'static str, u64>,
}

/// The records of a run.
pub struct Ledger {
    watch: Arc<Watch>,
    book: Mutex<Book>,
}

/// Whether the place of `one` was promised to somebody at the moment `newest` was placed.
fn is_promised(day: &BookingDay, one: &Hold, newest: &Hold) -> bool {
    match one.end {
        Some(HoldEnd::Confirmed(reservation)) => {
            day.reservation(reservation).is_some_and(|it| it.state.has_place())
        }
        _ => one.runs(newest.placed_at),
    }
}

impl Ledger {
    /// An empty ledger.
    pub fn new(watch: Arc<Watch>) -> Ledger {
        Ledger { watch, book: Mutex::default() }
    }

    /// A hold was acknowledged: it must be in the journal.
    pub fn held(&self, hold: &str) {
        let Ok(id) = Id::parse(IdKind::Hold, hold) else {
            return self.watch.broken(format!("{hold} is no hold's id"));
        };
        if self.watch.day_of(id, |day| day.hold(id).is_some()) != Some(true) {
            return self.watch.broken(format!("the hold {hold} was acknowledged and is not written"));
        }
        let over = self.watch.day_of(id, |day| {
            let hold = day.hold(id)?;
            let places = day.slots().get(&hold.time)?.places as usize;
            let promised =
                day.holds().values().filter(|it| it.time == hold.time && is_promised(day, it, hold));
            let count = promised.count();
            (count > places).then(|| format!("{count} people hold the {places} places at {}", hold.time))
        });
        if let Some(over) = over.flatten() {
            self.watch.broken(format!("{DOUBLE_BOOKING}: {over} of {}", id.way().day));
        }
    }

    /// A reservation was acknowledged: it must be in the journal, and its slot must have had a place for it.
    pub fn confirmed(&self, hold: &str, time: &str) -> Option<Id> {
        let id = Id::parse(IdKind::Hold, hold).ok()?.as_kind(IdKind::Reservation);
        let looked = self.watch.day_of(id, |day| {
            let written = day.reservation(id).is_some();
            let places = time.parse().ok().and_then(|time| Some(day.slots().get(&time)?.places));
            (written, places)
        });
        let Some((true, Some(places))) = looked else {
            self.watch.broken(format!("the reservation {id} was acknowledged and is not written"));
            return None;
        };
        let way = id.way();
        let mut book = self.book.lock();
        book.reservations.entry(id).or_insert(false);
        let promised = book.slots.entry((way.office, way.place, way.day, time.to_owned())).or_default();
        promised.insert(id);
        let count = promised.len();
        drop(book);
        if count > places as usize {
            let slot = format!("{time} of {} in pool {} of office {}", way.day, way.place, way.office);
            self.watch.broken(format!(
                "{DOUBLE_BOOKING}: {count} people were promised the {places} places at {slot}"
            ));
        }
        Some(id)
    }

    /// A cancellation is being requested: from here on the place may go to somebody else.
    pub fn cancelling(&self, reservation: Id) {
        let mut book = self.book.lock();
        book.slots.values_mut().for_each(|promised| {
            promised.remove(&reservation);
        });
    }

    /// A cancellation was acknowledged.
    pub fn cancelled(&self, reservation: Id) {
        self.book.lock().reservations.insert(reservation, true);
        let place = self.watch.day_of(reservation, |day| {
            day.reservation(reservation).is_some_and(|known| known.state.has_place())
        });
        if place != Some(false) {
            self.watch
                .broken(format!("the cancellation of {reservation} was acknowledged and is not written"));
        }
    }

    /// A ticket was issued: its number must belong to nobody else, and it must be in the journal.
    pub fn ticket(&self, at: (&str, &str, &str), number: &str, token: &str) {
        let (office, location, day) = at;
        let key = (office.to_owned(), location.to_owned(), day.to_owned(), number.to_owned());
        let known = self.book.lock().numbers.insert(key, token.to_owned());
        if known.is_some_and(|known| known != token) {
            self.watch.broken(format!("two people have the ticket {number} of {day} at {office}/{location}"));
        }
        let stream = format!("hall/{office}/{location}/{day}");
        let there = self.watch.halls(|halls| {
            halls.get(stream.as_str()).is_some_and(|hall| hall.find_by_number(number).is_some())
        });
        if !there {
            self.watch.broken(format!("the ticket {number} was given and is not written in {stream}"));
        }
    }

    /// The holder of a reservation was served.
    pub fn served(&self, reservation: Id) {
        self.book.lock().served.insert(reservation);
    }

    /// A visit ended in this way.
    pub fn ended(&self, how: &'static str) {
        *self.book.lock().ends.entry(how).or_default() += 1;
    }

    /// How visits ended.
    pub fn ends(&self) -> BTreeMap<&'static str, u64> {
        self.book.lock().ends.clone()
    }

    /// At the very end: the provider was given no more text messages than the offices' budgets allow.
    pub fn audit_messages(&self, accepted: &BTreeMap<(String, Day), usize>, offices: &[Office]) {
        for ((office, day), count) in accepted {
            let budget = offices.iter().find(|it| it.id == *office).map_or(0, |it| it.sms_daily_budget);
            if *count > budget as usize {
                self.watch
                    .broken(format!("{count} text messages of {office} on {day}, its budget is {budget}"));
            }
        }
        let unsent = self.watch.outboxes(|all| all.values().find_map(Outbox::unsettled));
        if let Some(message) = unsent {
            self.watch.broken(format!("the message {message} has come to no end"));
        }
    }

    /// At the very end: every acknowledged reservation has ended, and in the way that people were told.
    pub fn audit(&self) {
        let book = self.book.lock();
        for (id, cancelled) in &book.reservations {
            let state = self.watch.day_of(*id, |day| day.reservation(*id).map(|it| it.state.word()));
            let state = state.flatten().unwrap_or("gone");
            let expected: &[&str] = match (cancelled, book.served.contains(id)) {
                (true, _) => &["cancelled", "removed"],
                (false, true) => &["served"],
                (false, false) => &["served", "missed", "not_called", "cancelled", "removed"],
            };
            if !expected.contains(&state) {
                return self
                    .watch
                    .broken(format!("the reservation {id} is {state} after all: expected {expected:?}"));
            }
        }
    }
}
