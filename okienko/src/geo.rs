//! The country of an address: from a file provided by the operator, checked regularly for a newer one; private
//! addresses count as the installation's country, so that everything can be tried on one machine.

use anyhow::Context;
use okienko_booking::Booking;
use okienko_journal::Seldom;
use okienko_kernel::again;
use okienko_kernel::world::Tasks;
use okienko_territory::{Country, LocalIs, Mmdb, NoDatabase, Territory};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How often the file is checked.
const LOOK: Duration = Duration::from_secs(30);

/// Opens the file, if one is given, and keeps loading newer versions. Private addresses are in the country `home`, if
/// given.
pub fn territory(
    file: Option<&Path>,
    home: Option<Country>,
    tasks: &dyn Tasks,
) -> anyhow::Result<Arc<dyn Territory>> {
    let Some(file) = file else { return Ok(at(home, NoDatabase)) };
    let mmdb = Arc::new(Mmdb::open(file).with_context(|| format!("{}", file.display()))?);
    count(&mmdb);
    let refreshed = mmdb.clone();
    tasks.keep("geo", again(move || refresh_forever(refreshed.clone())));
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

/// Prints a warning if a rule cannot be enforced.
pub fn print(booking: &Booking) {
    let open = booking.open_territories();
    if !open.is_empty() {
        say!(
            "No database of countries (geo.file; --geo FILE of the demo): {} lets everybody in, from any country",
            open.join(", ")
        );
    }
}

/// Regularly counts the offices whose rule is not enforced, and logs it: offices change while a program runs.
pub async fn watch(booking: Arc<Booking>) {
    let says = Seldom::default();
    let mut told = BTreeSet::new();
    loop {
        let open: BTreeSet<String> = booking.open_territories().into_iter().collect();
        for office in open.union(&told) {
            let is = if open.contains(office) { 1.0 } else { 0.0 };
            metrics::gauge!("okienko_territory_open", "office" => office.clone()).set(is);
        }
        if !open.is_empty()
            && let Some(unsaid) = says.says()
        {
            let offices: Vec<&str> = open.iter().map(String::as_str).collect();
            tracing::warn!(
                office = offices.join(","),
                unsaid,
                "bookings are taken from any country: geo.file names no database"
            );
        }
        told = open;
        tokio::time::sleep(LOOK).await;
    }
}
