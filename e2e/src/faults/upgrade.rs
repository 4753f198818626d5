//! A roll-out of this version over an older one under load: first the databases, then process after process, role by
//! role, with both versions at work for a while in between. Nobody is told anything that is not there afterwards.

use super::site::Site;
use super::told::Kind;
use crate::cluster::Role;
use crate::house::binary;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

/// How long one version works alone, and how long both do after each process.
const TOGETHER: Duration = Duration::from_secs(3);

/// The outcome of a roll-out.
#[derive(Debug)]
pub struct Upgraded {
    /// Processes that were replaced.
    pub processes: usize,
    /// How long the roll-out took, including the migration.
    pub took: Duration,
    /// How long the migration took.
    pub migrated: Duration,
    /// How often clients retried during it.
    pub retries: u64,
    /// Successful rounds during it, by kind of client.
    pub done: BTreeMap<Kind, u64>,
    /// Holds, reservations, tickets and calls acknowledged before and after it: all there, none twice.
    pub acknowledged: [usize; 4],
}

/// Starts the installation with the program `old`, rolls this version out, and compares everything anybody was told.
pub async fn run(old: &Path, mut progress: impl FnMut(&str)) -> Result<Upgraded> {
    let mut site = Site::with(Some(old.to_owned())).await.context("the older version")?;
    tokio::time::sleep(TOGETHER).await;
    site.compare().await.context("before the roll-out")?;
    let (retries, done) = {
        let told = site.load.book.lock();
        (told.retries, told.done.clone())
    };
    let begun = Instant::now();
    site.cluster.run_with(&binary()?);
    site.cluster.migrate().await?;
    let migrated = begun.elapsed();
    site.gets_on().await.context("the older version on the newer schema")?;
    progress("the databases are of this version, the processes of the older one");
    let mut processes = 0;
    for role in Role::ALL {
        for at in site.cluster.of(role) {
            site.cluster.replicas[at].stop().await;
            site.cluster.launch(at).await?;
            site.cluster.replicas[at].ready().await?;
            processes += 1;
            tokio::time::sleep(TOGETHER).await;
            site.gets_on().await.with_context(|| format!("with {processes} processes of this version"))?;
        }
        site.compare().await.with_context(|| format!("after {role}"))?;
        progress(&format!("{role} is of this version: nothing lost, nothing doubled"));
    }
    let took = begun.elapsed();
    let told = site.end().await?;
    let since = |(kind, rounds): (Kind, u64)| (kind, rounds - done.get(&kind).copied().unwrap_or_default());
    Ok(Upgraded {
        processes,
        took,
        migrated,
        retries: told.retries - retries,
        done: told.done.into_iter().map(since).collect(),
        acknowledged: [told.holds.len(), told.reservations.len(), told.tickets.len(), told.calls.len()],
    })
}
