//! Which journal events other services are told of, and how: turns booking's private events into the public ones of the
//! contract. Built from the event alone. Must not know of the bus.

use okienko_day::{DayEvent, Place};
use okienko_kernel::Moment;
use okienko_kernel::civil::Weekday;
use okienko_office::calendar::{WeekHours, public_holidays};
use okienko_office::log::OfficeEvent;
use okienko_office::text::Text;
use okienko_office::{Location, Merge, Office, QueueRules, Service};
use okienko_proto::booking as proto;
use okienko_staff::domain::{EVERYWHERE, StaffEvent};
use prost::Message;

/// Years, beginning with a version's own, whose public holidays are published as closed days.
const YEARS_OF_HOLIDAYS: i16 = 10;

/// A public event and its subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// Subject on the bus: `okienko.v1.{office}.booking.{event}`.
    pub subject: String,
    /// The event.
    pub event: PublicEvent,
}

/// What booking tells other services.
#[derive(Clone, Debug, PartialEq)]
pub enum PublicEvent {
    /// A new version of an office's data.
    OfficePublished(proto::OfficePublished),
    /// A visit was booked.
    ReservationConfirmed(proto::ReservationConfirmed),
    /// A visit will not take place.
    ReservationEnded(proto::ReservationEnded),
    /// Staff tokens that are no longer accepted.
    StaffRevoked(proto::StaffRevoked),
}

impl PublicEvent {
    /// The last part of its subject.
    pub fn name(&self) -> &'static str {
        match self {
            PublicEvent::OfficePublished(_) => "office_published",
            PublicEvent::ReservationConfirmed(_) => "reservation_confirmed",
            PublicEvent::ReservationEnded(_) => "reservation_ended",
            PublicEvent::StaffRevoked(_) => "staff_revoked",
        }
    }
    /// As protobuf.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            PublicEvent::OfficePublished(it) => it.encode_to_vec(),
            PublicEvent::ReservationConfirmed(it) => it.encode_to_vec(),
            PublicEvent::ReservationEnded(it) => it.encode_to_vec(),
            PublicEvent::StaffRevoked(it) => it.encode_to_vec(),
        }
    }
}

/// The public event for an event of an office's staff.
pub fn staff_event(event: &StaffEvent) -> Option<Published> {
    let StaffEvent::Withdrawn(it) = event else { return None };
    let (office, tokens) = (it.office.clone(), it.tokens.clone());
    let told = PublicEvent::StaffRevoked(proto::StaffRevoked { office, tokens, until: it.until.micros() });
    // `*` cannot be part of a subject.
    Some(published(if it.office == EVERYWHERE { "all" } else { &it.office }, told))
}

/// The public event for an event of a day.
pub fn day_event(event: &DayEvent) -> Option<Published> {
    let ended = |place: &Place, reservation: okienko_kernel::Id, reason: proto::reservation_ended::Reason| {
        let event = PublicEvent::ReservationEnded(proto::ReservationEnded {
            office: place.office.clone(),
            location: place.location.clone(),
            day: place.day.to_string(),
            reservation: reservation.to_string(),
            reason: reason.into(),
        });
        Some(published(&place.office, event))
    };
    match event {
        DayEvent::Confirmed(it) => {
            let event = PublicEvent::ReservationConfirmed(proto::ReservationConfirmed {
                office: it.place.office.clone(),
                location: it.place.location.clone(),
                day: it.place.day.to_string(),
                reservation: it.reservation.to_string(),
                service: it.service.clone(),
                at: it.at.micros(),
                time: it.time.to_string(),
                ticket: it.ticket.to_string(),
                ticket_number: it.ticket_number.clone(),
                check_in_code: it.check_in_code.clone(),
            });
            Some(published(&it.place.office, event))
        }
        DayEvent::Cancelled(it) => {
            ended(&it.place, it.reservation, proto::reservation_ended::Reason::Cancelled)
        }
        DayEvent::Removed(it) => ended(&it.place, it.reservation, proto::reservation_ended::Reason::Removed),
        DayEvent::DayOpened(_)
        | DayEvent::HoldPlaced(_)
        | DayEvent::FormSaved(_)
        | DayEvent::CodeSent(_)
        | DayEvent::HoldReleased(_)
        | DayEvent::HoldExpired(_)
        | DayEvent::Attended(_)
        | DayEvent::Reminded(_) => None,
    }
}

/// The public event for an event of an office's data.
pub fn office_event(event: &OfficeEvent) -> Option<Published> {
    let OfficeEvent::OfficeImported(it) = event;
    let office = office(&it.office, it.version, it.at);
    let event = PublicEvent::OfficePublished(proto::OfficePublished { office: Some(office) });
    Some(published(&it.office.id, event))
}

fn published(office: &str, event: PublicEvent) -> Published {
    Published { subject: format!("okienko.v1.{office}.booking.{}", event.name()), event }
}

/// An office as other services know it, in the first of its languages. Public holidays of the ten years from `at` on
/// are among the closed days of its locations, because the contract has no field for them.
pub fn office(office: &Office, version: u64, at: Moment) -> proto::Office {
    let locale = office.locales.first().map_or("pl", String::as_str);
    proto::Office {
        id: office.id.clone(),
        number: office.number,
        name: office.name.in_locale(locale).to_owned(),
        zone: office.zone.name().to_owned(),
        version,
        locations: office.locations.iter().map(|it| location(office, it, locale, at)).collect(),
        services: office.services.iter().map(|it| service(office, it, locale)).collect(),
        sender: office.sender.clone(),
        sms_daily_budget: office.sms_daily_budget,
        sms_dial_codes: office.dial_codes(),
    }
}

fn location(office: &Office, it: &Location, locale: &str, at: Moment) -> proto::Location {
    let this_year = office.zone.local(at).0.parts().0;
    let years =
        if office.work_on_holidays { 0..0 } else { this_year..this_year.saturating_add(YEARS_OF_HOLIDAYS) };
    let mut closed: Vec<_> = years.flat_map(public_holidays).collect();
    closed.extend(office.closed_days.iter().chain(&it.closed_days));
    closed.sort_unstable();
    closed.dedup();
    let counter = |counter: &okienko_office::Counter| proto::Counter {
        number: counter.number.clone(),
        services: counter.services.clone(),
    };
    proto::Location {
        id: it.id.clone(),
        number: u32::from(it.number),
        name: it.name.in_locale(locale).to_owned(),
        address: it.address.in_locale(locale).to_owned(),
        voice: it.voice,
        counters: it.counters.iter().map(counter).collect(),
        rules: Some(rules(&it.queue)),
        hours: hours(&it.hours),
        closed_days: closed.iter().map(ToString::to_string).collect(),
    }
}

fn rules(it: &QueueRules) -> proto::QueueRules {
    let merge = match it.merge {
        Merge::ByTime => proto::queue_rules::Merge::ByTime,
        Merge::BookedFirst => proto::queue_rules::Merge::BookedFirst,
    };
    proto::QueueRules {
        merge: merge.into(),
        calls: u32::from(it.calls),
        absent_pause_s: it.absent_pause_s,
        placed_at_hour: it.placed_at_hour,
        check_in_opens_min: it.check_in_opens_min,
        check_in_closes_min: it.check_in_closes_min,
        cancel_at_min: it.cancel_at_min,
        check_in_asks_service: it.check_in_asks_service,
        verify: it.verify,
        tickets_before_min: it.tickets_before_min.map(u32::from),
        check_in_label: it.check_in_label.iter().flat_map(Text::by_locale).collect(),
    }
}

fn hours(week: &WeekHours) -> Vec<proto::OpeningHours> {
    const WEEK: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    let of_day = |(weekday, number): (Weekday, u32)| {
        week.on(weekday).iter().map(move |interval| proto::OpeningHours {
            weekday: number,
            open: interval.open.to_string(),
            close: interval.close.to_string(),
        })
    };
    WEEK.into_iter().zip(1..).flat_map(of_day).collect()
}

fn service(office: &Office, it: &Service, locale: &str) -> proto::Service {
    let category = office.category(&it.category).map(|category| category.name.in_locale(locale).to_owned());
    proto::Service {
        id: it.id.clone(),
        name: it.name.in_locale(locale).to_owned(),
        category: it.category.clone(),
        category_name: category.unwrap_or_default(),
        locations: it.locations.clone(),
        minutes: u32::from(it.minutes),
        walk_in_prefix: it.walk_in_prefix.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
