//! Guessing of check-in codes, held down per device: only wrong codes count, so that the next visitor's right code
//! always passes; a device with too many wrong ones is answered one at a time and slowly. Knows no code.

use okienko_limits::{Hit, Limits, Rate, RetryAfter};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Wrong codes that a device may send.
const WRONG: Rate = Rate::new(20, Duration::from_secs(300));
/// What each further try of such a device waits.
const SLOW: Duration = Duration::from_secs(1);
/// Tries of such a device that may wait in line, in time; more are refused.
const LINE: Duration = Duration::from_secs(4);

struct Slowed {
    until: Instant,
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// Devices that have sent too many wrong codes of late.
pub struct Guesses {
    limits: Arc<dyn Limits>,
    slowed: Mutex<BTreeMap<String, Slowed>>,
}

impl Guesses {
    /// Nobody has guessed yet.
    pub fn new(limits: Arc<dyn Limits>) -> Guesses {
        Guesses { limits, slowed: Mutex::default() }
    }

    /// Before a try: a device that has guessed too much waits its turn. An error says when the line is short again.
    pub async fn wait(&self, device: &str) -> Result<(), RetryAfter> {
        let turn = {
            let mut slowed = self.slowed.lock();
            slowed.retain(|_, slowed| slowed.until > Instant::now());
            slowed.get(device).map(|slowed| slowed.turn.clone())
        };
        let Some(turn) = turn else { return Ok(()) };
        let _mine = tokio::time::timeout(LINE, turn.lock()).await.map_err(|_| RetryAfter(LINE))?;
        tokio::time::sleep(SLOW).await;
        Ok(())
    }

    /// After a wrong code: counts it; an error when there were too many.
    pub async fn wrong(&self, device: &str) -> Result<(), RetryAfter> {
        let hit = Hit { key: format!("check-in/{device}"), rate: WRONG };
        let counted = self.limits.check(&[hit]).await;
        if counted.is_err() {
            let until = Instant::now() + WRONG.per;
            let mut slowed = self.slowed.lock();
            let entry = slowed.entry(device.to_owned());
            entry.or_insert_with(|| Slowed { until, turn: Arc::default() }).until = until;
        }
        counted
    }
}
