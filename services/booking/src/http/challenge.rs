//! The challenge that a browser solves before it gets a place, as JSON.

use crate::service::Booking;
use axum::extract::State;
use okienko_gate::{Asker, Challenge};
use okienko_web::staff::Bearer;
use okienko_web::{ClientAddr, Code, Json, Problem, Query};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// For which office.
#[derive(Deserialize, IntoParams)]
pub struct For {
    /// The office's id: a challenge counts there alone.
    office: String,
}

/// A challenge (ALTCHA v2), good for ten minutes and one hold at that office. The more a network has held lately, the more
/// work it is. The solved payload, base64 of `{"challenge", "solution"}`, goes into `challenge` of the hold.
#[utoipa::path(get, path = "/api/v1/challenge", tag = "booking", params(For),
    responses((status = 200, body = Challenge), (status = 404), (status = 422), (status = 429)))]
pub async fn one(
    State(booking): State<Arc<Booking>>,
    client: ClientAddr,
    bearer: Bearer,
    Query(For { office }): Query<For>,
) -> Result<Json<Challenge>, Problem> {
    let known = booking.offices.get(&office).ok_or(Code::Unknown)?;
    let account = booking.accounts.counted_as(&known.office, bearer.token());
    let asker = Asker { client, account: account.as_deref() };
    Ok(Json(booking.gate.challenge(&known.office, asker).await?))
}
