//! Metrics of the actors of one kind. Names and meanings: `docs/METRICS.md`. Knows no command.

use crate::actor::Answer;
use metrics::{Counter, Gauge, counter, gauge};
use okienko_kernel::{Fault, Machine};

const DONE: &str = "done";
const REFUSED: &str = "refused";
const BUSY: &str = "busy";
const FAILED: &str = "failed";

/// Commands by outcome, orders waiting, and streams whose home moved away.
pub(crate) struct Measured {
    done: Counter,
    refused: Counter,
    busy: Counter,
    failed: Counter,
    moved: Counter,
    waiting: Gauge,
}

/// Counts an order as waiting while it is in a mailbox.
pub(crate) struct Waits(Gauge);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

impl Measured {
    /// Metrics for a service's streams whose key starts with `prefix`.
    pub(crate) fn of(service: &'static str, prefix: &str) -> Measured {
        let kind = prefix.trim_end_matches('/').to_owned();
        let count = |outcome: &'static str| counter!("okienko_commands_total", "service" => service, "stream" => kind.clone(), "outcome" => outcome);
        let moved = counter!("okienko_keys_moved_total", "service" => service, "stream" => kind.clone());
        let waiting = gauge!("okienko_mailbox_waiting", "service" => service, "stream" => kind.clone());
        let (done, refused, busy, failed) = (count(DONE), count(REFUSED), count(BUSY), count(FAILED));
        Measured { done, refused, busy, failed, moved, waiting }
    }

    /// Counts an order put into a mailbox until the returned guard is dropped.
    pub(crate) fn waits(&self) -> Waits {
        self.waiting.increment(1.0);
        Waits(self.waiting.clone())
    }

    /// Counts streams whose home was here and is elsewhere now.
    pub(crate) fn moved(&self, count: u64) {
        self.moved.increment(count);
    }

    pub(crate) fn answered<M: Machine>(&self, answer: &Answer<M>) {
        match outcome::<M>(answer) {
            DONE => &self.done,
            REFUSED => &self.refused,
            BUSY => &self.busy,
            _ => &self.failed,
        }
        .increment(1);
    }
}

/// The `outcome` label of an answer.
pub(crate) fn outcome<M: Machine>(answer: &Answer<M>) -> &'static str {
    match answer {
        Ok(Ok(_)) => DONE,
        Ok(Err(_)) => REFUSED,
        Err(Fault::Busy) => BUSY,
        Err(_) => FAILED,
    }
}
