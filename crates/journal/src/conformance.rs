//! What every engine promises, as one suite that all of them pass unchanged. Call [`all`] with a function that opens a
//! fresh, empty engine; panics with the broken promise. For tests only; knows no engine.

#![allow(clippy::expect_used, clippy::panic, reason = "a suite of tests, behind a feature of its own")]

use crate::faulty::{Fault, FaultyEngine};
use crate::relay::{Relay, Sink};
use crate::{
    Append, AppendError, Engine, GENESIS, Journal, NewEvent, NotTaken, Outcome, Poison, RECEIPT_LIFE,
    Receipt, Recorded, Submission, VaultChange, chain,
};
use async_trait::async_trait;
use okienko_kernel::{ClaimChange, Moment, Tasks};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::oneshot;

type Open<'a> = &'a dyn Fn() -> Arc<dyn Engine>;

/// Runs the whole suite.
pub async fn all(open: Open<'_>, tasks: &dyn Tasks) {
    expected_version_is_a_fence(open()).await;
    a_batch_is_all_or_nothing(open()).await;
    a_journal_has_one_life_whatever_is_written(open()).await;
    positions_are_gapless_and_versions_chain(open()).await;
    receipts_come_back_with_the_stream(open()).await;
    claims_have_one_holder_until_their_end(open()).await;
    claims_clash_within_one_batch(open()).await;
    wakes_are_those_of_the_last_append_that_moved_them(open()).await;
    vault_rows_are_put_deleted_and_purged(open()).await;
    streams_are_found_by_prefix(open()).await;
    group_commit_keeps_the_order_of_each_stream(open(), tasks).await;
    who_was_written_is_told_before_the_next_commit_ends(open(), tasks).await;
    a_failed_append_poisons_only_its_actor(open(), tasks).await;
    an_unknown_fate_poisons_and_leaves_no_hole(open(), tasks).await;
    a_relay_skips_nothing_and_goes_on_where_it_was(open(), tasks).await;
}

fn append(stream: &str, expected: u64, kinds: &[&'static str]) -> Append {
    let events = kinds.iter().map(|kind| NewEvent {
        kind,
        schema: 1,
        data: kind.as_bytes().to_vec(),
        at: Moment::from_micros(7),
        cause: "test".into(),
        hash: [9; 32],
    });
    Append {
        office: "torun".into(),
        stream: stream.into(),
        expected,
        at: Moment::from_micros(7),
        events: events.collect(),
        receipts: vec![],
        claims: vec![],
        vault: vec![],
        wake: None,
    }
}

async fn one(engine: &Arc<dyn Engine>, append: &Append) -> Result<u64, AppendError> {
    engine.append(&[append], &[]).await
}

#[track_caller]
fn is_conflict(result: Result<u64, AppendError>, at: usize) {
    assert!(matches!(&result, Err(AppendError::Conflict { index, .. }) if *index == at), "{result:?}");
}

async fn expected_version_is_a_fence(engine: Arc<dyn Engine>) {
    one(&engine, &append("a", 0, &["x", "y"])).await.expect("a new stream is at version 0");
    is_conflict(one(&engine, &append("a", 0, &["z"])).await, 0);
    is_conflict(one(&engine, &append("a", 1, &["z"])).await, 0);
    is_conflict(one(&engine, &append("a", 3, &["z"])).await, 0);
    one(&engine, &append("a", 2, &["z"])).await.expect("the version is 2");
    let kinds: Vec<_> = stream(&engine, "a").await.into_iter().map(|e| (e.version, e.kind)).collect();
    assert_eq!(kinds, [(1, "x".into()), (2, "y".into()), (3, "z".into())]);
}

async fn a_journal_has_one_life_whatever_is_written(engine: Arc<dyn Engine>) {
    engine.head().await.expect("head");
    let life = engine.life();
    assert!(life > 0 && life < 1 << 53, "a number that a browser's script can hold: {life}");
    one(&engine, &append("a", 0, &["x"])).await.expect("fits");
    engine.append(&[], &[("cursor".into(), 1)]).await.expect("cursors alone");
    engine.load("a", Moment::MAX).await.expect("load");
    assert_eq!(engine.life(), life);
}

async fn a_batch_is_all_or_nothing(engine: Arc<dyn Engine>) {
    one(&engine, &append("b", 0, &["x"])).await.expect("fits");
    let batch = [append("a", 0, &["x"]), append("b", 0, &["x"]), append("c", 0, &["x"])];
    is_conflict(engine.append(&batch.each_ref(), &[("cursor".into(), 5)]).await, 1);
    assert_eq!(engine.head().await.expect("head"), 1);
    assert!(stream(&engine, "a").await.is_empty());
    assert_eq!(engine.cursor("cursor").await.expect("cursor"), 0);
}

async fn positions_are_gapless_and_versions_chain(engine: Arc<dyn Engine>) {
    let mut next = append("a", 0, &["x", "y"]);
    let mut hash = GENESIS;
    for (n, event) in next.events.iter_mut().enumerate() {
        hash = chain(&hash, "a", n as u64 + 1, event.kind, 1, event.at, &event.data);
        event.hash = hash;
    }
    engine.append(&[&next, &append("b", 0, &["x"])], &[("cursor".into(), 2)]).await.expect("fits");
    is_conflict(one(&engine, &append("b", 0, &["lost"])).await, 0);
    engine.append(&[&append("b", 1, &["y"]), &append("b", 2, &["z"])], &[]).await.expect("fits");
    let all = engine.read_after(0, 100).await.expect("read");
    assert_eq!(all.iter().map(|e| e.pos).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    let tail: Vec<_> = engine.read_after(3, 1).await.expect("read").iter().map(|e| e.pos).collect();
    assert_eq!(tail, [4]);
    engine.append(&[], &[("cursor".into(), 1)]).await.expect("cursors alone");
    assert_eq!(engine.cursor("cursor").await.expect("cursor"), 2, "a cursor never goes back");
    let stored = stream(&engine, "a").await;
    let mut hash = GENESIS;
    for event in &stored {
        hash = chain(&hash, "a", event.version, &event.kind, event.schema, event.at, &event.data);
        assert_eq!(event.hash, hash, "the chain is as it was written");
    }
    assert_eq!(engine.read_stream("b", 1).await.expect("read").len(), 2);
    assert_eq!((&*stored[0].office, &*stored[0].cause), ("torun", "test"));
}

async fn receipts_come_back_with_the_stream(engine: Arc<dyn Engine>) {
    let mut with = append("a", 0, &["x"]);
    let receipt = |key: u8, at: i64| Receipt {
        key: [key; 16],
        body: [2; 16],
        reply: b"yes".to_vec(),
        at: Moment::from_micros(at),
    };
    with.receipts = vec![receipt(1, 10), receipt(2, 20)];
    one(&engine, &with).await.expect("fits");
    let mut only = append("a", 1, &[]);
    only.receipts = vec![receipt(3, 30)];
    one(&engine, &only).await.expect("a receipt without an event fits");
    let all = engine.load("a", Moment::from_micros(0)).await.expect("load").receipts;
    assert_eq!(all, [receipt(1, 10), receipt(2, 20), receipt(3, 30)]);
    assert_eq!(engine.load("a", Moment::from_micros(20)).await.expect("load").receipts.len(), 2);
    assert!(engine.load("b", Moment::from_micros(0)).await.expect("load").receipts.is_empty());
    let some = engine.receipts("a", &[[3; 16], [9; 16]]).await.expect("receipts by key");
    assert_eq!(some, [receipt(3, 30)]);
    assert!(engine.receipts("b", &[[3; 16]]).await.expect("receipts by key").is_empty());
    let mut again = append("a", 1, &[]);
    again.receipts = vec![receipt(4, 40), receipt(3, 41)];
    is_conflict(engine.append(&[&append("b", 0, &["y"]), &again], &[]).await, 1);
    again.receipts = vec![receipt(3, 30 + RECEIPT_LIFE.micros())];
    one(&engine, &again).await.expect("what has had its time may be answered anew");
    assert_eq!(engine.purge(Moment::from_micros(15), Moment::from_micros(0)).await.expect("purge"), 1);
    assert_eq!(engine.load("a", Moment::from_micros(0)).await.expect("load").receipts.len(), 2);
}

fn take(key: &str, holder: &str, until: i64) -> ClaimChange {
    ClaimChange::Take { key: key.into(), holder: holder.into(), until: Moment::from_micros(until) }
}

async fn claim(
    engine: &Arc<dyn Engine>,
    stream: &str,
    at: i64,
    change: ClaimChange,
) -> Result<u64, AppendError> {
    let version = self::stream(engine, stream).await.len() as u64;
    let mut next = append(stream, version, &["x"]);
    next.claims = vec![change];
    next.at = Moment::from_micros(at);
    one(engine, &next).await
}

async fn claims_have_one_holder_until_their_end(engine: Arc<dyn Engine>) {
    claim(&engine, "a", 1, take("k", "ann", 100)).await.expect("free");
    is_conflict(claim(&engine, "b", 99, take("k", "bob", 200)).await, 0);
    claim(&engine, "a", 50, take("k", "ann", 120)).await.expect("taking again moves the end");
    is_conflict(claim(&engine, "b", 119, take("k", "bob", 200)).await, 0);
    claim(&engine, "b", 120, take("k", "bob", 200)).await.expect("it has ended");
    let release = |holder: &str| ClaimChange::Release { key: "k".into(), holder: holder.into() };
    claim(&engine, "a", 121, release("ann")).await.expect("releasing another's is nothing");
    assert_eq!(holder(&engine, "k").await.as_deref(), Some("bob"));
    let hand = |from: &str, to: &str| ClaimChange::HandOver {
        key: "k".into(),
        from: from.into(),
        to: to.into(),
        until: Moment::from_micros(300),
    };
    is_conflict(claim(&engine, "c", 130, hand("ann", "cid")).await, 0);
    claim(&engine, "c", 130, hand("bob", "cid")).await.expect("bob has it");
    claim(&engine, "c", 131, release("cid")).await.expect("free again");
    assert_eq!(holder(&engine, "k").await, None);
}

async fn claims_clash_within_one_batch(engine: Arc<dyn Engine>) {
    let with = |stream: &str, holder: &str| {
        let mut next = append(stream, 0, &["x"]);
        next.claims = vec![take("k", holder, 100)];
        next
    };
    let batch = [with("a", "ann"), with("b", "bob")];
    is_conflict(engine.append(&batch.each_ref(), &[]).await, 1);
    assert_eq!(holder(&engine, "k").await, None);
}

async fn wakes_are_those_of_the_last_append_that_moved_them(engine: Arc<dyn Engine>) {
    let with = |expected: u64, wake: Option<i64>| {
        let mut next = append("day/a", expected, &["x"]);
        next.wake = Some(wake.map(Moment::from_micros));
        next
    };
    one(&engine, &with(0, Some(50))).await.expect("fits");
    one(&engine, &append("other/b", 0, &["x"])).await.expect("fits");
    let due = engine.wakes("day/").await.expect("wakes");
    assert_eq!(due, [(Moment::from_micros(50), "day/a".to_owned(), "torun".to_owned())]);
    one(&engine, &with(1, Some(70))).await.expect("fits");
    one(&engine, &append("day/a", 2, &["x"])).await.expect("fits");
    assert_eq!(engine.wakes("").await.expect("wakes")[0].0, Moment::from_micros(70), "left as it was");
    one(&engine, &with(3, None)).await.expect("fits");
    assert!(engine.wakes("").await.expect("wakes").is_empty());
}

async fn vault_rows_are_put_deleted_and_purged(engine: Arc<dyn Engine>) {
    let put = |id: &str, until: i64| VaultChange::Put {
        id: id.into(),
        sealed: id.as_bytes().to_vec(),
        until: Moment::from_micros(until),
    };
    let mut next = append("a", 0, &["x"]);
    next.vault = vec![put("p", 10), put("q", 20), put("r", 30)];
    one(&engine, &next).await.expect("fits");
    let mut next = append("a", 1, &["x"]);
    next.vault = vec![VaultChange::Delete { id: "r".into() }];
    one(&engine, &next).await.expect("fits");
    engine.purge(Moment::from_micros(0), Moment::from_micros(10)).await.expect("purge");
    let ids = ["p", "q", "r"].map(str::to_owned);
    assert_eq!(engine.vault(&ids).await.expect("vault"), [None, Some(b"q".to_vec()), None]);
}

async fn streams_are_found_by_prefix(engine: Arc<dyn Engine>) {
    for key in ["hall/a/2026-12-01", "hall/a/2026-12-03", "hall/b/2026-12-02"] {
        one(&engine, &append(key, 0, &["x"])).await.expect("fits");
    }
    let before = |key: &'static str| engine.stream_before("hall/a/", key);
    assert_eq!(before("hall/a/2026-12-03").await.expect("read").as_deref(), Some("hall/a/2026-12-01"));
    assert_eq!(before("hall/a/2027-01-01").await.expect("read").as_deref(), Some("hall/a/2026-12-03"));
    assert_eq!(before("hall/a/2026-12-01").await.expect("read"), None);
    assert_eq!(engine.streams("hall/a/").await.expect("read").len(), 2);
}

async fn stream(engine: &Arc<dyn Engine>, key: &str) -> Vec<Recorded> {
    engine.load(key, Moment::MAX).await.expect("load").events
}

async fn holder(engine: &Arc<dyn Engine>, key: &str) -> Option<String> {
    let found = engine.claims(&[key.to_owned()]).await.expect("claims");
    found.into_iter().next().flatten().map(|claim| claim.holder)
}

async fn submit(journal: &Journal, append: Append, poison: &Arc<Poison>) -> oneshot::Receiver<Outcome> {
    let (sender, receiver) = oneshot::channel();
    let done = Box::new(move |outcome| {
        let _ = sender.send(outcome);
    });
    journal.submit(Submission { append, poison: poison.clone(), done }).await;
    receiver
}

async fn group_commit_keeps_the_order_of_each_stream(engine: Arc<dyn Engine>, tasks: &dyn Tasks) {
    let journal = Journal::start("test", engine.clone(), tasks).await.expect("start");
    let poison = Arc::new(Poison::default());
    let mut waiting = vec![];
    for version in 0..50 {
        for key in ["a", "b", "c"] {
            waiting.push(submit(&journal, append(key, version, &["x"]), &poison).await);
        }
    }
    for outcome in waiting {
        assert_eq!(outcome.await, Ok(Outcome::Committed));
    }
    assert_eq!(engine.head().await.expect("head"), 150);
    assert_eq!(*journal.head().borrow(), 150, "the head is told after the commit");
    assert_eq!(stream(&engine, "b").await.len(), 50);
}

async fn who_was_written_is_told_before_the_next_commit_ends(engine: Arc<dyn Engine>, tasks: &dyn Tasks) {
    let faulty = Arc::new(FaultyEngine::new(engine.clone()));
    let journal = Journal::start("test", faulty.clone(), tasks).await.expect("start");
    faulty.plan([Fault::Held, Fault::Held]);
    let poison = Arc::new(Poison::default());
    // Too many events for the actor to write itself: the committer has them, and later appends wait.
    let first = submit(&journal, append("a", 0, &["x"; 9]), &poison).await;
    faulty.holds().await;
    let mut second = submit(&journal, append("a", 9, &["y"]), &poison).await;
    faulty.release();
    assert_eq!(first.await, Ok(Outcome::Committed));
    assert_eq!(stream(&engine, "a").await.len(), 9);
    faulty.holds().await;
    assert!(second.try_recv().is_err(), "nobody is told of what is not written");
    faulty.release();
    assert_eq!(second.await, Ok(Outcome::Committed));
    assert_eq!(stream(&engine, "a").await.len(), 10);
}

async fn a_failed_append_poisons_only_its_actor(engine: Arc<dyn Engine>, tasks: &dyn Tasks) {
    one(&engine, &append("a", 0, &["by another"])).await.expect("fits");
    let journal = Journal::start("test", engine.clone(), tasks).await.expect("start");
    let (stale, fresh) = (Arc::new(Poison::default()), Arc::new(Poison::default()));
    let mut waiting = vec![];
    for version in 0..5 {
        waiting.push((false, submit(&journal, append("a", version, &["x"]), &stale).await));
        waiting.push((true, submit(&journal, append("b", version, &["x"]), &fresh).await));
    }
    waiting.push((false, submit(&journal, append("a", 5, &[]), &stale).await));
    for (good, outcome) in waiting {
        let expected = if good { Outcome::Committed } else { Outcome::NotCommitted };
        assert_eq!(outcome.await, Ok(expected));
    }
    assert!(stale.is_set() && !fresh.is_set());
    assert_eq!(stream(&engine, "a").await.len(), 1);
    assert_eq!(stream(&engine, "b").await.len(), 5);
}

async fn an_unknown_fate_poisons_and_leaves_no_hole(engine: Arc<dyn Engine>, tasks: &dyn Tasks) {
    for fault in [Fault::LostBefore, Fault::LostAfter, Fault::NotWritten] {
        let key = format!("{fault:?}");
        let faulty = Arc::new(FaultyEngine::new(engine.clone()));
        let journal = Journal::start("test", faulty.clone(), tasks).await.expect("start");
        let poison = Arc::new(Poison::default());
        submit(&journal, append(&key, 0, &["x"]), &poison).await.await.expect("told");
        faulty.plan([fault]);
        let first = submit(&journal, append(&key, 1, &["y"]), &poison).await.await;
        let fate = if fault == Fault::NotWritten { Outcome::NotCommitted } else { Outcome::Unknown };
        assert_eq!(first, Ok(fate), "{key}");
        let later = submit(&journal, append(&key, 2, &["z"]), &poison).await.await;
        assert_eq!(later, Ok(Outcome::NotCommitted), "{key}: no hole may be written");
        let expected = if fault == Fault::LostAfter { 2 } else { 1 };
        assert_eq!(stream(&engine, &key).await.len(), expected, "{key}");
        let reloaded = Arc::new(Poison::default());
        let again = submit(&journal, append(&key, expected as u64, &["y"]), &reloaded).await.await;
        assert_eq!(again, Ok(Outcome::Committed), "{key}: a fresh incarnation goes on");
    }
}

struct Collect {
    seen: Mutex<BTreeMap<u64, u32>>,
    fail_once_at: Mutex<Option<u64>>,
}

#[async_trait]
impl Sink for Collect {
    async fn take(&self, batch: &[Recorded]) -> Result<(), NotTaken> {
        for event in batch {
            let mut fail = self.fail_once_at.lock();
            if *fail == Some(event.pos) {
                *fail = None;
                return Err("asked to fail".to_owned().into());
            }
            *self.seen.lock().entry(event.pos).or_default() += 1;
        }
        Ok(())
    }
}

async fn a_relay_skips_nothing_and_goes_on_where_it_was(engine: Arc<dyn Engine>, tasks: &dyn Tasks) {
    let journal = Journal::start("test", engine.clone(), tasks).await.expect("start");
    let sink = Arc::new(Collect { seen: Mutex::default(), fail_once_at: Mutex::new(Some(700)) });
    let (relay, progress) = Relay::open(journal.clone(), "cursor", sink.clone()).await.expect("open");
    tasks.spawn("relay", Box::pin(relay.run()));
    let poison = Arc::new(Poison::default());
    let mut last = None;
    for version in 0..1200 {
        last = Some(submit(&journal, append("a", version, &["x"]), &poison).await);
    }
    last.expect("some").await.expect("told");
    while !progress.is_idle() {
        tokio::task::yield_now().await;
    }
    let seen = sink.seen.lock().clone();
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), (1..=1200).collect::<Vec<_>>());
    assert!(seen[&699] >= 1 && seen[&1200] == 1, "at least once, repeats only after a failure");
    let last = submit(&journal, append("a", 1200, &["x"]), &poison).await;
    last.await.expect("told");
    while engine.cursor("cursor").await.expect("cursor") < 1200 {
        tokio::task::yield_now().await;
    }
}
