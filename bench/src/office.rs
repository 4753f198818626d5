//! The office that is measured: half-hours from 8 to 16 every day, as the peers had them; one pool with a single place,
//! one for a crowd, one so large that nobody is refused; walk-in tickets; twelve counters. Knows no benchmark.

use okienko_drill::{OfficeFile, ServiceWithPool};
use serde_json::{Value, json};
use std::path::Path;

/// The office's id.
pub const OFFICE: &str = "bench";
/// The location's id.
pub const LOCATION: &str = "hall";
/// The instant at which the clock stands: a Tuesday, within opening hours.
pub const NOW: &str = "2026-12-01T09:00:00+01:00";
/// The day of [`NOW`].
pub const TODAY: &str = "2026-12-01";
/// Half-hours in a day.
pub const SLOTS: u32 = 16;
/// Days that can be booked, all later than [`TODAY`].
pub const DAYS: u32 = 29;
/// Places in each slot of the service [`WIDE`].
pub const WIDE_PLACES: u32 = 10_000;
/// The service with one place in each slot.
pub const SINGLE: &str = "single";
/// The service with the crowd's places in each slot.
pub const CROWD: &str = "crowd";
/// The service with [`WIDE_PLACES`] in each slot.
pub const WIDE: &str = "wide";

/// The body of a hold for slot `n` of a service; slots are numbered through the days, starting tomorrow.
pub fn wish(service: &str, n: u32) -> Value {
    let (day, slot) = (2 + n / SLOTS % DAYS, n % SLOTS);
    let time = format!("{:02}:{:02}", 8 + slot / 2, slot % 2 * 30);
    json!({"location": LOCATION, "service": service, "date": format!("2026-12-{day:02}"), "time": time})
}

/// The path where holds are requested.
pub fn holds() -> String {
    format!("/api/v1/offices/{OFFICE}/holds")
}

/// Writes the office's file into a folder of its own.
pub fn write(folder: &Path, crowd_places: u32) -> anyhow::Result<()> {
    let service = |id, capacity, booked_prefix, walk_in_prefix| ServiceWithPool {
        id,
        pool: id,
        slot_minutes: 30,
        capacity,
        booked_prefix,
        walk_in_prefix,
    };
    let file = OfficeFile {
        id: OFFICE,
        name: "Bench",
        location: LOCATION,
        hours: "08:00-16:00",
        horizon_days: 31,
        remind_at: None,
        services: vec![
            service(SINGLE, 1, "R", "A"),
            service(CROWD, crowd_places, "S", "B"),
            service(WIDE, WIDE_PLACES, "T", "C"),
        ],
    };
    file.write(folder)
}
