//! An append being assembled, with the callers who wait for it. Knows how to answer, not what is decided.

use crate::actor::{Actor, Answer, LoadedStream};
use okienko_journal::{Append, Outcome, Submission};
use okienko_kernel::{Fault, Machine, Moment, Stored};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

/// An append being assembled, with the callers who wait for it.
pub(crate) struct Draft<M: Machine> {
    pub(crate) append: Append,
    answers: Vec<(oneshot::Sender<Answer<M>>, Answer<M>)>,
    pub(crate) reads: Vec<Box<dyn FnOnce(Outcome) + Send>>,
    pub(crate) claimed: Vec<String>,
    pub(crate) keep_timer: bool,
    /// The receipt keys of all orders in this batch; filled only where others write too.
    pub(crate) keys: Vec<[u8; 16]>,
    /// Whether the state was compared with the journal during this batch.
    pub(crate) fresh: bool,
    /// Whether the journal was asked which of `keys` already have a receipt.
    pub(crate) receipts_known: bool,
}

impl<M> Draft<M>
where
    M: Machine,
    M::Event: Stored,
    M::Reply: Serialize + DeserializeOwned,
{
    pub(crate) fn new(actor: &Actor<M>, version: u64, now: Moment) -> Draft<M> {
        let append = Append {
            office: actor.office.clone(),
            stream: actor.stream.clone(),
            expected: version,
            at: now,
            events: Vec::new(),
            receipts: Vec::new(),
            claims: Vec::new(),
            vault: Vec::new(),
            wake: None,
        };
        Draft {
            append,
            answers: Vec::new(),
            reads: Vec::new(),
            claimed: Vec::new(),
            keep_timer: false,
            keys: Vec::new(),
            fresh: false,
            receipts_known: false,
        }
    }

    /// Queues an answer for after the commit: refusals too, since they were decided on state that is not yet written.
    pub(crate) fn answer(&mut self, to: oneshot::Sender<Answer<M>>, answer: Answer<M>) {
        self.answers.push((to, answer));
    }

    pub(crate) fn finish(mut self, actor: &Actor<M>, loaded: &mut LoadedStream<M>) -> Submission {
        let wake = actor.state.read().wake();
        if !self.append.events.is_empty() && wake != loaded.wake {
            self.append.wake = Some(wake);
            loaded.wake = wake;
        }
        let (shared, stream, office) = (actor.shared.clone(), actor.stream.clone(), actor.office.clone());
        let done = Box::new(move |outcome| {
            for key in &self.claimed {
                shared.journal.unreserve(key);
            }
            if outcome == Outcome::Committed && !self.keep_timer {
                shared.set_timer(&stream, &office, wake);
            } else {
                shared.timers.again(&stream);
            }
            for (to, answer) in self.answers {
                // The caller may have gone away.
                let _ = to.send(match outcome {
                    Outcome::Committed => answer,
                    Outcome::NotCommitted => Err(Fault::NotDone("the append failed".into())),
                    Outcome::Unknown => Err(Fault::Unknown),
                });
            }
            for read in self.reads {
                read(outcome);
            }
        });
        Submission { append: self.append, poison: loaded.poison.clone(), done }
    }
}
