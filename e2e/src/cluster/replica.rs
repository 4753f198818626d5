//! One process of one role: its ports, its environment, its output, and the operations on it. Does not know what the
//! process does.

use super::table::Role;
use crate::client::Client;
use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use okienko_drill::{bound_to_us, free_port};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::Instant;

/// The longest that a process may take to become ready, and to stop when asked to.
const PATIENCE: Duration = Duration::from_secs(60);
/// Interval between two looks.
const LOOK: Duration = Duration::from_millis(10);

/// A replica. Dropping it kills its process.
pub struct Replica {
    /// Its role.
    pub role: Role,
    /// Its HTTP port, the same after each start.
    pub http: u16,
    /// Its gRPC port, the same after each start.
    pub grpc: u16,
    log: PathBuf,
    child: Option<Child>,
}

/// The options for starting a process.
#[derive(Clone, Default)]
pub struct StartOptions {
    /// The program.
    pub program: PathBuf,
    /// Settings, as environment variables.
    pub settings: Vec<(String, String)>,
    /// Additional command-line arguments.
    pub arguments: Vec<String>,
}

impl Replica {
    /// A replica with ports of its own; nothing runs yet. Its output goes to a file in `folder`.
    pub fn prepare(role: Role, number: usize, folder: &Path) -> Result<Replica> {
        let log = folder.join(format!("{role}-{number}.log"));
        Ok(Replica { role, http: free_port()?, grpc: free_port()?, log, child: None })
    }

    /// Its base URL for HTTP.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.http)
    }

    /// Its base URL for gRPC.
    pub fn grpc(&self) -> String {
        format!("http://127.0.0.1:{}", self.grpc)
    }

    /// Starts its process; does not wait until it is ready.
    pub fn start(&mut self, told: &StartOptions) -> Result<()> {
        let output = File::options().create(true).append(true).open(&self.log)?;
        let mut command = Command::from(bound_to_us("KILL"));
        command.arg(&told.program).args(["serve", "--roles", self.role.name()]);
        command.args(["--listen", &format!("127.0.0.1:{}", self.http)]).args(&told.arguments);
        command.envs(told.settings.iter().map(|(name, value)| (name, value)));
        command.env("OKIENKO__SERVE__GRPC_LISTEN", format!("127.0.0.1:{}", self.grpc));
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output).kill_on_drop(true);
        self.child = Some(command.spawn().context("cannot start a replica")?);
        Ok(())
    }

    /// Waits until it says that it is ready.
    pub async fn ready(&mut self) -> Result<()> {
        let (client, start) = (Client::new(&self.base()), Instant::now());
        while !client.get("/readyz").await.is_ok_and(|answer| answer.status == 200) {
            let ended = self.child.as_mut().is_none_or(|child| !matches!(child.try_wait(), Ok(None)));
            if ended || start.elapsed() > PATIENCE {
                let why = if ended { "has ended" } else { "is not ready in time" };
                bail!("{} at {} {why}; it said: {}", self.role, self.base(), self.said());
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// All of its output.
    pub fn written(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// The last 8,000 bytes of its output.
    pub fn said(&self) -> String {
        let text = std::fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&text[text.len().saturating_sub(8_000)..]).into_owned()
    }

    /// Its process id, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }

    /// Sends it a signal; nothing when it does not run.
    pub fn signal(&self, signal: Signal) {
        if let Some(pid) = self.pid().and_then(|pid| i32::try_from(pid).ok()) {
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }

    /// `kill -9`, and waits for its end.
    pub async fn kill(&mut self) {
        self.end(Signal::SIGKILL).await;
    }

    /// Asks it to stop and waits; kills it if it does not stop in time.
    pub async fn stop(&mut self) {
        self.signal(Signal::SIGCONT);
        if tokio::time::timeout(PATIENCE, self.end(Signal::SIGTERM)).await.is_err() {
            self.end(Signal::SIGKILL).await;
        }
    }

    async fn end(&mut self, signal: Signal) {
        self.signal(signal);
        if let Some(child) = &mut self.child {
            let _ = child.wait().await;
        }
        self.child = None;
    }
}
