//! The tables of the plain design and its transactions. One writer, the plain design's best form (`bench journal` shows
//! it beside a pool), and connections that only read. Knows no HTTP.

use crate::office;
use okienko_host::OsEntropy;
use okienko_kernel::Entropy;
use parking_lot::Mutex;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::path::Path;
use tokio::sync::Semaphore;

const SCHEMA: &str = "
CREATE TABLE slots (service TEXT, date TEXT, time TEXT, places INTEGER NOT NULL, taken INTEGER NOT NULL,
    PRIMARY KEY (service, date, time)) WITHOUT ROWID;
CREATE TABLE holds (hold TEXT PRIMARY KEY, secret TEXT NOT NULL, service TEXT NOT NULL, date TEXT NOT NULL,
    time TEXT NOT NULL, form TEXT, phone TEXT, code TEXT) WITHOUT ROWID;
CREATE TABLE reservations (number INTEGER PRIMARY KEY, hold TEXT NOT NULL UNIQUE, token TEXT NOT NULL);
CREATE TABLE messages (message INTEGER PRIMARY KEY, phone TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX messages_of ON messages (phone);
CREATE TABLE tickets (ticket INTEGER PRIMARY KEY, token TEXT NOT NULL, counter TEXT, served INTEGER NOT NULL DEFAULT 0);
CREATE INDEX waiting ON tickets (ticket) WHERE counter IS NULL;
CREATE INDEX at_counter ON tickets (counter) WHERE served = 0;";

type Done<T> = rusqlite::Result<T>;

/// A day of the month view.
pub struct DayOf {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Places that are left.
    pub free: i64,
}

/// What a hold is for.
pub struct Wish<'a> {
    /// The service's id.
    pub service: &'a str,
    /// The day.
    pub date: &'a str,
    /// The hour.
    pub time: &'a str,
}

/// The database.
pub struct Store {
    writer: Mutex<Connection>,
    turn: Semaphore,
    readers: Vec<Mutex<Connection>>,
    reading: Semaphore,
}

fn open(file: &Path) -> Done<Connection> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "busy_timeout", 60_000)?;
    Ok(connection)
}

/// A random id or secret.
fn fresh() -> String {
    let mut bytes = [0; 16];
    OsEntropy.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Store {
    /// Creates an empty store with all hours of the benchmark's office.
    pub fn open(file: &Path, crowd_places: u32) -> anyhow::Result<Store> {
        let mut writer = open(file)?;
        writer.execute_batch(SCHEMA)?;
        let transaction = writer.transaction()?;
        let services =
            [(office::SINGLE, 1), (office::CROWD, crowd_places), (office::WIDE, office::WIDE_PLACES)];
        for (service, places) in services {
            for slot in 0..office::DAYS * office::SLOTS {
                let wish = office::wish(service, slot);
                let hour = (wish["date"].as_str(), wish["time"].as_str());
                let insert = "INSERT INTO slots VALUES (?1, ?2, ?3, ?4, 0)";
                transaction.execute(insert, params![service, hour.0, hour.1, places])?;
            }
        }
        transaction.commit()?;
        let cores = std::thread::available_parallelism()?.get();
        let readers = (0..cores).map(|_| Ok(Mutex::new(open(file)?))).collect::<Done<Vec<_>>>()?;
        let (turn, reading) = (Semaphore::new(1), Semaphore::new(readers.len()));
        Ok(Store { writer: Mutex::new(writer), turn, readers, reading })
    }

    async fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Done<Option<T>>,
    ) -> anyhow::Result<Option<T>> {
        let _turn = self.turn.acquire().await?;
        tokio::task::block_in_place(|| {
            let mut writer = self.writer.lock();
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            // A command that changes nothing need not reach the disk.
            if done.is_some() {
                transaction.commit()?
            } else {
                transaction.rollback()?
            }
            Ok(done)
        })
    }

    async fn read<T>(&self, work: impl FnOnce(&Connection) -> Done<T>) -> anyhow::Result<T> {
        let _reading = self.reading.acquire().await?;
        tokio::task::block_in_place(|| {
            let free = self.readers.iter().find_map(|reader| reader.try_lock());
            Ok(work(&free.unwrap_or_else(|| self.readers[0].lock()))?)
        })
    }

    /// Takes a place: the hold's id and secret; `None` when the hour is full.
    pub async fn hold(&self, wish: Wish<'_>) -> anyhow::Result<Option<(String, String)>> {
        let (hold, secret) = (fresh(), fresh());
        let Wish { service, date, time } = wish;
        self.write(|transaction| {
            let take = "UPDATE slots SET taken = taken + 1
                WHERE service = ?1 AND date = ?2 AND time = ?3 AND taken < places";
            if transaction.prepare_cached(take)?.execute(params![service, date, time])? == 0 {
                return Ok(None);
            }
            let insert = "INSERT INTO holds (hold, secret, service, date, time) VALUES (?1, ?2, ?3, ?4, ?5)";
            transaction.prepare_cached(insert)?.execute(params![hold, secret, service, date, time])?;
            Ok(Some(()))
        })
        .await
        .map(|held| held.map(|()| (hold, secret)))
    }

    /// Stores the filled-in form; `None` if there is no such hold.
    pub async fn form(&self, hold: &str, secret: &str, form: &str) -> anyhow::Result<Option<()>> {
        self.write(|transaction| {
            let update = "UPDATE holds SET form = ?3 WHERE hold = ?1 AND secret = ?2";
            let changed = transaction.prepare_cached(update)?.execute(params![hold, secret, form])?;
            Ok((changed == 1).then_some(()))
        })
        .await
    }

    /// "Sends" a code by writing it to a table; `None` if there is no such hold.
    pub async fn code(&self, hold: &str, secret: &str, phone: &str) -> anyhow::Result<Option<()>> {
        let mut drawn = [0; 4];
        OsEntropy.fill(&mut drawn);
        let code = format!("{:06}", u32::from_be_bytes(drawn) % 1_000_000);
        self.write(|transaction| {
            let update = "UPDATE holds SET phone = ?3, code = ?4 WHERE hold = ?1 AND secret = ?2";
            if transaction.prepare_cached(update)?.execute(params![hold, secret, phone, code])? == 0 {
                return Ok(None);
            }
            let text = format!("Bench: {code}\n@bench.example #{code}");
            let insert = "INSERT INTO messages (phone, text) VALUES (?1, ?2)";
            transaction.prepare_cached(insert)?.execute(params![phone, text])?;
            Ok(Some(()))
        })
        .await
    }

    /// Turns a hold into a reservation: its number and token; `None` for a wrong code.
    pub async fn confirm(
        &self,
        hold: &str,
        secret: &str,
        code: &str,
    ) -> anyhow::Result<Option<(i64, String)>> {
        let token = fresh();
        self.write(|transaction| {
            let look =
                "SELECT 1 FROM holds WHERE hold = ?1 AND secret = ?2 AND code = ?3 AND form IS NOT NULL";
            let known = transaction.prepare_cached(look)?.exists(params![hold, secret, code])?;
            if !known {
                return Ok(None);
            }
            let insert = "INSERT INTO reservations (hold, token) VALUES (?1, ?2)";
            transaction.prepare_cached(insert)?.execute(params![hold, token])?;
            Ok(Some(transaction.last_insert_rowid()))
        })
        .await
        .map(|number| number.map(|number| (number, token)))
    }

    /// The newest message to a phone.
    pub async fn message(&self, phone: &str) -> anyhow::Result<Option<String>> {
        self.read(|connection| {
            let look = "SELECT text FROM messages WHERE phone = ?1 ORDER BY message DESC LIMIT 1";
            connection.prepare_cached(look)?.query_row(params![phone], |row| row.get(0)).optional()
        })
        .await
    }

    /// The days of a service, from one on.
    pub async fn days(&self, service: &str, from: &str, count: u32) -> anyhow::Result<Vec<DayOf>> {
        self.read(|connection| {
            let look = "SELECT date, sum(places - taken) FROM slots WHERE service = ?1 AND date >= ?2
                GROUP BY date ORDER BY date LIMIT ?3";
            let mut statement = connection.prepare_cached(look)?;
            let days = statement.query_map(params![service, from, count], |row| {
                Ok(DayOf { date: row.get(0)?, free: row.get(1)? })
            })?;
            days.collect()
        })
        .await
    }

    /// Issues a ticket: its number and token.
    pub async fn ticket(&self) -> anyhow::Result<Option<(i64, String)>> {
        let token = fresh();
        self.write(|transaction| {
            let insert = "INSERT INTO tickets (token) VALUES (?1)";
            transaction.prepare_cached(insert)?.execute(params![token])?;
            Ok(Some(transaction.last_insert_rowid()))
        })
        .await
        .map(|number| number.map(|number| (number, token)))
    }

    /// Calls the ticket that has waited longest; `None` when nobody waits.
    pub async fn call_next(&self, counter: &str) -> anyhow::Result<Option<(i64, String)>> {
        self.write(|transaction| {
            let call = "UPDATE tickets SET counter = ?1
                WHERE ticket = (SELECT ticket FROM tickets WHERE counter IS NULL ORDER BY ticket LIMIT 1)
                RETURNING ticket, token";
            let mut statement = transaction.prepare_cached(call)?;
            statement.query_row(params![counter], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })
        .await
    }

    /// Finishes the ticket being served at a counter; `None` when there is none.
    pub async fn finish(&self, counter: &str) -> anyhow::Result<Option<()>> {
        self.write(|transaction| {
            let finish = "UPDATE tickets SET served = 1 WHERE counter = ?1 AND served = 0";
            let changed = transaction.prepare_cached(finish)?.execute(params![counter])?;
            Ok((changed > 0).then_some(()))
        })
        .await
    }
}
