//! That a folder is a demo's: everybody knows its people's password, and whoever has seen its sign-in page has their keys. So
//! it serves nobody in earnest, wherever it was copied, backed up or restored to. And a folder of a real office is never
//! given to a demo, which would put those people into it. Knows no service but booking's people.

use crate::clock_file::ClockFile;
#[cfg(feature = "demo")]
use anyhow::Context;
use anyhow::ensure;
#[cfg(feature = "demo")]
use okienko_journal::Engine;
use okienko_journal::SqliteEngine;
use okienko_staff::has_demo_people;
use std::path::Path;

/// The mark, which goes along in copies and backups.
const MARK: &str = "demo";
#[cfg(feature = "demo")]
const WORDS: &str =
    "This folder was made by `okienko demo`: anybody can sign in to it. `okienko serve` refuses it.\n";
/// The store that the people are in.
const PEOPLE: &str = "booking.db";

/// Whether files of it say that it is a demo's: the mark, or the clock that no other program has.
pub fn is_marked(data: &Path) -> bool {
    data.join(MARK).exists() || ClockFile::of(data).is_there()
}

/// For whoever serves in earnest: an error says what to do where the folder is a demo's. Old ones have no mark and are known
/// by their people.
pub async fn refuse(data: &Path) -> anyhow::Result<()> {
    ensure!(!is_marked(data) && !has_people(data).await?, "{}", refusal(data));
    Ok(())
}

/// What is said of it.
pub fn refusal(data: &Path) -> String {
    format!(
        "{} was made by `okienko demo`: everybody could sign in there as admin with the password of the demo, or by one of its \
         keys. Name another folder, which may be empty; nothing of a demo is worth keeping",
        data.display()
    )
}

/// For the demo: marks the folder. An error where it is of a real office.
#[cfg(feature = "demo")]
pub async fn claim(data: &Path) -> anyhow::Result<()> {
    if !is_marked(data) && is_used(data).await? {
        ensure!(
            has_people(data).await?,
            "{} is the folder of a real office: the demo would let everybody in. Name another one with --data",
            data.display()
        );
    }
    let mark = data.join(MARK);
    if mark.exists() {
        return Ok(());
    }
    std::fs::write(&mark, WORDS).with_context(|| format!("{}", mark.display()))
}

#[cfg(feature = "demo")]
async fn is_used(data: &Path) -> anyhow::Result<bool> {
    Ok(match store(data)? {
        Some(store) => store.head().await? > 0,
        None => false,
    })
}

async fn has_people(data: &Path) -> anyhow::Result<bool> {
    Ok(match store(data)? {
        Some(store) => has_demo_people(&store).await?,
        None => false,
    })
}

fn store(data: &Path) -> anyhow::Result<Option<SqliteEngine>> {
    let path = data.join(PEOPLE);
    Ok(if path.exists() { Some(SqliteEngine::open(&path)?) } else { None })
}
