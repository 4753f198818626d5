//! The World of one process on one PC: journals in SQLite files of a folder, everything else in memory, real time or a
//! given clock. Only chooses engines.

use anyhow::Context;
use okienko_bus::LocalBus;
use okienko_host::{DomainClock, FileAccessLog, OsEntropy, Settle, TokioTasks, WallClock, World};
use okienko_journal::{Engine, JournalError, SqliteEngine, sqlite_check};
use okienko_kernel::Keys;
use okienko_limits::MemoryLimits;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

/// Prepares a folder before use: no other process uses it, nobody but its owner can read it, and its stores are intact.
/// The lock is held until the returned file is dropped.
pub fn take(data: &Path) -> anyhow::Result<std::fs::File> {
    let lock = lock(data)?;
    tighten(data);
    let whole = sqlite_check::check(data);
    whole.map_err(|error| anyhow::anyhow!("{error}\n{WHAT_TO_DO}"))?;
    Ok(lock)
}

/// The advice for a damaged store.
pub const WHAT_TO_DO: &str = "What is damaged cannot be mended by the program, and nothing was changed. Keep a copy of the \
    folder, look after the disk, and bring back the newest backup: okienko restore FILE --data FOLDER. An empty file \
    in a folder that was never in use may be removed.";

/// Removes others' permissions on the folder and everything in it: it may date from a time when they depended on who
/// started the program. Files that are not ours to change stay as they are, and are reported.
pub fn tighten(folder: &Path) {
    let mut left = vec![folder.to_owned()];
    let (mut stays, mut why) = (0, None);
    while let Some(path) = left.pop() {
        // The folder itself may be a link to its real place; links inside it are not followed.
        let about = if path == folder { path.metadata() } else { path.symlink_metadata() };
        let Ok(about) = about else { continue };
        if about.is_symlink() {
            continue;
        }
        let mode = about.permissions().mode() & 0o7777;
        if mode & 0o077 != 0
            && let Err(error) = std::fs::set_permissions(&path, Permissions::from_mode(mode & !0o077))
        {
            stays += 1;
            why.get_or_insert(error);
        }
        if about.is_dir() {
            let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
            left.extend(entries.map(|entry| entry.path()));
        }
    }
    if let Some(error) = why {
        tracing::warn!(count = stays, %error, "files of people's data can be read by others on this machine");
    }
}

/// One process per data folder: a second one would slow down both, and confuse whoever started it.
fn lock(data: &Path) -> anyhow::Result<std::fs::File> {
    std::fs::create_dir_all(data).with_context(|| format!("{}", data.display()))?;
    let file = std::fs::File::create(data.join("lock")).with_context(|| format!("{}", data.display()))?;
    file.try_lock().with_context(|| format!("another okienko runs on {}", data.display()))?;
    Ok(file)
}

/// The World on the stores in `data`; the access log is kept there too, for `access_days` days.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_others_could_read_before_is_their_owners_alone_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir_all(data.join("access/old")).unwrap();
        let files = [
            "secret",
            "booking.db",
            "booking.db-wal",
            "booking.db-shm",
            "queue.db",
            "lock",
            "clock",
            "access/2026-12-01.jsonl",
        ];
        for (n, name) in files.iter().enumerate() {
            std::fs::write(data.join(name), "x").unwrap();
            let modes = [0o644, 0o664, 0o666, 0o640, 0o604];
            std::fs::set_permissions(data.join(name), Permissions::from_mode(modes[n % modes.len()]))
                .unwrap();
        }
        for (name, mode) in [("", 0o755), ("access", 0o775), ("access/old", 0o777)] {
            std::fs::set_permissions(data.join(name), Permissions::from_mode(mode)).unwrap();
        }
        // A link out of the folder: its target is not ours.
        let outside = folder.path().join("outside");
        std::fs::write(&outside, "x").unwrap();
        std::fs::set_permissions(&outside, Permissions::from_mode(0o644)).unwrap();
        std::os::unix::fs::symlink(&outside, data.join("link")).unwrap();
        // The folder may be reached through a link, as a systemd unit's is.
        let way = folder.path().join("way");
        std::os::unix::fs::symlink(&data, &way).unwrap();
        tighten(&way);
        for name in files {
            assert_eq!(mode(&data.join(name)), 0o600, "{name}");
        }
        for name in ["", "access", "access/old"] {
            assert_eq!(mode(&data.join(name)), 0o700, "{name:?}");
        }
        assert_eq!(mode(&outside), 0o644);
    }
}
