//! The journal on a real PostgreSQL: the conformance suite, offices kept apart by the database, two processes on one
//! journal, lost connections and a crash. One server serves them all. Where PostgreSQL is not installed, nothing is
//! checked, and that is printed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking"
)]

#[path = "postgres/faults.rs"]
mod faults;
#[path = "postgres/offices.rs"]
mod offices;
#[path = "postgres/processes.rs"]
mod processes;
#[path = "postgres/speed.rs"]
mod speed;

use okienko_drill::Postgres;
use okienko_journal::{Append, Engine, NewEvent, PostgresEngine, PostgresSettings, conformance, migrate};
use okienko_kernel::world::Task;
use okienko_kernel::{Moment, Tasks};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) struct TokioTasks;

#[expect(clippy::disallowed_methods, reason = "this is the tests' World")]
impl Tasks for TokioTasks {
    fn spawn(&self, _: &'static str, task: Task) {
        tokio::spawn(task);
    }
    /// On a thread whose runtime drives no sockets, as in the program.
    fn dedicate(&self, _: &'static str, _: okienko_kernel::IfLost, task: Task) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        std::thread::spawn(move || runtime.block_on(task));
    }
}

static SERVICES: AtomicU32 = AtomicU32::new(0);

/// The name of a service with an empty journal.
pub(crate) async fn fresh(server: &Postgres) -> String {
    let service = format!("test-{}", SERVICES.fetch_add(1, Ordering::Relaxed));
    migrate(&server.url(), &service, &[]).await.unwrap();
    service
}

pub(crate) fn engine(server: &Postgres, service: &str) -> Arc<PostgresEngine> {
    Arc::new(PostgresEngine::open(&PostgresSettings::new(&server.url()), service).unwrap())
}

pub(crate) fn append(stream: &str, expected: u64) -> Append {
    let event = NewEvent {
        kind: "x",
        schema: 1,
        data: b"{}".to_vec(),
        at: Moment::from_micros(7),
        cause: "test".into(),
        hash: [9; 32],
    };
    Append {
        office: "torun".into(),
        stream: stream.into(),
        expected,
        at: Moment::from_micros(7),
        events: vec![event],
        receipts: vec![],
        claims: vec![],
        vault: vec![],
        wake: None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_keeps_every_promise_of_a_journal() {
    if !Postgres::is_installed() {
        println!("PostgreSQL is not installed: not checked");
        return;
    }
    let mut server = Postgres::start().unwrap();
    let open = || -> Arc<dyn Engine> {
        let handle = tokio::runtime::Handle::current();
        let service = tokio::task::block_in_place(|| handle.block_on(fresh(&server)));
        engine(&server, &service)
    };
    conformance::all(&open, &TokioTasks).await;

    a_second_migration_changes_nothing_and_a_newer_schema_is_refused(&server).await;
    offices::an_append_reaches_only_its_own_office(&server).await;
    offices::the_append_role_can_neither_change_events_nor_read_around(&server).await;
    offices::a_login_has_the_rights_of_its_role_and_no_others(&server).await;
    processes::what_one_process_writes_the_relays_of_another_take_in_order(&server).await;
    processes::two_processes_on_one_stream_write_each_version_once(&server).await;
    faults::a_lost_question_and_a_lost_answer_are_unknown_and_told_apart_after_a_load(&server).await;
    faults::a_server_that_cannot_be_reached_is_a_certain_failure(&server).await;
    faults::a_crash_loses_nothing_that_was_acknowledged(&mut server).await;
    faults::a_recovery_to_a_moment_is_a_later_life_and_a_crash_is_not(&mut server).await;
}

async fn a_second_migration_changes_nothing_and_a_newer_schema_is_refused(server: &Postgres) {
    let service = fresh(server).await;
    let journal = engine(server, &service);
    journal.append(&[&append("a", 0)], &[]).await.unwrap();
    migrate(&server.url(), &service, &["postgres"]).await.unwrap();
    assert_eq!(journal.head().await.unwrap(), 1);
    let owner = sqlx::PgPool::connect(&server.url()).await.unwrap();
    let newer = format!("INSERT INTO {}.migrations VALUES (99)", service.replace('-', "_"));
    sqlx::query(sqlx::AssertSqlSafe(newer)).execute(&owner).await.unwrap();
    let refused = migrate(&server.url(), &service, &[]).await.unwrap_err().to_string();
    assert!(refused.contains("newer okienko"), "{refused}");
    let missing = engine(server, "nowhere").head().await.unwrap_err().to_string();
    assert!(missing.contains("okienko_nowhere_relay"), "{missing}");
}
