//! People of the demo in a program in real use: they cannot sign in there, and should be removed all the same. Counted
//! regularly, and reported at startup. Knows their number by office, and no name.

use metrics::gauge;
use okienko_booking::Booking;
use okienko_journal::Seldom;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The interval between checks: each opens the profiles of all staff.
const LOOK: Duration = Duration::from_secs(60);

/// Counts them for as long as it is polled.
pub async fn watch(booking: Arc<Booking>) {
    let says = Seldom::default();
    let mut told = BTreeMap::new();
    loop {
        if let Ok(found) = booking.staff().demo_people().await {
            for office in told.keys().chain(found.keys()) {
                let count = found.get(office).copied().unwrap_or_default();
                gauge!("okienko_demo_people", "office" => office.clone()).set(count as f64);
            }
            for (office, count) in &found {
                if let Some(unsaid) = says.says() {
                    tracing::error!(
                        office,
                        count,
                        unsaid,
                        "there are people of the demo: disable them in /admin/staff"
                    );
                }
            }
            told = found;
        }
        tokio::time::sleep(LOOK).await;
    }
}
