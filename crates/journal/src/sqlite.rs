//! The journal on SQLite (WAL, full sync): one file per service, one writer, a few readers.
//!
//! Calls run on the caller's thread: large appends on the committer's own, small ones and reads on the thread that
//! asks, because each takes a tenth of a millisecond or less. Knows nothing of what an event means.

use crate::engine::PROBE;
use crate::sqlite_schema::{configure, life_of, migrate};
use crate::{
    Append, AppendError, Claim, Engine, JournalError, NewEvent, RECEIPT_LIFE, Receipt, Recorded,
    StoredStream, VaultChange,
};
use async_trait::async_trait;
use okienko_kernel::{ClaimChange, Moment};
use parking_lot::Mutex;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Idle read connections that are kept; more are opened when more reads run at once.
const READERS: usize = 4;
/// Vault rows cached in memory: those of the people booking right now.
const RECENT: usize = 4096;

/// A journal in one SQLite file.
pub struct SqliteEngine {
    path: PathBuf,
    life: u64,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    /// Vault rows as last written (`None` if deleted): a person's next step reads what the last one wrote.
    recent: Mutex<HashMap<String, Option<Vec<u8>>>>,
    damage: OnceLock<String>,
}

impl SqliteEngine {
    /// Opens or creates the file. An error says what is wrong with it.
    pub fn open(path: &Path) -> Result<SqliteEngine, JournalError> {
        let wrong = |what: String| JournalError(format!("{}: {what}", path.display()));
        let mut writer = Connection::open(path).map_err(|e| wrong(e.to_string()))?;
        configure(&writer).map_err(|e| wrong(e.to_string()))?;
        migrate(&mut writer).map_err(wrong)?;
        let life = life_of(&writer).map_err(|e| wrong(e.to_string()))?;
        Ok(SqliteEngine {
            path: path.to_owned(),
            life,
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            recent: Mutex::default(),
            damage: OnceLock::new(),
        })
    }

    fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, JournalError> {
        let failed = |e: rusqlite::Error| JournalError(self.seen(&e));
        let idle = self.readers.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let fresh = Connection::open(&self.path).map_err(failed)?;
                configure(&fresh).map_err(failed)?;
                fresh
            }
        };
        let result = query(&connection);
        let mut readers = self.readers.lock();
        if readers.len() < READERS {
            readers.push(connection);
        }
        result.map_err(failed)
    }

    /// The error's text; damage is recorded.
    fn seen(&self, error: &rusqlite::Error) -> String {
        let code = error.sqlite_error_code();
        let said = error.to_string();
        if matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)) {
            self.is_damaged(&said);
        }
        said
    }

    fn write_batch(&self, batch: &[&Append], cursors: &[(String, u64)]) -> Result<u64, AppendError> {
        let mut writer = self.writer.lock();
        let not_written = |e: rusqlite::Error| AppendError::NotWritten(self.seen(&e));
        let transaction =
            writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(not_written)?;
        let mut head = head_of(&transaction).map_err(not_written)?;
        for (index, append) in batch.iter().enumerate() {
            write_one(&transaction, append, &mut head).map_err(|fault| match fault {
                Fault::Conflict(what) => AppendError::Conflict { index, what },
                Fault::Sql(error) => AppendError::NotWritten(self.seen(&error)),
            })?;
        }
        for (name, pos) in cursors {
            let upsert = "INSERT INTO cursors (name, pos) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET pos = max(pos, ?2)";
            execute(&transaction, upsert, params![name, pos]).map_err(not_written)?;
        }
        let committed = transaction.commit().map_err(|e| AppendError::Unknown(self.seen(&e)));
        if committed.is_err() {
            self.recent.lock().clear();
        }
        committed?;
        self.keep_recent(batch);
        Ok(head)
    }

    fn keep_recent(&self, batch: &[&Append]) {
        let mut changes = batch.iter().flat_map(|append| &append.vault).peekable();
        if changes.peek().is_none() {
            return;
        }
        let mut recent = self.recent.lock();
        if recent.len() > RECENT {
            recent.clear();
        }
        for change in changes {
            match change {
                VaultChange::Put { id, sealed, .. } => recent.insert(id.clone(), Some(sealed.clone())),
                VaultChange::Delete { id } => recent.insert(id.clone(), None),
            };
        }
    }
}

enum Fault {
    Conflict(String),
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        let unique = error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation);
        if unique { Fault::Conflict(error.to_string()) } else { Fault::Sql(error) }
    }
}

fn execute(
    transaction: &Transaction<'_>,
    sql: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<usize> {
    transaction.prepare_cached(sql)?.execute(values)
}

/// The newest position. A single writer inserts in order, so positions have no gaps.
fn head_of(connection: &Connection) -> rusqlite::Result<u64> {
    let newest = "SELECT coalesce(max(pos), 0) FROM events";
    connection.prepare_cached(newest)?.query_row([], |row| row.get(0))
}

/// A stream's version and the position of its last event; `None` if it was never written.
fn end_of(connection: &Connection, stream: &str) -> rusqlite::Result<Option<(u64, Option<u64>)>> {
    let mut statement = connection.prepare_cached("SELECT version, last FROM streams WHERE stream = ?1")?;
    statement.query_row(params![stream], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

fn write_one(transaction: &Transaction<'_>, append: &Append, head: &mut u64) -> Result<(), Fault> {
    let stream = &*append.stream;
    let end = end_of(transaction, stream)?;
    let (version, mut last) = end.unwrap_or((0, None));
    if version != append.expected {
        return Err(Fault::Conflict(format!("{stream} is at version {version}, not {}", append.expected)));
    }
    for (n, event) in append.events.iter().enumerate() {
        *head += 1;
        write_event(transaction, append, (*head, last), version + n as u64 + 1, event)?;
        last = Some(*head);
    }
    let version = version + append.events.len() as u64;
    if end.is_none() {
        let insert = "INSERT INTO streams (stream, office, version, last) VALUES (?1, ?2, ?3, ?4)";
        execute(transaction, insert, params![stream, &*append.office, version, last])?;
    } else if !append.events.is_empty() {
        let update = "UPDATE streams SET version = ?2, last = ?3 WHERE stream = ?1";
        execute(transaction, update, params![stream, version, last])?;
    }
    if let Some(wake) = append.wake {
        let update = "UPDATE streams SET wake = ?2 WHERE stream = ?1";
        execute(transaction, update, params![stream, wake.map(Moment::micros)])?;
    }
    for receipt in &append.receipts {
        let insert = "INSERT INTO receipts (stream, key, body, reply, at) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (stream, key) DO UPDATE SET body = ?3, reply = ?4, at = ?5 WHERE at <= ?6";
        let (at, ended) = (receipt.at.micros(), receipt.at.minus(RECEIPT_LIFE).micros());
        let values = params![stream, receipt.key, receipt.body, receipt.reply, at, ended];
        if execute(transaction, insert, values)? != 1 {
            return Err(Fault::Conflict(format!("a request to {stream} is answered already")));
        }
    }
    for change in &append.claims {
        write_claim(transaction, change, append.at)?;
    }
    for change in &append.vault {
        match change {
            VaultChange::Put { id, sealed, until } => {
                let put = "INSERT OR REPLACE INTO vault (id, office, sealed, until) VALUES (?1, ?2, ?3, ?4)";
                execute(transaction, put, params![id, &*append.office, sealed, until.micros()])?
            }
            VaultChange::Delete { id } => {
                execute(transaction, "DELETE FROM vault WHERE id = ?1", params![id])?
            }
        };
    }
    Ok(())
}

fn write_event(
    transaction: &Transaction<'_>,
    append: &Append,
    (pos, before): (u64, Option<u64>),
    version: u64,
    event: &NewEvent,
) -> Result<(), Fault> {
    let insert =
        "INSERT INTO events (pos, before, stream, version, office, kind, schema, at, cause, data, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let (stream, office, at) = (&*append.stream, &*append.office, event.at.micros());
    let (kind, schema, cause) = (event.kind, event.schema, &*event.cause);
    let values =
        params![pos, before, stream, version, office, kind, schema, at, cause, event.data, event.hash];
    execute(transaction, insert, values)?;
    Ok(())
}

fn write_claim(transaction: &Transaction<'_>, change: &ClaimChange, at: Moment) -> Result<(), Fault> {
    let (key, from, to, until) = match change {
        ClaimChange::Take { key, holder, until } => (key, holder, holder, until),
        ClaimChange::HandOver { key, from, to, until } => (key, from, to, until),
        ClaimChange::Release { key, holder } => {
            execute(transaction, "DELETE FROM claims WHERE key = ?1 AND holder = ?2", params![key, holder])?;
            return Ok(());
        }
    };
    let take = "INSERT INTO claims (key, holder, until) VALUES (?1, ?2, ?3)
        ON CONFLICT (key) DO UPDATE SET holder = ?2, until = ?3 WHERE holder = ?4 OR until <= ?5";
    let taken = execute(transaction, take, params![key, to, until.micros(), from, at.micros()])?;
    if taken == 1 { Ok(()) } else { Err(Fault::Conflict(format!("claim {key} is held"))) }
}

const EVENT_COLUMNS: &str =
    "SELECT pos, stream, version, office, kind, schema, at, cause, data, hash, before FROM events";

fn recorded(row: &Row<'_>) -> rusqlite::Result<Recorded> {
    let text =
        |column| -> rusqlite::Result<std::sync::Arc<str>> { Ok(row.get_ref(column)?.as_str()?.into()) };
    Ok(Recorded {
        pos: row.get(0)?,
        stream: text(1)?,
        version: row.get(2)?,
        office: text(3)?,
        kind: text(4)?,
        schema: row.get(5)?,
        at: Moment::from_micros(row.get(6)?),
        cause: text(7)?,
        data: row.get(8)?,
        hash: row.get(9)?,
    })
}

/// The upper bound of keys that start with `prefix`.
fn prefix_end(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

#[async_trait]
impl Engine for SqliteEngine {
    async fn append(&self, batch: &[&Append], cursors: &[(String, u64)]) -> Result<u64, AppendError> {
        self.write_batch(batch, cursors)
    }

    fn life(&self) -> u64 {
        self.life
    }

    async fn load(&self, stream: &str, receipts_since: Moment) -> Result<StoredStream, JournalError> {
        self.read(|connection| {
            let events = events_after(connection, stream, 0)?;
            let sql = "SELECT key, body, reply, at FROM receipts WHERE stream = ?1 AND at >= ?2";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(params![stream, receipts_since.micros()], |row| {
                let at = Moment::from_micros(row.get(3)?);
                Ok(Receipt { key: row.get(0)?, body: row.get(1)?, reply: row.get(2)?, at })
            })?;
            Ok(StoredStream { events, receipts: rows.collect::<rusqlite::Result<_>>()? })
        })
    }

    async fn receipts(&self, stream: &str, keys: &[[u8; 16]]) -> Result<Vec<Receipt>, JournalError> {
        self.read(|connection| {
            let sql = "SELECT body, reply, at FROM receipts WHERE stream = ?1 AND key = ?2";
            let mut statement = connection.prepare_cached(sql)?;
            let mut one = |key: &[u8; 16]| {
                let found = statement.query_row(params![stream, key], |row| {
                    let at = Moment::from_micros(row.get(2)?);
                    Ok(Receipt { key: *key, body: row.get(0)?, reply: row.get(1)?, at })
                });
                found.optional()
            };
            keys.iter().filter_map(|key| one(key).transpose()).collect()
        })
    }

    async fn read_after(&self, pos: u64, limit: usize) -> Result<Vec<Recorded>, JournalError> {
        self.read(|connection| {
            let sql = format!("{EVENT_COLUMNS} WHERE pos > ?1 ORDER BY pos LIMIT ?2");
            connection.prepare_cached(&sql)?.query_map(params![pos, limit as u64], recorded)?.collect()
        })
    }

    async fn read_stream(&self, stream: &str, version: u64) -> Result<Vec<Recorded>, JournalError> {
        self.read(|connection| events_after(connection, stream, version))
    }

    async fn head(&self) -> Result<u64, JournalError> {
        self.read(head_of)
    }

    async fn claims(&self, keys: &[String]) -> Result<Vec<Option<Claim>>, JournalError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT holder, until FROM claims WHERE key = ?1")?;
            let mut one = |key: &String| {
                let found = statement.query_row(params![key], |row| {
                    Ok(Claim { holder: row.get(0)?, until: Moment::from_micros(row.get(1)?) })
                });
                found.optional()
            };
            keys.iter().map(&mut one).collect()
        })
    }

    async fn wakes(&self, prefix: &str) -> Result<Vec<(Moment, String, String)>, JournalError> {
        self.read(|connection| {
            let sql = "SELECT wake, stream, office FROM streams
                WHERE wake IS NOT NULL AND stream >= ?1 AND stream < ?2 ORDER BY wake, stream";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(params![prefix, prefix_end(prefix)], |row| {
                Ok((Moment::from_micros(row.get(0)?), row.get(1)?, row.get(2)?))
            })?;
            rows.collect()
        })
    }

    async fn cursor(&self, name: &str) -> Result<u64, JournalError> {
        self.read(|connection| {
            let found = connection
                .query_row("SELECT pos FROM cursors WHERE name = ?1", params![name], |row| row.get(0))
                .optional()?;
            Ok(found.unwrap_or(0))
        })
    }

    async fn vault(&self, ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, JournalError> {
        {
            let recent = self.recent.lock();
            if let Some(rows) = ids.iter().map(|id| recent.get(id).cloned()).collect() {
                return Ok(rows);
            }
        }
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT sealed FROM vault WHERE id = ?1")?;
            ids.iter().map(|id| statement.query_row(params![id], |row| row.get(0)).optional()).collect()
        })
    }

    async fn stream_before(&self, prefix: &str, before: &str) -> Result<Option<String>, JournalError> {
        self.read(|connection| {
            let sql = "SELECT stream FROM streams WHERE stream >= ?1 AND stream < ?2 AND stream < ?3
                ORDER BY stream DESC LIMIT 1";
            let values = params![prefix, before, prefix_end(prefix)];
            connection.query_row(sql, values, |row| row.get(0)).optional()
        })
    }

    async fn streams(&self, prefix: &str) -> Result<Vec<String>, JournalError> {
        self.read(|connection| {
            let sql = "SELECT stream FROM streams WHERE stream >= ?1 AND stream < ?2 ORDER BY stream";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(params![prefix, prefix_end(prefix)], |row| row.get(0))?;
            rows.collect()
        })
    }

    async fn probe(&self) -> Result<(), AppendError> {
        let failed = |e: rusqlite::Error| AppendError::NotWritten(self.seen(&e));
        let mut writer = self.writer.lock();
        let begun = writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        // Deleted first: rewriting an identical row would leave the page unchanged, and nothing would be written.
        execute(&begun, "DELETE FROM cursors WHERE name = ?1", params![PROBE]).map_err(failed)?;
        execute(&begun, "INSERT INTO cursors (name, pos) VALUES (?1, 0)", params![PROBE]).map_err(failed)?;
        begun.commit().map_err(failed)
    }

    fn damage(&self) -> Option<String> {
        self.damage.get().cloned()
    }

    fn is_damaged(&self, what: &str) {
        // Only the first is kept: it caused the others.
        let _ = self.damage.set(what.to_owned());
    }

    async fn purge(&self, receipts_before: Moment, now: Moment) -> Result<u64, JournalError> {
        let failed = |e: rusqlite::Error| JournalError(self.seen(&e));
        let writer = self.writer.lock();
        self.recent.lock().clear();
        let one = |sql: &str, before: Moment| writer.execute(sql, params![before.micros()]).map_err(failed);
        let gone = one("DELETE FROM receipts WHERE at < ?1", receipts_before)?
            + one("DELETE FROM claims WHERE until <= ?1", now)?
            + one("DELETE FROM vault WHERE until <= ?1", now)?;
        Ok(gone as u64)
    }
}

/// The events of a stream after a version, in order; read backwards from the last one.
fn events_after(connection: &Connection, stream: &str, version: u64) -> rusqlite::Result<Vec<Recorded>> {
    let mut at = end_of(connection, stream)?.and_then(|(_, last)| last);
    let mut statement = connection.prepare_cached(&format!("{EVENT_COLUMNS} WHERE pos = ?1"))?;
    let mut events = Vec::new();
    while let Some(pos) = at {
        let (event, before) = statement.query_row(params![pos], |row| Ok((recorded(row)?, row.get(10)?)))?;
        if event.version <= version {
            break;
        }
        events.push(event);
        at = before;
    }
    events.reverse();
    Ok(events)
}
