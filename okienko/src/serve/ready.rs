//! `/readyz`: whether this process should be sent work. It is not ready before the others know of it, while it is
//! leaving, or while one of its journals cannot be read or accepts no writes. NATS or Redis being down does not count:
//! the roles work without them.

use super::ending::Ending;
use super::world::Journals;
use axum::routing::{MethodRouter, get};
use http::StatusCode;
use okienko_host::Settle;
use okienko_journal::{Engine, Trouble};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long a journal may take to answer before it counts as down: shorter than the callers' own timeout.
const ANSWER: Duration = Duration::from_millis(800);

/// Answers whether the process is ready.
pub struct Readiness {
    journals: Journals,
    settle: Arc<Settle>,
    ending: Ending,
    open: AtomicBool,
}

impl Readiness {
    /// For a process with these journals.
    pub fn new(journals: Journals, settle: Arc<Settle>, ending: Ending) -> Readiness {
        Readiness { journals, settle, ending, open: AtomicBool::new(false) }
    }

    /// From now on it may be sent work.
    pub fn open(&self) {
        self.open.store(true, Ordering::Release);
    }

    /// The route's handler.
    pub fn route<S: Clone + Send + Sync + 'static>(self: Arc<Self>) -> MethodRouter<S> {
        get(move || async move {
            match self.fault().await {
                None => (StatusCode::OK, "ok".to_owned()),
                Some(what) => (StatusCode::SERVICE_UNAVAILABLE, what),
            }
        })
    }

    async fn fault(&self) -> Option<String> {
        if !self.open.load(Ordering::Acquire) {
            return Some("starting".to_owned());
        }
        if self.ending.is_leaving() {
            return Some("leaving".to_owned());
        }
        for (service, engine) in self.journals.iter() {
            let head = tokio::time::timeout(ANSWER, engine.head()).await;
            match head {
                Ok(Ok(_)) => {}
                // The error may name hosts; the caller need not know more than this.
                Ok(Err(_)) | Err(_) => return Some(format!("the journal of {service} does not answer")),
            }
        }
        match self.settle.troubles().first() {
            Some((service, Trouble::NotWritten(_))) => {
                Some(format!("the journal of {service} takes nothing"))
            }
            Some((service, Trouble::Damaged(_))) => Some(format!("the journal of {service} is damaged")),
            None => None,
        }
    }
}
