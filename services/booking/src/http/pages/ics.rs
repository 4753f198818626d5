//! A visit as a calendar file (RFC 5545, 5546): a visit's file adds it to a calendar, a cancelled visit's removes it.
//! Knows the file format; the texts come from the messages.

use super::visit::{Visit, visit};
use crate::come::come;
use crate::service::Booking;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use okienko_kernel::{Moment, Span, Zone};
use okienko_office::text::Text;
use okienko_web::{Path, Problem, Words};
use std::sync::Arc;

/// Maximum line length, in octets without the line ending.
const LONGEST: usize = 75;

/// The file.
pub async fn file(
    State(booking): State<Arc<Booking>>,
    Path((office, token)): Path<(String, String)>,
    words: Words,
) -> Result<Response, Problem> {
    let visit = visit(&booking, &office, &token).await?;
    let name = format!("attachment; filename=\"{}.ics\"", visit.reservation.confirmed.number);
    let text = calendar(&words, &visit, &booking.settings.base_url);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, name.as_str()),
    ];
    Ok((headers, text).into_response())
}

fn calendar(words: &Words, visit: &Visit, base_url: &str) -> String {
    let (office, confirmed, locale) =
        (&visit.known.office, &visit.reservation.confirmed, words.locale().tag());
    let service = visit.service();
    let name = service.map(|service| service.name.in_locale(locale)).unwrap_or_default();
    let minutes = service.map_or(15, |service| service.minutes);
    let place =
        visit.location().map(|l| format!("{}, {}", l.name.in_locale(locale), l.address.in_locale(locale)));
    let text = |text: &Text| text.in_locale(locale).to_owned();
    let own = service.map(|service| [text(&service.on_the_day), text(office.bring(service))]);
    let [on_the_day, bring] = own.unwrap_or_default();
    let address = format!("{base_url}{}", visit.path);
    let key = if visit.has_ticket() { "calendar-about" } else { "calendar-about-code" };
    let about = words.ta(
        key,
        &[
            ("number", confirmed.number.as_str().into()),
            ("ticket", confirmed.ticket_number.as_str().into()),
            ("code", confirmed.check_in_code.as_str().into()),
        ],
    );
    // A visit that was missed or turned away stays in the calendar.
    let gone = visit.is_gone();
    // When the visit reached its state: the same state gives the same file, and a later state a newer one.
    let stamp = visit.reservation.ended_at.filter(|_| gone).unwrap_or(confirmed.confirmed_at);
    let come = come(office, visit.location(), confirmed.at, locale);
    let told: Vec<String> = [about, come, on_the_day, bring, address.clone()].into();
    let told: Vec<String> = told.into_iter().filter(|part| !part.is_empty()).collect();
    let office_name = office.name.in_locale(locale);
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Okienko//Okienko//PL".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        format!("METHOD:{}", if gone { "CANCEL" } else { "PUBLISH" }),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@{}", confirmed.reservation, office.host),
        format!("DTSTAMP:{}", utc(stamp)),
        format!("SEQUENCE:{}", u8::from(gone)),
        format!("ORGANIZER;CN=\"{}\":{base_url}/{}", office_name.replace('"', "'"), office.id),
        format!("DTSTART:{}", utc(confirmed.at)),
        format!("DTEND:{}", utc(confirmed.at + Span::from_mins(i64::from(minutes)))),
        format!("SUMMARY:{}", escaped(&format!("{office_name}: {name}"))),
        format!("LOCATION:{}", escaped(&place.unwrap_or_default())),
        format!("DESCRIPTION:{}", escaped(&told.join("\n"))),
        format!("URL:{address}"),
        format!("STATUS:{}", if gone { "CANCELLED" } else { "CONFIRMED" }),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

/// `20261201T082000Z`.
fn utc(at: Moment) -> String {
    let (day, time) = Zone::utc().local(at);
    let (year, month, of_month) = day.parts();
    let (hour, minute, second) = (time.minutes() / 60, time.minutes() % 60, at.seconds().rem_euclid(60));
    format!("{year:04}{month:02}{of_month:02}T{hour:02}{minute:02}{second:02}Z")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => {}
            c => out.push(c),
        }
    }
    out
}

/// A line with its line ending, folded if it is too long; never within a character.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > LONGEST {
            out.push_str("\r\n ");
            // The space that marks the fold counts too.
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lines_are_folded_at_75_octets_and_unfold_to_what_they_were(text in "[^\r\n]{0,300}") {
            let folded = folded(&text);
            prop_assert!(folded.ends_with("\r\n"));
            prop_assert!(folded.split("\r\n").all(|line| line.len() <= LONGEST));
            prop_assert_eq!(folded.replace("\r\n ", ""), format!("{text}\r\n"));
        }
    }

    #[test]
    fn texts_are_escaped_and_moments_are_utc() {
        assert_eq!(escaped("a, b; c\\d\r\ne"), "a\\, b\\; c\\\\d\\ne");
        let at = okienko_kernel::civil::parse_rfc3339("2026-12-01T09:20:00+01:00").unwrap();
        assert_eq!(utc(at), "20261201T082000Z");
    }
}
