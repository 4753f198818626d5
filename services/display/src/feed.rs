//! Brings queue's events into the halls: from the bus as they come, from queue itself after a start or a gap, and while
//! the bus is away. Knows how old what it has is.

use crate::convert::change;
use crate::domain::{Applied, Board, Number};
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
        self.fill(&hall, None).await?;
        halls.insert(key, hall.clone());
        Ok(hall)
    }

    /// After which number a screen that has `seen` this one is to go on here; none: from a snapshot. It may come from
    /// another replica that was ahead of this one, also by a life, so queue is asked first. A number that queue has not given
    /// either, or one of a life that has ended, is of a time that is no more, e.g. before a backup was restored.
    pub async fn reach(&self, hall: &Hall, seen: Number) -> Option<Number> {
        let here = || hall.board(Board::number);
        let goes_on = || {
            let seen = seen.in_life(here().life);
            Some(seen).filter(|seen| seen.life == here().life && *seen <= here())
        };
        if seen.in_life(here().life) <= here() {
            return goes_on();
        }
        let _one_at_a_time = self.halls.lock().await;
        match self.fill(hall, None).await {
            Ok(_) => goes_on(),
            Err(status) => {
                tracing::warn!(error = %status, "a screen is ahead of this replica, and queue is away");
                Some(seen.in_life(here().life))
            }
        }
    }

    /// Asks queue for all that the hall lacks. Where queue lives anew that is the whole day, which takes the place of what is
    /// here; screens are then told what was before the number `live` as one, and the rest as it comes. Tells queue's life; 0 where
    /// the replica that answered knows none.
    async fn fill(&self, hall: &Hall, live: Option<u64>) -> Result<u64, tonic::Status> {
        let place = hall.place();
        let here = hall.board(Board::number);
        let mut asked = here;
        let mut anew: Option<Vec<HallEvent>> = None;
        let life = loop {
            let (office, location) = (place.office.id.clone(), place.location.id.clone());
            let request = HallEventsRequest { office, location, after_seq: asked.seq, life: asked.life };
            let page = self.queue.clone().hall_events(request).await?.into_inner();
            if here != Number::default() && page.life > asked.life {
                // Whoever is asked after a number without a life has skipped what is before it; all others began with the first.
                let skipped = asked.life == 0 && asked.seq != 0;
                asked = Number { life: page.life, seq: 0 };
                anew = Some(Vec::new());
                if skipped {
                    continue;
                }
            }
            asked.life = asked.life.max(page.life);
            let last = page.events.last().map(|event| event.seq);
            match &mut anew {
                Some(events) => events.extend(page.events),
                None => page.events.into_iter().for_each(|event| {
                    apply(hall, event);
                }),
            }
            match last {
                // Only what goes on ends: an answer that does not would be asked for again for ever.
                Some(last) if page.more && last > asked.seq => asked.seq = last,
                _ => break page.life,
            }
        };
        if let Some(mut events) = anew {
            let rest = live.map(|live| events.split_off(events.partition_point(|event| event.seq < live)));
            let read = |event: HallEvent| (event.seq, Moment::from_micros(event.at), change(event.change));
            hall.begin(asked.life, events.into_iter().map(read).collect());
            rest.into_iter().flatten().for_each(|event| {
                apply(hall, event);
            });
        }
        Ok(life)
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
            self.fill(hall, None).await?;
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
        let seq = event.seq;
        match apply(hall, event.clone()) {
            Applied::New | Applied::Seen => {}
            Applied::Gap => {
                self.fill(hall, None).await.map_err(|e| e.to_string())?;
            }
            Applied::NewLife => {
                let told = self.fill(hall, Some(seq)).await.map_err(|e| e.to_string())?;
                if told == 0 {
                    // A roll-out: a replica that knows no lives has told the rest, and this is what follows.
                    apply(hall, HallEvent { life: 0, ..event });
                } else if told < event.life {
                    return Err(
                        "the replica of queue that was asked has not heard of its new life".to_owned()
                    );
                }
            }
        }
        Ok(())
    }
}

fn apply(hall: &Hall, event: HallEvent) -> Applied {
    hall.take(
        Number { life: event.life, seq: event.seq },
        Moment::from_micros(event.at),
        change(event.change),
    )
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
