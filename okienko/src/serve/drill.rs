//! Additional routes of a process built for drills: its own clock, whether all work is done, and the messages "sent" if
//! there is no provider. Never in a program for real installations.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use okienko_booking::Booking;
use okienko_host::World;
use okienko_kernel::civil::{exact_rfc3339, parse_rfc3339};
use okienko_kernel::{Clock, Homes, again};
use okienko_office::Office;
use okienko_placement::Replicas;
use okienko_sms_gateway::provider::{DemoMessage, DemoPhone};
use okienko_web::staff::DemoPerson;
use okienko_web::{Problem, Query};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// How often enrolling is retried if another process enrols the same people.
const TRIES: u32 = 20;
/// The pause between attempts.
const PAUSE: Duration = Duration::from_millis(250);

/// Enrols the demo's people, so that tests can sign in. Several processes may do so at the same time.
pub async fn seed(booking: &Booking, offices: &[Office]) -> anyhow::Result<Vec<DemoPerson>> {
    for _ in 1..TRIES {
        match crate::people::seed(booking, offices).await {
            Ok(people) => return Ok(people),
            Err(error) => tracing::info!(%error, "another process enrols them too"),
        }
        tokio::time::sleep(PAUSE).await;
    }
    crate::people::seed(booking, offices).await
}

struct Drill {
    world: World,
    replicas: Arc<Replicas>,
    phone: Option<Arc<DemoPhone>>,
}

/// The routes.
#[expect(
    clippy::disallowed_methods,
    reason = "no release has these routes; tests move the clock as they like"
)]
pub fn routes(world: World, replicas: Arc<Replicas>, phone: Option<Arc<DemoPhone>>) -> Router {
    Router::new()
        .route("/dev/drill", get(look).post(go_on))
        .route("/dev/outbox", get(outbox))
        .route("/dev/lose", post(lose))
        .with_state(Arc::new(Drill { world, replicas, phone }))
}

/// The progress of this process.
#[derive(Serialize)]
struct DrillStatus {
    /// Domain time.
    now: String,
    /// When its earliest timer is due.
    next_wake: Option<String>,
    /// The name of this replica.
    me: String,
    /// The others that it considers present: if one of them is gone, nobody does its work until that is noticed.
    others: BTreeSet<String>,
    /// Whether everything due is done and everything published has arrived, as far as this process knows.
    settled: bool,
    /// What is not settled yet, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waits_for: Vec<String>,
    /// Increases with everything written or published anywhere that this process sees.
    mark: u64,
    /// Whether the home of the requested key is here.
    #[serde(skip_serializing_if = "Option::is_none")]
    home: Option<bool>,
}

/// The key whose home is asked for.
#[derive(Deserialize)]
struct Which {
    key: Option<String>,
}

impl Drill {
    async fn told(&self, key: Option<&str>) -> DrillStatus {
        let roles = self.replicas.roles();
        let is_home = |key: &str| roles.iter().any(|role| self.replicas.home(role, key).is_here());
        let world = &self.world;
        world.settle.look().await;
        world.bus.look().await;
        let now = world.clock.now();
        DrillStatus {
            now: exact_rfc3339(now),
            me: self.replicas.me().to_owned(),
            others: self.replicas.others(),
            next_wake: world.settle.next_wake().map(exact_rfc3339),
            settled: world.settle.is_settled(now, &*world.bus),
            waits_for: world.settle.waits_for(now, &*world.bus),
            mark: world.settle.mark(),
            home: key.map(is_home),
        }
    }
}

async fn look(State(drill): State<Arc<Drill>>, Query(which): Query<Which>) -> Json<DrillStatus> {
    Json(drill.told(which.key.as_deref()).await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    now: String,
}

async fn go_on(
    State(drill): State<Arc<Drill>>,
    okienko_web::Json(wanted): okienko_web::Json<Move>,
) -> Result<Json<DrillStatus>, Problem> {
    let to = parse_rfc3339(&wanted.now).map_err(|error| Problem::invalid("now", &error.to_string()))?;
    drill.world.clock.move_to(to);
    Ok(Json(drill.told(None).await))
}

/// Makes a supervised task panic, as a faulty one would, and then run.
async fn lose(State(drill): State<Arc<Drill>>) {
    let mut fails = true;
    let begin = again(move || {
        let fails = std::mem::take(&mut fails);
        async move {
            if fails {
                #[expect(clippy::panic, reason = "an operator who drills asks for it")]
                std::panic::panic_any("a drill wants it");
            }
            std::future::pending().await
        }
    });
    drill.world.tasks.keep("drill", begin);
}

#[derive(Deserialize)]
struct Whose {
    to: String,
}

#[derive(Serialize)]
struct Messages {
    messages: Vec<DemoMessage>,
}

async fn outbox(State(drill): State<Arc<Drill>>, Query(whose): Query<Whose>) -> Json<Messages> {
    let messages = drill.phone.as_ref().map(|phone| phone.list(&whose.to)).unwrap_or_default();
    Json(Messages { messages })
}
