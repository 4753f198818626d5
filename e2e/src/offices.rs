//! Office files for tests: one with as many places as a test wants, at every hour of every day. Knows no test.

use std::path::Path;

/// Writes an office `test` whose only service `visit` at `hall` has `places` places in each slot, all day long.
pub fn write(folder: &Path, places: u32, slot_minutes: u32) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours: String = days.iter().map(|day| format!("{day} = [\"00:00-23:30\"]\n")).collect();
    let counters: Vec<String> = (1..=12).map(|n| format!("{{ number = \"{n}\" }}")).collect();
    let text = format!(
        r#"id = "test"
number = 9
name = {{ pl = "Test", en = "Test" }}
sender = "Test"
host = "test.example"
zone = "Europe/Warsaw"
locales = ["pl", "en"]
horizon_days = 30
steps = ["service", "location", "time", "form", "proof"]
account = "none"
sms_daily_budget = 1000000
remind_at = "18:00"
work_on_holidays = true

[queue]
merge = "by_time"
calls = 3
absent_pause_s = 120
placed_at_hour = true
check_in_opens_min = 60
check_in_closes_min = -60

[[locations]]
id = "hall"
number = 1
name = {{ pl = "Sala" }}
address = {{ pl = "ul. Testowa 1" }}
voice = false
counters = [{counters}]
[locations.hours]
{hours}
[[pools]]
id = "all"
number = 1
location = "hall"
slot_minutes = {slot_minutes}
capacity = {places}
prefix = "R"
code_digit = 0
services = ["visit"]

[[categories]]
id = "all"
name = {{ pl = "Wszystko" }}

[[services]]
id = "visit"
name = {{ pl = "Wizyta" }}
category = "all"
locations = ["hall"]
minutes = 10
proof = ["sms"]
walk_in_prefix = "A"
form = ["name"]

[[fields]]
id = "name"
type = "text"
label = {{ pl = "Nazwisko" }}
required = true
example = "Jan Kowalski"
"#,
        counters = counters.join(", ")
    );
    std::fs::write(folder.join("test.toml"), text)?;
    Ok(())
}

/// Removes a line from that office's file, for a program that does not know its key yet.
pub fn without(folder: &Path, key: &str) -> anyhow::Result<()> {
    let path = folder.join("test.toml");
    let text = std::fs::read_to_string(&path)?;
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with(key)).collect();
    std::fs::write(path, kept.join("\n"))?;
    Ok(())
}
