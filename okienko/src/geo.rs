//! In which country an address is: a file that the operator gives, looked at again and again; private addresses count as
//! where the installation is, so that everything can be tried on one machine.

use anyhow::Context;
use okienko_booking::domain::office::Office;
use okienko_kernel::world::Tasks;
use okienko_territory::{Country, LocalIs, Mmdb, NoDatabase, Territory};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How often the file is looked at.
const LOOK: Duration = Duration::from_secs(30);

/// Opens the file, if there is one, and goes on taking newer ones. Private addresses are in the country `home`, if one is
/// told.
pub fn territory(
    file: Option<&Path>,
    home: Option<Country>,
    tasks: &dyn Tasks,
) -> anyhow::Result<Arc<dyn Territory>> {
    let Some(file) = file else { return Ok(at(home, NoDatabase)) };
    let mmdb = Arc::new(Mmdb::open(file).with_context(|| format!("{}", file.display()))?);
    count(&mmdb);
    tasks.spawn("geo", Box::pin(refresh_forever(mmdb.clone())));
    Ok(at(home, mmdb))
}

fn at(home: Option<Country>, others: impl Territory) -> Arc<dyn Territory> {
    match home {
        Some(country) => Arc::new(LocalIs { country, others }),
        None => Arc::new(others),
    }
}

async fn refresh_forever(mmdb: Arc<Mmdb>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let looked = mmdb.clone();
        match tokio::task::spawn_blocking(move || looked.refresh()).await {
            Ok(Ok(true)) => {
                count(&mmdb);
                tracing::info!(built_at = mmdb.built_at(), "a newer database of countries");
            }
            Ok(Ok(false)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the database of countries stays as it was"),
            Err(error) => tracing::warn!(%error, "the database of countries was not looked at"),
        }
    }
}

fn count(mmdb: &Mmdb) {
    metrics::gauge!("okienko_geo_built_seconds").set(mmdb.built_at() as f64);
}

/// Says so where a rule cannot be kept.
pub fn print(offices: &[Office], file: Option<&Path>) {
    let bound: Vec<&str> = offices
        .iter()
        .filter(|office| !office.territory.is_empty())
        .map(|office| office.id.as_str())
        .collect();
    if file.is_none() && !bound.is_empty() {
        println!("No database of countries (--geo FILE): {} lets everybody in", bound.join(", "));
    }
}
