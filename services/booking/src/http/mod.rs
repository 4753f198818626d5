//! The HTTP API of booking: JSON and pages. Turns requests into calls of `citizen` and answers into documents.

mod challenge;
mod holds;
mod offices;
mod pages;
mod reservations;

use crate::service::Booking;
use axum::Router;
use axum::routing::get;
use okienko_web::writes::{Writing, delete, post, put};
use std::sync::Arc;
use utoipa::OpenApi;

/// All routes of booking.
pub fn routes() -> Router<Arc<Booking>> {
    Router::new()
        .route("/api/v1/offices", get(offices::list))
        .route("/api/v1/offices/{office}", get(offices::one))
        .route("/api/v1/offices/{office}/locations/{location}/services/{service}/days", get(offices::days))
        .route(
            "/api/v1/offices/{office}/locations/{location}/services/{service}/days/{date}/times",
            get(offices::times),
        )
        .route("/api/v1/challenge", get(challenge::one))
        .route("/api/v1/offices/{office}/holds", post(Writing::Visit, holds::place))
        .route("/api/v1/holds/{hold}/form", put(Writing::Visit, holds::form))
        .route("/api/v1/holds/{hold}/code", post(Writing::Visit, holds::code))
        .route("/api/v1/holds/{hold}/confirm", post(Writing::Visit, holds::confirm))
        .route("/api/v1/holds/{hold}", delete(Writing::Visit, holds::release))
        .route("/api/v1/reservations/{token}", get(reservations::one))
        .route("/api/v1/reservations/{token}/cancel", post(Writing::Visit, reservations::cancel))
        .merge(pages::routes())
}

#[derive(OpenApi)]
#[openapi(paths(
    offices::list,
    offices::one,
    offices::days,
    offices::times,
    challenge::one,
    holds::place,
    holds::form,
    holds::code,
    holds::confirm,
    holds::release,
    reservations::one,
    reservations::cancel
))]
struct Document;

/// This service's part of the OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    document.merge(okienko_accounts::openapi());
    document.merge(okienko_backoffice::openapi());
    document.merge(okienko_staff::openapi());
    document
}
