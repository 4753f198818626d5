//! The last step with the account as the proof: the choices once more, and one button. No phone, no code.

use super::hold::{changed, opened};
use crate::service::Booking;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use okienko_frame::{document_as, remark, see, step_line};
use okienko_office::Step;
use okienko_web::components::{Weight, back_link, button_form};
use okienko_web::{ClientAddr, Code, Path, Problem, Words, html};
use std::sync::Arc;

use super::hold::RunningHold;

/// Asks for the final confirmation; changes nothing.
pub async fn page(
    State(booking): State<Arc<Booking>>,
    Path((office, hold)): Path<(String, String)>,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    let held = match opened(&booking, &words, (&office, &hold), &headers).await? {
        Ok(held) => held,
        Err(answer) => return Ok(answer),
    };
    if !booking.proved_by_account(&held.state) || held.state.hold.subject.is_none() {
        return Ok(see(&held.path));
    }
    Ok(show(&words, &held, None))
}

/// Books the visit and leads to it.
pub async fn confirm(
    State(booking): State<Arc<Booking>>,
    Path((office, hold)): Path<(String, String)>,
    client: ClientAddr,
    headers: HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    let held = match changed(&booking, &words, (&office, &hold), &headers).await? {
        Ok(held) => held,
        Err(answer) => return Ok(answer),
    };
    match booking.confirm_by_account(held.id, &held.state, (words.locale().tag(), client)).await {
        Ok(reservation) => Ok(see(&booking.visit_path(&reservation.confirmed))),
        Err(problem) => match problem.code() {
            Code::HoldExpired | Code::Conflict | Code::Invalid => Ok(see(&held.path)),
            _ => Ok(show(&words, &held, Some(&problem))),
        },
    }
}

fn show(words: &Words, held: &RunningHold, problem: Option<&Problem>) -> Response {
    let office = &held.state.known.office;
    // Such an office may have no separate proof step: this is then the end of the form step.
    let step = if office.steps.contains(&Step::Proof) { Step::Proof } else { Step::Form };
    let title = words.t("account-confirm-title");
    let body = html! {
        (back_link(words, &held.path))
        (step_line(words, office, step))
        @if let Some(problem) = problem { (remark(words, problem)) }
        h1 { (title) }
        (held.about(words))
        p { (words.t("account-confirm-what")) }
        (button_form(&format!("{}/confirm", held.path), &words.t("account-confirm-ok"), &[], Weight::Primary))
        (held.give_back(words))
        (held.line(words))
    };
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    document_as(status, words, office, &title, body)
}
