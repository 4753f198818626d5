//! From a service's journal to its stream: a relay with a durable cursor that moves only after NATS has confirmed. Order
//! is kept even when some of what was sent is refused. Knows no consumer.

use super::{Shared, wire};
use crate::Publisher;
use async_nats::jetstream::context::PublishAckFuture;
use async_nats::jetstream::message::PublishMessage;
use async_trait::async_trait;
use okienko_journal::relay::{Progress, Relay, Sink};
use okienko_journal::{Journal, Recorded};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The cursor of what NATS has confirmed.
const CURSOR: &str = "bus/nats";
/// Between two attempts to read it.
const RETRY: Duration = Duration::from_millis(500);

/// Publishes one service's events.
pub(super) struct Outlet {
    shared: Arc<Shared>,
    service: &'static str,
    publisher: Arc<dyn Publisher>,
    known: Arc<AtomicU64>,
    /// The newest number in the stream, when nobody else published since.
    last: Mutex<Option<u64>>,
}

/// A message on its way.
struct Outgoing {
    subject: String,
    message: PublishMessage,
}

impl Outlet {
    pub(super) fn new(shared: Arc<Shared>, service: &'static str, publisher: Arc<dyn Publisher>) -> Outlet {
        let known = shared.known(service);
        Outlet { shared, service, publisher, known, last: Mutex::default() }
    }

    fn outgoing(&self, batch: &[Recorded]) -> Vec<Outgoing> {
        let mut all = Vec::new();
        for recorded in batch {
            for (nth, event) in self.publisher.publish(recorded).iter().enumerate() {
                let subject = wire::subject(&self.shared.settings.installation, &event.subject);
                all.push(Outgoing { subject, message: wire::encode(event, recorded.pos, nth) });
            }
        }
        all
    }

    async fn send(&self, one: &Outgoing, expected: Option<u64>) -> Result<PublishAckFuture, String> {
        let message = match expected {
            Some(last) => one.message.clone().expected_last_sequence(last),
            None => one.message.clone(),
        };
        self.shared.context.send_publish(one.subject.clone(), message).await.map_err(|e| e.to_string())
    }

    /// All at once, each on the condition that the one before it is the newest: so nothing is stored after a hole. False
    /// when not all of it was stored by this.
    async fn together(&self, all: &[Outgoing], last: u64) -> bool {
        let mut answers = Vec::with_capacity(all.len());
        for (n, one) in all.iter().enumerate() {
            match self.send(one, Some(last + n as u64)).await {
                Ok(answer) => answers.push(answer),
                Err(_) => break,
            }
        }
        let mut stored = 0;
        for answer in answers {
            match answer.await {
                Ok(ack) if ack.sequence == last + stored + 1 => stored += 1,
                _ => break,
            }
        }
        stored == all.len() as u64
    }

    /// One after another: those that are there already are dropped by their ids.
    async fn one_by_one(&self, all: &[Outgoing]) -> Result<u64, String> {
        let mut newest = 0;
        for one in all {
            let ack = self.send(one, None).await?.await.map_err(|e| e.to_string())?;
            newest = newest.max(ack.sequence);
        }
        Ok(newest)
    }

    async fn publish(&self, all: &[Outgoing]) -> Result<(), String> {
        let last = self.last.lock().take();
        let last = match last {
            Some(last) => last,
            None => {
                let stream = self.shared.stream(self.service).await?;
                self.shared.newest(self.service, &stream).await?
            }
        };
        let newest = if self.together(all, last).await {
            let newest = last + all.len() as u64;
            *self.last.lock() = Some(newest);
            newest
        } else {
            self.one_by_one(all).await?
        };
        self.known.fetch_max(newest, Ordering::AcqRel);
        Ok(())
    }
}

#[async_trait]
impl Sink for Outlet {
    async fn take(&self, batch: &[Recorded]) -> Result<(), String> {
        let all = self.outgoing(batch);
        if all.is_empty() { Ok(()) } else { self.publish(&all).await }
    }
}

/// Publishes until the journal is closed.
pub(super) async fn run(journal: Arc<Journal>, outlet: Arc<Outlet>, told: Arc<Mutex<Option<Progress>>>) {
    loop {
        match Relay::open(journal.clone(), CURSOR, outlet.clone()).await {
            Ok((relay, progress)) => {
                *told.lock() = Some(progress);
                return relay.run().await;
            }
            Err(error) => tracing::warn!(%error, "the bus's cursor cannot be read; will be tried again"),
        }
        tokio::time::sleep(RETRY).await;
    }
}
