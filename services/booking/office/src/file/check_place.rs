//! What must hold for locations and pools: hours, counters, capacity, prefixes, code digits. Must not know of TOML.

use super::check::{ids, known, numbers};
use super::report::Report;
use crate::calendar::{Interval, WeekHours};
use crate::data::{Location, Office, Pool};
use okienko_kernel::civil::Weekday;
use std::collections::BTreeMap;

/// Checks all locations.
pub(super) fn locations(office: &Office, report: &mut Report) {
    ids(report, "locations", office.locations.iter().map(|it| it.id.as_str()));
    numbers(report, "locations", office.locations.iter().map(|it| it.number));
    for (at, it) in office.locations.iter().enumerate() {
        let path = format!("locations[{at}]");
        if it.hours.is_empty() {
            report.of(
                &format!("{path}.hours"),
                format!("the location {:?} is never open", it.id),
                "hours of at least one day",
            );
        }
        overlaps(report, &path, &it.hours);
        counters(office, it, &path, report);
        queue(it, &path, report);
        if it.map_url.as_ref().is_some_and(|url| !url.starts_with("https://")) {
            report.of(
                &format!("{path}.map_url"),
                "the map is no address of a page",
                "map_url = \"https://…\"",
            );
        }
    }
}

fn counters(office: &Office, it: &Location, path: &str, report: &mut Report) {
    let mut seen = BTreeMap::new();
    if it.counters.is_empty() {
        report.of(
            &format!("{path}.counters"),
            format!("the location {:?} has no counter", it.id),
            "counters = [{ number = \"1\" }]",
        );
    }
    for (at, counter) in it.counters.iter().enumerate() {
        let path = format!("{path}.counters[{at}]");
        let plain = counter.number.chars().count() <= 4 && counter.number.chars().all(char::is_alphanumeric);
        if !plain {
            report.of(
                &format!("{path}.number"),
                format!("the counter {:?} cannot be shown", counter.number),
                "1 to 4 digits or letters",
            );
        }
        if !counter.number.is_empty() && seen.insert(counter.number.as_str(), at).is_some() {
            report.of(
                &format!("{path}.number"),
                format!("the counter {:?} is there twice", counter.number),
                "a number of its own",
            );
        }
        for (at, id) in counter.services.iter().enumerate() {
            known(report, &format!("{path}.services[{at}]"), "service", id, office.service(id).is_some());
        }
    }
    let serves =
        |id: &str| it.counters.iter().any(|c| c.services.is_empty() || c.services.iter().any(|s| s == id));
    for service in office.services.iter().filter(|s| s.locations.contains(&it.id) && !serves(&s.id)) {
        let what = format!("no counter of {:?} serves {:?}", it.id, service.id);
        report.of(&format!("{path}.counters"), what, format!("{:?} into services of a counter", service.id));
    }
}

/// Maximum minutes before opening at which walk-in tickets may begin.
const TICKETS_BEFORE_MOST: u16 = 120;

fn queue(it: &Location, path: &str, report: &mut Report) {
    let rules = &it.queue;
    let own = format!("{path}.queue");
    let path = if report.has(&own) { own } else { "queue".to_owned() };
    if !(1..=9).contains(&rules.calls) {
        report.of(&format!("{path}.calls"), format!("calls is {}", rules.calls), "a number from 1 to 9");
    }
    if rules.check_in_opens_min < rules.check_in_closes_min {
        let what = "check-in closes before it opens (both are minutes before the hour, negative is after it)";
        report.of(&format!("{path}.check_in_closes_min"), what, "a number not above check_in_opens_min");
    }
    if rules.cancel_at_min.is_some_and(|at| at > rules.check_in_closes_min) {
        let what = "booked visitors would be struck off before check-in closes";
        report.of(&format!("{path}.cancel_at_min"), what, "a number not above check_in_closes_min");
    }
    if let Some(before) = rules.tickets_before_min.filter(|before| *before > TICKETS_BEFORE_MOST) {
        let what = format!(
            "tickets would be given {before} minutes before the opening, to people whom nobody calls for hours"
        );
        report.of(&format!("{path}.tickets_before_min"), what, "a number from 0 to 120");
    }
    if rules.cancel_at_min.is_some() && rules.placed_at_hour {
        let what =
            "booked visitors are placed in the queue at their hour, and struck off for not checking in";
        report.of(&format!("{path}.placed_at_hour"), what, "placed_at_hour = false, or no cancel_at_min");
    }
}

fn overlaps(report: &mut Report, path: &str, hours: &WeekHours) {
    for (weekday, intervals) in &hours.0 {
        if intervals.windows(2).any(|pair| pair[1].open < pair[0].close) {
            let path = format!("{path}.hours.{}", word(*weekday));
            report.of(
                &path,
                format!("the hours of {} overlap", word(*weekday)),
                "intervals one after the other",
            );
        }
    }
}

/// Checks all pools.
pub(super) fn pools(office: &Office, report: &mut Report) {
    ids(report, "pools", office.pools.iter().map(|it| it.id.as_str()));
    numbers(report, "pools", office.pools.iter().map(|it| it.number));
    for (at, it) in office.pools.iter().enumerate() {
        let path = format!("pools[{at}]");
        let location = office.location(&it.location);
        known(report, &format!("{path}.location"), "location", &it.location, location.is_some());
        if !(1..=10_000).contains(&it.capacity) {
            report.of(
                &format!("{path}.capacity"),
                format!("capacity is {}", it.capacity),
                "a number from 1 to 10000",
            );
        }
        if it.reserved > it.capacity {
            let what = format!("{} places are reserved for staff of {}", it.reserved, it.capacity);
            report.of(&format!("{path}.reserved"), what, format!("a number from 0 to {}", it.capacity));
        }
        if it.reserved > 0 && it.reserved_until.is_none() {
            let what = "nobody could ever book the reserved places: staff cannot yet";
            report.of(
                &format!("{path}.reserved"),
                what,
                "reserved_until = { days_before = 1, at = \"12:00\" } too",
            );
        }
        if !it.shifts.is_empty() && report.has(&format!("{path}.capacity")) {
            let what = "capacity stands beside shifts, which say how many people serve";
            report.of(&format!("{path}.capacity"), what, "one of both");
        }
        if it.reserved_until.is_some_and(|release| release.days_before > office.horizon_days) {
            let what = "the reserved places would be free for all before the day can be booked";
            report.of(
                &format!("{path}.reserved_until"),
                what,
                format!("at most {} days", office.horizon_days),
            );
        }
        prefix(report, &format!("{path}.prefix"), &it.prefix);
        shared_services(office, it, &path, report);
        slots(it, location, &path, report);
        people(office, it, location, &path, report);
        clashes(office, at, it, &path, report);
    }
}

fn shared_services(office: &Office, it: &Pool, path: &str, report: &mut Report) {
    if it.services.is_empty() {
        report.of(
            &format!("{path}.services"),
            format!("the pool {:?} has no service", it.id),
            "at least one id of a service",
        );
    }
    for (at, id) in it.services.iter().enumerate() {
        let path = format!("{path}.services[{at}]");
        known(report, &path, "service", id, office.service(id).is_some());
        if office.service(id).is_some_and(|service| !service.locations.contains(&it.location)) {
            let what = format!("the service {id:?} is in this pool but not offered at {:?}", it.location);
            report.of(&path, what, format!("{:?} into the locations of the service", it.location));
        }
        if it.services[..at].contains(id) {
            report.of(&path, format!("the service {id:?} stands twice"), "each service once");
        }
    }
}

fn slots(it: &Pool, location: Option<&Location>, path: &str, report: &mut Report) {
    if !(1..=480).contains(&it.slot_minutes) {
        report.of(
            &format!("{path}.slot_minutes"),
            format!("slot_minutes is {}", it.slot_minutes),
            "a number from 1 to 480",
        );
        return;
    }
    if let Some(own) = &it.hours {
        overlaps(report, path, own);
        if own.is_empty() {
            report.of(
                &format!("{path}.hours"),
                "these hours are empty",
                "hours of at least one day, or leave them out",
            );
        }
        if let Some(location) = location {
            within(report, path, own, &location.hours);
        }
    }
    let Some(hours) = it.hours.as_ref().or(location.map(|location| &location.hours)) else { return };
    for (weekday, interval) in hours.0.iter().flat_map(|(day, all)| all.iter().map(move |one| (day, one))) {
        if interval.minutes() < it.slot_minutes {
            let what = format!(
                "a slot of {} minutes does not fit into {}-{} of {}",
                it.slot_minutes,
                interval.open,
                interval.close,
                word(*weekday)
            );
            report.of(&format!("{path}.slot_minutes"), what, format!("at most {}", interval.minutes()));
        }
    }
}

/// Checks the shifts, and that a visit of each service fits into somebody's time.
fn people(office: &Office, it: &Pool, location: Option<&Location>, path: &str, report: &mut Report) {
    let hours = it.hours.as_ref().or(location.map(|location| &location.hours));
    let Some(hours) = hours.filter(|hours| !hours.is_empty()) else { return };
    for (at, shift) in it.shifts.iter().enumerate() {
        let path = format!("{path}.shifts[{at}]");
        if !(1..=10_000).contains(&shift.people) {
            let what = format!("people is {}", shift.people);
            report.of(&format!("{path}.people"), what, "a number from 1 to 10000");
        }
        if shift.breaks.windows(2).any(|pair| pair[1].open < pair[0].close) {
            report.of(&format!("{path}.breaks"), "the breaks overlap", "breaks one after the other");
        }
        if let Some(out) = shift.breaks.iter().find(|away| away.within(&shift.hours) != Some(**away)) {
            let what = format!("the break {}-{} is not within the shift", out.open, out.close);
            report.of(&format!("{path}.breaks"), what, format!("breaks within {}", said(&shift.hours)));
        }
        let open = |day: &Weekday| hours.on(*day).iter().any(|open| shift.hours.within(open).is_some());
        if !hours.0.keys().any(|day| shift.is_on(*day) && open(day)) {
            let what = format!("nobody works in {}: the pool is closed then", said(&shift.hours));
            report.of(&format!("{path}.hours"), what, "hours in which the pool is open, on one of its days");
        }
    }
    for (at, service) in it.services.iter().enumerate() {
        let Some(service) = office.service(service) else { continue };
        if !office.is_ever_offered(it, hours, service) {
            let what = format!(
                "a visit of {:?} takes {} minutes, and nobody is there so long from one of its starts on",
                service.id, service.minutes
            );
            report.of(
                &format!("{path}.services[{at}]"),
                what,
                "a shorter service, or longer hours or shifts",
            );
        }
    }
}

fn said(hours: &Interval) -> String {
    format!("{}-{}", hours.open, hours.close)
}

/// Own hours of a pool must lie within those of its location.
fn within(report: &mut Report, path: &str, own: &WeekHours, location: &WeekHours) {
    for (weekday, interval) in own.0.iter().flat_map(|(day, all)| all.iter().map(move |one| (day, one))) {
        let open =
            location.on(*weekday).iter().any(|it| it.open <= interval.open && interval.close <= it.close);
        if !open {
            let path = format!("{path}.hours.{}", word(*weekday));
            let what = format!("the location is not open all of {}-{}", interval.open, interval.close);
            report.of(&path, what, "hours within those of the location");
        }
    }
}

/// Reports prefixes and code digits that another pool or a walk-in service at the same location already has.
fn clashes(office: &Office, at: usize, it: &Pool, path: &str, report: &mut Report) {
    if it.code_digit > 99 {
        report.of(
            &format!("{path}.code_digit"),
            "code_digit is no beginning of a code",
            "a digit, 0 to 9, or two, 10 to 99",
        );
    }
    for other in office.pools[..at].iter().filter(|other| other.location == it.location) {
        if other.prefix == it.prefix && !it.prefix.is_empty() {
            let what =
                format!("the pool {:?} has the prefix {:?} too at {:?}", other.id, it.prefix, it.location);
            report.of(
                &format!("{path}.prefix"),
                what,
                "letters of its own, so that no two tickets look the same",
            );
        }
        if begin_alike(other.code_digit, it.code_digit) {
            let what = format!(
                "codes of the pool {:?} begin with {} too at {:?}",
                other.id, other.code_digit, it.location
            );
            report.of(
                &format!("{path}.code_digit"),
                what,
                "a beginning of its own, so that no two codes are the same: a digit, or two where ten are too few",
            );
        }
    }
    let walk_in = |service: &&crate::data::Service| {
        service.walk_in_prefix.as_deref() == Some(it.prefix.as_str())
            && service.locations.contains(&it.location)
    };
    if let Some(service) = office.services.iter().find(walk_in) {
        let what = format!(
            "walk-ins of the service {:?} have the prefix {:?} too at {:?}",
            service.id, it.prefix, it.location
        );
        report.of(
            &format!("{path}.prefix"),
            what,
            "letters of its own, so that no two tickets look the same",
        );
    }
}

/// Whether one code may begin with both.
fn begin_alike(one: u8, other: u8) -> bool {
    let first = |digits: u8| if digits > 9 { digits / 10 } else { digits };
    one == other || (one > 9) != (other > 9) && first(one) == first(other)
}

/// Letters before the number of a ticket.
pub(super) fn prefix(report: &mut Report, path: &str, prefix: &str) {
    let fits = prefix.len() <= 3 && prefix.bytes().all(|b| b.is_ascii_uppercase());
    if !fits {
        report.of(path, format!("the prefix {prefix:?} cannot be read out"), "1 to 3 of the letters A-Z");
    }
}

fn word(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}
