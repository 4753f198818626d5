//! Citizens' pages: the office, the way to a visit in steps, the visit itself. Server-rendered, plain links and forms.
//! Says what `desk` answers in words and never decides anything itself.

mod access;
mod account;
mod admin;
mod answer;
mod book;
mod cancel;
mod code;
mod confirm;
mod dates;
mod form;
mod guide;
mod hold;
mod ics;
mod nearest;
mod outside;
mod pass;
mod phone;
mod place;
mod places;
mod proved;
mod questions;
mod search;
mod services;
mod start;
mod visit;
mod wait;

use crate::service::Booking;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};
use okienko_kernel::base32;
use okienko_office::{Known, Office, Step};
use okienko_web::components::{refused, steps};
use okienko_web::writes::{Writing, post};
use okienko_web::{Code, Markup, OfficeLook, Page, Problem, Words, asset_url, html};
use std::sync::Arc;

/// All pages of booking.
pub fn routes() -> Router<Arc<Booking>> {
    Router::new()
        .route("/admin/access", get(access::page))
        .route("/admin/access/csv", get(access::csv))
        .route("/", get(start::offices))
        .route("/{office}", get(start::office))
        .route("/{office}/rules", get(guide::page))
        .route("/{office}/book", get(book::step))
        .route("/{office}/book/wait", get(wait::page))
        .route("/{office}/book/hold", get(place::nothing).merge(post(Writing::Visit, place::place)))
        .route("/{office}/book/hold/{hold}", get(form::page).merge(post(Writing::Visit, form::save)))
        .route(
            "/{office}/book/hold/{hold}/draft",
            get(form::to_form).merge(post(Writing::Visit, form::draft)),
        )
        .route(
            "/{office}/book/hold/{hold}/release",
            get(hold::to_form).merge(post(Writing::Visit, hold::release)),
        )
        .route("/{office}/book/hold/{hold}/phone", get(phone::page).merge(post(Writing::Visit, phone::send)))
        .route("/{office}/book/hold/{hold}/code", get(code::page).merge(post(Writing::Visit, code::confirm)))
        .route(
            "/{office}/book/hold/{hold}/code/resend",
            get(code::to_code).merge(post(Writing::Visit, code::resend)),
        )
        .route(
            "/{office}/book/hold/{hold}/confirm",
            get(proved::page).merge(post(Writing::Visit, proved::confirm)),
        )
        .merge(account::routes())
        .route("/{office}/visit/{token}", get(visit::page))
        .route(
            "/{office}/visit/{token}/cancel",
            get(cancel::page).merge(post(Writing::Visit, cancel::cancel)),
        )
        .route("/{office}/visit/{token}/calendar.ics", get(ics::file))
        .route("/{office}/answer/{token}", get(answer::page).merge(post(Writing::Visit, answer::save)))
        .merge(admin::routes())
}

/// The office of an address.
fn office_of(booking: &Booking, id: &str) -> Result<Arc<Known>, Problem> {
    booking.offices.get(id).ok_or_else(|| Problem::new(Code::Unknown))
}

/// The document around a page of an office.
fn document(words: &Words, office: &Office, title: &str, body: Markup) -> Response {
    document_that(words, office, title, office.proof_of_work, body)
}

/// The same, with what solves a challenge where the page `works`.
fn document_that(words: &Words, office: &Office, title: &str, works: bool, body: Markup) -> Response {
    let look = OfficeLook {
        name: office.name.in_locale(words.locale().tag()).to_owned(),
        href: format!("/{}", office.id),
        ..OfficeLook::default()
    };
    let page = Page::new(words, title).office(&look).script("hold.js").script("code.js").script("draft.js");
    let page = if works { page.script("challenge.js") } else { page };
    page.render(body).into_response()
}

/// Forms that hold an hour: `challenge.js` puts the proof of work into them, where it is asked for.
fn challenged(words: &Words, office: &Office, works: bool, forms: Markup) -> Markup {
    if !works {
        return forms;
    }
    html! {
        div data-challenge={ "/api/v1/challenge?office=" (office.id) }
            data-challenge-worker=(asset_url("challenge-worker.js")) {
            (forms)
            p .challenge-line role="status" data-challenge-line=(words.t("challenge-working")) {}
        }
    }
}

/// The same with another status than 200.
fn document_as(status: StatusCode, words: &Words, office: &Office, title: &str, body: Markup) -> Response {
    (status, document(words, office, title, body)).into_response()
}

/// On to another page, which a reload then asks for: 303.
fn see(address: &str) -> Response {
    let value = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response()
}

/// "Krok 3 z 5", by the office's own order.
fn step_line(words: &Words, office: &Office, step: Step) -> Markup {
    // Where the account is the proof, form and proof are one page, and an office may name either.
    let other = if step == Step::Form { Step::Proof } else { Step::Form };
    let place = |wanted: Step| office.steps.iter().position(|s| *s == wanted);
    let at = place(step).or_else(|| place(other)).unwrap_or_default();
    let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
    steps(words, small(at + 1), small(office.steps.len()))
}

/// A refusal as a remark on the page where one can go on; with the way to the visit that stands in the way of another.
fn remark(words: &Words, problem: &Problem) -> Markup {
    let visit = problem.extra("manage_url").and_then(|address| address.as_str());
    refused(html! {
        p { strong { (problem.title(words)) "." } " " (problem.detail(words)) }
        @if let Some(visit) = visit { p { a href=(visit) { (words.t("limit-visit")) } } }
    })
}

/// Names one showing of a form, so that its second sending gets the answer of the first.
fn form_key(booking: &Booking) -> String {
    let mut bytes = [0; 10];
    booking.service.world.entropy.fill(&mut bytes);
    base32::encode(&bytes)
}

/// A key as our forms have it; anything else is as if there were none.
fn plain_key(key: Option<&str>) -> Option<&str> {
    key.filter(|key| (8..=32).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric()))
}
