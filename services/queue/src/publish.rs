//! Maps private events to the public ones of `proto/`: what screens see, and the attendance of reservations; also
//! office data from booking's public form and back. Knows nothing of the bus except the subjects' names.

use okienko_hall::{
    Back, CounterPlan, HallEvent, HallKey, Line, LocationData, LocationRules, Merge, OTHER_PERSON,
    OfficeData, OpeningHours, ServiceData,
};
use okienko_kernel::civil::Weekday;
use okienko_kernel::{Moment, Span, Zone};
use okienko_proto::booking;
use okienko_proto::queue::attendance::State as Came;
use okienko_proto::queue::counter_changed::State as Shown;
use okienko_proto::queue::hall_event::Change;
use okienko_proto::queue::ticket_changed::State;
use okienko_proto::queue::{self as public, Attendance};

/// Subject of an office's hall events.
pub fn hall_subject(office: &str) -> String {
    format!("okienko.v1.{office}.queue.hall")
}

/// Subject of an office's attendance.
pub fn attendance_subject(office: &str) -> String {
    format!("okienko.v1.{office}.queue.attendance")
}

/// The public forms of an event of this hall: for screens, and the attendance of a reservation.
pub fn publish(hall: &HallKey, event: &HallEvent) -> (Option<public::HallEvent>, Option<Attendance>) {
    let seen = screen(event).and_then(|(at, change)| {
        Some(public::HallEvent {
            office: hall.office.clone(),
            location: hall.location.clone(),
            seq: event.seq()?,
            at: at.micros(),
            day: hall.day.to_string(),
            change: Some(change),
            // Set later: it comes from the journal, which is unknown here.
            life: 0,
        })
    });
    let not_called = matches!(event, HallEvent::Left { not_called: true, .. });
    let came = attendance(event).map(|(at, reservation, state)| Attendance {
        office: hall.office.clone(),
        location: hall.location.clone(),
        day: hall.day.to_string(),
        reservation,
        state: state.into(),
        at: at.micros(),
        not_called,
    });
    (seen, came)
}

fn screen(event: &HallEvent) -> Option<(Moment, Change)> {
    use HallEvent::*;
    let alone = |line: &Line, state| ticket(line, state, None, 0);
    let change = |at: &Moment, change| Some((*at, change));
    match event {
        DayOpened { at, plan, .. } => {
            let counters = plan.counters.iter().map(|counter| counter.number.clone()).collect();
            change(at, Change::DayOpened(public::DayOpened { counters }))
        }
        Expected { at, line, .. } | Listed { at, line, .. } => change(at, alone(line, State::Expected)),
        WalkInIssued { at, line, .. } | Placed { at, line, .. } | Transferred { at, line, .. } => {
            change(at, alone(line, State::Waiting))
        }
        // The contract has no state for "set aside": screens show the visitor as waiting again.
        Parked { at, line, .. } => change(at, alone(line, State::Waiting)),
        Left { at, line, not_called: true, .. } => change(at, not_called(line)),
        Left { at, line, .. } | Refused { at, line, .. } => change(at, alone(line, State::Left)),
        StruckOff { at, line, .. } => change(at, alone(line, State::Missed)),
        Unexpected { at, line, .. } => {
            let mut left = shown_as(line.as_ref()?, State::Left, None, 0);
            left.cancelled = true;
            change(at, Change::Ticket(left))
        }
        CounterOpened { at, counter, .. } => change(at, shown(counter, Shown::Free)),
        CounterPaused { at, counter, .. } => change(at, shown(counter, Shown::Paused)),
        CounterClosed { at, counter, .. } => change(at, shown(counter, Shown::Closed)),
        Called { at, line, counter, attempt, recall, .. } => change(
            at,
            Change::Call(public::Call {
                ticket: line.ticket.to_string(),
                number: line.number.clone(),
                counter: counter.clone(),
                attempt: *attempt,
                recall: *recall,
                service: line.service.clone(),
            }),
        ),
        Started { at, line, counter, attempt, .. } => {
            change(at, ticket(line, State::Serving, Some(counter), *attempt))
        }
        Finished { at, line, counter, attempt, .. } => {
            change(at, ticket(line, State::Served, Some(counter), *attempt))
        }
        WentAbsent { at, line, counter, attempt, .. } => {
            change(at, ticket(line, State::Absent, Some(counter), *attempt))
        }
        Missed { at, line, counter, attempt, .. } => {
            change(at, ticket(line, State::Missed, counter.as_deref(), *attempt))
        }
        Undone { at, line, counter, attempt, back, .. } => {
            let (state, counter) = match back {
                Back::Waiting => (State::Waiting, None),
                Back::Called => (State::Called, Some(counter.as_str())),
                Back::Serving => (State::Serving, Some(counter.as_str())),
                Back::Absent { .. } => (State::Absent, Some(counter.as_str())),
            };
            change(at, ticket(line, state, counter, *attempt))
        }
        CheckedIn { .. }
        | HandedOver { .. }
        | Verified { .. }
        | NoticeAsked { .. }
        | NoticeDue { .. }
        | DaySealed { .. } => None,
    }
}

fn ticket(line: &Line, state: State, counter: Option<&str>, attempt: u32) -> Change {
    Change::Ticket(shown_as(line, state, counter, attempt))
}

fn not_called(line: &Line) -> Change {
    Change::Ticket(public::TicketChanged { not_called: true, ..shown_as(line, State::Left, None, 0) })
}

fn shown_as(line: &Line, state: State, counter: Option<&str>, attempt: u32) -> public::TicketChanged {
    public::TicketChanged {
        ticket: line.ticket.to_string(),
        number: line.number.clone(),
        service: line.service.clone(),
        state: state.into(),
        order: line.order,
        booked: line.booked.as_ref().map_or_else(String::new, |booked| booked.time.to_string()),
        counter: counter.unwrap_or_default().to_owned(),
        attempt,
        cancelled: false,
        not_called: false,
    }
}

fn shown(counter: &str, state: Shown) -> Change {
    let ticket = String::new();
    Change::Counter(public::CounterChanged { counter: counter.to_owned(), state: state.into(), ticket })
}

fn attendance(event: &HallEvent) -> Option<(Moment, String, Came)> {
    let (at, line, state) = match event {
        HallEvent::CheckedIn { at, line, .. } => (at, line, Came::CheckedIn),
        HallEvent::Finished { at, line, outcome, .. } if outcome.as_deref() == Some(OTHER_PERSON) => {
            (at, line, Came::Refused)
        }
        HallEvent::Finished { at, line, .. } => (at, line, Came::Served),
        HallEvent::Missed { at, line, .. } | HallEvent::StruckOff { at, line, .. } => {
            (at, line, Came::Missed)
        }
        HallEvent::Refused { at, line, .. } => (at, line, Came::Refused),
        HallEvent::Left { at, line, .. } => (at, line, Came::Left),
        _ => return None,
    };
    Some((*at, line.booked.as_ref()?.reservation.to_string(), state))
}

/// An office as published by booking; the error names the field that cannot be read.
pub fn office_from_proto(office: &booking::Office) -> Result<OfficeData, String> {
    let wrong = |what: String| format!("office {}: {what}", office.id);
    let locations = office.locations.iter().map(location_from_proto).collect::<Result<_, _>>();
    let service = |s: &booking::Service| ServiceData {
        id: s.id.clone(),
        name: s.name.clone(),
        category: s.category.clone(),
        category_name: s.category_name.clone(),
        locations: s.locations.clone(),
        minutes: s.minutes,
        walk_in_prefix: s.walk_in_prefix.clone(),
    };
    Ok(OfficeData {
        id: office.id.clone(),
        number: office.number,
        name: office.name.clone(),
        zone: Zone::named(&office.zone).map_err(|error| wrong(error.to_string()))?,
        version: office.version,
        locations: locations.map_err(wrong)?,
        services: office.services.iter().map(service).collect(),
        sender: office.sender.clone(),
        sms_daily_budget: office.sms_daily_budget,
        sms_dial_codes: office.sms_dial_codes.iter().filter_map(|code| u16::try_from(*code).ok()).collect(),
    })
}

fn location_from_proto(place: &booking::Location) -> Result<LocationData, String> {
    let wrong = |what: &str| format!("location {}: {what}", place.id);
    let rules = place.rules.as_ref().ok_or_else(|| wrong("has no rules"))?;
    let hours = place.hours.iter().map(|hours| {
        let weekday = WEEK.get((hours.weekday as usize).wrapping_sub(1));
        let read = |time: &str| time.parse().map_err(|_| wrong("opening hours are written HH:MM"));
        Ok(OpeningHours {
            weekday: *weekday.ok_or_else(|| wrong("weekdays are 1 to 7"))?,
            open: read(&hours.open)?,
            close: read(&hours.close)?,
        })
    });
    let closed =
        place.closed_days.iter().map(|day| day.parse().map_err(|_| wrong("a closed day is no date")));
    let counter = |c: &booking::Counter| CounterPlan {
        number: c.number.clone(),
        services: c.services.iter().cloned().collect(),
    };
    Ok(LocationData {
        id: place.id.clone(),
        number: u16::try_from(place.number).map_err(|_| wrong("its number is too large"))?,
        name: place.name.clone(),
        address: place.address.clone(),
        voice: place.voice,
        counters: place.counters.iter().map(counter).collect(),
        rules: LocationRules {
            merge: match rules.merge() {
                booking::queue_rules::Merge::BookedFirst => Merge::BookedFirst,
                _ => Merge::ByTime,
            },
            calls: rules.calls,
            absent_pause: Span::from_secs(i64::from(rules.absent_pause_s)),
            placed_at_hour: rules.placed_at_hour,
            check_in_opens_min: rules.check_in_opens_min,
            check_in_closes_min: rules.check_in_closes_min,
            cancel_at_min: rules.cancel_at_min,
            check_in_asks_service: rules.check_in_asks_service,
            verify: rules.verify,
            tickets_before_min: rules.tickets_before_min,
            check_in_label: rules.check_in_label.clone().into_iter().collect(),
        },
        hours: hours.collect::<Result<_, String>>()?,
        closed_days: closed.collect::<Result<_, String>>()?,
    })
}

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The public form of an office, for those who request it from queue.
pub fn office_to_proto(office: &OfficeData) -> booking::Office {
    let service = |s: &ServiceData| booking::Service {
        id: s.id.clone(),
        name: s.name.clone(),
        category: s.category.clone(),
        category_name: s.category_name.clone(),
        locations: s.locations.clone(),
        minutes: s.minutes,
        walk_in_prefix: s.walk_in_prefix.clone(),
    };
    booking::Office {
        id: office.id.clone(),
        number: office.number,
        name: office.name.clone(),
        zone: office.zone.name().to_owned(),
        version: office.version,
        locations: office.locations.iter().map(location_to_proto).collect(),
        services: office.services.iter().map(service).collect(),
        sender: office.sender.clone(),
        sms_daily_budget: office.sms_daily_budget,
        sms_dial_codes: office.dial_codes(),
    }
}

fn location_to_proto(place: &LocationData) -> booking::Location {
    let rules = &place.rules;
    let merge = match rules.merge {
        Merge::ByTime => booking::queue_rules::Merge::ByTime,
        Merge::BookedFirst => booking::queue_rules::Merge::BookedFirst,
    };
    let counter = |c: &CounterPlan| booking::Counter {
        number: c.number.clone(),
        services: c.services.iter().cloned().collect(),
    };
    let hours = |hours: &OpeningHours| booking::OpeningHours {
        weekday: hours.weekday as u32 + 1,
        open: hours.open.to_string(),
        close: hours.close.to_string(),
    };
    booking::Location {
        id: place.id.clone(),
        number: place.number.into(),
        name: place.name.clone(),
        address: place.address.clone(),
        voice: place.voice,
        counters: place.counters.iter().map(counter).collect(),
        rules: Some(booking::QueueRules {
            merge: merge.into(),
            calls: rules.calls,
            absent_pause_s: u32::try_from(rules.absent_pause.secs_up()).unwrap_or_default(),
            placed_at_hour: rules.placed_at_hour,
            check_in_opens_min: rules.check_in_opens_min,
            check_in_closes_min: rules.check_in_closes_min,
            cancel_at_min: rules.cancel_at_min,
            check_in_asks_service: rules.check_in_asks_service,
            verify: rules.verify,
            tickets_before_min: rules.tickets_before_min,
            check_in_label: rules.check_in_label.clone().into_iter().collect(),
        }),
        hours: place.hours.iter().map(hours).collect(),
        closed_days: place.closed_days.iter().map(ToString::to_string).collect(),
    }
}
