//! What looks suspicious, as JSON.

use crate::BackOffice;
use crate::{Right, Suspect};
use axum::extract::State;
use okienko_web::{Json, Path, Problem, Query, Staff};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Rows per page, default and maximum.
const LIMIT: usize = 200;

/// Which part of the list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// At most so many, 1 to 200.
    #[serde(default)]
    limit: Option<usize>,
    /// How many to leave out: the list is made anew each time, the highest score first.
    #[serde(default)]
    after: Option<usize>,
}

/// Bookings that somebody should look at.
#[derive(Serialize, ToSchema)]
pub struct Suspicious {
    #[schema(value_type = Vec<Object>)]
    suspicious: Vec<Suspect>,
    /// All that were found.
    total: usize,
    /// Goes into `after`; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<usize>,
}

/// Suspicious reservations and holds of today and the days after it, with their reasons.
#[utoipa::path(get, path = "/api/v1/offices/{office}/suspicious", tag = "office",
    params(("office" = String, Path), Part), responses((status = 200, body = Suspicious), (status = 403)))]
pub async fn list(
    State(backoffice): State<Arc<BackOffice>>,
    Staff(claims): Staff,
    Path(office): Path<String>,
    Query(part): Query<Part>,
) -> Result<Json<Suspicious>, Problem> {
    let limit = part.limit.unwrap_or(LIMIT);
    let work = async {
        let known = backoffice.admit(&claims, &office, Right::Look)?;
        if !(1..=LIMIT).contains(&limit) {
            return Err(Problem::invalid("limit", "list-limit"));
        }
        backoffice.suspects(&claims, &known).await
    };
    let all = backoffice.noted(&claims, ("suspicious.list", ""), work).await?;
    let (total, from) = (all.len(), part.after.unwrap_or_default());
    let suspicious: Vec<Suspect> = all.into_iter().skip(from).take(limit).collect();
    let reached = from.saturating_add(suspicious.len());
    Ok(Json(Suspicious { suspicious, total, next: (reached < total).then_some(reached) }))
}
