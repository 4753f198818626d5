//! From a service's journal to its stream: a relay whose durable cursor moves only after NATS has acknowledged. Order
//! is kept even when some messages are refused. Knows no consumer.

use super::{Shared, wire};
use crate::{PublicEvent, Publisher};
use async_nats::jetstream::context::PublishAckFuture;
use async_nats::jetstream::message::PublishMessage;
use async_trait::async_trait;
use okienko_journal::relay::{Progress, RelayHome, Roaming, Sink};
use okienko_journal::{Journal, NotTaken, Recorded};
use okienko_trace::{Work, span};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The cursor of what NATS has acknowledged.
const CURSOR: &str = "bus/nats";
/// Events read at once when a stream is refilled.
const REFILL: usize = 512;
/// Delay between two attempts to read the cursor.
const RETRY: Duration = Duration::from_millis(500);

/// Publishes one service's events.
pub(super) struct Outlet {
    shared: Arc<Shared>,
    service: &'static str,
    publisher: Arc<dyn Publisher>,
    known: Arc<AtomicU64>,
    journal: Arc<Journal>,
    /// The newest sequence number in the stream, unless somebody else has published since.
    last: Mutex<Option<u64>>,
    /// The greatest sequence number that NATS has acknowledged to this process.
    confirmed: AtomicU64,
}

/// A message on its way.
struct Outgoing {
    subject: String,
    message: PublishMessage,
    /// Ends when NATS has acknowledged.
    _span: Work,
}

/// The span of an event on its way to NATS.
fn published(event: &PublicEvent) -> Work {
    let span = || {
        span!(
            "publish",
            otel.name = format!("publish {}", event.name()),
            otel.kind = "producer",
            office = event.office()
        )
    };
    okienko_trace::caused(event.trace.as_ref(), span)
}

impl Outlet {
    pub(super) fn new(
        shared: Arc<Shared>,
        service: &'static str,
        publisher: Arc<dyn Publisher>,
        journal: Arc<Journal>,
    ) -> Outlet {
        let known = shared.known(service);
        let (last, confirmed) = (Mutex::default(), AtomicU64::new(0));
        Outlet { shared, service, publisher, known, journal, last, confirmed }
    }

    fn outgoing(&self, batch: &[Recorded]) -> Vec<Outgoing> {
        let mut all = Vec::new();
        for recorded in batch {
            for (nth, mut event) in self.publisher.publish(recorded).into_iter().enumerate() {
                let span = published(&event);
                event.trace = okienko_trace::of(&span).or(event.trace);
                let subject = wire::subject(&self.shared.settings.installation, &event.subject);
                all.push(Outgoing { subject, message: wire::encode(&event, recorded.pos, nth), _span: span });
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

    /// Publishes all at once, each on the condition that its predecessor is the newest, so that nothing is stored after
    /// a gap. False when not everything was stored this way.
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

    /// Publishes one after another; NATS drops those it already has by their ids.
    async fn one_by_one(&self, all: &[Outgoing]) -> Result<u64, String> {
        let mut newest = 0;
        for one in all {
            let ack = self.send(one, None).await?.await.map_err(|e| e.to_string())?;
            newest = newest.max(ack.sequence);
        }
        Ok(newest)
    }

    /// The newest sequence number in the stream. If NATS has lost what it had acknowledged, everything up to the
    /// position `before` is published again first; consumers drop what they have seen and get what they had not.
    async fn newest(&self, before: u64) -> Result<u64, String> {
        let stream = self.shared.stream(self.service).await?;
        let newest = stream.get_info().await.map_err(|e| e.to_string())?.state.last_sequence;
        let is_new = newest == 0 && before > 0;
        if !is_new && newest >= self.confirmed.load(Ordering::Acquire) {
            return Ok(newest);
        }
        tracing::info!(service = self.service, newest, before, "the stream is filled from the journal");
        self.known.store(newest, Ordering::Release);
        self.confirmed.store(0, Ordering::Release);
        let (mut pos, mut newest) = (0, newest);
        while pos < before {
            let batch = self.journal.read_after(pos, REFILL).await.map_err(|e| e.to_string())?;
            let upto: Vec<Recorded> = batch.into_iter().filter(|event| event.pos <= before).collect();
            let Some(last) = upto.last() else { break };
            newest = newest.max(self.one_by_one(&self.outgoing(&upto)).await?);
            pos = last.pos;
        }
        Ok(newest)
    }

    /// Publishes what comes after the position `before`.
    async fn publish(&self, all: &[Outgoing], before: u64) -> Result<(), String> {
        let last = self.last.lock().take();
        let last = match last {
            Some(last) => last,
            None => self.newest(before).await?,
        };
        let newest = if self.together(all, last).await {
            let newest = last + all.len() as u64;
            *self.last.lock() = Some(newest);
            newest
        } else {
            self.newest(before).await?;
            self.one_by_one(all).await?
        };
        self.confirmed.fetch_max(newest, Ordering::AcqRel);
        self.known.fetch_max(newest, Ordering::AcqRel);
        Ok(())
    }
}

#[async_trait]
impl Sink for Outlet {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        let all = self.outgoing(batch);
        let before = batch.first().map_or(0, |event| event.pos - 1);
        if all.is_empty() { Ok(()) } else { Ok(self.publish(&all, before).await?) }
    }
}

/// Publishes until the journal is closed.
pub(super) async fn run(
    journal: Arc<Journal>,
    home: RelayHome,
    outlet: Arc<Outlet>,
    told: Arc<Mutex<Option<Progress>>>,
) {
    loop {
        match Roaming::open(journal.clone(), CURSOR, home.clone(), outlet.clone()).await {
            Ok((relay, progress)) => {
                *told.lock() = Some(progress);
                return relay.run().await;
            }
            Err(error) => tracing::warn!(%error, "the bus's cursor cannot be read; will be tried again"),
        }
        tokio::time::sleep(RETRY).await;
    }
}
