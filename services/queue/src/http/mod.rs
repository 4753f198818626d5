//! The HTTP surface of queue: JSON for kiosk, reception and desk, and their pages.

mod answer;
mod desk;
mod door;
mod kiosk;
pub mod pages;
mod reception;
mod scan;
mod verify;

use crate::service::Queue;
use axum::Router;
use axum::routing::get;
use okienko_web::shared::machine;
use okienko_web::writes::{Writing, post};
use std::sync::Arc;
use utoipa::OpenApi;

/// All routes of queue.
pub fn routes() -> Router<Arc<Queue>> {
    Router::new()
        .route("/api/v1/kiosk/tickets", post(Writing::Device, kiosk::tickets))
        .route("/api/v1/kiosk/check-ins", post(Writing::Device, kiosk::check_ins))
        .route("/api/v1/reception/find", post(Writing::Desk, reception::find))
        .route("/api/v1/reception/admit", post(Writing::Desk, reception::admit))
        .route("/api/v1/reception/refuse", post(Writing::Desk, reception::refuse))
        .route("/api/v1/desk", get(desk::look))
        .route("/api/v1/desk/{act}", post(Writing::Desk, desk::act))
        .route("/kiosk", machine(get(pages::kiosk::home)))
        .route("/kiosk/services", machine(get(pages::kiosk::services)))
        .route("/kiosk/tickets", machine(post(Writing::Device, pages::kiosk::take)))
        .route(
            "/kiosk/scan",
            machine(get(pages::scan::again).merge(post(Writing::Device, pages::scan::scan))),
        )
        .route(
            "/kiosk/code",
            machine(get(pages::check_in::code).merge(post(Writing::Device, pages::check_in::check_in))),
        )
        .route("/kiosk/ticket/{token}", machine(get(pages::kiosk::ticket)))
        .route("/reception", get(pages::reception::entry).merge(post(Writing::Desk, pages::reception::find)))
        .route("/reception/admit", post(Writing::Desk, pages::reception::admit))
        .route("/reception/refuse", post(Writing::Desk, pages::reception::refuse))
        .route("/desk", get(pages::desk::desk))
        .route("/desk/do/{act}", post(Writing::Desk, pages::desk::act))
}

#[derive(OpenApi)]
#[openapi(paths(
    kiosk::tickets,
    kiosk::check_ins,
    reception::find,
    reception::admit,
    reception::refuse,
    desk::look,
    desk::act
))]
struct Document;

/// This service's part of the OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
