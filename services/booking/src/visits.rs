//! Counts visits to an office's page: in memory as they come, added to the journal every few seconds when there were
//! any. A crash loses those seconds and nothing else; no view costs a write. Each replica counts what came to it, and sees
//! what the others counted once that is added. Knows nothing of who came.

use crate::domain::visits::{AddVisits, Visits, stream_key};
use crate::service::Booking;
use okienko_actor::{Order, Registry};
use okienko_kernel::Fault;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Weak;
use std::time::Duration;

/// How often what came is added up.
const EVERY: Duration = Duration::from_secs(3);

/// The counters of all offices.
pub struct Counters {
    registry: Registry<Visits>,
    /// Visits that are not in the journal yet.
    pending: Mutex<BTreeMap<String, u64>>,
}

impl Counters {
    /// Counters over a registry of `visits/`.
    pub fn new(registry: Registry<Visits>) -> Counters {
        Counters { registry, pending: Mutex::default() }
    }

    /// One more visit; how many there were with it. `None` while the journal cannot be read: the page goes on without.
    pub async fn count(&self, office: &str) -> Option<u64> {
        *self.pending.lock().entry(office.to_owned()).or_default() += 1;
        self.shown(office).await
    }

    /// How many there were.
    pub async fn shown(&self, office: &str) -> Option<u64> {
        let total = self.registry.peek(office, &stream_key(office), Visits::total).await.ok()?;
        Some(total + self.pending.lock().get(office).copied().unwrap_or_default())
    }

    /// Adds to the journal what came since the last time.
    pub async fn flush(&self) {
        let due = std::mem::take(&mut *self.pending.lock());
        for (office, added) in due {
            let order = Order::new(AddVisits(added), "page");
            match self.registry.send(&office, &stream_key(&office), order).await {
                // One of unknown fate may have been added: rather a few too many than a few lost.
                Err(Fault::Busy | Fault::NotDone(_) | Fault::Damaged(_) | Fault::Unknown) => {
                    *self.pending.lock().entry(office).or_default() += added;
                }
                Ok(_) | Err(Fault::KeyReused) => {}
            }
        }
    }
}

impl Booking {
    /// Writes the visits that are only in memory yet; a program does so before it ends.
    pub async fn flush_counters(&self) {
        self.counters.flush().await;
    }
}

/// Adds up as long as the service lives.
pub async fn add_up_forever(booking: Weak<Booking>) {
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(booking) = booking.upgrade() else { return };
        booking.counters.flush().await;
    }
}
