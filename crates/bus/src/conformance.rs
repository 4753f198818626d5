//! What every bus promises, as one suite. Call [`all`] with a function that creates a fresh bus. For tests only; knows
//! no engine.

#![allow(clippy::expect_used, clippy::panic, reason = "a suite of tests, behind a feature of its own")]

use crate::{Bus, Consumer, From, NotTaken, PublicEvent, Publisher};
use async_trait::async_trait;
use okienko_journal::{Append, Journal, MemoryEngine, NewEvent, Outcome, Poison, Recorded, Submission};
use okienko_kernel::{Moment, Tasks};
use okienko_trace::{Cause, Trace};
use parking_lot::Mutex;
use std::sync::Arc;
use tokio::sync::oneshot;

type Open<'a> = &'a dyn Fn() -> Arc<dyn Bus>;

/// Runs the whole suite.
pub async fn all(open: Open<'_>, tasks: &dyn Tasks) {
    all_events_come_in_order_and_private_ones_do_not(open(), tasks).await;
    a_consumer_that_fails_gets_the_same_again(open(), tasks).await;
    one_event_that_can_never_be_taken_keeps_no_other_waiting(open(), tasks).await;
    one_from_now_on_gets_nothing_of_before(open(), tasks).await;
    each_consumer_gets_all(open(), tasks).await;
}

struct Odd;

impl Publisher for Odd {
    fn publish(&self, event: &Recorded) -> Vec<PublicEvent> {
        let public = PublicEvent {
            subject: PublicEvent::subject(&event.office, "test", "happened"),
            stream: event.stream.clone(),
            version: event.version,
            at: event.at,
            trace: event.trace(),
            payload: event.data.clone().into(),
        };
        if event.kind.as_ref() == "public" { vec![public] } else { vec![] }
    }
}

#[derive(Default)]
struct Notebook {
    seen: Mutex<Vec<u64>>,
    failures: Mutex<u32>,
}

#[async_trait]
impl Consumer for Notebook {
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), NotTaken> {
        for event in batch {
            assert_eq!((event.name(), event.office()), ("happened", "torun"));
            assert_eq!(event.trace.map(|trace| trace.id()), traced(event.version).map(|trace| trace.id()));
            self.seen.lock().push(event.version);
        }
        let mut failures = self.failures.lock();
        if *failures > 0 {
            *failures -= 1;
            return Err("asked to fail".to_owned().into());
        }
        Ok(())
    }
}

/// The trace that caused the event of a version: every second event has one, because not every real one does.
fn traced(version: u64) -> Option<Trace> {
    (version % 2 == 1).then(|| Trace::of_seed(&version.to_string()))
}

async fn write(journal: &Journal, expected: u64, kind: &'static str) {
    let event = NewEvent {
        kind,
        schema: 1,
        data: vec![],
        at: Moment::default(),
        cause: Cause { who: "test".into(), trace: traced(expected + 1) }.to_string().into(),
        hash: [0; 32],
    };
    let append = Append {
        office: "torun".into(),
        stream: "a".into(),
        expected,
        at: Moment::default(),
        events: vec![event],
        receipts: vec![],
        claims: vec![],
        vault: vec![],
        wake: None,
    };
    let (sender, receiver) = oneshot::channel();
    let done = Box::new(move |outcome| {
        let _ = sender.send(outcome);
    });
    journal.submit(Submission { append, poison: Arc::new(Poison::default()), done }).await;
    assert_eq!(receiver.await, Ok(Outcome::Committed));
}

async fn offered(bus: &dyn Bus, tasks: &dyn Tasks) -> Arc<Journal> {
    let journal = Journal::start("test", MemoryEngine::shared(), tasks).await.expect("start");
    bus.offer("test", journal.clone(), Arc::new(Odd));
    journal
}

async fn idle(bus: &dyn Bus) {
    while !bus.is_idle() {
        tokio::task::yield_now().await;
    }
}

async fn all_events_come_in_order_and_private_ones_do_not(bus: Arc<dyn Bus>, tasks: &dyn Tasks) {
    let journal = offered(&*bus, tasks).await;
    write(&journal, 0, "public").await;
    let notebook = Arc::new(Notebook::default());
    bus.consume("a", "test", From::Start, notebook.clone()).await.expect("offered");
    for version in 1..50 {
        write(&journal, version, if version % 2 == 0 { "public" } else { "private" }).await;
    }
    idle(&*bus).await;
    let expected: Vec<u64> = (1..=50).filter(|version| version % 2 == 1).collect();
    assert_eq!(*notebook.seen.lock(), expected);
    assert!(bus.consume("a", "nobody", From::Start, notebook).await.is_err(), "nobody offers that");
}

async fn a_consumer_that_fails_gets_the_same_again(bus: Arc<dyn Bus>, tasks: &dyn Tasks) {
    let journal = offered(&*bus, tasks).await;
    let notebook = Arc::new(Notebook::default());
    *notebook.failures.lock() = 2;
    bus.consume("a", "test", From::Start, notebook.clone()).await.expect("offered");
    write(&journal, 0, "public").await;
    while notebook.seen.lock().len() < 3 {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    idle(&*bus).await;
    assert_eq!(*notebook.seen.lock(), [1, 1, 1]);
}

/// Takes all events but two: one it refuses, at one it panics.
struct Picky {
    notebook: Notebook,
    refuses: u64,
    panics_at: u64,
}

#[async_trait]
impl Consumer for Picky {
    async fn take(&self, batch: Vec<PublicEvent>) -> Result<(), NotTaken> {
        for event in batch {
            if event.version == self.refuses {
                return Err(NotTaken::never(&event, "not that one"));
            }
            assert!(event.version != self.panics_at, "of a test");
            self.notebook.take(vec![event]).await?;
        }
        Ok(())
    }
}

async fn one_event_that_can_never_be_taken_keeps_no_other_waiting(bus: Arc<dyn Bus>, tasks: &dyn Tasks) {
    let journal = offered(&*bus, tasks).await;
    let picky = Arc::new(Picky { notebook: Notebook::default(), refuses: 3, panics_at: 5 });
    for version in 0..8 {
        write(&journal, version, "public").await;
    }
    bus.consume("a", "test", From::Start, picky.clone()).await.expect("offered");
    idle(&*bus).await;
    let mut seen = picky.notebook.seen.lock().clone();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, [1, 2, 4, 6, 7, 8]);
}

async fn one_from_now_on_gets_nothing_of_before(bus: Arc<dyn Bus>, tasks: &dyn Tasks) {
    let journal = offered(&*bus, tasks).await;
    write(&journal, 0, "public").await;
    let notebook = Arc::new(Notebook::default());
    bus.consume("a", "test", From::Now, notebook.clone()).await.expect("offered");
    write(&journal, 1, "public").await;
    idle(&*bus).await;
    assert_eq!(*notebook.seen.lock(), [2]);
}

async fn each_consumer_gets_all(bus: Arc<dyn Bus>, tasks: &dyn Tasks) {
    let journal = offered(&*bus, tasks).await;
    let (one, two) = (Arc::new(Notebook::default()), Arc::new(Notebook::default()));
    bus.consume("one", "test", From::Start, one.clone()).await.expect("offered");
    bus.consume("two", "test", From::Start, two.clone()).await.expect("offered");
    write(&journal, 0, "public").await;
    idle(&*bus).await;
    assert_eq!((one.seen.lock().len(), two.seen.lock().len()), (1, 1));
}
