//! Lost connections and a crash: which outcomes are told apart, and what survives.

use crate::processes::submit;
use crate::{TokioTasks, append, engine, fresh};
use okienko_drill::{Postgres, Proxy};
use okienko_journal::{
    AppendError, Engine, Journal, JournalError, Outcome, Poison, PostgresEngine, PostgresSettings,
};
use okienko_kernel::Moment;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

async fn versions(engine: &dyn Engine, stream: &str) -> Result<u64, JournalError> {
    let events = engine.load(stream, Moment::MAX).await?.events;
    for (n, event) in events.iter().enumerate() {
        assert_eq!(event.version, n as u64 + 1, "{stream} has a hole");
    }
    Ok(events.len() as u64)
}

/// Appends go through the proxy, reads do not.
fn through(proxy: &Proxy, server: &Postgres, service: &str) -> PostgresEngine {
    let mut settings = PostgresSettings::new(&server.url());
    settings.append_url = format!("postgres://postgres@127.0.0.1:{}/postgres", proxy.port());
    PostgresEngine::open(&settings, service).unwrap()
}

pub(crate) async fn a_lost_question_and_a_lost_answer_are_unknown_and_told_apart_after_a_load(
    server: &Postgres,
) {
    let (proxy, service) = (Proxy::to(server.port()).unwrap(), fresh(server).await);
    let (cut, whole) = (through(&proxy, server, &service), engine(server, &service));
    // The first append prepares the statement; from the second on it is one message each way.
    cut.append(&[&append("a", 0)], &[]).await.unwrap();
    proxy.lose_next_question();
    let fate = cut.append(&[&append("a", 1)], &[]).await;
    assert!(matches!(fate, Err(AppendError::Unknown(_))), "{fate:?}");
    assert_eq!(versions(&*whole, "a").await.unwrap(), 1, "it never arrived");
    cut.append(&[&append("a", 1)], &[]).await.expect("a new connection");
    proxy.lose_next_answer();
    let fate = cut.append(&[&append("a", 2)], &[]).await;
    assert!(matches!(fate, Err(AppendError::Unknown(_))), "{fate:?}");
    assert_eq!(versions(&*whole, "a").await.unwrap(), 3, "it is written, though nobody was told");
    let again = cut.append(&[&append("a", 2)], &[]).await;
    assert!(matches!(again, Err(AppendError::Conflict { index: 0, .. })), "{again:?}");
    assert_eq!(proxy.lost(), 2);
}

pub(crate) async fn a_server_that_cannot_be_reached_is_a_certain_failure(server: &Postgres) {
    let (proxy, service) = (Proxy::to(server.port()).unwrap(), fresh(server).await);
    let engine = through(&proxy, server, &service);
    proxy.cut();
    let fate = engine.append(&[&append("a", 0)], &[]).await;
    assert!(matches!(fate, Err(AppendError::NotWritten(_))), "{fate:?}");
    proxy.mend();
    engine.append(&[&append("a", 0)], &[]).await.expect("it is there again");
}

const ACTORS: usize = 12;
const BEFORE_CRASH: u64 = 40;
const AFTER_CRASH: u64 = 20;

struct Actor {
    stream: String,
    acknowledged: AtomicU64,
}

/// Appends one event after another, loads afresh after each failure, and records what was reported durable.
async fn act(journal: Arc<Journal>, actor: Arc<Actor>, end: Arc<AtomicBool>) {
    let mut poison = Arc::new(Poison::default());
    let mut version = 0;
    while !end.load(Ordering::Acquire) {
        match submit(&journal, append(&actor.stream, version), &poison).await {
            Outcome::Committed => {
                version += 1;
                actor.acknowledged.store(version, Ordering::Release);
            }
            Outcome::NotCommitted | Outcome::Unknown => {
                poison = Arc::new(Poison::default());
                version = loop {
                    match versions(&**journal.engine(), &actor.stream).await {
                        Ok(found) => break found,
                        Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                    }
                };
                assert!(
                    version >= actor.acknowledged.load(Ordering::Acquire),
                    "an acknowledged event is lost"
                );
            }
        }
    }
}

async fn all_reach(actors: &[Arc<Actor>], versions: impl Fn(usize) -> u64) {
    for (n, actor) in actors.iter().enumerate() {
        while actor.acknowledged.load(Ordering::Acquire) < versions(n) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

pub(crate) async fn a_crash_loses_nothing_that_was_acknowledged(server: &mut Postgres) {
    let service = fresh(server).await;
    let journal = Journal::start("test", engine(server, &service), &TokioTasks).await.unwrap();
    let end = Arc::new(AtomicBool::new(false));
    let actor = |n| Arc::new(Actor { stream: format!("day/{n}"), acknowledged: AtomicU64::new(0) });
    let actors: Vec<_> = (0..ACTORS).map(actor).collect();
    let acting: Vec<_> = actors.iter().map(|a| act(journal.clone(), a.clone(), end.clone())).collect();
    let mut told = Vec::new();
    let drill = async {
        for _ in 0..2 {
            let reached: Vec<u64> =
                actors.iter().map(|a| a.acknowledged.load(Ordering::Acquire) + BEFORE_CRASH).collect();
            all_reach(&actors, |n| reached[n]).await;
            tokio::task::block_in_place(|| server.stop_at_once());
            told = actors.iter().map(|a| a.acknowledged.load(Ordering::Acquire)).collect();
            tokio::task::block_in_place(|| server.start_again()).unwrap();
            all_reach(&actors, |n| told[n] + AFTER_CRASH).await;
        }
        end.store(true, Ordering::Release);
    };
    let all = futures::future::join_all(acting);
    tokio::join!(all, drill);
    let (mut sum, fresh) = (0, engine(server, &service));
    for actor in &actors {
        let stored = versions(&*fresh, &actor.stream).await.unwrap();
        assert!(stored >= actor.acknowledged.load(Ordering::Acquire));
        sum += stored;
    }
    let events = fresh.read_after(0, sum as usize + 1).await.unwrap();
    assert_eq!(events.iter().map(|e| e.pos).collect::<Vec<_>>(), (1..=sum).collect::<Vec<_>>());
}

/// The life as known to a process that reads the journal now; it may first meet connections that have ended.
async fn life(engine: &PostgresEngine) -> u64 {
    for _ in 0..200 {
        if engine.head().await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    engine.head().await.unwrap();
    Engine::life(engine)
}

pub(crate) async fn a_recovery_to_a_moment_is_a_later_life_and_a_crash_is_not(server: &mut Postgres) {
    let service = fresh(server).await;
    let running = engine(server, &service);
    let first = life(&running).await;
    tokio::task::block_in_place(|| server.archive()).unwrap();
    running.append(&[&append("a", 0)], &[]).await.unwrap();
    assert_eq!(
        [life(&running).await, life(&engine(server, &service)).await],
        [first; 2],
        "it was only killed"
    );
    let moment = tokio::task::block_in_place(|| {
        server.base_backup().unwrap();
        server.archived_until().unwrap()
    });
    running.append(&[&append("a", 1)], &[]).await.unwrap();
    tokio::task::block_in_place(|| {
        server.archived_until().unwrap();
        server.restore(&moment).unwrap();
    });
    let second = life(&running).await;
    assert!(second > first, "also where the process was not started anew: {second} after {first}");
    assert_eq!((life(&engine(server, &service)).await, running.head().await.unwrap()), (second, 1));
}
