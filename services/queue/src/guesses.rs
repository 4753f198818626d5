//! Slows down the guessing of check-in codes, per device: after several wrong codes in a row each further one makes the
//! device wait, longer each time. A correct code resets it, so the next visitor's code always gets through. Knows no
//! code.

use okienko_limits::RetryAfter;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Wrong codes in a row without a penalty: people mistype.
const FREE: u32 = 5;
/// The pause after the first wrong code beyond [`FREE`]; each further one doubles it.
const FIRST: Duration = Duration::from_secs(1);
/// The longest pause: shorter than it takes to walk up to a machine and type a code.
const LONGEST: Duration = Duration::from_secs(8);
/// A device is forgotten after this long without a wrong code.
const FORGIVEN: Duration = Duration::from_secs(120);
/// How long an attempt may queue behind others of the same device.
const LINE: Duration = Duration::from_secs(4);

struct Device {
    wrong: u32,
    last: Instant,
    free_at: Instant,
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// Devices that recently sent wrong codes. In memory: a restart forgets them. Each replica counts its own requests:
/// with two, a device has twice the free attempts, and the same pause after each further one.
#[derive(Default)]
pub struct Guesses {
    devices: Mutex<BTreeMap<String, Device>>,
}

impl Guesses {
    /// Call before checking a code: a device that has guessed too often waits out its pause, one attempt at a time. The
    /// error says when to try again.
    pub async fn wait(&self, device: &str) -> Result<(), RetryAfter> {
        let turn = {
            let mut devices = self.devices.lock();
            devices.retain(|_, device| device.last.elapsed() < FORGIVEN);
            let known = devices.get(device).filter(|device| device.wrong > FREE);
            known.map(|device| device.turn.clone())
        };
        let Some(turn) = turn else { return Ok(()) };
        let _mine = tokio::time::timeout(LINE, turn.lock()).await.map_err(|_| RetryAfter(LONGEST))?;
        let free_at = self.devices.lock().get(device).map(|device| device.free_at);
        if let Some(free_at) = free_at {
            tokio::time::sleep_until(free_at).await;
        }
        Ok(())
    }

    /// Records a wrong code; an error, with the pause, if there were too many in a row.
    pub fn wrong(&self, device: &str) -> Result<(), RetryAfter> {
        let now = Instant::now();
        let mut devices = self.devices.lock();
        let entry = devices.entry(device.to_owned()).or_insert_with(|| Device {
            wrong: 0,
            last: now,
            free_at: now,
            turn: Arc::default(),
        });
        entry.wrong = entry.wrong.saturating_add(1);
        entry.last = now;
        let Some(above) = entry.wrong.checked_sub(FREE + 1) else { return Ok(()) };
        let pause = FIRST.saturating_mul(1 << above.min(10)).min(LONGEST);
        entry.free_at = now + pause;
        Err(RetryAfter(pause))
    }

    /// Resets the device after a correct code.
    pub fn right(&self, device: &str) {
        self.devices.lock().remove(device);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_pause_grows_with_wrong_codes_in_a_row_and_ends_with_a_right_one() {
        let guesses = Guesses::default();
        let free = (0..FREE).all(|_| guesses.wrong("kiosk").is_ok());
        assert!(free && guesses.wait("kiosk").await.is_ok());
        let pauses: Vec<u64> = (0..5).map(|_| guesses.wrong("kiosk").unwrap_err().0.as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 8]);
        let before = Instant::now();
        guesses.wait("another").await.unwrap();
        assert_eq!(before.elapsed(), Duration::ZERO, "each device by itself");
        guesses.wait("kiosk").await.unwrap();
        assert_eq!(before.elapsed(), LONGEST, "the next visitor is late by the pause, and passes");
        guesses.right("kiosk");
        assert!(guesses.wrong("kiosk").is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn wrong_codes_of_long_ago_are_forgiven() {
        let guesses = Guesses::default();
        let counted = (0..=FREE).filter(|_| guesses.wrong("kiosk").is_err()).count();
        assert_eq!(counted, 1);
        tokio::time::advance(FORGIVEN).await;
        guesses.wait("kiosk").await.unwrap();
        assert!(guesses.wrong("kiosk").is_ok());
    }
}
