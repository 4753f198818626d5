//! A real Prometheus with the project's rules over a real installation, both in accelerated time: an hour of a normal
//! day, in which nothing may fire, and then the cause of each alert, which must fire and go quiet again where the cause
//! goes away. Knows the rules' names and no expression.

mod causes;
mod ordinary;
mod watch;

pub use watch::Watch;

use crate::House;
use crate::cluster::Plan;
use crate::house::MORNING;
use crate::offices;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::time::Duration;

/// The rules of an installation.
const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/monitoring/alerts.yml");

/// Alerts that a busy machine may also cause when a minute lasts half a second.
const OF_THE_MACHINE: [&str; 3] = ["OkienkoProcessAway", "OkienkoCommitsSlow", "OkienkoAnswersSlow"];

/// The size of a run.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// How much faster time passes for rules and people.
    pub faster: u32,
    /// Minutes of a normal day.
    pub quiet_minutes: u32,
    /// Whether a mailbox is filled too: 17,000 requests at once.
    pub mailbox: bool,
}

impl Size {
    /// The full size.
    pub const FULL: Size = Size { faster: 60, quiet_minutes: 60, mailbox: true };
    /// The size for everyday runs.
    pub const EVERYDAY: Size = Size { faster: 120, quiet_minutes: 30, mailbox: false };
}

/// The result of a run.
#[derive(Debug)]
pub struct Outcome {
    /// What people did in the normal hour.
    pub ordinary: ordinary::Done,
    /// Each alert with the time from its cause until it fired, in minutes of the rules.
    pub fired: Vec<(String, f64)>,
}

/// The names of all alerts.
fn names() -> Result<Vec<String>> {
    let rules = std::fs::read_to_string(RULES)?;
    let names = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: "));
    Ok(names.map(str::to_owned).collect())
}

/// Runs everything; an error names an alert that fired when it must not, or did not fire when it must.
pub async fn run(size: Size) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    offices::write(folder.path(), 40, 15)?;
    let mut plan = Plan { offices: Some(folder.path().to_owned()), ..Plan::new(1, MORNING) };
    // Each process writes its access log to a folder of its own, as in an installation.
    let room = causes::Room::prepare()?;
    plan.settings.push(("OKIENKO__ACCESS__DIR".into(), room.folder().display().to_string()));
    let mut house = House::of(plan).await?;
    let ordinary = {
        let watch = Watch::start(&mut house, size.faster, None).await?;
        let done = ordinary::day(&house, &watch, size).await?;
        let fired = watch.ever_fired().await?;
        let real = |name: &String| size.faster <= Size::FULL.faster || !OF_THE_MACHINE.contains(&&**name);
        let fired: Vec<String> = fired.into_iter().filter(real).collect();
        ensure!(fired.is_empty(), "in {} normal minutes there fired {fired:?}", size.quiet_minutes);
        done
    };
    let fired = causes::all(house, &room, size).await?;
    for name in names()? {
        let rare =
            name == "OkienkoMailboxesFull" && !size.mailbox || name == "OkienkoDiskFull" && !room.is_small();
        ensure!(rare || fired.iter().any(|(fired, _)| *fired == name), "nothing has caused {name}");
    }
    Ok(Outcome { ordinary, fired })
}

/// A real duration in minutes of the rules.
fn minutes(real: Duration, faster: u32) -> f64 {
    real.as_secs_f64() * f64::from(faster) / 60.0
}

fn rules() -> Result<&'static Path> {
    let path = Path::new(RULES);
    path.is_file().then_some(path).context("there are no rules")
}
