//! "Tell me earlier": the holder of an e-ticket asks for an SMS some minutes before the call. Queue keeps the phone and
//! decides when; this only forwards the request and limits how often one network may make it.

use super::board::away;
use super::ticket::{HallTicket, find};
use crate::service::Display;
use axum::extract::State;
use http::StatusCode;
use okienko_kernel::base32;
use okienko_limits::{Hit, Rate};
use okienko_proto::queue::{NoticeOfRequest, NotifyRequest};
use okienko_web::{ClientAddr, Code, Json, Path, Problem};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

/// Wishes from one network: enough for a family behind one address, not for a program.
const PER_NETWORK: Rate = Rate::new(20, Duration::from_secs(3600));

/// What the holder wishes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// A mobile phone; without a country it is a Polish one.
    pub phone: String,
    /// Minutes before the call, 1 to 60.
    pub ahead_min: u32,
    /// `pl`, `en`, `uk` or `ru`.
    pub locale: Option<String>,
    /// Instead of a phone the one that the visit was booked with: asked for by the page alone.
    #[serde(skip)]
    pub visits_phone: bool,
}

/// What is promised.
#[derive(Serialize, ToSchema)]
pub struct Promised {
    /// The phone, as it may be shown.
    phone: String,
    /// Minutes before the call.
    ahead_min: u32,
}

/// Forwards a wish to queue.
pub async fn wish(
    display: &Display,
    found: &HallTicket,
    client: ClientAddr,
    wish: Wish,
) -> Result<Promised, Problem> {
    let network = client.network().to_string();
    let network = base32::encode(&display.world.keys.mac("notify", &[network.as_bytes()])[..10]);
    let hit = Hit { key: format!("notify/net/{network}"), rate: PER_NETWORK };
    display.world.limits.check(&[hit]).await.map_err(|wait| {
        let seconds = u32::try_from(wait.0.as_secs()).unwrap_or(u32::MAX).max(1);
        Problem::new(Code::RateLimited).retry_after(seconds)
    })?;
    let Wish { phone, ahead_min, locale, visits_phone } = wish;
    // Longer than any number that people type; queue parses it.
    let phone = phone.chars().take(64).collect();
    let (ticket, locale) = (found.id.to_string(), locale.unwrap_or_default());
    let request = NotifyRequest { ticket, phone, ahead_min, locale, visits_phone };
    let kept = display.queue.clone().notify(request).await.map_err(|status| {
        let Some(refusal) = okienko_rpc::refusal(&status) else { return away(status) };
        let problem = Problem::of(&refusal, &found.hall.place().zone);
        match problem.code() {
            Code::TooLate => problem.explained("notify-too-late"),
            Code::LimitReached => problem.explained("notify-limit"),
            Code::Conflict => problem.explained("notify-none"),
            _ => problem,
        }
    })?;
    Ok(Promised { phone: kept.into_inner().masked_phone, ahead_min })
}

/// What is known before the holder asks for anything.
#[derive(Clone, Copy, Default)]
pub struct Before {
    /// An existing promise: minutes before the call, and whether its moment has come.
    pub promised: Option<(u32, bool)>,
    /// Whether the visit was booked with a phone that may be used.
    pub has_phone: bool,
}

/// What is known of a ticket's wish. Empty while queue is down.
pub async fn before(display: &Display, found: &HallTicket) -> Before {
    let request = NoticeOfRequest { ticket: found.id.to_string(), about_phone: true };
    let Ok(told) = display.queue.clone().notice_of(request).await else { return Before::default() };
    let wish = told.into_inner();
    Before {
        promised: (wish.ahead_min > 0).then_some((wish.ahead_min, wish.told)),
        has_phone: wish.has_phone,
    }
}

/// Asks for an SMS some minutes before the call. A new wish takes the place of the old one.
#[utoipa::path(post, path = "/api/v1/tickets/{token}/notify", tag = "display", params(("token" = String, Path)),
    request_body = Wish, responses((status = 202, body = Promised), (status = 404), (status = 409),
    (status = 422), (status = 429), (status = 503)))]
pub async fn notify(
    State(display): State<Arc<Display>>,
    Path(token): Path<String>,
    client: ClientAddr,
    Json(asked): Json<Wish>,
) -> Result<(StatusCode, Json<Promised>), Problem> {
    let found = find(&display, &token).await?;
    let promised = wish(&display, &found, client, asked).await?;
    Ok((StatusCode::ACCEPTED, Json(promised)))
}
