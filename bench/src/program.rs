//! The program as a second process: started on a folder of its own, ended by its process id. Knows no benchmark.

use crate::office;
use crate::wire::{Line, Question};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How long a start may take.
const START: Duration = Duration::from_secs(60);
/// Ticks of processor time a second, as Linux tells them to programs.
const TICKS: f64 = 100.0;

/// Which offices it serves.
#[derive(Clone, Copy)]
pub enum Offices {
    /// The program's own samples, at real time.
    Samples,
    /// The one of [`office::write`], at a standing clock; the crowd's hour has so many places.
    Bench {
        /// 1 to 10,000.
        crowd_places: u32,
    },
}

/// A running program.
pub struct Program {
    path: PathBuf,
    child: Child,
    folder: TempDir,
    /// Where it listens, `127.0.0.1:port`.
    pub address: String,
    /// When it was started.
    pub started: Instant,
    /// From there to its first 200 on `/readyz`.
    pub ready_after: Duration,
    _output: JoinSet<()>,
}

impl Program {
    /// Starts `okienko demo` on empty data, and waits until it is ready.
    pub async fn start(path: &Path, offices: Offices) -> anyhow::Result<Program> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(path);
        command.arg("demo").arg("--data").arg(data(&folder)).args(["--listen", "127.0.0.1:0"]);
        if let Offices::Bench { crowd_places } = offices {
            let files = folder.path().join("offices");
            office::write(&files, crowd_places)?;
            command.arg("--offices").arg(files).args(["--clock", office::NOW]);
        }
        command.stdout(Stdio::piped()).stdin(Stdio::null()).kill_on_drop(true);
        let started = Instant::now();
        let mut child = command.spawn().with_context(|| format!("{}", path.display()))?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let address = async {
            while let Some(line) = lines.next_line().await? {
                if let Some((_, rest)) = line.split_once("http://") {
                    return Ok(rest.split_whitespace().next().unwrap_or_default().to_owned());
                }
            }
            anyhow::bail!("it ended without an address")
        };
        let address = tokio::time::timeout(START, address).await.context("it did not start in time")??;
        let ready = async {
            let mut line = Line::open(&address).await?;
            while line.ask(Question::get("/readyz")).await?.status != 200 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            anyhow::Ok(started.elapsed())
        };
        let ready_after = tokio::time::timeout(START, ready).await.context("it was not ready in time")??;
        // What it says later is read too, or its output would block it.
        let mut output = JoinSet::new();
        output.spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let path = path.to_owned();
        Ok(Program { path, child, folder, address, started, ready_after, _output: output })
    }

    /// Ends it and removes its folder.
    pub async fn end(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    /// A token for a person or device at the bench office's location.
    pub async fn token(&self, role: &str, counter: Option<u32>) -> anyhow::Result<String> {
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

    /// Memory in MB as (PSS, RSS).
    pub fn memory_mb(&self) -> anyhow::Result<(f64, f64)> {
        let text = self.proc("smaps_rollup")?;
        let kb = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok())
                .context("no such figure")
        };
        Ok((kb("Pss:")? / 1024.0, kb("Rss:")? / 1024.0))
    }

    /// Processor time used since its start, in seconds.
    pub fn cpu_seconds(&self) -> anyhow::Result<f64> {
        let text = self.proc("stat")?;
        // The name in parentheses may hold spaces.
        let (_, rest) = text.rsplit_once(')').context("no stat")?;
        let fields = rest.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        Ok(fields.sum::<Result<f64, _>>()? / TICKS)
    }

    fn proc(&self, file: &str) -> anyhow::Result<String> {
        let id = self.child.id().context("it has ended")?;
        Ok(std::fs::read_to_string(format!("/proc/{id}/{file}"))?)
    }
}

fn data(folder: &TempDir) -> PathBuf {
    folder.path().join("data")
}
