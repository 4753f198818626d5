//! The offices that queue knows, in memory: a copy of the journal's `office/` streams. Knows neither journal nor bus.

use okienko_hall::{LocationData, OfficeData};
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All known offices at their newest version.
#[derive(Default)]
pub struct Offices(RwLock<BTreeMap<String, Arc<OfficeData>>>);

impl Offices {
    /// Adds a version, unless a newer one is known.
    pub fn put(&self, office: OfficeData) {
        let mut known = self.0.write();
        let newer = known.get(&office.id).is_none_or(|old| office.version >= old.version);
        if newer {
            known.insert(office.id.clone(), Arc::new(office));
        }
    }
    /// The office with that id.
    pub fn get(&self, id: &str) -> Option<Arc<OfficeData>> {
        self.0.read().get(id).cloned()
    }
    /// All of them, by id.
    pub fn all(&self) -> Vec<Arc<OfficeData>> {
        self.0.read().values().cloned().collect()
    }
    /// The office and location denoted by an id's numbers.
    pub fn by_number(&self, office: u32, location: u16) -> Option<(Arc<OfficeData>, String)> {
        let known = self.0.read();
        let office = known.values().find(|known| known.number == office)?.clone();
        let place = office.locations.iter().find(|place| place.number == location)?.id.clone();
        Some((office, place))
    }
}

/// The location of that id in an office.
pub fn location<'a>(office: &'a OfficeData, id: &str) -> Option<&'a LocationData> {
    office.locations.iter().find(|place| place.id == id)
}

/// The service's name, or its id if it is no longer known.
pub fn service_name<'a>(office: &'a OfficeData, id: &'a str) -> &'a str {
    office.services.iter().find(|service| service.id == id).map_or(id, |service| &service.name)
}
