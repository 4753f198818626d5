//! What is counted of the actors of one kind, for whoever watches the installation. Names and meanings: `docs/METRICS.md`.
//! Knows no command.

use crate::actor::Answer;
use crate::order::Fault;
use metrics::{Counter, counter};
use okienko_kernel::Machine;

const DONE: &str = "done";
const REFUSED: &str = "refused";
const BUSY: &str = "busy";
const FAILED: &str = "failed";

/// Commands by what became of them.
pub(crate) struct Measured {
    done: Counter,
    refused: Counter,
    busy: Counter,
    failed: Counter,
}

impl Measured {
    /// Of a service's streams whose key starts with `prefix`.
    pub(crate) fn of(service: &'static str, prefix: &str) -> Measured {
        let kind = prefix.trim_end_matches('/').to_owned();
        let count = |outcome: &'static str| counter!("okienko_commands_total", "service" => service, "stream" => kind.clone(), "outcome" => outcome);
        Measured { done: count(DONE), refused: count(REFUSED), busy: count(BUSY), failed: count(FAILED) }
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
