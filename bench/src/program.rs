//! The program as a second process, or as an installation of several: started in a folder of its own, stopped by its
//! process id. Knows no benchmark.

use crate::office;
use crate::wire::{Line, Question};
use anyhow::Context;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// The longest that a start may take.
const START: Duration = Duration::from_secs(120);
/// Clock ticks per second in which Linux reports processor time.
const TICKS: f64 = 100.0;

/// The offices it serves.
#[derive(Clone, Copy)]
pub enum Offices {
    /// The program's own samples, at real time.
    Samples,
    /// The office of [`office::write`], with the clock standing still; the crowd's hour has `crowd_places` places.
    Bench {
        /// 1 to 10,000.
        crowd_places: u32,
    },
}

/// The start of the last line that an installation prints about itself.
const ALL_SAID: &str = "Ctrl-C";
/// The longest that a hint (free places) may be out of date on another replica.
const HINTS: Duration = Duration::from_millis(500);

/// How many processes it runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// All roles in one process, on SQLite.
    Demo,
    /// The plain server instead of the program.
    Plain,
    /// This many processes of each role, on private servers and behind an ingress.
    Installation {
        /// The program that starts it.
        starter: PathBuf,
        /// 1 or more.
        replicas: u32,
    },
}

impl Shape {
    /// The name in a table.
    pub fn name(&self) -> String {
        match self {
            Shape::Demo => "one process".to_owned(),
            Shape::Plain => "plain server".to_owned(),
            Shape::Installation { replicas: 1, .. } => "four processes".to_owned(),
            Shape::Installation { replicas, .. } => format!("{replicas} of each role"),
        }
    }
}

/// A running program.
pub struct Program {
    path: PathBuf,
    shape: Shape,
    child: Child,
    /// The processes that do the work, without servers, ingress and provider.
    processes: Vec<u32>,
    folder: TempDir,
    /// The address it listens on, `127.0.0.1:port`.
    pub address: String,
    /// When it was started.
    pub started: Instant,
    /// Time from `started` to its first 200 on `/readyz`.
    pub ready_after: Duration,
    _output: JoinSet<()>,
}

impl Program {
    /// Starts the program at `path` on empty data and waits until it is ready.
    pub async fn start(path: &Path, shape: &Shape, offices: Offices) -> anyhow::Result<Program> {
        let folder = tempfile::tempdir()?;
        let mut command = command(path, shape);
        command.arg("--data").arg(data(&folder));
        if *shape != Shape::Plain {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        match offices {
            Offices::Bench { crowd_places } if *shape == Shape::Plain => {
                command.arg("--crowd-places").arg(crowd_places.to_string());
            }
            Offices::Bench { crowd_places } => {
                let files = folder.path().join("offices");
                office::write(&files, crowd_places)?;
                command.arg("--offices").arg(files).args(["--clock", office::NOW]);
            }
            Offices::Samples if *shape != Shape::Demo => drop(command.args(["--clock", "real"])),
            Offices::Samples => {}
        }
        command.stdout(Stdio::piped()).stdin(Stdio::null()).kill_on_drop(true);
        let started = Instant::now();
        let mut child = command.spawn().with_context(|| format!("{}", path.display()))?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let address = tokio::time::timeout(START, address(&mut lines));
        let address = address.await.context("it did not start in time")??;
        let processes = match shape {
            Shape::Demo | Shape::Plain => child.id().into_iter().collect(),
            Shape::Installation { .. } => processes(&mut lines).await?,
        };
        let ready = async {
            let mut line = Line::open(&address).await?;
            while line.ask(Question::get("/readyz")).await?.status != 200 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            anyhow::Ok(started.elapsed())
        };
        let ready_after = tokio::time::timeout(START, ready).await.context("it was not ready in time")??;
        // Later output is read too, or a full pipe would block the program.
        let mut output = JoinSet::new();
        output.spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let (path, shape) = (path.to_owned(), shape.clone());
        Ok(Program { path, shape, child, processes, folder, address, started, ready_after, _output: output })
    }

    /// Stops it and removes its folder.
    pub async fn end(mut self) -> anyhow::Result<()> {
        if matches!(self.shape, Shape::Demo | Shape::Plain) {
            return Ok(self.child.kill().await?);
        }
        // The starter must stop its servers itself.
        let id = self.child.id().context("it has ended")?;
        kill(Pid::from_raw(id.try_into()?), Signal::SIGTERM)?;
        let ended =
            tokio::time::timeout(START, self.child.wait()).await.context("it did not end in time")??;
        anyhow::ensure!(ended.success(), "it ended with {ended}");
        Ok(())
    }

    /// Waits until hints are up to date in every process.
    pub async fn hints_are_current(&self) {
        if self.processes.len() > 1 {
            tokio::time::sleep(HINTS).await;
        }
    }

    /// A token for a person or device at the bench office's location.
    pub async fn token(&self, role: &str, counter: Option<u32>) -> anyhow::Result<String> {
        if self.shape == Shape::Plain {
            // The plain server accepts any token; it must only tell the clerks' counters apart.
            return Ok(format!("{role}-{}", counter.unwrap_or_default()));
        }
        let mut command = Command::new(&self.path);
        command.arg("token").arg("--data").arg(data(&self.folder)).args(["--role", role]);
        command.args(["--office", office::OFFICE, "--location", office::LOCATION]);
        if let Some(counter) = counter {
            command.arg("--counter").arg(counter.to_string());
        }
        let out = command.output().await?;
        anyhow::ensure!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        Ok(String::from_utf8(out.stdout)?.trim().to_owned())
    }

    /// Memory of all its processes in MB, as (PSS, RSS).
    pub fn memory_mb(&self) -> anyhow::Result<(f64, f64)> {
        let mut sum = (0.0, 0.0);
        for id in &self.processes {
            let text = proc(*id, "smaps_rollup")?;
            let kb = |name: &str| {
                let line = text.lines().find_map(|line| line.strip_prefix(name));
                line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok())
                    .context("no such figure")
            };
            sum = (sum.0 + kb("Pss:")? / 1024.0, sum.1 + kb("Rss:")? / 1024.0);
        }
        Ok(sum)
    }

    /// Processor time in seconds that its processes have used since their start.
    pub fn cpu_seconds(&self) -> anyhow::Result<f64> {
        let mut sum = 0.0;
        for id in &self.processes {
            let text = proc(*id, "stat")?;
            // The process name in parentheses may contain spaces.
            let (_, rest) = text.rsplit_once(')').context("no stat")?;
            let fields = rest.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
            sum += fields.sum::<Result<f64, _>>()? / TICKS;
        }
        Ok(sum)
    }
}

fn proc(id: u32, file: &str) -> anyhow::Result<String> {
    Ok(std::fs::read_to_string(format!("/proc/{id}/{file}"))?)
}

fn command(path: &Path, shape: &Shape) -> Command {
    match shape {
        Shape::Demo => {
            let mut command = Command::new(path);
            command.arg("demo");
            command
        }
        Shape::Plain => {
            let mut command = Command::new(path);
            command.args(["bench", "plain-server"]);
            command
        }
        Shape::Installation { starter, replicas } => {
            let mut command = Command::new(starter);
            command.arg("--replicas").arg(replicas.to_string()).env("OKIENKO_BIN", path);
            command.stderr(Stdio::null());
            command
        }
    }
}

type Output = Lines<BufReader<ChildStdout>>;

async fn address(lines: &mut Output) -> anyhow::Result<String> {
    while let Some(line) = lines.next_line().await? {
        if let Some((_, rest)) = line.split_once("http://") {
            return Ok(rest.split_whitespace().next().unwrap_or_default().to_owned());
        }
    }
    anyhow::bail!("it ended without an address")
}

/// The process ids that an installation prints.
async fn processes(lines: &mut Output) -> anyhow::Result<Vec<u32>> {
    let mut ids = Vec::new();
    while let Some(line) = lines.next_line().await? {
        if line.starts_with(ALL_SAID) {
            break;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let named = words.windows(2).find(|pair| pair[0] == "pid");
        ids.extend(named.and_then(|pair| pair[1].parse::<u32>().ok()));
    }
    anyhow::ensure!(!ids.is_empty(), "the installation named no process");
    Ok(ids)
}

fn data(folder: &TempDir) -> PathBuf {
    folder.path().join("data")
}
