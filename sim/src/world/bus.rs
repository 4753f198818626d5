//! The simulated bus, which behaves like JetStream: a stream per service that survives everything, filled once and in
//! order by the producer's relay; durable consumers, to which unconfirmed events are redelivered later and out of
//! order; and live-only consumers, which lose what they miss. Knows no service.

use crate::dice::Dice;
use crate::world::weather::Weather;
use async_trait::async_trait;
use okienko_bus::{Bus, Consumer, From, PublicEvent, Publisher};
use okienko_journal::relay::{Progress, RelayHome, Roaming, Sink};
use okienko_journal::{HandOver, Journal, JournalError, NotTaken, Pause, Recorded};
use okienko_kernel::homes::while_here;
use okienko_kernel::{Homes, Tasks};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// The most events in one hand-over.
const BATCH: u64 = 256;
/// Events handed over and not confirmed within this time are handed over again.
const CONFIRM_WITHIN: Duration = Duration::from_secs(30);
const RETRY_FIRST: Duration = Duration::from_millis(20);
const RETRY_LONGEST: Duration = Duration::from_secs(2);
/// The producer's cursor.
const CURSOR: &str = "bus/outlet";

/// The part of the bus outside all processes.
#[derive(Default)]
pub struct Broker {
    channels: Mutex<BTreeMap<&'static str, Arc<Channel>>>,
}

#[derive(Default)]
struct Channel {
    stored: Mutex<Stored>,
    changed: Notify,
}

#[derive(Default)]
struct Stored {
    events: Vec<PublicEvent>,
    /// The newest position of the producer's journal that is stored here.
    newest: u64,
    durable: BTreeMap<&'static str, Durable>,
}

/// The position of a durable consumer.
#[derive(Default)]
struct Durable {
    next: usize,
    /// Handed over but not confirmed, each with the time of its redelivery.
    pending: BTreeMap<usize, Instant>,
}

impl Broker {
    fn channel(&self, service: &'static str) -> Arc<Channel> {
        self.channels.lock().entry(service).or_default().clone()
    }

    /// Drops everything.
    pub fn empty(&self) {
        drop(std::mem::take(&mut *self.channels.lock()));
    }

    /// The durable consumers with unconfirmed events, and how many those are.
    pub fn behind(&self) -> Vec<(&'static str, usize)> {
        let channels: Vec<Arc<Channel>> = self.channels.lock().values().cloned().collect();
        let of = |channel: &Arc<Channel>| {
            let stored = channel.stored.lock();
            let left = |it: &Durable| stored.events.len() - it.next + it.pending.len();
            stored.durable.iter().map(|(name, it)| (*name, left(it))).collect::<Vec<_>>()
        };
        channels.iter().flat_map(of).filter(|(_, left)| *left > 0).collect()
    }
}

/// A process's connection to the broker.
pub struct SimBus {
    /// The broker it connects to.
    pub broker: Arc<Broker>,
    /// The tasks of this process, which drive the connection.
    pub tasks: Arc<dyn Tasks>,
    /// What may go wrong.
    pub weather: Arc<Weather>,
    /// Decides when it does.
    pub dice: Dice,
    /// The relays of this process.
    pub relays: Arc<Mutex<Vec<Progress>>>,
    /// Which relays and durable consumers are to run here.
    pub homes: Arc<dyn Homes>,
}

#[async_trait]
impl Bus for SimBus {
    fn offer(&self, service: &'static str, journal: Arc<Journal>, publisher: Arc<dyn Publisher>) {
        let outlet = Arc::new(Outlet {
            channel: self.broker.channel(service),
            publisher,
            weather: self.weather.clone(),
            dice: self.dice.fork(service),
        });
        let relays = self.relays.clone();
        let home = self.home(service, format!("relay/{service}/bus"));
        let run = async move {
            let mut pause = RETRY_FIRST;
            loop {
                match Roaming::open(journal.clone(), CURSOR, home.clone(), outlet.clone()).await {
                    Ok((relay, progress)) => {
                        relays.lock().push(progress);
                        return relay.run().await;
                    }
                    Err(_) => tokio::time::sleep(pause).await,
                }
                pause = (pause * 2).min(RETRY_LONGEST);
            }
        };
        self.tasks.spawn("bus outlet", Box::pin(run));
    }

    async fn consume(
        &self,
        consumer: &'static str,
        service: &'static str,
        from: From,
        handler: Arc<dyn Consumer>,
    ) -> Result<(), JournalError> {
        let channel = self.broker.channel(service);
        let durable = from == From::Start;
        let next = {
            let mut stored = channel.stored.lock();
            if durable {
                stored.durable.entry(consumer).or_default();
            }
            stored.events.len()
        };
        let (weather, dice) = (self.weather.clone(), self.dice.fork(consumer));
        let intake = Intake { channel, consumer, handler, weather, dice };
        let home = self.home(consumer, format!("consumer/{consumer}/{service}"));
        let run: okienko_kernel::world::Task = if durable {
            Box::pin(async move {
                while_here(&*home.homes, &home.role, &home.key, || intake.run_durable()).await;
            })
        } else {
            Box::pin(intake.run_from(next))
        };
        self.tasks.spawn("bus intake", run);
        Ok(())
    }

    fn is_idle(&self) -> bool {
        self.relays.lock().iter().all(Progress::is_idle) && self.broker.behind().is_empty()
    }
}

impl SimBus {
    fn home(&self, role: &str, key: String) -> RelayHome {
        RelayHome { homes: self.homes.clone(), role: role.to_owned(), key }
    }
}

/// From a producer's journal to its channel.
struct Outlet {
    channel: Arc<Channel>,
    publisher: Arc<dyn Publisher>,
    weather: Arc<Weather>,
    dice: Dice,
}

#[async_trait]
impl Sink for Outlet {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        let faults = &self.weather.now().bus;
        tokio::time::sleep(faults.delay(&self.dice)).await;
        if self.dice.chance(faults.lose_request) {
            return Err("the broker did not answer".to_owned().into());
        }
        {
            let mut stored = self.channel.stored.lock();
            for recorded in batch {
                // As with JetStream's condition on the newest stored event: nothing is stored twice.
                if recorded.pos > stored.newest {
                    stored.newest = recorded.pos;
                    stored.events.extend(self.publisher.publish(recorded));
                }
            }
        }
        self.channel.changed.notify_waiters();
        if self.dice.chance(faults.lose_answer) { Err("no confirmation".to_owned().into()) } else { Ok(()) }
    }
}

/// From a channel to one consumer.
struct Intake {
    channel: Arc<Channel>,
    consumer: &'static str,
    handler: Arc<dyn Consumer>,
    weather: Arc<Weather>,
    dice: Dice,
}

impl Intake {
    async fn run_durable(&self) {
        loop {
            let news = self.channel.changed.notified();
            let Some(batch) = self.fetch() else {
                // Wakes without news too: unconfirmed events fall due on their own.
                let _ = tokio::time::timeout(CONFIRM_WITHIN / 4, news).await;
                continue;
            };
            let faults = &self.weather.now().bus;
            tokio::time::sleep(faults.delay(&self.dice)).await;
            self.hand_over(&batch).await;
            // Otherwise the confirmation is lost, and all of the batch is handed over again.
            if !self.dice.chance(faults.twice) {
                let mut stored = self.channel.stored.lock();
                if let Some(durable) = stored.durable.get_mut(self.consumer) {
                    durable.pending.retain(|place, _| !batch.contains(place));
                }
            }
        }
    }

    /// Indexes of events due for redelivery, or else of new ones.
    fn fetch(&self) -> Option<Vec<usize>> {
        let most = self.dice.range(1..BATCH) as usize;
        let mut stored = self.channel.stored.lock();
        let end = stored.events.len();
        let durable = stored.durable.get_mut(self.consumer)?;
        let (now, again) = (Instant::now(), Instant::now() + CONFIRM_WITHIN);
        let due = durable.pending.iter().filter(|(_, at)| **at <= now).map(|(place, _)| *place);
        let mut batch: Vec<usize> = due.take(most).collect();
        if batch.is_empty() {
            batch = (durable.next..end).take(most).collect();
            durable.next += batch.len();
        }
        durable.pending.extend(batch.iter().map(|place| (*place, again)));
        (!batch.is_empty()).then_some(batch)
    }

    async fn run_from(self, mut next: usize) {
        loop {
            let news = self.channel.changed.notified();
            let end = self.channel.stored.lock().events.len();
            if next == end {
                news.await;
                continue;
            }
            let faults = &self.weather.now().bus;
            tokio::time::sleep(faults.delay(&self.dice)).await;
            // A live-only consumer is not guaranteed events lost on the way.
            let lost = |_: &usize| !self.dice.chance(faults.lose_request);
            let batch: Vec<usize> = (next..end).filter(lost).collect();
            self.hand_over(&batch).await;
            if self.dice.chance(faults.twice) {
                let from = batch.len().saturating_sub(self.dice.range(1..8) as usize);
                self.hand_over(&batch[from..]).await;
            }
            next = end;
        }
    }

    async fn hand_over(&self, places: &[usize]) {
        let events: Vec<PublicEvent> = {
            let stored = self.channel.stored.lock();
            places.iter().filter_map(|place| stored.events.get(*place).cloned()).collect()
        };
        let (mut events, mut pause) = (HandOver::new(self.consumer, events), Pause::default());
        while events.attempt(&self.handler).await.is_err() {
            pause.sleep().await;
        }
    }
}
