//! Hands events over to whoever takes them: retried while that may help, and skipping one that can never be taken, so
//! that it delays nothing else. Knows no journal, no bus, and not what taking does.

use futures::FutureExt;
use futures::future::BoxFuture;
use okienko_kernel::{EventRef, Handed, NotTaken, Refused};
use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

/// How many times one event, handed over alone, may make its taker panic before it is set aside.
const PANICS: u32 = 3;
/// How many may be set aside in a row for that reason: beyond this it is the taker that is broken, not the events.
const IN_A_ROW: u32 = 3;

const PAUSE_FIRST: Duration = Duration::from_millis(20);
const PAUSE_LONGEST: Duration = Duration::from_secs(2);

/// A backoff between attempts, doubled each time.
#[derive(Clone, Copy, Debug)]
pub struct Pause(Duration);

impl Default for Pause {
    fn default() -> Pause {
        Pause(PAUSE_FIRST)
    }
}

impl Pause {
    /// Waits until the next attempt.
    pub async fn sleep(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(PAUSE_LONGEST);
    }
}

/// A recipient of events.
pub trait Taker<E> {
    /// Takes the events in order.
    fn take<'t>(&'t self, events: &'t [E]) -> BoxFuture<'t, Result<(), NotTaken>>;
}

/// Events on their way to one taker.
pub struct HandOver<'a, E> {
    taker: &'a str,
    rest: Vec<E>,
    /// One by one, because the taker has panicked and it is unknown which event caused it.
    alone: bool,
    /// The taker's panics at the current event.
    panics: u32,
    /// Events set aside because of panics since the last one that was taken.
    in_a_row: u32,
}

impl<'a, E: Handed> HandOver<'a, E> {
    /// Hands these events over in order; `taker` is the name in logs and metrics.
    pub fn new(taker: &'a str, events: Vec<E>) -> HandOver<'a, E> {
        HandOver { taker, rest: events, alone: false, panics: 0, in_a_row: 0 }
    }

    /// Attempts until all are taken or set aside. An error says why to retry after a pause.
    pub async fn attempt(&mut self, taker: &impl Taker<E>) -> Result<(), String> {
        while !self.rest.is_empty() {
            let count = if self.alone { 1 } else { self.rest.len() };
            match AssertUnwindSafe(taker.take(&self.rest[..count])).catch_unwind().await {
                Ok(Ok(())) => {
                    self.rest.drain(..count);
                    (self.panics, self.in_a_row) = (0, 0);
                }
                Ok(Err(NotTaken::Later(why))) => return Err(why),
                Ok(Err(NotTaken::Never(refused))) => self.set_aside(&refused)?,
                Err(panic) => self.panicked(panic)?,
            }
        }
        Ok(())
    }

    fn panicked(&mut self, panic: Box<dyn Any + Send>) -> Result<(), String> {
        if !gives_up() {
            resume_unwind(panic);
        }
        self.panics += u32::from(self.alone);
        self.alone = true;
        match self.rest.first() {
            Some(first) if self.panics >= PANICS && self.in_a_row < IN_A_ROW => {
                let why = "its taker panicked each time".to_owned();
                self.in_a_row += 1;
                self.set_aside(&Refused { event: first.event_ref(), why })
            }
            _ => Err("its taker panicked".to_owned()),
        }
    }

    fn set_aside(&mut self, refused: &Refused) -> Result<(), String> {
        let Refused { event: refused, why } = refused;
        let EventRef { stream, version } = refused;
        let before = self.rest.len();
        self.rest.retain(|event| event.event_ref() != *refused);
        if self.rest.len() == before {
            // Otherwise the same event would be refused for ever.
            return Err(format!("{stream} {version} was refused and not handed over: {why}"));
        }
        self.panics = 0;
        let taker = self.taker;
        assert!(gives_up(), "{taker} can never take {stream} {version}: {why}");
        tracing::error!(taker, %stream, version, error = why, "an event is set aside");
        metrics::counter!("okienko_events_set_aside_total", "taker" => taker.to_owned()).increment(1);
        Ok(())
    }
}

/// Whether an event that can never be taken is skipped: everywhere but in a simulation.
fn gives_up() -> bool {
    #[cfg(feature = "sabotage")]
    return crate::sabotage::aside_works();
    #[cfg(not(feature = "sabotage"))]
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use parking_lot::Mutex;

    fn event(version: u64) -> EventRef {
        EventRef { stream: "a".into(), version }
    }

    /// Calls `what` at the third event and records the others.
    struct Third<F> {
        what: F,
        taken: Mutex<Vec<u64>>,
    }

    impl<F: Fn(&EventRef) -> Result<(), NotTaken> + Send + Sync> Taker<EventRef> for Third<F> {
        fn take<'t>(&'t self, events: &'t [EventRef]) -> BoxFuture<'t, Result<(), NotTaken>> {
            let take = async move {
                for event in events {
                    if event.version == 3 {
                        (self.what)(event)?;
                    }
                    self.taken.lock().push(event.version);
                }
                Ok(())
            };
            take.boxed()
        }
    }

    /// Hands five events over until that completes; returns what was taken, and how many retries it took.
    async fn handed(what: impl Fn(&EventRef) -> Result<(), NotTaken> + Send + Sync) -> (Vec<u64>, u32) {
        let third = Third { what, taken: Mutex::default() };
        let mut hand_over = HandOver::new("test", (1..=5).map(event).collect());
        for again in 0..100 {
            if hand_over.attempt(&third).await.is_ok() {
                let mut taken = third.taken.into_inner();
                taken.sort_unstable();
                taken.dedup();
                return (taken, again);
            }
        }
        panic!("it never ended");
    }

    #[tokio::test]
    async fn one_that_can_never_be_taken_keeps_no_other_waiting() {
        let (taken, again) = handed(|event| Err(NotTaken::never(event, "unreadable"))).await;
        assert_eq!((taken, again), (vec![1, 2, 4, 5], 0));
    }

    #[tokio::test]
    async fn one_that_makes_its_taker_panic_each_time_is_found_and_set_aside() {
        let (taken, again) = handed(|_| panic!("of a test")).await;
        assert_eq!((taken, again), (vec![1, 2, 4, 5], PANICS));
    }

    #[tokio::test]
    async fn one_that_panics_once_or_comes_too_early_is_taken_in_the_end() {
        // First with the others, later alone; in between it is too early once.
        let times = Mutex::new(0);
        let (taken, _) = handed(|_| {
            *times.lock() += 1;
            match *times.lock() {
                2 => Err("not yet".to_owned().into()),
                times if times <= PANICS + 1 => panic!("of a test"),
                _ => Ok(()),
            }
        })
        .await;
        assert_eq!(taken, [1, 2, 3, 4, 5]);
        let times = Mutex::new(0);
        let (taken, again) = handed(|_| {
            *times.lock() += 1;
            if *times.lock() < 20 { Err("not yet".to_owned().into()) } else { Ok(()) }
        })
        .await;
        assert_eq!((taken, again), (vec![1, 2, 3, 4, 5], 19));
    }

    #[tokio::test]
    async fn refusing_what_was_not_handed_over_is_no_way_past_anything() {
        let wrong = Third {
            what: |_: &EventRef| Err(NotTaken::never(&event(7), "another's")),
            taken: Mutex::default(),
        };
        let mut hand_over = HandOver::new("test", vec![event(3), event(4)]);
        assert!(hand_over.attempt(&wrong).await.is_err());
        assert_eq!(hand_over.rest.len(), 2);
    }

    /// Panics at whatever it is handed.
    struct Broken;

    impl Taker<EventRef> for Broken {
        fn take<'t>(&'t self, _: &'t [EventRef]) -> BoxFuture<'t, Result<(), NotTaken>> {
            async { panic!("of a test") }.boxed()
        }
    }

    #[tokio::test]
    async fn a_taker_that_panics_at_everything_does_not_drain_the_journal() {
        let mut hand_over = HandOver::new("test", (1..=50).map(event).collect());
        for _ in 0..1_000 {
            assert!(hand_over.attempt(&Broken).await.is_err());
        }
        assert_eq!(hand_over.rest.len(), 50 - IN_A_ROW as usize);
    }
}
