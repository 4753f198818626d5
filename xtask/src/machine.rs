//! Everything that xtask reads from the machine: environment, time, cores, memory, the commit. The only file here that
//! reads them. Knows no stage.
#![allow(
    clippy::disallowed_methods,
    reason = "xtask runs outside every World: it times stages and dates proofs by the real clock and environment"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use crate::shell::said;

/// An environment variable; `None` when it is unset, empty or not Unicode.
pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The root folder of the workspace.
pub fn root() -> PathBuf {
    let own = env("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&own).parent().map(Path::to_path_buf).unwrap_or_else(|| PathBuf::from("."))
}

/// Measures from its creation.
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Stopwatch(Instant::now())
    }
    /// Time since the start.
    pub fn read(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The processor time of all child processes that have been waited for, and of the children that they waited for.
pub fn cpu_of_children() -> Result<Duration> {
    let told = std::fs::read_to_string("/proc/self/stat").context("the kernel tells no times")?;
    // The fields after the program's name, which may contain blanks:
    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    let fields = told.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_ascii_whitespace().skip(13).take(2).map(str::parse::<u64>);
    let ticks = ticks.sum::<Result<u64, _>>().context("the kernel tells times in another form")?;
    let a_second = said("getconf", &["CLK_TCK"]).and_then(|text| text.parse().ok()).unwrap_or(100.0);
    Ok(Duration::from_secs_f64(ticks as f64 / a_second))
}

/// A number that differs from run to run.
pub fn fresh_seed() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// The date and time in UTC, to the second.
pub fn date() -> String {
    said("date", &["-u", "+%Y-%m-%d %H:%M:%S UTC"]).unwrap_or_else(|| "unknown".to_owned())
}

/// Cores, processor, memory and kernel in one line.
pub fn described() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split(' ').next()?.parse::<u64>().ok())
        .map_or_else(|| "unknown".to_owned(), |kib| format!("{:.1} GiB", kib as f64 / 1_048_576.0));
    let kernel = said("uname", &["-srm"]).unwrap_or_else(|| "unknown system".to_owned());
    format!("{cores} cores ({processor}), {memory} of memory, {kernel}")
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The checked-out commit, and whether files differ from it.
pub fn commit() -> String {
    let Some(id) = said("git", &["rev-parse", "--short=12", "HEAD"]) else { return "unknown".to_owned() };
    match said("git", &["status", "--porcelain", "--untracked-files=no"]) {
        Some(changes) if changes.is_empty() => id,
        _ => format!("{id} with local changes"),
    }
}

/// Whether a program of this name can be started.
pub fn has(program: &str) -> bool {
    if program.contains('/') {
        return Path::new(program).is_file();
    }
    let path = env("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Names of variables that `cargo run` sets for xtask itself. Passed on, they would make build scripts that watch them
/// (ring's does) run again at every switch between xtask and plain cargo.
pub fn leaked_by_cargo() -> Vec<String> {
    let own = [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
    ];
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.filter(|name| own.contains(&name.as_str()) || name.starts_with("CARGO_PKG_")).collect()
}
