//! Whether this process can write and read its stores: reported by `/readyz`, metrics and the log; a demo does not
//! start unless it can. Knows no service.

#[cfg(feature = "demo")]
use crate::embedded::WHAT_TO_DO;
#[cfg(feature = "demo")]
use anyhow::bail;
use axum::routing::{MethodRouter, get};
use http::StatusCode;
use metrics::gauge;
use okienko_host::{Settle, World};
use okienko_journal::{Seldom, Trouble, sqlite_check, sqlite_cut};
use okienko_kernel::IfLost;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The interval between checks.
const LOOK: Duration = Duration::from_secs(2);
/// Delay after startup before everything stored is read once: requests for the first page take precedence.
const READ_ALL: Duration = Duration::from_secs(3);
/// How long a demo's start waits for what became due meanwhile.
#[cfg(feature = "demo")]
const START: Duration = Duration::from_secs(60);

/// `/readyz` of a process with its own stores: not ready while one of them accepts no writes, or is damaged.
pub fn ready(settle: Arc<Settle>) -> MethodRouter {
    get(move || async move {
        match said(&settle.troubles()) {
            None => (StatusCode::OK, "ok".to_owned()),
            Some(what) => (StatusCode::SERVICE_UNAVAILABLE, what),
        }
    })
}

/// Describes the problems, one per line, if there are any.
fn said(troubles: &[(&'static str, Trouble)]) -> Option<String> {
    let one = |(service, trouble): &(&'static str, Trouble)| match trouble {
        Trouble::NotWritten(why) => format!("the journal of {service} takes nothing: {why}"),
        Trouble::Damaged(what) => format!("the journal of {service} is damaged: {what}. Bring back a backup"),
    };
    let lines: Vec<String> = troubles.iter().map(one).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Records it regularly, and logs it, ever less often.
pub async fn watch(settle: Arc<Settle>) {
    let says = Seldom::default();
    let mut told = BTreeSet::new();
    loop {
        let troubles = settle.troubles();
        let mut damaged = BTreeSet::new();
        for (service, trouble) in &troubles {
            if let Trouble::Damaged(what) = trouble {
                damaged.insert(*service);
                if let Some(unsaid) = says.says() {
                    tracing::error!(
                        service,
                        error = what,
                        unsaid,
                        "the journal is damaged: bring back a backup"
                    );
                }
            }
        }
        for service in damaged.union(&told) {
            let is = damaged.contains(service);
            gauge!("okienko_journal_damaged", "service" => *service).set(if is { 1.0 } else { 0.0 });
            if is {
                gauge!("okienko_journal_well", "service" => *service).set(0.0);
            }
        }
        told = damaged;
        tokio::time::sleep(LOOK).await;
    }
}

/// Reads everything stored once, on its own thread: bytes that have changed within an event are only detected by its
/// hash chain.
pub fn read_all(data: PathBuf, world: &World) {
    let settle = world.settle.clone();
    let reading = async move {
        tokio::time::sleep(READ_ALL).await;
        for path in sqlite_check::stores(&data).unwrap_or_default() {
            let service = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if let Err(error) = sqlite_cut::verify(&path) {
                settle.is_damaged(service, &error.to_string());
            }
        }
    };
    world.tasks.dedicate("read all", IfLost::GoesOn, Box::pin(reading));
}

/// Waits until what became due while the program was down is done; an error if that can never happen.
#[cfg(feature = "demo")]
pub async fn settled(world: &World) -> anyhow::Result<()> {
    let settled = world.settle.settled(&world.clock, &*world.bus);
    let broken = async {
        loop {
            let troubles = world.settle.troubles();
            if troubles.iter().any(|(_, trouble)| matches!(trouble, Trouble::Damaged(_))) {
                return said(&troubles).unwrap_or_default();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        biased;
        () = settled => Ok(()),
        what = broken => bail!("{what}\n{WHAT_TO_DO}"),
        () = tokio::time::sleep(START) => {
            tracing::warn!("what fell due is not carried out yet; it goes on");
            Ok(())
        }
    }
}
