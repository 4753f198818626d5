//! The demo as a process: started in a folder of its own, reached at the address that it prints, ended by its process
//! id. Knows no test.

use crate::house::{HouseOptions, binary};
use anyhow::Context;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The longest that a start may take.
const START: Duration = Duration::from_secs(60);

/// A running demo. Dropping it kills its process and removes its folder.
pub struct Demo {
    child: Child,
    /// The folder with all its data.
    pub data: PathBuf,
    /// The address it answers at.
    pub base: String,
    wanted: HouseOptions,
    folder: tempfile::TempDir,
}

impl Demo {
    /// Starts a demo on an empty folder.
    pub async fn start(wanted: HouseOptions) -> anyhow::Result<Demo> {
        Demo::open(tempfile::tempdir()?, wanted).await
    }

    /// `kill -9`, then a restart on the same data.
    pub async fn kill_and_restart(mut self) -> anyhow::Result<Demo> {
        self.child.kill().await?;
        Demo::open(self.folder, self.wanted).await
    }

    /// Starts a demo on the data in `data` of that folder.
    pub async fn open(folder: tempfile::TempDir, wanted: HouseOptions) -> anyhow::Result<Demo> {
        let data = folder.path().join("data");
        let mut command = match wanted.descriptors {
            // `prlimit` replaces itself with the program, which keeps its process id.
            Some(count) => {
                let mut limited = Command::new("prlimit");
                limited.arg(format!("--nofile={count}")).arg(binary()?);
                limited
            }
            None => Command::new(binary()?),
        };
        command.arg("demo").arg("--data").arg(&data).args(["--listen", "127.0.0.1:0"]);
        if let Some(offices) = &wanted.offices {
            command.arg("--offices").arg(offices);
        }
        if let Some(clock) = &wanted.clock {
            command.args(["--clock", clock]);
        }
        if let Some(geo) = &wanted.geo {
            command.arg("--geo").arg(geo);
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
        // Later output is read too, or a full pipe would block the program.
        let rest = async move { while let Ok(Some(_)) = lines.next_line().await {} };
        #[expect(clippy::disallowed_methods, reason = "this is the tests' World")]
        tokio::spawn(rest);
        Ok(Demo { child, data, base, wanted, folder })
    }
}
