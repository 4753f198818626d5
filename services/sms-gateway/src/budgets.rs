//! What of each office's budget of the day is used, for whoever watches the installation. What was said of one is taken back
//! when nothing was sent there for long: the next day has a budget of its own. Knows no message.

use crate::measured;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// Offices send all the time while they are open; and what one replica has said does not stay when another has the outbox.
const FORGOTTEN: Duration = Duration::from_secs(3600);
/// Between two looks for what is to be forgotten.
const LOOK: Duration = Duration::from_secs(600);

/// When each office's was told last.
#[derive(Default)]
pub(crate) struct Budgets(Mutex<BTreeMap<String, Instant>>);

impl Budgets {
    /// So many parts are used of what is allowed.
    pub(crate) fn told(&self, office: &str, used: u64, budget: u32) {
        self.0.lock().insert(office.to_owned(), Instant::now());
        measured::budget(office, used, budget);
    }

    /// Takes back what is old, for as long as it is polled.
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
