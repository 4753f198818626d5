//! Pages of the office's staff: the day and its reservations, one reservation, removal, questions, what looks
//! suspicious. Each is of the token's own office. Says what `office_desk` answers and never decides anything itself.

mod day;
mod questions;
mod remove;
mod reservation;
mod suspicious;

use crate::domain::office::Office;
use crate::service::Booking;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use okienko_web::components::{Tone, notice};
use okienko_web::{Kind, Markup, OfficeLook, Page, Problem, Words, html};
use std::sync::Arc;

/// All pages of the office's staff.
pub fn routes() -> Router<Arc<Booking>> {
    Router::new()
        .route("/admin", get(day::page).post(day::search))
        .route("/admin/reservations.csv", get(day::file))
        .route("/admin/reservations/{id}", get(reservation::page))
        .route("/admin/reservations/{id}/remove", get(remove::ask).post(remove::remove))
        .route("/admin/reservations/{id}/questions", post(questions::ask))
        .route("/admin/reservations/{id}/questions/read", post(questions::read))
        .route("/admin/reservations/{id}/questions/settle", post(questions::settle))
        .route("/admin/suspicious", get(suspicious::page))
}

/// The document around a page of the office.
pub fn frame(words: &Words, office: &Office, title: &str, body: Markup) -> Response {
    let look = OfficeLook {
        name: office.name.in_locale(words.locale().tag()).to_owned(),
        href: "/admin".to_owned(),
        ..OfficeLook::default()
    };
    let links = [
        ("/admin", words.t("admin-nav-today")),
        ("/admin/suspicious", words.t("admin-nav-suspicious")),
        ("/admin/staff", words.t("admin-nav-staff")),
        ("/admin/access", words.t("admin-nav-access")),
    ];
    let here = words.here().split('?').next().unwrap_or_default();
    let aside = html! {
        nav .office-nav aria-label=(words.t("admin-nav")) {
            ul {
                @for (href, text) in &links {
                    li { a href=(href) aria-current=[(here == *href).then_some("page")] { (text) } }
                }
                li { form method="post" action="/sign-out" { button type="submit" { (words.t("admin-sign-out")) } } }
            }
        }
    };
    Page::new(words, title).kind(Kind::Office).office(&look).aside(aside).render(body).into_response()
}

/// The same with the status of a refusal.
fn framed(problem: Option<&Problem>, words: &Words, office: &Office, title: &str, body: Markup) -> Response {
    let status = problem.map_or(StatusCode::OK, |problem| problem.code().status());
    (status, frame(words, office, title, body)).into_response()
}

/// What was refused, and what to do.
fn refusal(words: &Words, problem: &Problem) -> Markup {
    let fields = problem.fields(words);
    notice(
        Tone::Bad,
        html! {
            @if fields.is_empty() {
                p { strong { (problem.title(words)) "." } " " (problem.detail(words)) }
            } @else {
                @for text in fields.values() { p { (text) } }
            }
        },
    )
}

/// The page of a reservation.
fn address(id: &str) -> String {
    format!("/admin/reservations/{id}")
}
