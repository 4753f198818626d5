//! The way to a place without scripts, where the office requires a proof of work: a page that waits for some seconds,
//! then shows a button. Viewing it changes nothing; the ticket in its address can be used once, see `gate`.

use super::{office_of, outside};
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use okienko_frame::{document, form_key, see};
use okienko_gate::Asker;
use okienko_kernel::{Day, TimeOfDay};
use okienko_web::components::{back_link, hidden_fields};
use okienko_web::{ClientAddr, Code, Path, Problem, Query, Words, html};
use serde::Deserialize;
use std::sync::Arc;

/// Query parameters of the page.
#[derive(Deserialize, Default)]
pub struct WaitQuery {
    service: Option<String>,
    location: Option<String>,
    date: Option<String>,
    time: Option<String>,
    ticket: Option<String>,
}

/// Starts waiting for an hour; `step` is the address of its service and location. Redirects to the waiting page, or
/// back to the hours if this client has waited too often.
pub async fn begin(
    booking: &Booking,
    office: &okienko_office::Office,
    asker: Asker<'_>,
    step: &str,
    (date, time): (Day, TimeOfDay),
) -> Response {
    match booking.gate.start_wait(office, asker).await {
        Ok(ticket) => {
            let query = step.split_once('?').map_or("", |(_, query)| query);
            see(&format!("/{}/book/wait?{query}&date={date}&time={time}&ticket={ticket}", office.id))
        }
        Err(problem) => see(&format!("{step}&date={date}&notice={}", problem.code().as_str())),
    }
}

/// The page: the remaining time, or the button.
pub async fn page(
    State(booking): State<Arc<Booking>>,
    Path(office): Path<String>,
    client: ClientAddr,
    Query(asked): Query<WaitQuery>,
    words: Words,
) -> Result<Response, Problem> {
    let known = office_of(&booking, &office)?;
    if !booking.gate.in_territory(&known.office, client) {
        return Ok(outside::page(&words, &known.office));
    }
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let (service, location) = (text(&asked.service), text(&asked.location));
    if booking.offered(&office, &location, &service).is_err() {
        return Ok(see(&format!("/{office}/book")));
    }
    let step = format!("/{office}/book?service={service}&location={location}");
    let (Ok(date), Ok(time)) = (text(&asked.date).parse::<Day>(), text(&asked.time).parse::<TimeOfDay>())
    else {
        return Ok(see(&step));
    };
    let hours = format!("{step}&date={date}");
    let ticket = text(&asked.ticket);
    let read = booking.gate.wait(&known.office, client, &ticket).filter(|(wait, now)| !wait.is_void(*now));
    let Some((wait, now)) = read else {
        return Ok(see(&format!("{hours}&notice={}", Code::ChallengeRequired.as_str())));
    };
    let left = wait.left(now);
    let title = words.t(if left > 0 { "wait-title" } else { "wait-ready-title" });
    let (key, day, hour) = (form_key(&*booking.service.world.entropy), date.to_string(), time.to_string());
    let hidden = [
        ("service", service.as_str()),
        ("location", &location),
        ("date", &day),
        ("time", &hour),
        ("wait", &ticket),
        ("key", &key),
    ];
    let body = html! {
        (back_link(&words, &hours))
        h1 { (title) }
        p .lead { (words.date_time(date, time)) }
        @if left > 0 {
            p { (words.n("wait-left", left)) }
            p { (words.t("wait-why")) }
            p { a href="" { (words.t("wait-reload")) } }
        } @else {
            p { (words.t("wait-ready")) }
            form method="post" action={ "/" (office) "/book/hold" } {
                (hidden_fields(&hidden))
                @let said = words.ta("wait-hold", &[("time", words.time(time).into())]);
                div .actions { button .button type="submit" { (said) } }
            }
        }
    };
    let mut response = document(&words, &known.office, &title, body);
    if left > 0 {
        // The browser reloads by itself, no script needed.
        let seconds = HeaderValue::from(u16::try_from(left + 1).unwrap_or(u16::MAX));
        response.headers_mut().insert(HeaderName::from_static("refresh"), seconds);
    }
    Ok(response)
}
