//! The offices known to display: requested from queue when something is unknown, at most once a second.

use crate::domain::Matters;
use okienko_kernel::Zone;
use okienko_proto::booking::queue_rules::Merge;
use okienko_proto::booking::{Counter, Location, Office};
use okienko_proto::queue::OfficesRequest;
use okienko_proto::queue::queue_client::QueueClient;
use okienko_rpc::Link;
use parking_lot::RwLock;
use std::sync::Arc;
use tokio::time::{Duration, Instant};
use tonic::Status;

/// Limits how often requests for unknown offices make display ask queue.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// One location of an office, with everything that pages and e-tickets need.
pub struct Place {
    /// The office.
    pub office: Office,
    /// The location.
    pub location: Location,
    /// The office's zone.
    pub zone: Zone,
    /// What the waits here depend on.
    pub matters: Matters,
}

impl Place {
    fn new(office: &Office, location: &Location) -> Place {
        let here = office.services.iter().filter(|s| s.locations.contains(&location.id));
        let served = |counter: &Counter| (counter.number.clone(), counter.services.iter().cloned().collect());
        let matters = Matters {
            services: here.map(|s| (s.id.clone(), s.minutes)).collect(),
            counters: location.counters.iter().map(served).collect(),
            booked_first: location.rules.as_ref().is_some_and(|rules| rules.merge() == Merge::BookedFirst),
        };
        let zone = Zone::named(&office.zone).unwrap_or_else(|_| Zone::utc());
        Place { office: office.clone(), location: location.clone(), zone, matters }
    }
    /// The service's name, or its id if it is no longer known.
    pub fn service_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.office.services.iter().find(|s| s.id == id).map_or(id, |s| &s.name)
    }
}

/// All offices that queue knows.
pub struct Offices {
    queue: QueueClient<Link>,
    known: RwLock<Vec<Arc<Place>>>,
    /// When queue was last asked, and the result.
    asked: tokio::sync::Mutex<Option<(Instant, Result<(), Status>)>>,
}

impl Offices {
    /// Nothing known yet.
    pub fn new(queue: QueueClient<Link>) -> Offices {
        Offices { queue, known: RwLock::default(), asked: tokio::sync::Mutex::default() }
    }

    /// The location with these ids; an error if it is unknown and queue is down.
    pub async fn by_id(&self, office: &str, location: &str) -> Result<Option<Arc<Place>>, Status> {
        self.find(|place| place.office.id == office && place.location.id == location).await
    }

    /// The location with these numbers, as contained in ids.
    pub async fn by_number(&self, office: u32, location: u16) -> Result<Option<Arc<Place>>, Status> {
        self.find(|p| p.office.number == office && p.location.number == u32::from(location)).await
    }

    /// All locations of an office; of all offices if none is given.
    pub async fn all(&self, office: Option<&str>) -> Result<Vec<Arc<Place>>, Status> {
        let asked = self.refresh(ASK_AGAIN).await;
        let known = self.known.read();
        if known.is_empty() {
            asked?;
        }
        Ok(known.iter().filter(|p| office.is_none_or(|id| p.office.id == id)).cloned().collect())
    }

    /// Asks again at once, because something may have changed; the known data stays if queue is down.
    pub async fn renew(&self) {
        if let Err(error) = self.refresh(Duration::ZERO).await {
            tracing::warn!(%error, "queue does not tell its offices");
        }
    }

    async fn find(&self, wanted: impl Fn(&Place) -> bool) -> Result<Option<Arc<Place>>, Status> {
        let look = || self.known.read().iter().find(|place| wanted(place)).cloned();
        if let Some(found) = look() {
            return Ok(Some(found));
        }
        self.refresh(ASK_AGAIN).await?;
        Ok(look())
    }

    /// Asks queue, unless it was asked less than `pause` ago; then that result counts.
    async fn refresh(&self, pause: Duration) -> Result<(), Status> {
        let mut asked = self.asked.lock().await;
        if let Some((at, became)) = &*asked
            && at.elapsed() < pause
        {
            return became.clone();
        }
        let became = self.queue.clone().offices(OfficesRequest {}).await.map(|reply| {
            let offices = reply.into_inner().offices;
            let places = offices.iter().flat_map(|o| o.locations.iter().map(|l| Arc::new(Place::new(o, l))));
            *self.known.write() = places.collect();
        });
        *asked = Some((Instant::now(), became.clone()));
        became
    }
}
