//! `/ops`: what is wrong in the whole installation and the one thing to do about it, for operators. Shows processes and
//! providers, never a person. Each process reports its own condition; any process shows the reports of all.

#[cfg(feature = "cluster")]
pub mod certificate;
pub mod condition;
pub mod demo_people;
pub mod disk;
mod page;
pub mod stores;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use condition::Condition;
use okienko_host::telemetry;
use okienko_kernel::{Clock, Moment, Zone};
use okienko_web::{Markup, Problem, Role, Staff, Texts, Words, messages_for_staff};
use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;

/// The answer of [`Others::said`].
pub type Said = Pin<Box<dyn Future<Output = Option<Vec<(Condition, Moment)>>> + Send>>;

/// The reports of the other processes.
pub trait Others: Send + Sync + 'static {
    /// Each with the moment at which it was received, by one clock for all; `None` if they are unavailable now.
    fn said(&self) -> Said;
}

/// No other processes exist.
pub struct Alone;

impl Others for Alone {
    fn said(&self) -> Said {
        Box::pin(async { Some(Vec::new()) })
    }
}

/// The state behind the page.
pub struct Ops {
    /// The address at which others reach this process; empty if there are no others.
    pub address: String,
    /// The roles that run here.
    pub roles: BTreeSet<okienko::Role>,
    /// Real time.
    pub wall: Arc<dyn Clock>,
    /// The zone in which times are shown.
    pub zone: Zone,
    /// The other processes.
    pub others: Arc<dyn Others>,
}

impl Ops {
    /// The condition of this process.
    pub fn here(&self) -> Condition {
        let now = self.wall.now();
        let (findings, providers) = condition::read(&telemetry::counted(), now.micros() as f64 / 1e6);
        Condition {
            address: self.address.clone(),
            roles: self.roles.iter().map(|role| role.name().to_owned()).collect(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            said_at: now.micros(),
            findings,
            providers,
        }
    }
}

/// The page's route.
pub fn routes(ops: Arc<Ops>) -> Router {
    Router::new().route("/ops", get(show)).with_state(ops)
}

async fn show(State(ops): State<Arc<Ops>>, Staff(by): Staff, words: Words) -> Result<Markup, Problem> {
    by.require(&[Role::Operator])?;
    let here = ops.here();
    let others = ops.others.said().await;
    Ok(page::render(&words, &ops.zone, &here, others.as_deref()))
}

/// The page's texts.
pub fn texts() -> Arc<Texts> {
    Arc::new(Texts::new(&[], messages_for_staff!["../../messages/ops"]))
}
