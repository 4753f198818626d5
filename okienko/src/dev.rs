//! What only the demo serves: the messages that were "sent", and its clock. Never in a real installation.

use crate::clock_file::ClockFile;
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use okienko_host::{DomainClock, World};
use okienko_kernel::civil::{parse_iso_span, parse_rfc3339};
use okienko_kernel::{Clock, Moment, Span, Zone};
use okienko_sms_gateway::provider::{DemoMessage, DemoPhone};
use okienko_web::{Problem, Query};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The longest single step: a year.
const FARTHEST: Span = Span::from_hours(366 * 24);

/// The state of these routes.
pub struct Dev {
    /// The World.
    pub world: World,
    /// The phone shared by everybody.
    pub phone: Arc<DemoPhone>,
    /// Where the clock is stored.
    pub clock_file: ClockFile,
    /// The zone in which the clock is shown.
    pub zone: Zone,
    /// Ensures one step at a time.
    pub stepping: tokio::sync::Mutex<()>,
}

/// The demo's own routes.
#[expect(
    clippy::disallowed_methods,
    reason = "no release has these routes; tests move the clock as they like"
)]
pub fn routes(dev: Arc<Dev>) -> Router {
    Router::new()
        .route("/dev/outbox", get(outbox))
        .route("/dev/clock", get(clock).post(move_clock))
        .with_state(dev)
}

#[derive(Deserialize)]
struct Whose {
    /// A phone such as `+48601234567`, or a mail address.
    to: Option<String>,
}

#[derive(Serialize)]
struct Messages {
    messages: Vec<DemoMessage>,
}

async fn outbox(State(dev): State<Arc<Dev>>, Query(whose): Query<Whose>) -> Result<Json<Messages>, Problem> {
    let to = whose.to.filter(|to| !to.is_empty()).ok_or_else(|| {
        Problem::invalid("to", "field-missing")
            .hint("say whose messages: ?to=+48601234567 or ?to=a@example.org")
    })?;
    Ok(Json(Messages { messages: dev.phone.list(&to) }))
}

#[derive(Serialize)]
struct Now {
    now: String,
}

async fn clock(State(dev): State<Arc<Dev>>) -> Json<Now> {
    Json(dev.now())
}

/// The target: an instant, or a duration forward.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    now: Option<String>,
    advance: Option<String>,
}

async fn move_clock(
    State(dev): State<Arc<Dev>>,
    okienko_web::Json(wanted): okienko_web::Json<Move>,
) -> Result<Json<Now>, Problem> {
    let _one_at_a_time = dev.stepping.lock().await;
    let clock: &Arc<DomainClock> = &dev.world.clock;
    let now = clock.now();
    let target = match (wanted.now, wanted.advance) {
        (Some(text), None) => parse_rfc3339(&text).map_err(|e| Problem::invalid("now", &e.to_string()))?,
        (None, Some(text)) => {
            now.plus(parse_iso_span(&text).map_err(|e| Problem::invalid("advance", &e.to_string()))?)
        }
        _ => return Err(Problem::invalid("advance", "field-required")),
    };
    if target < now || target.since(now) > FARTHEST {
        return Err(Problem::invalid("advance", "field-date"));
    }
    dev.store(target);
    dev.world.settle.advance(clock, &*dev.world.bus, target).await;
    Ok(Json(dev.now()))
}

impl Dev {
    fn now(&self) -> Now {
        Now { now: self.zone.rfc3339(self.world.clock.now()) }
    }

    /// Stores the domain time for a restart.
    pub fn store(&self, now: Moment) {
        if let Err(error) = self.clock_file.write(now) {
            tracing::warn!(%error, "the clock could not be stored");
        }
    }
}
