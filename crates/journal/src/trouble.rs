//! What keeps a journal from working: remembered from the write that fails until one succeeds, logged ever less often.
//! Knows no append.

use crate::engine::{AppendError, Engine};
use crate::measured::Measured;
use crate::seldom::Seldom;
use parking_lot::Mutex;
use std::time::Duration;
use tokio::sync::Notify;

/// The interval between probes after a failed write.
const PROBE: Duration = Duration::from_secs(1);

/// What keeps a journal from working.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing can be written; retried every second.
    NotWritten(String),
    /// Something stored can no longer be read; only a backup mends that.
    Damaged(String),
}

/// Whether the last write succeeded.
#[derive(Default)]
pub(crate) struct Works {
    not_written: Mutex<Option<String>>,
    /// Notified when a write has failed and has to be probed.
    fails: Notify,
    says: Seldom,
}

impl Works {
    /// The current trouble, if any.
    pub(crate) fn trouble(&self, engine: &dyn Engine) -> Option<Trouble> {
        if let Some(what) = engine.damage() {
            return Some(Trouble::Damaged(what));
        }
        self.not_written.lock().clone().map(Trouble::NotWritten)
    }

    /// Records a successful write.
    pub(crate) fn written(&self, measured: &Measured) {
        let failed = self.not_written.lock().take();
        if failed.is_some() {
            self.says.is_over();
            measured.works();
            tracing::info!(service = measured.service, "the journal takes what is written again");
        }
    }

    /// Records a write that failed for any reason but a conflict.
    pub(crate) fn failed(&self, error: &AppendError, measured: &Measured) {
        measured.failed(error);
        *self.not_written.lock() = Some(error.to_string());
        self.fails.notify_one();
        if let Some(unsaid) = self.says.says() {
            let service = measured.service;
            tracing::warn!(%error, service, unsaid, "the journal takes nothing; its actors load afresh");
        }
    }

    /// Completes when it is time to probe; never while all is well.
    pub(crate) async fn is_to_be_tried(&self) {
        while self.not_written.lock().is_none() {
            self.fails.notified().await;
        }
        tokio::time::sleep(PROBE).await;
    }

    /// Probes, because a process that is not ready gets no work that would show the recovery.
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
