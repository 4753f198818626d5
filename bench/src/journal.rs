//! `bench journal`: group commit beside the plain design on SQLite, in the same run. Knows no HTTP.

use crate::Size;
use crate::actors::Actors;
use crate::cases::{self, Case};
use crate::disk::syncs_per_second;
use crate::plain::Plain;
use okienko_journal::SqliteEngine;
use std::path::Path;
use std::sync::Arc;

/// The variants of the plain design: name and number of connections.
const PLAIN: [(&str, usize); 2] = [("plain, pool of 20 connections", 20), ("plain, one writer", 1)];

/// Runs all cases, or those with `only` in their names.
pub fn run(scale: u32, size: Size, only: Option<&str>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let syncs = syncs_per_second(folder.path())?;
    println!("fdatasync of 4 kB: {syncs:.0}/s\n");
    let only = only.unwrap_or_default();
    let mut wrong = 0;
    for (n, case) in cases::all(scale, size).iter().enumerate().filter(|(_, case)| case.name.contains(only)) {
        wrong += case.runtime()?.block_on(compare(case, folder.path(), n, syncs))?;
    }
    cases::end(wrong)
}

async fn compare(case: &Case, folder: &Path, n: usize, syncs: f64) -> anyhow::Result<u64> {
    let file = |what: &str| folder.join(format!("{n}-{what}.db"));
    println!("{}", case.name);
    let engine = Arc::new(SqliteEngine::open(&file("ours"))?);
    let ours = case.ask_ours(Actors::open(engine, case.days, case.places).await?).await?;
    let mut plain = Vec::new();
    for (name, connections) in PLAIN {
        let design = Plain::open(&file(name), connections, u32::from(case.days), case.places)?;
        plain.push((name, case.ask_plain(move |day, id| design.clone().hold(day, id)).await?));
    }
    Ok(cases::tell(case, &ours, &plain, syncs))
}
