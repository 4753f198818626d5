//! The board of a hall as JSON and as an event stream.

use crate::domain::Number;
use crate::halls::{Frame, Hall};
use crate::service::Display;
use crate::view::{HallView, hall as view};
use axum::extract::State;
use bytes::Bytes;
use futures::stream::{self, Stream, StreamExt};
use http::HeaderMap;
use okienko_kernel::Clock;
use okienko_web::sse::{EventStream, Listener, last_event_id};
use okienko_web::{Code, Json, Path, Problem};
use std::sync::Arc;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// Queue does not answer: worth retrying soon.
pub fn away(status: tonic::Status) -> Problem {
    tracing::warn!(error = %status, "queue is away");
    Problem::unavailable(2)
}

/// The hall behind an address.
pub async fn find(display: &Display, office: &str, location: &str) -> Result<Arc<Hall>, Problem> {
    let place = display.feed.offices.by_id(office, location).await.map_err(away)?.ok_or(Code::Unknown)?;
    display.feed.hall(&place).await.map_err(away)
}

/// The board of a hall.
#[utoipa::path(get, path = "/api/v1/halls/{office}/{location}", tag = "display",
    params(("office" = String, Path), ("location" = String, Path)),
    responses((status = 200, body = HallView), (status = 404), (status = 503)))]
pub async fn hall(
    State(display): State<Arc<Display>>,
    Path((office, location)): Path<(String, String)>,
) -> Result<Json<HallView>, Problem> {
    let hall = find(&display, &office, &location).await?;
    let place = hall.place();
    let at = display.world.clock.now();
    let now = place.zone.rfc3339(at);
    let board = hall.look(at, |board, outlook| view(board, outlook, &place));
    let age_s = Some(display.feed.age_s()).filter(|age| *age > 0);
    Ok(Json(HallView { now: Some(now), voice: Some(display.heard(&place)), age_s, ..board }))
}

/// Every change of a hall as server-sent events, numbered; goes on after `Last-Event-ID`.
#[utoipa::path(get, path = "/api/v1/halls/{office}/{location}/events", tag = "display",
    params(("office" = String, Path), ("location" = String, Path), ("Last-Event-ID" = Option<String>, Header)),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 404), (status = 503)))]
pub async fn events(
    State(display): State<Arc<Display>>,
    Path((office, location)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<EventStream<impl Stream<Item = Bytes> + Send + 'static>, Problem> {
    let hall = find(&display, &office, &location).await?;
    let after = match last_event_id(&headers).and_then(|id| id.parse().ok()) {
        Some(seen) => display.feed.reach(&hall, seen).await,
        None => None,
    };
    let (first, receiver) = hall.listen(after);
    let rest = stream::unfold((receiver, hall), move |(mut receiver, hall)| async move {
        let bytes = next(&mut receiver, &hall, after).await?;
        Some((bytes, (receiver, hall)))
    });
    let listener = Listener { office, kind: "hall" };
    Ok(EventStream { frames: stream::iter(first).chain(rest), age: display.age(), listener })
}

/// The next frame after what the listener has `seen`; a listener that fell behind restarts from a snapshot instead of
/// having a gap.
async fn next(receiver: &mut broadcast::Receiver<Frame>, hall: &Hall, seen: Option<Number>) -> Option<Bytes> {
    loop {
        match receiver.recv().await {
            // This replica's frame may be older than what another one has shown.
            Ok(frame) if seen.is_some_and(|seen| frame.number <= seen) => {}
            Ok(frame) => return Some(frame.bytes),
            Err(RecvError::Lagged(_)) => {
                let (snapshot, from_now) = hall.listen(None);
                *receiver = from_now;
                return snapshot.into_iter().next();
            }
            Err(RecvError::Closed) => return None,
        }
    }
}
