//! Both engines pass the one conformance suite; SQLite also keeps what it acknowledged over a reopening.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking"
)]

#[path = "engines/cuts.rs"]
mod cuts;
#[path = "engines/damage.rs"]
mod damage;
#[path = "engines/full.rs"]
mod full;
#[path = "engines/hung_up.rs"]
mod hung_up;

use okienko_journal::{Append, Engine, MemoryEngine, NewEvent, SqliteEngine, conformance};
use okienko_kernel::world::Task;
use okienko_kernel::{Moment, Tasks};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

struct TokioTasks;

#[expect(clippy::disallowed_methods, reason = "this is the tests' World")]
impl Tasks for TokioTasks {
    fn spawn(&self, _: &'static str, task: Task) {
        tokio::spawn(task);
    }
    fn dedicate(&self, _: &'static str, _: okienko_kernel::IfLost, task: Task) {
        tokio::spawn(task);
    }
}

/// One event for a stream at this version.
fn append(stream: &str, expected: u64) -> Append {
    let at = Moment::from_micros(1);
    let event = NewEvent { kind: "x", schema: 1, data: vec![1], at, cause: "test".into(), hash: [0; 32] };
    Append {
        office: "torun".into(),
        stream: stream.into(),
        expected,
        at,
        events: vec![event],
        receipts: vec![],
        claims: vec![],
        vault: vec![],
        wake: None,
    }
}

#[tokio::test]
async fn memory_keeps_every_promise() {
    conformance::all(&|| MemoryEngine::shared(), &TokioTasks).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_every_promise() {
    let folder = tempfile::tempdir().unwrap();
    let count = AtomicU32::new(0);
    let open = || -> Arc<dyn Engine> {
        let file = folder.path().join(format!("{}.db", count.fetch_add(1, Ordering::Relaxed)));
        Arc::new(SqliteEngine::open(&file).unwrap())
    };
    conformance::all(&open, &TokioTasks).await;
}

#[tokio::test]
async fn a_reopened_file_has_all_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.db");
    let event = NewEvent {
        kind: "x",
        schema: 1,
        data: vec![1, 2],
        at: Moment::from_micros(1),
        cause: "test".into(),
        hash: [3; 32],
    };
    let wake = Some(Some(Moment::from_micros(9)));
    let append = Append { events: vec![event], wake, ..append("a", 0) };
    SqliteEngine::open(&file).unwrap().append(&[&append], &[("c".into(), 1)]).await.unwrap();
    let again = SqliteEngine::open(&file).unwrap();
    assert_eq!(again.head().await.unwrap(), 1);
    assert_eq!(again.load("a", Moment::MAX).await.unwrap().events[0].data, [1, 2]);
    assert_eq!(again.wakes("").await.unwrap().len(), 1);
    assert_eq!(again.cursor("c").await.unwrap(), 1);
}

#[test]
fn a_file_of_a_newer_program_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.db");
    drop(SqliteEngine::open(&file).unwrap());
    let raw = rusqlite::Connection::open(&file).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    let error = SqliteEngine::open(&file).map(drop).unwrap_err().to_string();
    assert!(error.contains("newer okienko"), "{error}");
}
