//! The page that people keep: date, hour, place, numbers, code, what to bring, what happens if late. Whoever has its
//! address may see it; it contains nothing about the person.

use super::{office_of, pass};
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use okienko_day::{Reservation, State as VisitState};
use okienko_frame::document;
use okienko_kernel::{Moment, Span};
use okienko_office::text::Text;
use okienko_office::{LoadedOffice, Location, Service};
use okienko_web::components::{Tone, definitions, notice};
use okienko_web::{Code, Markup, Path, Problem, Words, html};
use std::sync::Arc;

/// A visit with its context.
pub struct Visit {
    /// The office.
    pub known: Arc<LoadedOffice>,
    /// The visit.
    pub reservation: Reservation,
    /// The address of its page.
    pub path: String,
}

impl Visit {
    /// The service; `None` if a newer version of the office dropped it.
    pub fn service(&self) -> Option<&Service> {
        self.known.office.service(&self.reservation.confirmed.service)
    }
    /// The location.
    pub fn location(&self) -> Option<&Location> {
        self.known.office.location(&self.reservation.confirmed.place.location)
    }
    /// Whether it has its ticket from the start: the hall queues it at its hour. Otherwise the machine issues one.
    pub fn has_ticket(&self) -> bool {
        let placed = self.location().is_some_and(|location| location.queue.placed_at_hour);
        placed || self.reservation.state != VisitState::Confirmed
    }
    /// Whether it will not take place: cancelled by its holder, or removed by the office.
    pub fn is_gone(&self) -> bool {
        matches!(self.reservation.state, VisitState::Cancelled | VisitState::Removed(_))
    }
    /// The last moment at which it can be cancelled, inclusive.
    pub fn cancel_until(&self) -> Moment {
        let minutes = self.service().and_then(|service| service.cancel_until_min).unwrap_or(0);
        self.reservation.confirmed.at.minus(Span::from_mins(i64::from(minutes)))
    }
}

/// The visit at an address.
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

/// A visit that is still to come, or in progress.
fn ahead(booking: &Booking, words: &Words, visit: &Visit, title: &str) -> Markup {
    let confirmed = &visit.reservation.confirmed;
    let view = booking.view(&visit.reservation);
    let ticket = view.ticket_token.map(|token| format!("{}/t/{token}", booking.settings.base_url));
    let expected = visit.reservation.state == VisitState::Confirmed;
    let map = visit.location().and_then(|location| location.map_url.as_deref());
    html! {
        // All of this fits on the first screen of a phone.
        section .confirmation {
            h1 { (title) }
            p .when { (words.date_time(confirmed.place.day, confirmed.time)) }
            @if let Some(service) = visit.service() { p .matter { (service.name.in_locale(words.locale().tag())) } }
            (place(words, visit))
            (pass::pass(words, visit, view.ticket.as_deref(), ticket.as_deref()))
            p .to-do { @if expected { (pass::to_do(words, visit)) } @else { (words.t("visit-checked-in")) } }
            (pass::to_scan(words, visit))
        }
        div .actions {
            @if let Some(ticket) = &ticket { a .button href=(local(booking, ticket)) { (words.t("visit-follow")) } }
            a .button.secondary href={ (visit.path) "/calendar.ics" } { (words.t("visit-calendar")) }
            @if let Some(map) = map { a .button.secondary href=(map) { (words.t("map-link")) } }
            button .button.secondary.wide-only type="button" data-print="" hidden { (words.t("print")) }
            @if expected { a .button.danger href={ (visit.path) "/cancel" } { (words.t("visit-cancel")) } }
        }
        (fold(&words.t("visit-fold-bring"), definitions(&bring(words, visit))))
        (fold(&words.t("visit-fold-more"), html! {
            (definitions(&about(words, visit)))
            (pass::rules(words, visit))
        }))
        p .no-print { @if expected { (words.t("visit-message")) " " } (words.t("visit-keep")) }
    }
}

/// A section that is open without scripts and on paper; `forms.js` folds it in a narrow window.
fn fold(title: &str, body: Markup) -> Markup {
    html! { details .fold open data-fold="" { summary { (title) } (body) } }
}

/// The location and the room in it.
fn place(words: &Words, visit: &Visit) -> Markup {
    let locale = words.locale().tag();
    let room = visit.service().map(|service| service.place.in_locale(locale)).filter(|room| !room.is_empty());
    html! {
        @if let Some(location) = visit.location() {
            p .where {
                strong { (location.name.in_locale(locale)) } br; (location.address.in_locale(locale))
                @if let Some(room) = room { br; (room) }
            }
        }
    }
}

/// A visit that is over, or will not take place.
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
        @if visit.is_gone() { p { a href={ (visit.path) "/calendar.ics" } { (words.t("visit-calendar-remove")) } } }
        p { a .button href={ "/" (visit.known.office.id) "/book" } { (words.t("visit-anew")) } }
    }
}

/// Service and location.
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

/// What to have ready.
fn bring(words: &Words, visit: &Visit) -> Vec<(String, Markup)> {
    let Some(service) = visit.service() else { return Vec::new() };
    let office = &visit.known.office;
    let name = (words.t("visit-service"), html! { (service.name.in_locale(words.locale().tag())) });
    let texts = [("visit-bring", office.bring(service)), ("visit-cost", &service.cost)];
    [name].into_iter().chain(texts.into_iter().filter_map(|(key, text)| row(words, key, text))).collect()
}

/// What happens on the day.
fn about(words: &Words, visit: &Visit) -> Vec<(String, Markup)> {
    let Some(service) = visit.service() else { return number(words, visit) };
    let mut rows = Vec::new();
    rows.extend(row(words, "visit-on-the-day", &service.on_the_day));
    rows.push((words.t("visit-at-machine"), pass::at_machine(words, visit)));
    rows.extend(row(words, "visit-late", visit.known.office.late(service)));
    rows.extend(number(words, visit));
    rows
}

fn row(words: &Words, key: &str, text: &Text) -> Option<(String, Markup)> {
    let row = || (words.t(key), html! { (text.in_locale(words.locale().tag())) });
    (!text.is_empty()).then(row)
}

/// The e-ticket's path on this server, under whatever host name the page was opened.
fn local<'a>(booking: &Booking, address: &'a str) -> &'a str {
    address.strip_prefix(booking.settings.base_url.as_str()).unwrap_or(address)
}
