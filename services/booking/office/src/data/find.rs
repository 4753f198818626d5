//! Queries on an office's data: what belongs to what, and when a location or pool works. Must not change anything.

use super::{Category, Location, Office, Pool, Release, Service};
use crate::calendar::{Interval, WeekHours, is_public_holiday};
use crate::form::Field;
use crate::text::LANGUAGES;
use okienko_kernel::{Day, Moment};

impl Office {
    /// Dial codes of the countries that its text messages go to, as other services get them; empty: the usual ones.
    pub fn dial_codes(&self) -> Vec<u32> {
        self.sms_dial_codes.iter().copied().map(u32::from).collect()
    }
    /// The language in which it writes to somebody who reads pages in `locale`.
    pub fn writes_in<'a>(&'a self, locale: &str) -> &'a str {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        let own = self.locales.iter().find(|own| own.eq_ignore_ascii_case(language));
        own.or(self.locales.first()).map_or(LANGUAGES[0], String::as_str)
    }
    /// The location with that id.
    pub fn location(&self, id: &str) -> Option<&Location> {
        self.locations.iter().find(|location| location.id == id)
    }
    /// The location with that number.
    pub fn location_numbered(&self, number: u16) -> Option<&Location> {
        self.locations.iter().find(|location| location.number == number)
    }
    /// The pool with that id.
    pub fn pool(&self, id: &str) -> Option<&Pool> {
        self.pools.iter().find(|pool| pool.id == id)
    }
    /// The pool with that number, as contained in ids.
    pub fn pool_numbered(&self, number: u16) -> Option<&Pool> {
        self.pools.iter().find(|pool| pool.number == number)
    }
    /// The service with that id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }
    /// The category with that id.
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }
    /// The pools from which a service is booked at a location, in the order of the file.
    pub fn pools_of<'a>(&'a self, service: &'a str, location: &'a str) -> impl Iterator<Item = &'a Pool> {
        let of_it =
            move |pool: &&Pool| pool.location == location && pool.services.iter().any(|id| id == service);
        self.pools.iter().filter(of_it)
    }
    /// The fields of a service's form, in order.
    pub fn form_of<'a>(&'a self, service: &'a Service) -> Vec<&'a Field> {
        let field = |id: &String| self.fields.iter().find(|field| &field.id == id);
        service.form.iter().filter_map(field).collect()
    }
    /// The local day at a moment.
    pub fn day_at(&self, at: Moment) -> Day {
        self.zone.local(at).0
    }
    /// Whether `day` is open for booking on the local day `today`.
    pub fn release(&self, day: Day, today: Day) -> Release {
        match day.days_since(today) {
            ahead if ahead < 0 => Release::Past,
            ahead if ahead <= i64::from(self.horizon_days) => Release::Open,
            _ => Release::NotReleased,
        }
    }
    /// Whether `day` is today or within the horizon.
    pub fn is_bookable(&self, day: Day, today: Day) -> bool {
        self.release(day, today) == Release::Open
    }
    /// Whether the location is open at all on that day.
    pub fn works_on(&self, location: &Location, day: Day) -> bool {
        let off = !self.work_on_holidays && is_public_holiday(day);
        !off && !self.closed_days.contains(&day) && !location.closed_days.contains(&day)
    }
    /// When the location is open on that day; empty when closed.
    pub fn hours_on<'a>(&'a self, location: &'a Location, day: Day) -> &'a [Interval] {
        self.within(location, &location.hours, day)
    }
    /// When visits of the pool may be booked on that day; empty when closed.
    pub fn pool_hours_on<'a>(&'a self, location: &'a Location, pool: &'a Pool, day: Day) -> &'a [Interval] {
        self.within(location, pool.hours.as_ref().unwrap_or(&location.hours), day)
    }
    fn within<'a>(&'a self, location: &Location, hours: &'a WeekHours, day: Day) -> &'a [Interval] {
        if self.works_on(location, day) { hours.on(day.weekday()) } else { &[] }
    }
}
