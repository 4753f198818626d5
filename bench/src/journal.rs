//! `bench journal`: group commit beside the plain design on SQLite, in the same run.

use crate::actors::Actors;
use crate::disk::syncs_per_second;
use crate::plain::Plain;
use crate::stats::{Figures, closed_loop};
use okienko_host::OsEntropy;
use okienko_kernel::Entropy;
use std::path::{Path, PathBuf};

/// Connections of the plain design as a pool.
const POOL: usize = 20;
/// Days of the spread case.
const DAYS: u16 = 500;

struct Case {
    name: &'static str,
    days: u16,
    places: u32,
    clients: u32,
    each: u32,
    plain_each: u32,
}

/// Runs all cases, or those with `only` in their names.
pub fn run(scale: u32, only: Option<&str>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let syncs = syncs_per_second(folder.path())?;
    println!("fdatasync of 4 kB: {syncs:.0}/s\n");
    let many = 1_000_000;
    let cases = [
        Case {
            name: "one day, 500 places, 10,000 at once",
            days: 1,
            places: 500,
            clients: 10_000,
            each: 1,
            plain_each: 1,
        },
        Case {
            name: "one day, 10,000 places, 10,000 at once",
            days: 1,
            places: 10_000,
            clients: 10_000,
            each: 1,
            plain_each: 1,
        },
        Case {
            name: "500 days, 200 clients",
            days: DAYS,
            places: many,
            clients: 200,
            each: 1_000 * scale,
            plain_each: 50 * scale,
        },
        Case {
            name: "one client",
            days: DAYS,
            places: many,
            clients: 1,
            each: 5_000 * scale,
            plain_each: 5_000 * scale,
        },
    ];
    let only = only.unwrap_or_default();
    for (n, case) in cases.iter().enumerate().filter(|(_, case)| case.name.contains(only)) {
        // One client is answered by one thread, in both designs: with more, every third step changes the thread.
        let threads = std::thread::available_parallelism()?.get().min(case.clients as usize);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
        runtime.block_on(case.compare(folder.path(), n, syncs))?;
    }
    Ok(())
}

impl Case {
    async fn compare(&self, folder: &Path, n: usize, syncs: f64) -> anyhow::Result<()> {
        let file = |what: &str| -> PathBuf { folder.join(format!("{n}-{what}.db")) };
        println!("{}", self.name);
        let ours = ours(&file("ours"), self).await?;
        println!("{}", ours.line("group commit"));
        let mut best = 0.0_f64;
        for (name, connections) in [("plain, pool of 20 connections", POOL), ("plain, one writer", 1)] {
            let plain = plain(&file(name), self, connections).await?;
            println!("{}", plain.line(name));
            println!("  {:<34} {:>9.1} x", format!("ratio to {name}"), ours.rate() / plain.rate());
            best = best.max(plain.rate());
        }
        println!("  {:<34} {:>9.1} x", "ratio to fdatasync", ours.rate() / syncs);
        println!("  {:<34} {:>9.1} x\n", "ratio to the better plain one", ours.rate() / best);
        Ok(())
    }
}

async fn ours(file: &Path, case: &Case) -> anyhow::Result<Figures> {
    let actors = Actors::open(file, case.days, case.places).await?;
    let days = u32::from(case.days);
    // Every day is in memory before the clock starts, as in a running service.
    for day in 0..days {
        actors.clone().hold(day).await;
    }
    closed_loop(case.clients, case.each, move |client, n| actors.clone().hold((client * 7 + n * 13) % days))
        .await
}

async fn plain(file: &Path, case: &Case, connections: usize) -> anyhow::Result<Figures> {
    let days = u32::from(case.days);
    let plain = Plain::open(file, connections, days, case.places)?;
    closed_loop(case.clients, case.plain_each, move |client, n| {
        let mut hold = [0; 16];
        OsEntropy.fill(&mut hold);
        plain.clone().hold((client * 7 + n * 13) % days, hold)
    })
    .await
}
