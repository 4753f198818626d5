//! What an office's notices would say, before anybody has booked: for checking how long they are. Sends nothing.

use super::{Occasion, said};
use okienko_backoffice::REASONS;
use okienko_day::{Confirmed, Place};
use okienko_kernel::world::SeededEntropy;
use okienko_kernel::{Day, Id, IdKind, Keys, Moment, TimeOfDay, Way};
use okienko_office::{Office, Service};

/// One text with its variables.
pub struct Sample {
    /// Which text, without its channel.
    pub template: &'static str,
    /// The language, one of the office's.
    pub locale: String,
    /// The service, at [`Sample::location`].
    pub service: String,
    /// The location.
    pub location: String,
    /// The variables; those of the sender are left out.
    pub arguments: Vec<(&'static str, String)>,
}

/// The texts of every service at every location in every language, with pages at `base_url`. Values that differ from
/// visit to visit are as long as they can be.
pub fn samples(office: &Office, base_url: &str) -> Vec<Sample> {
    let mut samples = Vec::new();
    for service in &office.services {
        for location in &service.locations {
            let confirmed = confirmed(office, service, location);
            for locale in &office.locales {
                let of = |template, arguments| Sample {
                    template,
                    locale: locale.clone(),
                    service: service.id.clone(),
                    location: location.clone(),
                    arguments,
                };
                let token = confirmed.reservation.token(&Keys::from_secret(b"only its length counts"));
                let visit = format!("{base_url}/{}/visit/{token}", office.id);
                let again = format!("{base_url}/{}/book", office.id);
                let always = [
                    (Occasion::Confirmed, &visit),
                    (Occasion::Cancelled, &again),
                    (Occasion::Missed, &again),
                    (Occasion::NotCalled, &again),
                ];
                let reminder = office.remind_at.map(|_| (Occasion::Reminder, &visit));
                for (occasion, url) in always.into_iter().chain(reminder) {
                    let values = said(office, occasion, &confirmed, (locale, url.clone()));
                    samples.push(of(occasion.template(), values));
                }
                for reason in REASONS {
                    let mut values = said(office, Occasion::Cancelled, &confirmed, (locale, again.clone()));
                    values.push(("reason", reason.to_owned()));
                    samples.push(of("removed", values));
                }
            }
        }
    }
    samples
}

/// A visit on a day with a long date.
fn confirmed(office: &Office, service: &Service, location: &str) -> Confirmed {
    // 30 December 2026.
    let day = Day::from_number(2_555);
    let way = Way { office: office.number, place: 1, day };
    let id = |kind| Id::new(kind, way, &SeededEntropy::new(0));
    let pool = office.pools.iter().find(|pool| pool.location == location);
    let prefix = pool.map(|pool| pool.prefix.clone()).unwrap_or_default();
    Confirmed {
        place: Place { office: office.id.clone(), location: location.to_owned(), day },
        reservation: id(IdKind::Reservation),
        hold: id(IdKind::Hold),
        time: "12:00".parse().unwrap_or(TimeOfDay::MIDNIGHT),
        at: Moment::from_micros(0),
        service: service.id.clone(),
        number: "2026-1230-0001".to_owned(),
        serial: 1,
        ticket: id(IdKind::Ticket),
        ticket_number: format!("{prefix}999"),
        check_in_code: "12345678".to_owned(),
        subject: None,
        verification: None,
        claims: Vec::new(),
        claims_until: Moment::from_micros(0),
        confirmed_at: Moment::from_micros(0),
        account: None,
    }
}
