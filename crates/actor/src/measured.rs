//! What is counted of the actors of one kind, for whoever watches the installation. Names and meanings: `docs/METRICS.md`.
//! Knows no command.

use crate::actor::Answer;
use crate::order::Fault;
use metrics::{Counter, counter};
use okienko_kernel::Machine;

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
        Measured {
            done: count("done"),
            refused: count("refused"),
            busy: count("busy"),
            failed: count("failed"),
        }
    }

    pub(crate) fn answered<M: Machine>(&self, answer: &Answer<M>) {
        match answer {
            Ok(Ok(_)) => &self.done,
            Ok(Err(_)) => &self.refused,
            Err(Fault::Busy) => &self.busy,
            Err(_) => &self.failed,
        }
        .increment(1);
    }
}
