//! The journal on Postgres: a schema per service, any number of processes. A batch is one call, hence one transaction
//! and one round trip; the row `head` puts the batches of all processes in one order, and the expected version is the
//! fence.
//!
//! Other processes write too: the committer polls the head every [`HEAD_PERIOD`]. `NOTIFY` would tell sooner, but it
//! holds a server-wide lock during each commit. Knows nothing of what an event means.

mod batch;
mod life;
#[cfg(test)]
mod lint;
mod migrate;
mod read;

use crate::{Append, AppendError, Claim, Engine, JournalError, Receipt, Recorded, StoredStream};
use async_trait::async_trait;
use batch::Batch;
use life::Life;
use migrate::{append_role, relay_role, schema_of};
use okienko_kernel::Moment;
use read::Reads;
use sqlx::postgres::{PgConnectOptions, PgDatabaseError, PgPoolOptions, PgSeverity};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool, Row};
use std::future::poll_fn;
use std::pin::pin;
use std::str::FromStr;
use std::time::Duration;
use tokio::time::Instant;

pub use migrate::{login_of, migrate};

/// The server's statement timeout, which is a certain failure; [`ANSWER`] is longer, after which the outcome counts as
/// unknown.
const STATEMENT: Duration = Duration::from_secs(8);
const ANSWER: Duration = Duration::from_secs(12);
/// Timeout for opening the append connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a read may wait for a connection: a person is waiting for it.
const ACQUIRE: Duration = Duration::from_secs(2);
/// A connection idle for longer than this is pinged before use.
const IDLE: Duration = Duration::from_secs(1);
/// Poll interval of the head: what another process wrote is known here within a tenth of a second.
const HEAD_PERIOD: Duration = Duration::from_millis(40);

/// Where a journal is, and how many connections it may use.
#[derive(Clone, Debug)]
pub struct PostgresSettings {
    /// URL for appends and requests; its login has the service's append role.
    pub append_url: String,
    /// URL for relays; its login has the service's relay role. May be the same.
    pub relay_url: String,
    /// Connections for reads by requests; appends use one more.
    pub request_connections: u32,
    /// Connections for relays.
    pub relay_connections: u32,
}

impl PostgresSettings {
    /// One URL for both, and as many connections as one process of one service needs.
    pub fn new(url: &str) -> PostgresSettings {
        let (append_url, relay_url) = (url.to_owned(), url.to_owned());
        PostgresSettings { append_url, relay_url, request_connections: 4, relay_connections: 3 }
    }
}

/// A service's journal on Postgres.
pub struct PostgresEngine {
    append: PgConnectOptions,
    writer: tokio::sync::Mutex<Option<Writer>>,
    requests: Reads,
    relays: Reads,
    life: Life,
    /// The runtime that drives the connections; the committer's own thread drives no sockets.
    runtime: tokio::runtime::Handle,
    schema: String,
}

struct Writer {
    connection: PgConnection,
    used: Instant,
}

impl PostgresEngine {
    /// Prepares the journal of `service`; connects on first use. Requires a tokio runtime.
    pub fn open(settings: &PostgresSettings, service: &str) -> Result<PostgresEngine, JournalError> {
        let schema = schema_of(service)?;
        let runtime = tokio::runtime::Handle::try_current()
            .map_err(|_| JournalError("Postgres is opened inside a runtime".into()))?;
        let as_role = |url: &str, role: String| -> Result<PgConnectOptions, JournalError> {
            let options = PgConnectOptions::from_str(url)
                .map_err(|e| JournalError(format!("the address of Postgres: {e}")))?;
            let timeout = STATEMENT.as_millis().to_string();
            // Every statement is short: JIT compilation would cost more than the statement.
            let jit = ("jit", "off".to_owned());
            let set = [("role", role), ("search_path", schema.clone()), ("statement_timeout", timeout), jit];
            Ok(options
                .application_name(&format!("okienko {service}"))
                .options(set)
                .disable_statement_logging())
        };
        let append = as_role(&settings.append_url, append_role(&schema))?;
        let relay = as_role(&settings.relay_url, relay_role(&schema))?;
        let life = Life::default();
        Ok(PostgresEngine {
            writer: tokio::sync::Mutex::default(),
            requests: Reads::new(pool(append.clone(), settings.request_connections, &life)),
            relays: Reads::new(pool(relay, settings.relay_connections, &life)),
            append,
            life,
            runtime,
            schema,
        })
    }

    /// An error that says what to do, unless the schema exists and is of this program's version or newer.
    pub async fn check_schema(&self) -> Result<(), JournalError> {
        migrate::check(&self.relays.pool, &self.schema).await
    }

    async fn write(&self, batch: &[&Append], cursors: &[(String, u64)]) -> Result<u64, AppendError> {
        let call = Batch::group(batch, cursors)?.query();
        let mut kept = self.writer.lock().await;
        // Taken out, so that a future dropped halfway drops the connection too.
        let mut writer = self.living(kept.take()).await?;
        // All rows are awaited, because a row may arrive before the commit.
        let asked = tokio::time::timeout(ANSWER, call.fetch_all(&mut writer.connection)).await;
        let rows = match asked {
            Ok(Ok(rows)) => rows,
            Ok(Err(error)) => {
                let fate = fate(&error);
                if !matches!(fate, AppendError::Unknown(_)) {
                    *kept = Some(Writer { used: Instant::now(), ..writer });
                }
                return Err(fate);
            }
            Err(_) => return Err(AppendError::Unknown("Postgres did not answer in time".into())),
        };
        *kept = Some(Writer { used: Instant::now(), ..writer });
        let head = rows.first().and_then(|row| row.try_get::<i64, _>(0).ok());
        head.map(|head| head as u64).ok_or_else(|| AppendError::Unknown("no head in the answer".into()))
    }

    /// A live connection; failing here is certain, since nothing was sent yet.
    async fn living(&self, kept: Option<Writer>) -> Result<Writer, AppendError> {
        if let Some(mut writer) = kept {
            let idle = writer.used.elapsed() > IDLE;
            if !idle || matches!(tokio::time::timeout(CONNECT, writer.connection.ping()).await, Ok(Ok(()))) {
                return Ok(writer);
            }
        }
        let connected = tokio::time::timeout(CONNECT, PgConnection::connect_with(&self.append)).await;
        match connected {
            Ok(Ok(connection)) => Ok(Writer { connection, used: Instant::now() }),
            Ok(Err(error)) => Err(AppendError::NotWritten(explained(&error))),
            Err(_) => Err(AppendError::NotWritten("Postgres does not answer".into())),
        }
    }
}

fn pool(options: PgConnectOptions, most: u32, life: &Life) -> PgPool {
    let life = life.clone();
    PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            let life = life.clone();
            Box::pin(async move { life.look(connection).await })
        })
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for > IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options)
}

/// The error's text, with what to do about it where that is known.
fn explained(error: &sqlx::Error) -> String {
    let code = error.as_database_error().and_then(|e| e.code()).unwrap_or_default();
    match &*code {
        "3F000" | "42P01" | "42883" => format!("{error}; run `okienko migrate` first"),
        "42501" | "22023" => format!("{error}; does the login have the roles of `okienko migrate`?"),
        _ => error.to_string(),
    }
}

/// The outcome of a batch whose call failed. Only an error of the statement itself proves that nothing was written:
/// whatever ends the connection may have come after the commit.
fn fate(error: &sqlx::Error) -> AppendError {
    let database = error.as_database_error().and_then(|e| e.try_downcast_ref::<PgDatabaseError>());
    match database {
        Some(told) if told.severity() == PgSeverity::Error && told.code() == "OKI01" => {
            let index = told.detail().and_then(|detail| detail.parse().ok()).unwrap_or(0);
            AppendError::Conflict { index, what: told.message().to_owned() }
        }
        Some(told) if told.severity() == PgSeverity::Error => AppendError::NotWritten(explained(error)),
        _ => AppendError::Unknown(error.to_string()),
    }
}

#[async_trait]
impl Engine for PostgresEngine {
    async fn append(&self, batch: &[&Append], cursors: &[(String, u64)]) -> Result<u64, AppendError> {
        let mut writing = pin!(self.write(batch, cursors));
        poll_fn(|context| {
            let _inside = self.runtime.enter();
            writing.as_mut().poll(context)
        })
        .await
    }

    fn leaves_the_thread(&self) -> bool {
        true
    }

    fn others_write_every(&self) -> Option<Duration> {
        Some(HEAD_PERIOD)
    }

    fn life(&self) -> u64 {
        self.life.known()
    }

    async fn load(&self, stream: &str, receipts_since: Moment) -> Result<StoredStream, JournalError> {
        read::load(&self.requests, stream, receipts_since).await
    }
    async fn receipts(&self, stream: &str, keys: &[[u8; 16]]) -> Result<Vec<Receipt>, JournalError> {
        read::receipts(&self.requests, stream, keys).await
    }
    async fn read_after(&self, pos: u64, limit: usize) -> Result<Vec<Recorded>, JournalError> {
        read::read_after(&self.relays, pos, limit).await
    }
    async fn read_stream(&self, stream: &str, version: u64) -> Result<Vec<Recorded>, JournalError> {
        read::read_stream(&self.requests, stream, version).await
    }
    async fn head(&self) -> Result<u64, JournalError> {
        read::head(&self.relays).await
    }
    async fn claims(&self, keys: &[String]) -> Result<Vec<Option<Claim>>, JournalError> {
        read::claims(&self.requests, keys).await
    }
    async fn wakes(&self, prefix: &str) -> Result<Vec<(Moment, String, String)>, JournalError> {
        read::wakes(&self.relays, prefix).await
    }
    async fn cursor(&self, name: &str) -> Result<u64, JournalError> {
        read::cursor(&self.relays, name).await
    }
    async fn vault(&self, ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, JournalError> {
        read::vault(&self.requests, ids).await
    }
    async fn stream_before(&self, prefix: &str, before: &str) -> Result<Option<String>, JournalError> {
        read::stream_before(&self.relays, prefix, before).await
    }
    async fn streams(&self, prefix: &str) -> Result<Vec<String>, JournalError> {
        read::streams(&self.relays, prefix).await
    }
    async fn purge(&self, receipts_before: Moment, now: Moment) -> Result<u64, JournalError> {
        read::purge(&self.relays, receipts_before, now).await
    }
}
