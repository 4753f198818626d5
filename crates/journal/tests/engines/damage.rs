//! Damaged stores: detected before anything is written to them, or when everything is read.

use futures::FutureExt;
use okienko_journal::sqlite_check::check;
use okienko_journal::sqlite_cut::verify;
use okienko_journal::{Append, Engine, GENESIS, NewEvent, SqliteEngine, chain};
use okienko_kernel::Moment;
use std::path::Path;

const PAGE: usize = 4096;

/// A folder with two stores as a crash leaves them: the newest changes are in their logs.
fn crashed(into: &Path) {
    let work = tempfile::tempdir().unwrap();
    for store in ["booking", "queue"] {
        let path = work.path().join(format!("{store}.db"));
        let engine = SqliteEngine::open(&path).unwrap();
        let mut hash = GENESIS;
        for version in 1..=60 {
            let (at, data) = (Moment::from_micros(1), vec![version as u8; 6_000]);
            hash = chain(&hash, "a", version, "x", 1, at, &data);
            let event = NewEvent { kind: "x", schema: 1, data, at, cause: "test".into(), hash };
            let append = Append {
                office: "torun".into(),
                stream: "a".into(),
                expected: version - 1,
                at,
                events: vec![event],
                receipts: vec![],
                claims: vec![],
                vault: vec![],
                wake: None,
            };
            engine.append(&[&append], &[]).now_or_never().expect("it waits for nothing").unwrap();
            if version == 40 {
                // Moves what was written so far from the log into the file.
                drop(SqliteEngine::open(&path).unwrap());
                let file = rusqlite::Connection::open(&path).unwrap();
                file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
            }
        }
        for name in [format!("{store}.db"), format!("{store}.db-wal")] {
            std::fs::copy(work.path().join(&name), into.join(&name)).unwrap();
        }
    }
}

fn change(path: &Path, how: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    how(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).position(|part| part == wanted).unwrap()
}

type Change = fn(&Path);

#[test]
fn damage_of_every_kind_is_found_before_the_store_is_used() {
    let kinds: [(&str, Change); 17] = [
        ("its head is zero", |db| change(db, |it| it[..100].fill(0))),
        ("its first words are others", |db| change(db, |it| it[..16].copy_from_slice(b"SQLite format 4\0"))),
        ("its first page is garbage", |db| change(db, |it| it[100..PAGE].fill(0xa5))),
        ("its size of a page is none", |db| change(db, |it| it[16..18].fill(0x77))),
        ("a page at the beginning", |db| change(db, |it| it[PAGE..2 * PAGE].fill(0xa5))),
        ("pages in the middle", |db| {
            change(db, |it| {
                let middle = it.len() / 2 / PAGE * PAGE;
                it[middle..middle + 4 * PAGE].fill(0xa5);
            });
        }),
        ("pages at the end", |db| {
            change(db, |it| {
                let end = it.len() - 4 * PAGE;
                it[end..].fill(0xa5);
            });
        }),
        ("its second half is gone", |db| change(db, |it| it.truncate(it.len() / 2 / PAGE * PAGE))),
        ("it ends within a page", |db| change(db, |it| it.truncate(it.len() / 2 + 1_000))),
        ("fifty bytes are left", |db| change(db, |it| it.truncate(50))),
        ("one page is left", |db| change(db, |it| it.truncate(PAGE))),
        ("it is empty", |db| change(db, Vec::clear)),
        ("it is a letter", |db| std::fs::write(db, "Dear Sir or Madam, ".repeat(1_000)).unwrap()),
        ("it is zero all over", |db| change(db, |it| it.fill(0))),
        ("it is of a version that nobody wrote", |db| change(db, |it| it[60..64].fill(0x7f))),
        ("the head of its log", |db| change(&db.with_extension("db-wal"), |it| it[8..12].fill(0xff))),
        ("the middle of its log", |db| {
            change(&db.with_extension("db-wal"), |it| {
                let middle = it.len() / 2;
                it[middle..middle + 100].fill(0xa5);
            });
        }),
    ];
    for (name, damage) in kinds {
        let folder = tempfile::tempdir().unwrap();
        crashed(folder.path());
        // Empties the log, which would mask damage to the file itself.
        let db = folder.path().join("queue.db");
        if !name.contains("log") {
            let file = rusqlite::Connection::open(&db).unwrap();
            file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        }
        damage(&db);
        let said = check(folder.path()).expect_err(name).to_string();
        assert!(said.contains("queue.db is damaged"), "{name}: {said}");
    }
}

#[test]
fn another_program_s_database_is_none_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    crashed(folder.path());
    let db = folder.path().join("queue.db");
    for name in ["queue.db", "queue.db-wal"] {
        std::fs::remove_file(folder.path().join(name)).unwrap();
    }
    rusqlite::Connection::open(&db).unwrap().execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    let said = check(folder.path()).unwrap_err().to_string();
    assert!(said.contains("queue.db is damaged"), "{said}");
}

#[test]
fn what_a_crash_leaves_and_what_was_never_used_is_no_damage() {
    #[expect(clippy::type_complexity, reason = "a table")]
    let kinds: [(&str, fn(&Path)); 7] = [
        ("a crash", |_| {}),
        ("a crash within a write", |folder| {
            change(&folder.join("queue.db-wal"), |it| it.truncate(it.len() - 1_000));
        }),
        ("a crash before the last write was whole", |folder| {
            change(&folder.join("queue.db-wal"), |it| {
                let end = it.len();
                it[end - 3_000..end - 2_000].fill(0);
            });
        }),
        ("a log that was just begun", |folder| change(&folder.join("queue.db-wal"), |it| it.truncate(32))),
        ("an empty log", |folder| change(&folder.join("queue.db-wal"), Vec::clear)),
        ("nothing in the folder", |folder| {
            std::fs::read_dir(folder)
                .unwrap()
                .for_each(|it| std::fs::remove_file(it.unwrap().path()).unwrap());
        }),
        ("a first start that was cut short", |folder| {
            for name in ["booking.db", "queue.db"] {
                std::fs::write(folder.join(name), "").unwrap();
                let _ = std::fs::remove_file(folder.join(format!("{name}-wal")));
            }
        }),
    ];
    for (name, leave) in kinds {
        let folder = tempfile::tempdir().unwrap();
        crashed(folder.path());
        leave(folder.path());
        assert!(check(folder.path()).is_ok(), "{name}: {:?}", check(folder.path()));
        drop(SqliteEngine::open(&folder.path().join("queue.db")).unwrap());
    }
    assert!(check(Path::new("/nowhere/at/all")).is_ok());
}

#[test]
fn bytes_that_changed_within_an_event_are_found_when_all_is_read() {
    let folder = tempfile::tempdir().unwrap();
    crashed(folder.path());
    let db = folder.path().join("queue.db");
    drop(
        rusqlite::Connection::open(&db).unwrap().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())),
    );
    verify(&db).unwrap();
    change(&db, |it| {
        let at = find(it, &[30; 1_000]);
        it[at + 500] ^= 1;
    });
    assert!(check(folder.path()).is_ok(), "its pages hang together");
    let said = verify(&db).unwrap_err().to_string();
    assert!(said.contains("event 30"), "{said}");
}

#[tokio::test]
async fn damage_that_comes_while_it_is_used_is_kept_in_mind() {
    let folder = tempfile::tempdir().unwrap();
    crashed(folder.path());
    let db = folder.path().join("queue.db");
    drop(
        rusqlite::Connection::open(&db).unwrap().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())),
    );
    let engine = SqliteEngine::open(&db).unwrap();
    assert_eq!((engine.damage(), engine.read_stream("a", 0).await.unwrap().len()), (None, 60));
    let file = std::fs::OpenOptions::new().write(true).open(&db).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, &[0xa5; 40 * PAGE], 20 * PAGE as u64).unwrap();
    // The damage lies beyond what opening reads. A fresh engine reads the file, not the first one's memory.
    let fresh = SqliteEngine::open(&db).unwrap();
    assert!(fresh.read_stream("a", 0).await.is_err());
    assert!(fresh.damage().is_some_and(|what| what.contains("malformed")), "{:?}", fresh.damage());
}
