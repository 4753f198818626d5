//! The World of one process on one PC: journals in SQLite files of a folder, everything else in memory, real time or a
//! clock that is given. Chooses engines and nothing else.

use anyhow::Context;
use okienko_bus::LocalBus;
use okienko_host::{DomainClock, FileAccessLog, OsEntropy, Settle, TokioTasks, WallClock, World};
use okienko_journal::{Engine, JournalError, SqliteEngine};
use okienko_kernel::Keys;
use okienko_limits::MemoryLimits;
use std::path::Path;
use std::sync::Arc;

/// One process per data folder: a second one would be slower for both, and confuse whoever started it.
pub fn lock(data: &Path) -> anyhow::Result<std::fs::File> {
    std::fs::create_dir_all(data).with_context(|| format!("{}", data.display()))?;
    let file = std::fs::File::create(data.join("lock")).with_context(|| format!("{}", data.display()))?;
    file.try_lock().with_context(|| format!("another okienko runs on {}", data.display()))?;
    Ok(file)
}

/// The World on what lies in `data`; the access log lies there too, for `access_days` days.
pub fn world(data: &Path, access_days: i64, clock: Arc<DomainClock>, keys: Keys) -> anyhow::Result<World> {
    let tasks = Arc::new(TokioTasks::here());
    let folder = data.to_owned();
    let open = move |service: &'static str| -> Result<Arc<dyn Engine>, JournalError> {
        Ok(Arc::new(SqliteEngine::open(&folder.join(format!("{service}.db")))?))
    };
    let access = FileAccessLog::open(&data.join("access"), access_days, Arc::new(WallClock), &*tasks);
    Ok(World {
        clock,
        wall: Arc::new(WallClock),
        entropy: Arc::new(OsEntropy),
        tasks: tasks.clone(),
        keys,
        bus: Arc::new(LocalBus::new(tasks)),
        limits: Arc::new(MemoryLimits::new(Arc::new(WallClock))),
        homes: Arc::new(okienko_kernel::Alone),
        settle: Arc::new(Settle::default()),
        access: access.context("the access log")?,
        open_engine: Arc::new(open),
    })
}
