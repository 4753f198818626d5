//! The ticket machine as pages: plain forms and links, better with `kiosk.js`. After each ticket the address names it,
//! so that nothing typed remains for the next person and going back does not print twice.

use super::kiosk_body::{Frame, kiosk_choices, kiosk_result};
use super::{KIOSK_JS, look, refused};
use crate::hall::Hall;
use crate::http::door::Here;
use crate::http::kiosk::KIOSK;
use crate::http::scan::CODE_DIGITS;
use crate::offices::service_name;
use crate::service::Queue;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, header};
use okienko_actor::ReceiptKey;
use okienko_estimate::Range;
use okienko_hall::{ServiceData, StateName, TicketView};
use okienko_kernel::{Id, IdKind};
use okienko_web::components::{hidden_fields, qr};
use okienko_web::waits::wait_text;
use okienko_web::{Code, Form, Kind, Locale, Markup, Page, Path, Problem, Query, Staff, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// More services than these are grouped by category.
pub(super) const LIST_AT_MOST: usize = 6;
/// Seconds for which a ticket is shown: long enough for a phone to read its QR code.
const SHOWN_S: u32 = 30;
/// Seconds for which it stays after it was sent to the printer.
const PRINTED_S: u32 = 10;
/// Seconds after which a machine that cannot serve now reloads.
const AGAIN_S: u32 = 60;
pub(super) const HOME: &str = "/kiosk";

/// The first screen.
pub async fn home(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, KIOSK)?;
    if let Err(problem) = queue.open_here(&claims, KIOSK).await {
        return Ok(said(&words, &here, &problem, false));
    }
    let choice = |href: &str, key: &str| (href.to_owned(), words.t(key), words.t(&format!("{key}-hint")));
    let mut booked = choice("/kiosk/code", "kiosk-have-booking");
    if let Some(label) = own_label(&words, &here) {
        booked.1 = label;
    }
    let mut choices = vec![booked];
    if !walk_ins(&here).is_empty() {
        choices.push(choice("/kiosk/services", "kiosk-take-ticket"));
    }
    let body = html! { h1 .visually-hidden { (words.t("kiosk-title")) } (kiosk_choices(&choices, true)) };
    Ok(frame(&words, &here, Frame::default(), body).into_response())
}

/// The office's own label for the booked visitors' button, if it has one; in the visitor's language, else in Polish.
fn own_label(words: &Words, here: &Here) -> Option<String> {
    let labels = &here.rules()?.check_in_label;
    labels.get(words.locale().tag()).or_else(|| labels.get("pl")).cloned()
}

/// The chosen category.
#[derive(Deserialize)]
pub struct CategoryQuery {
    pub(super) category: Option<String>,
}

/// The services with walk-in tickets: as a list, or by category first.
pub async fn services(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Query(chosen): Query<CategoryQuery>,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, KIOSK)?;
    if let Err(problem) = queue.open_here(&claims, KIOSK).await {
        return Ok(said(&words, &here, &problem, false));
    }
    let all = walk_ins(&here);
    let categories = categories(&all);
    let listed: Vec<&ServiceData> = match &chosen.category {
        Some(category) => all.iter().copied().filter(|service| service.category == *category).collect(),
        None => all.clone(),
    };
    let grouped = chosen.category.is_none() && all.len() > LIST_AT_MOST && categories.len() > 1;
    let back = if chosen.category.is_some() { "/kiosk/services" } else { HOME };
    // One key per page: a form sent twice gives one ticket.
    let key =
        format!("{:016x}{:016x}", queue.service.world.entropy.number(), queue.service.world.entropy.number());
    let body = html! {
        h1 { (words.t("kiosk-choose-service")) }
        @if grouped {
            (kiosk_choices(&groups(&words, "/kiosk/services", &all, &categories), false))
        } @else {
            ul .kiosk-choices {
                @for service in listed {
                    li {
                        form method="post" action="/kiosk/tickets" {
                            (hidden_fields(&[("service", &service.id), ("key", &key)]))
                            button .kiosk-choice type="submit" { (service.name) }
                        }
                    }
                }
            }
        }
        @if here_all(&here).count() > all.len() { p .muted { (words.t("kiosk-rest-booked")) } }
    };
    Ok(frame(&words, &here, Frame { back: Some(back), ..Frame::default() }, body).into_response())
}

/// The categories of these services as (id, name), in the office's order.
pub(super) fn categories<'a>(all: &[&'a ServiceData]) -> Vec<(&'a str, &'a str)> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    for service in all {
        if found.iter().all(|(id, _)| *id != service.category) {
            found.push((&service.category, &service.category_name));
        }
    }
    found
}

/// Categories as choices that lead to `path`.
pub(super) fn groups(
    words: &Words,
    path: &str,
    all: &[&ServiceData],
    categories: &[(&str, &str)],
) -> Vec<(String, String, String)> {
    let group = |(id, name): &(&str, &str)| {
        let count = all.iter().filter(|service| service.category == *id).count();
        let hint = words.n("kiosk-services-count", i64::try_from(count).unwrap_or_default());
        (format!("{path}?category={}", in_address(id)), (*name).to_owned(), hint)
    };
    categories.iter().map(group).collect()
}

/// Percent-encodes an id for use in an address.
pub(super) fn in_address(id: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    id.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// A ticket request posted by a form.
#[derive(Deserialize)]
pub struct Wish {
    service: String,
    key: Option<String>,
}

/// Issues a ticket and leads to it.
pub async fn take(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    Form(wish): Form<Wish>,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, KIOSK)?;
    let issued = match queue.open_here(&claims, KIOSK).await {
        Ok(here) => {
            let key = wish.key.as_deref().filter(|key| !key.is_empty());
            // The service is part of the route: another choice on the same page is a new request, not a mismatched
            // retry.
            let route = format!("kiosk/page {} {}", here.cause, wish.service);
            let receipt = key.map(|key| ReceiptKey::new(&route, key, &[]));
            queue.issue(&here, &wish.service, receipt).await
        }
        Err(problem) => Err(problem),
    };
    Ok(match issued {
        Ok(answer) => Redirect::to(&format!("/kiosk/ticket/{}", answer.ticket.token)).into_response(),
        Err(problem) => said(&words, &here, &problem, true),
    })
}

/// The ticket that was given out.
pub async fn ticket(
    State(queue): State<Arc<Queue>>,
    Staff(claims): Staff,
    words: Words,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let here = queue.here(&claims, KIOSK)?;
    let gone = || Problem::new(Code::Unknown).explained("queue-unknown-ticket");
    let Ok(id) = Id::from_token(IdKind::Ticket, &token, &queue.service.world.keys) else {
        return Ok(said(&words, &here, &gone(), true));
    };
    let now = queue.service.now();
    let look = move |hall: &Hall| {
        let view = hall.0.ticket(id).map(TicketView::from)?;
        Some((view, hall.0.ahead_of(id), hall.0.expected_wait(id, now)))
    };
    let found = queue.halls.read(&here.hall.office, &here.hall.to_string(), look).await;
    let Some((view, ahead, wait)) = found? else {
        return Ok(said(&words, &here, &gone(), true));
    };
    let address = format!("{}/t/{token}", site(&headers));
    let code = qr(&words, &address, &words.t("kiosk-qr"));
    let told = how_things_stand(&words, &view, u32::try_from(ahead).unwrap_or(u32::MAX), wait);
    let place = crate::offices::location(&here.office, &here.hall.location);
    let (day, time) = here.office.zone.local(now);
    let about = [
        service_name(&here.office, &view.service).to_owned(),
        place.map_or_else(String::new, |place| place.name.clone()),
        words.date_time(day, time),
    ];
    let body = kiosk_result(&words, &view.number, &told, &code, &about);
    let shape = Frame { back_after_s: Some(SHOWN_S), printed_s: Some(PRINTED_S), ..Frame::default() };
    Ok(frame(&words, &here, shape, body).into_response())
}

/// What the holder of this ticket is told now, the most important first. Promises nothing that depends on a counter
/// that is not open.
fn how_things_stand(words: &Words, ticket: &TicketView, ahead: u32, wait: Option<Range>) -> Vec<String> {
    let counter = ticket.counter.clone().unwrap_or_default();
    let at = |key: &str| format!("{} {counter}", words.t(key));
    match ticket.state {
        StateName::Waiting => match (ahead, wait) {
            (0, None) => vec![words.t("nobody-ahead"), words.t("kiosk-no-counter")],
            (ahead, None) => vec![words.n("ticket-ahead", ahead), words.t("kiosk-no-counter")],
            (ahead, Some(range)) => {
                let range = wait_text(words, (range.low_min, range.high_min));
                vec![words.n("ticket-ahead", ahead), range]
            }
        },
        StateName::Expected => match ticket.booked {
            Some(time) => vec![words.ta("kiosk-from-hour", &[("time", words.time(time).into())])],
            None => vec![words.t("ticket-expected")],
        },
        StateName::Called => vec![at("ticket-called")],
        StateName::Serving | StateName::Parked => vec![at("kiosk-at-counter")],
        StateName::Absent => vec![words.t("ticket-absent")],
        StateName::Served => vec![words.t("ticket-done")],
        StateName::Missed | StateName::StruckOff => vec![words.t("ticket-missed")],
        StateName::NotCalled => vec![words.t("ticket-not_called")],
        StateName::Left | StateName::Refused => vec![words.t("ticket-left")],
    }
}

/// This server's address as the visitor's phone can reach it: `https` behind a proxy that terminates TLS.
fn site(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST.as_str()).unwrap_or_default();
    let scheme = if text("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    format!("{scheme}://{host}")
}

/// The services of this location that give walk-in tickets, in the office's order.
fn walk_ins(here: &Here) -> Vec<&ServiceData> {
    here_all(here).filter(|service| !service.walk_in_prefix.is_empty()).collect()
}

/// All services of this location, in the office's order.
pub(super) fn here_all(here: &Here) -> impl Iterator<Item = &ServiceData> {
    let place = &here.hall.location;
    here.office.services.iter().filter(move |service| service.locations.contains(place))
}

/// A page that says what cannot be done now, with the way back.
pub(super) fn said(words: &Words, here: &Here, problem: &Problem, back: bool) -> Response {
    // A machine that shows "closed" reloads by itself.
    let again_s = (!back).then_some(AGAIN_S);
    let body = html! {
        h1 { (problem.title(words)) }
        p .kiosk-message role="alert" data-fault="" { (problem.detail(words)) }
        @if !back { p { a .button href=(HOME) { (words.t("queue-again")) } } }
    };
    let to = back.then_some("/kiosk/services");
    refused(problem, frame(words, here, Frame { back: to, back_after_s: again_s, ..Frame::default() }, body))
}

pub(super) fn frame(words: &Words, here: &Here, shape: Frame<'_>, body: Markup) -> Markup {
    let office = look(here);
    let title = words.t("kiosk-title");
    // The next visitor finds the machine in the office's default language.
    let home = format!("{HOME}?lang={}", Locale::default().tag());
    let body = Frame { home: &home, digits: CODE_DIGITS, ..shape }.with(words, body);
    Page::new(words, &title).kind(Kind::Kiosk).office(&office).script(&KIOSK_JS).render(body)
}
