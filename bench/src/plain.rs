//! The plain design, for comparison: one transaction per command with a conditional update, on SQLite with the same
//! settings (WAL, full sync). Both as a pool of connections, which is what most services run, and as one writer, its
//! best form. Knows nothing of our design.

use rusqlite::{Connection, TransactionBehavior, params};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// A table of slots and one of holds.
pub struct Plain {
    connections: Vec<Mutex<Connection>>,
    permits: Semaphore,
}

impl Plain {
    /// Creates `slots` slots of `places` places each, with `connections` writers.
    pub fn open(file: &Path, connections: usize, slots: u32, places: u32) -> anyhow::Result<Arc<Plain>> {
        let open = || -> anyhow::Result<Connection> {
            let connection = Connection::open(file)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "busy_timeout", 60_000)?;
            Ok(connection)
        };
        let first = open()?;
        first.execute_batch(
            "CREATE TABLE slots (slot INTEGER PRIMARY KEY, places INTEGER NOT NULL, taken INTEGER NOT NULL);
             CREATE TABLE holds (hold BLOB PRIMARY KEY, slot INTEGER NOT NULL, ends INTEGER NOT NULL) WITHOUT ROWID;",
        )?;
        for slot in 0..slots {
            first.execute("INSERT INTO slots VALUES (?1, ?2, 0)", params![slot, places])?;
        }
        let mut all = vec![Mutex::new(first)];
        for _ in 1..connections {
            all.push(Mutex::new(open()?));
        }
        Ok(Arc::new(Plain { permits: Semaphore::new(all.len()), connections: all }))
    }

    /// Holds a place; false when the slot is full.
    pub async fn hold(self: Arc<Self>, slot: u32, hold: [u8; 16]) -> bool {
        let Ok(_permit) = self.permits.acquire().await else { return false };
        tokio::task::block_in_place(|| {
            let free = self.connections.iter().find_map(|connection| connection.try_lock().ok());
            let mut connection = match free {
                Some(connection) => connection,
                None => self.connections[0].lock().unwrap_or_else(PoisonError::into_inner),
            };
            write(&mut connection, slot, hold).unwrap_or(false)
        })
    }
}

fn write(connection: &mut Connection, slot: u32, hold: [u8; 16]) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let taken = transaction
        .prepare_cached("UPDATE slots SET taken = taken + 1 WHERE slot = ?1 AND taken < places")?
        .execute(params![slot])?;
    if taken == 0 {
        return Ok(false);
    }
    transaction.prepare_cached("INSERT INTO holds VALUES (?1, ?2, 0)")?.execute(params![hold, slot])?;
    transaction.commit()?;
    Ok(true)
}
