//! The page that people keep: date, hour, place, numbers, code, what to bring, what happens if late. Whoever has its
//! address may see it; it says nothing of the person.

use super::{document, office_of};
use crate::domain::day::{Reservation, State as VisitState};
use crate::domain::office::{Location, Office, Service};
use crate::offices::Known;
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use okienko_kernel::{Moment, Span};
use okienko_web::components::{Tone, definitions, notice, qr};
use okienko_web::{Code, Markup, Path, Problem, Words, html};
use std::sync::Arc;

/// A visit with all that is said of it.
pub struct Visit {
    /// The office.
    pub known: Arc<Known>,
    /// The visit.
    pub reservation: Reservation,
    /// The address of its page.
    pub path: String,
}

impl Visit {
    /// What for; gone from the office's data where a newer version has dropped it.
    pub fn service(&self) -> Option<&Service> {
        self.known.office.service(&self.reservation.confirmed.service)
    }
    /// Where.
    pub fn location(&self) -> Option<&Location> {
        self.known.office.location(&self.reservation.confirmed.place.location)
    }
    /// The last moment at which one may cancel, that moment included.
    pub fn cancel_until(&self) -> Moment {
        let minutes = self.service().and_then(|service| service.cancel_until_min).unwrap_or(0);
        self.reservation.confirmed.at.minus(Span::from_mins(i64::from(minutes)))
    }
}

/// The visit of an address.
pub async fn visit(booking: &Booking, office: &str, token: &str) -> Result<Visit, Problem> {
    let known = office_of(booking, office)?;
    let (theirs, reservation) = booking.reservation(token).await?;
    if theirs.office.id != known.office.id {
        return Err(Problem::new(Code::Unknown));
    }
    let path = booking.visit_path(&reservation.confirmed);
    Ok(Visit { known, reservation, path })
}

/// The page.
pub async fn page(
    State(booking): State<Arc<Booking>>,
    Path((office, token)): Path<(String, String)>,
    words: Words,
) -> Result<Response, Problem> {
    let visit = visit(&booking, &office, &token).await?;
    let state = &visit.reservation.state;
    let title = words.t(&format!("visit-title-{}", state.word()));
    let body = html! {
        @match state {
            VisitState::Confirmed | VisitState::CheckedIn => (ahead(&booking, &words, &visit, &title)),
            _ => (over(&words, &visit, &title)),
        }
    };
    Ok(document(&words, &visit.known.office, &title, body))
}

/// A visit that is still to come, or is going on.
fn ahead(booking: &Booking, words: &Words, visit: &Visit, title: &str) -> Markup {
    let confirmed = &visit.reservation.confirmed;
    let view = booking.view(&visit.reservation);
    let ticket = view.ticket_token.map(|token| format!("{}/t/{token}", booking.settings.base_url));
    let expected = visit.reservation.state == VisitState::Confirmed;
    html! {
        section .confirmation {
            h1 { (title) }
            p .when { (words.date_time(confirmed.place.day, confirmed.time)) }
            p { (words.t(if expected { "visit-come" } else { "visit-checked-in" })) }
            div .pass {
                @if let Some(ticket) = &ticket {
                    div { (qr(words, ticket, &words.t("visit-qr"))) p .big-label { (words.t("visit-qr-hint")) } }
                }
                div {
                    @if let Some(number) = &view.ticket {
                        p .big-label { (words.t("visit-ticket")) }
                        p .big-number { (number) }
                    }
                    p .big-label { (words.t("visit-code")) }
                    p .big-number { (pairs(&confirmed.check_in_code)) }
                }
            }
        }
        @if expected { p { (words.t("visit-message")) } }
        (definitions(&about(words, visit)))
        div .actions {
            button .button type="button" data-print="" hidden { (words.t("print")) }
            a .button.secondary href={ (visit.path) "/calendar.ics" } { (words.t("visit-calendar")) }
            @if let Some(ticket) = &ticket { a .button.secondary href=(local(booking, ticket)) { (words.t("visit-follow")) } }
            @if expected { a .button.danger href={ (visit.path) "/cancel" } { (words.t("visit-cancel")) } }
        }
        p .no-print { (words.t("visit-keep")) }
    }
}

/// A visit that was, or will not be.
fn over(words: &Words, visit: &Visit, title: &str) -> Markup {
    let confirmed = &visit.reservation.confirmed;
    let word = visit.reservation.state.word();
    let removed = matches!(visit.reservation.state, VisitState::Removed(_));
    let tone = if removed { Tone::Warn } else { Tone::Plain };
    html! {
        h1 { (title) }
        (notice(tone, html! { p { (words.t(&format!("visit-over-{word}"))) } }))
        p .lead { (words.date_time(confirmed.place.day, confirmed.time)) }
        (definitions(&[short(words, visit), number(words, visit)].concat()))
        p { a .button href={ "/" (visit.known.office.id) "/book" } { (words.t("visit-anew")) } }
    }
}

/// Matter and place.
pub fn short(words: &Words, visit: &Visit) -> Vec<(String, Markup)> {
    let locale = words.locale().tag();
    let mut rows = Vec::new();
    if let Some(service) = visit.service() {
        rows.push((words.t("visit-service"), html! { (service.name.in_locale(locale)) }));
    }
    if let Some(location) = visit.location() {
        let what = html! {
            (location.name.in_locale(locale)) br; (location.address.in_locale(locale))
            @if let Some(map) = &location.map_url { br; a href=(map) { (words.t("map-link")) } }
        };
        rows.push((words.t("visit-where"), what));
    }
    rows
}

/// The reservation's number.
fn number(words: &Words, visit: &Visit) -> Vec<(String, Markup)> {
    vec![(words.t("done-number"), html! { span .num { (visit.reservation.confirmed.number) } })]
}

fn about(words: &Words, visit: &Visit) -> Vec<(String, Markup)> {
    let locale = words.locale().tag();
    let mut rows = short(words, visit);
    let Some(service) = visit.service() else { return rows };
    let texts =
        [("visit-room", &service.place), ("visit-bring", &service.bring), ("visit-cost", &service.cost)];
    for (key, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        rows.push((words.t(key), html! { (text.in_locale(locale)) }));
    }
    rows.push((words.t("visit-on-the-day"), html! { (on_the_day(words, &visit.known.office, visit)) }));
    if !service.late.is_empty() {
        rows.push((words.t("visit-late"), html! { (service.late.in_locale(locale)) }));
    }
    rows.extend(number(words, visit));
    rows
}

/// What to do with the code when one comes: where the hall places people by itself it is not needed.
fn on_the_day(words: &Words, office: &Office, visit: &Visit) -> String {
    let Some(queue) = visit.location().map(|location| &location.queue) else { return String::new() };
    let at = visit.reservation.confirmed.at;
    let before = |minutes: i32| office.zone.local(at.minus(Span::from_mins(i64::from(minutes)))).1;
    let from = words.time(before(queue.check_in_opens_min));
    let to = words.time(before(queue.check_in_closes_min));
    let key = if queue.placed_at_hour { "visit-day-placed" } else { "visit-day-check-in" };
    words.ta(key, &[("from", from.into()), ("to", to.into())])
}

/// The e-ticket's address on this server, whatever name it was opened by.
fn local<'a>(booking: &Booking, address: &'a str) -> &'a str {
    address.strip_prefix(booking.settings.base_url.as_str()).unwrap_or(address)
}

/// "40 71 53 22": as people read digits out. On a narrow screen it breaks in the middle and nowhere else.
fn pairs(code: &str) -> String {
    let digits: Vec<char> = code.chars().collect();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
    pairs.chunks(2).map(|half| half.join("\u{a0}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_shown_in_pairs() {
        assert_eq!(pairs("04071532"), "04\u{a0}07 15\u{a0}32");
        assert_eq!(pairs(""), "");
    }
}
