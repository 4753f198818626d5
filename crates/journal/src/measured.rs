//! Metrics of a journal. Names and meanings: `docs/METRICS.md`. Knows no event.

use crate::committer::Submission;
use crate::engine::AppendError;
use crate::grown::Grown;
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use parking_lot::Mutex;
use std::time::Duration;
use tokio::time::Instant;

/// The metrics of one service's journal.
pub(crate) struct Measured {
    pub(crate) service: &'static str,
    seconds: Histogram,
    appends: Histogram,
    events: Counter,
    grown: Mutex<Grown>,
    well: Gauge,
}

impl Measured {
    pub(crate) fn of(service: &'static str) -> Measured {
        // A journal that was not written to yet has refused nothing.
        let well = gauge!("okienko_journal_well", "service" => service);
        well.set(1.0);
        Measured {
            service,
            seconds: histogram!("okienko_journal_commit_seconds", "service" => service),
            appends: histogram!("okienko_journal_batch_appends", "service" => service),
            events: counter!("okienko_journal_events_total", "service" => service),
            grown: Mutex::new(Grown::new(Instant::now())),
            well,
        }
    }

    /// Records a batch that was written, and how long that took.
    pub(crate) fn committed(&self, batch: &[Submission], took: Duration) {
        self.well.set(1.0);
        self.seconds.record(took);
        self.appends.record(batch.len() as f64);
        let (mut sum, now, mut grown) = (0, Instant::now(), self.grown.lock());
        for append in batch.iter().map(|it| &it.append).filter(|append| !append.events.is_empty()) {
            let events = append.events.len() as u64;
            sum += events;
            grown.by(&append.stream, events, now, |kind, most| self.stream_grew(kind, most));
        }
        drop(grown);
        self.events.increment(sum);
    }

    /// Sets the most events that one stream of a kind gained recently.
    fn stream_grew(&self, kind: &str, most: u64) {
        gauge!("okienko_stream_grew_events", "service" => self.service, "stream" => kind.to_owned())
            .set(most as f64);
    }

    /// Records that writing works again.
    pub(crate) fn works(&self) {
        self.well.set(1.0);
    }

    pub(crate) fn failed(&self, error: &AppendError) {
        let why = match error {
            AppendError::Conflict { .. } => "conflict",
            AppendError::NotWritten(_) => "not_written",
            AppendError::Unknown(_) => "unknown",
        };
        // A conflict is a proper answer: the journal works.
        self.well.set(if why == "conflict" { 1.0 } else { 0.0 });
        counter!("okienko_journal_failures_total", "service" => self.service, "why" => why).increment(1);
    }
}

/// How far a relay is behind; reset when the relay moves elsewhere.
pub(crate) struct Lag(metrics::Gauge);

impl Lag {
    pub(crate) fn of(service: &'static str, relay: &str) -> Lag {
        Lag(gauge!("okienko_relay_lag_events", "service" => service, "relay" => relay.to_owned()))
    }
    pub(crate) fn is(&self, events: u64) {
        self.0.set(events as f64);
    }
}

impl Drop for Lag {
    fn drop(&mut self) {
        self.0.set(0.0);
    }
}
