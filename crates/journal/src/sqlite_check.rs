//! Whether a store can be used, checked before anything is written to it: SQLite itself finds damage only when it reads
//! the page, and takes an empty file for a new store. Errors name the file and its fault. Knows nothing of what an
//! event means.

use crate::JournalError;
use crate::sqlite_schema::VERSION;
use crate::sqlite_wal;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The first bytes of every SQLite file.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// The highest schema version that a program could have written; anything else is garbage.
const PLAUSIBLE: i64 = 1_000;

/// Checks every store in a folder that no program uses at the moment: file, log and page structure. Reads all of them
/// once.
pub fn check(folder: &Path) -> Result<(), JournalError> {
    let stores = stores(folder)?;
    let empty: Vec<&PathBuf> = stores.iter().filter(|path| is_empty(path)).collect();
    // All of them are empty when a first start was interrupted.
    if let Some(path) = empty.first().filter(|_| empty.len() < stores.len()) {
        return Err(damaged(path, "it is empty, and the folder is in use"));
    }
    stores.iter().filter(|path| !is_empty(path)).try_for_each(|path| one(path))
}

/// The stores in a folder; none if the folder does not exist.
pub fn stores(folder: &Path) -> Result<Vec<PathBuf>, JournalError> {
    let wrong = |error: std::io::Error| JournalError(format!("{}: {error}", folder.display()));
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(wrong)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
    let mut stores = paths.map_err(wrong)?;
    stores.retain(|path| path.extension().is_some_and(|ending| ending == "db") && path.is_file());
    stores.sort();
    Ok(stores)
}

fn is_empty(path: &Path) -> bool {
    path.metadata().is_ok_and(|it| it.len() == 0)
}

fn damaged(path: &Path, what: &str) -> JournalError {
    JournalError(format!("{} is damaged: {what}", path.display()))
}

fn one(path: &Path) -> Result<(), JournalError> {
    let unread = |error: std::io::Error| JournalError(format!("{} cannot be read: {error}", path.display()));
    let mut begin = Vec::new();
    File::open(path).and_then(|file| file.take(100).read_to_end(&mut begin)).map_err(unread)?;
    if begin.len() < 100 || !begin.starts_with(MAGIC) {
        return Err(damaged(path, "it does not begin as a database does"));
    }
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if let Some(what) = sqlite_wal::damage(Path::new(&log)).map_err(unread)? {
        return Err(damaged(path, &what));
    }
    let found = pages(path).map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
            damaged(path, &error.to_string())
        }
        _ => JournalError(format!("{} cannot be read: {error}", path.display())),
    })?;
    found.map_err(|what| damaged(path, &what))
}

/// Checks all pages; the inner error says what is inconsistent.
fn pages(path: &Path) -> rusqlite::Result<Result<(), String>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(path, flags)?;
    file.pragma_update(None, "busy_timeout", 10_000)?;
    // Checking must not change anything: a checkpoint on close would move the log into the file.
    file.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let found: String = file.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Ok(Err(found.lines().last().unwrap_or_default().to_owned()));
    }
    let version: i64 = file.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if !(0..=PLAUSIBLE).contains(&version) {
        return Ok(Err(format!("it says that it is of version {version}")));
    }
    let tables: i64 = file.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if version == VERSION && tables == 0 {
        return Ok(Err("it has no tables".to_owned()));
    }
    if version == 0 && tables > 0 {
        return Ok(Err("it has tables of nobody".to_owned()));
    }
    Ok(Ok(()))
}
