//! The access log in files: one line of JSON each, one file per day (UTC), written by a dedicated thread behind a
//! bounded queue, so that nobody waits for a disk. Lines that did not fit are counted, and the count is logged as a
//! line. Knows no service.

use crate::access::{Access, AccessLine, AccessLog, On};
use crate::access_fold::Fold;
use okienko_kernel::{Clock, Day, IfLost, Moment, Span, Tasks, Zone};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// Days that files are kept: the two years that the law asked for system logs.
pub const ACCESS_DAYS: i64 = 730;
/// Lines that may wait for the disk.
const WAITING: usize = 16_384;
/// How often the file is synced.
const SYNC: Duration = Duration::from_secs(1);

/// The access log of an installation, in a folder.
pub struct FileAccessLog {
    folder: PathBuf,
    lines: SyncSender<Access>,
    lost: Arc<AtomicU64>,
}

impl FileAccessLog {
    /// Opens the folder, removes files older than `keep_days` and starts the writer.
    pub fn open(
        folder: &Path,
        keep_days: i64,
        wall: Arc<dyn Clock>,
        tasks: &dyn Tasks,
    ) -> std::io::Result<Arc<FileAccessLog>> {
        std::fs::create_dir_all(folder)?;
        let (lines, waiting) = sync_channel(WAITING);
        let lost = Arc::new(AtomicU64::new(0));
        let writer = Writer {
            folder: folder.to_owned(),
            keep_days,
            wall,
            lost: lost.clone(),
            open: None,
            dirty: false,
            fold: Fold::default(),
        };
        tasks.dedicate("access log", IfLost::Ends, Box::pin(async move { writer.run(&waiting) }));
        Ok(Arc::new(FileAccessLog { folder: folder.to_owned(), lines, lost }))
    }
}

impl AccessLog for FileAccessLog {
    fn note(&self, line: Access) {
        if self.lines.try_send(line).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn read(
        &self,
        from: Moment,
        until: Moment,
        wanted: &dyn Fn(&AccessLine) -> bool,
        most: usize,
    ) -> Vec<AccessLine> {
        let mut found = std::collections::VecDeque::new();
        let (mut day, last) = (utc_day(from), utc_day(until));
        while day <= last {
            let file = File::open(self.folder.join(name(day)));
            for line in file.into_iter().flat_map(|file| BufReader::new(file).lines().map_while(Result::ok)) {
                let Ok(line) = serde_json::from_str::<AccessLine>(&line) else { continue };
                if line.at >= from && line.at < until && wanted(&line) {
                    found.push_back(line);
                    if found.len() > most {
                        found.pop_front();
                    }
                }
            }
            day = day.plus_days(1);
        }
        found.into()
    }
}

struct Writer {
    folder: PathBuf,
    keep_days: i64,
    wall: Arc<dyn Clock>,
    lost: Arc<AtomicU64>,
    open: Option<(Day, File)>,
    dirty: bool,
    /// Folds repeated lines.
    fold: Fold,
}

impl Writer {
    fn run(mut self, waiting: &Receiver<Access>) {
        self.remove_old(utc_day(self.wall.now()));
        let mut synced = self.wall.now();
        loop {
            match waiting.recv_timeout(SYNC) {
                Ok(first) => self.write(std::iter::once(first).chain(waiting.try_iter().take(WAITING))),
                Err(RecvTimeoutError::Timeout) => self.write(std::iter::empty()),
                Err(RecvTimeoutError::Disconnected) => {
                    let left = self.fold.all();
                    self.write_down(left);
                    return self.sync();
                }
            }
            let now = self.wall.now();
            let due = self.fold.due(now);
            self.write_down(due);
            if now.since(synced) >= Span::from_secs(1) || now < synced {
                self.sync();
                synced = now;
            }
        }
    }

    fn write(&mut self, lines: impl Iterator<Item = Access>) {
        let due = lines.flat_map(|line| self.fold.take(line)).collect();
        self.write_down(due);
        let lost = self.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            let at = self.wall.now();
            let (office, who, act) = ("*".to_owned(), "okienko".to_owned(), "access.lost".to_owned());
            let on = On::from(lost).as_str().to_owned();
            let line = AccessLine { at, office, who, act, on, outcome: "lost".to_owned(), times: 1 };
            let mut bytes = Vec::new();
            encode(&line, &mut bytes);
            // A line that reports lost ones stands for them: if writing it fails, they stay counted.
            self.append(Some((utc_day(at), bytes, lost)));
        }
    }

    fn write_down(&mut self, lines: Vec<AccessLine>) {
        let mut of_day: Option<(Day, Vec<u8>, u64)> = None;
        for line in lines {
            let day = utc_day(line.at);
            if of_day.as_ref().is_some_and(|(open, ..)| *open != day) {
                self.append(of_day.take());
            }
            let (_, bytes, count) = of_day.get_or_insert_with(|| (day, Vec::new(), 0));
            encode(&line, bytes);
            *count += line.times;
        }
        self.append(of_day);
    }

    fn append(&mut self, lines: Option<(Day, Vec<u8>, u64)>) {
        let Some((day, bytes, count)) = lines else { return };
        if let Err(error) = self.file(day).and_then(|file| file.write_all(&bytes)) {
            tracing::error!(%error, count, "lines of the access log are lost");
            self.lost.fetch_add(count, Ordering::Relaxed);
            self.open = None;
            return;
        }
        self.dirty = true;
    }

    fn file(&mut self, day: Day) -> std::io::Result<&mut File> {
        let same = self.open.as_ref().is_some_and(|(open, _)| *open == day);
        if !same {
            self.sync();
            self.remove_old(day);
            let file = OpenOptions::new().create(true).append(true).open(self.folder.join(name(day)))?;
            self.open = Some((day, file));
        }
        self.open.as_mut().map(|(_, file)| file).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }

    fn sync(&mut self) {
        if let (true, Some((_, file))) = (self.dirty, &self.open)
            && let Err(error) = file.sync_data()
        {
            tracing::error!(%error, "the access log is not synced");
        }
        self.dirty = false;
    }

    fn remove_old(&self, today: Day) {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        for entry in entries {
            let file = entry.file_name();
            let day = file.to_str().and_then(|name| name.strip_suffix(".jsonl")).map(str::parse::<Day>);
            let old = matches!(day, Some(Ok(day)) if today.days_since(day) > self.keep_days);
            if old && let Err(error) = std::fs::remove_file(entry.path()) {
                tracing::warn!(%error, "an old access log stays");
            }
        }
    }
}

fn encode(line: &AccessLine, bytes: &mut Vec<u8>) {
    bytes.extend(serde_json::to_vec(line).unwrap_or_default());
    bytes.push(b'\n');
}

fn utc_day(at: Moment) -> Day {
    Zone::utc().local(at).0
}

fn name(day: Day) -> String {
    format!("{day}.jsonl")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{TokioTasks, WallClock};
    use okienko_kernel::civil::parse_rfc3339;

    fn line(at: &str, office: &str, on: &str) -> Access {
        let at = parse_rfc3339(at).unwrap_or_default();
        Access {
            at,
            office: office.into(),
            who: "anna-1".into(),
            act: "staff.list",
            on: On::word(on),
            outcome: "ok",
        }
    }

    #[tokio::test]
    async fn lines_are_read_back_by_time_and_old_files_are_removed() {
        let folder = std::env::temp_dir().join(format!("okienko-access-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).ok();
        let (old, other) = (folder.join("2020-01-01.jsonl"), folder.join("notes.txt"));
        std::fs::write(&old, "{}\n").ok();
        std::fs::write(&other, "mine").ok();
        let tasks = TokioTasks::here();
        let log = FileAccessLog::open(&folder, ACCESS_DAYS, Arc::new(WallClock), &tasks).ok();
        let log = log.expect("the folder can be written");
        log.note(line("2026-12-01T22:59:59Z", "torun", "a"));
        log.note(line("2026-12-01T23:00:00Z", "torun", "b"));
        log.note(line("2026-12-02T10:00:00Z", "kalisz", "c"));
        log.note(line("2026-12-02T22:59:59Z", "torun", "d"));
        log.note(line("2026-12-02T23:00:00Z", "torun", "e"));
        let (from, until) = ("2026-12-01T23:00:00Z", "2026-12-02T23:00:00Z");
        let (from, until) =
            (parse_rfc3339(from).unwrap_or_default(), parse_rfc3339(until).unwrap_or_default());
        let read = |most| {
            let lines = log.read(from, until, &|line| line.office == "torun", most);
            lines.into_iter().map(|line| line.on).collect::<Vec<_>>()
        };
        let all = ["b".to_owned(), "d".to_owned()];
        let written = async {
            while read(10) != all {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), written).await.expect("it is written");
        assert_eq!(read(1), ["d"], "the newest");
        assert!(!old.exists() && other.exists());
        let _ = std::fs::remove_dir_all(&folder);
    }
}
