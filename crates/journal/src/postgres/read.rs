//! Reads from Postgres: by key through functions bound to one office, or as the relay, which reads everything. A read
//! that met a dead connection is retried once on another. Knows nothing of appends.

use super::explained;
use crate::{Claim, JournalError, Receipt, Recorded, StoredStream};
use okienko_kernel::Moment;
use parking_lot::Mutex;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{PgPool, Postgres, Row};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long a Postgres that could not be reached is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(1);

type Rows = Result<Vec<PgRow>, JournalError>;

/// Connections for reads. While Postgres is unreachable, callers fail at once instead of waiting in turn.
pub(super) struct Reads {
    pub(super) pool: PgPool,
    away_until: Mutex<Option<Instant>>,
}

impl Reads {
    pub(super) fn new(pool: PgPool) -> Reads {
        Reads { pool, away_until: Mutex::default() }
    }

    fn is_away(&self) -> bool {
        self.away_until.lock().is_some_and(|until| Instant::now() < until)
    }
}

async fn rows(reads: &Reads, query: impl Fn() -> Query<'static, Postgres, PgArguments>) -> Rows {
    if reads.is_away() {
        return Err(JournalError("Postgres cannot be reached".into()));
    }
    let first = query().fetch_all(&reads.pool).await;
    let rows = match first {
        Err(sqlx::Error::Io(_)) => query().fetch_all(&reads.pool).await,
        other => other,
    };
    let away = matches!(rows, Err(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut));
    *reads.away_until.lock() = away.then(|| Instant::now() + LEFT_ALONE);
    rows.map_err(|error| JournalError(explained(&error)))
}

fn decoded<T>(rows: &[PgRow], one: impl Fn(&PgRow) -> sqlx::Result<T>) -> Result<Vec<T>, JournalError> {
    rows.iter().map(one).collect::<sqlx::Result<_>>().map_err(|error| JournalError(error.to_string()))
}

fn moment(row: &PgRow, column: &str) -> sqlx::Result<Moment> {
    Ok(Moment::from_micros(row.try_get(column)?))
}

fn bytes<const N: usize>(row: &PgRow, column: &str) -> sqlx::Result<[u8; N]> {
    let found: &[u8] = row.try_get(column)?;
    found.try_into().map_err(|_| sqlx::Error::Decode(format!("{column} has {} bytes", found.len()).into()))
}

fn recorded(row: &PgRow) -> sqlx::Result<Recorded> {
    let text = |column| -> sqlx::Result<Arc<str>> { Ok(row.try_get::<&str, _>(column)?.into()) };
    Ok(Recorded {
        pos: row.try_get::<i64, _>("pos")? as u64,
        stream: text("stream")?,
        version: row.try_get::<i64, _>("version")? as u64,
        office: text("office")?,
        kind: text("kind")?,
        schema: row.try_get::<i32, _>("schema")? as u16,
        at: moment(row, "at")?,
        cause: text("cause")?,
        data: row.try_get("data")?,
        hash: bytes(row, "hash")?,
    })
}

/// Events first: a receipt seen afterwards belongs to events already seen or to later ones, never to none.
pub(super) async fn load(reads: &Reads, stream: &str, since: Moment) -> Result<StoredStream, JournalError> {
    let events = read_stream(reads, stream, 0).await?;
    let sql = "SELECT key, body, reply, at FROM load_receipts($1, $2)";
    let found = rows(reads, || sqlx::query(sql).bind(stream.to_owned()).bind(since.micros())).await?;
    Ok(StoredStream { events, receipts: decoded(&found, receipt)? })
}

fn receipt(row: &PgRow) -> sqlx::Result<Receipt> {
    let (key, body) = (bytes(row, "key")?, bytes(row, "body")?);
    Ok(Receipt { key, body, reply: row.try_get("reply")?, at: moment(row, "at")? })
}

pub(super) async fn receipts(
    reads: &Reads,
    stream: &str,
    keys: &[[u8; 16]],
) -> Result<Vec<Receipt>, JournalError> {
    let sql = "SELECT key, body, reply, at FROM receipts_of($1, $2)";
    let keys: Vec<Vec<u8>> = keys.iter().map(|key| key.to_vec()).collect();
    let found = rows(reads, || sqlx::query(sql).bind(stream.to_owned()).bind(keys.clone())).await?;
    decoded(&found, receipt)
}

pub(super) async fn read_stream(
    reads: &Reads,
    stream: &str,
    version: u64,
) -> Result<Vec<Recorded>, JournalError> {
    let sql = "SELECT * FROM load_events($1, $2)";
    let found = rows(reads, || sqlx::query(sql).bind(stream.to_owned()).bind(version as i64)).await?;
    decoded(&found, recorded)
}

pub(super) async fn read_after(reads: &Reads, pos: u64, limit: usize) -> Result<Vec<Recorded>, JournalError> {
    let sql = "SELECT * FROM events WHERE pos > $1 ORDER BY pos LIMIT $2";
    let found = rows(reads, || sqlx::query(sql).bind(pos as i64).bind(limit as i64)).await?;
    decoded(&found, recorded)
}

pub(super) async fn head(reads: &Reads) -> Result<u64, JournalError> {
    let found = rows(reads, || sqlx::query("SELECT pos FROM head")).await?;
    number(&found)
}

pub(super) async fn cursor(reads: &Reads, name: &str) -> Result<u64, JournalError> {
    let sql = "SELECT pos FROM cursors WHERE name = $1";
    number(&rows(reads, || sqlx::query(sql).bind(name.to_owned())).await?)
}

pub(super) async fn purge(reads: &Reads, receipts_before: Moment, now: Moment) -> Result<u64, JournalError> {
    let query = || sqlx::query("SELECT purge($1, $2)").bind(receipts_before.micros()).bind(now.micros());
    number(&rows(reads, query).await?)
}

fn number(rows: &[PgRow]) -> Result<u64, JournalError> {
    let all = decoded(rows, |row| row.try_get::<i64, _>(0))?;
    Ok(all.first().copied().unwrap_or(0) as u64)
}

pub(super) async fn claims(reads: &Reads, keys: &[String]) -> Result<Vec<Option<Claim>>, JournalError> {
    let sql = "SELECT key, holder, until FROM claims_of($1)";
    let found = rows(reads, || sqlx::query(sql).bind(keys.to_vec())).await?;
    let pairs = decoded(&found, |row| {
        let claim = Claim { holder: row.try_get("holder")?, until: moment(row, "until")? };
        Ok((row.try_get::<String, _>("key")?, claim))
    })?;
    let by_key: BTreeMap<String, Claim> = pairs.into_iter().collect();
    Ok(keys.iter().map(|key| by_key.get(key).cloned()).collect())
}

pub(super) async fn vault(reads: &Reads, ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, JournalError> {
    let sql = "SELECT id, sealed FROM vault_of($1)";
    let found = rows(reads, || sqlx::query(sql).bind(ids.to_vec())).await?;
    let pairs = decoded(&found, |row| Ok((row.try_get::<String, _>("id")?, row.try_get("sealed")?)))?;
    let by_id: BTreeMap<String, Vec<u8>> = pairs.into_iter().collect();
    Ok(ids.iter().map(|id| by_id.get(id).cloned()).collect())
}

/// The upper bound of keys that start with `prefix`.
fn prefix_end(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

pub(super) async fn wakes(
    reads: &Reads,
    prefix: &str,
) -> Result<Vec<(Moment, String, String)>, JournalError> {
    let sql = "SELECT wake, stream, office FROM streams
        WHERE wake IS NOT NULL AND stream >= $1 AND stream < $2 ORDER BY wake, stream";
    let found = rows(reads, || sqlx::query(sql).bind(prefix.to_owned()).bind(prefix_end(prefix))).await?;
    decoded(&found, |row| Ok((moment(row, "wake")?, row.try_get("stream")?, row.try_get("office")?)))
}

pub(super) async fn stream_before(
    reads: &Reads,
    prefix: &str,
    before: &str,
) -> Result<Option<String>, JournalError> {
    let sql = "SELECT stream FROM streams WHERE stream >= $1 AND stream < $2 AND stream < $3
        ORDER BY stream DESC LIMIT 1";
    let query = || sqlx::query(sql).bind(prefix.to_owned()).bind(before.to_owned()).bind(prefix_end(prefix));
    Ok(decoded(&rows(reads, query).await?, |row| row.try_get(0))?.into_iter().next())
}

pub(super) async fn streams(reads: &Reads, prefix: &str) -> Result<Vec<String>, JournalError> {
    let sql = "SELECT stream FROM streams WHERE stream >= $1 AND stream < $2 ORDER BY stream";
    let found = rows(reads, || sqlx::query(sql).bind(prefix.to_owned()).bind(prefix_end(prefix))).await?;
    decoded(&found, |row| row.try_get(0))
}
