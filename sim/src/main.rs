//! `sim`: runs one seed after another on every core, and reports the first that breaks a rule, with the command that
//! repeats it. Knows no rule.

use clap::Parser;
use okienko_journal::sabotage::{Fence, set_fence, set_poison};
use okienko_sim::{Outcome, Plan, Shape, run_telling};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "sim", about = "Simulates days of whole offices, with faults, from seeds")]
struct Line {
    /// Stop after so many minutes
    #[arg(long)]
    minutes: Option<f64>,
    /// Stop after so many visits
    #[arg(long)]
    visits: Option<u64>,
    /// Stop after so many seeds
    #[arg(long)]
    runs: Option<u64>,
    /// The first seed; drawn from the clock when it is not given
    #[arg(long)]
    seed: Option<u64>,
    /// Visitors of each run; drawn when it is not given
    #[arg(long)]
    visitors: Option<u64>,
    /// one, roles, replicas or apart; drawn when it is not given
    #[arg(long, default_value = "drawn")]
    shape: String,
    /// Everybody wants the same hours at the same moment
    #[arg(long)]
    rush: bool,
    /// Without any fault
    #[arg(long)]
    fair: bool,
    /// Runs side by side
    #[arg(long)]
    threads: Option<usize>,
    /// Without a safeguard, to see that the loss is noticed: fence or poison
    #[arg(long)]
    without: Option<String>,
    /// Tells of each run
    #[arg(long)]
    verbose: bool,
    /// Tells all that was written or answered with this word in it
    #[arg(long)]
    story: Option<String>,
    /// What the services log, e.g. `warn`
    #[arg(long)]
    log: Option<String>,
}

#[derive(Default)]
struct Sum {
    runs: u64,
    visits: u64,
    events: u64,
    ends: BTreeMap<&'static str, u64>,
    broken: Vec<(u64, String)>,
}

#[expect(clippy::disallowed_methods, reason = "how long a person waits for a simulation is real time")]
fn now() -> Instant {
    Instant::now()
}

fn main() -> ExitCode {
    let line = Line::parse();
    let shape = match line.shape.as_str() {
        "drawn" => Shape::Drawn,
        "one" => Shape::One,
        "roles" => Shape::Roles,
        "replicas" => Shape::Replicas,
        "apart" => Shape::Apart,
        other => {
            eprintln!("there is no shape {other:?}: write one, roles, replicas or apart");
            return ExitCode::from(2);
        }
    };
    let seed = line.seed.unwrap_or_else(fresh_seed);
    println!("seed: {seed}");
    if let Some(filter) = &line.log {
        okienko_host::telemetry::lines(filter, false);
    }
    let start = now();
    let until = line.minutes.map(|minutes| start + Duration::from_secs_f64(minutes * 60.0));
    let threads = line.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let (next, stop, sum) = (AtomicU64::new(0), AtomicBool::new(false), Mutex::new(Sum::default()));
    // A panic is a finding like any other, reported with its seed.
    std::panic::set_hook(Box::new(|_| {}));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                sabotage(line.without.as_deref());
                while !stop.load(Ordering::Relaxed) && until.is_none_or(|until| now() < until) {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    if line.runs.is_some_and(|runs| nth >= runs) {
                        break;
                    }
                    let seed = seed.wrapping_add(nth);
                    let people_alone = line.without.as_deref() == Some("fence");
                    let (visits, faults, rush) = (line.visitors, !line.fair, line.rush);
                    let plan = Plan { seed, visits, shape, faults, rush, people_alone };
                    let (began, outcome) = (now(), run_telling(plan, line.story.clone()));
                    if line.verbose {
                        eprintln!("{seed}: {:?} {outcome:?}", began.elapsed());
                    }
                    let mut sum = sum.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    sum.add(seed, outcome);
                    let enough = line.visits.is_some_and(|visits| sum.visits >= visits);
                    if enough || !sum.broken.is_empty() {
                        stop.store(true, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let sum = sum.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    sum.print(&line, start.elapsed());
    if sum.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Switches a safeguard off on this thread.
fn sabotage(without: Option<&str>) {
    match without {
        Some("fence") => set_fence(Fence::Off),
        // With the full version check our engines would refuse the append after a failed one; a fence by key alone lets
        // such a hole through.
        Some("poison") => {
            set_poison(false);
            set_fence(Fence::KeyAlone);
        }
        _ => {}
    }
}

fn fresh_seed() -> u64 {
    // It only has to differ from run to run.
    let hasher = std::hash::BuildHasher::build_hasher(&std::hash::RandomState::new());
    std::hash::Hasher::finish(&hasher) % 1_000_000_000
}

impl Sum {
    fn add(&mut self, seed: u64, outcome: Outcome) {
        self.runs += 1;
        self.visits += outcome.visits;
        self.events += outcome.events;
        for (end, count) in outcome.ends {
            *self.ends.entry(end).or_default() += count;
        }
        self.broken.extend(outcome.broken.map(|broken| (seed, broken.0)));
    }

    fn print(&self, line: &Line, took: Duration) {
        let seconds = took.as_secs_f64().max(0.001);
        println!("runs: {}", self.runs);
        println!("simulated visits: {}", self.visits);
        println!("events written: {}", self.events);
        println!("visits a second: {:.0}", self.visits as f64 / seconds);
        for (end, count) in &self.ends {
            println!("  {end}: {count}");
        }
        println!("broken rules: {}", self.broken.len());
        for (seed, what) in &self.broken {
            println!("seed {seed}: {what}");
            println!("  repeat: cargo xtask sim --seed {seed} --runs 1{}", again(line));
        }
    }
}

/// The options needed to repeat the run.
fn again(line: &Line) -> String {
    let visitors = line.visitors.map(|visitors| format!(" --visitors {visitors}"));
    let shape = (line.shape != "drawn").then(|| format!(" --shape {}", line.shape));
    let rush = line.rush.then(|| " --rush".to_owned());
    let fair = line.fair.then(|| " --fair".to_owned());
    let without = line.without.as_ref().map(|what| format!(" --without {what}"));
    [visitors, shape, rush, fair, without].into_iter().flatten().collect()
}
