//! Marks a folder as a demo's: everybody knows its people's password, and anyone who has seen its sign-in page has
//! their keys. So it is never used for real service, wherever it is copied, backed up or restored. Conversely the demo
//! never uses a real office's folder, to which it would add those people. Knows no service except booking's people.

use crate::clock_file::ClockFile;
#[cfg(feature = "demo")]
use anyhow::Context;
use anyhow::ensure;
#[cfg(feature = "demo")]
use okienko_journal::Engine;
use okienko_journal::SqliteEngine;
use okienko_staff::has_demo_people;
use std::path::Path;

/// The marker file, which is included in copies and backups.
const MARK: &str = "demo";
#[cfg(feature = "demo")]
const WORDS: &str =
    "This folder was made by `okienko demo`: anybody can sign in to it. `okienko serve` refuses it.\n";
/// The store that contains the people.
const PEOPLE: &str = "booking.db";

/// Whether its files show that it is a demo's: the marker, or the clock that no other program creates.
pub fn is_marked(data: &Path) -> bool {
    data.join(MARK).exists() || ClockFile::of(data).is_there()
}

/// For real service: if the folder is a demo's, returns an error that says what to do. Old folders have no marker and
/// are recognised by their people.
pub async fn refuse(data: &Path) -> anyhow::Result<()> {
    ensure!(!is_marked(data) && !has_people(data).await?, "{}", refusal(data));
    Ok(())
}

/// The error message.
pub fn refusal(data: &Path) -> String {
    format!(
        "{} was made by `okienko demo`: everybody could sign in there as admin with the password of the demo, or by one of its \
         keys. Name another folder, which may be empty; nothing of a demo is worth keeping",
        data.display()
    )
}

/// For the demo: marks the folder. An error if it belongs to a real office.
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
