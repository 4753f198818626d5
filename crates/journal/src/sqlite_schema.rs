//! Tables of the SQLite engine, and how a file is brought to this version. Knows nothing of what is stored.
//!
//! Events are keyed by position alone; each names the position of its predecessor in its stream, and `streams` names
//! the last. An index by stream and version would make every commit rewrite a page per stream.

use rusqlite::Connection;

/// The schema version, raised with each change of the tables; stored in the file's `user_version`.
pub(crate) const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE streams (
  stream TEXT PRIMARY KEY, office TEXT NOT NULL, version INTEGER NOT NULL, last INTEGER, wake INTEGER
) WITHOUT ROWID;
CREATE TABLE events (
  pos INTEGER PRIMARY KEY, before INTEGER, stream TEXT NOT NULL, version INTEGER NOT NULL, office TEXT NOT NULL,
  kind TEXT NOT NULL, schema INTEGER NOT NULL, at INTEGER NOT NULL, cause TEXT NOT NULL,
  data BLOB NOT NULL, hash BLOB NOT NULL
);
CREATE TABLE receipts (
  stream TEXT NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL, reply BLOB NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (stream, key)
) WITHOUT ROWID;
CREATE TABLE claims (key TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE vault (id TEXT PRIMARY KEY, office TEXT NOT NULL, sealed BLOB NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE cursors (name TEXT PRIMARY KEY, pos INTEGER NOT NULL) WITHOUT ROWID;
";

/// The life of the file. Added later than the other tables and ignored by older programs, so it needs no version of its
/// own. Real time, from SQLite itself: no rule reads it, and a folder started afresh gets its own life.
const STAMP: &str = "
CREATE TABLE IF NOT EXISTS stamp (life INTEGER NOT NULL);
INSERT INTO stamp (life) SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER) WHERE NOT EXISTS (SELECT 1 FROM stamp);
";

/// Settings of every connection: WAL, and a full sync at each commit, so that what was acknowledged survives a crash.
pub(crate) fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "busy_timeout", 10_000)?;
    connection.pragma_update(None, "cache_size", -4_000)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(())
}

/// Creates the tables in a new file; refuses a file written by a newer program.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), String> {
    let text = |e: rusqlite::Error| e.to_string();
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(text)?;
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(text)?;
    match found {
        0 => {
            transaction.execute_batch(TABLES).map_err(text)?;
            transaction.pragma_update(None, "user_version", VERSION).map_err(text)?;
        }
        VERSION => {}
        newer => {
            return Err(format!(
                "the data is of version {newer}, this program knows {VERSION}: start a newer okienko on it"
            ));
        }
    }
    transaction.execute_batch(STAMP).map_err(text)?;
    transaction.commit().map_err(text)
}

/// The life of the data in this file.
pub(crate) fn life_of(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row("SELECT max(life) FROM stamp", [], |row| row.get(0))
}

/// Begins a new life, greater than the last even when this machine's clock is behind.
pub(crate) fn begin_life(connection: &Connection) -> rusqlite::Result<u64> {
    connection.execute_batch(STAMP)?;
    let renew = "UPDATE stamp SET life = max(life + 1, CAST(unixepoch('subsec') * 1000000 AS INTEGER))";
    connection.execute(renew, [])?;
    life_of(connection)
}
