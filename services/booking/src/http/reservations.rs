//! Reservations for their holders, as JSON.

use crate::citizen::ReservationView;
use crate::service::Booking;
use axum::extract::State;
use okienko_web::{Json, Path, Problem};
use std::sync::Arc;

/// A reservation.
#[utoipa::path(get, path = "/api/v1/reservations/{token}", tag = "booking", params(("token" = String, Path)),
    responses((status = 200, body = ReservationView), (status = 404)))]
pub async fn one(
    State(booking): State<Arc<Booking>>,
    Path(token): Path<String>,
) -> Result<Json<ReservationView>, Problem> {
    let (_, reservation) = booking.reservation(&token).await?;
    Ok(Json(booking.view(&reservation)))
}

/// Cancels a reservation. A second time gives the same answer.
#[utoipa::path(post, path = "/api/v1/reservations/{token}/cancel", tag = "booking",
    params(("token" = String, Path)), responses((status = 200, body = ReservationView), (status = 404), (status = 409)))]
pub async fn cancel(
    State(booking): State<Arc<Booking>>,
    Path(token): Path<String>,
) -> Result<Json<ReservationView>, Problem> {
    let (_, reservation) = booking.cancel(&token).await?;
    Ok(Json(booking.view(&reservation)))
}
