//! Two processes on one journal: each has its own engine, committer and relays.

use crate::{TokioTasks, append, engine, fresh};
use async_trait::async_trait;
use okienko_drill::Postgres;
use okienko_journal::relay::{Relay, Sink};
use okienko_journal::{Append, Journal, NotTaken, Outcome, Poison, Recorded, Submission};
use okienko_kernel::{Moment, Tasks};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

const EACH: u64 = 300;

/// What a relay was handed, in order.
#[derive(Default)]
struct RecordingSink(parking_lot::Mutex<Vec<u64>>);

#[async_trait]
impl Sink for RecordingSink {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        self.0.lock().extend(batch.iter().map(|event| event.pos));
        Ok(())
    }
}

pub(crate) async fn submit(journal: &Journal, append: Append, poison: &Arc<Poison>) -> Outcome {
    let (sender, receiver) = oneshot::channel();
    let done = Box::new(move |outcome| {
        let _ = sender.send(outcome);
    });
    journal.submit(Submission { append, poison: poison.clone(), done }).await;
    receiver.await.unwrap()
}

async fn process(server: &Postgres, service: &str) -> (Arc<Journal>, Arc<RecordingSink>) {
    let journal = Journal::start("test", engine(server, service), &TokioTasks).await.unwrap();
    let seen = Arc::new(RecordingSink::default());
    let (relay, _) = Relay::live(journal.clone(), "relay", seen.clone());
    TokioTasks.spawn("relay", Box::pin(relay.run()));
    (journal, seen)
}

pub(crate) async fn what_one_process_writes_the_relays_of_another_take_in_order(server: &Postgres) {
    let service = fresh(server).await;
    let (one, one_saw) = process(server, &service).await;
    let (two, two_saw) = process(server, &service).await;
    let write = |journal: Arc<Journal>, stream: &'static str| async move {
        let poison = Arc::new(Poison::default());
        for version in 0..EACH {
            assert_eq!(submit(&journal, append(stream, version), &poison).await, Outcome::Committed);
        }
    };
    tokio::join!(write(one.clone(), "a"), write(two.clone(), "b"));
    let all: Vec<u64> = (1..=2 * EACH).collect();
    for saw in [one_saw, two_saw] {
        while saw.0.lock().len() < all.len() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(*saw.0.lock(), all, "each position once and in order");
    }
}

pub(crate) async fn two_processes_on_one_stream_write_each_version_once(server: &Postgres) {
    let service = fresh(server).await;
    let (one, _) = process(server, &service).await;
    let (two, _) = process(server, &service).await;
    let compete = |journal: Arc<Journal>| async move {
        let (mut written, mut lost) = (0, 0);
        while written < 50 {
            let stored = journal.engine().load("a", Moment::MAX).await.unwrap().events.len() as u64;
            match submit(&journal, append("a", stored), &Arc::new(Poison::default())).await {
                Outcome::Committed => written += 1,
                Outcome::NotCommitted => lost += 1,
                Outcome::Unknown => panic!("no connection was lost"),
            }
        }
        lost
    };
    let lost = tokio::join!(compete(one.clone()), compete(two.clone()));
    let stored = one.engine().load("a", Moment::MAX).await.unwrap().events;
    let versions: Vec<u64> = stored.iter().map(|event| event.version).collect();
    assert_eq!(versions, (1..=100).collect::<Vec<_>>(), "conflicts: {lost:?}");
}
