//! `bench cluster`: group commit beside the plain design on PostgreSQL, in the same run, on a private server with full
//! durability. PostgreSQL on another machine would add the same round trip to each transaction of both. Knows no HTTP.

use crate::Size;
use crate::actors::Actors;
use crate::cases::{self, Case};
use crate::disk::syncs_per_second;
use crate::plain_postgres::PlainPostgres;
use okienko_drill::Postgres;
use okienko_journal::{PostgresEngine, PostgresSettings, migrate};
use std::sync::Arc;

/// Runs all cases, or those with `only` in their names.
pub fn run(scale: u32, size: Size, only: Option<&str>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let syncs = syncs_per_second(folder.path())?;
    println!("fdatasync of 4 kB: {syncs:.0}/s\n");
    let server = Postgres::start()?;
    let only = only.unwrap_or_default();
    let mut wrong = 0;
    for (n, case) in cases::all(scale, size).iter().enumerate().filter(|(_, case)| case.name.contains(only)) {
        wrong += case.runtime()?.block_on(compare(case, &server.url(), n, syncs))?;
    }
    cases::end(wrong)
}

async fn compare(case: &Case, url: &str, n: usize, syncs: f64) -> anyhow::Result<u64> {
    println!("{}", case.name);
    let service = format!("bench{n}");
    migrate(url, &service, &["postgres"]).await?;
    let engine = Arc::new(PostgresEngine::open(&PostgresSettings::new(url), &service)?);
    let ours = case.ask_ours(Actors::open(engine, case.days, case.places).await?).await?;
    let slots = u32::from(case.days);
    let design = PlainPostgres::open(url, slots, case.places).await?;
    let by_statements = case.ask_plain(move |day, id| design.clone().hold_by_statements(day, id)).await?;
    let design = PlainPostgres::open(url, slots, case.places).await?;
    let at_once = case.ask_plain(move |day, id| design.clone().hold_at_once(day, id)).await?;
    let plain = [("plain, statements in turn", by_statements), ("plain, one statement", at_once)];
    Ok(cases::tell(case, &ours, &plain, syncs))
}
