//! Limits the log lines of a persistent fault: logged at once, then ever less often, with the number of lines left out.
//! A fault that lasts all night must not fill a disk. Knows no reason.

use parking_lot::Mutex;
use std::time::Duration;
use tokio::time::Instant;

/// The pause after the first line, doubled each time …
const FIRST: Duration = Duration::from_secs(1);
/// … up to this.
const LONGEST: Duration = Duration::from_secs(300);

/// Decides when a repeated message is logged.
#[derive(Debug, Default)]
pub struct Seldom(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    next: Option<Instant>,
    pause: Duration,
    unsaid: u64,
}

impl Seldom {
    /// If it should be logged now, how many times it was left out since the last line; otherwise `None`.
    pub fn says(&self) -> Option<u64> {
        let mut state = self.0.lock();
        let now = Instant::now();
        if state.next.is_some_and(|next| now < next) {
            state.unsaid += 1;
            return None;
        }
        // Quiet for long: it has started anew.
        let is_new = state.next.is_none_or(|next| now >= next + LONGEST);
        state.pause = if is_new { FIRST } else { (state.pause * 2).min(LONGEST) };
        state.next = Some(now + state.pause);
        Some(std::mem::take(&mut state.unsaid))
    }

    /// The fault is over; the next one counts as new.
    pub fn is_over(&self) {
        let mut state = self.0.lock();
        if state.next.is_some() {
            *state = State::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_lasts_an_hour_is_said_a_score_of_times_and_nothing_is_lost_of_the_count() {
        let seldom = Seldom::default();
        let (mut said, mut counted) = (0, 0);
        for _ in 0..36_000 {
            if let Some(unsaid) = seldom.says() {
                said += 1;
                counted += 1 + unsaid;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!((10..=30).contains(&said), "{said}");
        tokio::time::sleep(LONGEST).await;
        counted += 1 + seldom.says().unwrap();
        assert_eq!(counted, 36_001);
        seldom.is_over();
        assert_eq!(seldom.says(), Some(0), "once mended it is news again");
    }
}
