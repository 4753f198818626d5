//! What display knows of offices: asked from queue when something is not known, at most once a second.

use okienko_kernel::Zone;
use okienko_proto::booking::{Location, Office};
use okienko_proto::queue::OfficesRequest;
use okienko_proto::queue::queue_client::QueueClient;
use okienko_rpc::Link;
use parking_lot::RwLock;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::time::{Duration, Instant};

/// Nobody can make display ask queue more often than this by asking for unknown offices.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// One location of an office, with what pages and e-tickets need of it.
pub struct Place {
    /// The office.
    pub office: Office,
    /// The location.
    pub location: Location,
    /// The office's zone.
    pub zone: Zone,
    /// For each service the services that some counter serves too: who is before whom.
    rivals: BTreeMap<String, BTreeSet<String>>,
}

impl Place {
    fn new(office: &Office, location: &Location) -> Place {
        let here: BTreeSet<&String> =
            office.services.iter().filter(|s| s.locations.contains(&location.id)).map(|s| &s.id).collect();
        let mut rivals: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for counter in &location.counters {
            let all = counter.services.is_empty();
            let served: Vec<&String> =
                here.iter().copied().filter(|s| all || counter.services.contains(*s)).collect();
            for one in &served {
                rivals.entry((*one).clone()).or_default().extend(served.iter().map(|s| (*s).clone()));
            }
        }
        let zone = Zone::named(&office.zone).unwrap_or_else(|_| Zone::utc());
        Place { office: office.clone(), location: location.clone(), zone, rivals }
    }
    /// Whether visitors of the two services wait for the same counter.
    pub fn competes(&self, service: &str, other: &str) -> bool {
        service == other || self.rivals.get(service).is_some_and(|set| set.contains(other))
    }
    /// The service's name, or its id when it is not known any more.
    pub fn service_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.office.services.iter().find(|s| s.id == id).map_or(id, |s| &s.name)
    }
}

/// All offices that queue knows.
pub struct Offices {
    queue: QueueClient<Link>,
    known: RwLock<Vec<Arc<Place>>>,
    asked: tokio::sync::Mutex<Option<Instant>>,
}

impl Offices {
    /// Nothing known yet.
    pub fn new(queue: QueueClient<Link>) -> Offices {
        Offices { queue, known: RwLock::default(), asked: tokio::sync::Mutex::default() }
    }

    /// The location with these ids.
    pub async fn by_id(&self, office: &str, location: &str) -> Option<Arc<Place>> {
        self.find(|place| place.office.id == office && place.location.id == location).await
    }

    /// The location with these numbers, as ids carry them.
    pub async fn by_number(&self, office: u32, location: u16) -> Option<Arc<Place>> {
        self.find(|p| p.office.number == office && p.location.number == u32::from(location)).await
    }

    /// All places of an office; of all offices when none is given.
    pub async fn all(&self, office: Option<&str>) -> Vec<Arc<Place>> {
        self.refresh().await;
        let known = self.known.read();
        known.iter().filter(|p| office.is_none_or(|id| p.office.id == id)).cloned().collect()
    }

    /// Something changed: the next question goes to queue.
    pub async fn forget(&self) {
        *self.asked.lock().await = None;
        self.known.write().clear();
    }

    async fn find(&self, wanted: impl Fn(&Place) -> bool) -> Option<Arc<Place>> {
        let look = || self.known.read().iter().find(|place| wanted(place)).cloned();
        if let Some(found) = look() {
            return Some(found);
        }
        self.refresh().await;
        look()
    }

    async fn refresh(&self) {
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|at| at.elapsed() < ASK_AGAIN) {
            return;
        }
        *asked = Some(Instant::now());
        match self.queue.clone().offices(OfficesRequest {}).await {
            Ok(reply) => {
                let offices = reply.into_inner().offices;
                let places = offices.iter().flat_map(|o| o.locations.iter().map(|l| Arc::new(Place::new(o, l))));
                *self.known.write() = places.collect();
            }
            Err(error) => tracing::warn!(%error, "queue does not tell its offices"),
        }
    }
}
