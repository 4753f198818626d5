//! Backups of a running program under load: each is restored into an empty folder, and a program started on it has
//! everything that was acknowledged before the backup began. Knows only the command line and the outside surface.

use crate::house::{House, HouseOptions, MORNING, Shape, binary};
use crate::kill::{Acknowledged, Book, Devices, PLACES, book_for_ever, compare, lock};
use crate::offices;
use anyhow::{Context, ensure};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::process::Command;
use tokio::time::Instant;

/// The result of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Backups, each restored and compared.
    pub backups: u32,
    /// How long each took.
    pub took: Vec<Duration>,
    /// Acknowledged holds, reservations, tickets and calls at the last backup.
    pub acknowledged: [usize; 4],
    /// Size of the last backup in bytes.
    pub bytes: u64,
}

/// Takes `count` backups under load, one every `every`; then restores and compares each.
pub async fn run(count: u32, every: Duration) -> anyhow::Result<Outcome> {
    let (folder, kept) = (tempfile::tempdir()?, tempfile::tempdir()?);
    offices::write(folder.path(), PLACES, 15)?;
    let wanted = HouseOptions {
        offices: Some(folder.path().to_owned()),
        clock: Some(MORNING.to_owned()),
        ..HouseOptions::default()
    };
    let house = House::shaped(Shape::Demo, wanted.clone()).await?;
    let (devices, book) = (Devices::of(&house).await?, Book::default());
    let load = devices.load(&house, &book);
    let mut outcome = Outcome::default();
    let mut taken: Vec<Acknowledged> = Vec::new();
    let backing = async {
        let mut due = tokio::time::interval(every);
        for n in 0..count {
            due.tick().await;
            // What is acknowledged from here on may or may not be in the backup.
            let told = lock(&book).clone();
            let begun = Instant::now();
            okienko(&["backup"], &kept.path().join(n.to_string()), house.data()?).await?;
            outcome.took.push(begun.elapsed());
            taken.push(told);
        }
        anyhow::Ok(())
    };
    tokio::select! {
        done = backing => done?,
        ended = book_for_ever(&house, &book, 0) => ended?,
    }
    drop(load);
    drop(house);
    for (n, told) in taken.into_iter().enumerate() {
        let file = kept.path().join(n.to_string());
        outcome.bytes = std::fs::metadata(&file)?.len();
        let into = tempfile::tempdir()?;
        okienko(&["restore"], &file, &into.path().join("data")).await?;
        let restored = House::on(into, wanted.clone()).await?;
        outcome.acknowledged = told.counts();
        compare(&restored, &Arc::new(Mutex::new(told))).await.with_context(|| format!("backup {n}"))?;
        outcome.backups += 1;
    }
    Ok(outcome)
}

async fn okienko(command: &[&str], file: &Path, data: &Path) -> anyhow::Result<()> {
    let out = Command::new(binary()?).args(command).arg(file).arg("--data").arg(data).output().await?;
    ensure!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    Ok(())
}
