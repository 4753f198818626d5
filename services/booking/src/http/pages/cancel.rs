//! Cancelling a visit: the consequences, one button, and back to the visit.

use super::visit::{Visit, short, visit};
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use okienko_day::State as VisitState;
use okienko_frame::{document_as, remark, see};
use okienko_web::components::{Tone, Weight, back_link, button_form, definitions, notice};
use okienko_web::{Path, Problem, Words, html};
use std::sync::Arc;

/// Asks for confirmation; changes nothing.
pub async fn page(
    State(booking): State<Arc<Booking>>,
    Path((office, token)): Path<(String, String)>,
    words: Words,
) -> Result<Response, Problem> {
    let visit = visit(&booking, &office, &token).await?;
    if visit.reservation.state != VisitState::Confirmed {
        return Ok(see(&visit.path));
    }
    Ok(show(&booking, &words, &visit, None))
}

/// Cancels the visit. A repeat changes nothing more.
pub async fn cancel(
    State(booking): State<Arc<Booking>>,
    Path((office, token)): Path<(String, String)>,
    words: Words,
) -> Result<Response, Problem> {
    let visit = visit(&booking, &office, &token).await?;
    match booking.cancel(&token).await {
        Ok(_) => Ok(see(&visit.path)),
        Err(problem) => Ok(show(&booking, &words, &visit, Some(&problem))),
    }
}

fn show(booking: &Booking, words: &Words, visit: &Visit, problem: Option<&Problem>) -> Response {
    let (office, confirmed) = (&visit.known.office, &visit.reservation.confirmed);
    let until = visit.cancel_until();
    let in_time = booking.service.now() <= until;
    let title = words.t("cancel-title");
    let (day, time) = office.zone.local(until);
    let body = html! {
        (back_link(words, &visit.path))
        h1 { (title) }
        @if let Some(problem) = problem { (remark(words, problem)) }
        p .lead { (words.date_time(confirmed.place.day, confirmed.time)) }
        (definitions(&short(words, visit)))
        @if in_time {
            p { (words.t("cancel-what")) }
            p { (words.ta("cancel-until", &[("until", words.date_time(day, time).into())])) }
            div .actions {
                (button_form(&format!("{}/cancel", visit.path), &words.t("cancel-yes"), &[], Weight::Danger))
                a .button.secondary href=(visit.path) { (words.t("cancel-no")) }
            }
        } @else {
            (notice(Tone::Warn, html! {
                p { (words.ta("cancel-late", &[("until", words.date_time(day, time).into())])) }
            }))
            p { a .button href=(visit.path) { (words.t("cancel-no")) } }
        }
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    document_as(status, words, office, &title, body)
}
