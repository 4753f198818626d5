//! Office files for tests: one with as many places as a test wants, at every hour of every day. Knows no test.

use okienko_drill::{OfficeFile, ServiceWithPool};
use std::path::Path;

/// Writes an office `test` whose only service `visit` at `hall` has `places` places in each slot, all day long.
pub fn write(folder: &Path, places: u32, slot_minutes: u32) -> anyhow::Result<()> {
    let visit = ServiceWithPool {
        id: "visit",
        pool: "all",
        slot_minutes,
        capacity: places,
        booked_prefix: "R",
        walk_in_prefix: "A",
    };
    let file = OfficeFile {
        id: "test",
        name: "Test",
        location: "hall",
        hours: "00:00-23:30",
        horizon_days: 30,
        remind_at: Some("18:00"),
        services: vec![visit],
    };
    file.write(folder)
}

/// Removes a line from that office's file, for a program that does not know its key yet.
pub fn without(folder: &Path, key: &str) -> anyhow::Result<()> {
    let path = folder.join("test.toml");
    let text = std::fs::read_to_string(&path)?;
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with(key)).collect();
    std::fs::write(path, kept.join("\n"))?;
    Ok(())
}
