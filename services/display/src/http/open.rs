//! Open data: how many wait where, with nothing about any person.

use super::board::away;
use crate::service::Display;
use crate::view::ExpectedWait;
use axum::extract::State;
use axum::response::IntoResponse;
use http::header;
use okienko_kernel::Clock;
use okienko_web::{Json, Problem, Query};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// How long others may cache an answer, in seconds.
const KEEP: &str = "public, max-age=5";

/// Which office.
#[derive(Deserialize, IntoParams)]
pub struct Which {
    /// The office's id; all offices without it.
    office: Option<String>,
}

/// The queues of one location.
#[derive(Serialize, ToSchema)]
pub struct OpenQueue {
    /// The office's id.
    office: String,
    /// The location's id.
    location: String,
    /// The location's name.
    name: String,
    /// Time of the last change, RFC 3339.
    at: String,
    /// Counters that serve now.
    counters_open: usize,
    /// How many wait.
    waiting: usize,
    /// How many wait for which service.
    services: BTreeMap<String, usize>,
    /// How long somebody who takes a ticket now will wait, for each service that some counter serves now.
    expected_wait: BTreeMap<String, ExpectedWait>,
}

/// How many wait, per location and service.
#[utoipa::path(get, path = "/api/v1/open/queues", tag = "open data", params(Which),
    responses((status = 200, body = Vec<OpenQueue>), (status = 503)))]
pub async fn queues(
    State(display): State<Arc<Display>>,
    Query(which): Query<Which>,
) -> Result<impl IntoResponse, Problem> {
    use crate::domain::CounterState::{Closed, Paused};
    let mut queues = Vec::new();
    for place in display.feed.offices.all(which.office.as_deref()).await.map_err(away)? {
        let hall = display.feed.hall(&place).await.map_err(away)?;
        queues.push(hall.look(display.world.clock.now(), |board, outlook| {
            let mut services = BTreeMap::new();
            for ticket in board.waiting() {
                *services.entry(ticket.service.clone()).or_default() += 1;
            }
            let waits = place
                .matters
                .services
                .iter()
                .filter_map(|(id, _)| Some((id.clone(), ExpectedWait::from(outlook.joining(id)?))));
            OpenQueue {
                office: place.office.id.clone(),
                location: place.location.id.clone(),
                name: place.location.name.clone(),
                at: place.zone.rfc3339(board.at()),
                counters_open: board.counters().filter(|(_, s)| !matches!(s, Closed | Paused)).count(),
                waiting: board.waiting_total(),
                services,
                expected_wait: waits.collect(),
            }
        }));
    }
    Ok(([(header::CACHE_CONTROL, KEEP)], Json(serde_json::json!({"queues": queues}))))
}
