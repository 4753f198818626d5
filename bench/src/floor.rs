//! `bench floor`: what was asked of the peers, asked of this program, in the same sizes and with the driver on the same
//! cores. Each question starts the program anew on empty data, as it did with them.
//!
//! `bench installation`: the same of the program in several shapes, the figures of all beside those of the first.

mod clerks;
mod footprint;
mod kiosks;
mod month;
mod rush;
mod screens;
mod spread;

use crate::crowd::Bound;
use crate::program::{Offices, Program, Shape};
use crate::report::Report;
use std::path::PathBuf;
use std::time::Duration;

/// How large everything is.
struct Sizes {
    /// Fresh starts of each question; the figure is the middle one.
    runs: u32,
    /// Clients that come at once.
    clients: u32,
    /// Slots of each start over which the rush for one place goes.
    slots: u32,
    /// Clients of the large rush.
    crowd: u32,
    /// Places that they want.
    crowd_places: u32,
    /// How long each closed loop goes on.
    loops: Bound,
    /// Closed-loop kiosks.
    kiosks: &'static [u32],
    /// Closed-loop clerks.
    clerks: &'static [u32],
    /// Who waits for them.
    waiting: u32,
    /// Screens.
    screens: u32,
    /// Calls, one a second.
    calls: u32,
    /// Before idle memory is read.
    idle: Duration,
    /// Cold starts.
    starts: u32,
}

/// As the peers had it.
const FULL: Sizes = Sizes {
    runs: 3,
    clients: 200,
    slots: 3,
    crowd: 2_000,
    crowd_places: 500,
    loops: Bound { time: Duration::from_secs(5), count: 20_000 },
    kiosks: &[1, 16, 64],
    clerks: &[2, 8],
    waiting: 6_000,
    screens: 200,
    calls: 15,
    idle: Duration::from_secs(5),
    starts: 5,
};

/// To see that it works.
const QUICK: Sizes = Sizes {
    runs: 1,
    clients: 20,
    slots: 2,
    crowd: 100,
    crowd_places: 25,
    loops: Bound { time: Duration::from_millis(300), count: 200 },
    kiosks: &[1, 4],
    clerks: &[2],
    waiting: 60,
    screens: 10,
    calls: 2,
    idle: Duration::from_millis(500),
    starts: 1,
};

/// The benchmark with the program that it drives.
struct Floor {
    program: PathBuf,
    shape: Shape,
    sizes: Sizes,
    only: String,
    report: Report,
}

/// Runs all questions, or those whose names begin with `only`.
pub fn run(program: PathBuf, quick: bool, only: Option<String>) -> anyhow::Result<()> {
    ask(program, Shape::Demo, quick, only)?.end()
}

/// The same of one process, of one process for each role, and of two for each.
pub fn compare(program: PathBuf, starter: PathBuf, quick: bool, only: Option<String>) -> anyhow::Result<()> {
    let of = |replicas| Shape::Installation { starter: starter.clone(), replicas };
    let mut reports = Vec::new();
    for shape in [Shape::Demo, of(1), of(2)] {
        println!("\n== {}", shape.name());
        reports.push((shape.name(), ask(program.clone(), shape, quick, only.clone())?));
    }
    crate::report::side_by_side(&reports);
    reports.into_iter().try_for_each(|(_, report)| report.end())
}

fn ask(program: PathBuf, shape: Shape, quick: bool, only: Option<String>) -> anyhow::Result<Report> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = Report::new()?;
    let sizes = if quick { QUICK } else { FULL };
    let mut floor = Floor { program, shape, sizes, only: only.unwrap_or_default(), report };
    runtime.block_on(floor.questions())?;
    Ok(floor.report)
}

impl Floor {
    async fn questions(&mut self) -> anyhow::Result<()> {
        if self.asks("rush") {
            self.one_place().await?;
            self.many_places().await?;
        }
        if self.asks("spread") {
            self.spread().await?;
        }
        if self.asks("month") {
            self.month().await?;
        }
        if self.asks("kiosks") {
            self.kiosks().await?;
        }
        if self.asks("clerks") {
            self.clerks().await?;
        }
        if self.asks("screens") {
            self.screens().await?;
        }
        if self.asks("footprint") {
            self.footprint().await?;
        }
        Ok(())
    }

    fn asks(&self, question: &str) -> bool {
        question.starts_with(&self.only)
    }

    /// The program on empty data with the office of the benchmark.
    async fn start(&self) -> anyhow::Result<Program> {
        self.start_with(Offices::Bench { crowd_places: self.sizes.crowd_places }).await
    }

    async fn start_with(&self, offices: Offices) -> anyhow::Result<Program> {
        Program::start(&self.program, &self.shape, offices).await
    }
}
