//! Citizens' pages.

use crate::service::Booking;
use axum::Router;
use std::sync::Arc;

/// All pages of booking.
pub fn routes() -> Router<Arc<Booking>> {
    Router::new()
}
