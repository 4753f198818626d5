//! E-tickets: one ticket's state for its holder, as JSON and live.

use super::board::away;
use crate::domain::{Board, Number, Outlook, Place as Waits, TicketState};
use crate::halls::Hall;
use crate::offices::Place;
use crate::service::Display;
use crate::view::TicketAnswer;
use axum::extract::State;
use bytes::Bytes;
use futures::stream::{self, Stream};
use okienko_kernel::{Clock, Day, Id, IdKind};
use okienko_proto::queue::{LeaveRequest, NoticeOfRequest};
use okienko_web::sse::{EventStream, Listener, frame};
use okienko_web::{Code, Json, Path, Problem};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Duration, timeout};

/// How long the board may take to show what queue has acknowledged.
const SHOWN_WITHIN: Duration = Duration::from_secs(2);

/// How often a holder's wait is updated when nothing else changes.
const TOLD_ANEW: Duration = Duration::from_secs(30);

/// Field of a refusal: the path of the page on which the visit is cancelled.
pub const VISIT: &str = "visit_url";

/// A ticket and its hall.
pub struct HallTicket {
    /// Its id.
    pub id: Id,
    /// Its hall.
    pub hall: Arc<Hall>,
    /// Whether its visit was cancelled before the day opened, in which case no board ever has it.
    pub cancelled: bool,
}

/// The ticket behind a token; `unknown` for a token that is not ours.
pub async fn find(display: &Display, token: &str) -> Result<HallTicket, Problem> {
    let id = Id::from_token(IdKind::Ticket, token, &display.world.keys).map_err(|_| Code::Unknown)?;
    let way = id.way();
    let place =
        display.feed.offices.by_number(way.office, way.place).await.map_err(away)?.ok_or(Code::Unknown)?;
    let hall = display.feed.hall(&place).await.map_err(away)?;
    let shown = hall.board(|board| board.ticket(&id.to_string()).is_some());
    let cancelled = !shown && cancelled(display, id).await;
    Ok(HallTicket { id, hall, cancelled })
}

/// Whether queue knows that the visit was cancelled before its day opened; `false` while queue is down.
async fn cancelled(display: &Display, id: Id) -> bool {
    let request = NoticeOfRequest { ticket: id.to_string(), about_phone: false };
    let told = display.queue.clone().notice_of(request).await;
    told.is_ok_and(|told| told.into_inner().cancelled)
}

/// The ticket as its holder sees it. Before the day of the visit only the day is known here; after it, only that it is
/// over.
pub fn answer(display: &Display, found: &HallTicket) -> TicketAnswer {
    let place = found.hall.place();
    let now = display.world.clock.now();
    let today = place.zone.local(now).0;
    found.hall.look(now, |board, outlook| of_board((board, outlook), &place, found, today))
}

fn of_board(
    (board, outlook): (&Board, &Outlook),
    place: &Place,
    found: &HallTicket,
    today: Day,
) -> TicketAnswer {
    let day = found.id.way().day;
    let known = board.ticket(&found.id.to_string());
    let unknown = match (found.cancelled, day < today) {
        (true, _) => TicketState::Cancelled,
        (false, true) => TicketState::Over,
        (false, false) => TicketState::Expected,
    };
    let state = known.map_or(unknown, |t| t.state);
    let waits = known.filter(|t| t.state == TicketState::Waiting).map(|t| {
        // If the office no longer offers the service, all that is known is that the ticket waits.
        outlook.place(&t.ticket).unwrap_or(Waits { ahead: 0, wait: None })
    });
    let at_counter = matches!(state, TicketState::Called | TicketState::Serving);
    TicketAnswer {
        state,
        number: known.filter(|t| !t.number.is_empty()).map(|t| t.number.clone()),
        ahead: waits.map(|waits| waits.ahead),
        expected_wait: waits.and_then(|waits| waits.wait).map(Into::into),
        counter: known.filter(|_| at_counter).map(|t| t.counter.clone()),
        attempt: known.map_or(0, |t| t.attempt),
        service: known.map(|t| t.service.clone()),
        service_name: known.map(|t| place.service_name(&t.service).to_owned()),
        booked: known.filter(|t| !t.booked.is_empty()).map(|t| t.booked.clone()),
        office: place.office.id.clone(),
        location: place.location.id.clone(),
        day: day.to_string(),
        life: board.number().life,
        seq: board.seq(),
        age_s: None,
    }
}

/// A ticket's state.
#[utoipa::path(get, path = "/api/v1/tickets/{token}", tag = "display", params(("token" = String, Path)),
    responses((status = 200, body = TicketAnswer), (status = 404), (status = 503)))]
pub async fn ticket(
    State(display): State<Arc<Display>>,
    Path(token): Path<String>,
) -> Result<Json<TicketAnswer>, Problem> {
    let found = find(&display, &token).await?;
    let age_s = Some(display.feed.age_s()).filter(|age| *age > 0);
    Ok(Json(TicketAnswer { age_s, ..answer(&display, &found) }))
}

/// A ticket's state as server-sent events: at once, and whenever it changes for the holder.
#[utoipa::path(get, path = "/api/v1/tickets/{token}/events", tag = "display", params(("token" = String, Path)),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 404), (status = 503)))]
pub async fn events(
    State(display): State<Arc<Display>>,
    Path(token): Path<String>,
) -> Result<EventStream<impl Stream<Item = Bytes> + Send + 'static>, Problem> {
    let found = find(&display, &token).await?;
    let receiver = found.hall.follow();
    let listener = Listener { office: found.hall.place().office.id.clone(), kind: "ticket" };
    let (age, start) = (display.age(), (display, found, receiver, None::<TicketAnswer>));
    let frames = stream::unfold(start, |(display, found, mut receiver, told)| async move {
        loop {
            let now = answer(&display, &found);
            let seen = TicketAnswer { life: 0, seq: 0, ..now.clone() };
            if told.as_ref() != Some(&seen) {
                let data = serde_json::to_string(&now).unwrap_or_default();
                let id = Number { life: now.life, seq: now.seq }.to_string();
                return Some((frame("ticket", Some(&id), &data), (display, found, receiver, Some(seen))));
            }
            // The wait shrinks even while nothing happens.
            if let Ok(Err(RecvError::Closed)) = timeout(TOLD_ANEW, receiver.recv()).await {
                return None;
            }
        }
    });
    Ok(EventStream { frames, age, listener })
}

/// Leaves the queue for the holder; returns when the board shows it, or a moment later if it does not.
pub async fn give_up(display: &Display, found: &HallTicket) -> Result<(), Problem> {
    let mut changes = found.hall.follow();
    let ticket = found.id.to_string();
    let left = display.queue.clone().leave(LeaveRequest { ticket: ticket.clone() }).await;
    left.map_err(|status| match okienko_rpc::refusal(&status) {
        // Somebody who has not come yet has a visit: it is cancelled on its page, which frees the hour.
        Some(refusal) if !refusal.visit.is_empty() => Problem::of(&refusal, &found.hall.place().zone)
            .explained("leave-expected")
            .with(VISIT, refusal.visit),
        Some(refusal) => Problem::of(&refusal, &found.hall.place().zone),
        None => away(status),
    })?;
    let waits =
        || found.hall.board(|board| board.ticket(&ticket).is_some_and(|t| t.state != TicketState::Left));
    let shown = async { while waits() && !matches!(changes.recv().await, Err(RecvError::Closed)) {} };
    if timeout(SHOWN_WITHIN, shown).await.is_err() {
        tracing::warn!("a ticket left the queue and the board does not show it yet");
    }
    Ok(())
}

/// The holder leaves the queue.
#[utoipa::path(post, path = "/api/v1/tickets/{token}/leave", tag = "display", params(("token" = String, Path)),
    responses((status = 200, body = TicketAnswer), (status = 404), (status = 409), (status = 503)))]
pub async fn leave(
    State(display): State<Arc<Display>>,
    Path(token): Path<String>,
) -> Result<Json<TicketAnswer>, Problem> {
    let found = find(&display, &token).await?;
    give_up(&display, &found).await?;
    let mut now = answer(&display, &found);
    // The hall will learn of it in a moment; the holder is told now.
    now.state = TicketState::Left;
    now.ahead = None;
    now.expected_wait = None;
    Ok(Json(now))
}
