//! What keeps a journal from its work: kept in mind from the write that fails to the one that succeeds, said in the log ever
//! less often. Knows no append.

use crate::engine::{AppendError, Engine};
use crate::measured::Measured;
use crate::seldom::Seldom;
use parking_lot::Mutex;
use std::time::Duration;
use tokio::sync::Notify;

/// Between two tries to write again, when the last write failed.
const PROBE: Duration = Duration::from_secs(1);

/// What keeps a journal from its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing can be written; it is tried again each second.
    NotWritten(String),
    /// What was stored cannot be read any more; nothing mends that but a backup.
    Damaged(String),
}

/// Whether the last write succeeded.
#[derive(Default)]
pub(crate) struct Works {
    not_written: Mutex<Option<String>>,
    /// One has failed: it has to be tried again.
    fails: Notify,
    says: Seldom,
}

impl Works {
    /// What is wrong, if anything is.
    pub(crate) fn trouble(&self, engine: &dyn Engine) -> Option<Trouble> {
        if let Some(what) = engine.damage() {
            return Some(Trouble::Damaged(what));
        }
        self.not_written.lock().clone().map(Trouble::NotWritten)
    }

    /// Something was written.
    pub(crate) fn written(&self, measured: &Measured) {
        let failed = self.not_written.lock().take();
        if failed.is_some() {
            self.says.is_over();
            measured.works();
            tracing::info!(service = measured.service, "the journal takes what is written again");
        }
    }

    /// Something could not be written, for another reason than that somebody else was first.
    pub(crate) fn failed(&self, error: &AppendError, measured: &Measured) {
        measured.failed(error);
        *self.not_written.lock() = Some(error.to_string());
        self.fails.notify_one();
        if let Some(unsaid) = self.says.says() {
            let service = measured.service;
            tracing::warn!(%error, service, unsaid, "the journal takes nothing; its actors load afresh");
        }
    }

    /// Ends when it is time to see whether anything can be written again; never while all is well.
    pub(crate) async fn is_to_be_tried(&self) {
        while self.not_written.lock().is_none() {
            self.fails.notified().await;
        }
        tokio::time::sleep(PROBE).await;
    }

    /// Tries it: who is not ready is sent no work that would show it.
    pub(crate) async fn probe(&self, engine: &dyn Engine, measured: &Measured) {
        if self.not_written.lock().is_none() {
            return;
        }
        match engine.probe().await {
            Ok(()) => self.written(measured),
            Err(error) => self.failed(&error, measured),
        }
    }
}
