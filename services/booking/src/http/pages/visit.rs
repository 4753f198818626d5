//! The page that people keep: date, hour, place, numbers, code, what to bring, what happens if late. Whoever has its
//! address may see it; it says nothing of the person.

use super::{document, office_of, pass};
use crate::domain::day::{Reservation, State as VisitState};
use crate::domain::office::{Location, Service};
use crate::domain::text::Text;
use crate::offices::Known;
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use okienko_kernel::{Moment, Span};
use okienko_web::components::{Tone, definitions, notice};
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
    /// Whether it has its ticket from the start: the hall places it at its hour. Elsewhere the machine gives one.
    pub fn has_ticket(&self) -> bool {
        let placed = self.location().is_some_and(|location| location.queue.placed_at_hour);
        placed || self.reservation.state != VisitState::Confirmed
    }
    /// Whether it will not be: cancelled by its holder, or taken back by the office.
    pub fn is_gone(&self) -> bool {
        matches!(self.reservation.state, VisitState::Cancelled | VisitState::Removed(_))
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
    let come = visit.known.office.guide.come.in_locale(words.locale().tag());
    html! {
        section .confirmation {
            h1 { (title) }
            p .when { (words.date_time(confirmed.place.day, confirmed.time)) }
            p { @if expected { (come) } @else { (words.t("visit-checked-in")) } }
            (pass::pass(words, visit, view.ticket.as_deref(), ticket.as_deref()))
        }
        @if expected { p .no-print { (words.t("visit-message")) } }
        (definitions(&about(words, visit)))
        div .actions {
            button .button type="button" data-print="" hidden { (words.t("print")) }
            a .button.secondary href={ (visit.path) "/calendar.ics" } { (words.t("visit-calendar")) }
            @if let Some(ticket) = &ticket { a .button.secondary href=(local(booking, ticket)) { (words.t("visit-follow")) } }
            @if expected { a .button.danger href={ (visit.path) "/cancel" } { (words.t("visit-cancel")) } }
        }
        (pass::rules(words, visit))
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
        @if visit.is_gone() { p { a href={ (visit.path) "/calendar.ics" } { (words.t("visit-calendar-remove")) } } }
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
    let (office, locale) = (&visit.known.office, words.locale().tag());
    let mut rows = short(words, visit);
    let Some(service) = visit.service() else { return rows };
    let text = |key: &str, text: &Text| {
        let row = (words.t(key), html! { (text.in_locale(locale)) });
        (!text.is_empty()).then_some(row)
    };
    rows.extend(text("visit-room", &service.place));
    rows.extend(text("visit-on-the-day", &service.on_the_day));
    rows.push((words.t("visit-at-machine"), pass::at_machine(words, visit)));
    rows.extend(text("visit-bring", office.bring(service)));
    rows.extend(text("visit-cost", &service.cost));
    rows.extend(text("visit-late", office.late(service)));
    // Without a ticket's number the reservation's own stands large above.
    if visit.has_ticket() {
        rows.extend(number(words, visit));
    }
    rows
}

/// The e-ticket's address on this server, whatever name it was opened by.
fn local<'a>(booking: &Booking, address: &'a str) -> &'a str {
    address.strip_prefix(booking.settings.base_url.as_str()).unwrap_or(address)
}
