//! Counts page views of an office: in memory as they come, added to the journal every few seconds if there were any. A
//! crash loses those seconds and nothing else; no view costs a write. Each replica counts its own views, and sees those
//! of others once they are added. Knows nothing about the visitors.

use crate::domain::visits::{AddVisits, Visits, stream_key};
use crate::service::Booking;
use okienko_actor::{Order, Registry};
use okienko_kernel::Fault;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Weak;
use std::time::Duration;

/// How often pending views are added.
const EVERY: Duration = Duration::from_secs(3);

/// The counters of all offices.
pub struct Counters {
    registry: Registry<Visits>,
    /// Views that are not in the journal yet.
    pending: Mutex<BTreeMap<String, u64>>,
}

impl Counters {
    /// Counters on a registry of the `visits/` streams.
    pub fn new(registry: Registry<Visits>) -> Counters {
        Counters { registry, pending: Mutex::default() }
    }

    /// Counts one more view; returns the total including it. `None` while the journal cannot be read: the page does
    /// without.
    pub async fn count(&self, office: &str) -> Option<u64> {
        *self.pending.lock().entry(office.to_owned()).or_default() += 1;
        self.shown(office).await
    }

    /// The total so far.
    pub async fn shown(&self, office: &str) -> Option<u64> {
        let total = self.registry.peek(office, &stream_key(office), Visits::total).await.ok()?;
        Some(total + self.pending.lock().get(office).copied().unwrap_or_default())
    }

    /// Adds the pending views to the journal.
    pub async fn flush(&self) {
        let due = std::mem::take(&mut *self.pending.lock());
        for (office, added) in due {
            let order = Order::new(AddVisits(added), "page");
            match self.registry.send(&office, &stream_key(&office), order).await {
                // One with an unknown outcome may have been added: rather a few too many than a few lost.
                Err(Fault::Busy | Fault::NotDone(_) | Fault::Damaged(_) | Fault::Unknown) => {
                    *self.pending.lock().entry(office).or_default() += added;
                }
                Ok(_) | Err(Fault::KeyReused) => {}
            }
        }
    }
}

impl Booking {
    /// Writes the pending views; called before the program ends.
    pub async fn flush_counters(&self) {
        self.counters.flush().await;
    }
}

/// Adds pending views for as long as the service exists.
pub async fn add_up_forever(booking: Weak<Booking>) {
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(booking) = booking.upgrade() else { return };
        booking.counters.flush().await;
    }
}
