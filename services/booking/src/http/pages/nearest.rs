//! The next free hours of a service at a place, day after day. A hint like every look at free places.

use crate::offices::Known;
use crate::service::Booking;
use okienko_kernel::{Day, TimeOfDay};
use okienko_web::Problem;

/// At most `count` free hours from today on, in order.
pub async fn free_hours(
    booking: &Booking,
    known: &Known,
    location: &str,
    service: &str,
    count: usize,
) -> Result<Vec<(Day, TimeOfDay)>, Problem> {
    let today = booking.today(known);
    let mut found = Vec::with_capacity(count);
    for ahead in 0..=i64::from(known.office.horizon_days) {
        let day = today.plus_days(ahead);
        let free = booking.times(known, location, service, day).await?;
        let free = free.into_iter().filter(|hour| hour.free > 0).map(|hour| (day, hour.time));
        found.extend(free.take(count - found.len()));
        if found.len() == count {
            break;
        }
    }
    Ok(found)
}
