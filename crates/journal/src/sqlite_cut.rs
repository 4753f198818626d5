//! Copies of SQLite journals for a backup: several files as of one moment, while a program writes to them; and whether
//! a copy is whole. Knows nothing of what an event means.

use crate::JournalError;
use crate::hash::{ChainHash, GENESIS, chain};
use crate::sqlite_schema::{begin_life, configure};
use okienko_kernel::Moment;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What a verified journal holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The number of events, which is also the newest position.
    pub events: u64,
    /// The number of streams.
    pub streams: u64,
}

/// Copies all files as of one moment, so that no cursor in one is ahead of what another has taken in. Writers wait for
/// that moment, a few milliseconds, but not for the copying.
pub fn cut(files: &[(PathBuf, PathBuf)]) -> Result<(), JournalError> {
    let (mut gates, mut views) = (Vec::new(), Vec::new());
    for (from, _) in files {
        gates.push(open(from)?);
        views.push(open(from)?);
    }
    // All writers are blocked while the views are opened, always in the same order, so that concurrent backups take
    // turns.
    for (gate, (from, _)) in gates.iter().zip(files) {
        gate.execute_batch("BEGIN IMMEDIATE").map_err(|error| of(from, error))?;
    }
    for (view, (from, _)) in views.iter().zip(files) {
        let seen = view.execute_batch("BEGIN; SELECT count(*) FROM cursors;");
        seen.map_err(|error| of(from, error))?;
    }
    drop(gates);
    for (view, (from, to)) in views.iter().zip(files) {
        copy(view, to).map_err(|error| of(from, error))?;
    }
    Ok(())
}

fn open(path: &Path) -> Result<Connection, JournalError> {
    // A missing file is an error, not a reason to create an empty one.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| of(path, error))?;
    configure(&connection).map_err(|error| of(path, error))?;
    Ok(connection)
}

fn copy(view: &Connection, to: &Path) -> rusqlite::Result<()> {
    let mut into = Connection::open(to)?;
    let backup = Backup::new(view, &mut into)?;
    while backup.step(-1)? != StepResult::Done {
        std::thread::yield_now();
    }
    drop(backup);
    // Leaves a single file without a log beside it.
    into.pragma_update(None, "journal_mode", "DELETE")
}

/// Gives a copy a new life before anybody works on it, so that clients to whom the original had told more know to
/// believe the copy. Returns the life.
pub fn renew(path: &Path) -> Result<u64, JournalError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(path, flags).map_err(|error| of(path, error))?;
    file.pragma_update(None, "synchronous", "FULL").map_err(|error| of(path, error))?;
    begin_life(&file).map_err(|error| of(path, error))
}

fn of(path: &Path, error: rusqlite::Error) -> JournalError {
    JournalError(format!("{}: {error}", path.display()))
}

/// Reads a whole copy: its pages, gapless positions, each stream's hash chain up to its version, cursors not ahead. An
/// error says what is wrong.
pub fn verify(path: &Path) -> Result<Whole, JournalError> {
    let wrong = |what: String| JournalError(format!("{}: {what}", path.display()));
    let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY);
    let file = file.map_err(|error| of(path, error))?;
    // A read transaction: a program may write to it meanwhile.
    file.execute_batch("BEGIN").map_err(|error| of(path, error))?;
    let pages: String =
        file.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(|error| of(path, error))?;
    if pages != "ok" {
        return Err(wrong(pages));
    }
    let (events, ends) = chains(&file).map_err(|error| of(path, error))?.map_err(wrong)?;
    let ahead = "SELECT name FROM cursors WHERE pos > ?1 LIMIT 1";
    if let Ok(name) = file.query_row(ahead, [events], |row| row.get::<_, String>(0)) {
        return Err(wrong(format!("the cursor {name} is ahead of all events")));
    }
    let mut streams = file.prepare("SELECT stream, version FROM streams").map_err(|error| of(path, error))?;
    let listed: Vec<(String, u64)> = streams
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .map_err(|error| of(path, error))?;
    for (stream, version) in &listed {
        let found = ends.get(stream).map_or(0, |(version, _)| *version);
        if found != *version {
            return Err(wrong(format!("{stream} is at version {version} and has {found} events")));
        }
    }
    Ok(Whole { events, streams: listed.len() as u64 })
}

type Ends = HashMap<String, (u64, ChainHash)>;

/// The number of events and the end of each stream; the inner error says what is inconsistent.
fn chains(file: &Connection) -> rusqlite::Result<Result<(u64, Ends), String>> {
    let mut ends = Ends::new();
    let mut read =
        file.prepare("SELECT pos, stream, version, kind, schema, at, data, hash FROM events ORDER BY pos")?;
    let mut rows = read.query([])?;
    let mut last = 0;
    while let Some(row) = rows.next()? {
        let (pos, stream, version): (u64, String, u64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (kind, schema, at): (String, u16, i64) = (row.get(3)?, row.get(4)?, row.get(5)?);
        let (data, hash): (Vec<u8>, ChainHash) = (row.get(6)?, row.get(7)?);
        let (before, previous) = ends.get(&stream).copied().unwrap_or((0, GENESIS));
        let expected = chain(&previous, &stream, version, &kind, schema, Moment::from_micros(at), &data);
        if pos != last + 1 || version != before + 1 || hash != expected {
            return Ok(Err(format!(
                "event {pos}, version {version} of {stream}, does not follow what is before it"
            )));
        }
        last = pos;
        ends.insert(stream, (version, hash));
    }
    Ok(Ok((last, ends)))
}
