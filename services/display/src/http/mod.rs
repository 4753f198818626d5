//! The HTTP surface of display: JSON, event streams, pages.

mod audio;
mod board;
mod notify;
mod open;
pub mod pages;
mod ticket;

use crate::service::Display;
use axum::Router;
use axum::routing::get;
use okienko_web::shared::wall;
use okienko_web::writes::{Writing, post};
use std::sync::Arc;
use utoipa::OpenApi;

/// All routes of display.
pub fn routes() -> Router<Arc<Display>> {
    Router::new()
        .route("/api/v1/halls/{office}/{location}", get(board::hall))
        .route("/api/v1/halls/{office}/{location}/events", get(board::events))
        .route("/api/v1/tickets/{token}", get(ticket::ticket))
        .route("/api/v1/tickets/{token}/events", get(ticket::events))
        .route("/api/v1/tickets/{token}/leave", post(Writing::Visit, ticket::leave))
        .route("/api/v1/tickets/{token}/notify", post(Writing::Visit, notify::notify))
        .route("/api/v1/open/queues", get(open::queues))
        .route("/audio/{file}", get(audio::audio))
        .route("/hall/{office}/{location}", wall(get(pages::hall)))
        .route("/counter/{office}/{location}/{counter}", wall(get(pages::counter)))
        .route("/t/{token}", get(pages::ticket).merge(post(Writing::Visit, pages::leave)))
        .route("/t/{token}/notify", post(Writing::Visit, pages::notify))
}

#[derive(OpenApi)]
#[openapi(paths(
    audio::audio,
    board::hall,
    board::events,
    ticket::ticket,
    ticket::events,
    ticket::leave,
    notify::notify,
    open::queues
))]
struct Document;

/// This service's part of the OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
