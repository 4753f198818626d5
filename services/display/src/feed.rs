//! Brings queue's events into the halls: from the bus as they come, from queue itself after a start or a gap, and while
//! the bus is down. Knows how old its data is. Knows no board's rules.

use crate::domain::{Board, Number};
use crate::fed::{Around, Fed};
use crate::halls::{Announce, Hall};
use crate::offices::{Offices, Place};
use async_trait::async_trait;
use futures::future::join_all;
use okienko_bus::{Bus, Consumer, NotTaken, PublicEvent};
use okienko_kernel::Tasks;
use okienko_proto::queue::HallEvent;
use okienko_proto::queue::queue_client::QueueClient;
use okienko_rpc::Link;
use parking_lot::Mutex;
use prost::Message;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::time::{Duration, Instant};

/// How often the bus is checked, and queue asked while it is down: a screen learns of a change within two seconds.
const LOOK: Duration = Duration::from_millis(750);

type Key = (String, String);

/// All halls requested so far, kept up to date.
pub struct Feed {
    /// The known offices.
    pub offices: Arc<Offices>,
    around: Around,
    tasks: Arc<dyn Tasks>,
    halls: Mutex<BTreeMap<Key, Arc<Fed>>>,
    /// When the halls were last known to match queue; `None` while events come through.
    known_until: Mutex<Option<Instant>>,
}

impl Feed {
    /// A feed without halls.
    pub fn new(queue: QueueClient<Link>, announce: Announce, tasks: Arc<dyn Tasks>) -> Feed {
        let offices = Arc::new(Offices::new(queue.clone()));
        let around = Around { queue, offices: offices.clone(), announce, waiting: Arc::default() };
        Feed { offices, around, tasks, halls: Mutex::default(), known_until: Mutex::default() }
    }

    /// Whether a hall still has pending events.
    pub fn is_busy(&self) -> bool {
        self.around.waiting.load(Ordering::Acquire) > 0
    }

    /// The hall, loaded with its current day; an error if queue is down.
    pub async fn hall(&self, place: &Arc<Place>) -> Result<Arc<Hall>, tonic::Status> {
        self.fed(place).hall().await
    }

    fn fed(&self, place: &Arc<Place>) -> Arc<Fed> {
        let key = (place.office.id.clone(), place.location.id.clone());
        let start = || Fed::start(place.clone(), self.around.clone(), &*self.tasks);
        self.halls.lock().entry(key).or_insert_with(start).clone()
    }

    /// The number after which a screen that has `seen` this one continues here; `None`: from a snapshot. The number may
    /// come from another replica that was ahead of this one, even by a life, so queue is asked first. A number that
    /// queue does not have either, or one of a life that has ended, belongs to a past that no longer exists, e.g.
    /// before a backup was restored.
    pub async fn reach(&self, hall: &Hall, seen: Number) -> Option<Number> {
        let here = || hall.board(Board::number);
        let goes_on = || {
            let seen = seen.in_life(here().life);
            Some(seen).filter(|seen| seen.life == here().life && *seen <= here())
        };
        if seen.in_life(here().life) <= here() {
            return goes_on();
        }
        match self.fed(&hall.place()).catch_up().await {
            Ok(()) => goes_on(),
            Err(status) => {
                tracing::warn!(error = %status, "a screen is ahead of this replica, and queue is away");
                Some(seen.in_life(here().life))
            }
        }
    }

    /// How many seconds old the displayed data is; 0 while it is current.
    pub fn age_s(&self) -> u64 {
        self.known_until.lock().map_or(0, |since| since.elapsed().as_secs())
    }

    /// Watches the bus forever; while it is down, asks queue instead.
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

    /// All halls at once: one for which queue is slow holds up no other.
    async fn ask_all(&self) -> Result<(), tonic::Status> {
        let halls: Vec<Arc<Fed>> = self.halls.lock().values().cloned().collect();
        join_all(halls.iter().map(|hall| hall.catch_up())).await.into_iter().collect()
    }
}

#[async_trait]
impl Consumer for Feed {
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), NotTaken> {
        for event in batch.into_iter().filter(|event| event.name() == "hall") {
            let work = event.taken("display");
            match HallEvent::decode(event.payload.clone()) {
                Ok(event) => {
                    let key = (event.office.clone(), event.location.clone());
                    // A hall that nobody has asked for is loaded when somebody does.
                    let hall = self.halls.lock().get(&key).cloned();
                    hall.into_iter().for_each(|hall| hall.take(event.clone(), work.clone()));
                }
                Err(error) => return Err(NotTaken::never(&event, error)),
            }
        }
        Ok(())
    }
}
