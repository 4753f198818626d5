//! Appends per second, compared with plain single-row inserts on the same server. Prints and asserts no figure; run it
//! with `--ignored --nocapture`, ideally as a release build.

use crate::processes::submit;
use crate::{TokioTasks, append, engine, fresh};
use okienko_drill::Postgres;
use okienko_journal::{Journal, Outcome, Poison};
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgPoolOptions;
use std::sync::Arc;
use tokio::time::{Duration, Instant};

const LENGTH: Duration = Duration::from_secs(4);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn how_many_appends_a_second() {
    let server = Postgres::start().unwrap();
    for clients in [1, 20, 200] {
        let ours = appends(&server, clients).await;
        let plain = inserts(&server, clients).await;
        println!("{clients} clients: {ours} appends/s, {plain} plain inserts/s");
    }
}

async fn appends(server: &Postgres, clients: usize) -> u64 {
    let service = fresh(server).await;
    let journal = Journal::start("test", engine(server, &service), &TokioTasks).await.unwrap();
    let client = |n: usize| {
        let journal = journal.clone();
        async move {
            let (poison, stream) = (Arc::new(Poison::default()), format!("day/{n}"));
            let (end, mut version) = (Instant::now() + LENGTH, 0);
            while Instant::now() < end {
                assert_eq!(submit(&journal, append(&stream, version), &poison).await, Outcome::Committed);
                version += 1;
            }
            version
        }
    };
    let all: u64 = futures::future::join_all((0..clients).map(client)).await.iter().sum();
    all / LENGTH.as_secs()
}

/// One row per transaction on up to 20 connections, as a program without a journal would do.
async fn inserts(server: &Postgres, clients: usize) -> u64 {
    let pool = PgPoolOptions::new()
        .max_connections(clients.min(20) as u32)
        .test_before_acquire(false)
        .connect(&server.url())
        .await
        .unwrap();
    let table = format!("plain{clients}");
    let make = format!("CREATE TABLE {table} (id BIGSERIAL PRIMARY KEY, stream TEXT, data BYTEA)");
    sqlx::query(AssertSqlSafe(make)).execute(&pool).await.unwrap();
    let insert = format!("INSERT INTO {table} (stream, data) VALUES ($1, $2)");
    let client = |n: usize| {
        let (pool, insert) = (pool.clone(), insert.clone());
        async move {
            let (end, mut done) = (Instant::now() + LENGTH, 0u64);
            while Instant::now() < end {
                let query = sqlx::query(AssertSqlSafe(insert.clone()));
                query.bind(format!("day/{n}")).bind(b"{}".to_vec()).execute(&pool).await.unwrap();
                done += 1;
            }
            done
        }
    };
    let all: u64 = futures::future::join_all((0..clients).map(client)).await.iter().sum();
    all / LENGTH.as_secs()
}
