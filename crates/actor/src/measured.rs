//! What is counted of the actors of one kind, for whoever watches the installation. Names and meanings: `docs/METRICS.md`.
//! Knows no command.

use crate::actor::Answer;
use metrics::{Counter, Gauge, counter, gauge};
use okienko_kernel::{Fault, Machine};

const DONE: &str = "done";
const REFUSED: &str = "refused";
const BUSY: &str = "busy";
const FAILED: &str = "failed";

/// Commands by what became of them, those that wait, and streams that have gone.
pub(crate) struct Measured {
    done: Counter,
    refused: Counter,
    busy: Counter,
    failed: Counter,
    moved: Counter,
    waiting: Gauge,
}

/// An order in a mailbox, as long as it is there.
pub(crate) struct Waits(Gauge);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

impl Measured {
    /// Of a service's streams whose key starts with `prefix`.
    pub(crate) fn of(service: &'static str, prefix: &str) -> Measured {
        let kind = prefix.trim_end_matches('/').to_owned();
        let count = |outcome: &'static str| counter!("okienko_commands_total", "service" => service, "stream" => kind.clone(), "outcome" => outcome);
        let moved = counter!("okienko_keys_moved_total", "service" => service, "stream" => kind.clone());
        let waiting = gauge!("okienko_mailbox_waiting", "service" => service, "stream" => kind.clone());
        let (done, refused, busy, failed) = (count(DONE), count(REFUSED), count(BUSY), count(FAILED));
        Measured { done, refused, busy, failed, moved, waiting }
    }

    /// An order is put into a mailbox.
    pub(crate) fn waits(&self) -> Waits {
        self.waiting.increment(1.0);
        Waits(self.waiting.clone())
    }

    /// So many streams that were at home here are elsewhere now.
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

/// What became of a command, in a word.
pub(crate) fn outcome<M: Machine>(answer: &Answer<M>) -> &'static str {
    match answer {
        Ok(Ok(_)) => DONE,
        Ok(Err(_)) => REFUSED,
        Err(Fault::Busy) => BUSY,
        Err(_) => FAILED,
    }
}
