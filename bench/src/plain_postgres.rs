//! The plain design on PostgreSQL, for comparison: one transaction per command with a conditional update, from a pool
//! of 20 connections. Both as several statements, which is what most services run, and as a single statement, its best
//! form. Knows nothing of our design.

use anyhow::Context;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor};
use std::sync::Arc;
use std::time::Duration;

/// Connections of the pool.
const POOL: u32 = 20;
/// How long a command waits for a connection: long enough that ten thousand may queue.
const PATIENCE: Duration = Duration::from_secs(120);

/// A table of slots and one of holds.
pub struct PlainPostgres {
    pool: PgPool,
}

/// Takes a place if one is left.
const UPDATE: &str = "UPDATE slots SET taken = taken + 1 WHERE slot = $1 AND taken < places";
const INSERT: &str = "INSERT INTO holds (hold, slot, ends) VALUES ($1, $2, 0)";
/// Both in one round trip; a single statement is a transaction by itself.
const BOTH: &str =
    "WITH taken AS (UPDATE slots SET taken = taken + 1 WHERE slot = $2 AND taken < places RETURNING slot)
    INSERT INTO holds (hold, slot, ends) SELECT $1, slot, 0 FROM taken";

impl PlainPostgres {
    /// Creates `slots` slots of `places` places each, in fresh tables.
    pub async fn open(url: &str, slots: u32, places: u32) -> anyhow::Result<Arc<PlainPostgres>> {
        let options = PgPoolOptions::new().max_connections(POOL).min_connections(POOL);
        let options = options.acquire_timeout(PATIENCE).test_before_acquire(false);
        let pool = options.connect(url).await.context("the plain design's connections")?;
        pool.execute(
            "DROP TABLE IF EXISTS slots, holds;
             CREATE TABLE slots (slot INT PRIMARY KEY, places INT NOT NULL, taken INT NOT NULL) WITH (fillfactor = 50);
             CREATE TABLE holds (hold BYTEA PRIMARY KEY, slot INT NOT NULL, ends BIGINT NOT NULL);",
        )
        .await?;
        let fill = format!("INSERT INTO slots SELECT n, {places}, 0 FROM generate_series(0, {slots} - 1) n");
        pool.execute(AssertSqlSafe(fill)).await?;
        Ok(Arc::new(PlainPostgres { pool }))
    }

    /// Holds a place with several statements in a transaction; false when the slot is full.
    pub async fn hold_by_statements(self: Arc<Self>, slot: u32, hold: [u8; 16]) -> bool {
        self.statements(slot as i32, hold).await.unwrap_or(false)
    }

    async fn statements(&self, slot: i32, hold: [u8; 16]) -> sqlx::Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let taken = sqlx::query(UPDATE).bind(slot).execute(&mut *transaction).await?;
        if taken.rows_affected() == 0 {
            transaction.rollback().await?;
            return Ok(false);
        }
        sqlx::query(INSERT).bind(hold.to_vec()).bind(slot).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Holds a place with one statement; false when the slot is full.
    pub async fn hold_at_once(self: Arc<Self>, slot: u32, hold: [u8; 16]) -> bool {
        let asked = sqlx::query(BOTH).bind(hold.to_vec()).bind(slot as i32).execute(&self.pool).await;
        asked.is_ok_and(|done| done.rows_affected() == 1)
    }
}
