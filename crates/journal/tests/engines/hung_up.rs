//! A caller who goes away while there is no room for the append.

use super::{TokioTasks, append};
use okienko_journal::faulty::{Fault, FaultyEngine};
use okienko_journal::{Append, Journal, MemoryEngine, Outcome, Submission};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// More than may wait for the committer.
const MANY: u64 = 5_000;

#[tokio::test]
async fn whoever_goes_away_while_the_line_is_full_has_written_nothing_and_the_short_way_opens_again() {
    let engine = Arc::new(FaultyEngine::new(MemoryEngine::shared()));
    let journal = Journal::start("test", engine.clone(), &TokioTasks).await.unwrap();
    engine.plan([Fault::Held]);
    let told = Arc::new(AtomicU64::new(0));
    let submission = |append: Append| {
        let told = told.clone();
        let done = Box::new(move |outcome| {
            told.fetch_add(u64::from(outcome == Outcome::Committed), Ordering::AcqRel);
        });
        Submission { append, poison: Arc::default(), done }
    };
    // One is being written, the queue fills up, and all others go away.
    let first = journal.clone();
    let writing = submission(append("a", 0));
    let mut written = std::pin::pin!(first.submit(writing));
    tokio::select! {
        biased;
        _ = written.as_mut() => panic!("it is held"),
        () = engine.holds() => {}
    }
    let mut handed_over = 0;
    for n in 0..MANY {
        let waits = journal.submit(submission(append(&format!("b{n}"), 0)));
        let went_away = tokio::time::timeout(Duration::from_micros(100), waits).await.is_err();
        handed_over += u64::from(!went_away);
    }
    assert!((1..MANY).contains(&handed_over), "{handed_over} of {MANY} found room");
    engine.release();
    assert!(written.await, "the first wrote by itself");
    let all_told = async {
        while told.load(Ordering::Acquire) < handed_over + 1 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), all_told).await.expect("who handed it over is told");
    let again = async {
        while !journal
            .submit(submission(append("c", journal.engine().read_stream("c", 0).await.unwrap().len() as u64)))
            .await
        {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), again).await.expect("one alone writes by himself again");
}
