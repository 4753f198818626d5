//! Waits until everything due is carried out and everybody has been told, as tests and the demo's "advance the clock"
//! need. Knows no service: registries and relays are queried through closures.

use crate::clock::DomainClock;
use okienko_bus::Bus;
use okienko_journal::relay::Progress;
use okienko_journal::{Journal, Trouble};
use okienko_kernel::{Clock, Moment};
use parking_lot::Mutex;
use std::sync::{Arc, Weak};
use std::time::Duration;

type NextWake = Box<dyn Fn() -> Option<Moment> + Send + Sync>;
type IsBusy = Box<dyn Fn() -> bool + Send + Sync>;

/// Everything that may still have work.
#[derive(Default)]
pub struct Settle {
    wakes: Mutex<Vec<NextWake>>,
    relays: Mutex<Vec<Progress>>,
    journals: Mutex<Vec<Weak<Journal>>>,
    busy: Mutex<Vec<IsBusy>>,
}

impl Settle {
    /// Includes these timers.
    pub fn timers(&self, next: impl Fn() -> Option<Moment> + Send + Sync + 'static) {
        self.wakes.lock().push(Box::new(next));
    }
    /// Includes this relay.
    pub fn relay(&self, progress: Progress) {
        self.relays.lock().push(progress);
    }
    /// Includes this journal, which other processes may write to.
    pub fn journal(&self, journal: &Arc<Journal>) {
        self.journals.lock().push(Arc::downgrade(journal));
    }
    /// What keeps journals of this process from working, with their service's name.
    pub fn troubles(&self) -> Vec<(&'static str, Trouble)> {
        let journals = self.journals.lock();
        let journals = journals.iter().filter_map(Weak::upgrade);
        journals.filter_map(|journal| Some((journal.name(), journal.trouble()?))).collect()
    }
    /// Records damage to what a service has stored.
    pub fn is_damaged(&self, service: &str, what: &str) {
        let journals = self.journals.lock();
        let journals = journals.iter().filter_map(Weak::upgrade).filter(|journal| journal.name() == service);
        journals.for_each(|journal| journal.engine().is_damaged(what));
    }
    /// Reads what other processes have written, so that [`Settle::is_settled`] covers that too.
    pub async fn look(&self) {
        let journals: Vec<Arc<Journal>> = self.journals.lock().iter().filter_map(Weak::upgrade).collect();
        for journal in journals {
            journal.look().await;
        }
    }
    /// Grows with every write to the journals here, whoever makes it.
    pub fn mark(&self) -> u64 {
        let journals = self.journals.lock();
        journals.iter().filter_map(Weak::upgrade).map(|journal| *journal.head().borrow()).sum()
    }
    /// Also waits while `is_busy` is true.
    pub fn busy(&self, is_busy: impl Fn() -> bool + Send + Sync + 'static) {
        self.busy.lock().push(Box::new(is_busy));
    }
    /// Whether anything runs that is neither a timer nor a relay.
    pub fn is_busy(&self) -> bool {
        self.busy.lock().iter().any(|is_busy| is_busy())
    }
    /// The largest backlog of any relay, in events.
    pub fn lag(&self) -> u64 {
        self.relays.lock().iter().map(Progress::lag).max().unwrap_or(0)
    }

    /// The earliest timer, if any.
    pub fn next_wake(&self) -> Option<Moment> {
        self.wakes.lock().iter().filter_map(|next| next()).min()
    }

    /// Whether everything due by `now` is carried out, as far as this process knows.
    pub fn is_settled(&self, now: Moment, bus: &dyn Bus) -> bool {
        let due = || self.next_wake().is_some_and(|at| at <= now);
        let through = || self.relays.lock().iter().all(Progress::is_idle);
        // Checked again after the relays: their effects may set a timer or start something, whose outcome is written
        // and relayed in turn.
        !due() && !self.is_busy() && through() && bus.is_idle() && !self.is_busy() && through() && !due()
    }

    /// What is not carried out yet, in words, for whoever looks for the cause.
    pub fn waits_for(&self, now: Moment, bus: &dyn Bus) -> Vec<String> {
        let timer = self.next_wake().filter(|at| *at <= now).map(|_| "a timer is due".to_owned());
        let busy = self.is_busy().then(|| "an actor catches up, or a message is on its way".to_owned());
        let relays = self.relays.lock();
        let relays = relays.iter().filter_map(Progress::waits_for);
        timer.into_iter().chain(busy).chain(relays).chain(bus.waits_for()).collect()
    }

    /// Completes when everything due is carried out.
    pub async fn settled(&self, clock: &DomainClock, bus: &dyn Bus) {
        while !self.is_settled(clock.now(), bus) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Moves a standing or running clock to `target` step by step, carrying out each due moment before the next.
    pub async fn advance(&self, clock: &Arc<DomainClock>, bus: &dyn Bus, target: Moment) {
        loop {
            self.settled(clock, bus).await;
            let next = self.next_wake().unwrap_or(Moment::MAX).min(target);
            clock.move_to(next);
            if next >= target {
                break;
            }
        }
        self.settled(clock, bus).await;
    }
}
