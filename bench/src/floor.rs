//! `bench floor`: the questions that were asked of the peers, asked of this program in the same sizes and with the
//! driver on the same cores, alternating with the plain server. Each question starts both anew on empty data, as it did
//! with the peers. Knows no storage.
//!
//! `bench installation`: the same questions to the program in several shapes, with all figures beside those of the
//! first shape.

mod clerks;
mod footprint;
mod kiosks;
mod month;
mod rush;
mod screens;
mod spread;

use crate::Size;
use crate::crowd::{Bound, LONG, at_once};
use crate::peers::Peer;
use crate::program::{Offices, Program, Shape};
use crate::report::{Beside, Goal, Report};
use crate::stats::{Figures, median};
use crate::wire::{Line, Question};
use std::path::PathBuf;
use std::time::Duration;

/// The sizes of all questions.
struct Sizes {
    /// Fresh starts per question; the figure is the median.
    runs: u32,
    /// Clients that come at once.
    clients: u32,
    /// Slots per start for which the rush for one place is repeated.
    slots: u32,
    /// Clients of the large rush.
    crowd: u32,
    /// Places that they compete for.
    crowd_places: u32,
    /// When each closed loop ends.
    loops: Bound,
    /// When each clerk's loop ends.
    calls_of_each: Bound,
    /// When the loop over the no-op route ends.
    nothing: Bound,
    /// Numbers of closed-loop kiosks, one case each.
    kiosks: &'static [u32],
    /// Numbers of closed-loop clerks, one case each.
    clerks: &'static [u32],
    /// People who wait for the clerks.
    waiting: u32,
    /// Screens.
    screens: u32,
    /// Calls, one a second.
    calls: u32,
    /// Wait before idle memory is read.
    idle: Duration,
    /// Cold starts.
    starts: u32,
}

/// The goal wherever something is written: at least the plain server's rate in the same run.
const WRITTEN: Goal = Goal::OfPlain(1.0);

/// The sizes used for the peers.
const FULL: Sizes = Sizes {
    runs: 3,
    clients: 200,
    slots: 3,
    crowd: 2_000,
    crowd_places: 500,
    loops: Bound { time: Duration::from_secs(5), count: 20_000 },
    calls_of_each: Bound { time: Duration::from_secs(5), count: 20_000 },
    nothing: Bound { time: Duration::from_secs(1), count: 20_000 },
    kiosks: &[1, 16, 64],
    clerks: &[2, 8],
    waiting: 6_000,
    screens: 200,
    calls: 15,
    idle: Duration::from_secs(5),
    starts: 5,
};

/// Small sizes, to see that it works.
const QUICK: Sizes = Sizes {
    runs: 1,
    clients: 20,
    slots: 2,
    crowd: 100,
    crowd_places: 25,
    loops: Bound { time: Duration::from_millis(300), count: 200 },
    calls_of_each: Bound { time: Duration::from_millis(300), count: 200 },
    nothing: Bound { time: Duration::from_millis(100), count: 200 },
    kiosks: &[1, 4],
    clerks: &[2],
    waiting: 60,
    screens: 10,
    calls: 2,
    idle: Duration::from_millis(500),
    starts: 1,
};

/// Everybody comes once: each person waiting is called, however long that takes.
const ONCE: Sizes = Sizes {
    runs: 1,
    loops: Bound { time: LONG, count: 20 },
    kiosks: &[64],
    clerks: &[8],
    // One more than the number waiting: a clerk ends when nobody waits.
    calls_of_each: Bound { time: LONG, count: FULL.waiting as usize + 1 },
    nothing: Bound { time: LONG, count: 1 },
    starts: 1,
    ..FULL
};

impl Sizes {
    fn of(size: Size) -> Sizes {
        match size {
            Size::Full => FULL,
            Size::Quick => QUICK,
            Size::Once => ONCE,
        }
    }
}

/// The benchmark with the program that it drives.
struct Floor {
    program: PathBuf,
    /// The program that contains the plain server.
    plain: Option<PathBuf>,
    shape: Shape,
    size: Size,
    sizes: Sizes,
    only: String,
    report: Report,
}

/// Runs all questions, or those whose names start with `only`.
pub fn run(program: PathBuf, plain: Option<PathBuf>, size: Size, only: Option<String>) -> anyhow::Result<()> {
    ask(program, plain, Shape::Demo, size, only)?.end()
}

/// The same questions to one process, to one process per role, and to two per role. An untimed run asks only the last:
/// it can go wrong in every way that the others can.
pub fn compare(program: PathBuf, starter: PathBuf, size: Size, only: Option<String>) -> anyhow::Result<()> {
    let of = |replicas| Shape::Installation { starter: starter.clone(), replicas };
    let mut reports = Vec::new();
    let shapes = if size == Size::Once { vec![of(2)] } else { vec![Shape::Demo, of(1), of(2)] };
    for shape in shapes {
        println!("\n== {}", shape.name());
        reports.push((shape.name(), ask(program.clone(), None, shape, size, only.clone())?));
    }
    crate::report::side_by_side(&reports);
    reports.into_iter().try_for_each(|(_, report)| report.end())
}

fn ask(
    program: PathBuf,
    plain: Option<PathBuf>,
    shape: Shape,
    size: Size,
    only: Option<String>,
) -> anyhow::Result<Report> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = Report::new(size)?;
    let (sizes, only) = (Sizes::of(size), only.unwrap_or_default());
    let mut floor = Floor { program, plain, shape, size, sizes, only, report };
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

    /// Starts the program on empty data with the office of the benchmark.
    async fn start(&self) -> anyhow::Result<Program> {
        self.start_with(Offices::Bench { crowd_places: self.sizes.crowd_places }).await
    }

    async fn start_with(&self, offices: Offices) -> anyhow::Result<Program> {
        Program::start(&self.program, &self.shape, offices).await
    }

    /// The sides in the order in which a question is put to them, alternating: this program, and the plain server if
    /// there is one.
    fn turns(&self) -> Vec<Side> {
        let both = [Some(Side::Ours), self.plain.as_ref().map(|_| Side::Plain)];
        (0..self.sizes.runs).flat_map(|_| both).flatten().collect()
    }

    async fn start_side(&self, side: Side) -> anyhow::Result<Program> {
        match (side, &self.plain) {
            (Side::Plain, Some(plain)) => {
                let offices = Offices::Bench { crowd_places: self.sizes.crowd_places };
                Program::start(plain, &Shape::Plain, offices).await
            }
            _ => self.start().await,
        }
    }

    /// The rate of the no-op route with this many clients.
    async fn nothing(&self, program: &Program, clients: u32) -> anyhow::Result<f64> {
        let bound = self.sizes.nothing;
        let lines = Line::open_all(&program.address, clients).await?;
        let (answers, took) = at_once(lines, |mut line, start| async move {
            let mut answers = 0;
            while bound.goes_on(start, answers) {
                line.ask(Question::get("/healthz")).await?.expect(200)?;
                answers += 1;
            }
            Ok(answers)
        })
        .await?;
        Ok(answers.into_iter().sum::<usize>() as f64 / took.as_secs_f64())
    }
}

/// Who is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Ours,
    Plain,
}

/// The figures of both.
#[derive(Default)]
struct Sides {
    ours: Vec<Figures>,
    plain: Vec<Figures>,
    /// The no-op route of our program, measured each time just before the question.
    nothing: Vec<f64>,
}

impl Sides {
    fn push(&mut self, side: Side, figures: Figures) {
        match side {
            Side::Ours => self.ours.push(figures),
            Side::Plain => self.plain.push(figures),
        }
    }

    /// Prints both beside each other.
    fn tell(self, report: &mut Report, name: &str, peer: &Peer, goal: Option<Goal>) {
        let nothing = median(self.nothing, |rate| *rate);
        report.runs(name, self.ours, Beside { nothing, plain: self.plain, peer: Some(peer), goal });
    }
}
