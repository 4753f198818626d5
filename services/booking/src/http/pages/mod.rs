//! Citizens' pages: the office, the steps to a visit, the visit itself. Server-rendered, plain links and forms. Words
//! what `citizen` answers, and never decides anything itself.

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
use axum::routing::get;
use okienko_office::LoadedOffice;
use okienko_web::writes::{Writing, post};
use okienko_web::{Code, Problem};
use std::sync::Arc;

/// All pages of booking.
pub fn routes() -> Router<Arc<Booking>> {
    Router::new()
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
        .route("/{office}/visit/{token}", get(visit::page))
        .route(
            "/{office}/visit/{token}/cancel",
            get(cancel::page).merge(post(Writing::Visit, cancel::cancel)),
        )
        .route("/{office}/visit/{token}/calendar.ics", get(ics::file))
}

/// The office of an address.
fn office_of(booking: &Booking, id: &str) -> Result<Arc<LoadedOffice>, Problem> {
    booking.offices.get(id).ok_or_else(|| Problem::new(Code::Unknown))
}
