//! A real Prometheus with the project's rules over a real installation, both in time that passes faster: an hour of a normal
//! day, in which nothing fires, and then the reason of each alert, which fires and is quiet again where the reason goes. Knows
//! the rules' names and no expression.

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

/// What a machine with other things to do brings about too, when a minute is half a second.
const OF_THE_MACHINE: [&str; 3] = ["OkienkoProcessAway", "OkienkoCommitsSlow", "OkienkoAnswersSlow"];

/// How large it is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// How much faster time passes for rules and people.
    pub faster: u32,
    /// Minutes of a normal day.
    pub quiet_minutes: u32,
    /// Whether a mailbox is filled too: 17,000 questions at once.
    pub mailbox: bool,
}

impl Size {
    /// The whole of it.
    pub const FULL: Size = Size { faster: 60, quiet_minutes: 60, mailbox: true };
    /// What is run every day.
    pub const EVERYDAY: Size = Size { faster: 120, quiet_minutes: 30, mailbox: false };
}

/// What was seen.
#[derive(Debug)]
pub struct Outcome {
    /// What people did in the normal hour.
    pub ordinary: ordinary::Done,
    /// Each alert, and how long after its reason began it fired, in minutes of the rules.
    pub fired: Vec<(String, f64)>,
}

/// The names of all alerts.
fn names() -> Result<Vec<String>> {
    let rules = std::fs::read_to_string(RULES)?;
    let names = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: "));
    Ok(names.map(str::to_owned).collect())
}

/// Runs it; an error says which alert fired when it must not, or did not when it must.
pub async fn run(size: Size) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    offices::write(folder.path(), 40, 15)?;
    let mut plan = Plan { offices: Some(folder.path().to_owned()), ..Plan::new(1, MORNING) };
    // Each process notes who looked at what in a folder of its own, as in an installation.
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

/// Spans of time as rules have them.
fn minutes(real: Duration, faster: u32) -> f64 {
    real.as_secs_f64() * f64::from(faster) / 60.0
}

fn rules() -> Result<&'static Path> {
    let path = Path::new(RULES);
    path.is_file().then_some(path).context("there are no rules")
}
