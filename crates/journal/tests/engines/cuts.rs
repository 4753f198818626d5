//! Backup copies: taken as of one moment while a program writes, and detected when they are not whole.

use super::append;
use futures::FutureExt;
use okienko_journal::sqlite_cut::{Whole, cut, renew, verify};
use okienko_journal::{Append, Engine, GENESIS, NewEvent, SqliteEngine, chain};
use okienko_kernel::Moment;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

struct Writer {
    engine: SqliteEngine,
    version: u64,
    hash: [u8; 32],
}

impl Writer {
    fn open(path: &Path) -> Writer {
        Writer { engine: SqliteEngine::open(path).unwrap(), version: 0, hash: GENESIS }
    }

    /// Appends one more event, and moves a cursor to it.
    fn write(&mut self) {
        let (at, data) = (Moment::from_micros(1), vec![7; 100]);
        self.hash = chain(&self.hash, "a", self.version + 1, "x", 1, at, &data);
        let event = NewEvent { kind: "x", schema: 1, data, at, cause: "test".into(), hash: self.hash };
        let append = Append { events: vec![event], ..append("a", self.version) };
        self.version += 1;
        let cursors = [("c".to_owned(), self.version)];
        // The engine works on the calling thread.
        let appended = self.engine.append(&[&append], &cursors).now_or_never();
        appended.expect("it waits for nothing").unwrap();
    }
}

struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn several_files_are_cut_at_one_moment_while_somebody_writes() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: String| folder.path().join(name);
    let [first, second] = ["first", "second"].map(|name| at(format!("{name}.db")));
    let (mut one, mut two) = (Writer::open(&first), Writer::open(&second));
    // Idle files between the two, so that reading one after the other without a lock would take long enough to show.
    let idle: Vec<PathBuf> = (0..40).map(|n| at(format!("idle{n}.db"))).collect();
    idle.iter().for_each(|file| drop(Writer::open(file)));
    let ends = AtomicBool::new(false);
    let mut moved = 0;
    std::thread::scope(|threads| {
        // Ends the writer even when this thread panics.
        let _ends = Ends(&ends);
        // What is in the second file was in the first before, and is at most one behind.
        threads.spawn(|| {
            while !ends.load(Ordering::Relaxed) {
                one.write();
                two.write();
            }
        });
        let mut last = 0;
        for n in 0..20 {
            let copies = [at(format!("{n}.1")), at(format!("{n}.2"))];
            let mut files = vec![(first.clone(), copies[0].clone())];
            files.extend(idle.iter().map(|file| (file.clone(), file.with_extension(n.to_string()))));
            files.push((second.clone(), copies[1].clone()));
            cut(&files).unwrap();
            let [first, second] = copies.map(|copy| verify(&copy).unwrap().events);
            assert!(first == second || first == second + 1, "cut {n}: {first} and {second}");
            moved += u32::from(first > last);
            last = first;
        }
    });
    assert!(moved > 5, "it was written to while it was cut: {moved}");
}

fn whole(folder: &Path) -> PathBuf {
    let (file, copy) = (folder.join("a.db"), folder.join("copy.db"));
    let mut writer = Writer::open(&file);
    (0..5).for_each(|_| writer.write());
    cut(&[(file, copy.clone())]).unwrap();
    copy
}

#[test]
fn a_changed_a_missing_and_an_invented_fact_are_found() {
    for (change, said) in [
        ("UPDATE events SET data = x'00' WHERE pos = 3", "event 3"),
        ("UPDATE events SET kind = 'y' WHERE pos = 2", "event 2"),
        ("DELETE FROM events WHERE pos = 2", "event 3"),
        ("DELETE FROM events WHERE pos = 5", "ahead"),
        ("DELETE FROM cursors; DELETE FROM events WHERE pos = 5", "version 5 and has 4"),
        ("UPDATE cursors SET pos = 6", "cursor c is ahead"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let copy = whole(folder.path());
        assert_eq!(verify(&copy).unwrap(), Whole { events: 5, streams: 1 });
        rusqlite::Connection::open(&copy).unwrap().execute_batch(change).unwrap();
        let error = verify(&copy).unwrap_err().to_string();
        assert!(error.contains(said), "{change}: {error}");
    }
}

#[test]
fn a_restored_copy_is_a_later_life_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let copy = whole(folder.path());
    let life = |file: &Path| SqliteEngine::open(file).unwrap().life();
    let first = life(&folder.path().join("a.db"));
    // A copy shares the life of its original, however often it is opened, until it is restored.
    assert_eq!([life(&copy), life(&copy), life(&folder.path().join("a.db"))], [first; 3]);
    let second = renew(&copy).unwrap();
    assert!(second > first);
    assert_eq!([life(&copy), life(&copy)], [second; 2]);
    // The same backup restored again, and a backup of what was restored.
    let third = renew(&copy).unwrap();
    assert!(third > second);
    let again = folder.path().join("again.db");
    cut(&[(copy.clone(), again.clone())]).unwrap();
    assert_eq!(life(&again), third);
    assert!(renew(&again).unwrap() > third);
    // Also on a machine whose clock is years behind, and with a file from before lives existed.
    let raw = rusqlite::Connection::open(&copy).unwrap();
    raw.execute_batch("UPDATE stamp SET life = 4000000000000000").unwrap();
    assert_eq!(renew(&copy).unwrap(), 4_000_000_000_000_001);
    raw.execute_batch("DROP TABLE stamp").unwrap();
    assert!(life(&copy) > first);
    raw.execute_batch("DROP TABLE stamp").unwrap();
    assert!(renew(&copy).unwrap() > first);
    assert_eq!(verify(&copy).unwrap(), Whole { events: 5, streams: 1 });
    // A folder started afresh shows its low numbers to the same screens.
    let anew = folder.path().join("anew.db");
    assert!(life(&anew) > first);
}
