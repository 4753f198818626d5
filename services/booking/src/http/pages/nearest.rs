//! The next free hours of a service at a location, day by day. A hint, like every list of free places.

use crate::service::Booking;
use okienko_kernel::{Day, TimeOfDay};
use okienko_office::LoadedOffice;
use okienko_web::Problem;

/// Maximum hours of one day in the list: people who cannot come on that day want to see the next.
const OF_A_DAY: usize = 3;

/// At most `count` free hours from today on, in order, a few of each day.
pub async fn free_hours(
    booking: &Booking,
    known: &LoadedOffice,
    location: &str,
    service: &str,
    count: usize,
) -> Result<Vec<(Day, TimeOfDay)>, Problem> {
    let today = booking.today(known);
    let mut found = Vec::with_capacity(count);
    for ahead in 0..=i64::from(known.office.horizon_days) {
        let day = today.plus_days(ahead);
        let free = booking.places.times(known, location, service, day).await?;
        let free = free.into_iter().filter(|hour| hour.free > 0).map(|hour| (day, hour.time));
        found.extend(free.take(OF_A_DAY.min(count - found.len())));
        if found.len() == count {
            break;
        }
    }
    Ok(found)
}
