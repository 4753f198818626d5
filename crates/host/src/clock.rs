//! Clocks: real time, and the domain clock of a demo that may stand still, start elsewhere and be moved by hand. Knows
//! no service.

use okienko_kernel::world::Task;
use okienko_kernel::{Clock, Moment, Span};
use parking_lot::Mutex;
use std::sync::Arc;
use tokio::sync::watch;

/// The longest sleep before a clock is checked again, so that a changed system clock is noticed.
const LONGEST_SLEEP: Span = Span::from_secs(20);

/// Real time from the system.
pub struct WallClock;

impl WallClock {
    #[expect(clippy::disallowed_methods, reason = "this is the World's clock")]
    fn read() -> Moment {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Moment::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

impl Clock for WallClock {
    fn now(&self) -> Moment {
        WallClock::read()
    }
    fn until(&self, at: Moment) -> Task {
        Box::pin(async move {
            while WallClock::read() < at {
                let left = at.since(WallClock::read()).min(LONGEST_SLEEP).max(Span::from_millis(1));
                tokio::time::sleep(left.to_std()).await;
            }
        })
    }
}

#[derive(Clone, Copy)]
enum Mode {
    /// Real time plus an offset.
    Running { ahead: Span },
    /// Stands still at a moment.
    Standing { at: Moment },
}

/// Domain time.
pub struct DomainClock {
    real: Arc<dyn Clock>,
    mode: Mutex<Mode>,
    moved: watch::Sender<()>,
}

impl DomainClock {
    /// Follows real time.
    pub fn real() -> Arc<DomainClock> {
        DomainClock::with(Mode::Running { ahead: Span::ZERO })
    }
    /// Follows another World's notion of real time, which may be virtual.
    pub fn over(real: Arc<dyn Clock>) -> Arc<DomainClock> {
        DomainClock::made(real, Mode::Running { ahead: Span::ZERO })
    }
    /// Starts at `at` and runs at normal speed.
    pub fn running_from(at: Moment) -> Arc<DomainClock> {
        DomainClock::with(Mode::Running { ahead: at.since(WallClock::read()) })
    }
    /// Stands at `at` until moved.
    pub fn standing(at: Moment) -> Arc<DomainClock> {
        DomainClock::with(Mode::Standing { at })
    }

    fn with(mode: Mode) -> Arc<DomainClock> {
        DomainClock::made(Arc::new(WallClock), mode)
    }
    fn made(real: Arc<dyn Clock>, mode: Mode) -> Arc<DomainClock> {
        Arc::new(DomainClock { real, mode: Mutex::new(mode), moved: watch::Sender::new(()) })
    }

    /// Moves the clock forward to `at`; never back.
    pub fn move_to(&self, at: Moment) {
        let now = self.now();
        if at > now {
            let mut mode = self.mode.lock();
            *mode = match *mode {
                Mode::Running { ahead } => {
                    Mode::Running { ahead: Span::from_micros(ahead.micros() + at.since(now).micros()) }
                }
                Mode::Standing { .. } => Mode::Standing { at },
            };
        }
        self.moved.send_replace(());
    }

    /// Whether it stands still.
    pub fn is_standing(&self) -> bool {
        matches!(*self.mode.lock(), Mode::Standing { .. })
    }

    fn left(&self, at: Moment) -> Option<Span> {
        let mode = *self.mode.lock();
        match mode {
            Mode::Standing { .. } => None,
            Mode::Running { .. } => Some(at.since(self.now()).min(LONGEST_SLEEP).max(Span::from_millis(1))),
        }
    }
}

impl Clock for DomainClock {
    fn now(&self) -> Moment {
        match *self.mode.lock() {
            Mode::Running { ahead } => self.real.now().plus(ahead),
            Mode::Standing { at } => at,
        }
    }
    fn until(&self, at: Moment) -> Task {
        // Subscribed before the first look, so that a move in between is not missed.
        let mut moved = self.moved.subscribe();
        if self.now() >= at {
            return Box::pin(async {});
        }
        let left = self.left(at);
        // May complete early, at any move; the caller checks the clock again.
        Box::pin(async move {
            match left {
                Some(left) => tokio::select! {
                    biased;
                    _ = moved.changed() => {}
                    () = tokio::time::sleep(left.to_std()) => {}
                },
                None => drop(moved.changed().await),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_standing_clock_moves_only_by_hand_and_never_back() {
        let clock = DomainClock::standing(Moment::from_micros(1_000));
        assert_eq!(clock.now(), Moment::from_micros(1_000));
        let until = clock.until(Moment::from_micros(2_000));
        clock.move_to(Moment::from_micros(2_000));
        until.await;
        clock.move_to(Moment::from_micros(1_500));
        assert_eq!(clock.now(), Moment::from_micros(2_000));
    }

    #[tokio::test]
    async fn a_running_clock_keeps_its_distance_from_real_time_and_can_jump() {
        let far = WallClock.now().plus(Span::from_hours(1_000));
        let clock = DomainClock::running_from(far);
        assert!(clock.now() >= far);
        let until = clock.until(far.plus(Span::from_hours(1)));
        clock.move_to(far.plus(Span::from_hours(2)));
        until.await;
        assert!(clock.now() >= far.plus(Span::from_hours(2)));
    }
}
