//! How much of each office's daily budget is used, as metrics for those who monitor the installation. A value is reset
//! after a long time without messages: the next day has its own budget. Knows no message.

use crate::measured;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// Offices send all the time while they are open; and a value reported by one replica must not linger once another has
/// the outbox.
const FORGOTTEN: Duration = Duration::from_secs(3600);
/// The interval between sweeps for old values.
const LOOK: Duration = Duration::from_secs(600);

/// When each office's value was last reported.
#[derive(Default)]
pub(crate) struct Budgets(Mutex<BTreeMap<String, Instant>>);

impl Budgets {
    /// Reports the parts used and the budget.
    pub(crate) fn told(&self, office: &str, used: u64, budget: u32) {
        self.0.lock().insert(office.to_owned(), Instant::now());
        measured::budget(office, used, budget);
    }

    /// Resets old values, for as long as it is polled.
    pub(crate) async fn forget(&self) {
        loop {
            tokio::time::sleep(LOOK).await;
            self.0.lock().retain(|office, told| {
                let fresh = told.elapsed() < FORGOTTEN;
                if !fresh {
                    measured::budget(office, 0, 0);
                }
                fresh
            });
        }
    }
}
