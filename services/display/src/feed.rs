//! Brings queue's events into the halls: from the bus as they come, from queue itself after a start or a gap, and while
//! the bus is away. Knows how old what it has is.

use crate::convert::change;
use crate::domain::Applied;
use crate::halls::{Announce, Hall};
use crate::offices::{Offices, Place};
use async_trait::async_trait;
use okienko_bus::{Bus, Consumer, PublicEvent};
use okienko_kernel::Moment;
use okienko_proto::queue::hall_event::Change as Public;
use okienko_proto::queue::queue_client::QueueClient;
use okienko_proto::queue::{HallEvent, HallEventsRequest};
use okienko_rpc::Link;
use okienko_trace::Instrument;
use prost::Message;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};

/// How often the bus is looked at, and queue asked while it is away: a screen is told within two seconds.
const LOOK: Duration = Duration::from_millis(750);

type Key = (String, String);

/// All halls that somebody has asked for, kept up to date.
pub struct Feed {
    /// What is known of offices.
    pub offices: Offices,
    queue: QueueClient<Link>,
    announce: Announce,
    /// Locked while a hall is being filled, so that no event slips in between.
    halls: Mutex<BTreeMap<Key, Arc<Hall>>>,
    /// When the halls were last known to be as queue has them; none while events come through.
    known_until: parking_lot::Mutex<Option<Instant>>,
}

impl Feed {
    /// A feed without halls.
    pub fn new(queue: QueueClient<Link>, announce: Announce) -> Feed {
        let (offices, halls) = (Offices::new(queue.clone()), Mutex::default());
        Feed { offices, queue, announce, halls, known_until: parking_lot::Mutex::default() }
    }

    /// The hall, filled with its present day; an error when queue is away.
    pub async fn hall(&self, place: &Arc<Place>) -> Result<Arc<Hall>, tonic::Status> {
        let key = (place.office.id.clone(), place.location.id.clone());
        let mut halls = self.halls.lock().await;
        if let Some(hall) = halls.get(&key) {
            return Ok(hall.clone());
        }
        let hall = Arc::new(Hall::new(place.clone(), self.announce.clone()));
        self.fill(&hall, 0).await?;
        halls.insert(key, hall.clone());
        Ok(hall)
    }

    /// After which number a screen that has `seen` this one is to go on here; none: from a snapshot. It may come from
    /// another replica that was ahead of this one, so queue is asked first. A number that queue has not given either is of
    /// a time that is no more, e.g. before a backup was restored.
    pub async fn reach(&self, hall: &Hall, seen: u64) -> Option<u64> {
        let here = || hall.board(|board| board.seq());
        if seen <= here() {
            return Some(seen);
        }
        let _one_at_a_time = self.halls.lock().await;
        match self.fill(hall, here()).await {
            Ok(()) => Some(seen).filter(|seen| *seen <= here()),
            Err(status) => {
                tracing::warn!(error = %status, "a screen is ahead of this replica, and queue is away");
                Some(seen)
            }
        }
    }

    /// Asks queue for all after `seq`.
    async fn fill(&self, hall: &Hall, mut after_seq: u64) -> Result<(), tonic::Status> {
        let place = hall.place();
        loop {
            let (office, location) = (place.office.id.clone(), place.location.id.clone());
            let request = HallEventsRequest { office, location, after_seq };
            let page = self.queue.clone().hall_events(request).await?.into_inner();
            let last = page.events.last().map(|event| event.seq);
            for event in page.events {
                apply(hall, event);
            }
            match last {
                // Only what goes on ends: an answer that does not would be asked for again for ever.
                Some(last) if page.more && last > after_seq => after_seq = last,
                _ => return Ok(()),
            }
        }
    }

    /// How many seconds old what the halls show is; 0 while it is the newest.
    pub fn age_s(&self) -> u64 {
        self.known_until.lock().map_or(0, |since| since.elapsed().as_secs())
    }

    /// Watches the bus for ever; while it is away, queue is asked.
    pub async fn stand_in_forever(self: Arc<Self>, bus: Arc<dyn Bus>) {
        loop {
            tokio::time::sleep(LOOK).await;
            if !bus.is_away() {
                *self.known_until.lock() = None;
                continue;
            }
            let asked_at = Instant::now();
            match self.ask_all().await {
                Ok(()) => *self.known_until.lock() = Some(asked_at),
                Err(status) => {
                    tracing::warn!(error = %status, "the bus is away, and so is queue");
                    self.known_until.lock().get_or_insert(asked_at);
                }
            }
        }
    }

    async fn ask_all(&self) -> Result<(), tonic::Status> {
        let halls = self.halls.lock().await;
        for hall in halls.values() {
            self.fill(hall, hall.board(|board| board.seq())).await?;
        }
        Ok(())
    }

    async fn take_one(&self, event: HallEvent) -> Result<(), String> {
        let halls = self.halls.lock().await;
        let key = (event.office.clone(), event.location.clone());
        // A hall that nobody has asked for is filled when somebody does.
        let Some(hall) = halls.get(&key) else { return Ok(()) };
        if matches!(event.change, Some(Public::DayOpened(_))) {
            // A day opens with the office as it is then: names, services, counters.
            self.offices.renew().await;
            if let Ok(Some(place)) = self.offices.by_id(&key.0, &key.1).await {
                hall.moved(place);
            }
        }
        if apply(hall, event) == Applied::Gap {
            let seq = hall.board(|board| board.seq());
            self.fill(hall, seq).await.map_err(|e| e.to_string())?;
        }
        Ok(())
    }
}

fn apply(hall: &Hall, event: HallEvent) -> Applied {
    hall.take(event.seq, Moment::from_micros(event.at), change(event.change))
}

#[async_trait]
impl Consumer for Feed {
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), String> {
        for event in batch.into_iter().filter(|event| event.name() == "hall") {
            let span = event.taken("display");
            match HallEvent::decode(event.payload) {
                Ok(event) => self.take_one(event).instrument(span).await?,
                Err(error) => tracing::error!(%error, "a hall event that cannot be read is dropped"),
            }
        }
        Ok(())
    }
}
