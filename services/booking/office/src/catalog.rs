//! Offices in memory: the newest version of each, and the plans of their days, computed once per version. Knows no
//! journal; the service fills it, including with what other replicas imported.

use crate::data::{Office, Pool, Release, Service};
use crate::plan::DayPlan;
use okienko_kernel::Day;
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::sync::Arc;

type PlanKey = (u16, Day);
type Plans = BTreeMap<PlanKey, Option<Arc<DayPlan>>>;

/// An office with the plans computed so far.
pub struct LoadedOffice {
    /// Its data.
    pub office: Arc<Office>,
    version: u64,
    plans: RwLock<Plans>,
}

impl LoadedOffice {
    /// The version of its data, from 1.
    pub fn version(&self) -> u64 {
        self.version
    }
    /// The plan of a pool's day; `None` when nothing can be booked then.
    pub fn plan(&self, pool: &Pool, day: Day) -> Option<Arc<DayPlan>> {
        let key = (pool.number, day);
        if let Some(plan) = self.plans.read().get(&key) {
            return plan.clone();
        }
        let plan = self.office.plan(&pool.id, day).map(Arc::new);
        let mut plans = self.plans.write();
        // Past days are never requested again: the table stays as long as the horizon.
        plans.retain(|(_, known), _| known.days_since(day) > -2 * i64::from(self.office.horizon_days) - 7);
        plans.insert(key, plan.clone());
        plan
    }
    /// The service, if it is offered at that location.
    pub fn service_at(&self, service: &str, location: &str) -> Option<&Service> {
        let found = self.office.service(service)?;
        found.locations.iter().any(|id| id == location).then_some(found)
    }
    /// Whether a day is over, open or not yet released.
    pub fn release(&self, day: Day, today: Day) -> Release {
        self.office.release(day, today)
    }
}

/// All offices.
#[derive(Default)]
pub struct Offices {
    known: RwLock<BTreeMap<String, Arc<LoadedOffice>>>,
}

impl Offices {
    /// The office with this id.
    pub fn get(&self, id: &str) -> Option<Arc<LoadedOffice>> {
        self.known.read().get(id).cloned()
    }
    /// The office with this number, as contained in ids.
    pub fn numbered(&self, number: u32) -> Option<Arc<LoadedOffice>> {
        self.known.read().values().find(|known| known.office.number == number).cloned()
    }
    /// All offices by id.
    pub fn all(&self) -> Vec<Arc<LoadedOffice>> {
        self.known.read().values().cloned().collect()
    }
    /// Adds an office, or a new version of one, unless this or a newer version is already here.
    pub fn put(&self, version: u64, office: Arc<Office>) {
        let mut known = self.known.write();
        if known.get(&office.id).is_none_or(|old| version > old.version) {
            let new = LoadedOffice { office: office.clone(), version, plans: RwLock::default() };
            known.insert(office.id.clone(), Arc::new(new));
        }
    }
}
