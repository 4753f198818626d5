//! The program as a process: started in a folder of its own, ended by its process id, killed when a test wants that.

use crate::client::Client;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The morning on which most tests begin: a Tuesday, before the office opens.
pub const MORNING: &str = "2026-12-01T07:30:00+01:00";
/// How long a start may take.
const START: Duration = Duration::from_secs(60);

/// A running program.
pub struct House {
    child: Child,
    data: PathBuf,
    offices: Option<PathBuf>,
    clock: Option<String>,
    /// Asks it.
    pub client: Client,
    /// Its folder goes when it goes.
    _folder: Option<tempfile::TempDir>,
}

/// The binary under test: named by `OKIENKO_BIN`, else beside this program.
pub fn binary() -> anyhow::Result<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "how the test driver names the binary")]
    if let Ok(path) = std::env::var("OKIENKO_BIN") {
        return Ok(path.into());
    }
    let own = std::env::current_exe()?;
    let folders = own.ancestors().skip(1).take(2);
    let found = folders.map(|folder| folder.join("okienko")).find(|path| path.is_file());
    found.context("no okienko binary: build it first, or name it in OKIENKO_BIN")
}

impl House {
    /// The demo with its sample offices on that morning.
    pub async fn demo() -> anyhow::Result<House> {
        House::start(None, Some(MORNING)).await
    }

    /// A demo with these offices (a folder), at a standing clock or at real time.
    pub async fn start(offices: Option<&Path>, clock: Option<&str>) -> anyhow::Result<House> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        let mut house = House::open(&data, offices, clock).await?;
        house._folder = Some(folder);
        Ok(house)
    }

    /// The demo with its sample offices at a standing clock, and with more on its command line.
    pub async fn told(clock: &str, arguments: &[&str]) -> anyhow::Result<House> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        let mut house = House::run(&data, None, Some(clock), arguments).await?;
        house._folder = Some(folder);
        Ok(house)
    }

    /// The same on a data folder that stays.
    pub async fn open(data: &Path, offices: Option<&Path>, clock: Option<&str>) -> anyhow::Result<House> {
        House::run(data, offices, clock, &[]).await
    }

    async fn run(
        data: &Path,
        offices: Option<&Path>,
        clock: Option<&str>,
        arguments: &[&str],
    ) -> anyhow::Result<House> {
        let mut command = Command::new(binary()?);
        command.arg("demo").arg("--data").arg(data).args(["--listen", "127.0.0.1:0"]);
        command.args(arguments);
        if let Some(offices) = offices {
            command.arg("--offices").arg(offices);
        }
        if let Some(clock) = clock {
            command.args(["--clock", clock]);
        }
        let mut child = command.stdout(Stdio::piped()).stdin(Stdio::null()).kill_on_drop(true).spawn()?;
        let out = child.stdout.take().context("no output")?;
        let mut lines = BufReader::new(out).lines();
        let base = tokio::time::timeout(START, async {
            while let Some(line) = lines.next_line().await? {
                if let Some(at) = line.find("http://") {
                    return Ok(line[at..].split_whitespace().next().unwrap_or_default().to_owned());
                }
            }
            anyhow::bail!("it ended without an address")
        })
        .await
        .context("it did not start in time")??;
        // What it says later is read too, or its output would block it.
        let rest = async move { while let Ok(Some(_)) = lines.next_line().await {} };
        #[expect(clippy::disallowed_methods, reason = "this is the tests' World")]
        tokio::spawn(rest);
        Ok(House {
            child,
            data: data.to_owned(),
            offices: offices.map(Path::to_owned),
            clock: clock.map(str::to_owned),
            client: Client::new(&base),
            _folder: None,
        })
    }

    /// `kill -9`, and started again on the same data.
    pub async fn kill_and_restart(mut self) -> anyhow::Result<House> {
        self.child.kill().await?;
        let folder = self._folder.take();
        let mut again = House::open(&self.data, self.offices.as_deref(), self.clock.as_deref()).await?;
        again._folder = folder;
        Ok(again)
    }

    /// A token for a person or device.
    pub async fn token(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let out = Command::new(binary()?)
            .arg("token")
            .arg("--data")
            .arg(&self.data)
            .args(arguments)
            .output()
            .await?;
        anyhow::ensure!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        Ok(String::from_utf8(out.stdout)?.trim().to_owned())
    }

    /// The process id.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Moves the clock forward, e.g. by `PT15M`.
    pub async fn advance(&self, span: &str) -> anyhow::Result<()> {
        self.client.post("/dev/clock", serde_json::json!({"advance": span})).await?.expect(200)?;
        Ok(())
    }

    /// Moves the clock to an instant.
    pub async fn clock(&self, now: &str) -> anyhow::Result<()> {
        self.client.post("/dev/clock", serde_json::json!({"now": now})).await?.expect(200)?;
        Ok(())
    }

    /// What was sent to a phone or mail address, oldest first.
    pub async fn outbox(&self, to: &str) -> anyhow::Result<Vec<String>> {
        let path = format!("/dev/outbox?to={}", to.replace('+', "%2B"));
        let answer = self.client.get(&path).await?.expect(200)?;
        let messages = answer.json["messages"].as_array().cloned().unwrap_or_default();
        Ok(messages.iter().filter_map(|m| m["text"].as_str().map(str::to_owned)).collect())
    }
}
