//! Pages of the office's staff: the day and its reservations, one reservation, removal, questions, what looks
//! suspicious, the access log, each of the token's own office; and the page on which a holder answers. Decides nothing.

mod access;
mod answer;
mod day;
mod messages;
mod questions;
mod remove;
mod reservation;
mod suspicious;

use crate::BackOffice;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use okienko_office::Office;
use okienko_staff::frame::document;
use okienko_web::components::{error_summary, refused};
use okienko_web::writes::{Writing, post};
use okienko_web::{Claims, Markup, Problem, Words, html};
use std::sync::Arc;

/// All pages of the office's staff.
pub fn routes() -> Router<Arc<BackOffice>> {
    Router::new()
        .route("/admin", get(day::page).merge(post(Writing::Office, day::search)))
        .route("/admin/reservations.csv", get(day::file))
        .route("/admin/reservations/{id}", get(reservation::page))
        .route(
            "/admin/reservations/{id}/remove",
            get(remove::ask).merge(post(Writing::Office, remove::remove)),
        )
        .route("/admin/reservations/{id}/questions", post(Writing::Office, questions::ask))
        .route("/admin/reservations/{id}/questions/read", post(Writing::Office, questions::read))
        .route("/admin/reservations/{id}/questions/settle", post(Writing::Office, questions::settle))
        .route("/admin/messages", get(messages::page))
        .route("/admin/messages.csv", get(messages::file))
        .route("/admin/suspicious", get(suspicious::page))
        .route("/admin/access", get(access::page))
        .route("/admin/access/csv", get(access::csv))
        .route("/{office}/answer/{token}", get(answer::page).merge(post(Writing::Visit, answer::save)))
}

/// The document around a page of the office, with the status of a refusal if there is one.
fn framed(
    problem: Option<&Problem>,
    words: &Words,
    (by, office): (&Claims, &Office),
    title: &str,
    body: Markup,
) -> Response {
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    (status, document(words, by, office, title, body)).into_response()
}

/// What was refused, and what to do about it.
fn refusal(words: &Words, problem: &Problem) -> Markup {
    let fields = problem.fields(words);
    let faults: Vec<(&str, &str)> =
        fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    if !faults.is_empty() {
        return error_summary(words, &faults);
    }
    refused(html! { p { strong { (problem.title(words)) "." } " " (problem.detail(words)) } })
}

/// The address of a reservation's page.
fn address(id: &str) -> String {
    format!("/admin/reservations/{id}")
}
