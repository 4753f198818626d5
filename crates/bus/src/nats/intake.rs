//! From a service's stream to one consumer of this process: batches as they come, acknowledged after they were taken.
//! After any failure it sets itself up again where it was. Knows no producer.

use super::{SET_UP, Shared, wire};
use crate::Consumer;
use async_nats::datetime::from_nanos;
use async_nats::jetstream::consumer::{self, AckPolicy, DeliverPolicy, PullConsumer, pull};
use async_nats::jetstream::{AckKind, Message, stream};
use futures::StreamExt;
use okienko_journal::relay::RelayHome;
use okienko_journal::{HandOver, Pause};
use okienko_kernel::homes::while_here;
use okienko_kernel::{Moment, Span};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Events per batch.
const BATCH: usize = 256;
/// What is not acknowledged within this time is redelivered, to whichever replica asks.
const CONFIRM_WITHIN: Duration = Duration::from_secs(30);
/// NATS's heartbeat interval; when two are missed, the consumer is set up again.
const HEARTBEAT: Duration = Duration::from_secs(5);
const EXPIRES: Duration = Duration::from_secs(30);
/// NATS forgets a consumer without a durable name after it was unused for this long; we then create another.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(5 * 60);
/// When nothing has come for this long, a check for lost deliveries follows.
const QUIET: Duration = Duration::from_secs(2);
/// Deliveries still unacknowledged after this long are nobody's work, if this process is the one to take them.
const STILL: Duration = Duration::from_millis(200);
/// The largest difference between machines' clocks, for when a time is all that says where to start.
const CLOCKS_APART: Span = Span::from_secs(10);

/// The position up to which everything is acknowledged, if what was delivered since is abandoned: it went to a process
/// that has ended, or to this one before it lost its connection.
async fn abandoned(consumer: &mut PullConsumer, info: &consumer::Info) -> Result<Option<u64>, String> {
    let floor = info.ack_floor.stream_sequence;
    tokio::time::sleep(STILL).await;
    let now = consumer.info().await.map_err(|e| e.to_string())?;
    let same = now.num_ack_pending > 0 && now.ack_floor.stream_sequence == floor;
    Ok(same.then_some(floor))
}

/// The progress of a consumer.
pub(super) struct State {
    known: Arc<AtomicU64>,
    taken: AtomicU64,
    set_up: watch::Sender<bool>,
    was_set_up: AtomicBool,
    listening: AtomicBool,
    /// Its home; `None` for a consumer that every process runs for itself.
    home: Option<RelayHome>,
}

impl State {
    pub(super) fn new(known: Arc<AtomicU64>, home: Option<RelayHome>) -> State {
        let (was_set_up, listening) = (AtomicBool::new(false), AtomicBool::new(false));
        let (taken, set_up) = (AtomicU64::new(0), watch::Sender::new(false));
        State { known, taken, set_up, was_set_up, listening, home }
    }

    /// Whether this process is to take the events.
    pub(super) fn is_here(&self) -> bool {
        self.home.as_ref().is_none_or(RelayHome::is_here)
    }

    pub(super) fn is_idle(&self) -> bool {
        if !self.is_here() {
            return true;
        }
        let taken = self.taken.load(Ordering::Acquire) >= self.known.load(Ordering::Acquire);
        taken && self.was_set_up.load(Ordering::Acquire)
    }

    /// What is still to come, for finding out what keeps a process busy.
    pub(super) fn waits_for(&self) -> Option<String> {
        let (taken, known) = (self.taken.load(Ordering::Acquire), self.known.load(Ordering::Acquire));
        let home = self.home.as_ref().map_or("events", |home| home.key.as_str());
        (!self.is_idle()).then(|| format!("{home}: {taken} of {known} taken"))
    }

    /// Whether NATS is currently delivering events.
    pub(super) fn is_listening(&self) -> bool {
        self.listening.load(Ordering::Acquire)
    }

    /// Completes once the consumer exists in NATS.
    pub(super) async fn is_set_up(&self) {
        let _ = self.set_up.subscribe().wait_for(|done| *done).await;
    }
}

/// One consumer of one service's events.
pub(super) struct Intake {
    pub(super) shared: Arc<Shared>,
    pub(super) service: &'static str,
    /// The name under which NATS remembers it; none for one that wants events from now on.
    pub(super) durable: Option<String>,
    /// Events up to this journal position are not for it.
    pub(super) not_before: u64,
    pub(super) asked_at: Moment,
    pub(super) handler: Arc<dyn Consumer>,
    pub(super) state: Arc<State>,
}

impl Intake {
    /// Runs for ever, whenever its home is here.
    pub(super) async fn run(self: Arc<Self>) {
        match &self.state.home {
            Some(home) => while_here(&*home.homes, &home.role, &home.key, || self.keep_on()).await,
            None => self.keep_on().await,
        }
    }

    async fn keep_on(&self) {
        let (asked, mut pause) = (Instant::now(), Pause::default());
        loop {
            let ended = self.session(asked).await;
            self.state.listening.store(false, Ordering::Release);
            match ended {
                Ok(true) => pause = Pause::default(),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(service = self.service, %error, "events will be asked for again");
                }
            }
            pause.sleep().await;
        }
    }

    /// Takes events until something goes wrong; true if any came.
    async fn session(&self, asked: Instant) -> Result<bool, String> {
        let stream = self.shared.stream(self.service).await?;
        let mut consumer = self.set_up(&stream, asked).await?;
        let messages = consumer.stream().max_messages_per_batch(BATCH).heartbeat(HEARTBEAT).expires(EXPIRES);
        let messages = messages.messages().await.map_err(|e| e.to_string())?;
        self.state.was_set_up.store(true, Ordering::Release);
        self.state.set_up.send_replace(true);
        self.state.listening.store(true, Ordering::Release);
        let mut batches = messages.ready_chunks(BATCH);
        let mut any = false;
        loop {
            let batch = match tokio::time::timeout(QUIET, batches.next()).await {
                Ok(Some(batch)) => batch,
                Ok(None) => return Ok(any),
                Err(_) => {
                    // A process that was the home a moment ago may have requested events too: it has taken or dropped
                    // them.
                    let info = consumer.info().await.map_err(|e| e.to_string())?.clone();
                    self.state.taken.fetch_max(info.ack_floor.stream_sequence, Ordering::AcqRel);
                    if info.num_ack_pending > 0 && abandoned(&mut consumer, &info).await?.is_some() {
                        return Ok(true);
                    }
                    continue;
                }
            };
            let (good, mut bad): (Vec<_>, Vec<_>) = batch.into_iter().partition(Result::is_ok);
            let good: Vec<Message> = good.into_iter().flatten().collect();
            any |= !good.is_empty();
            self.take(&good).await;
            if let Some(Err(error)) = bad.pop() {
                tracing::info!(service = self.service, %error, "the consumer is set up again");
                return Ok(any);
            }
        }
    }

    async fn set_up(&self, stream: &stream::Stream, asked: Instant) -> Result<PullConsumer, String> {
        let newest = self.shared.newest(self.service, stream).await?;
        let mut config = pull::Config {
            ack_policy: AckPolicy::Explicit,
            ack_wait: CONFIRM_WITHIN,
            max_ack_pending: 4 * BATCH as i64,
            ..pull::Config::default()
        };
        let Some(name) = &self.durable else {
            config.deliver_policy = self.starting_at(newest, asked);
            config.inactive_threshold = FORGOTTEN_AFTER;
            return stream.create_consumer(config).await.map_err(|e| e.to_string());
        };
        config.durable_name = Some(name.clone());
        let mut consumer: PullConsumer =
            stream.get_or_create_consumer(name, config.clone()).await.map_err(|e| e.to_string())?;
        let info = consumer.info().await.map_err(|e| e.to_string())?.clone();
        if info.num_ack_pending > 0
            && let Some(floor) = abandoned(&mut consumer, &info).await?
        {
            // NATS would redeliver them only after a while, behind later events. So the consumer is recreated at the
            // first missing one.
            config.deliver_policy = DeliverPolicy::ByStartSequence { start_sequence: floor + 1 };
            stream.delete_consumer(name).await.map_err(|e| e.to_string())?;
            self.state.taken.fetch_max(floor, Ordering::AcqRel);
            return stream.create_consumer(config).await.map_err(|e| e.to_string());
        }
        let all_taken = info.num_pending == 0 && info.num_ack_pending == 0;
        let taken = if all_taken { newest } else { info.ack_floor.stream_sequence };
        self.state.taken.fetch_max(taken, Ordering::AcqRel);
        Ok(consumer)
    }

    /// Where a consumer without a durable name continues.
    fn starting_at(&self, newest: u64, asked: Instant) -> DeliverPolicy {
        let taken = self.state.taken.load(Ordering::Acquire);
        let again = self.state.was_set_up.load(Ordering::Acquire);
        if again && taken > newest {
            // NATS has lost the stream and started another.
            self.state.taken.store(0, Ordering::Release);
            return DeliverPolicy::All;
        }
        let since = self.asked_at.minus(CLOCKS_APART);
        if !again
            && asked.elapsed() > SET_UP
            && let Ok(start_time) = from_nanos(i128::from(since.micros()) * 1000)
        {
            return DeliverPolicy::ByStartTime { start_time };
        }
        let taken = if again { taken } else { newest };
        self.state.taken.fetch_max(taken, Ordering::AcqRel);
        DeliverPolicy::ByStartSequence { start_sequence: taken + 1 }
    }

    /// Hands a batch over until it is taken, then acknowledges it.
    async fn take(&self, messages: &[Message]) {
        let mut events = Vec::with_capacity(messages.len());
        for message in messages {
            match wire::decode(&self.shared.settings.installation, &message.message) {
                Some((event, pos)) if pos > self.not_before => events.push(event),
                Some(_) => {}
                None => {
                    tracing::warn!(subject = %message.subject, "a message that is not ours is passed over")
                }
            }
        }
        let taker = self.durable.as_deref().unwrap_or(self.service);
        let (mut events, mut pause) = (HandOver::new(taker, events), Pause::default());
        while let Err(error) = events.attempt(&self.handler).await {
            tracing::warn!(service = self.service, error, "events will be handed over again");
            pause.sleep().await;
            for message in messages {
                // Best effort: without it NATS redelivers, and the consumer drops what it has already seen.
                let _ = message.ack_with(AckKind::Progress).await;
            }
        }
        for message in messages {
            if let Err(error) = message.ack().await {
                tracing::debug!(%error, "not confirmed; it will come again");
            }
        }
        let newest = messages.iter().filter_map(|m| m.info().ok()).map(|info| info.stream_sequence).max();
        self.state.taken.fetch_max(newest.unwrap_or(0), Ordering::AcqRel);
    }
}
