//! The JSON API of the office's staff: the calendar, reservations, removals, questions to holders, what looks suspicious. Each answer
//! is restricted to the token's own office; what shows or changes anything of a person writes a line to the access log.

mod calendar;
mod inquiries;
mod reservations;
mod suspicious;

use crate::BackOffice;
use axum::Router;
use axum::routing::get;
use okienko_web::writes::{Writing, post};
use std::sync::Arc;
use utoipa::OpenApi;

pub use reservations::Query;

/// All routes.
pub fn routes() -> Router<Arc<BackOffice>> {
    let one = "/api/v1/offices/{office}/reservations/{id}";
    Router::new()
        .route("/api/v1/offices/{office}/calendar", get(calendar::look))
        .route("/api/v1/offices/{office}/reservations", get(reservations::list))
        .route(one, get(reservations::one))
        .route(&format!("{one}/remove"), post(Writing::Office, reservations::remove))
        .route(&format!("{one}/questions"), post(Writing::Office, inquiries::ask))
        .route(&format!("{one}/questions/read"), post(Writing::Office, inquiries::read))
        .route(&format!("{one}/questions/settle"), post(Writing::Office, inquiries::settle))
        .route("/api/v1/offices/{office}/suspicious", get(suspicious::list))
        .route(
            "/api/v1/offices/{office}/answers/{token}",
            get(inquiries::asked).merge(post(Writing::Visit, inquiries::answer)),
        )
}

#[derive(OpenApi)]
#[openapi(paths(
    calendar::look,
    reservations::list,
    reservations::one,
    reservations::remove,
    inquiries::ask,
    inquiries::read,
    inquiries::settle,
    inquiries::asked,
    inquiries::answer,
    suspicious::list
))]
struct Document;

/// This folder's part of the OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
