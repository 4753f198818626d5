//! The office that is measured: half-hours from 8 to 16 every day, as the peers had them; one pool with a single place,
//! one for a crowd, one so large that nobody is refused; walk-in tickets; twelve counters. Knows no benchmark.

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
    std::fs::create_dir_all(folder)?;
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours: String = days.iter().map(|day| format!("{day} = [\"08:00-16:00\"]\n")).collect();
    let counters: Vec<String> = (1..=12).map(|n| format!("{{ number = \"{n}\" }}")).collect();
    let kinds = [(SINGLE, 1, "R", "A"), (CROWD, crowd_places, "S", "B"), (WIDE, WIDE_PLACES, "T", "C")];
    let pools = kinds.iter().enumerate().map(|(n, kind)| part(n, kind)).collect::<String>();
    let text = format!(
        r#"id = "{OFFICE}"
number = 9
name = {{ pl = "Bench", en = "Bench" }}
sender = "Bench"
host = "bench.example"
zone = "Europe/Warsaw"
locales = ["pl", "en"]
horizon_days = 31
steps = ["service", "location", "time", "form", "proof"]
account = "none"
sms_daily_budget = 1000000
work_on_holidays = true

[queue]
merge = "by_time"
calls = 3
absent_pause_s = 120
placed_at_hour = true
check_in_opens_min = 60
check_in_closes_min = -60

[[locations]]
id = "{LOCATION}"
number = 1
name = {{ pl = "Sala" }}
address = {{ pl = "ul. Testowa 1" }}
voice = false
counters = [{counters}]
[locations.hours]
{hours}
[[categories]]
id = "all"
name = {{ pl = "Wszystko" }}
{pools}
[[fields]]
id = "name"
type = "text"
label = {{ pl = "Nazwisko" }}
required = true
example = "Jan Kowalski"
"#,
        counters = counters.join(", ")
    );
    Ok(std::fs::write(folder.join("bench.toml"), text)?)
}

fn part(n: usize, (service, places, booked, walk_in): &(&str, u32, &str, &str)) -> String {
    format!(
        r#"
[[pools]]
id = "{service}"
number = {number}
location = "{LOCATION}"
slot_minutes = 30
capacity = {places}
prefix = "{booked}"
code_digit = {n}
services = ["{service}"]

[[services]]
id = "{service}"
name = {{ pl = "{service}" }}
category = "all"
locations = ["{LOCATION}"]
minutes = 10
proof = ["sms"]
walk_in_prefix = "{walk_in}"
form = ["name"]
"#,
        number = n + 1
    )
}
